//! Key faces: 8-bit alpha pictures that the core draws, because a text label could be read by anyone on the phone.
//!
//! Every face is drawn anew with small differences of place, size, slant and weight ([`Jitter`]), so that a table of
//! picture hashes does not tell keys apart. An eye or a classifier still reads them: that is what they are for.

mod glyph;
mod raster;
#[cfg(test)]
mod tests;

use std::fmt;

use zeroize::Zeroizing;

/// A square alpha picture of one key. Its Debug text shows the size only.
pub struct Picture {
    side: u16,
    alpha: Zeroizing<Vec<u8>>,
}

impl Picture {
    /// Width and height in pixels.
    #[must_use]
    pub fn side(&self) -> u16 {
        self.side
    }

    /// `side × side` bytes, row after row from the top left: 0 is clear, 255 is ink.
    // EXPOSE: the picture is made to be seen; the host draws it and keeps no copy after the keypad closes.
    #[must_use]
    pub fn alpha(&self) -> &[u8] {
        &self.alpha
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({} px)", self.side)
    }
}

/// How large faces are drawn, in device pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaceSize(u16);

impl FaceSize {
    /// Smallest side at which the numerals stay legible.
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
    /// The drawing as designed.
    #[cfg(test)]
    pub(crate) const NONE: Self = Self([128; Self::LEN]);

    pub(crate) fn from_random(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    /// The byte as a number in −1..1.
    fn swing(&self, which: usize) -> f32 {
        let byte = self.0.get(which).copied().unwrap_or(128);
        (f32::from(byte) - 128.0) / 128.0
    }
}

/// Draws a numeral, 0 to 9; anything above has no face.
pub(crate) fn numeral(digit: u8, size: FaceSize, jitter: Jitter) -> Option<Picture> {
    let skeleton = glyph::NUMERALS.get(usize::from(digit))?;
    let side = f32::from(size.0);
    let height = side * 0.56;
    let placement = raster::Placement {
        centre: (side / 2.0 + jitter.swing(0) * side * 0.012, side / 2.0 + jitter.swing(1) * side * 0.012),
        height: height * (1.0 + jitter.swing(2) * 0.018),
        stretch: 1.0 + jitter.swing(3) * 0.018,
        turn: jitter.swing(4) * 0.014,
        lean: jitter.swing(5) * 0.014,
        pen: height * 0.104 * (1.0 + jitter.swing(6) * 0.03),
    };
    Some(Picture { side: size.0, alpha: raster::draw(skeleton, &placement, size.0) })
}

/// The mark of a function key: the same for every opening.
pub(crate) fn mark(mark: Mark, size: FaceSize) -> Picture {
    let skeleton = match mark {
        Mark::Delete => glyph::DELETE_MARK,
        Mark::Confirm => glyph::CONFIRM_MARK,
    };
    let side = f32::from(size.0);
    let placement = raster::Placement {
        centre: (side / 2.0, side / 2.0),
        height: side * 0.42,
        stretch: 1.0,
        turn: 0.0,
        lean: 0.0,
        pen: side * 0.042,
    };
    Picture { side: size.0, alpha: raster::draw(skeleton, &placement, size.0) }
}

/// What a function key does, for its mark.
#[derive(Clone, Copy)]
pub(crate) enum Mark {
    /// Takes the last character back.
    Delete,
    /// Ends the entry.
    Confirm,
}

/// The ten numerals in order and the two marks, as designed: for looking at them, never part of a shipped library.
#[cfg(feature = "specimen")]
#[must_use]
pub fn specimen(size: FaceSize) -> Vec<Picture> {
    (0..10)
        .filter_map(|digit| numeral(digit, size, Jitter([128; Jitter::LEN])))
        .chain([mark(Mark::Delete, size), mark(Mark::Confirm, size)])
        .collect()
}
