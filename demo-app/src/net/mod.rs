//! The sockets of the demo's own parties: one accept loop, one client, a tee in both.

mod call;
mod serve;
mod tee;
#[cfg(test)]
mod tests;

pub use call::{Answer, Call, CallFailed, Caller, Stream};
pub use serve::{PeerCertificate, Served, serve};
pub use tee::Tee;

/// A fresh UUID (RFC 9562 §5.4).
///
/// # Errors
/// The operating system has no randomness.
pub fn uuid() -> Result<String, msgpay_crypto::Error> {
    let mut bytes: [u8; 16] = msgpay_crypto::random::make()?;
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = hex::encode(bytes);
    Ok(format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]))
}
