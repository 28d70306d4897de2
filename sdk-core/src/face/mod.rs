//! Key faces: 8-bit alpha pictures that the core draws, because a text label could be read by anyone on the phone.
//!
//! Every face is drawn anew with small differences of place, size, slant and weight ([`Jitter`]), so that a table of
//! picture hashes does not tell keys apart. An eye or a classifier still reads them: that is what they are for.
//! A picture has no colour: the host tints it, light on dark or dark on light.
//!
//! ```text
//! glyph     skeleton of each character and mark
//! raster    skeleton + placement ──► ink
//! here      character, mark, line: which skeleton, laid where
//! ```

mod glyph;
mod raster;
#[cfg(feature = "specimen")]
pub mod specimen;
#[cfg(test)]
mod tests;

use std::fmt;

use msgpay_crypto::classify::{self, Reason};
use zeroize::Zeroizing;

use self::raster::Placement;

/// An alpha picture of one key, or of one line. Its Debug text shows the size only.
pub struct Picture {
    width: u16,
    height: u16,
    alpha: Zeroizing<Vec<u8>>,
}

impl Picture {
    /// Without ink.
    fn clear(width: u16, height: u16) -> Self {
        let alpha = Zeroizing::new(vec![0; usize::from(width) * usize::from(height)]);
        Self { width, height, alpha }
    }

    /// Columns, in pixels.
    #[must_use]
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Rows, in pixels.
    #[must_use]
    pub fn height(&self) -> u16 {
        self.height
    }

    /// `width × height` bytes, row after row from the top left: 0 is clear, 255 is ink.
    // EXPOSE: the picture is made to be seen; the host draws it and keeps no copy after the keypad closes.
    #[must_use]
    pub fn alpha(&self) -> &[u8] {
        &self.alpha
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({} × {} px)", self.width, self.height)
    }
}

/// How large faces are drawn, in device pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaceSize(u16);

impl FaceSize {
    /// Smallest side at which the characters stay legible.
    pub const SIDE_PX_MIN: u16 = 24;
    /// Largest side that is drawn.
    pub const SIDE_PX_MAX: u16 = 512;

    /// A face of `side_px` × `side_px` pixels, brought into 24..=512.
    #[must_use]
    pub fn square(side_px: u16) -> Self {
        Self(side_px.clamp(Self::SIDE_PX_MIN, Self::SIDE_PX_MAX))
    }

    /// The side in pixels.
    #[must_use]
    pub fn side_px(self) -> u16 {
        self.0
    }
}

/// The small differences of one drawing: 8 bits each for place (2), size, width, slant (2) and weight, 56 in all.
#[derive(Clone, Copy)]
pub(crate) struct Jitter([u8; Jitter::LEN]);

impl Jitter {
    /// Random bytes that one drawing takes.
    pub(crate) const LEN: usize = 7;
    /// As designed.
    pub(crate) const NONE: Self = Self([128; Self::LEN]);

    pub(crate) fn from_random(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    /// All of it.
    pub(crate) fn bytes(&self) -> [u8; Self::LEN] {
        self.0
    }

    /// The byte as a number in −1..1.
    pub(crate) fn swing(&self, which: usize) -> f32 {
        let byte = self.0.get(which).copied().unwrap_or(128);
        (f32::from(byte) - 128.0) / 128.0
    }
}

/// Height of a capital against the side of its picture.
const CAPITAL: f32 = 0.52;
/// Width of the pen against the height of a capital.
const PEN: f32 = 0.108;

/// Draws a printable ASCII character, `0x21..=0x7E`; nothing else has a face.
pub(crate) fn character(ch: u8, size: FaceSize, jitter: Jitter) -> Option<Picture> {
    let skeleton = glyph::skeleton(ch)?;
    let side = f32::from(size.0);
    let height = side * CAPITAL;
    let placement = Placement {
        centre: (side / 2.0 + jitter.swing(0) * side * 0.012, side / 2.0 + jitter.swing(1) * side * 0.012),
        height: height * (1.0 + jitter.swing(2) * 0.018),
        stretch: 1.0 + jitter.swing(3) * 0.018,
        turn: jitter.swing(4) * 0.014,
        lean: jitter.swing(5) * 0.014,
        pen: height * PEN * (1.0 + jitter.swing(6) * 0.03),
    };
    let mut picture = Picture::clear(size.0, size.0);
    raster::ink(&mut picture, skeleton, &placement);
    Some(picture)
}

/// What a function key does, for its mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Takes the last character back.
    Delete,
    /// Ends the entry.
    Confirm,
    /// Turns between small and capital letters.
    Shift,
    /// Turns to the page of digits.
    Digits,
    /// Turns to the page of symbols.
    Symbols,
    /// Turns to the page of letters.
    Letters,
}

/// The mark of a function key: the same for every opening.
pub(crate) fn mark(mark: Mark, size: FaceSize) -> Picture {
    let skeleton = match mark {
        Mark::Delete => glyph::DELETE,
        Mark::Confirm => glyph::CONFIRM,
        Mark::Shift => glyph::SHIFT,
        Mark::Digits => return word(b"123", size),
        Mark::Symbols => return word(b"#+=", size),
        Mark::Letters => return word(b"abc", size),
    };
    let side = f32::from(size.0);
    let placement = Placement::upright((side / 2.0, side / 2.0), side * 0.42, side * 0.042);
    let mut picture = Picture::clear(size.0, size.0);
    raster::ink(&mut picture, skeleton, &placement);
    picture
}

/// Three characters that name a page.
fn word(text: &[u8], size: FaceSize) -> Picture {
    let side = f32::from(size.0);
    let mut picture = Picture::clear(size.0, size.0);
    for (skeleton, place) in text.iter().filter_map(|ch| glyph::skeleton(*ch)).zip([-1.0, 0.0, 1.0]) {
        let centre = (side * (0.5 + place * 0.22), side * 0.5);
        raster::ink(&mut picture, skeleton, &Placement::upright(centre, side * 0.25, side * 0.034));
    }
    picture
}

impl Placement {
    fn upright(centre: (f32, f32), height: f32, pen: f32) -> Self {
        Self { centre, height, stretch: 1.0, turn: 0.0, lean: 0.0, pen }
    }
}

/// Characters that a line draws at most.
pub(crate) const LINE_MAX: usize = 64;

/// Draws a line of characters at even distances, with a gap after each group: the review of a number.
///
/// `height_px` is brought into 24..=512; the width follows from the number of characters and of groups alone.
/// What has no face leaves its place empty. Called inside the clean room: `text` is read in place, nothing of it is
/// kept but the picture.
// EXPOSE: the person who typed the number sees it again before it is sealed; the picture wipes itself when dropped.
pub(crate) fn line(text: &[u8], groups: &[u8], height_px: u16) -> Picture {
    let size = FaceSize::square(height_px);
    let height = f32::from(size.0) * CAPITAL;
    let (advance, gap, margin) = (height * 0.80, height * 0.62, height * 0.20);
    let drawn = text.len().min(LINE_MAX);
    let shown = |ch: &u8| classify::public_byte(*ch, Reason::Reviewed);
    let places = || (0_u8..).zip(text).take(LINE_MAX).map(|(index, ch)| (index, shown(ch)));
    let x = |index: u8| margin + advance * f32::from(index) + gap * gaps_before(index, groups);
    let last = u8::try_from(drawn).map_or(0, |count| count.saturating_sub(1));
    let mut picture = Picture::clear(whole(x(last) + advance + margin), size.0);
    for (index, ch) in places() {
        if let Some(skeleton) = glyph::skeleton(ch) {
            let centre = (x(index) + advance / 2.0, f32::from(size.0) / 2.0);
            raster::ink(&mut picture, skeleton, &Placement::upright(centre, height, height * PEN));
        }
    }
    picture
}

/// Groups that are full before the character of this index.
fn gaps_before(index: u8, groups: &[u8]) -> f32 {
    let ends = groups.iter().scan(0_u8, |end, group| {
        *end = end.saturating_add(*group);
        Some(*end)
    });
    ends.take_while(|end| *end <= index).map(|_| 1.0).sum()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float becomes the nearest u16"
)]
fn whole(pixels: f32) -> u16 {
    pixels.ceil() as u16
}
