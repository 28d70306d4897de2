use std::collections::HashMap;

use super::*;

fn random_jitter() -> Jitter {
    let mut bytes = [0; Jitter::LEN];
    msgpay_crypto::random::fill(&mut bytes).unwrap();
    Jitter::from_random(bytes)
}

#[test]
fn every_character_has_ink_well_inside_its_picture() {
    for side in [24, 48, 96, 200, 512] {
        for ch in 0x21..=0x7E {
            let picture = character(ch, FaceSize::square(side), Jitter::from_random([255; 7])).unwrap();
            let (side, alpha) = (usize::from(side), picture.alpha());
            assert_eq!(alpha.len(), side * side);
            let ink = alpha.iter().filter(|a| **a > 100).count();
            assert!(ink > side * side / 250, "{ch} at {side}: {ink}");
            let edge = (0..side).any(|i| {
                alpha[i] > 0
                    || alpha[side * (side - 1) + i] > 0
                    || alpha[i * side] > 0
                    || alpha[i * side + side - 1] > 0
            });
            assert!(!edge, "{} touches the edge at {side}", char::from(ch));
        }
    }
    for nothing in [0, b' ', 0x7F, 0x80, 0xFF] {
        assert!(character(nothing, FaceSize::square(48), Jitter::NONE).is_none());
    }
}

/// No two characters look the same, not even at the smallest size and after an eye's tolerance.
#[test]
fn every_character_has_a_shape_of_its_own() {
    let faces: Vec<Picture> =
        (0x21..=0x7E).filter_map(|ch| character(ch, FaceSize::square(24), Jitter::NONE)).collect();
    assert_eq!(faces.len(), 94);
    for (index, one) in faces.iter().enumerate() {
        for other in faces.iter().skip(index + 1) {
            let apart = one.alpha().iter().zip(other.alpha()).filter(|(a, b)| a.abs_diff(**b) > 100).count();
            assert!(apart >= 3, "{index}: {apart} pixels");
        }
    }
}

/// Bytes of all skeletons and the tables of them, as they lie in the library.
#[test]
fn the_tables_are_small() {
    let strokes: usize = (0x21..=0x7E).filter_map(glyph::skeleton).map(size_of_val).sum();
    let marks: usize = [glyph::DELETE, glyph::CONFIRM, glyph::SHIFT].map(size_of_val).iter().sum();
    let tables = 94 * size_of::<glyph::Skeleton>();
    let all = strokes + marks + tables;
    assert!((10_000..=40 * 1024).contains(&all), "{all} bytes");
}

#[test]
fn a_line_is_as_wide_as_its_count_and_says_nothing_of_its_digits() {
    let line = |text: &[u8]| line(text, &[4, 4, 4, 4, 3], 48);
    assert_eq!(line(b"1111111111111111").width(), line(b"8888888888888888").width());
    assert!(line(b"1111").width() < line(b"11111").width());
    assert_eq!(line(b"").height(), 48);
    assert!(line(b"").alpha().iter().all(|alpha| *alpha == 0));
    assert!(line(b"12 4").alpha() != line(b"1234").alpha());
    assert!(line(&[b'8'; 4 * LINE_MAX]).width() == line(&[b'8'; LINE_MAX]).width());
}

/// The gap lies after the group: the same characters in other groups are another picture of the same width.
#[test]
fn groups_make_gaps() {
    let (one, other) = (line(b"12345678", &[4, 4], 48), line(b"12345678", &[3, 5], 48));
    assert_eq!(one.width(), other.width());
    assert_ne!(one.alpha(), other.alpha());
    assert!(line(b"12345678", &[], 48).width() < one.width());
}

/// Whatever the jitter, a reader that knows the shapes is never in doubt.
#[test]
fn every_drawing_is_read_as_its_numeral() {
    for side in [32, 48] {
        for digit in 0..10 {
            for _ in 0..25 {
                let picture = character(b'0' + digit, FaceSize::square(side), random_jitter()).unwrap();
                assert_eq!(crate::testing::read(&picture), b'0' + digit, "at {side} px");
            }
        }
    }
}

/// Drawings of one character, and the most pairs of equal ones that chance gives with 2^16 states:
/// n(n − 1) / 2 / 65,536 = 7.6.
const DRAWINGS: usize = 1_000;
const PAIRS_MAX: usize = 7;

fn equal_pairs(mut draw: impl FnMut() -> Picture) -> usize {
    let mut counts: HashMap<Vec<u8>, usize> = HashMap::new();
    for _ in 0..DRAWINGS {
        *counts.entry(draw().alpha().to_vec()).or_default() += 1;
    }
    counts.values().map(|count| count * (count - 1) / 2).sum()
}

/// At the smallest size, where small differences are smallest.
#[test]
fn no_character_is_drawn_the_same_twice() {
    let size = FaceSize::square(24);
    for ch in 0x21..=0x7E {
        let equal = equal_pairs(|| character(ch, size, random_jitter()).unwrap());
        assert!(equal <= PAIRS_MAX, "{}: {equal} equal pairs", char::from(ch));
    }
    // Control: the same measure finds a drawing with 2^10 states, which gives some 490.
    let poor = || {
        let Jitter(mut bytes) = random_jitter();
        bytes[1] &= 3;
        bytes[2..].fill(128);
        character(b'8', size, Jitter(bytes)).unwrap()
    };
    assert!(equal_pairs(poor) > PAIRS_MAX);
}

#[test]
fn debug_shows_the_size_only() {
    let picture = character(b'7', FaceSize::square(48), Jitter::NONE).unwrap();
    assert_eq!(format!("{picture:?}"), "Picture(48 × 48 px)");
}

#[test]
fn sizes_are_brought_into_bounds() {
    assert_eq!(FaceSize::square(0).side_px(), 24);
    assert_eq!(FaceSize::square(u16::MAX).side_px(), 512);
    assert_eq!(mark(Mark::Confirm, FaceSize::square(60)).width(), 60);
}
