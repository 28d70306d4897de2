//! Reads a sign as a digit, and a keypad as ten digits.

use super::Picture;
use super::assign::{self, N};
use super::shape::{Shape, real, whole};
use super::strokes::{self, Drawn};

/// A sign farther than this from every digit is none: mean distance of lines, in heights of the sign, and penalties.
const FAR: f32 = 0.105;
/// Two digits must be at least this far apart in likeness for a sign that is read alone.
const MARGIN_ALONE: f32 = 0.01;
/// Exchanging any two digits of a keypad must cost at least this.
const MARGIN_KEYPAD: f32 = 0.02;
/// What a missing or superfluous hole costs, and what a hole in the wrong place costs at most.
const HOLE_COST: f32 = 0.06;
/// What a difference in width costs, per height of the sign.
const WIDTH_COST: f32 = 0.08;
/// Slants that are tried, in widths per height.
const SLANTS: [f32; 5] = [-0.16, -0.08, 0.0, 0.08, 0.16];

/// Why nothing was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsure {
    /// The bytes do not fill the picture.
    #[error("the picture's bytes do not fill its width and height: hand over width × height bytes")]
    Misshapen,
    /// There is nothing on it.
    #[error("the picture is blank: ask for it again")]
    Blank,
    /// It looks like no digit.
    #[error("the picture shows no digit: ask for it again")]
    Unlike,
    /// It looks like two digits equally.
    #[error("the picture could be more than one digit: ask for it again")]
    Ambiguous,
    /// A keypad has ten digits.
    #[error("a keypad has ten digit keys: hand over ten pictures")]
    NotTen,
}

/// A keypad as a person read it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The digit on each picture, in the order of the pictures; each of 0 to 9 once.
    pub digits: [u8; 10],
    /// How much worse the best other reading fits; at least the margin below which nothing is read.
    pub confidence: f32,
}

impl Reading {
    /// Which picture shows `digit`.
    pub fn place_of(&self, digit: u8) -> Option<usize> {
        self.digits.iter().position(|&each| each == digit)
    }
}

/// Someone who knows what digits look like.
pub struct Reader {
    known: Vec<Known>,
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

impl Reader {
    /// A reader that knows how people draw digits.
    pub fn new() -> Self {
        Self { known: strokes::all().into_iter().map(Known::new).collect() }
    }

    /// Reads one sign by itself: the digit, and how much better it fits than the next.
    ///
    /// # Errors
    /// [`Unsure`] when it shows no digit or could be two.
    pub fn read_one(&self, picture: &Picture) -> Result<(u8, f32), Unsure> {
        let costs = self.costs(picture)?;
        let mut ranked: Vec<(f32, u8)> = costs.into_iter().zip(0..).collect();
        ranked.sort_by(|one, two| one.0.total_cmp(&two.0));
        match ranked.as_slice() {
            [best, ..] if best.0 > FAR => Err(Unsure::Unlike),
            [best, second, ..] if second.0 - best.0 < MARGIN_ALONE => Err(Unsure::Ambiguous),
            [best, second, ..] => Ok((best.1, second.0 - best.0)),
            _ => Err(Unsure::Unlike),
        }
    }

    /// Reads the ten digit keys of a keypad together: each digit is there once.
    ///
    /// # Errors
    /// [`Unsure`] when a picture shows no digit, or another reading would fit about as well.
    pub fn read_keypad(&self, pictures: &[Picture]) -> Result<Reading, Unsure> {
        let pictures: &[Picture; N] = pictures.try_into().map_err(|_| Unsure::NotTen)?;
        let mut costs = [[0.0; N]; N];
        for (row, picture) in costs.iter_mut().zip(pictures) {
            *row = self.costs(picture)?;
        }
        let chosen = assign::cheapest(&costs);
        if costs.iter().zip(chosen).any(|(row, digit)| row[digit] > FAR) {
            return Err(Unsure::Unlike);
        }
        let confidence = assign::slack(&costs, &chosen);
        if confidence < MARGIN_KEYPAD {
            return Err(Unsure::Ambiguous);
        }
        let mut digits = [0; N];
        for (digit, place) in digits.iter_mut().zip(chosen) {
            *digit = u8::try_from(place).map_err(|_| Unsure::Unlike)?;
        }
        Ok(Reading { digits, confidence })
    }

    /// How far the sign is from each digit, by the best way to draw it.
    fn costs(&self, picture: &Picture) -> Result<[f32; N], Unsure> {
        let shape = Shape::of(picture)?;
        let near = Near::new(&shape.points);
        let mut costs = [f32::INFINITY; N];
        for slant in SLANTS {
            let seen = Seen::new(&shape.points, slant);
            for known in &self.known {
                let cost = &mut costs[usize::from(known.drawn.digit)];
                *cost = cost.min(known.cost(&seen, &near, &shape.holes));
            }
        }
        Ok(costs)
    }
}

/// The sign, straightened by one slant.
struct Seen {
    points: Vec<(f32, f32)>,
    width: f32,
    slant: f32,
    /// How far the straightened sign was moved to the left.
    left: f32,
}

impl Seen {
    fn new(points: &[(f32, f32)], slant: f32) -> Self {
        let upright = || points.iter().map(|&(x, y)| (x + slant * y, y));
        let left = upright().map(|point| point.0).fold(f32::MAX, f32::min);
        let points: Vec<_> = upright().map(|(x, y)| (x - left, y)).collect();
        let width = points.iter().map(|point| point.0).fold(0.0, f32::max);
        Self { points, width, slant, left }
    }

    /// Where a place of the straightened sign is on the sign as it came.
    fn as_it_came(&self, x: f32, y: f32) -> (f32, f32) {
        (x + self.left - self.slant * y, y)
    }
}

/// One way to draw a digit, ready to be compared with.
struct Known {
    drawn: Drawn,
    near: Near,
}

impl Known {
    fn new(drawn: Drawn) -> Self {
        Self { near: Near::new(&drawn.points), drawn }
    }

    /// Distance of the lines both ways after bringing the widths together, and penalties for what differs.
    fn cost(&self, seen: &Seen, near: &Near, holes: &[f32]) -> f32 {
        let ratio = (self.drawn.width.max(0.05) / seen.width.max(0.05)).clamp(0.7, 1.45);
        let shift = (self.drawn.width - seen.width * ratio) / 2.0;
        let there = spread(seen.points.iter().map(|&(x, y)| self.near.distance(x * ratio + shift, y)));
        let there_too = |&(x, y): &(f32, f32)| seen.as_it_came((x - shift) / ratio, y);
        let back = spread(self.drawn.points.iter().map(there_too).map(|(x, y)| near.distance(x, y)));
        let width = (self.drawn.width - seen.width).abs() * WIDTH_COST;
        there + back + width + holes_cost(self.drawn.holes, holes) + seen.slant.abs() * 0.02
    }
}

fn holes_cost(wanted: &[f32], found: &[f32]) -> f32 {
    if wanted.len() != found.len() {
        return HOLE_COST * real(wanted.len().abs_diff(found.len()));
    }
    wanted.iter().zip(found).map(|(one, two)| ((one - two).abs() * 0.2).min(HOLE_COST)).sum()
}

/// Root of the mean square: one line that belongs to nothing weighs more than many that are a little off.
fn spread(distances: impl Iterator<Item = f32>) -> f32 {
    let (sum, count) = distances.fold((0.0, 0usize), |(sum, count), value| (sum + value * value, count + 1));
    (sum / real(count.max(1))).sqrt()
}

/// For every place in and around the box, the distance to the nearest point of the lines.
struct Near {
    cells: Vec<f32>,
}

/// Cells per height of the sign.
const FINE: usize = 40;
/// Cells around the box on each side.
const ROOM: usize = 8;
/// The map's sides: room for signs up to 1.6 heights wide.
const ACROSS: usize = FINE * 8 / 5 + 2 * ROOM;
const DOWN: usize = FINE + 2 * ROOM + 1;

impl Near {
    fn new(points: &[(f32, f32)]) -> Self {
        let mut cells = vec![f32::MAX / 4.0; ACROSS * DOWN];
        for &(x, y) in points {
            cells[cell(x, y)] = 0.0;
        }
        // Two sweeps carry distances on, forwards and backwards (chamfer distance; G. Borgefors, 1986).
        let (side, corner) = (1.0, std::f32::consts::SQRT_2);
        for at in 0..cells.len() {
            let (x, y) = (at % ACROSS, at / ACROSS);
            let mut least = cells[at];
            if x > 0 {
                least = least.min(cells[at - 1] + side);
            }
            if y > 0 {
                least = least.min(cells[at - ACROSS] + side);
                if x > 0 {
                    least = least.min(cells[at - ACROSS - 1] + corner);
                }
                if x + 1 < ACROSS {
                    least = least.min(cells[at - ACROSS + 1] + corner);
                }
            }
            cells[at] = least;
        }
        for at in (0..cells.len()).rev() {
            let (x, y) = (at % ACROSS, at / ACROSS);
            let mut least = cells[at];
            if x + 1 < ACROSS {
                least = least.min(cells[at + 1] + side);
            }
            if y + 1 < DOWN {
                least = least.min(cells[at + ACROSS] + side);
                if x + 1 < ACROSS {
                    least = least.min(cells[at + ACROSS + 1] + corner);
                }
                if x > 0 {
                    least = least.min(cells[at + ACROSS - 1] + corner);
                }
            }
            cells[at] = least;
        }
        Self { cells }
    }

    /// In heights of the sign.
    fn distance(&self, x: f32, y: f32) -> f32 {
        self.cells[cell(x, y)] / real(FINE)
    }
}

/// The map's cell of a place; places outside take the nearest one.
fn cell(x: f32, y: f32) -> usize {
    let along = |value: f32, most: usize| {
        whole((value * real(FINE)).round().max(-real(ROOM)) + real(ROOM)).min(most - 1)
    };
    along(y, DOWN) * ACROSS + along(x, ACROSS)
}
