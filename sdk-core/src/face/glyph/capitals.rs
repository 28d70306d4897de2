//! The 26 capital letters.

use super::{
    Skeleton,
    Stroke::{Line, Move},
    arc, at_ring, curve, ring,
};

/// A to Z in order.
pub(super) const CAPITALS: [Skeleton; 26] =
    [A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X, Y, Z];

const A: Skeleton = &[Move(0.0, 1.0), Line(0.39, 0.0), Line(0.78, 1.0), Move(0.13, 0.665), Line(0.65, 0.665)];

const B: Skeleton = &[
    Move(0.31, 0.47),
    Line(0.0, 0.47),
    Line(0.0, 0.0),
    Line(0.31, 0.0),
    arc((0.31, 0.235), (0.235, 0.235), (270.0, 450.0)),
    Line(0.33, 0.47),
    arc((0.33, 0.735), (0.275, 0.265), (270.0, 450.0)),
    Line(0.0, 1.0),
    Line(0.0, 0.47),
];

const C: Skeleton = &[Move(0.736, 0.18), arc((0.42, 0.5), (0.42, 0.5), (320.0, 40.0))];

const D: Skeleton = &[
    Move(0.26, 1.0),
    Line(0.0, 1.0),
    Line(0.0, 0.0),
    Line(0.26, 0.0),
    arc((0.26, 0.5), (0.45, 0.5), (270.0, 450.0)),
];

const E: Skeleton =
    &[Move(0.55, 0.0), Line(0.0, 0.0), Line(0.0, 1.0), Line(0.55, 1.0), Move(0.0, 0.485), Line(0.49, 0.485)];

const F: Skeleton = &[Move(0.54, 0.0), Line(0.0, 0.0), Line(0.0, 1.0), Move(0.0, 0.50), Line(0.47, 0.50)];

const G: Skeleton =
    &[Move(0.735, 0.16), arc((0.42, 0.5), (0.42, 0.5), (318.0, 6.0)), Line(0.838, 0.53), Line(0.47, 0.53)];

const H: Skeleton =
    &[Move(0.0, 0.0), Line(0.0, 1.0), Move(0.66, 0.0), Line(0.66, 1.0), Move(0.0, 0.485), Line(0.66, 0.485)];

const I: Skeleton =
    &[Move(0.0, 0.0), Line(0.44, 0.0), Move(0.22, 0.0), Line(0.22, 1.0), Move(0.0, 1.0), Line(0.44, 1.0)];

const J: Skeleton = &[Move(0.45, 0.0), Line(0.45, 0.72), arc((0.215, 0.72), (0.235, 0.28), (0.0, 160.0))];

const K: Skeleton =
    &[Move(0.0, 0.0), Line(0.0, 1.0), Move(0.58, 0.0), Line(0.0, 0.63), Move(0.215, 0.397), Line(0.63, 1.0)];

const L: Skeleton = &[Move(0.0, 0.0), Line(0.0, 1.0), Line(0.52, 1.0)];

const M: Skeleton = &[Move(0.0, 1.0), Line(0.0, 0.0), Line(0.40, 0.74), Line(0.80, 0.0), Line(0.80, 1.0)];

const N: Skeleton = &[Move(0.0, 1.0), Line(0.0, 0.0), Line(0.66, 1.0), Line(0.66, 0.0)];

const O: Skeleton = &[at_ring((0.44, 0.5), (0.44, 0.5)), ring((0.44, 0.5), (0.44, 0.5))];

const P: Skeleton = &[
    Move(0.0, 1.0),
    Line(0.0, 0.0),
    Line(0.32, 0.0),
    arc((0.32, 0.28), (0.27, 0.28), (270.0, 450.0)),
    Line(0.0, 0.56),
];

const Q: Skeleton =
    &[at_ring((0.44, 0.5), (0.44, 0.5)), ring((0.44, 0.5), (0.44, 0.5)), Move(0.54, 0.74), Line(0.86, 1.07)];

const R: Skeleton = &[
    Move(0.0, 1.0),
    Line(0.0, 0.0),
    Line(0.32, 0.0),
    arc((0.32, 0.27), (0.26, 0.27), (270.0, 450.0)),
    Line(0.0, 0.54),
    Move(0.31, 0.54),
    Line(0.61, 1.0),
];

const S: Skeleton = &[
    Move(0.575, 0.185),
    curve((0.535, 0.065), (0.43, 0.0), (0.305, 0.0)),
    curve((0.14, 0.0), (0.03, 0.10), (0.03, 0.245)),
    curve((0.03, 0.41), (0.17, 0.45), (0.31, 0.485)),
    curve((0.47, 0.525), (0.61, 0.57), (0.61, 0.745)),
    curve((0.61, 0.90), (0.48, 1.0), (0.31, 1.0)),
    curve((0.155, 1.0), (0.04, 0.925), (0.0, 0.795)),
];

const T: Skeleton = &[Move(0.0, 0.0), Line(0.68, 0.0), Move(0.34, 0.0), Line(0.34, 1.0)];

const U: Skeleton =
    &[Move(0.0, 0.0), Line(0.0, 0.67), arc((0.325, 0.67), (0.325, 0.33), (180.0, 0.0)), Line(0.65, 0.0)];

const V: Skeleton = &[Move(0.0, 0.0), Line(0.38, 1.0), Line(0.76, 0.0)];

const W: Skeleton = &[Move(0.0, 0.0), Line(0.25, 1.0), Line(0.50, 0.06), Line(0.75, 1.0), Line(1.0, 0.0)];

const X: Skeleton = &[Move(0.02, 0.0), Line(0.68, 1.0), Move(0.66, 0.0), Line(0.0, 1.0)];

const Y: Skeleton =
    &[Move(0.0, 0.0), Line(0.355, 0.52), Line(0.71, 0.0), Move(0.355, 0.52), Line(0.355, 1.0)];

const Z: Skeleton = &[Move(0.03, 0.0), Line(0.62, 0.0), Line(0.0, 1.0), Line(0.64, 1.0)];
