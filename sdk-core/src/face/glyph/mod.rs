//! Skeletons of printable ASCII and of the function keys' marks: own drawings, one even pen for all.
//!
//! Units: a capital is 1 high, `y` grows downwards from its top, the baseline is at 1, small letters begin at 0.30
//! and end at 1.28 at the lowest. The pen's width is added by [`super::raster`], so that the weight is the same
//! everywhere. Alike shapes are told apart by drawing: `I` has serifs, `l` a foot, `1` a flag, `|` is taller than all;
//! `O` is wide and round, `0` narrow.

mod capitals;
mod digits;
mod marks;
mod small;
mod symbols;

pub(super) use self::marks::{CONFIRM, DELETE, SHIFT};

/// One stroke element of a skeleton.
#[derive(Clone, Copy)]
pub(super) enum Stroke {
    /// Lift the pen and start here.
    Move(f32, f32),
    /// A straight line to here.
    Line(f32, f32),
    /// A cubic Bézier: two control points, then the end.
    Curve([(f32, f32); 3]),
    /// A piece of an ellipse, degrees clockwise from the right; joined to what came before by a line.
    Arc { centre: (f32, f32), radius: (f32, f32), from: f32, to: f32 },
    /// A round dot, wider than the pen.
    Dot(f32, f32),
}

/// A skeleton: its strokes in order.
pub(super) type Skeleton = &'static [Stroke];

/// The skeleton of a printable character, `0x21..=0x7E`.
pub(super) fn skeleton(character: u8) -> Option<Skeleton> {
    let (first, table): (u8, &[Skeleton]) = match character {
        b'!'..=b'/' => (b'!', &symbols::AFTER_SPACE),
        b'0'..=b'9' => (b'0', &digits::DIGITS),
        b':'..=b'@' => (b':', &symbols::AFTER_NINE),
        b'A'..=b'Z' => (b'A', &capitals::CAPITALS),
        b'['..=b'`' => (b'[', &symbols::AFTER_CAPITALS),
        b'a'..=b'z' => (b'a', &small::SMALL),
        b'{'..=b'~' => (b'{', &symbols::AFTER_SMALL),
        _ => return None,
    };
    table.get(usize::from(character - first)).copied()
}

const fn arc(centre: (f32, f32), radius: (f32, f32), turn: (f32, f32)) -> Stroke {
    Stroke::Arc { centre, radius, from: turn.0, to: turn.1 }
}

/// A whole ellipse, begun at its right.
const fn ring(centre: (f32, f32), radius: (f32, f32)) -> Stroke {
    arc(centre, radius, RING)
}

/// Where the pen is set down for [`ring`].
const fn at_ring(centre: (f32, f32), radius: (f32, f32)) -> Stroke {
    Stroke::Move(centre.0 + radius.0, centre.1)
}

const fn curve(first: (f32, f32), second: (f32, f32), end: (f32, f32)) -> Stroke {
    Stroke::Curve([first, second, end])
}

const RING: (f32, f32) = (0.0, 360.0);
