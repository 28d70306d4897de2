//! The keypad across the line: slots in, pictures out, no character either way.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use msgpay_sdk_core as core;

mod values;

pub use values::{EntryUse, KeyAction, KeyPlace, Language, Surface};

use crate::{
    bridge::{PageDesk, PageKeypad},
    fault::{CallFault, MsgPayError, call},
    host::in_host,
};

/// What is to be typed, before any layout exists. It opens once; a refusal does not use it up.
#[derive(uniffi::Object)]
pub struct NativeEntry {
    entry: Mutex<Option<core::Entry>>,
    /// Where the keypad goes when a page in a web view asked for the entry.
    desk: Option<PageDesk>,
    purpose: EntryUse,
    length_min: u32,
    length_max: u32,
}

impl NativeEntry {
    pub(crate) fn of(entry: core::Entry) -> Arc<Self> {
        Self::on(entry, None)
    }

    pub(crate) fn in_page(entry: core::Entry, desk: PageDesk) -> Arc<Self> {
        Self::on(entry, Some(desk))
    }

    fn on(entry: core::Entry, desk: Option<PageDesk>) -> Arc<Self> {
        let purpose = match entry.purpose() {
            core::EntryPurpose::Password => EntryUse::Password,
            core::EntryPurpose::PasswordNew => EntryUse::PasswordNew,
            core::EntryPurpose::PasswordRepeat => EntryUse::PasswordRepeat,
            _ => EntryUse::Other,
        };
        let lengths = entry.lengths();
        let length = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let (length_min, length_max) = (length(*lengths.start()), length(*lengths.end()));
        Arc::new(Self { entry: Mutex::new(Some(entry)), desk, purpose, length_min, length_max })
    }

    fn opened(
        &self,
        check: impl FnOnce(&core::Entry) -> Result<(), core::EntryFault>,
        open: impl FnOnce(core::Entry) -> Result<(core::Keypad, Vec<core::Key>), core::EntryFault>,
    ) -> Result<Arc<NativeKeypad>, MsgPayError> {
        let mut entry = turn(&self.entry)?;
        check(entry.as_ref().ok_or(call(CallFault::OtherSession))?)?;
        let (keypad, keys) = open(entry.take().ok_or(call(CallFault::OtherSession))?)?;
        let faces = Faces::new(Mutex::new(keys));
        let keypad = match &self.desk {
            None => Hand::Own(Box::new(keypad)),
            Some(desk) => desk.put(keypad, &faces)?,
        };
        Ok(Arc::new(NativeKeypad { open: Mutex::new(Open { keypad, faces }) }))
    }
}

#[uniffi::export]
impl NativeEntry {
    /// What it is for.
    pub fn purpose(&self) -> EntryUse {
        self.purpose
    }

    /// How many characters confirm.
    pub fn length_min(&self) -> u32 {
        self.length_min
    }

    /// How many characters are taken.
    pub fn length_max(&self) -> u32 {
        self.length_max
    }

    /// Shuffles a layout, draws its keys at `face_px` pixels a side (the nearest of 24 to 512), seals it and forgets it.
    ///
    /// # Errors
    /// `Keypad`; `Call(OtherSession)` when it was opened before.
    pub fn open(&self, surface: Surface, face_px: u16) -> Result<Arc<NativeKeypad>, MsgPayError> {
        let report = surface.into();
        self.opened(|entry| entry.allows(report), |entry| entry.open(report, core::FaceSize::square(face_px)))
    }

    /// The same for somebody who does not see: each key has a sound, to be played on a private route when the key is
    /// explored and dropped with it.
    ///
    /// # Errors
    /// As [`NativeEntry::open`].
    pub fn open_spoken(
        &self,
        surface: Surface,
        face_px: u16,
        language: Language,
    ) -> Result<Arc<NativeKeypad>, MsgPayError> {
        let report = surface.into();
        self.opened(
            |entry| entry.allows_spoken(report),
            |entry| entry.open_spoken(report, core::FaceSize::square(face_px), language.into()),
        )
    }
}

/// A keypad in use. Dropping it wipes it; [`NativeKeypad::cancel`] does so at once.
#[derive(uniffi::Object)]
pub struct NativeKeypad {
    open: Mutex<Open>,
}

struct Open {
    keypad: Hand,
    /// Wiped with the keypad.
    faces: Faces,
}

/// Who has the keypad.
pub(crate) enum Hand {
    Own(Box<core::Keypad>),
    /// The bridge of a web view, whose page may take characters back and confirm.
    InPage(PageKeypad),
}

/// Faces and sounds of a keypad's keys. Whoever wipes the keypad wipes them.
pub(crate) type Faces = Arc<Mutex<Vec<core::Key>>>;

/// Drops the pictures, which wipe themselves. Also those behind a lock that a defect has broken.
pub(crate) fn wipe(faces: &Faces) {
    faces.lock().unwrap_or_else(PoisonError::into_inner).clear();
}

impl Open {
    fn change(
        &mut self,
        change: impl FnOnce(&mut core::Keypad) -> Result<usize, core::EntryFault>,
    ) -> Result<usize, MsgPayError> {
        let changed = match &mut self.keypad {
            Hand::Own(keypad) => change(keypad),
            Hand::InPage(keypad) => keypad.change(change),
        };
        self.done(changed)
    }

    /// A keypad that is gone takes its pictures along.
    fn done<T>(&mut self, done: Result<T, core::EntryFault>) -> Result<T, MsgPayError> {
        if done.as_ref().is_err_and(|fault| fault.wiped()) {
            wipe(&self.faces);
        }
        Ok(done?)
    }

    /// Wipes.
    fn leave(&mut self, leave: impl FnOnce(&mut core::Keypad)) {
        match &mut self.keypad {
            Hand::Own(keypad) => leave(keypad),
            Hand::InPage(keypad) => keypad.leave(leave),
        }
        wipe(&self.faces);
    }

    fn with_key<T>(
        &self,
        key: u32,
        use_it: impl FnOnce(&core::Key) -> Result<T, MsgPayError>,
    ) -> Result<T, MsgPayError> {
        let keys = turn(&self.faces)?;
        if keys.is_empty() {
            return Err(core::EntryFault::Closed.into());
        }
        use_it(usize::try_from(key).ok().and_then(|at| keys.get(at)).ok_or(call(CallFault::NoSuchKey))?)
    }
}

/// A number of characters. No entry has more than an envelope holds.
fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[uniffi::export]
impl NativeKeypad {
    /// Where the keys lie. A key's number is its place in this list.
    ///
    /// # Errors
    /// `Call(FromHost)`.
    pub fn keys(&self) -> Result<Vec<KeyPlace>, MsgPayError> {
        let place = |key: &core::Key| KeyPlace {
            page: key.page,
            row: key.row,
            column: key.column,
            span: key.span,
            action: match key.action {
                core::Action::Slot(slot) => KeyAction::Slot { slot },
                core::Action::Delete => KeyAction::Delete,
                core::Action::Confirm => KeyAction::Confirm,
                core::Action::Page(page) => KeyAction::Page { page },
            },
            width_px: key.face.width(),
            height_px: key.face.height(),
            samples: key.clip.as_ref().map_or(0, |clip| count(clip.samples().len())),
        };
        let open = turn(&self.open)?;
        let keys = turn(&open.faces)?;
        Ok(keys.iter().map(place).collect())
    }

    /// Copies a key's face into memory of the caller's: `width_px × height_px` bytes, row after row, 0 clear, 255 ink.
    ///
    /// Danger: `address` must be writable for `bytes` bytes during the call. It is a number because every other way
    /// across the line leaves copies behind; the Kotlin and Swift rooms call it on buffers of their own, and nobody
    /// else has to.
    ///
    /// # Errors
    /// `Call(PictureMemory)` for no memory or another size, `Call(NoSuchKey)`, `Keypad(Closed)`.
    pub fn draw(&self, key: u32, address: u64, bytes: u64) -> Result<(), MsgPayError> {
        turn(&self.open)?.with_key(key, |key| fill(key.face.alpha(), address, bytes))
    }

    /// Copies a key's sound: `samples` signed 16-bit samples of 16 kHz, one channel, in the order of this machine.
    ///
    /// Danger: as [`NativeKeypad::draw`].
    ///
    /// # Errors
    /// As [`NativeKeypad::draw`].
    pub fn sound(&self, key: u32, address: u64, bytes: u64) -> Result<(), MsgPayError> {
        turn(&self.open)?.with_key(key, |key| {
            let clip = key.clip.as_ref().ok_or(call(CallFault::NoSuchKey))?;
            fill(clip.samples(), address, bytes)
        })
    }

    /// Seals one press at once; gives the number of characters now entered.
    ///
    /// # Errors
    /// `Keypad`.
    pub fn press(&self, slot: u8) -> Result<u32, MsgPayError> {
        turn(&self.open)?.change(|keypad| keypad.press(slot)).map(count)
    }

    /// Takes the last character back; gives the number left.
    ///
    /// # Errors
    /// `Keypad`.
    pub fn erase(&self) -> Result<u32, MsgPayError> {
        turn(&self.open)?.change(core::Keypad::erase).map(count)
    }

    /// Takes all characters back.
    ///
    /// # Errors
    /// `Keypad`.
    pub fn clear(&self) -> Result<u32, MsgPayError> {
        turn(&self.open)?.change(core::Keypad::clear).map(count)
    }

    /// Closes the envelope and wipes what is left.
    ///
    /// # Errors
    /// `Keypad(Length)` leaves the entry as it is; `Call(OutOfTurn)` above a page of a web view, which confirms itself.
    pub fn confirm(&self) -> Result<Arc<NativeSealedEntry>, MsgPayError> {
        let mut open = turn(&self.open)?;
        let confirmed = match &mut open.keypad {
            Hand::Own(keypad) => keypad.confirm(),
            Hand::InPage(_) => return Err(call(CallFault::OutOfTurn)),
        };
        let sealed = open.done(confirmed)?;
        wipe(&open.faces);
        Ok(Arc::new(NativeSealedEntry { sealed: Mutex::new(Some(sealed)) }))
    }

    /// Wipes: on back, when the application leaves the foreground, on a turned phone.
    ///
    /// # Errors
    /// `Call(FromHost)`.
    pub fn cancel(&self) -> Result<(), MsgPayError> {
        turn(&self.open)?.leave(core::Keypad::cancel);
        Ok(())
    }

    /// Wipes if there was no press for three minutes; says whether nothing is left. To be called by a timer.
    ///
    /// # Errors
    /// `Call(FromHost)`.
    pub fn wipe_if_idle(&self) -> Result<bool, MsgPayError> {
        let idle = |keypad: &mut core::Keypad| {
            if keypad.wipe_if_idle() { Err(core::EntryFault::Idle) } else { Ok(keypad.length()) }
        };
        Ok(turn(&self.open)?.change(idle).is_err())
    }

    /// To be called whenever what the host can promise may have changed. Another report than that of the opening wipes.
    ///
    /// # Errors
    /// `Keypad(SurfaceChanged)`.
    pub fn surface_changed(&self, surface: Surface) -> Result<(), MsgPayError> {
        let report = surface.into();
        turn(&self.open)?.change(|keypad| keypad.surface_changed(report).map(|()| keypad.length()))?;
        Ok(())
    }

    /// The system tells of a screenshot, a recording or a mirror: wipes.
    ///
    /// # Errors
    /// `Call(FromHost)`.
    pub fn capture_detected(&self) -> Result<(), MsgPayError> {
        turn(&self.open)?.leave(|keypad| {
            keypad.capture_detected();
        });
        Ok(())
    }
}

#[cfg(feature = "desktop")]
impl NativeKeypad {
    /// A press that crosses no line, in nanoseconds. The entry is empty afterwards.
    pub(crate) fn press_ns(&self, slot: u8, now: fn() -> std::time::Instant) -> Result<i64, MsgPayError> {
        let start = now();
        self.press(slot)?;
        let press = now().duration_since(start).as_nanos();
        self.clear()?;
        Ok(i64::try_from(press).unwrap_or(i64::MAX))
    }
}

/// A closed envelope. Only the session that asked for it takes it, once, and only the institution opens it.
#[derive(uniffi::Object)]
pub struct NativeSealedEntry {
    sealed: Mutex<Option<core::SealedEntry>>,
}

impl NativeSealedEntry {
    /// The entry, for the session; it is used up.
    pub(crate) fn take(&self) -> Result<core::SealedEntry, MsgPayError> {
        turn(&self.sealed)?.take().ok_or(call(CallFault::OtherSession))
    }
}

/// The right to use an object. Calls wait for each other; a call from inside the host cannot wait for what waits for
/// it.
pub(crate) fn turn<T>(object: &Mutex<T>) -> Result<MutexGuard<'_, T>, MsgPayError> {
    if in_host() {
        return Err(call(CallFault::FromHost));
    }
    object.lock().map_err(|_| call(CallFault::Broken))
}

/// Copies numbers into the caller's memory.
#[expect(unsafe_code, reason = "pictures and sounds leave no copy on their way")]
fn fill<T: Copy>(what: &[T], address: u64, bytes: u64) -> Result<(), MsgPayError> {
    let fits = u64::try_from(size_of_val(what)).is_ok_and(|size| size == bytes);
    let to = usize::try_from(address).map_err(|_| call(CallFault::PictureMemory))?;
    if !fits || to == 0 {
        return Err(call(CallFault::PictureMemory));
    }
    // SAFETY: the caller vouches for `bytes` writable bytes at `address`, and they are as many as are copied. Bytes are
    // copied as bytes, so alignment does not matter; the core's memory is not the caller's, so they do not overlap.
    unsafe {
        std::ptr::copy_nonoverlapping(
            what.as_ptr().cast::<u8>(),
            std::ptr::with_exposed_provenance_mut::<u8>(to),
            size_of_val(what),
        );
    }
    Ok(())
}
