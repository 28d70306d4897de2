//! Marks of the function keys that are signs, not letters.

use super::{
    Skeleton,
    Stroke::{Line, Move},
};

/// A tag pointing left with a cross in it.
pub(in crate::face) const DELETE: Skeleton = &[
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
pub(in crate::face) const CONFIRM: Skeleton = &[Move(0.0, 0.55), Line(0.33, 0.86), Line(0.92, 0.16)];

/// An arrow pointing up, hollow.
pub(in crate::face) const SHIFT: Skeleton = &[
    Move(0.50, 0.06),
    Line(1.0, 0.54),
    Line(0.72, 0.54),
    Line(0.72, 0.92),
    Line(0.28, 0.92),
    Line(0.28, 0.54),
    Line(0.0, 0.54),
    Line(0.50, 0.06),
];
