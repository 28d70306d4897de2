//! A keypad in use: lengths, limits, and every way in which it ends.

use std::{fmt, sync::Arc};

use msgpay_crypto::{
    classify::{self, Reason},
    room,
};
use msgpay_wire::entry;

use super::{
    Binding, Shown,
    hold::{Change, Hold},
    review::{self, EntryReview},
    sealed::SealedEntry,
};
use crate::{failure::EntryFault, host::Clock, surface::SurfaceReport};

/// Without a press for so long, an entry is wiped.
pub const IDLE_MS_MAX: u64 = 180_000;

/// A keypad in use. Dropping it, whatever the reason, wipes it. Its Debug text says nothing.
pub struct Keypad {
    pub(super) open: Option<Open>,
    clock: Arc<dyn Clock>,
    last: Moment,
}

/// All that there is to wipe, and what it is bound to.
pub(super) struct Open {
    binding: Binding,
    shown: Shown,
    pub(super) hold: Hold,
    length: usize,
    presses: usize,
    #[cfg(test)]
    pub(super) alive: Arc<()>,
}

/// Both clocks: a host's boot clock may stand still while its phone sleeps, the wall clock can be set.
#[derive(Clone, Copy)]
struct Moment {
    boot_ms: u64,
    unix_ms: i64,
}

impl Moment {
    fn now(clock: &dyn Clock) -> Self {
        Self { boot_ms: clock.boot_ms(), unix_ms: clock.unix_ms() }
    }

    /// By the clock that went further. A wall clock that is set forward wipes early; set back, it hides nothing that
    /// the other one counts.
    fn ms_since(self, before: Self) -> u64 {
        let wall = u64::try_from(self.unix_ms.saturating_sub(before.unix_ms)).unwrap_or(0);
        self.boot_ms.saturating_sub(before.boot_ms).max(wall)
    }
}

impl Keypad {
    pub(super) fn begin(binding: Binding, shown: Shown, hold: Hold, clock: Arc<dyn Clock>) -> Self {
        let last = Moment::now(&*clock);
        let open = Open {
            binding,
            shown,
            hold,
            length: 0,
            presses: 0,
            #[cfg(test)]
            alive: Arc::new(()),
        };
        Self { open: Some(open), clock, last }
    }

    /// Seals one press at once; gives the number of characters now entered. A press beyond the length is ignored.
    ///
    /// # Errors
    /// [`EntryFault`]; see [`EntryFault::wiped`].
    pub fn press(&mut self, slot: u8) -> Result<usize, EntryFault> {
        let entered = self.press_slot(slot);
        // The slot came by value: it lay in these frames.
        room::burn();
        entered
    }

    #[inline(never)]
    fn press_slot(&mut self, slot: u8) -> Result<usize, EntryFault> {
        let open = self.live()?;
        let missing = usize::from(slot) >= open.binding.kind.alphabet().len();
        if classify::public_bit(missing, Reason::Refused) {
            return Err(EntryFault::NoSuchKey);
        }
        match open.length + 1 {
            longer if longer <= open.most() => self.change(Change::Press(slot), longer),
            _ => Ok(open.length),
        }
    }

    /// Takes the last character back; gives the number of characters left.
    ///
    /// # Errors
    /// [`EntryFault`].
    pub fn erase(&mut self) -> Result<usize, EntryFault> {
        match self.live()?.length.checked_sub(1) {
            Some(left) => self.change(Change::Erase, left),
            None => Ok(0),
        }
    }

    /// Takes all characters back.
    ///
    /// # Errors
    /// [`EntryFault`].
    pub fn clear(&mut self) -> Result<usize, EntryFault> {
        if self.live()?.length == 0 { Ok(0) } else { self.change(Change::Clear, 0) }
    }

    /// Characters entered: dots to draw.
    #[must_use]
    pub fn length(&self) -> usize {
        self.open.as_ref().map_or(0, |open| open.length)
    }

    /// Whether as many characters are entered as are needed.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.open.as_ref().is_some_and(Open::complete)
    }

    /// The number as it stands, drawn in its groups, and whether it can be right. For card and identity numbers only:
    /// what a password kind seals, nobody here can show.
    ///
    /// The picture is the host's from here on: it shows it on the same surface as the keys and drops it with them.
    ///
    /// # Errors
    /// [`EntryFault::NoReview`] for another kind; [`EntryFault`].
    pub fn review(&mut self, height_px: u16) -> Result<EntryReview, EntryFault> {
        let open = self.live()?;
        let shown = review::draw(open.binding.kind, &open.hold, open.complete(), height_px);
        if let Err(EntryFault::System) = shown {
            self.cancel();
        }
        shown
    }

    /// Fills up with no-operations, closes the envelope and wipes what is left.
    ///
    /// # Errors
    /// [`EntryFault::Length`] leaves the entry as it is; any other kind has wiped it.
    pub fn confirm(&mut self) -> Result<SealedEntry, EntryFault> {
        if !self.live()?.complete() {
            return Err(EntryFault::Length);
        }
        let Open { binding, shown, hold, length, .. } = self.open.take().ok_or(EntryFault::Closed)?;
        hold.close(&binding, shown, length)
    }

    /// Wipes. Also done by dropping; call it on back, when the application leaves the foreground, on a turned phone.
    pub fn cancel(&mut self) {
        self.open = None;
    }

    /// Wipes if there was no press for three minutes; says whether nothing is left. To be called by a timer: without
    /// one the wipe happens at the next call.
    pub fn wipe_if_idle(&mut self) -> bool {
        self.live().is_err()
    }

    /// To be called whenever what the host can promise may have changed (a window on top, a display, headphones). A
    /// report other than that of the opening wipes: the envelope is bound to the first.
    ///
    /// # Errors
    /// [`EntryFault::SurfaceChanged`], which has wiped; [`EntryFault`].
    pub fn surface_changed(&mut self, report: SurfaceReport) -> Result<(), EntryFault> {
        if self.live()?.shown.report == report {
            return Ok(());
        }
        self.cancel();
        Err(EntryFault::SurfaceChanged)
    }

    /// The system tells of a screenshot, a recording or a mirror: wipes.
    pub fn capture_detected(&mut self) -> EntryFault {
        match self.open.take() {
            Some(_) => EntryFault::Captured,
            None => EntryFault::Closed,
        }
    }

    fn live(&mut self) -> Result<&mut Open, EntryFault> {
        let idle_ms = Moment::now(&*self.clock).ms_since(self.last);
        if self.open.is_some() && idle_ms >= IDLE_MS_MAX {
            self.cancel();
            return Err(EntryFault::Idle);
        }
        self.open.as_mut().ok_or(EntryFault::Closed)
    }

    fn change(&mut self, change: Change, length: usize) -> Result<usize, EntryFault> {
        let changed = self.open.as_mut().ok_or(EntryFault::Closed).and_then(|open| open.change(change));
        match (changed, &mut self.open) {
            (Ok(()), Some(open)) => {
                open.length = length;
                self.last = Moment::now(&*self.clock);
                Ok(length)
            }
            (changed, _) => {
                self.cancel();
                Err(changed.err().unwrap_or(EntryFault::Closed))
            }
        }
    }
}

impl Open {
    fn most(&self) -> usize {
        *self.binding.lengths.end()
    }

    fn complete(&self) -> bool {
        self.binding.lengths.contains(&self.length)
    }

    /// One limit for every kind, so that it tells none from another.
    fn change(&mut self, change: Change) -> Result<(), EntryFault> {
        if self.presses >= entry::PRESSES {
            return Err(EntryFault::TooManyPresses);
        }
        self.presses += 1;
        self.hold.change(change)
    }
}

impl fmt::Debug for Keypad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keypad")
    }
}
