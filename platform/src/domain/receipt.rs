//! What a receipt says. Whoever holds the receipt key turns it into signed bytes ([`Signer`]).

pub use msgpay_wire::receipt::Verdict;

/// The fields that a receipt binds, beside the institution's id, which its signer adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptFields {
    /// Suite of the launch.
    pub suite: u64,
    /// Who asked.
    pub device_id: String,
    /// payOrderNo or setupNo.
    pub subject_no: String,
    /// Digest of the summary that was shown.
    pub order_digest: [u8; 32],
    /// Digest of the one request this concludes.
    pub request_digest: [u8; 32],
    /// How it ended.
    pub verdict: Verdict,
    /// Empty, or a code of `msgpay_wire::problem`.
    pub reason: String,
    /// Unix ms; the receipt itself carries seconds.
    pub at_ms: i64,
    /// Which counted try at this order it was, from 1; 0 when none was counted.
    pub attempt: u64,
    /// Tries left, where a password was judged wrong or is locked.
    pub tries_left: Option<u32>,
}

/// A receipt and its signed bytes; once stored, these very bytes are given every time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// What it says.
    pub fields: ReceiptFields,
    /// COSE_Sign1.
    pub cose: Vec<u8>,
}

/// Signing failed: the receipt key is unusable. The platform's own fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the receipt key cannot sign: look at the key directory and the key's validity")]
pub struct SignError;

/// Holds the receipt key.
pub trait Signer: Send + Sync {
    /// Signs a receipt as COSE_Sign1 with the key statement in its header.
    ///
    /// # Errors
    /// [`SignError`].
    fn sign_receipt(&self, fields: &ReceiptFields) -> Result<Vec<u8>, SignError>;

    /// Whether a receipt of that suite can be signed at every moment of this span, unix ms.
    fn lasts(&self, suite: u64, from_ms: i64, until_ms: i64) -> bool;
}
