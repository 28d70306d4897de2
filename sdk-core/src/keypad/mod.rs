//! Write-only entry: the keypad seals each press at once and cannot read it back.
//!
//! ```text
//! Entry ──open(report, size)──► Keypad + keys      layout shuffled, drawn, sealed, wiped
//! Keypad ──press/erase/clear──► length             one box each, the key behind it is gone
//! Keypad ──review─────────────► picture, verdict   of a number only: it lies in one page until it is confirmed
//! Keypad ──confirm──► SealedEntry                  filled up to 64 boxes, closed by a tag, nothing left
//! ```
//! A dump of the process after a press shows the layout's pictures (they are on the screen) but no past slot and no
//! key that opens one. What is typed after the dump, and a camera or kernel that watches touches, it does not stop.
//!
//! Card and identity numbers are shown again before they are confirmed, and a card's PIN has to be packed by the
//! handset ([ISO 9564-1](msgpay_crypto::entry::pin)): these three lie in exactly one secret page until then.

mod account;
mod grid;
mod hold;
mod layout;
mod pad;
mod parcel;
mod provider;
mod review;
mod sealed;
#[cfg(feature = "specimen")]
mod specimen;
#[cfg(test)]
mod tests;
mod verdict;

use std::{fmt, ops::RangeInclusive, sync::Arc};

use msgpay_wire::{
    Digest,
    entry::{Context, EntryPurpose},
    policy::Policy,
};

pub use msgpay_wire::entry::Kind;

pub use self::account::AccountToken;
pub use self::pad::{IDLE_MS_MAX, Keypad};
pub(crate) use self::parcel::Parcel;
pub use self::provider::{Entering, EntryBinding, KeypadProvider};
pub use self::review::EntryReview;
pub use self::sealed::SealedEntry;
#[cfg(feature = "specimen")]
pub use self::specimen::Specimen;
pub use self::verdict::Verdict;
use self::{hold::Hold, layout::Layout};
use crate::{
    face::{FaceSize, Picture},
    failure::EntryFault,
    host::Clock,
    surface::SurfaceReport,
    voice::{Clip, Language},
};

/// Characters of a wallet password.
pub const WALLET_PASSWORD_LENGTH: usize = 6;

/// Modes of an entry in its context.
const MODE_VISUAL: u64 = 0;
const MODE_SPOKEN: u64 = 1;

/// What a session wants typed: everything that the entry is bound to, before any layout exists.
pub struct Entry {
    pub(crate) binding: Binding,
    pub(crate) clock: Arc<dyn Clock>,
}

/// What one entry is sealed to and for; from the institution's verified answer.
#[derive(Clone)]
pub(crate) struct Binding {
    pub(crate) purpose: EntryPurpose,
    pub(crate) kind: Kind,
    pub(crate) suite: msgpay_wire::SuiteId,
    pub(crate) seal_kid: u64,
    pub(crate) seal_key: [u8; 65],
    pub(crate) server_nonce: [u8; 16],
    pub(crate) client_nonce: [u8; 16],
    pub(crate) order_digest: Digest,
    /// Characters that confirm.
    pub(crate) lengths: RangeInclusive<usize>,
    pub(crate) allowed: Allowed,
    /// For a PIN: what its block is bound to.
    pub(crate) account: Option<AccountToken>,
}

/// What the institution's signed policy allows a keypad to be.
#[derive(Clone)]
pub(crate) struct Allowed {
    kinds: Vec<Kind>,
    modes: Vec<u64>,
}

impl Allowed {
    /// From a verified policy. Words that this version does not know allow nothing.
    pub(crate) fn by(policy: &Policy) -> Self {
        let kinds = policy.kinds.iter().filter_map(|word| Kind::from_word(word)).collect();
        Self { kinds, modes: policy.modes.clone() }
    }

    #[cfg(any(test, feature = "specimen"))]
    pub(crate) fn everything() -> Self {
        Self { kinds: Kind::ALL.to_vec(), modes: vec![MODE_VISUAL, MODE_SPOKEN] }
    }
}

/// How an entry is shown, once policy and host allow it.
#[derive(Clone, Copy)]
struct Shown {
    report: SurfaceReport,
    mode: u64,
}

impl Binding {
    /// Policy first, then the host's duties; no layout exists before both.
    fn cleared(&self, report: SurfaceReport, mode: u64) -> Result<Shown, EntryFault> {
        if !self.allowed.kinds.contains(&self.kind) || !self.allowed.modes.contains(&mode) {
            return Err(EntryFault::NotAllowed);
        }
        if self.kind == Kind::Pin && self.account.is_none() {
            return Err(EntryFault::NotAllowed);
        }
        let report = report.acknowledged(mode == MODE_SPOKEN)?;
        Ok(Shown { report, mode })
    }

    fn context(&self, shown: Shown) -> Context {
        Context {
            suite: self.suite,
            purpose: self.purpose,
            kid: self.seal_kid,
            server_nonce: self.server_nonce,
            client_nonce: self.client_nonce,
            order_digest: self.order_digest,
            mode: shown.mode,
            surface: shown.report.bits(),
        }
    }
}

/// One key of the layout: where it lies, what it does, what it looks like. There is no label.
#[derive(Debug)]
pub struct Key {
    /// Shown together with the keys of the same page; page 0 first.
    pub page: u8,
    /// From the top, from 0.
    pub row: u8,
    /// From the left, from 0, in columns of the page's grid.
    pub column: u8,
    /// Columns that it covers.
    pub span: u8,
    /// What to call when it is pressed.
    pub action: Action,
    /// Its face.
    pub face: Picture,
    /// What it says, on a keypad that is listened to: played on the private route when the key is explored, and
    /// dropped with it. The core is not told that it is played; whatever buffers it goes through are the host's to
    /// wipe, since the clip played last tells the next press.
    pub clip: Option<Clip>,
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// [`Keypad::press`] with this number, which no other key has, on whatever page.
    Slot(u8),
    /// [`Keypad::erase`].
    Delete,
    /// [`Keypad::confirm`].
    Confirm,
    /// The host shows the keys of this page instead: nothing is sealed, the core does not hear of it.
    Page(u8),
}

impl Entry {
    /// What the entry is for: the password, a new one, or the new one again.
    #[must_use]
    pub fn purpose(&self) -> EntryPurpose {
        self.binding.purpose
    }

    /// Which characters can be typed.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.binding.kind
    }

    /// How many characters are needed, and how many are taken: cells to draw.
    #[must_use]
    pub fn lengths(&self) -> RangeInclusive<usize> {
        self.binding.lengths.clone()
    }

    /// Whether a keypad that is seen may open on this surface: the refusal that [`Entry::open`] would give, without
    /// using the entry up.
    ///
    /// # Errors
    /// [`EntryFault::NotAllowed`], [`EntryFault::Unacknowledged`].
    pub fn allows(&self, report: SurfaceReport) -> Result<(), EntryFault> {
        self.binding.cleared(report, MODE_VISUAL).map(|_| ())
    }

    /// As [`Entry::allows`], for a keypad that is listened to.
    ///
    /// # Errors
    /// As [`Entry::allows`].
    pub fn allows_spoken(&self, report: SurfaceReport) -> Result<(), EntryFault> {
        self.binding.cleared(report, MODE_SPOKEN).map(|_| ())
    }

    /// Shuffles a layout, draws its keys once, seals it and forgets it.
    ///
    /// The keys are the host's from here on: it shows them, and drops them when the keypad closes. A turned phone or
    /// a changed surface needs a new keypad: close this one and ask the session for its step again.
    ///
    /// # Errors
    /// [`EntryFault::NotAllowed`] by the institution's policy, [`EntryFault::Unacknowledged`] without the duties that
    /// every host can keep, [`EntryFault::System`].
    pub fn open(self, report: SurfaceReport, size: FaceSize) -> Result<(Keypad, Vec<Key>), EntryFault> {
        let shown = self.binding.cleared(report, MODE_VISUAL)?;
        let layout = Layout::make(self.binding.kind)?;
        let keys = layout.draw(size)?;
        Ok((self.begin(shown, layout)?, keys))
    }

    /// As [`Entry::open`], for somebody who does not see: each key has a clip that speaks it. The host plays
    /// it when the key is explored, presses when it is tapped twice, and gives screen readers nothing of either.
    ///
    /// # Errors
    /// As [`Entry::open`]; [`EntryFault::Unacknowledged`] without a private audio route as well,
    /// [`EntryFault::NoVoice`] for a kind that the voice cannot speak whole.
    pub fn open_spoken(
        self,
        report: SurfaceReport,
        size: FaceSize,
        language: Language,
    ) -> Result<(Keypad, Vec<Key>), EntryFault> {
        let shown = self.binding.cleared(report, MODE_SPOKEN)?;
        let layout = Layout::make(self.binding.kind)?;
        let mut keys = layout.draw(size)?;
        if !layout.speak(&mut keys, language)? {
            return Err(EntryFault::NoVoice);
        }
        Ok((self.begin(shown, layout)?, keys))
    }

    fn begin(self, shown: Shown, layout: Layout) -> Result<Keypad, EntryFault> {
        let Self { binding, clock } = self;
        let hold = Hold::begin(&binding, shown, layout)?;
        Ok(Keypad::begin(binding, shown, hold, clock))
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entry")
    }
}

impl From<msgpay_crypto::Error> for EntryFault {
    fn from(_: msgpay_crypto::Error) -> Self {
        Self::System
    }
}
