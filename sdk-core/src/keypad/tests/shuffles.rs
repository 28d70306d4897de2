//! Shuffles are even in every kind and page, and the measure finds one that is not.

use std::collections::BTreeMap;

use msgpay_crypto::{Error, random};

use super::{
    super::{grid, layout::arrange},
    *,
};

const ROUNDS: u32 = 5_000;

type Below<'a> = &'a mut dyn FnMut(u32) -> Result<u32, Error>;

/// The slots of `kind` that are shuffled among themselves: first and number.
fn pages(kind: Kind) -> Vec<(usize, usize)> {
    let mut from = 0;
    let letters = if kind == Kind::FullText { vec![26, 26] } else { Vec::new() };
    let counts = letters.into_iter().chain(grid::shuffled_together(kind).iter().copied());
    counts
        .map(|count| {
            from += count;
            (from - count, count)
        })
        .collect()
}

/// Pearson's statistic of character against slot for each page, brought to the normal distribution by Wilson and
/// Hilferty: how many standard deviations above an even shuffle. (n − 1)² degrees of freedom. `arrange` gets the
/// alphabet in its order, each time anew.
pub(super) fn unevenness(kind: Kind, rounds: u32, arrange: &mut dyn FnMut(&mut [u8])) -> Vec<f64> {
    let alphabet = kind.alphabet();
    let index: BTreeMap<u8, usize> = alphabet.iter().copied().zip(0..).collect();
    let mut seen = vec![vec![0_u32; alphabet.len()]; alphabet.len()];
    let mut slots = alphabet.to_vec();
    for _ in 0..rounds {
        slots.copy_from_slice(alphabet);
        arrange(&mut slots);
        slots.iter().zip(&mut seen).for_each(|(character, row)| row[index[character]] += 1);
    }
    let statistic = |(from, count): (usize, usize)| {
        let expected = f64::from(rounds) / f64::from(u32::try_from(count).unwrap());
        let counts = seen[from..from + count].iter().flat_map(|row| &row[from..from + count]);
        let sum: f64 = counts.map(|n| (f64::from(*n) - expected).powi(2) / expected).sum();
        let freedom = f64::from(u32::try_from((count - 1) * (count - 1)).unwrap());
        let spread = 2.0 / (9.0 * freedom);
        ((sum / freedom).cbrt() - (1.0 - spread)) / spread.sqrt()
    };
    pages(kind).into_iter().map(statistic).collect()
}

/// Of the product's arrangement, with this source of places.
fn drawn(kind: Kind, below: Below) -> Vec<f64> {
    unevenness(kind, ROUNDS, &mut |slots| arrange(kind, slots, below).unwrap())
}

/// Five deviations: one false alarm in three million, over eight pages.
#[test]
fn every_character_lies_under_every_slot_of_its_page_equally_often() {
    for kind in Kind::ALL {
        let even = drawn(kind, &mut random::below);
        assert!(even.iter().all(|deviations| *deviations < 5.0), "{kind:?}: {even:?}");
    }
}

#[test]
fn the_measure_finds_a_biased_shuffle_in_every_page() {
    // The classic faults: a remainder of a small draw, and never leaving a card where it lies.
    for kind in Kind::ALL {
        let mut small = |n: u32| Ok(u32::from(random::make::<1>()?[0]) % n.next_power_of_two() % n);
        let remainder = drawn(kind, &mut small);
        assert!(remainder.iter().all(|deviations| *deviations > 10.0), "{kind:?}: {remainder:?}");
        let derangement = drawn(kind, &mut |n| random::below(n - 1));
        assert!(derangement.iter().all(|deviations| *deviations > 10.0), "{kind:?}: {derangement:?}");
    }
}

#[test]
fn a_layout_holds_each_character_once() {
    for kind in Kind::ALL {
        let layout = Layout::make(kind).unwrap();
        let (head, characters) =
            layout.page.expose(|bytes| (bytes[..2].to_vec(), bytes[2..].to_vec())).unwrap();
        assert_eq!(head, [kind.number(), u8::try_from(kind.alphabet().len()).unwrap()]);
        let (found, wanted): (BTreeSet<u8>, BTreeSet<u8>) =
            (characters.iter().copied().collect(), kind.alphabet().iter().copied().collect());
        assert_eq!((found, characters.len()), (wanted, kind.alphabet().len()));
    }
}

#[test]
fn no_randomness_no_layout() {
    let mut slots = Kind::FullText.alphabet().to_vec();
    let refused = arrange(Kind::FullText, &mut slots, &mut |_| Err(Error::NoRandomness));
    assert_eq!(refused, Err(Error::NoRandomness));
}
