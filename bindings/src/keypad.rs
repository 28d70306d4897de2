//! The keypad across the line: slots in, pictures out, no character either way.

use std::sync::{Arc, Mutex, MutexGuard};

use msgpay_sdk_core as core;

use crate::{
    fault::{CallFault, MsgPayError, call},
    host::in_host,
};

/// What the host promises of the surface that the keypad is drawn on. What it cannot do is told to the institution
/// inside the sealed entry; two duties are required.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Surface {
    /// Screenshots, recording and casting show nothing of the keypad.
    pub capture_blocked: bool,
    /// Touches that pass through another application's window are dropped.
    pub obscured_touches_filtered: bool,
    /// No text field, input method or clipboard takes part. Required.
    pub no_text_field: bool,
    /// After a press no coordinate, event or slot is kept, and no feedback tells keys apart. Required.
    pub nothing_kept: bool,
    /// Sound goes to one person's ear only. Required for a keypad that is listened to.
    pub audio_private: bool,
}

impl From<Surface> for core::SurfaceReport {
    fn from(surface: Surface) -> Self {
        Self {
            capture_blocked: surface.capture_blocked,
            obscured_touches_filtered: surface.obscured_touches_filtered,
            no_text_field: surface.no_text_field,
            nothing_kept: surface.nothing_kept,
            audio_private: surface.audio_private,
        }
    }
}

/// What an entry is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum EntryUse {
    /// The password.
    Password,
    /// A new password.
    PasswordNew,
    /// The new password again.
    PasswordRepeat,
    /// Another one, of a later version.
    Other,
}

/// The language of a keypad that is listened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Language {
    /// Mandarin.
    Chinese,
    /// English.
    English,
}

impl From<Language> for core::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::Chinese => Self::Chinese,
            Language::English => Self::English,
        }
    }
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum KeyAction {
    /// `press` with this number.
    Slot {
        /// No other key has it, on whatever page.
        slot: u8,
    },
    /// `erase`.
    Delete,
    /// `confirm`.
    Confirm,
    /// Show the keys of this page instead.
    Page {
        /// The page.
        page: u8,
    },
}

/// Where a key lies and what it does. Its face comes by [`NativeKeypad::draw`]; there is no label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct KeyPlace {
    /// Shown together with the keys of the same page; page 0 first.
    pub page: u8,
    /// From the top, from 0.
    pub row: u8,
    /// From the left, from 0.
    pub column: u8,
    /// Columns that it covers.
    pub span: u8,
    /// What to call when it is pressed.
    pub action: KeyAction,
    /// Columns of its face, in pixels.
    pub width_px: u16,
    /// Rows of its face, in pixels.
    pub height_px: u16,
    /// Samples of its sound; 0 on a keypad that is seen.
    pub samples: u32,
}

/// What is to be typed, before any layout exists. It opens once.
#[derive(uniffi::Object)]
pub struct NativeEntry {
    entry: Mutex<Option<core::Entry>>,
    purpose: EntryUse,
    length_min: u32,
    length_max: u32,
}

impl NativeEntry {
    pub(crate) fn of(entry: core::Entry) -> Arc<Self> {
        let purpose = match entry.purpose() {
            core::EntryPurpose::Password => EntryUse::Password,
            core::EntryPurpose::PasswordNew => EntryUse::PasswordNew,
            core::EntryPurpose::PasswordRepeat => EntryUse::PasswordRepeat,
            _ => EntryUse::Other,
        };
        let lengths = entry.lengths();
        let length = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let (length_min, length_max) = (length(*lengths.start()), length(*lengths.end()));
        Arc::new(Self { entry: Mutex::new(Some(entry)), purpose, length_min, length_max })
    }

    fn opened(
        &self,
        open: impl FnOnce(core::Entry) -> Result<(core::Keypad, Vec<core::Key>), core::EntryFault>,
    ) -> Result<Arc<NativeKeypad>, MsgPayError> {
        let entry = turn(&self.entry)?.take().ok_or(call(CallFault::OtherSession))?;
        let (keypad, keys) = open(entry)?;
        Ok(Arc::new(NativeKeypad { open: Mutex::new(Open { keypad, keys }) }))
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
        self.opened(|entry| entry.open(surface.into(), core::FaceSize::square(face_px)))
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
        self.opened(|entry| {
            entry.open_spoken(surface.into(), core::FaceSize::square(face_px), language.into())
        })
    }
}

/// A keypad in use. Dropping it wipes it; [`NativeKeypad::cancel`] does so at once.
#[derive(uniffi::Object)]
pub struct NativeKeypad {
    open: Mutex<Open>,
}

struct Open {
    keypad: core::Keypad,
    /// Faces and sounds; wiped with the keypad.
    keys: Vec<core::Key>,
}

impl Open {
    /// A keypad that is gone takes its pictures along.
    fn done<T>(&mut self, done: Result<T, core::EntryFault>) -> Result<T, MsgPayError> {
        if done.as_ref().is_err_and(|fault| fault.wiped()) {
            self.keys.clear();
        }
        Ok(done?)
    }

    fn key(&self, key: u32) -> Result<&core::Key, MsgPayError> {
        let closed = MsgPayError::from(core::EntryFault::Closed);
        if self.keys.is_empty() {
            return Err(closed);
        }
        usize::try_from(key).ok().and_then(|at| self.keys.get(at)).ok_or(call(CallFault::NoSuchKey))
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
        Ok(turn(&self.open)?.keys.iter().map(place).collect())
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
        let open = turn(&self.open)?;
        fill(open.key(key)?.face.alpha(), address, bytes)
    }

    /// Copies a key's sound: `samples` signed 16-bit samples of 16 kHz, one channel, in the order of this machine.
    ///
    /// Danger: as [`NativeKeypad::draw`].
    ///
    /// # Errors
    /// As [`NativeKeypad::draw`].
    pub fn sound(&self, key: u32, address: u64, bytes: u64) -> Result<(), MsgPayError> {
        let open = turn(&self.open)?;
        let clip = open.key(key)?.clip.as_ref().ok_or(call(CallFault::NoSuchKey))?;
        fill(clip.samples(), address, bytes)
    }

    /// Seals one press at once; gives the number of characters now entered.
    ///
    /// # Errors
    /// `Keypad`.
    pub fn press(&self, slot: u8) -> Result<u32, MsgPayError> {
        let mut open = turn(&self.open)?;
        let pressed = open.keypad.press(slot);
        open.done(pressed).map(count)
    }

    /// Takes the last character back; gives the number left.
    ///
    /// # Errors
    /// `Keypad`.
    pub fn erase(&self) -> Result<u32, MsgPayError> {
        let mut open = turn(&self.open)?;
        let erased = open.keypad.erase();
        open.done(erased).map(count)
    }

    /// Takes all characters back.
    ///
    /// # Errors
    /// `Keypad`.
    pub fn clear(&self) -> Result<u32, MsgPayError> {
        let mut open = turn(&self.open)?;
        let cleared = open.keypad.clear();
        open.done(cleared).map(count)
    }

    /// Closes the envelope and wipes what is left.
    ///
    /// # Errors
    /// `Keypad(Length)` leaves the entry as it is.
    pub fn confirm(&self) -> Result<Arc<NativeSealedEntry>, MsgPayError> {
        let mut open = turn(&self.open)?;
        let confirmed = open.keypad.confirm();
        let sealed = open.done(confirmed)?;
        open.keys.clear();
        Ok(Arc::new(NativeSealedEntry { sealed: Mutex::new(Some(sealed)) }))
    }

    /// Wipes: on back, when the application leaves the foreground, on a turned phone.
    ///
    /// # Errors
    /// `Call(FromHost)`.
    pub fn cancel(&self) -> Result<(), MsgPayError> {
        let mut open = turn(&self.open)?;
        open.keypad.cancel();
        open.keys.clear();
        Ok(())
    }

    /// Wipes if there was no press for three minutes; says whether nothing is left. To be called by a timer.
    ///
    /// # Errors
    /// `Call(FromHost)`.
    pub fn wipe_if_idle(&self) -> Result<bool, MsgPayError> {
        let mut open = turn(&self.open)?;
        let gone = open.keypad.wipe_if_idle();
        if gone {
            open.keys.clear();
        }
        Ok(gone)
    }

    /// To be called whenever what the host can promise may have changed. Another report than that of the opening wipes.
    ///
    /// # Errors
    /// `Keypad(SurfaceChanged)`.
    pub fn surface_changed(&self, surface: Surface) -> Result<(), MsgPayError> {
        let mut open = turn(&self.open)?;
        let changed = open.keypad.surface_changed(surface.into());
        open.done(changed)
    }

    /// The system tells of a screenshot, a recording or a mirror: wipes.
    ///
    /// # Errors
    /// `Call(FromHost)`.
    pub fn capture_detected(&self) -> Result<(), MsgPayError> {
        let mut open = turn(&self.open)?;
        open.keypad.capture_detected();
        open.keys.clear();
        Ok(())
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
