//! Write-only entry: the keypad seals each press at once and cannot read it back.
//!
//! ```text
//! Entry ──open(report, size)──► Keypad + keys      layout shuffled, drawn, sealed, wiped
//! Keypad ──press/erase/clear──► length             one box each, the key behind it is gone
//! Keypad ──confirm──► SealedEntry                  filled up to 64 boxes, closed by a tag, chain wiped
//! ```
//! A dump of the process after a press shows the layout's pictures (they are on the screen) but no past slot and no
//! key that opens one. What is typed after the dump, and a camera or kernel that watches touches, it does not stop.

mod grid;
mod layout;
#[cfg(feature = "specimen")]
mod specimen;
#[cfg(test)]
mod tests;

use std::{fmt, ops::RangeInclusive, sync::Arc};

use msgpay_crypto::SealChain;
use msgpay_wire::{
    Digest,
    entry::{self, Context, EntryPurpose, Envelope},
    policy::Policy,
};

pub use msgpay_wire::entry::Kind;

use self::layout::Layout;
#[cfg(feature = "specimen")]
pub use self::specimen::Specimen;
use crate::{
    face::{FaceSize, Picture},
    failure::EntryFault,
    host::Clock,
    surface::SurfaceReport,
};

/// Without a press for so long, an entry is wiped.
pub const IDLE_MS_MAX: u64 = 180_000;

/// Characters of a wallet password.
pub const WALLET_PASSWORD_LENGTH: usize = 6;

/// Mode of the entry in its context: looked at, not listened to.
const MODE_VISUAL: u64 = 0;

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
        Self { kinds: Kind::ALL.to_vec(), modes: vec![MODE_VISUAL] }
    }

    fn check(&self, kind: Kind, mode: u64) -> Result<(), EntryFault> {
        let allowed = self.kinds.contains(&kind) && self.modes.contains(&mode);
        if allowed { Ok(()) } else { Err(EntryFault::NotAllowed) }
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
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// [`Keypad::press`] with this number.
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

    /// Shuffles a layout, draws its keys once, seals it and forgets it.
    ///
    /// The keys are the host's from here on: it shows them, and drops them when the keypad closes. A turned phone or
    /// a changed surface needs a new keypad: close this one and ask the session for its step again.
    ///
    /// # Errors
    /// [`EntryFault::Unacknowledged`] without the duties that every host can keep, [`EntryFault::System`].
    pub fn open(self, report: SurfaceReport, size: FaceSize) -> Result<(Keypad, Vec<Key>), EntryFault> {
        let surface = report.acknowledged(false)?.bits();
        let Self { binding, clock } = self;
        binding.allowed.check(binding.kind, MODE_VISUAL)?;
        let context = Context {
            suite: binding.suite,
            purpose: binding.purpose,
            kid: binding.seal_kid,
            server_nonce: binding.server_nonce,
            client_nonce: binding.client_nonce,
            order_digest: binding.order_digest,
            mode: MODE_VISUAL,
            surface,
        }
        .encode();
        let suite = crate::trust::suite(binding.suite);
        let layout = Layout::make(binding.kind)?;
        let keys = layout.draw(size)?;
        let (encapsulated, mut chain) =
            SealChain::setup(suite, &binding.seal_key, &context, entry::label::CHAIN)?;
        let sealed_layout = chain.seal_with(entry::label::LAYOUT, entry::label::LAYOUT, layout.page)?;
        let last_press_ms = clock.monotonic_ms();
        let boxes = Vec::with_capacity(entry::PRESSES * entry::BOX_BYTES);
        let open = Open { binding, surface, context, encapsulated, sealed_layout, chain, boxes, presses: 0 };
        Ok((Keypad { open: Some(open), clock, visible: 0, last_press_ms }, keys))
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entry")
    }
}

/// A keypad in use. Dropping it, whatever the reason, wipes it. Its Debug text says nothing.
pub struct Keypad {
    open: Option<Open>,
    clock: Arc<dyn Clock>,
    visible: usize,
    last_press_ms: u64,
}

/// What lives between opening and closing: the chain, and boxes that it can no longer open.
struct Open {
    binding: Binding,
    surface: u64,
    context: Vec<u8>,
    encapsulated: Vec<u8>,
    sealed_layout: Vec<u8>,
    chain: SealChain,
    boxes: Vec<u8>,
    presses: u8,
}

impl Keypad {
    /// Seals one press at once; gives the number of characters now entered. A press beyond the length is ignored.
    ///
    /// # Errors
    /// [`EntryFault`]; see [`EntryFault::wiped`].
    pub fn press(&mut self, slot: u8) -> Result<usize, EntryFault> {
        let visible = self.visible;
        let open = self.live()?;
        if usize::from(slot) >= open.binding.kind.alphabet().len() {
            return Err(EntryFault::NoSuchKey);
        }
        if visible >= *open.binding.lengths.end() {
            return Ok(visible);
        }
        self.seal(slot, visible + 1)
    }

    /// Takes the last character back; gives the number of characters left.
    ///
    /// # Errors
    /// [`EntryFault`].
    pub fn erase(&mut self) -> Result<usize, EntryFault> {
        self.live()?;
        match self.visible.checked_sub(1) {
            Some(left) => self.seal(entry::DELETE, left),
            None => Ok(0),
        }
    }

    /// Takes all characters back.
    ///
    /// # Errors
    /// [`EntryFault`].
    pub fn clear(&mut self) -> Result<usize, EntryFault> {
        self.live()?;
        if self.visible == 0 { Ok(0) } else { self.seal(entry::CLEAR, 0) }
    }

    /// Characters entered: dots to draw.
    #[must_use]
    pub fn length(&self) -> usize {
        self.visible
    }

    /// Whether as many characters are entered as are needed.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.binding.lengths.contains(&self.visible))
    }

    /// Fills up with no-operations, closes the envelope and wipes the chain.
    ///
    /// # Errors
    /// [`EntryFault::Length`] leaves the entry as it is; any other kind has wiped it.
    pub fn confirm(&mut self) -> Result<SealedEntry, EntryFault> {
        self.live()?;
        if !self.complete() {
            return Err(EntryFault::Length);
        }
        self.visible = 0;
        self.open.take().ok_or(EntryFault::Closed)?.close()
    }

    /// Wipes. Also done by dropping; call it on back, background, a capture that begins, a turned phone.
    pub fn cancel(&mut self) {
        self.open = None;
        self.visible = 0;
    }

    /// Wipes if there was no press for three minutes; says whether nothing is left. To be called by a timer: without
    /// one the wipe happens at the next call.
    pub fn wipe_if_idle(&mut self) -> bool {
        self.live().is_err()
    }

    fn live(&mut self) -> Result<&mut Open, EntryFault> {
        if self.open.is_some() && self.clock.monotonic_ms().saturating_sub(self.last_press_ms) >= IDLE_MS_MAX
        {
            self.cancel();
            return Err(EntryFault::Idle);
        }
        self.open.as_mut().ok_or(EntryFault::Closed)
    }

    fn seal(&mut self, byte: u8, visible: usize) -> Result<usize, EntryFault> {
        let sealed = self.open.as_mut().ok_or(EntryFault::Closed).and_then(|open| open.seal(byte));
        match sealed {
            Ok(()) => {
                self.visible = visible;
                self.last_press_ms = self.clock.monotonic_ms();
                Ok(visible)
            }
            Err(fault) => {
                self.cancel();
                Err(fault)
            }
        }
    }
}

impl fmt::Debug for Keypad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keypad")
    }
}

impl Open {
    /// One box: number `i` of 64 under its own key, bound to its place.
    fn seal(&mut self, byte: u8) -> Result<(), EntryFault> {
        if usize::from(self.presses) >= entry::PRESSES {
            return Err(EntryFault::TooManyPresses);
        }
        self.presses += 1;
        self.boxes.extend_from_slice(&self.chain.step(&[self.presses], byte)?);
        Ok(())
    }

    fn close(mut self) -> Result<SealedEntry, EntryFault> {
        while usize::from(self.presses) < entry::PRESSES {
            self.seal(entry::NO_OPERATION)?;
        }
        let transcript =
            Envelope::transcript(&self.context, &self.encapsulated, &self.sealed_layout, &self.boxes);
        let close = self.chain.close_with(entry::label::CLOSE, &transcript)?;
        let envelope = Envelope {
            suite: self.binding.suite,
            purpose: self.binding.purpose,
            kid: self.binding.seal_kid,
            client_nonce: self.binding.client_nonce,
            mode: MODE_VISUAL,
            surface: self.surface,
            encapsulated: self.encapsulated,
            layout: self.sealed_layout,
            boxes: self.boxes,
            close,
        };
        Ok(SealedEntry {
            purpose: self.binding.purpose,
            server_nonce: self.binding.server_nonce,
            order_digest: self.binding.order_digest,
            envelope: envelope.encode(),
        })
    }
}

/// A closed envelope. Only the session that asked for it takes it, and only the institution opens it.
pub struct SealedEntry {
    purpose: EntryPurpose,
    server_nonce: [u8; 16],
    order_digest: Digest,
    envelope: Vec<u8>,
}

impl SealedEntry {
    /// The envelope's bytes, if it was made for this purpose, nonce and order.
    pub(crate) fn envelope_for(
        self,
        purpose: EntryPurpose,
        server_nonce: &[u8; 16],
        order_digest: &Digest,
    ) -> Option<Vec<u8>> {
        let fits = self.purpose == purpose
            && self.server_nonce == *server_nonce
            && self.order_digest == *order_digest;
        fits.then_some(self.envelope)
    }
}

impl fmt::Debug for SealedEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedEntry")
    }
}

impl From<msgpay_crypto::Error> for EntryFault {
    fn from(_: msgpay_crypto::Error) -> Self {
        Self::System
    }
}
