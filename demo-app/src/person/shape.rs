//! From ink to lines: crop, bring to one size, thin to lines one pixel wide, find the holes.

use super::{Picture, Unsure};

/// Height of the sign after scaling, in pixels.
const TALL: usize = 56;
/// Empty margin around it, so that the outside is one piece.
const MARGIN: usize = 3;
/// More ink than this in its own box is a blot, not a sign.
const FULLNESS_MAX: f32 = 0.72;
/// Wider than this times its height is not a digit.
const WIDTH_MAX: f32 = 1.3;
/// Fewer pixels high than this cannot be read.
const PIXELS_MIN: usize = 9;
/// A hole smaller than this share of the box is a flaw in the picture.
const HOLE_SHARE_MIN: f32 = 0.02;
/// Ink outside the largest piece, as a share of all ink, that is still dust.
const DUST_SHARE_MAX: f32 = 0.04;

/// A sign as thin lines.
pub(super) struct Shape {
    /// Points of the lines; the box is one high, x from 0.
    pub(super) points: Vec<(f32, f32)>,
    /// Heights of the middles of the holes.
    pub(super) holes: Vec<f32>,
}

impl Shape {
    /// What a picture shows.
    pub(super) fn of(picture: &Picture) -> Result<Self, Unsure> {
        let mut grid = scaled(picture)?;
        grid.keep_largest_piece()?;
        let holes = grid.holes();
        grid.thin();
        let points = grid.points();
        if points.len() < TALL / 2 {
            return Err(Unsure::Unlike);
        }
        Ok(Self { points, holes })
    }
}

/// Brings the inked box to `TALL` pixels of height, keeping its proportions.
fn scaled(picture: &Picture) -> Result<Grid, Unsure> {
    let inked = |x: usize, y: usize| picture.at(x, y) > 0.4;
    let rows: Vec<usize> = (0..picture.height).filter(|&y| (0..picture.width).any(|x| inked(x, y))).collect();
    let columns: Vec<usize> =
        (0..picture.width).filter(|&x| (0..picture.height).any(|y| inked(x, y))).collect();
    let (Some(&top), Some(&bottom)) = (rows.first(), rows.last()) else { return Err(Unsure::Blank) };
    let (Some(&left), Some(&right)) = (columns.first(), columns.last()) else { return Err(Unsure::Blank) };
    let (high, wide) = (bottom - top + 1, right - left + 1);
    if high < PIXELS_MIN || real(wide) > WIDTH_MAX * real(high) {
        return Err(Unsure::Unlike);
    }
    let scale = real(high) / real(TALL);
    let width = whole((real(wide) / scale).ceil()).max(1);
    let mut grid = Grid::empty(width + 2 * MARGIN, TALL + 2 * MARGIN);
    for y in 0..TALL {
        for x in 0..width {
            let ink = sample(
                picture,
                real(left) + (real(x) + 0.5) * scale,
                real(top) + (real(y) + 0.5) * scale,
                scale,
            );
            grid.set(x + MARGIN, y + MARGIN, ink > 0.5);
        }
    }
    let full = real(grid.cells.iter().filter(|cell| **cell).count());
    if full > FULLNESS_MAX * real(width * TALL) && real(width) > 0.35 * real(TALL) {
        return Err(Unsure::Unlike);
    }
    Ok(grid)
}

/// Ink around a place given in pixel edges: the mean over a square of side `spread` when the picture shrinks,
/// between neighbouring pixels when it grows.
fn sample(picture: &Picture, x: f32, y: f32, spread: f32) -> f32 {
    let steps = if spread > 1.0 { whole(spread.ceil()) } else { 1 };
    let mut sum = 0.0;
    for row in 0..steps {
        for column in 0..steps {
            let off = |step: usize| (real(step) + 0.5) / real(steps) - 0.5;
            sum += smooth(picture, x + off(column) * spread, y + off(row) * spread);
        }
    }
    sum / real(steps * steps)
}

/// Bilinear; outside is clear.
fn smooth(picture: &Picture, x: f32, y: f32) -> f32 {
    // One pixel of padding keeps the whole parts positive.
    let (x, y) = ((x + 0.5).max(0.0), (y + 0.5).max(0.0));
    let (x0, y0) = (whole(x.floor()), whole(y.floor()));
    let (fx, fy) = (x - x.floor(), y - y.floor());
    let at = |dx: usize, dy: usize| match ((x0 + dx).checked_sub(1), (y0 + dy).checked_sub(1)) {
        (Some(x), Some(y)) => picture.at(x, y),
        _ => 0.0,
    };
    let above = at(0, 0) * (1.0 - fx) + at(1, 0) * fx;
    let below = at(0, 1) * (1.0 - fx) + at(1, 1) * fx;
    above * (1.0 - fy) + below * fy
}

/// Black and white.
struct Grid {
    width: usize,
    height: usize,
    cells: Vec<bool>,
}

impl Grid {
    fn empty(width: usize, height: usize) -> Self {
        Self { width, height, cells: vec![false; width * height] }
    }

    fn get(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.cells.get(y * self.width + x).copied().unwrap_or(false)
    }

    fn set(&mut self, x: usize, y: usize, to: bool) {
        if let Some(cell) = self.cells.get_mut(y * self.width + x) {
            *cell = to;
        }
    }

    /// Cells joined to `start` that are like it, over sides, and over corners too when `corners`.
    fn piece(&self, start: usize, corners: bool) -> Vec<usize> {
        let like = self.cells.get(start).copied();
        let mut seen = vec![false; self.cells.len()];
        let mut open = vec![start];
        let mut piece = Vec::new();
        while let Some(at) = open.pop() {
            if self.cells.get(at).copied() != like || seen.get(at).copied().unwrap_or(true) {
                continue;
            }
            seen[at] = true;
            piece.push(at);
            let (x, y) = (at % self.width, at / self.width);
            for (dx, dy) in AROUND {
                if !corners && dx != 0 && dy != 0 {
                    continue;
                }
                if let (Some(x), Some(y)) = (x.checked_add_signed(dx), y.checked_add_signed(dy))
                    && x < self.width
                    && y < self.height
                {
                    open.push(y * self.width + x);
                }
            }
        }
        piece
    }

    /// All pieces of cells that are `ink`.
    fn pieces(&self, ink: bool) -> Vec<Vec<usize>> {
        let mut taken = vec![false; self.cells.len()];
        let mut pieces = Vec::new();
        for start in 0..self.cells.len() {
            if self.cells[start] == ink && !taken[start] {
                let piece = self.piece(start, ink);
                piece.iter().for_each(|&at| taken[at] = true);
                pieces.push(piece);
            }
        }
        pieces
    }

    /// A digit is one piece; a little dust beside it is forgiven.
    fn keep_largest_piece(&mut self) -> Result<(), Unsure> {
        let mut pieces = self.pieces(true);
        pieces.sort_by_key(Vec::len);
        let Some(largest) = pieces.pop() else { return Err(Unsure::Blank) };
        let dust: usize = pieces.iter().map(Vec::len).sum();
        if real(dust) > DUST_SHARE_MAX * real(largest.len()) {
            return Err(Unsure::Unlike);
        }
        for at in pieces.into_iter().flatten() {
            self.cells[at] = false;
        }
        Ok(())
    }

    /// Heights of the middles of the enclosed white pieces, from the top.
    fn holes(&self) -> Vec<f32> {
        let least = HOLE_SHARE_MIN * real(self.width * self.height);
        let mut holes: Vec<f32> = self
            .pieces(false)
            .iter()
            .filter(|piece| !piece.contains(&0) && real(piece.len()) >= least)
            .map(|piece| {
                let sum: usize = piece.iter().map(|at| at / self.width).sum();
                (real(sum) / real(piece.len()) - real(MARGIN)) / real(TALL)
            })
            .collect();
        holes.sort_by(f32::total_cmp);
        holes
    }

    /// Thins to lines (Z. Guo, R. W. Hall: Parallel thinning with two-subiteration algorithms, 1989).
    fn thin(&mut self) {
        loop {
            let mut changed = false;
            for second in [false, true] {
                let gone: Vec<usize> = (0..self.cells.len()).filter(|&at| self.can_go(at, second)).collect();
                changed |= !gone.is_empty();
                gone.into_iter().for_each(|at| self.cells[at] = false);
            }
            if !changed {
                return;
            }
        }
    }

    /// Whether the lines stay whole and keep their ends without this cell.
    fn can_go(&self, at: usize, second: bool) -> bool {
        if !self.cells[at] {
            return false;
        }
        let (x, y) = (at % self.width, at / self.width);
        let [n, ne, e, se, s, sw, w, nw] =
            AROUND.map(|(dx, dy)| match (x.checked_add_signed(dx), y.checked_add_signed(dy)) {
                (Some(x), Some(y)) => self.get(x, y),
                _ => false,
            });
        let count = |these: [bool; 4]| these.into_iter().filter(|this| *this).count();
        let pieces = count([!n && (ne || e), !e && (se || s), !s && (sw || w), !w && (nw || n)]);
        let near =
            count([nw || n, ne || e, se || s, sw || w]).min(count([n || ne, e || se, s || sw, w || nw]));
        let side = if second { (n || ne || !se) && e } else { (s || sw || !nw) && w };
        pieces == 1 && (2..=3).contains(&near) && !side
    }

    /// Points of the ink, brought to a box one high with x from 0.
    fn points(&self) -> Vec<(f32, f32)> {
        let inked = (0..self.cells.len()).filter(|&at| self.cells[at]);
        boxed(inked.map(|at| (real(at % self.width), real(at / self.width))).collect())
    }
}

/// Clockwise from the north.
const AROUND: [(isize, isize); 8] = [(0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1)];

/// Moves and scales points into a box one high, x from 0.
fn boxed(mut points: Vec<(f32, f32)>) -> Vec<(f32, f32)> {
    let least = |by: fn(&(f32, f32)) -> f32| points.iter().map(by).fold(f32::MAX, f32::min);
    let (left, top) = (least(|point| point.0), least(|point| point.1));
    let bottom = points.iter().map(|point| point.1).fold(f32::MIN, f32::max);
    let scale = (bottom - top).max(f32::EPSILON);
    points.iter_mut().for_each(|point| *point = ((point.0 - left) / scale, (point.1 - top) / scale));
    points
}

/// A count as a number to reckon with. Pictures are small: exact up to 2²⁴.
pub(super) fn real(count: usize) -> f32 {
    u16::try_from(count).map_or(f32::from(u16::MAX), f32::from)
}

/// A number that is whole and not negative, as a count.
pub(super) fn whole(number: f32) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "callers pass small whole numbers; `as` saturates"
    )]
    let count = number as usize;
    count
}
