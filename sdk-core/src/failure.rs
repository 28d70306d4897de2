//! What goes wrong for the programmer: a wrong configuration, a call out of turn, a host that fails its duty.
//!
//! What can happen to a payer is never an error but an [`Outcome`](crate::Outcome). No text of a dependency is kept.

use thiserror::Error;

/// The configuration cannot be used: the integrator mends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ConfigFault {
    /// The text is not JSON of the documented shape.
    #[error("the configuration is not JSON of the documented shape")]
    Shape,
    /// No institution is named.
    #[error("the configuration names no institution")]
    NoInstitution,
    /// Two institutions have one id.
    #[error("the configuration names one institution twice")]
    Twice,
    /// A base URL must be `https://host[:port]` without path, query or user.
    #[error("a base URL must be https://host[:port]")]
    BaseUrl,
    /// A root needs a key id and an uncompressed point in hex; every suite that is used needs one.
    #[error("a root must be an uncompressed point in hex with its key id, and each suite needs one")]
    Root,
    /// A suite is `international`, `guomi` or, in a build with it, `curve25519`, and at least one is used.
    #[error("a suite is one that this build knows (international, guomi), and there must be one")]
    Suite,
    /// At least one SPKI pin, each the base64 of a SHA-256.
    #[error("an SPKI pin must be the base64 of a SHA-256, and there must be one")]
    Pin,
    /// The certificate authority is not a readable PEM file.
    #[error("the certificate authority is not a readable PEM certificate")]
    Authority,
}

/// A capability of the host failed: its keystore, its vault. Nothing has been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum HostFault {
    /// The keystore has no key, or refused to use it (locked phone, key invalidated).
    #[error("the host's keystore gave no signature")]
    Keystore,
    /// A record could not be read or durably written.
    #[error("the host's vault could not be read or written")]
    Vault,
    /// The system gave no randomness, or no memory for secrets.
    #[error("the system gave no randomness or no secret memory")]
    System,
}

/// A call that does not fit: the integrator's own programme is at fault. The session is unharmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Misuse {
    /// `answered` without a request in flight, `accept` without a review, `resolve` with nothing open.
    #[error("the session does not expect this call now")]
    OutOfTurn,
    /// `step` while a sent request waits for `answered`.
    #[error("the session waits for the answer of the request it gave out")]
    AnswerExpected,
    /// A review, an entry or a biometric signature of another session.
    #[error("this review, entry or signature belongs to another session")]
    OtherSession,
    /// `by_password` where the institution's rules have no way without the biometric.
    #[error("the institution's rules have no way without the biometric")]
    NoOtherWay,
    /// No institution of that id is configured.
    #[error("no such institution is configured")]
    UnknownInstitution,
    /// The handset is not activated at this institution.
    #[error("the handset is not activated at this institution")]
    NotActivated,
    /// No open request of that order is on record.
    #[error("no open request of this order is on record")]
    NothingOpen,
    /// A host capability failed.
    #[error(transparent)]
    Host(#[from] HostFault),
}

/// The keypad refused. Whatever the kind: when [`EntryFault::wiped`] says so, the entry is gone and a new one opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EntryFault {
    /// The host did not acknowledge the duties that every host can keep.
    #[error("the host has not acknowledged its duties for the surface")]
    Unacknowledged,
    /// The institution's signed policy does not allow this kind of keypad, or not in this mode.
    #[error("the institution's policy does not allow this keypad")]
    NotAllowed,
    /// No such key on this keypad.
    #[error("this keypad has no such key")]
    NoSuchKey,
    /// The entry does not have the length that its kind needs; type on.
    #[error("the entry has not the length that is needed")]
    Length,
    /// More presses than an envelope holds; wiped.
    #[error("more presses than an entry holds: the entry was wiped")]
    TooManyPresses,
    /// Three minutes without a press; wiped.
    #[error("three minutes without a press: the entry was wiped")]
    Idle,
    /// What the host promises for its surface is not what it was at the opening; wiped.
    #[error("the surface changed: the entry was wiped")]
    SurfaceChanged,
    /// A screenshot, a recording or a mirror was noticed; wiped.
    #[error("the screen was captured: the entry was wiped")]
    Captured,
    /// This kind of entry cannot be shown again.
    #[error("this kind of entry cannot be shown again")]
    NoReview,
    /// The voice does not have all characters of this kind, or not in this language.
    #[error("there is no voice for this kind of keypad")]
    NoVoice,
    /// What a provider's keypad gave is no envelope for this entry; it was not taken.
    #[error("the provider's keypad gave no envelope for this entry")]
    NotAnEnvelope,
    /// The keypad was closed before; nothing is left.
    #[error("the keypad is closed")]
    Closed,
    /// The system or the sealing failed; wiped.
    #[error("the entry could not be sealed and was wiped")]
    System,
}

impl EntryFault {
    /// Whether the entry is gone: ask the session for its step again to open a new keypad.
    #[must_use]
    pub fn wiped(self) -> bool {
        matches!(
            self,
            Self::TooManyPresses
                | Self::Idle
                | Self::SurfaceChanged
                | Self::Captured
                | Self::Closed
                | Self::System
        )
    }
}
