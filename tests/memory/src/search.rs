//! Many patterns in many dumps of one process: what did not change since the last dump is not looked at
//! again.

use crate::dump::{Dump, Region};
use std::collections::HashMap;

/// Bytes that a pattern has at least; its first are its key in the table.
const HEAD: usize = 6;
/// Distances between elements at which short elements are looked for: arrays of 1, 2, 4 and 8 bytes each, and
/// objects of up to 64.
const STEPS: [usize; 13] = [1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 32, 40, 64];
/// Bits of the filter in front of the table.
const FILTER_BITS: u32 = 20;
/// Bytes past a change within which a pattern may begin before it or end after it.
const REACH: usize = 1024;
const PAGE: usize = 4096;

/// What a pattern stands for: a row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// Typed characters, one element each at any distance: ASCII, UTF-16, UTF-32, arrays; either way round.
    Characters,
    /// The same as values 0 to 9.
    Digits,
    /// Slots at any distance: u8 to i64 arrays, event objects.
    Slots,
    /// Two digits to a byte.
    Bcd,
    /// Base64 of characters or slots, at three places.
    Base64,
    /// Hexadecimal text of characters or slots.
    Hex,
    /// Slots or characters printed as a list.
    Printed,
    /// Centres of the keys that were pressed: pairs of floats or integers, in arrays or event objects.
    Coordinates,
    /// Keys that were explored on the way to each press, in any dress of slots, characters and coordinates, and as
    /// addresses of what was played.
    Explored,
    /// Samples of a key's clip, as they are or as floats.
    Clip,
    /// The layout in slot order.
    Layout,
    /// A chain key before or after the present one.
    Chain,
    /// The key of one press, of the layout or of the closing tag.
    Press,
    /// The cipher's round keys and hash key under one of those.
    Schedule,
    /// The keyed state of HMAC under a chain key.
    Keyed,
    /// The shared point, in any form.
    Shared,
    /// What lies between the shared point and the first chain key.
    Setup,
    /// Rows of the picture in which a number was shown for review.
    Picture,
    /// The chain key of now: it must be in its page and nowhere else.
    Present,
}

/// Where a pattern was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What it stands for.
    pub family: Family,
    /// Which one of its family, as the maker numbered it; of elements, the distance between them.
    pub which: usize,
    /// Address of its first element.
    pub address: u64,
}

struct Pattern {
    key: u64,
    family: Family,
    which: usize,
    /// What comes after the head.
    tail: Vec<u8>,
    /// Elements at any distance, not bytes in a row.
    stepped: bool,
}

/// A set of patterns.
#[derive(Default)]
pub struct Patterns {
    patterns: Vec<Pattern>,
    coordinates: HashMap<[u8; 8], u8>,
    wide_coordinates: HashMap<[[u8; 8]; 2], u8>,
    paths: Vec<(Family, [u8; HEAD])>,
}

impl Patterns {
    /// Bytes in a row, at least six.
    ///
    /// # Panics
    /// For fewer.
    pub fn add(&mut self, family: Family, which: usize, bytes: &[u8]) {
        assert!(bytes.len() >= HEAD, "a pattern of {} bytes would be found by chance", bytes.len());
        let (head, tail) = bytes.split_at(HEAD);
        self.patterns.push(Pattern { key: key(head), family, which, tail: tail.to_vec(), stepped: false });
    }

    /// Six elements or more, of a byte each, at any distance, in this order and in the other.
    ///
    /// # Panics
    /// For fewer, and for more than lie within the search's reach.
    pub fn add_elements(&mut self, family: Family, elements: &[u8]) {
        assert!(
            (HEAD..=REACH / STEPS[STEPS.len() - 1]).contains(&elements.len()),
            "{} elements",
            elements.len()
        );
        let back: Vec<u8> = elements.iter().rev().copied().collect();
        for order in [elements, &back] {
            let (head, tail) = order.split_at(HEAD);
            self.patterns.push(Pattern {
                key: key(head),
                family,
                which: 0,
                tail: tail.to_vec(),
                stepped: true,
            });
        }
    }

    /// A secret of whole 8-byte words: each word by itself, in either byte order.
    pub fn add_words(&mut self, family: Family, which: usize, secret: &[u8]) {
        for word in secret.chunks_exact(8) {
            let back: Vec<u8> = word.iter().rev().copied().collect();
            self.add(family, which, word);
            self.add(family, which, &back);
        }
    }

    /// The centre of a key, or an address that stands for it, as 8 bytes.
    pub fn add_coordinate(&mut self, pair: [u8; 8], slot: u8) {
        self.coordinates.insert(pair, slot);
    }

    /// The same of two 8-byte numbers.
    pub fn add_wide_coordinate(&mut self, pair: [[u8; 8]; 2], slot: u8) {
        self.wide_coordinates.insert(pair, slot);
    }

    /// A run of six slots, whose keys' centres or addresses in a row are a find of this family.
    pub fn add_path(&mut self, family: Family, run: [u8; HEAD]) {
        self.paths.push((family, run));
    }

    /// Number of patterns.
    #[must_use]
    pub fn len(&self) -> usize {
        self.patterns.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }
}

fn key(six: &[u8]) -> u64 {
    six.iter().fold(0, |key, byte| key << 8 | u64::from(*byte))
}

fn place(key: u64) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - FILTER_BITS)) as usize
}

/// The search over the dumps of one process.
pub struct Search {
    patterns: Patterns,
    table: HashMap<u64, Vec<usize>>,
    filter: [Vec<u64>; 2],
    before: HashMap<u64, (Vec<u8>, Vec<Hit>)>,
}

impl Search {
    /// A search for these.
    #[must_use]
    pub fn new(patterns: Patterns) -> Self {
        let mut table: HashMap<u64, Vec<usize>> = HashMap::new();
        let mut filter = [vec![0; 1 << (FILTER_BITS - 6)], vec![0; 1 << (FILTER_BITS - 6)]];
        for (at, pattern) in patterns.patterns.iter().enumerate() {
            table.entry(pattern.key).or_default().push(at);
            let bit = place(pattern.key);
            filter[usize::from(pattern.stepped)][bit / 64] |= 1 << (bit % 64);
        }
        Self { patterns, table, filter, before: HashMap::new() }
    }

    /// All hits in this dump. `changed` is told each page that is new or differs from the dump before.
    pub fn run(&mut self, dump: &Dump, mut changed: impl FnMut(u64, &[u8])) -> Vec<Hit> {
        let mut now = HashMap::new();
        let mut all = Vec::new();
        for region in &dump.regions {
            let before =
                self.before.remove(&region.start).filter(|(bytes, _)| bytes.len() == region.bytes.len());
            let (spans, mut hits) = match &before {
                None => (written(&region.bytes), Vec::new()),
                Some((bytes, hits)) => {
                    let spans = differing(bytes, &region.bytes);
                    let kept = |hit: &&Hit| !spans.iter().any(|span| within(region, *span, hit.address));
                    (spans.clone(), hits.iter().filter(kept).copied().collect())
                }
            };
            for (from, to) in spans {
                for page in (from..to).step_by(PAGE) {
                    changed(region.start + page as u64, &region.bytes[page..to.min(page + PAGE)]);
                }
                let (low, high) = (from.saturating_sub(REACH), (to + REACH).min(region.bytes.len()));
                let mut found = Vec::new();
                self.scan(&region.bytes[low..high], region.start + low as u64, region.writable, &mut found);
                hits.extend(found.into_iter().filter(|hit| within(region, (from, to), hit.address)));
            }
            all.extend_from_slice(&hits);
            now.insert(region.start, (region.bytes.clone(), hits));
        }
        self.before = now;
        all
    }

    /// Elements at a distance are looked for only where the process can write: six small numbers lie by
    /// chance in the tables of every program and library.
    fn scan(&self, bytes: &[u8], start: u64, writable: bool, found: &mut Vec<Hit>) {
        for step in STEPS.into_iter().filter(|step| writable || *step == 1) {
            for lane in 0..step {
                self.scan_lane(bytes, start, (lane, step), writable, found);
            }
        }
        if writable && !self.patterns.coordinates.is_empty() {
            self.scan_coordinates(bytes, start, found);
        }
    }

    fn scan_lane(
        &self,
        bytes: &[u8],
        start: u64,
        (lane, step): (usize, usize),
        writable: bool,
        found: &mut Vec<Hit>,
    ) {
        let mut window = 0_u64;
        for (count, at) in (lane..bytes.len()).step_by(step).enumerate() {
            window = (window << 8 | u64::from(bytes[at])) & 0xFFFF_FFFF_FFFF;
            if count + 1 < HEAD {
                continue;
            }
            let bit = place(window);
            let mask = 1 << (bit % 64);
            let stepped = writable && self.filter[1][bit / 64] & mask != 0;
            if !(stepped || step == 1 && self.filter[0][bit / 64] & mask != 0) {
                continue;
            }
            let Some(candidates) = self.table.get(&window) else { continue };
            let first = at - (HEAD - 1) * step;
            for pattern in candidates.iter().map(|index| &self.patterns.patterns[*index]) {
                let goes_on = bytes[at..].iter().step_by(step).skip(1).take(pattern.tail.len());
                let whole = (if pattern.stepped { writable } else { step == 1 }) && goes_on.eq(&pattern.tail);
                if whole {
                    let address = start + first as u64;
                    let which = if pattern.stepped { step } else { pattern.which };
                    found.push(Hit { family: pattern.family, which, address });
                }
            }
        }
    }

    /// Centres of keys at 4-byte places, then runs of them at any distance.
    fn scan_coordinates(&self, bytes: &[u8], start: u64, found: &mut Vec<Hit>) {
        let seen: HashMap<usize, u8> = (0..bytes.len().saturating_sub(7))
            .step_by(4)
            .filter_map(|at| {
                let one: [u8; 8] = bytes[at..at + 8].try_into().ok()?;
                if one == [0; 8] {
                    return None;
                }
                let narrow = self.patterns.coordinates.get(&one);
                let wide = || {
                    let other = bytes.get(at + 8..at + 16)?.try_into().ok()?;
                    self.patterns.wide_coordinates.get(&[one, other])
                };
                narrow.or_else(wide).map(|slot| (at, *slot))
            })
            .collect();
        for (at, slot) in &seen {
            for (family, run) in self.patterns.paths.iter().filter(|(_, run)| run[0] == *slot) {
                let follows = |step: usize| (1..HEAD).all(|n| seen.get(&(at + n * step)) == Some(&run[n]));
                if (8..=64).step_by(4).any(follows) {
                    found.push(Hit { family: *family, which: 0, address: start + *at as u64 });
                }
            }
        }
    }
}

/// Whether a pattern that begins at `address` may lie in what changed.
fn within(region: &Region, (from, to): (usize, usize), address: u64) -> bool {
    let (low, high) = (from.saturating_sub(REACH), to);
    (region.start + low as u64..region.start + high as u64).contains(&address)
}

/// Spans of whole pages that differ, neighbours joined.
fn differing(before: &[u8], now: &[u8]) -> Vec<(usize, usize)> {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for (page, (one, other)) in before.chunks(PAGE).zip(now.chunks(PAGE)).enumerate() {
        if one != other {
            let (from, to) = (page * PAGE, page * PAGE + other.len());
            match spans.last_mut() {
                Some(last) if from <= last.1 + REACH => last.1 = to,
                _ => spans.push((from, to)),
            }
        }
    }
    spans
}

/// Spans of pages that are not all zeros: six different elements do not lie in the others alone.
fn written(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for (page, bytes) in bytes.chunks(PAGE).enumerate() {
        if bytes.iter().any(|byte| *byte != 0) {
            let (from, to) = (page * PAGE, page * PAGE + bytes.len());
            match spans.last_mut() {
                Some(last) if from <= last.1 + REACH => last.1 = to,
                _ => spans.push((from, to)),
            }
        }
    }
    spans
}

/// How many separate places a family was found in: hits within 64 bytes of each other are one.
#[must_use]
pub fn places(hits: &[Hit], wanted: impl Fn(&Hit) -> bool) -> usize {
    let mut addresses: Vec<u64> = hits.iter().filter(|hit| wanted(hit)).map(|hit| hit.address).collect();
    addresses.sort_unstable();
    addresses.dedup();
    let apart = addresses.windows(2).filter(|pair| pair[1] - pair[0] > 64).count();
    apart + usize::from(!addresses.is_empty())
}
