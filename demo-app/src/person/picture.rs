//! What reaches the eye.

use super::Unsure;

/// Share of the brightness range below which a screenshot shows nothing but its background.
const CONTRAST_MIN: f32 = 0.25;

/// Ink, row by row: 0 = nothing, 1 = as dark as it gets in this picture.
#[derive(Clone, Debug)]
pub struct Picture {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) ink: Vec<f32>,
}

impl Picture {
    /// A picture of coverage, `width * height` bytes: 0 = clear, 255 = full ink.
    ///
    /// # Errors
    /// [`Unsure::Misshapen`] when the bytes do not fill the picture; [`Unsure::Blank`] when there is nothing on it.
    pub fn from_alpha(width: usize, height: usize, alpha: &[u8]) -> Result<Self, Unsure> {
        check_size(width, height, alpha)?;
        let ink = alpha.iter().map(|&byte| f32::from(byte) / 255.0).collect();
        Self { width, height, ink }.stretched()
    }

    /// A region of a screenshot as brightness, `width * height` bytes: dark on light or light on dark.
    /// What touches the region's edge (a hairline, a neighbour) is not part of the sign and is left out.
    ///
    /// # Errors
    /// As [`Picture::from_alpha`].
    pub fn from_luma(width: usize, height: usize, luma: &[u8]) -> Result<Self, Unsure> {
        check_size(width, height, luma)?;
        let ground = f32::from(median(luma));
        let ink = luma.iter().map(|&byte| (f32::from(byte) - ground).abs() / 255.0).collect();
        let mut picture = Self { width, height, ink }.stretched()?;
        picture.drop_what_touches_the_edge();
        picture.stretched()
    }

    /// The ink at a place; nothing outside.
    pub(super) fn at(&self, x: usize, y: usize) -> f32 {
        if x < self.width && y < self.height {
            self.ink.get(y * self.width + x).copied().unwrap_or(0.0)
        } else {
            0.0
        }
    }

    /// The darkest place becomes 1.
    fn stretched(mut self) -> Result<Self, Unsure> {
        let most = self.ink.iter().copied().fold(0.0, f32::max);
        if most < CONTRAST_MIN {
            return Err(Unsure::Blank);
        }
        self.ink.iter_mut().for_each(|ink| *ink /= most);
        Ok(self)
    }

    fn drop_what_touches_the_edge(&mut self) {
        let (width, height) = (self.width, self.height);
        let on_edge = |at: usize| {
            let (x, y) = (at % width, at / width);
            x == 0 || y == 0 || x + 1 == width || y + 1 == height
        };
        let mut open: Vec<usize> = (0..width * height).filter(|&at| on_edge(at)).collect();
        while let Some(at) = open.pop() {
            let Some(ink) = self.ink.get_mut(at).filter(|ink| **ink > 0.1) else { continue };
            *ink = 0.0;
            let (x, y) = (at % width, at / width);
            open.extend(
                [(x > 0, at.wrapping_sub(1)), (x + 1 < width, at + 1)]
                    .iter()
                    .filter(|near| near.0)
                    .map(|near| near.1),
            );
            open.extend(
                [(y > 0, at.wrapping_sub(width)), (y + 1 < height, at + width)]
                    .iter()
                    .filter(|near| near.0)
                    .map(|near| near.1),
            );
        }
    }
}

fn check_size(width: usize, height: usize, bytes: &[u8]) -> Result<(), Unsure> {
    if bytes.is_empty() || width.checked_mul(height) != Some(bytes.len()) {
        return Err(Unsure::Misshapen);
    }
    Ok(())
}

fn median(bytes: &[u8]) -> u8 {
    let mut counts = [0usize; 256];
    for &byte in bytes {
        counts[usize::from(byte)] += 1;
    }
    let mut below = 0;
    (0..=u8::MAX)
        .find(|&byte| {
            below += counts[usize::from(byte)];
            below * 2 >= bytes.len()
        })
        .unwrap_or(u8::MAX)
}
