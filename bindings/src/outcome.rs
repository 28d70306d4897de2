//! How sessions end.

use msgpay_sdk_core as core;

use crate::values::{Membership, signed};

/// The end of a payment.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Outcome {
    /// Paid, proven by the institution's signed receipt.
    Paid {
        /// The proof.
        receipt: Receipt,
    },
    /// Not paid, and this session can no longer pay.
    NotPaid {
        /// Why, and what to do now.
        reason: Reason,
    },
    /// The user turned back before anything that could pay was sent.
    Cancelled,
    /// A request left the handset and its result is not known. Nothing may be paid anew before it is resolved.
    Unresolved {
        /// The institution to ask.
        institution: String,
        /// The order to ask about.
        pay_order_no: String,
    },
}

impl From<core::Outcome> for Outcome {
    fn from(outcome: core::Outcome) -> Self {
        match outcome {
            core::Outcome::Paid(receipt) => Self::Paid { receipt: receipt.into() },
            core::Outcome::NotPaid(reason) => Self::NotPaid { reason: reason.into() },
            core::Outcome::Cancelled => Self::Cancelled,
            core::Outcome::Unresolved { institution, pay_order_no } => {
                Self::Unresolved { institution, pay_order_no }
            }
        }
    }
}

/// The end of setting a password.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum PasswordOutcome {
    /// Set, by the institution's signed word.
    Set {
        /// The proof.
        receipt: Receipt,
    },
    /// Not set.
    NotSet {
        /// Why, and what to do now.
        reason: Reason,
    },
    /// The user turned back before anything was sent.
    Cancelled,
    /// No answer came. Setting it again is safe: no money moves.
    Unresolved,
}

impl From<core::SetupOutcome> for PasswordOutcome {
    fn from(outcome: core::SetupOutcome) -> Self {
        match outcome {
            core::SetupOutcome::Set(receipt) => Self::Set { receipt: receipt.into() },
            core::SetupOutcome::NotSet(reason) => Self::NotSet { reason: reason.into() },
            core::SetupOutcome::Cancelled => Self::Cancelled,
            core::SetupOutcome::Unresolved => Self::Unresolved,
        }
    }
}

/// The end of enrolling a biometric key.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum EnrolmentOutcome {
    /// The institution's signed word that the key may pay.
    Enrolled {
        /// The proof.
        receipt: Receipt,
    },
    /// Not enrolled; an earlier key stays.
    NotEnrolled {
        /// Why, and what to do now.
        reason: Reason,
    },
    /// The user turned back before anything was sent.
    Cancelled,
    /// No answer came. Enrolling again is safe and puts it right: no money moves.
    Unresolved,
}

impl From<core::EnrolmentOutcome> for EnrolmentOutcome {
    fn from(outcome: core::EnrolmentOutcome) -> Self {
        match outcome {
            core::EnrolmentOutcome::Enrolled(receipt) => Self::Enrolled { receipt: receipt.into() },
            core::EnrolmentOutcome::NotEnrolled(reason) => Self::NotEnrolled { reason: reason.into() },
            core::EnrolmentOutcome::Cancelled => Self::Cancelled,
            core::EnrolmentOutcome::Unresolved => Self::Unresolved,
        }
    }
}

/// The end of an activation.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum ActivationOutcome {
    /// This handset belongs to this wallet.
    Activated {
        /// Who it is there.
        membership: Membership,
    },
    /// Not activated. After `TryAgain`, `again` sends the same key and code once more.
    NotActivated {
        /// Why, and what to do now.
        reason: Reason,
    },
}

impl From<core::ActivationOutcome> for ActivationOutcome {
    fn from(outcome: core::ActivationOutcome) -> Self {
        match outcome {
            core::ActivationOutcome::Activated(one) => Self::Activated { membership: one.into() },
            core::ActivationOutcome::NotActivated(reason) => Self::NotActivated { reason: reason.into() },
        }
    }
}

/// Why it came to nothing, and what to do now.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Reason {
    /// What the user or the application should do.
    pub todo: Todo,
    /// What happened, for choosing a sentence.
    pub why: Why,
    /// Tries that the institution says are left.
    pub tries_left: Option<i32>,
    /// The institution's signed word, when there is one.
    pub receipt: Option<Receipt>,
}

impl From<core::Reason> for Reason {
    fn from(reason: core::Reason) -> Self {
        let core::Reason { todo, why, tries_left, receipt } = reason;
        let tries_left = tries_left.map(|tries| i32::try_from(tries).unwrap_or(i32::MAX));
        Self { todo: todo.into(), why: why.into(), tries_left, receipt: receipt.map(Into::into) }
    }
}

/// The action that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Todo {
    /// Launch the same link again.
    TryAgain,
    /// This order cannot be paid this way: another link, another way, another handset.
    OtherWay,
    /// The institution has to help.
    AskInstitution,
    /// Nothing is left to do.
    Nothing,
}

impl From<core::Todo> for Todo {
    fn from(todo: core::Todo) -> Self {
        match todo {
            core::Todo::TryAgain => Self::TryAgain,
            core::Todo::OtherWay => Self::OtherWay,
            core::Todo::AskInstitution => Self::AskInstitution,
            core::Todo::Nothing => Self::Nothing,
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Why {
    /// The link was not signed by an institution that this application trusts, or was altered.
    LinkNotGenuine,
    /// The link's time is over.
    LinkExpired,
    /// The link is for another wallet.
    OtherWallet,
    /// This handset is not activated at the link's institution.
    NotActivated,
    /// The institution could not be reached; nothing that could pay was sent.
    NoConnection,
    /// The answer was not the institution's or not for this request.
    AnswerNotGenuine,
    /// Rules that newer ones have replaced.
    OlderRules,
    /// The institution's rules ask for what this handset or application cannot do.
    NotAllowed,
    /// Another suite of algorithms than is allowed (5G-1006).
    Suite,
    /// Too much time passed between review and entry.
    TookTooLong,
    /// The password was wrong (5G-3001).
    WrongPassword,
    /// Locked after wrong passwords (5G-3002).
    Locked,
    /// The order is already paid (5G-2002).
    AlreadyPaid,
    /// The order is closed or expired (5G-2003).
    OrderClosed,
    /// Another attempt at this order is in progress (5G-2004).
    InProgress,
    /// The request was voided before it arrived; it can never pay.
    Voided,
    /// The new password is too easy to guess (5G-3008).
    WeakPassword,
    /// The two new entries differ (5G-3009).
    PasswordsDiffer,
    /// No password is set yet, or one is set already (5G-3010).
    PasswordState,
    /// The activation code is wrong, used or over (5G-3011).
    ActivationCode,
    /// The phone has given the biometric key up, and the rules have no way without: enrol again.
    BiometricLost,
    /// The institution does not take the biometric signature (5G-3015): enrol again.
    Biometric,
    /// Any other refusal.
    Refused {
        /// The institution's code, `5G-nnnn`, or empty for one that is not known here.
        code: String,
    },
}

impl From<core::Why> for Why {
    fn from(why: core::Why) -> Self {
        use core::Why as From;
        match why {
            From::LinkNotGenuine => Self::LinkNotGenuine,
            From::LinkExpired => Self::LinkExpired,
            From::OtherWallet => Self::OtherWallet,
            From::NotActivated => Self::NotActivated,
            From::NoConnection => Self::NoConnection,
            From::AnswerNotGenuine => Self::AnswerNotGenuine,
            From::OlderRules => Self::OlderRules,
            From::NotAllowed => Self::NotAllowed,
            From::Suite => Self::Suite,
            From::TookTooLong => Self::TookTooLong,
            From::WrongPassword => Self::WrongPassword,
            From::Locked => Self::Locked,
            From::AlreadyPaid => Self::AlreadyPaid,
            From::OrderClosed => Self::OrderClosed,
            From::InProgress => Self::InProgress,
            From::Voided => Self::Voided,
            From::WeakPassword => Self::WeakPassword,
            From::PasswordsDiffer => Self::PasswordsDiffer,
            From::PasswordState => Self::PasswordState,
            From::ActivationCode => Self::ActivationCode,
            From::BiometricLost => Self::BiometricLost,
            From::Biometric => Self::Biometric,
            From::Refused(code) => Self::Refused { code },
            // The core may learn of more; it then has a code or a sentence of its own here.
            _ => Self::Refused { code: String::new() },
        }
    }
}

/// A verified receipt, in plain values and as the signed bytes for the record.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Receipt {
    /// Who signed.
    pub institution: String,
    /// The payment order, or the number of the setting.
    pub subject_no: String,
    /// When the institution concluded, unix seconds.
    pub time_s: i64,
    /// Which attempt this was.
    pub attempt: i64,
    /// The COSE_Sign1 bytes: evidence that verifies without this library.
    pub signed: Vec<u8>,
}

impl From<core::Receipt> for Receipt {
    fn from(receipt: core::Receipt) -> Self {
        let attempt = signed(receipt.attempt);
        let core::Receipt { institution, subject_no, time, signed, .. } = receipt;
        Self { institution, subject_no, time_s: time, attempt, signed }
    }
}
