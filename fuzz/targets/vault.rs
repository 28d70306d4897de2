//! The records that the core keeps in the host's vault, which an application's files may alter.

/// What is read writes the same bytes.
pub fn run(data: &[u8]) {
    if let Some(again) = msgpay_sdk_core::rewritten(data) {
        assert_eq!(again, data);
    }
}
