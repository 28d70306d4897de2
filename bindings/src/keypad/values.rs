//! Plain values of a keypad. Each is the core's, with named fields.

use msgpay_sdk_core as core;

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

/// Where a key lies and what it does. Its face comes by [`crate::NativeKeypad::draw`]; there is no label.
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
