//! The ten numerals.

use super::{
    Skeleton,
    Stroke::{Line, Move},
    arc, curve,
};

/// 0 to 9 in order.
pub(super) const DIGITS: [Skeleton; 10] = [ZERO, ONE, TWO, THREE, FOUR, FIVE, SIX, SEVEN, EIGHT, NINE];

const ZERO: Skeleton = &[
    Move(0.01, 0.42),
    arc((0.30, 0.42), (0.29, 0.42), (180.0, 360.0)),
    arc((0.30, 0.58), (0.29, 0.42), (0.0, 180.0)),
    Line(0.01, 0.42),
];

const ONE: Skeleton = &[Move(0.09, 0.19), Line(0.35, 0.0), Line(0.35, 1.0)];

const TWO: Skeleton = &[
    Move(0.024, 0.26),
    arc((0.295, 0.28), (0.272, 0.28), (184.0, 360.0)),
    curve((0.567, 0.46), (0.43, 0.58), (0.015, 1.0)),
    Line(0.595, 1.0),
];

const THREE: Skeleton = &[
    Move(0.05, 0.18),
    arc((0.285, 0.235), (0.25, 0.235), (197.0, 450.0)),
    Line(0.19, 0.47),
    Move(0.19, 0.47),
    Line(0.285, 0.47),
    arc((0.285, 0.735), (0.29, 0.265), (270.0, 522.0)),
];

const FOUR: Skeleton =
    &[Move(0.45, 1.0), Line(0.45, 0.0), Line(0.42, 0.0), Line(0.0, 0.70), Line(0.63, 0.70)];

const FIVE: Skeleton = &[
    Move(0.53, 0.0),
    Line(0.125, 0.0),
    Line(0.075, 0.44),
    arc((0.285, 0.675), (0.295, 0.325), (226.0, 517.0)),
];

const SIX: Skeleton = &[
    Move(0.46, 0.0),
    curve((0.26, 0.16), (0.01, 0.40), (0.01, 0.68)),
    arc((0.30, 0.68), (0.29, 0.32), (180.0, 540.0)),
];

const SEVEN: Skeleton = &[Move(0.01, 0.0), Line(0.58, 0.0), curve((0.42, 0.27), (0.24, 0.60), (0.20, 1.0))];

const EIGHT: Skeleton = &[
    Move(0.54, 0.235),
    arc((0.30, 0.235), (0.24, 0.235), (0.0, 360.0)),
    Move(0.59, 0.735),
    arc((0.30, 0.735), (0.29, 0.265), (0.0, 360.0)),
];

/// The six turned by half a circle.
const NINE: Skeleton = &[
    Move(0.14, 1.0),
    curve((0.34, 0.84), (0.59, 0.60), (0.59, 0.32)),
    arc((0.30, 0.32), (0.29, 0.32), (0.0, 360.0)),
];
