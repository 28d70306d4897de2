//! From a skeleton to 8-bit alpha: the pen is a disc, its edge is blended over one pixel.
//!
//! A pixel's cover is `half pen − distance to the skeleton + ½`, clamped to 0..1; of all line pieces the greatest
//! cover counts. The pieces are never gathered: the strokes are walked twice, once for their width, once to ink them.

use std::ops::Range;

use super::{Picture, glyph::Stroke};

/// How a skeleton is laid on the picture: `pixel = turn · (point − middle) · height + centre`.
#[derive(Clone, Copy)]
pub(super) struct Placement {
    /// Where the skeleton's middle comes to lie, in pixels.
    pub(super) centre: (f32, f32),
    /// Height of a capital in pixels, without the pen.
    pub(super) height: f32,
    /// Width against height, 1 as drawn.
    pub(super) stretch: f32,
    /// Radians, clockwise.
    pub(super) turn: f32,
    /// Radians, to the right at the top.
    pub(super) lean: f32,
    /// The pen's width in pixels.
    pub(super) pen: f32,
}

/// A line piece: `[x0, y0, x1, y1]`.
type Piece = [f32; 4];

/// A dot's way: together with the pen it is half as wide again than a stroke.
const DOT_RADIUS: f32 = 0.024;

/// Inks the skeleton on the picture.
pub(super) fn ink(picture: &mut Picture, skeleton: &[Stroke], placement: &Placement) {
    let (mut left, mut right) = (f32::MAX, f32::MIN);
    trace(skeleton, placement.height, |[x0, _, x1, _]| {
        left = left.min(x0).min(x1);
        right = right.max(x0).max(x1);
    });
    let middle = f32::midpoint(left, right);
    let (sin, cos) = placement.turn.sin_cos();
    let lean = placement.lean.tan();
    let put = |x: f32, y: f32| {
        let (x, y) = ((x - middle) * placement.stretch, y - 0.5);
        let (x, y) = ((x - y * lean) * placement.height, y * placement.height);
        (placement.centre.0 + x * cos - y * sin, placement.centre.1 + x * sin + y * cos)
    };
    trace(skeleton, placement.height, |[x0, y0, x1, y1]| {
        let ((x0, y0), (x1, y1)) = (put(x0, y0), put(x1, y1));
        cover(picture, [x0, y0, x1, y1], placement.pen / 2.0 + 0.5);
    });
}

/// Walks the strokes as straight pieces, fine enough for a capital of `height` pixels.
fn trace(skeleton: &[Stroke], height: f32, mut piece: impl FnMut(Piece)) {
    let mut pen = (0.0_f32, 0.0_f32);
    let mut line = |pen: &mut (f32, f32), to: (f32, f32)| {
        if *pen != to {
            piece([pen.0, pen.1, to.0, to.1]);
        }
        *pen = to;
    };
    for stroke in skeleton {
        match *stroke {
            Stroke::Move(x, y) => pen = (x, y),
            Stroke::Line(x, y) => line(&mut pen, (x, y)),
            Stroke::Curve([a, b, c]) => {
                let start = pen;
                let way = length(start, a) + length(a, b) + length(b, c);
                for share in shares(2.5 * (way * height).sqrt()) {
                    line(&mut pen, bezier(start, a, b, c, share));
                }
            }
            Stroke::Arc { centre, radius, from, to } => {
                let (first, turn) = (from.to_radians(), (to - from).to_radians());
                let steps = turn.abs() * (radius.0.max(radius.1) * height / 0.4).sqrt();
                for share in std::iter::once(0.0).chain(shares(steps)) {
                    let angle = first + turn * share;
                    line(&mut pen, (centre.0 + radius.0 * angle.cos(), centre.1 + radius.1 * angle.sin()));
                }
            }
            Stroke::Dot(x, y) => {
                pen = (x - DOT_RADIUS, y);
                for (x, y) in [(x, y - DOT_RADIUS), (x + DOT_RADIUS, y), (x, y + DOT_RADIUS)] {
                    line(&mut pen, (x, y));
                }
            }
        }
    }
}

/// `1/n, 2/n, … 1` for n about `steps`: each piece is within 1/20 pixel of its curve.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 4..=200 before")]
fn shares(steps: f32) -> impl Iterator<Item = f32> {
    let steps = steps.ceil().clamp(4.0, 200.0) as u8;
    (1..=steps).map(move |step| f32::from(step) / f32::from(steps))
}

fn length(a: (f32, f32), b: (f32, f32)) -> f32 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

fn bezier(p: (f32, f32), a: (f32, f32), b: (f32, f32), c: (f32, f32), t: f32) -> (f32, f32) {
    let s = 1.0 - t;
    let weights = (s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t);
    let along =
        |p: f32, a: f32, b: f32, c: f32| weights.0 * p + weights.1 * a + weights.2 * b + weights.3 * c;
    (along(p.0, a.0, b.0, c.0), along(p.1, a.1, b.1, c.1))
}

/// Darkens each pixel whose middle is within `reach` of the piece.
fn cover(picture: &mut Picture, [x0, y0, x1, y1]: Piece, reach: f32) {
    let columns = pixels(x0.min(x1) - reach, x0.max(x1) + reach, picture.width);
    let rows = pixels(y0.min(y1) - reach, y0.max(y1) + reach, picture.height);
    let (dx, dy) = (x1 - x0, y1 - y0);
    let length = (dx * dx + dy * dy).max(f32::EPSILON);
    let width = usize::from(picture.width);
    for row in rows {
        let y = f32::from(row) + 0.5 - y0;
        let from = usize::from(row) * width;
        let span = from + usize::from(columns.start)..from + usize::from(columns.end);
        let Some(pixels) = picture.alpha.get_mut(span) else { continue };
        for (column, pixel) in columns.clone().zip(pixels) {
            let x = f32::from(column) + 0.5 - x0;
            let along = ((x * dx + y * dy) / length).clamp(0.0, 1.0);
            let (ex, ey) = (x - along * dx, y - along * dy);
            let distance = ex * ex + ey * ey;
            if distance < reach * reach {
                *pixel = (*pixel).max(to_alpha(reach - distance.sqrt()));
            }
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=side before")]
fn pixels(from: f32, to: f32, side: u16) -> Range<u16> {
    let last = f32::from(side);
    (from.floor().clamp(0.0, last) as u16)..(to.ceil().clamp(0.0, last) as u16)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=255 before")]
fn to_alpha(cover: f32) -> u8 {
    (cover.clamp(0.0, 1.0) * 255.0).round() as u8
}
