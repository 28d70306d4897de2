//! A face as it is seen: tinted, beside other letters, at a height that a reader of print is used to.

use msgpay_sdk_core::{FaceSize, Picture, specimen};

/// How the host tints a face.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Theme {
    Light,
    Dark,
}

impl Theme {
    /// Grey of the ground and of the ink.
    fn greys(self) -> (u8, u8) {
        match self {
            Self::Light => (255, 29),
            Self::Dark => (21, 235),
        }
    }
}

/// What stands on both sides of the face, so that a reader sees how high a capital and a small letter are: without
/// them nobody can tell `s` from `S`, or a comma from an apostrophe.
pub(crate) const NEIGHBOURS: &[u8] = b"Hx";

/// Height of a capital in what is read: Tesseract's own advice is 20 to 30 pixels or a little more.
const CAPITAL_PX: f32 = 30.0;
/// Height of a capital against its picture, for the scale alone.
const CAPITAL: f32 = 0.52;

/// A grey picture, row after row.
pub(crate) struct Shot {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) grey: Vec<u8>,
}

/// The neighbours, the face, the neighbours again.
pub(crate) fn among_neighbours(face: &Picture, theme: Theme) -> Shot {
    let size = FaceSize::square(face.width());
    let side = usize::from(face.width());
    let gap = side / 12;
    let beside: Vec<Picture> =
        NEIGHBOURS.iter().map(|letter| specimen::character(*letter, size).unwrap()).collect();
    let strips = beside.iter().chain([face]).chain(&beside).map(|picture| inked(picture, gap));
    let columns: Vec<Vec<u8>> = strips.flatten().collect();

    let margin = side / 4;
    let (width, height) = (columns.len() + 2 * margin, side + 2 * margin);
    let mut alpha = vec![0; width * height];
    for (x, column) in (margin..).zip(&columns) {
        for (y, pixel) in (margin..).zip(column) {
            alpha[y * width + x] = *pixel;
        }
    }
    tinted(
        scaled(&Shot { width, height, grey: alpha }, CAPITAL_PX / (f32::from(face.width()) * CAPITAL)),
        theme,
    )
}

/// The columns from the first ink to the last, with a gap on both sides.
fn inked(picture: &Picture, gap: usize) -> Vec<Vec<u8>> {
    let side = usize::from(picture.width());
    let column = |x: usize| picture.alpha().iter().skip(x).step_by(side).copied().collect::<Vec<u8>>();
    let has_ink = |x: &usize| column(*x).iter().any(|pixel| *pixel > 30);
    let first = (0..side).find(has_ink).unwrap_or(0);
    let last = (0..side).rev().find(has_ink).unwrap_or(side - 1);
    (first.saturating_sub(gap)..(last + 1 + gap).min(side)).map(column).collect()
}

/// Between the four nearest pixels; halving is the mean of four.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "sizes are below 2^16 and greys below 2^8"
)]
fn scaled(shot: &Shot, factor: f32) -> Shot {
    let (width, height) = ((shot.width as f32 * factor) as usize, (shot.height as f32 * factor) as usize);
    let at = |x: usize, y: usize| {
        let (x, y) = (x.min(shot.width - 1), y.min(shot.height - 1));
        f32::from(shot.grey[y * shot.width + x])
    };
    let mut grey = Vec::with_capacity(width * height);
    for row in 0..height {
        let y = ((row as f32 + 0.5) / factor - 0.5).max(0.0);
        for column in 0..width {
            let x = ((column as f32 + 0.5) / factor - 0.5).max(0.0);
            let (left, top) = (x as usize, y as usize);
            let (right, down) = (x.fract(), y.fract());
            let above = at(left, top) * (1.0 - right) + at(left + 1, top) * right;
            let below = at(left, top + 1) * (1.0 - right) + at(left + 1, top + 1) * right;
            grey.push((above * (1.0 - down) + below * down).round() as u8);
        }
    }
    Shot { width, height, grey }
}

fn tinted(mut shot: Shot, theme: Theme) -> Shot {
    let (ground, ink) = theme.greys();
    for pixel in &mut shot.grey {
        let alpha = u32::from(*pixel);
        let mixed = (u32::from(ground) * (255 - alpha) + u32::from(ink) * alpha) / 255;
        *pixel = u8::try_from(mixed).unwrap();
    }
    shot
}
