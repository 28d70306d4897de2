//! Pictures that the SDK did not draw: a pen, noise.

use super::Picture;

/// Lines through the given corners, in a box one high and one wide, drawn by a round pen on `side` × `side` pixels.
pub(super) fn drawn(side: usize, pen: f32, lines: &[&[(f32, f32)]]) -> Vec<u8> {
    let real = |count: usize| f32::from(u16::try_from(count).unwrap());
    let room = real(side) * 0.7;
    let edge = real(side) * 0.15;
    let mut alpha = vec![0; side * side];
    for (at, byte) in alpha.iter_mut().enumerate() {
        let (x, y) = (real(at % side) + 0.5 - edge, real(at / side) + 0.5 - edge);
        let nearest = lines
            .iter()
            .flat_map(|line| line.iter().zip(line.iter().skip(1)))
            .map(|(from, to)| distance((x, y), (from.0 * room, from.1 * room), (to.0 * room, to.1 * room)))
            .fold(f32::MAX, f32::min);
        let cover = (pen * room / 2.0 - nearest + 0.5).clamp(0.0, 1.0) * 255.0;
        *byte = (0..=u8::MAX).rfind(|&level| f32::from(level) <= cover).unwrap();
    }
    alpha
}

fn distance(point: (f32, f32), from: (f32, f32), to: (f32, f32)) -> f32 {
    let along = (to.0 - from.0, to.1 - from.1);
    let length = along.0 * along.0 + along.1 * along.1;
    let share = (((point.0 - from.0) * along.0 + (point.1 - from.1) * along.1) / length).clamp(0.0, 1.0);
    (point.0 - from.0 - along.0 * share).hypot(point.1 - from.1 - along.1 * share)
}

/// What a pen draws: lines of corners.
type Lines = &'static [&'static [(f32, f32)]];

/// Letters that no one takes for a digit.
const LETTERS: [(char, Lines); 12] = [
    ('A', &[&[(0.1, 1.0), (0.4, 0.0), (0.7, 1.0)], &[(0.22, 0.6), (0.58, 0.6)]]),
    ('E', &[&[(0.6, 0.0), (0.1, 0.0), (0.1, 1.0), (0.6, 1.0)], &[(0.1, 0.5), (0.5, 0.5)]]),
    ('F', &[&[(0.6, 0.0), (0.1, 0.0), (0.1, 1.0)], &[(0.1, 0.5), (0.5, 0.5)]]),
    ('H', &[&[(0.1, 0.0), (0.1, 1.0)], &[(0.65, 0.0), (0.65, 1.0)], &[(0.1, 0.5), (0.65, 0.5)]]),
    ('K', &[&[(0.1, 0.0), (0.1, 1.0)], &[(0.6, 0.0), (0.1, 0.6)], &[(0.25, 0.4), (0.6, 1.0)]]),
    ('L', &[&[(0.1, 0.0), (0.1, 1.0), (0.6, 1.0)]]),
    ('M', &[&[(0.1, 1.0), (0.1, 0.0), (0.45, 0.7), (0.8, 0.0), (0.8, 1.0)]]),
    ('N', &[&[(0.1, 1.0), (0.1, 0.0), (0.65, 1.0), (0.65, 0.0)]]),
    ('U', &[&[(0.1, 0.0), (0.1, 0.8), (0.25, 1.0), (0.45, 1.0), (0.6, 0.8), (0.6, 0.0)]]),
    ('V', &[&[(0.1, 0.0), (0.4, 1.0), (0.7, 0.0)]]),
    ('W', &[&[(0.0, 0.0), (0.2, 1.0), (0.4, 0.3), (0.6, 1.0), (0.8, 0.0)]]),
    ('X', &[&[(0.1, 0.0), (0.65, 1.0)], &[(0.65, 0.0), (0.1, 1.0)]]),
];

/// Numbers that look random and are the same in every run (G. Marsaglia: Xorshift RNGs, 2003).
pub(super) struct Dice(pub(super) u32);

impl Dice {
    pub(super) fn roll(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }

    /// 0 to 1.
    pub(super) fn share(&mut self) -> f32 {
        f32::from(u16::try_from(self.roll() >> 16).unwrap()) / f32::from(u16::MAX)
    }
}

/// Letters as pictures.
pub(super) fn letters(side: usize) -> Vec<(char, Picture)> {
    let picture =
        |lines: &[&[(f32, f32)]]| Picture::from_alpha(side, side, &drawn(side, 0.09, lines)).unwrap();
    LETTERS.iter().map(|(letter, lines)| (*letter, picture(lines))).collect()
}
