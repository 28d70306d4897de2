//! What can go wrong, grouped by whose fault it is and what to do.

/// A failure of this crate. It carries no text of a dependency and nothing about a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The device gave no memory for a secret. Free some memory and start the operation again.
    #[error("the device gave no memory for a secret; free memory and try again")]
    NoSecretMemory,
    /// The operating system gave no randomness. Nothing safe can be done until it does.
    #[error("the operating system gave no randomness; stop and try again later")]
    NoRandomness,
    /// A defect of this crate or of a library below it: an operation panicked inside the clean room. Nothing
    /// left the room. Report it; do not repeat with the same secret.
    #[error("an operation failed inside the clean room; nothing left it; report this as a defect")]
    RoomBroken,
    /// The secret is no longer there: it was wiped, or this process is a fork of the one that made it. Make a
    /// new one.
    #[error("the secret was wiped, by request or because the process forked; make a new one")]
    Wiped,
    /// The caller's fault: more bytes than the page was made for.
    #[error("more bytes than the secret page was made for; make a larger page")]
    PageFull,
    /// The caller's fault: a label that the chain keeps for itself or has used in this place, or a capacity of zero.
    #[error("the call is not allowed in this place; the caller has to be corrected")]
    Misused,
    /// The key's giver is at fault: it is not a key of this suite. Refuse it.
    #[error("not a key of this suite; refuse it")]
    BadKey,
    /// The signer is at fault, or the message was altered: the signature is not of this key over this
    /// message.
    #[error("the signature does not belong to this key and message; refuse the message")]
    BadSignature,
    /// The sealed bytes were altered, cut, put in another order, or made for another key or context. Refuse
    /// them.
    #[error("the sealed bytes do not open with this key, context and position; refuse them")]
    NotOpened,
    /// The sealer is at fault: what was sealed opens, but is no layout of this kind or names a slot that is
    /// not on it.
    #[error("the opened entry is not a valid layout with slots on it; refuse it")]
    BadEntry,
    /// The store's fault: not a password record of this version. Look for damage of the store.
    #[error("not a password record of a known version; check the store")]
    BadRecord,
    /// The other party asks for a suite that is not built in. Refuse; never fall back to another.
    #[error("unknown suite; refuse, never fall back")]
    UnknownSuite,
}
