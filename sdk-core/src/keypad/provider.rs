//! A keypad of somebody else: a certified module that makes the same envelope.

use std::{fmt, future::Future, ops::RangeInclusive, pin::Pin};

use msgpay_wire::entry::{ENCAPSULATED_BYTES_MAX, Envelope};
use msgpay_wire::{
    SuiteId,
    entry::{EntryPurpose, Kind},
};

use super::{AccountToken, Binding, Entry, MODE_SPOKEN, MODE_VISUAL, SealedEntry, Shown};
use crate::{failure::EntryFault, surface::SurfaceReport};

/// A certified keypad: a trusted user interface, a vendor's module. It shows itself, takes the entry and gives the
/// envelope of `docs/protocol.md` §8, sealed to the institution's key; the SDK never sees what was typed.
///
/// The institution has to trust it: this crate checks the envelope's form, which is all that can be seen from outside.
pub trait KeypadProvider: Send + Sync {
    /// Has it typed and sealed. Ends with an error when the person leaves.
    fn enter<'a>(&'a self, binding: &'a EntryBinding) -> Entering<'a>;
}

/// A boxed future, so that a provider can be a trait object. [`EntryFault::Closed`] when the person left.
pub type Entering<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>, EntryFault>> + Send + 'a>>;

/// All that an entry is sealed to and for. Nothing of it is secret.
#[derive(Clone, PartialEq, Eq)]
pub struct EntryBinding {
    /// Suite of the seal.
    pub suite: SuiteId,
    /// What it is for.
    pub purpose: EntryPurpose,
    /// Which characters.
    pub kind: Kind,
    /// How many of them.
    pub lengths: RangeInclusive<usize>,
    /// Number of the seal key.
    pub seal_kid: u64,
    /// The seal key, 65 bytes in its suite's shape.
    pub seal_key: [u8; 65],
    /// The handset's nonce, which the envelope repeats.
    pub client_nonce: [u8; 16],
    /// 0 visual, 1 spoken.
    pub mode: u64,
    /// What the host cannot do for the surface, which the envelope repeats.
    pub surface: u64,
    /// Deterministic CBOR of the context: `info` of the set-up, and part of the closing transcript.
    pub context: Vec<u8>,
    /// For a PIN: the account of its block.
    pub account: Option<AccountToken>,
}

impl fmt::Debug for EntryBinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EntryBinding({} for {})", self.kind.word(), self.purpose.word())
    }
}

impl Entry {
    /// Has the entry made by somebody else's keypad. Policy and the host's duties are asked for first, as by
    /// [`Entry::open`].
    ///
    /// # Errors
    /// [`EntryFault::NotAllowed`], [`EntryFault::Unacknowledged`]; what the provider gives;
    /// [`EntryFault::NotAnEnvelope`] when its answer is not one for this entry.
    pub async fn by_provider(
        self,
        report: SurfaceReport,
        spoken: bool,
        provider: &dyn KeypadProvider,
    ) -> Result<SealedEntry, EntryFault> {
        let mode = if spoken { MODE_SPOKEN } else { MODE_VISUAL };
        let shown = self.binding.cleared(report, mode)?;
        let asked = self.binding.asked(shown);
        let envelope = provider.enter(&asked).await?;
        asked.check(&envelope).ok_or(EntryFault::NotAnEnvelope)?;
        // How long it is, nobody here knows; dots are drawn for what is needed at least.
        let length = *self.binding.lengths.start();
        Ok(SealedEntry::of(&self.binding, envelope, length))
    }
}

impl Binding {
    pub(super) fn asked(&self, shown: Shown) -> EntryBinding {
        let context = self.context(shown);
        EntryBinding {
            suite: self.suite,
            purpose: self.purpose,
            kind: self.kind,
            lengths: self.lengths.clone(),
            seal_kid: self.seal_kid,
            seal_key: self.seal_key,
            client_nonce: self.client_nonce,
            mode: context.mode,
            surface: context.surface,
            context: context.encode(),
            account: self.account.clone(),
        }
    }
}

impl EntryBinding {
    /// Everything that can be seen of an envelope without the institution's key.
    pub(super) fn check(&self, envelope: &[u8]) -> Option<()> {
        let sent = Envelope::read(envelope).ok()?;
        let sizes = sent.layout.len() == layout_bytes(self.kind)
            && encapsulation_fits(self.suite, &sent.encapsulated);
        let fits = sent.suite == self.suite
            && sent.kid == self.seal_kid
            && sent.purpose == self.purpose
            && sent.client_nonce == self.client_nonce
            && sent.mode == self.mode
            && sent.surface == self.surface;
        (sizes && fits).then_some(())
    }
}

/// Kind, count, characters or block, tag.
fn layout_bytes(kind: Kind) -> usize {
    let inside =
        if kind == Kind::Pin { msgpay_crypto::entry::pin::BLOCK_BYTES } else { kind.alphabet().len() };
    2 + inside + 16
}

/// A point, or the coordinate of one; or a DER sequence of the length that it says, long enough for hash and text of an SM2 encryption.
fn encapsulation_fits(suite: SuiteId, bytes: &[u8]) -> bool {
    match suite {
        SuiteId::International => bytes.len() == 65 && bytes.first() == Some(&4),
        SuiteId::Curve25519 => bytes.len() == 32,
        SuiteId::Guomi => {
            let inside = match bytes {
                [0x30, 0x81, length, rest @ ..] if *length >= 0x80 => {
                    (usize::from(*length) == rest.len()).then_some(rest)
                }
                [0x30, length, rest @ ..] if *length < 0x80 => {
                    (usize::from(*length) == rest.len()).then_some(rest)
                }
                _ => None,
            };
            bytes.len() <= ENCAPSULATED_BYTES_MAX && inside.is_some_and(|inside| inside.len() >= 74)
        }
    }
}
