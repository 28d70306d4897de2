//! Reading the layout as a person does: by its pictures, which lie on the screen for everyone.

use crate::search::{Family, Patterns};
use msgpay_sdk_core::{FaceSize, specimen};
use std::collections::BTreeSet;

/// Side of the laboratory's faces, in pixels.
pub const SIDE: u16 = 32;

/// The characters of these faces (`SIDE × SIDE` bytes each), which are those of `alphabet`, each once.
///
/// # Panics
/// When a face is of another size.
#[must_use]
pub fn read(faces: &[Vec<u8>], alphabet: &[u8]) -> Vec<u8> {
    let size = FaceSize::square(SIDE);
    let known: Vec<(u8, Vec<u8>)> = alphabet
        .iter()
        .map(|character| (*character, specimen::character(*character, size).unwrap().alpha().to_vec()))
        .collect();
    // The best pairs first: each face and each character is given out once.
    let mut pairs: Vec<(u64, usize, u8)> = Vec::new();
    for (at, face) in faces.iter().enumerate() {
        pairs.extend(known.iter().map(|(character, drawn)| (distance(face, drawn), at, *character)));
    }
    pairs.sort_unstable();
    let mut layout = vec![0; faces.len()];
    for (_, at, character) in pairs {
        if layout[at] == 0 && !layout.contains(&character) {
            layout[at] = character;
        }
    }
    layout
}

/// Runs of 16 bytes of a picture that show ink: with fewer different values a run is even ground.
#[must_use]
pub fn patterns(picture: &[u8]) -> Patterns {
    const RUN_BYTES: usize = 16;
    const VALUES: usize = 6;
    let mut patterns = Patterns::default();
    for run in picture.chunks_exact(RUN_BYTES) {
        if run.iter().collect::<BTreeSet<_>>().len() >= VALUES {
            patterns.add(Family::Picture, 0, run);
        }
    }
    patterns
}

/// The least squared difference over shifts by a pixel.
fn distance(face: &[u8], drawn: &[u8]) -> u64 {
    let side = usize::from(SIDE);
    assert_eq!((face.len(), drawn.len()), (side * side, side * side));
    let shifted = |dx: usize, dy: usize| -> u64 {
        let inner = |at: usize| 1 + at / (side - 2);
        (0..(side - 2) * (side - 2))
            .map(|at| {
                let (x, y) = (1 + at % (side - 2), inner(at));
                let one = i64::from(face[y * side + x]);
                let other = i64::from(drawn[(y + dy - 1) * side + x + dx - 1]);
                (one - other).pow(2).unsigned_abs()
            })
            .sum()
    };
    (0..9).map(|at| shifted(at % 3, at / 3)).min().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_faces_with_their_jitter() {
        let alphabet = b"0123456789X";
        for _ in 0..20 {
            let face = |character: &u8| {
                let jitter = msgpay_crypto::random::make().unwrap();
                specimen::varied(*character, FaceSize::square(SIDE), jitter).unwrap().alpha().to_vec()
            };
            let faces: Vec<Vec<u8>> = alphabet.iter().map(face).collect();
            assert_eq!(read(&faces, alphabet), alphabet);
        }
    }
}
