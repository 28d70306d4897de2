//! Which keys are explored on the way to each press of a keypad that is listened to, and every dress that a record of
//! it may wear: the key that was heard last is the key that is pressed.

use crate::canary::{Canary, RUN, dress_run, is_rare};
use crate::search::{Family, Patterns};
use crate::subject::Place;
use msgpay_crypto::random;

/// Other keys that are heard before the right one is found.
const DETOURS_MAX: u32 = 3;

/// Slots in the order in which they are explored, press by press.
#[derive(Clone, Debug, Default)]
pub struct Tour {
    ways: Vec<Vec<u8>>,
}

impl Tour {
    /// Draws one for these presses. Before each press at least one other key is explored, so that no run of the tour
    /// is one of the presses; and no run is one that memory holds by chance, as in a [`Canary`].
    ///
    /// # Panics
    /// Without randomness, or when a thousand tours were no good.
    #[must_use]
    pub fn draw(canary: &Canary, layout: &[u8]) -> Self {
        let found = (0..1000).find_map(|_| Self::try_draw(&canary.pressed(), layout));
        found.expect("a tour whose runs are rare")
    }

    fn try_draw(pressed: &[u8], layout: &[u8]) -> Option<Self> {
        let below = |bound: u32| u8::try_from(random::below(bound).unwrap()).unwrap();
        let slots = u32::try_from(layout.len()).unwrap();
        let mut tour = Self::default();
        for slot in pressed {
            let way = (0..200).find_map(|_| {
                let mut way: Vec<u8> = (0..=below(DETOURS_MAX)).map(|_| below(slots)).collect();
                way.push(*slot);
                tour.goes_on(&way, layout).then_some(way)
            });
            tour.ways.push(way?);
        }
        Some(tour)
    }

    fn goes_on(&self, way: &[u8], layout: &[u8]) -> bool {
        let mut explored = self.explored();
        way.iter().all(|slot| {
            let rare = is_rare(&explored, *slot, layout);
            explored.push(*slot);
            rare
        })
    }

    /// The keys on the way to the press of this number, from 0; the pressed one is the last.
    #[must_use]
    pub fn way(&self, press: usize) -> &[u8] {
        &self.ways[press]
    }

    /// All of them, in order.
    fn explored(&self) -> Vec<u8> {
        self.ways.concat()
    }

    /// Every dress of every run of six.
    pub fn dress(&self, layout: &[u8], places: &[Place], patterns: &mut Patterns) {
        for run in self.explored().windows(RUN) {
            dress_run(run, layout, places, patterns, |_| Family::Explored);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use msgpay_sdk_core::Kind;

    #[test]
    fn a_tour_ends_at_each_press_and_shares_no_run_with_the_presses() {
        let layout = Kind::Numeric.alphabet();
        for _ in 0..50 {
            let canary = Canary::draw(Kind::Numeric, layout);
            let (pressed, tour) = (canary.pressed(), Tour::draw(&canary, layout));
            let ends: Vec<u8> = (0..pressed.len()).map(|press| *tour.way(press).last().unwrap()).collect();
            assert_eq!(ends, pressed);
            assert!((0..pressed.len()).all(|press| tour.way(press).len() > 1));
            let explored = tour.explored();
            assert!(explored.windows(2).all(|two| two[0] != two[1]));
        }
    }
}
