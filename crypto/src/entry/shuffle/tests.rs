use super::*;
use crate::random;

#[test]
fn it_goes_where_the_draws_say() {
    let mut draws = [0, 1, 2, 0].into_iter();
    let mut characters = *b"abcde";
    shuffle(&mut characters, &mut |bound| Ok(draws.next().unwrap().min(bound - 1))).unwrap();
    // e↔a, d↔b, c stays, b (where d was) ↔ …: by hand, with swaps.
    let mut by_hand = *b"abcde";
    for (last, chosen) in [(4, 0), (3, 1), (2, 2), (1, 0)] {
        by_hand.swap(last, chosen);
    }
    assert_eq!(characters, by_hand);
}

#[test]
fn every_character_stays_and_every_order_comes() {
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..6_000 {
        let mut characters = *b"abc";
        shuffle(&mut characters, &mut random::below).unwrap();
        *seen.entry(characters).or_insert(0_u32) += 1;
    }
    assert_eq!(seen.len(), 6);
    assert!(seen.values().all(|count| (800..1_200).contains(count)), "{seen:?}");
}

#[test]
fn a_draw_that_fails_ends_it_and_too_many_are_refused() {
    let refused = shuffle(&mut [0; 3], &mut |_| Err(Error::NoRandomness));
    assert_eq!(refused, Err(Error::NoRandomness));
    assert_eq!(shuffle(&mut [0; 256], &mut random::below), Err(Error::Misused));
    assert_eq!(shuffle(&mut [0; 3], &mut |_| Ok(300)), Err(Error::Misused));
    assert_eq!(shuffle(&mut [], &mut random::below), Ok(()));
}
