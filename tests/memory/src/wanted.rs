//! What is looked for in the memory of one entry: what is typed in every dress, what is explored, what opens it.

use crate::canary::Canary;
use crate::derive::Derived;
use crate::dump::Dump;
use crate::schedule;
use crate::search::{Family, Hit, Patterns, Search, places};
use crate::speech::Speech;
use crate::subject::Place;
use crate::tour::Tour;
use msgpay_sdk_core::Kind;

/// What the examiner knows of an open entry.
pub(crate) struct Known<'a> {
    pub(crate) derived: Option<&'a Derived>,
    pub(crate) layout: &'a [u8],
    pub(crate) places: &'a [Place],
    pub(crate) speech: Option<&'a Speech>,
}

/// A canary that the memory does not hold by chance before it is typed, the way on which its keys are explored, and
/// the search for both.
pub(crate) fn quiet(dump: &Dump, known: &Known<'_>, kind: Kind) -> (Canary, Tour, Search) {
    for _ in 0..16 {
        let canary = Canary::draw(kind, known.layout);
        let mut tour = Tour::default();
        let mut patterns = Patterns::default();
        canary.dress(known.layout, known.places, &mut patterns);
        if let Some(derived) = known.derived {
            secrets(derived, &mut patterns);
        }
        if let Some(speech) = known.speech {
            tour = Tour::draw(&canary, known.layout);
            tour.dress(known.layout, known.places, &mut patterns);
            speech.dress(&mut patterns);
            speech.dress_addresses(dump, &mut patterns);
        }
        let mut search = Search::new(patterns);
        let hits = search.run(dump, |_, _| {});
        let heard = |hit: &Hit| known.speech.is_some_and(|speech| speech.holds(dump, hit.address));
        if places(&hits, |hit| is_typed(hit.family) && !heard(hit)) == 0 {
            return (canary, tour, search);
        }
    }
    panic!("sixteen canaries lay in the memory before they were typed")
}

/// Families that say what was typed.
fn is_typed(family: Family) -> bool {
    use Family::{Base64, Bcd, Characters, Coordinates, Digits, Explored, Hex, Printed, Slots};
    matches!(family, Characters | Digits | Slots | Bcd | Base64 | Hex | Printed | Coordinates | Explored)
}

/// Families of rows of six small numbers.
pub(crate) fn is_small(family: Family) -> bool {
    is_typed(family) || family == Family::Layout
}

/// Patterns of every derived secret.
pub fn secrets(derived: &Derived, patterns: &mut Patterns) {
    for (at, chain) in derived.chain.iter().enumerate() {
        patterns.add_words(Family::Chain, at, chain);
        patterns.add_words(Family::Keyed, at, &schedule::of_mac(derived.suite, chain));
    }
    let keys = derived.press_keys.iter().chain([&derived.layout_key, &derived.close_key]);
    for (at, key) in keys.enumerate() {
        patterns.add_words(Family::Press, at, key);
        patterns.add_words(Family::Schedule, at, &schedule::of_cipher(derived.suite, key));
    }
    for value in &derived.shared {
        patterns.add_words(Family::Shared, 0, value);
    }
    for (at, (_, value)) in derived.setup.iter().enumerate() {
        patterns.add_words(Family::Setup, at, value);
    }
}
