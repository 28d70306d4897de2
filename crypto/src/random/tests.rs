use super::*;
use crate::room;
use hpke::rand_core::TryRng;

#[test]
fn two_draws_differ() {
    assert_ne!(make::<32>().unwrap(), make::<32>().unwrap());
}

#[test]
fn a_bound_is_kept_and_every_number_below_it_comes() {
    let mut seen = [0_u32; 10];
    for _ in 0..10_000 {
        seen[below(10).unwrap() as usize] += 1;
    }
    // 1000 expected each, standard deviation 30: more than seven of them away is no chance.
    assert!(seen.iter().all(|n| (780..1220).contains(n)), "{seen:?}");
    assert_eq!(below(1), Ok(0));
    assert_eq!(below(0), Err(Error::Misused));
    assert!((0..100).all(|_| below(u32::MAX).unwrap() < u32::MAX));
}

#[test]
fn what_was_drawn_is_given_once_and_then_no_more() {
    let mut drawn = Drawn(&[1, 2, 3, 4]);
    let mut bytes = [0; 3];
    let Ok(()) = drawn.try_fill_bytes(&mut bytes);
    assert_eq!(bytes, [1, 2, 3]);
    assert_eq!(room::run(|| drawn.try_next_u32()), Err(Error::RoomBroken));
}
