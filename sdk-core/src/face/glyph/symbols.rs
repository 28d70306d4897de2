//! The 32 symbols of printable ASCII, in its four runs.

use super::{
    Skeleton,
    Stroke::{Dot, Line, Move},
    at_ring, curve, ring,
};

/// `!` to `/`.
pub(super) const AFTER_SPACE: [Skeleton; 15] = [
    EXCLAMATION,
    QUOTATION,
    NUMBER,
    DOLLAR,
    PER_CENT,
    AMPERSAND,
    APOSTROPHE,
    ROUND_OPEN,
    ROUND_CLOSE,
    ASTERISK,
    PLUS,
    COMMA,
    HYPHEN,
    FULL_STOP,
    SLASH,
];

/// `:` to `@`.
pub(super) const AFTER_NINE: [Skeleton; 7] = [COLON, SEMICOLON, LESS, EQUALS, GREATER, QUESTION, AT];

/// `[` to the grave accent.
pub(super) const AFTER_CAPITALS: [Skeleton; 6] =
    [SQUARE_OPEN, BACKSLASH, SQUARE_CLOSE, CIRCUMFLEX, UNDERSCORE, GRAVE];

/// `{` to `~`.
pub(super) const AFTER_SMALL: [Skeleton; 4] = [CURLY_OPEN, BAR, CURLY_CLOSE, TILDE];

const EXCLAMATION: Skeleton = &[Move(0.0, 0.0), Line(0.0, 0.66), Dot(0.0, 0.98)];

const QUOTATION: Skeleton = &[Move(0.0, 0.0), Line(0.0, 0.28), Move(0.25, 0.0), Line(0.25, 0.28)];

const NUMBER: Skeleton = &[
    Move(0.29, 0.02),
    Line(0.17, 0.98),
    Move(0.59, 0.02),
    Line(0.47, 0.98),
    Move(0.04, 0.34),
    Line(0.74, 0.34),
    Move(0.0, 0.66),
    Line(0.70, 0.66),
];

const DOLLAR: Skeleton = &[
    Move(0.535, 0.22),
    curve((0.50, 0.12), (0.40, 0.07), (0.285, 0.07)),
    curve((0.13, 0.07), (0.03, 0.15), (0.03, 0.275)),
    curve((0.03, 0.42), (0.16, 0.45), (0.29, 0.485)),
    curve((0.44, 0.525), (0.565, 0.565), (0.565, 0.715)),
    curve((0.565, 0.845), (0.45, 0.93), (0.29, 0.93)),
    curve((0.145, 0.93), (0.04, 0.865), (0.0, 0.755)),
    Move(0.29, -0.10),
    Line(0.29, 1.10),
];

const PER_CENT: Skeleton = &[
    at_ring((0.17, 0.22), (0.17, 0.22)),
    ring((0.17, 0.22), (0.17, 0.22)),
    at_ring((0.77, 0.78), (0.17, 0.22)),
    ring((0.77, 0.78), (0.17, 0.22)),
    Move(0.75, 0.0),
    Line(0.19, 1.0),
];

const AMPERSAND: Skeleton = &[
    Move(0.74, 1.0),
    Line(0.17, 0.36),
    curve((0.04, 0.21), (0.12, 0.0), (0.31, 0.0)),
    curve((0.49, 0.0), (0.55, 0.20), (0.42, 0.33)),
    curve((0.31, 0.43), (0.0, 0.49), (0.0, 0.74)),
    curve((0.0, 0.90), (0.12, 1.0), (0.28, 1.0)),
    curve((0.51, 1.0), (0.67, 0.82), (0.69, 0.56)),
];

const APOSTROPHE: Skeleton = &[Move(0.0, 0.0), Line(0.0, 0.28)];

const ROUND_OPEN: Skeleton = &[Move(0.24, -0.02), curve((-0.07, 0.30), (-0.07, 0.93), (0.24, 1.25))];

const ROUND_CLOSE: Skeleton = &[Move(0.0, -0.02), curve((0.31, 0.30), (0.31, 0.93), (0.0, 1.25))];

const ASTERISK: Skeleton = &[
    Move(0.26, 0.0),
    Line(0.26, 0.60),
    Move(0.0, 0.15),
    Line(0.52, 0.45),
    Move(0.52, 0.15),
    Line(0.0, 0.45),
];

const PLUS: Skeleton = &[Move(0.32, 0.24), Line(0.32, 0.88), Move(0.0, 0.56), Line(0.64, 0.56)];

const COMMA: Skeleton = &[Dot(0.09, 0.97), Move(0.10, 0.98), curve((0.10, 1.08), (0.06, 1.15), (0.0, 1.20))];

const HYPHEN: Skeleton = &[Move(0.0, 0.60), Line(0.36, 0.60)];

const FULL_STOP: Skeleton = &[Dot(0.0, 0.97)];

const SLASH: Skeleton = &[Move(0.46, -0.08), Line(0.0, 1.10)];

const COLON: Skeleton = &[Dot(0.0, 0.40), Dot(0.0, 0.97)];

const SEMICOLON: Skeleton =
    &[Dot(0.09, 0.40), Dot(0.09, 0.97), Move(0.10, 0.98), curve((0.10, 1.08), (0.06, 1.15), (0.0, 1.20))];

const LESS: Skeleton = &[Move(0.58, 0.24), Line(0.0, 0.56), Line(0.58, 0.88)];

const EQUALS: Skeleton = &[Move(0.0, 0.42), Line(0.62, 0.42), Move(0.0, 0.70), Line(0.62, 0.70)];

const GREATER: Skeleton = &[Move(0.0, 0.24), Line(0.58, 0.56), Line(0.0, 0.88)];

const QUESTION: Skeleton = &[
    Move(0.0, 0.22),
    curve((0.03, 0.08), (0.13, 0.0), (0.27, 0.0)),
    curve((0.43, 0.0), (0.54, 0.10), (0.54, 0.25)),
    curve((0.54, 0.46), (0.27, 0.44), (0.27, 0.68)),
    Dot(0.27, 0.98),
];

const AT: Skeleton = &[
    at_ring((0.46, 0.56), (0.19, 0.22)),
    ring((0.46, 0.56), (0.19, 0.22)),
    Move(0.66, 0.34),
    Line(0.65, 0.66),
    curve((0.65, 0.84), (0.95, 0.84), (0.95, 0.52)),
    curve((0.95, 0.22), (0.75, 0.03), (0.48, 0.03)),
    curve((0.20, 0.03), (0.0, 0.26), (0.0, 0.57)),
    curve((0.0, 0.90), (0.20, 1.12), (0.50, 1.12)),
    curve((0.62, 1.12), (0.72, 1.09), (0.79, 1.05)),
];

const SQUARE_OPEN: Skeleton = &[Move(0.21, 0.0), Line(0.0, 0.0), Line(0.0, 1.27), Line(0.21, 1.27)];

const BACKSLASH: Skeleton = &[Move(0.0, -0.08), Line(0.46, 1.10)];

const SQUARE_CLOSE: Skeleton = &[Move(0.0, 0.0), Line(0.21, 0.0), Line(0.21, 1.27), Line(0.0, 1.27)];

const CIRCUMFLEX: Skeleton = &[Move(0.0, 0.40), Line(0.26, 0.0), Line(0.52, 0.40)];

const UNDERSCORE: Skeleton = &[Move(0.0, 1.14), Line(0.62, 1.14)];

const GRAVE: Skeleton = &[Move(0.0, -0.02), Line(0.20, 0.20)];

const CURLY_OPEN: Skeleton = &[
    Move(0.31, 0.00),
    curve((0.17, 0.00), (0.155, 0.09), (0.155, 0.21)),
    Line(0.155, 0.45),
    curve((0.155, 0.56), (0.11, 0.62), (0.0, 0.62)),
    curve((0.11, 0.62), (0.155, 0.68), (0.155, 0.79)),
    Line(0.155, 1.03),
    curve((0.155, 1.15), (0.17, 1.24), (0.31, 1.24)),
];

const BAR: Skeleton = &[Move(0.0, -0.14), Line(0.0, 1.20)];

const CURLY_CLOSE: Skeleton = &[
    Move(0.0, 0.00),
    curve((0.14, 0.00), (0.155, 0.09), (0.155, 0.21)),
    Line(0.155, 0.45),
    curve((0.155, 0.56), (0.20, 0.62), (0.31, 0.62)),
    curve((0.20, 0.62), (0.155, 0.68), (0.155, 0.79)),
    Line(0.155, 1.03),
    curve((0.155, 1.15), (0.14, 1.24), (0.0, 1.24)),
];

const TILDE: Skeleton = &[
    Move(0.0, 0.64),
    curve((0.03, 0.52), (0.10, 0.46), (0.18, 0.46)),
    curve((0.31, 0.46), (0.36, 0.65), (0.49, 0.65)),
    curve((0.57, 0.65), (0.64, 0.59), (0.67, 0.47)),
];
