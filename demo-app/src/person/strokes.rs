//! How people draw the ten digits: a pen's way in a box one high and about 0.6 wide, y downwards.
//! Drawn from general knowledge of handwriting and print, several ways for the digits that have several.

/// One stroke of the pen.
enum Stroke {
    /// From point to point.
    Line(&'static [(f32, f32)]),
    /// Part of an ellipse: centre, radii, from and to in degrees; 0 is right, 90 is down.
    Arc { centre: (f32, f32), radii: (f32, f32), turn: (f32, f32) },
}

use Stroke::Line;

const fn arc(centre: (f32, f32), radii: (f32, f32), turn: (f32, f32)) -> Stroke {
    Stroke::Arc { centre, radii, turn }
}

const ALL_ROUND: (f32, f32) = (0.0, 360.0);

/// One way to draw a digit.
struct Way {
    digit: u8,
    strokes: &'static [Stroke],
    /// Heights of the middles of its holes.
    holes: &'static [f32],
}

const fn way(digit: u8, holes: &'static [f32], strokes: &'static [Stroke]) -> Way {
    Way { digit, strokes, holes }
}

static WAYS: &[Way] = &[
    // 0: an upright oval, narrow or wide
    way(0, &[0.5], &[arc((0.3, 0.5), (0.3, 0.5), ALL_ROUND)]),
    way(0, &[0.5], &[arc((0.4, 0.5), (0.4, 0.5), ALL_ROUND)]),
    way(
        0,
        &[0.5],
        &[
            arc((0.25, 0.25), (0.25, 0.25), (180.0, 360.0)),
            Line(&[(0.5, 0.25), (0.5, 0.75)]),
            arc((0.25, 0.75), (0.25, 0.25), (0.0, 180.0)),
            Line(&[(0.0, 0.75), (0.0, 0.25)]),
        ],
    ),
    // 1: a bar, with a flag, with a foot
    way(1, &[], &[Line(&[(0.0, 0.0), (0.0, 1.0)])]),
    way(1, &[], &[Line(&[(0.0, 0.2), (0.25, 0.0), (0.25, 1.0)])]),
    way(1, &[], &[Line(&[(0.0, 0.25), (0.35, 0.0), (0.35, 1.0)])]),
    way(1, &[], &[Line(&[(0.05, 0.2), (0.3, 0.0), (0.3, 1.0)]), Line(&[(0.0, 1.0), (0.6, 1.0)])]),
    // 2: a hook that runs down to a foot
    way(
        2,
        &[],
        &[arc((0.3, 0.28), (0.29, 0.28), (190.0, 390.0)), Line(&[(0.55, 0.42), (0.0, 1.0), (0.6, 1.0)])],
    ),
    way(
        2,
        &[],
        &[arc((0.3, 0.3), (0.3, 0.3), (200.0, 405.0)), Line(&[(0.51, 0.51), (0.0, 1.0), (0.62, 1.0)])],
    ),
    // 3: two bows; or a flat top and a bow
    way(
        3,
        &[],
        &[arc((0.27, 0.25), (0.26, 0.25), (205.0, 450.0)), arc((0.28, 0.74), (0.3, 0.26), (270.0, 515.0))],
    ),
    way(
        3,
        &[],
        &[
            arc((0.25, 0.24), (0.27, 0.24), (215.0, 440.0)),
            arc((0.25, 0.73), (0.33, 0.27), (275.0, 505.0)),
            Line(&[(0.15, 0.47), (0.28, 0.47)]),
        ],
    ),
    way(
        3,
        &[],
        &[Line(&[(0.03, 0.0), (0.55, 0.0), (0.25, 0.4)]), arc((0.26, 0.7), (0.32, 0.3), (265.0, 510.0))],
    ),
    // 4: closed like a sail; with a short or long bar; open on top
    way(4, &[0.48], &[Line(&[(0.46, 1.0), (0.46, 0.0), (0.0, 0.7), (0.62, 0.7)])]),
    way(4, &[0.5], &[Line(&[(0.48, 1.0), (0.48, 0.0), (0.0, 0.75), (0.68, 0.75)])]),
    way(4, &[0.42], &[Line(&[(0.42, 1.0), (0.42, 0.0), (0.0, 0.62), (0.6, 0.62)])]),
    way(4, &[], &[Line(&[(0.33, 0.0), (0.0, 0.7), (0.6, 0.7)]), Line(&[(0.44, 0.4), (0.44, 1.0)])]),
    way(4, &[], &[Line(&[(0.05, 0.0), (0.0, 0.55), (0.55, 0.55)]), Line(&[(0.5, 0.0), (0.5, 1.0)])]),
    // 5: a flag, a short back, a bow
    way(
        5,
        &[],
        &[Line(&[(0.54, 0.0), (0.1, 0.0), (0.06, 0.43)]), arc((0.27, 0.67), (0.31, 0.33), (228.0, 500.0))],
    ),
    way(
        5,
        &[],
        &[Line(&[(0.55, 0.0), (0.08, 0.0), (0.03, 0.5)]), arc((0.28, 0.69), (0.32, 0.31), (215.0, 510.0))],
    ),
    // 6: a bow into a ring; or a slanted tail
    way(
        6,
        &[0.68],
        &[arc((0.3, 0.68), (0.3, 0.32), ALL_ROUND), arc((0.58, 0.68), (0.58, 0.68), (180.0, 262.0))],
    ),
    way(
        6,
        &[0.67],
        &[arc((0.3, 0.67), (0.3, 0.33), ALL_ROUND), arc((0.34, 0.6), (0.34, 0.6), (180.0, 315.0))],
    ),
    way(6, &[0.68], &[arc((0.3, 0.68), (0.3, 0.32), ALL_ROUND), Line(&[(0.42, 0.0), (0.04, 0.54)])]),
    way(6, &[0.69], &[arc((0.3, 0.69), (0.3, 0.31), ALL_ROUND), Line(&[(0.3, 0.0), (0.05, 0.55)])]),
    // 7: a bar and a slope; curved; crossed
    way(7, &[], &[Line(&[(0.0, 0.0), (0.6, 0.0), (0.2, 1.0)])]),
    way(7, &[], &[Line(&[(0.0, 0.0), (0.6, 0.0), (0.38, 0.38), (0.25, 0.7), (0.2, 1.0)])]),
    way(7, &[], &[Line(&[(0.0, 0.0), (0.6, 0.0), (0.2, 1.0)]), Line(&[(0.12, 0.48), (0.58, 0.48)])]),
    // 8: two rings
    way(
        8,
        &[0.24, 0.74],
        &[arc((0.3, 0.24), (0.24, 0.24), ALL_ROUND), arc((0.3, 0.74), (0.3, 0.26), ALL_ROUND)],
    ),
    way(
        8,
        &[0.25, 0.75],
        &[arc((0.3, 0.25), (0.28, 0.25), ALL_ROUND), arc((0.3, 0.75), (0.3, 0.25), ALL_ROUND)],
    ),
    // 9: a ring with a bow; a slanted tail; a straight stem
    way(
        9,
        &[0.32],
        &[arc((0.3, 0.32), (0.3, 0.32), ALL_ROUND), arc((0.02, 0.32), (0.58, 0.68), (0.0, 82.0))],
    ),
    way(9, &[0.33], &[arc((0.3, 0.33), (0.3, 0.33), ALL_ROUND), arc((0.26, 0.4), (0.34, 0.6), (0.0, 135.0))]),
    way(9, &[0.32], &[arc((0.3, 0.32), (0.3, 0.32), ALL_ROUND), Line(&[(0.18, 1.0), (0.56, 0.46)])]),
    way(9, &[0.31], &[arc((0.3, 0.31), (0.3, 0.31), ALL_ROUND), Line(&[(0.3, 1.0), (0.55, 0.45)])]),
    way(9, &[0.31], &[arc((0.3, 0.31), (0.3, 0.31), ALL_ROUND), Line(&[(0.6, 0.31), (0.6, 1.0)])]),
];

/// Distance between the points that stand for a stroke.
const STEP: f32 = 0.025;

/// A digit as points along its lines.
pub(super) struct Drawn {
    pub(super) digit: u8,
    /// The box is one high; x from 0.
    pub(super) points: Vec<(f32, f32)>,
    pub(super) width: f32,
    pub(super) holes: &'static [f32],
}

/// All ways to draw all digits.
pub(super) fn all() -> Vec<Drawn> {
    WAYS.iter().map(drawn).collect()
}

fn drawn(way: &Way) -> Drawn {
    let mut points: Vec<(f32, f32)> = way.strokes.iter().flat_map(along).collect();
    let left = points.iter().map(|point| point.0).fold(f32::MAX, f32::min);
    let right = points.iter().map(|point| point.0).fold(f32::MIN, f32::max);
    points.iter_mut().for_each(|point| point.0 -= left);
    Drawn { digit: way.digit, points, width: right - left, holes: way.holes }
}

fn along(stroke: &Stroke) -> Vec<(f32, f32)> {
    match stroke {
        Line(corners) => {
            corners.iter().zip(corners.iter().skip(1)).flat_map(|(from, to)| between(*from, *to)).collect()
        }
        Stroke::Arc { centre, radii, turn } => {
            let on = |degrees: f32| {
                let angle = degrees.to_radians();
                (centre.0 + radii.0 * angle.cos(), centre.1 + radii.1 * angle.sin())
            };
            let steps: u16 = 48;
            let share = |step: u16| f32::from(step) / f32::from(steps);
            let corner = |step: u16| on(turn.0 + (turn.1 - turn.0) * share(step));
            (0..steps).flat_map(|step| between(corner(step), corner(step + 1))).collect()
        }
    }
}

/// Points from one place to the next, the first included.
fn between(from: (f32, f32), to: (f32, f32)) -> Vec<(f32, f32)> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy);
    let mut points = vec![from];
    let mut gone = STEP;
    while gone < length {
        points.push((from.0 + dx * gone / length, from.1 + dy * gone / length));
        gone += STEP;
    }
    points
}
