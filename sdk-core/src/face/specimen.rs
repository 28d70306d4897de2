//! The drawings alone, for looking at them and for readers that judge them: never part of a shipped library.

use super::{FaceSize, Jitter, Mark, Picture};

/// The face of a printable character as designed.
#[must_use]
pub fn character(ch: u8, size: FaceSize) -> Option<Picture> {
    super::character(ch, size, Jitter::NONE)
}

/// The face of a printable character with the jitter that these random bytes give.
#[must_use]
pub fn varied(ch: u8, size: FaceSize, random: [u8; 7]) -> Option<Picture> {
    super::character(ch, size, Jitter::from_random(random))
}

/// The marks: delete, confirm, shift, digits, symbols, letters.
#[must_use]
pub fn marks(size: FaceSize) -> Vec<Picture> {
    let all = [Mark::Delete, Mark::Confirm, Mark::Shift, Mark::Digits, Mark::Symbols, Mark::Letters];
    all.into_iter().map(|mark| super::mark(mark, size)).collect()
}

/// A line as the review shows it.
#[must_use]
pub fn line(text: &[u8], groups: &[u8], height_px: u16) -> Picture {
    super::line(text, groups, height_px)
}
