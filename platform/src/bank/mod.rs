//! The bank behind this institution, as the payment service sees it.
//!
//! The attempt number is the idempotency id: a bank debits once per number, however often it is asked. Silence is
//! [`Debited::Unknown`]; only the bank's own word ends it.

mod behaviour;
mod simulated;

use futures_util::future::BoxFuture;
use msgpay_wire::problem::Code;
use tokio::sync::mpsc;

pub use behaviour::{Behaviour, BehaviourError};
pub use simulated::{BankDebit, BankError, SimulatedBank};

/// A debit to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debit {
    /// The attempt, and the bank's idempotency id.
    pub attempt_no: String,
    /// The bank's name for the account.
    pub account: String,
    /// Fen, positive.
    pub amount_fen: i64,
}

/// The answer to a debit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Debited {
    /// Debited, now or by an earlier request with this number.
    Approved {
        /// The bank's reference.
        bank_ref: String,
    },
    /// Not debited, and never will be under this number.
    Declined(Decline),
    /// The request surely did not reach the bank: it may be sent again.
    NotSent,
    /// Nobody knows. Ask by [`Channel::query`].
    Unknown,
}

/// Why a bank declines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decline {
    /// Not enough money.
    Balance,
    /// No such account, or it is blocked.
    Account,
    /// For reasons of its own.
    Refused,
}

impl Decline {
    /// The reason code that a receipt carries.
    pub const fn code(self) -> Code {
        match self {
            Self::Balance => Code::Balance,
            Self::Account => Code::Account,
            Self::Refused => Code::Risk,
        }
    }
}

/// The bank's word about an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Queried {
    /// It was debited.
    Debited {
        /// The bank's reference.
        bank_ref: String,
    },
    /// It was declined.
    Declined(Decline),
    /// It is cancelled: a request with this number that comes later is refused.
    Cancelled,
    /// The bank has not seen it. It may still be on its way: only [`Channel::cancel`] makes that final.
    NotFound,
    /// No word.
    Unknown,
}

/// A word that the bank sends by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// The attempt.
    pub attempt_no: String,
    /// What became of it.
    pub word: Queried,
}

/// The way to a bank.
pub trait Channel: Send + Sync {
    /// Asks for a debit.
    fn debit(&self, debit: Debit) -> BoxFuture<'_, Debited>;
    /// Asks what became of an attempt.
    fn query(&self, attempt_no: &str) -> BoxFuture<'_, Queried>;
    /// Makes sure that an attempt never debits from now on, or learns what became of it. Never
    /// [`Queried::NotFound`].
    fn cancel(&self, attempt_no: &str) -> BoxFuture<'_, Queried>;
    /// The line on which the bank calls by itself; given once.
    fn callbacks(&self) -> Option<mpsc::Receiver<Callback>> {
        None
    }
}

#[cfg(test)]
mod tests;
