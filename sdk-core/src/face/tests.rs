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
            let picture = numeral(digit, FaceSize::square(side), Jitter::NONE).unwrap();
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
    assert!(numeral(10, FaceSize::square(48), Jitter::NONE).is_none());
}

#[test]
fn numerals_differ_from_each_other_by_far_more_than_their_jitter() {
    let size = FaceSize::square(64);
    let distance = |a: &Picture, b: &Picture| -> u64 {
        a.alpha().iter().zip(b.alpha()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum()
    };
    let drawn: Vec<_> = (0..10).map(|d| numeral(d, size, Jitter::NONE).unwrap()).collect();
    for (digit, plain) in drawn.iter().enumerate() {
        for _ in 0..20 {
            let again = numeral(u8::try_from(digit).unwrap(), size, random_jitter()).unwrap();
            let nearest = (0..10).min_by_key(|other| distance(&drawn[*other], &again)).unwrap();
            assert_eq!(nearest, digit, "a person reads {digit}");
            assert!(distance(plain, &again) > 0);
        }
    }
}

/// 1,500 drawings of one numeral are all different. With only 2^16 states this happens with a chance of e^-17.
#[test]
fn one_numeral_is_never_drawn_the_same_twice() {
    for digit in [1_u8, 8] {
        let mut seen = HashSet::new();
        for _ in 0..1_500 {
            let picture = numeral(digit, FaceSize::square(40), random_jitter()).unwrap();
            assert!(seen.insert(picture.alpha().to_vec()));
        }
    }
    // The same measure finds a drawing with 2^10 states.
    let mut seen = HashSet::new();
    let poor = (0..1_500).all(|_| {
        let Jitter(mut bytes) = random_jitter();
        bytes[1] &= 3;
        bytes[2..].fill(128);
        seen.insert(numeral(8, FaceSize::square(40), Jitter(bytes)).unwrap().alpha().to_vec())
    });
    assert!(!poor, "the measure finds a poor jitter");
}

#[test]
fn debug_shows_the_size_only() {
    let picture = numeral(7, FaceSize::square(48), Jitter::NONE).unwrap();
    assert_eq!(format!("{picture:?}"), "Picture(48 px)");
}

#[test]
fn sizes_are_brought_into_bounds() {
    assert_eq!(FaceSize::square(0).side_px(), 24);
    assert_eq!(FaceSize::square(u16::MAX).side_px(), 512);
    assert_eq!(mark(Mark::Confirm, FaceSize::square(60)).side(), 60);
}
