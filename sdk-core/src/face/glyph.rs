//! The skeletons of the ten numerals and the function marks: own drawings, one even pen for all.
//!
//! Units: the skeleton's height is 1, `y` grows downwards, a numeral is about 0.6 wide. The pen's width is added
//! by [`super::raster`], so that an outline's weight is the same everywhere.

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
}

use Stroke::{Arc, Curve, Line, Move};

const ZERO: &[Stroke] = &[
    Move(0.01, 0.42),
    Arc { centre: (0.30, 0.42), radius: (0.29, 0.42), from: 180.0, to: 360.0 },
    Arc { centre: (0.30, 0.58), radius: (0.29, 0.42), from: 0.0, to: 180.0 },
    Line(0.01, 0.42),
];

const ONE: &[Stroke] = &[Move(0.09, 0.19), Line(0.35, 0.0), Line(0.35, 1.0)];

const TWO: &[Stroke] = &[
    Move(0.024, 0.26),
    Arc { centre: (0.295, 0.28), radius: (0.272, 0.28), from: 184.0, to: 360.0 },
    Curve([(0.567, 0.46), (0.43, 0.58), (0.015, 1.0)]),
    Line(0.595, 1.0),
];

const THREE: &[Stroke] = &[
    Move(0.05, 0.18),
    Arc { centre: (0.285, 0.235), radius: (0.25, 0.235), from: 197.0, to: 450.0 },
    Line(0.19, 0.47),
    Move(0.19, 0.47),
    Line(0.285, 0.47),
    Arc { centre: (0.285, 0.735), radius: (0.29, 0.265), from: 270.0, to: 522.0 },
];

const FOUR: &[Stroke] =
    &[Move(0.45, 1.0), Line(0.45, 0.0), Line(0.42, 0.0), Line(0.0, 0.70), Line(0.63, 0.70)];

const FIVE: &[Stroke] = &[
    Move(0.53, 0.0),
    Line(0.125, 0.0),
    Line(0.075, 0.44),
    Arc { centre: (0.285, 0.675), radius: (0.295, 0.325), from: 226.0, to: 517.0 },
];

const SIX: &[Stroke] = &[
    Move(0.46, 0.0),
    Curve([(0.26, 0.16), (0.01, 0.40), (0.01, 0.68)]),
    Arc { centre: (0.30, 0.68), radius: (0.29, 0.32), from: 180.0, to: 540.0 },
];

const SEVEN: &[Stroke] =
    &[Move(0.01, 0.0), Line(0.58, 0.0), Curve([(0.42, 0.27), (0.24, 0.60), (0.20, 1.0)])];

const EIGHT: &[Stroke] = &[
    Move(0.54, 0.235),
    Arc { centre: (0.30, 0.235), radius: (0.24, 0.235), from: 0.0, to: 360.0 },
    Move(0.59, 0.735),
    Arc { centre: (0.30, 0.735), radius: (0.29, 0.265), from: 0.0, to: 360.0 },
];

/// The six turned by half a circle.
const NINE: &[Stroke] = &[
    Move(0.14, 1.0),
    Curve([(0.34, 0.84), (0.59, 0.60), (0.59, 0.32)]),
    Arc { centre: (0.30, 0.32), radius: (0.29, 0.32), from: 0.0, to: 360.0 },
];

/// A tag pointing left with a cross in it.
const DELETE: &[Stroke] = &[
    Move(0.28, 0.14),
    Line(0.98, 0.14),
    Line(0.98, 0.86),
    Line(0.28, 0.86),
    Line(-0.06, 0.50),
    Line(0.28, 0.14),
    Move(0.44, 0.35),
    Line(0.74, 0.65),
    Move(0.74, 0.35),
    Line(0.44, 0.65),
];

/// A tick.
const CONFIRM: &[Stroke] = &[Move(0.0, 0.55), Line(0.33, 0.86), Line(0.92, 0.16)];

/// The numerals 0 to 9 in order.
pub(super) const NUMERALS: [&[Stroke]; 10] = [ZERO, ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN, EIGHT, NINE];

/// The mark of the delete key.
pub(super) const DELETE_MARK: &[Stroke] = DELETE;
/// The mark of the confirm key.
pub(super) const CONFIRM_MARK: &[Stroke] = CONFIRM;
