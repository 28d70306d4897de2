use std::collections::HashSet;

use super::*;

fn random_jitter() -> Jitter {
    let mut bytes = [0; Jitter::LEN];
    msgpay_crypto::random::fill(&mut bytes).unwrap();
    Jitter::from_random(bytes)
}

#[test]
fn every_numeral_has_ink_well_inside_its_picture() {
    for side in [24, 48, 96, 200] {
        for digit in 0..10 {
            let picture = character(b'0' + digit, FaceSize::square(side), Jitter::NONE).unwrap();
            let (side, alpha) = (usize::from(side), picture.alpha());
            assert_eq!(alpha.len(), side * side);
            let ink = alpha.iter().filter(|a| **a > 200).count();
            assert!(ink > side * side / 60, "{digit} at {side}: {ink}");
            let edge = (0..side).any(|i| {
                alpha[i] > 0
                    || alpha[side * (side - 1) + i] > 0
                    || alpha[i * side] > 0
                    || alpha[i * side + side - 1] > 0
            });
            assert!(!edge, "{digit} touches the edge at {side}");
        }
    }
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

/// 1,500 drawings of one numeral are all different. With only 2^16 states this happens with a chance of e^-17.
#[test]
fn one_numeral_is_never_drawn_the_same_twice() {
    for digit in [1_u8, 8] {
        let mut seen = HashSet::new();
        for _ in 0..1_500 {
            let picture = character(b'0' + digit, FaceSize::square(40), random_jitter()).unwrap();
            assert!(seen.insert(picture.alpha().to_vec()));
        }
    }
    // The same measure finds a drawing with 2^10 states.
    let mut seen = HashSet::new();
    let poor = (0..1_500).all(|_| {
        let Jitter(mut bytes) = random_jitter();
        bytes[1] &= 3;
        bytes[2..].fill(128);
        seen.insert(character(b'8', FaceSize::square(40), Jitter(bytes)).unwrap().alpha().to_vec())
    });
    assert!(!poor, "the measure finds a poor jitter");
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
