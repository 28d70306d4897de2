//! Memory that follows the last press: one byte is too short to be searched for, but an address that holds
//! the last slot (or the one before) press after press has kept it.

use std::collections::HashMap;

/// So many presses in a row make it no chance.
const RUN: u8 = 6;

/// Addresses that match, page by page.
#[derive(Default)]
pub struct Follow {
    pages: HashMap<u64, Vec<Vec<u8>>>,
    seen: HashMap<u64, Vec<Vec<u8>>>,
    places: Vec<(u64, usize)>,
}

impl Follow {
    /// Looks at a page that changed with this press. `wanted` are the values to follow, the same number every
    /// time: the slot, its character, those of the press before. A page that does not change follows nothing,
    /// since neighbours in a canary differ.
    pub fn see(&mut self, start: u64, page: &[u8], wanted: &[u8]) {
        let runs = self.pages.remove(&start).unwrap_or_else(|| vec![vec![0; page.len()]; wanted.len()]);
        let next = |(which, (mut run, value)): (usize, (Vec<u8>, &u8))| {
            for (at, (run, byte)) in run.iter_mut().zip(page).enumerate() {
                *run = if byte == value { run.saturating_add(1) } else { 0 };
                if *run >= RUN {
                    self.places.push((start + at as u64, which));
                }
            }
            run
        };
        let runs = runs.into_iter().zip(wanted).enumerate().map(next).collect();
        self.seen.insert(start, runs);
    }

    /// Ends the look after one press; gives each address that followed so far, with which value.
    pub fn end(&mut self) -> Vec<(u64, usize)> {
        self.pages = std::mem::take(&mut self.seen);
        self.places.sort_unstable();
        self.places.dedup();
        std::mem::take(&mut self.places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_is_found_and_what_counts_is_not() {
        let mut follow = Follow::default();
        let mut found = Vec::new();
        for (count, slot) in (0_u8..).zip([3, 1, 4, 1, 5, 9, 2]) {
            follow.see(4096, &[7, slot, count], &[slot]);
            found = follow.end();
        }
        assert_eq!(found, [(4097, 0)]);
    }
}
