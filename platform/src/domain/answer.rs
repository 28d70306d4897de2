//! What a handset is told.

use msgpay_wire::problem::Code;

use super::{Receipt, SignError, Verdict};
use crate::store::StoreError;

/// The answer to a submission or a question about one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Concluded: the signed word. To a submission only a success or a void come this way.
    Receipt(Receipt),
    /// Taken, outcome not known yet: ask again after so many milliseconds.
    Working {
        /// Milliseconds.
        retry_after_ms: u64,
    },
    /// Refused.
    Refused(Refusal),
}

/// A refusal. With a receipt it concludes the request; without one it concludes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub code: Code,
    /// Tries left, where a password was judged.
    pub tries_left: Option<u32>,
    /// Whether a password try was counted for it.
    pub counted: bool,
    /// The signed FAIL receipt, where the request was taken and is concluded.
    pub receipt: Option<Receipt>,
    /// For a refusal that passes: when to send the same request again.
    pub retry_after_ms: Option<u64>,
}

impl Refusal {
    /// A refusal at the door: nothing was taken, nothing is concluded.
    pub(super) fn at_door(code: Code) -> Self {
        Self { code, tries_left: None, counted: false, receipt: None, retry_after_ms: None }
    }
}

impl Answer {
    /// The answer to a submission that a receipt concludes.
    pub(super) fn concluded(receipt: Receipt) -> Self {
        if receipt.fields.verdict != Verdict::Fail {
            return Self::Receipt(receipt);
        }
        Self::Refused(Refusal {
            code: Code::from_code(&receipt.fields.reason).unwrap_or(Code::Internal),
            tries_left: receipt.fields.tries_left,
            counted: receipt.fields.attempt > 0,
            receipt: Some(receipt),
            retry_after_ms: None,
        })
    }
}

/// The platform could not do its part. What it did is in the book: the handset has to ask by `resolve`.
#[derive(Debug, thiserror::Error)]
pub enum PayError {
    /// The book.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The receipt key.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// Secret memory, randomness, or a record that can't be read.
    #[error("a secret could not be handled: {0}")]
    Secret(#[from] msgpay_crypto::Error),
    /// The work ended without a result: a defect of this program.
    #[error("the work on a request ended without a result; report this as a defect")]
    Lost,
}
