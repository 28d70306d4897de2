//! The attacker who has the dump, the layout and all structures: every window of 32 bytes is tried as the key
//! of a press and as a chain key against what was sealed before the dump.

use crate::derive::{Opener, expand};
use crate::dump::Dump;
use msgpay_crypto::SuiteId;
use std::collections::{BTreeSet, HashSet};

/// Fewer different bytes than this no key of 32 random ones has (chance below 10⁻⁹).
const DIFFERENT: usize = 20;

/// Windows of 32 bytes in writable memory that may be a key, each once; `step` bytes apart.
pub fn windows(dump: &Dump, step: u64) -> HashSet<[u8; 32]> {
    let mut windows = HashSet::new();
    for region in dump.regions.iter().filter(|region| region.writable) {
        let mut counts = [0_u8; 256];
        let mut different = 0;
        for (at, byte) in region.bytes.iter().enumerate() {
            counts[usize::from(*byte)] += 1;
            different += usize::from(counts[usize::from(*byte)] == 1);
            if at >= 32 {
                let gone = usize::from(region.bytes[at - 32]);
                counts[gone] -= 1;
                different -= usize::from(counts[gone] == 0);
            }
            if at >= 31 && different >= DIFFERENT && (region.start + at as u64 - 31).is_multiple_of(step) {
                windows.insert(region.bytes[at - 31..=at].try_into().unwrap());
            }
        }
    }
    windows
}

/// Numbers of the boxes that something in the dump opens: with the window as the key of a press, or as the
/// chain key that gives one. `boxes` are numbered from 1.
#[must_use]
pub fn opened(dump: &Dump, suite: SuiteId, boxes: &[Vec<u8>]) -> BTreeSet<usize> {
    let mut opened = BTreeSet::new();
    for window in windows(dump, 1) {
        for key in [window, expand(suite, &window, b"key")] {
            let opener = Opener::new(suite, &key);
            let mine =
                (1_u8..).zip(boxes).filter(|(number, sealed)| opener.open(&[*number], sealed).is_some());
            opened.extend(mine.map(|(number, _)| usize::from(number)));
        }
    }
    opened
}

/// How many windows, in either byte order, are the ephemeral private key of this encapsulation, or the seed
/// of one.
#[must_use]
pub fn ephemeral(dump: &Dump, suite: SuiteId, encapsulated: &[u8]) -> usize {
    let is = |window: &[u8; 32]| {
        let mut back = *window;
        back.reverse();
        let seeded = crate::derive::key_of_seed(suite, window);
        [*window, back, seeded].iter().any(|scalar| crate::derive::is_ephemeral(suite, scalar, encapsulated))
    };
    windows(dump, 8).iter().filter(|window| is(window)).count()
}
