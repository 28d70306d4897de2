//! The 26 small letters.

use super::{
    Skeleton,
    Stroke::{Dot, Line, Move},
    arc, at_ring, curve, ring,
};

/// a to z in order.
pub(super) const SMALL: [Skeleton; 26] =
    [A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X, Y, Z];

/// The bowl of b, d, g, p and q: centre and radius.
const BOWL: ((f32, f32), (f32, f32)) = ((0.29, 0.65), (0.29, 0.35));

const A: Skeleton = &[
    Move(0.04, 0.45),
    curve((0.08, 0.35), (0.17, 0.30), (0.275, 0.30)),
    curve((0.43, 0.30), (0.52, 0.38), (0.52, 0.54)),
    Line(0.52, 1.0),
    Move(0.52, 0.60),
    curve((0.30, 0.60), (0.0, 0.60), (0.0, 0.81)),
    curve((0.0, 0.925), (0.085, 1.0), (0.21, 1.0)),
    curve((0.38, 1.0), (0.52, 0.90), (0.52, 0.72)),
];

const B: Skeleton = &[Move(0.0, 0.0), Line(0.0, 1.0), at_ring(BOWL.0, BOWL.1), ring(BOWL.0, BOWL.1)];

const C: Skeleton = &[Move(0.512, 0.425), arc((0.29, 0.65), (0.29, 0.35), (320.0, 40.0))];

const D: Skeleton = &[Move(0.58, 0.0), Line(0.58, 1.0), at_ring(BOWL.0, BOWL.1), ring(BOWL.0, BOWL.1)];

const E: Skeleton = &[Move(0.01, 0.64), Line(0.58, 0.64), arc((0.295, 0.65), (0.285, 0.35), (358.0, 46.0))];

const F: Skeleton = &[
    Move(0.41, 0.02),
    curve((0.38, 0.005), (0.35, 0.0), (0.315, 0.0)),
    curve((0.22, 0.0), (0.165, 0.06), (0.165, 0.17)),
    Line(0.165, 1.0),
    Move(0.0, 0.33),
    Line(0.37, 0.33),
];

const G: Skeleton = &[
    at_ring(BOWL.0, BOWL.1),
    ring(BOWL.0, BOWL.1),
    Move(0.58, 0.30),
    Line(0.58, 1.01),
    arc((0.295, 1.01), (0.285, 0.27), (0.0, 148.0)),
];

const H: Skeleton = &[
    Move(0.0, 0.0),
    Line(0.0, 1.0),
    Move(0.0, 0.60),
    arc((0.26, 0.56), (0.26, 0.26), (180.0, 360.0)),
    Line(0.52, 1.0),
];

const I: Skeleton = &[Move(0.0, 0.30), Line(0.0, 1.0), Dot(0.0, 0.03)];

const J: Skeleton =
    &[Move(0.22, 0.30), Line(0.22, 1.05), arc((0.0, 1.05), (0.22, 0.23), (0.0, 105.0)), Dot(0.22, 0.03)];

const K: Skeleton =
    &[Move(0.0, 0.0), Line(0.0, 1.0), Move(0.46, 0.30), Line(0.0, 0.73), Move(0.175, 0.566), Line(0.50, 1.0)];

const L: Skeleton = &[Move(0.0, 0.0), Line(0.0, 0.80), curve((0.0, 0.93), (0.07, 1.0), (0.21, 0.99))];

const M: Skeleton = &[
    Move(0.0, 0.30),
    Line(0.0, 1.0),
    Move(0.0, 0.58),
    arc((0.215, 0.53), (0.215, 0.23), (180.0, 360.0)),
    Line(0.43, 1.0),
    Move(0.43, 0.58),
    arc((0.645, 0.53), (0.215, 0.23), (180.0, 360.0)),
    Line(0.86, 1.0),
];

const N: Skeleton = &[
    Move(0.0, 0.30),
    Line(0.0, 1.0),
    Move(0.0, 0.60),
    arc((0.26, 0.56), (0.26, 0.26), (180.0, 360.0)),
    Line(0.52, 1.0),
];

const O: Skeleton = &[at_ring((0.31, 0.65), (0.31, 0.35)), ring((0.31, 0.65), (0.31, 0.35))];

const P: Skeleton = &[Move(0.0, 0.30), Line(0.0, 1.28), at_ring(BOWL.0, BOWL.1), ring(BOWL.0, BOWL.1)];

const Q: Skeleton = &[Move(0.58, 0.30), Line(0.58, 1.28), at_ring(BOWL.0, BOWL.1), ring(BOWL.0, BOWL.1)];

const R: Skeleton =
    &[Move(0.0, 0.30), Line(0.0, 1.0), Move(0.0, 0.62), curve((0.0, 0.42), (0.12, 0.29), (0.33, 0.31))];

const S: Skeleton = &[
    Move(0.45, 0.43),
    curve((0.42, 0.35), (0.34, 0.30), (0.24, 0.30)),
    curve((0.11, 0.30), (0.025, 0.37), (0.025, 0.47)),
    curve((0.025, 0.59), (0.13, 0.615), (0.245, 0.64)),
    curve((0.37, 0.668), (0.48, 0.70), (0.48, 0.82)),
    curve((0.48, 0.93), (0.38, 1.0), (0.245, 1.0)),
    curve((0.12, 1.0), (0.03, 0.945), (0.0, 0.855)),
];

const T: Skeleton = &[
    Move(0.165, 0.08),
    Line(0.165, 0.80),
    curve((0.165, 0.94), (0.22, 1.0), (0.32, 1.0)),
    Line(0.38, 0.99),
    Move(0.0, 0.33),
    Line(0.37, 0.33),
];

const U: Skeleton = &[
    Move(0.0, 0.30),
    Line(0.0, 0.74),
    arc((0.26, 0.74), (0.26, 0.26), (180.0, 0.0)),
    Move(0.52, 0.30),
    Line(0.52, 1.0),
];

const V: Skeleton = &[Move(0.0, 0.30), Line(0.28, 1.0), Line(0.56, 0.30)];

const W: Skeleton = &[Move(0.0, 0.30), Line(0.20, 1.0), Line(0.41, 0.33), Line(0.62, 1.0), Line(0.82, 0.30)];

const X: Skeleton = &[Move(0.01, 0.30), Line(0.51, 1.0), Move(0.50, 0.30), Line(0.0, 1.0)];

const Y: Skeleton = &[
    Move(0.0, 0.30),
    Line(0.29, 1.0),
    Move(0.57, 0.30),
    Line(0.25, 1.10),
    curve((0.20, 1.22), (0.14, 1.28), (0.02, 1.27)),
];

const Z: Skeleton = &[Move(0.02, 0.30), Line(0.48, 0.30), Line(0.0, 1.0), Line(0.50, 1.0)];
