//! From a skeleton to an 8-bit alpha picture: the pen is a disc, its edge is blended over one pixel.
//!
//! A pixel's cover is `half pen − distance to the skeleton + ½`, clamped to 0..1. Distances are kept squared in one
//! buffer, and each line piece touches only the pixels that it can cover. The buffer is wiped when dropped.

use zeroize::Zeroizing;

use super::glyph::Stroke;

/// How a skeleton is laid on the picture: `pixel = turn · (point − middle) · height + centre`.
#[derive(Clone, Copy)]
pub(super) struct Placement {
    /// Where the skeleton's middle comes to lie, in pixels.
    pub(super) centre: (f32, f32),
    /// Height of the skeleton in pixels, without the pen.
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

/// Draws the skeleton on a square of `side` pixels; row after row, 0 is clear and 255 is ink.
pub(super) fn draw(skeleton: &[Stroke], placement: &Placement, side: u16) -> Zeroizing<Vec<u8>> {
    let mut pieces = Zeroizing::new(flatten(skeleton));
    place(&mut pieces, placement);
    let side_px = usize::from(side);
    let mut distances = Zeroizing::new(vec![f32::MAX; side_px * side_px]);
    for piece in pieces.iter() {
        measure(&mut distances, side, piece, placement.pen / 2.0 + 1.0);
    }
    let mut alpha = Zeroizing::new(vec![0_u8; side_px * side_px]);
    for (pixel, distance) in alpha.iter_mut().zip(distances.iter()) {
        *pixel = to_alpha(placement.pen / 2.0 - distance.sqrt() + 0.5);
    }
    alpha
}

/// A line piece: `[x0, y0, x1, y1]`.
type Piece = [f32; 4];

/// Steps of a curve or an arc: below 1/50 pixel of error at 512 pixels.
const STEPS: u16 = 40;

fn flatten(skeleton: &[Stroke]) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(skeleton.len() * usize::from(STEPS));
    let mut pen = (0.0_f32, 0.0_f32);
    let mut line = |pen: &mut (f32, f32), to: (f32, f32)| {
        if *pen != to {
            pieces.push([pen.0, pen.1, to.0, to.1]);
        }
        *pen = to;
    };
    for stroke in skeleton {
        match *stroke {
            Stroke::Move(x, y) => pen = (x, y),
            Stroke::Line(x, y) => line(&mut pen, (x, y)),
            Stroke::Curve([a, b, c]) => {
                let start = pen;
                for step in 1..=STEPS {
                    let t = f32::from(step) / f32::from(STEPS);
                    line(&mut pen, bezier(start, a, b, c, t));
                }
            }
            Stroke::Arc { centre, radius, from, to } => {
                for step in 0..=STEPS {
                    let angle = (from + (to - from) * f32::from(step) / f32::from(STEPS)).to_radians();
                    let point = (centre.0 + radius.0 * angle.cos(), centre.1 + radius.1 * angle.sin());
                    line(&mut pen, point);
                }
            }
        }
    }
    pieces
}

fn bezier(p: (f32, f32), a: (f32, f32), b: (f32, f32), c: (f32, f32), t: f32) -> (f32, f32) {
    let s = 1.0 - t;
    let weights = (s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t);
    let along =
        |p: f32, a: f32, b: f32, c: f32| weights.0 * p + weights.1 * a + weights.2 * b + weights.3 * c;
    (along(p.0, a.0, b.0, c.0), along(p.1, a.1, b.1, c.1))
}

fn place(pieces: &mut [Piece], placement: &Placement) {
    let (mut left, mut right) = (f32::MAX, f32::MIN);
    for piece in pieces.iter() {
        left = left.min(piece[0]).min(piece[2]);
        right = right.max(piece[0]).max(piece[2]);
    }
    let middle = f32::midpoint(left, right);
    let (sin, cos) = placement.turn.sin_cos();
    let put = |x: f32, y: f32| {
        let (x, y) = ((x - middle) * placement.stretch, y - 0.5);
        let x = x - y * placement.lean.tan();
        let (x, y) = (x * placement.height, y * placement.height);
        (placement.centre.0 + x * cos - y * sin, placement.centre.1 + x * sin + y * cos)
    };
    for piece in pieces.iter_mut() {
        let (x0, y0) = put(piece[0], piece[1]);
        let (x1, y1) = put(piece[2], piece[3]);
        *piece = [x0, y0, x1, y1];
    }
}

/// Keeps, for each pixel within `reach` of the piece, the smaller squared distance of its middle.
fn measure(distances: &mut [f32], side: u16, piece: &Piece, reach: f32) {
    let [x0, y0, x1, y1] = *piece;
    let columns = pixels(x0.min(x1) - reach, x0.max(x1) + reach, side);
    let rows = pixels(y0.min(y1) - reach, y0.max(y1) + reach, side);
    let (dx, dy) = (x1 - x0, y1 - y0);
    let length = (dx * dx + dy * dy).max(f32::EPSILON);
    for row in rows {
        let y = f32::from(row) + 0.5 - y0;
        let start = usize::from(row) * usize::from(side);
        for column in columns.clone() {
            let x = f32::from(column) + 0.5 - x0;
            let along = ((x * dx + y * dy) / length).clamp(0.0, 1.0);
            let (ex, ey) = (x - along * dx, y - along * dy);
            let distance = ex * ex + ey * ey;
            if let Some(kept) = distances.get_mut(start + usize::from(column)) {
                *kept = kept.min(distance);
            }
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=side before")]
fn pixels(from: f32, to: f32, side: u16) -> std::ops::Range<u16> {
    let last = f32::from(side);
    (from.floor().clamp(0.0, last) as u16)..(to.ceil().clamp(0.0, last) as u16)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=255 before")]
fn to_alpha(cover: f32) -> u8 {
    (cover.clamp(0.0, 1.0) * 255.0).round() as u8
}
