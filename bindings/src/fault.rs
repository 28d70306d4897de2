//! What is thrown: for the programmer alone. What can happen to a payer is a step or an outcome.

use msgpay_sdk_core as core;

/// A call that did nothing. Its variants say whose fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum MsgPayError {
    /// The configuration cannot be used: mend the file.
    #[error("configuration: {fault:?}")]
    Config {
        /// What is wrong with it.
        fault: ConfigFault,
    },
    /// The call does not fit: mend the program. The session is unharmed.
    #[error("call: {fault:?}")]
    Call {
        /// Why it does not fit.
        fault: CallFault,
    },
    /// A capability of the host failed. Nothing was sent; asking again is safe.
    #[error("host: {fault:?}")]
    Host {
        /// Which one.
        fault: HostFault,
    },
    /// The keypad refused.
    #[error("keypad: {fault:?}")]
    Keypad {
        /// Why.
        fault: KeypadFault,
        /// Whether the entry is gone: ask the session for its step again to open a new keypad.
        wiped: bool,
    },
}

/// What is wrong with a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum ConfigFault {
    /// Not JSON of the documented shape.
    Shape,
    /// No institution is named.
    NoInstitution,
    /// Two institutions have one id.
    Twice,
    /// A base URL must be `https://host[:port]`.
    BaseUrl,
    /// A root must be a public point in hex with its key id; each suite needs one.
    Root,
    /// A suite that this build does not know, or none.
    Suite,
    /// A pin must be the base64 of a SHA-256; there must be one.
    Pin,
    /// The certificate authority is not a readable PEM certificate.
    Authority,
}

/// Why a call does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum CallFault {
    /// The session does not expect this call now.
    OutOfTurn,
    /// A request was given out; its answer must come first.
    AnswerExpected,
    /// A review, an entry or a confirmation of another session, or an entry that was used before.
    OtherSession,
    /// No such institution is configured.
    UnknownInstitution,
    /// The handset is not activated there.
    NotActivated,
    /// No open request of that order is on record.
    NothingOpen,
    /// The institution's rules have no other way for this payment.
    NoOtherWay,
    /// The object was closed before.
    Closed,
    /// Called from inside a capability of the host (keystore, vault, clock): return first.
    FromHost,
    /// The picture's memory is absent or has another size than the picture.
    PictureMemory,
    /// There is no such key, picture or sound.
    NoSuchKey,
    /// A signature is 64 bytes, `r ‖ s`.
    SignatureShape,
    /// An origin is `https://host[:port]` in small ASCII letters and nothing else.
    NotAnOrigin,
    /// An earlier call ended by a defect of the library. The session is over; ask about unresolved orders.
    Broken,
}

/// Which capability of the host failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum HostFault {
    /// The keystore: no such key, or it may not be used now.
    Keystore,
    /// The vault: a record could not be read or durably written.
    Vault,
    /// The system gave no randomness or no memory for secrets.
    System,
}

/// What a capability of the host throws. Any other thing that it throws counts as [`HostFailure::Failed`], unread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum HostFailure {
    /// It could not be done.
    #[error("the host failed")]
    Failed,
}

impl From<uniffi::UnexpectedUniFFICallbackError> for HostFailure {
    /// The error holds the host's whole stack trace; not a letter of it is kept.
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed
    }
}

/// Why a keypad refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum KeypadFault {
    /// The host did not acknowledge the duties that every host can keep.
    Unacknowledged,
    /// The institution's policy does not allow this keypad.
    NotAllowed,
    /// No such key.
    NoSuchKey,
    /// Not as many characters as are needed: type on.
    Length,
    /// More presses than an envelope holds.
    TooManyPresses,
    /// Three minutes without a press.
    Idle,
    /// The surface is not what it was at the opening.
    SurfaceChanged,
    /// A screenshot, a recording or a mirror was noticed.
    Captured,
    /// This kind cannot be shown again.
    NoReview,
    /// There is no voice for this kind.
    NoVoice,
    /// Another maker's keypad gave no envelope.
    NotAnEnvelope,
    /// Closed before.
    Closed,
    /// The system or the sealing failed.
    System,
}

pub(crate) fn call(fault: CallFault) -> MsgPayError {
    MsgPayError::Call { fault }
}

impl From<core::ConfigFault> for MsgPayError {
    fn from(fault: core::ConfigFault) -> Self {
        use core::ConfigFault as From;
        let fault = match fault {
            From::Shape => ConfigFault::Shape,
            From::NoInstitution => ConfigFault::NoInstitution,
            From::Twice => ConfigFault::Twice,
            From::BaseUrl => ConfigFault::BaseUrl,
            From::Root => ConfigFault::Root,
            From::Suite => ConfigFault::Suite,
            From::Pin => ConfigFault::Pin,
            From::Authority => ConfigFault::Authority,
        };
        Self::Config { fault }
    }
}

impl From<core::HostFault> for MsgPayError {
    fn from(fault: core::HostFault) -> Self {
        use core::HostFault as From;
        let fault = match fault {
            From::Keystore => HostFault::Keystore,
            From::Vault => HostFault::Vault,
            From::System => HostFault::System,
        };
        Self::Host { fault }
    }
}

impl From<core::Misuse> for MsgPayError {
    fn from(misuse: core::Misuse) -> Self {
        use core::Misuse as From;
        call(match misuse {
            From::OutOfTurn => CallFault::OutOfTurn,
            From::AnswerExpected => CallFault::AnswerExpected,
            From::OtherSession => CallFault::OtherSession,
            From::UnknownInstitution => CallFault::UnknownInstitution,
            From::NotActivated => CallFault::NotActivated,
            From::NothingOpen => CallFault::NothingOpen,
            From::NoOtherWay => CallFault::NoOtherWay,
            From::Host(fault) => return fault.into(),
        })
    }
}

impl From<core::EntryFault> for MsgPayError {
    fn from(fault: core::EntryFault) -> Self {
        Self::Keypad { fault: fault.into(), wiped: fault.wiped() }
    }
}

impl From<core::EntryFault> for KeypadFault {
    fn from(fault: core::EntryFault) -> Self {
        use core::EntryFault as From;
        match fault {
            From::Unacknowledged => Self::Unacknowledged,
            From::NotAllowed => Self::NotAllowed,
            From::NoSuchKey => Self::NoSuchKey,
            From::Length => Self::Length,
            From::TooManyPresses => Self::TooManyPresses,
            From::Idle => Self::Idle,
            From::SurfaceChanged => Self::SurfaceChanged,
            From::Captured => Self::Captured,
            From::NoReview => Self::NoReview,
            From::NoVoice => Self::NoVoice,
            From::NotAnEnvelope => Self::NotAnEnvelope,
            From::Closed => Self::Closed,
            From::System => Self::System,
        }
    }
}
