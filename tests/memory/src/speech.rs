//! What speech leaves beside the clips in the host's hands: copies of their samples, and what they were made with.
//!
//! The examiner has the clips, as whoever holds the phone has them. A copy is found by its samples, as they are and as
//! floats of −1 to 1; the synthesiser's own wave by the ratios of its samples, whatever its scale; its seven random
//! bytes a key by the fourth, which is the level of the voice and can be measured; and what was made of those bytes by
//! that level as a number, near a pitch and a tempo.

use crate::dump::{Dump, Region};
use crate::search::{Family, Hit, Patterns};
use std::collections::HashMap;

/// Samples from one window to the next: no piece of a clip longer than two of them is missed, but for silence.
const EVERY: usize = 512;
/// Samples of a window.
const WINDOW: usize = 16;
/// Different values that a window has at least; silence has fewer.
const DIFFERENT: usize = 12;
/// Of the numbers of windows: more than one clip has, and more than all clips have.
const CLIP: usize = 100;
const FLOATS: usize = 100_000;
/// Random bytes of one clip.
const JITTER: usize = 7;
/// Clips in a row whose levels make it no chance.
const RUN: usize = 6;
/// Samples around a peak that are compared, and its least height: the error of a whole number is small beside it.
const RATIOS: usize = 8;
const PEAK: i16 = 2000;

/// The clips of a keypad, in order of slots, those of keys without a slot last.
pub struct Speech {
    clips: Vec<Vec<i16>>,
    /// Where their samples lie.
    addresses: Vec<u64>,
    levels: Vec<u8>,
    /// Ratios of samples to the peak before them.
    shapes: Vec<[f32; RATIOS]>,
}

impl Speech {
    /// Of these clips, which lie in this dump.
    ///
    /// # Panics
    /// When one does not, or is louder or softer than the voice can be.
    #[must_use]
    pub fn of(clips: Vec<Vec<i16>>, dump: &Dump) -> Self {
        let addresses = clips.iter().map(|clip| address(dump, clip)).collect();
        let levels = clips.iter().map(|clip| level(clip)).collect();
        let shapes = clips.iter().flat_map(|clip| shapes(clip)).collect();
        Self { clips, addresses, levels, shapes }
    }

    /// Puts zeros where the host's clips lie, which would be tens of thousands of keys to try.
    pub fn hide(&self, dump: &mut Dump) {
        for (clip, address) in self.clips.iter().zip(&self.addresses) {
            let bytes = bytes(clip);
            for region in &mut dump.regions {
                let place = address.checked_sub(region.start).and_then(|at| usize::try_from(at).ok());
                let there = place.and_then(|at| region.bytes.get_mut(at..at + bytes.len()));
                if let Some(there) = there.filter(|there| **there == bytes) {
                    there.fill(0);
                }
            }
        }
    }

    /// Whether an address lies in one of the host's clips: among its samples every row of small numbers lies somewhere.
    #[must_use]
    pub fn holds(&self, dump: &Dump, address: u64) -> bool {
        self.clips.iter().zip(&self.addresses).any(|(clip, start)| {
            let bytes = bytes(clip);
            (*start..start + bytes.len() as u64).contains(&address) && dump.has(*start, &bytes)
        })
    }

    /// Windows of all clips: of which slot, from which sample on.
    fn windows(&self) -> impl Iterator<Item = (usize, usize, &[i16])> {
        self.clips.iter().enumerate().flat_map(|(slot, clip)| {
            let windows = (0..clip.len() - WINDOW).step_by(EVERY).map(|at| (at, &clip[at..at + WINDOW]));
            windows.filter(|(_, window)| sounds(window)).map(move |(at, window)| (slot, at, window))
        })
    }

    /// Samples of each window, in both dresses.
    pub fn dress(&self, patterns: &mut Patterns) {
        for (slot, at, window) in self.windows() {
            let which = slot * CLIP + at / EVERY;
            let floats = window.iter().flat_map(|sample| (f32::from(*sample) / 32_768.0).to_ne_bytes());
            patterns.add(Family::Clip, which, &bytes(window));
            patterns.add(Family::Clip, FLOATS + which, &floats.collect::<Vec<u8>>());
        }
    }

    /// Addresses that stand for a key: of its samples, and of all 8-byte places of the entry that holds their address
    /// in the host's row of keys, one of which is the key's own address and another the clip's.
    ///
    /// # Panics
    /// When the host holds no row of keys with these clips.
    pub fn dress_addresses(&self, dump: &Dump, patterns: &mut Patterns) {
        let (first, stride) = row(dump, &self.addresses).expect("a row of keys with these clips");
        for (slot, samples) in (0_u8..).zip(&self.addresses) {
            let holder = first + u64::from(slot) * stride;
            let own = (0..stride).step_by(8).map(|before| holder - before);
            for address in own.chain([*samples]) {
                patterns.add_coordinate(address.to_ne_bytes(), slot);
            }
        }
    }

    /// Copies of windows beyond those that must be there, and how many of those are missing. While the host holds the
    /// clips, each of their windows must be there once as it is.
    #[must_use]
    pub fn copies(&self, hits: &[Hit], held: bool) -> (usize, usize) {
        let mut counts: HashMap<usize, usize> = HashMap::new();
        for hit in hits.iter().filter(|hit| hit.family == Family::Clip) {
            *counts.entry(hit.which).or_default() += 1;
        }
        let must: HashMap<usize, usize> =
            self.windows().map(|(slot, at, _)| (slot * CLIP + at / EVERY, usize::from(held))).collect();
        let more = |(which, count): (&usize, &usize)| {
            count.saturating_sub(must.get(which).copied().unwrap_or_default())
        };
        let missing =
            must.iter().map(|(which, must)| must.saturating_sub(counts.get(which).copied().unwrap_or(0)));
        (counts.iter().map(more).sum(), missing.sum())
    }

    /// What clips were made with: places of the wave before it was brought to its level, of the random bytes, and of
    /// what was made of them.
    #[must_use]
    pub fn traces(&self, dump: &Dump) -> Vec<(&'static str, u64)> {
        let mut traces = Vec::new();
        for region in dump.regions.iter().filter(|region| region.writable) {
            let mut note = |name, at: usize| traces.push((name, region.start + at as u64));
            self.waves(&region.bytes).into_iter().for_each(|at| note("wave", at));
            self.jitters(&region.bytes).into_iter().for_each(|at| note("jitter", at));
            self.speakers(&region.bytes).into_iter().for_each(|at| note("speaker", at));
        }
        traces
    }

    fn waves(&self, bytes: &[u8]) -> Vec<usize> {
        let floats: Vec<f32> = floats(bytes);
        let mut found = Vec::new();
        for (at, window) in floats.windows(1 + RATIOS).enumerate() {
            let [peak, next, ..] = *window else { continue };
            if !peak.is_normal() || !next.is_normal() {
                continue;
            }
            let near = |(value, ratio): (&f32, &f32)| (value / peak - ratio).abs() < 2.0 / f32::from(PEAK);
            if self.shapes.iter().any(|shape| window[1..].iter().zip(shape).all(near)) {
                found.push(4 * at);
            }
        }
        found
    }

    fn jitters(&self, bytes: &[u8]) -> Vec<usize> {
        let runs: Vec<&[u8]> = self.levels.windows(RUN).collect();
        let reach = bytes.len().saturating_sub(JITTER * (RUN - 1));
        let is = |at: &usize| runs.iter().any(|run| (0..RUN).all(|n| bytes[at + JITTER * n] == run[n]));
        (0..reach).filter(is).collect()
    }

    fn speakers(&self, bytes: &[u8]) -> Vec<usize> {
        let levels: Vec<u32> = self.levels.iter().map(|level| peak(*level).to_bits()).collect();
        let floats = floats(bytes);
        let near = |at: usize| &floats[at.saturating_sub(8)..(at + 9).min(floats.len())];
        let among = |at: usize, from: f32, to: f32| near(at).iter().any(|value| (from..=to).contains(value));
        let is = |at: &usize| {
            levels.contains(&floats[*at].to_bits()) && among(*at, 106.0, 130.0) && among(*at, 0.88, 1.12)
        };
        (0..floats.len()).filter(is).map(|at| 4 * at).collect()
    }
}

/// Where a clip lies.
fn address(dump: &Dump, clip: &[i16]) -> u64 {
    let bytes = bytes(clip);
    let writable = dump.regions.iter().filter(|region| region.writable);
    let place = |region: &Region| Some(region.start + position(&region.bytes, &bytes)? as u64);
    writable.into_iter().find_map(place).expect("a clip in the host's hands")
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn bytes(samples: &[i16]) -> Vec<u8> {
    samples.iter().flat_map(|sample| sample.to_ne_bytes()).collect()
}

/// The first of the addresses that hold these, one after the other at one distance, and that distance.
fn row(dump: &Dump, samples: &[u64]) -> Option<(u64, u64)> {
    let holders = |address: u64| {
        let regions = dump.regions.iter().filter(|region| region.writable);
        regions.flat_map(move |region| {
            let word = |at: usize| u64::from_ne_bytes(region.bytes[at..at + 8].try_into().unwrap());
            let places = (0..region.bytes.len() - 7).step_by(8).filter(move |at| word(*at) == address);
            places.map(|at| region.start + at as u64)
        })
    };
    let all: Vec<Vec<u64>> = samples.iter().map(|address| holders(*address).collect()).collect();
    let strides = all[0].iter().flat_map(|first| all[1].iter().map(move |second| (first, second)));
    let is_row = |(first, stride): &(u64, u64)| {
        (0_u64..).zip(&all).all(|(slot, holders)| holders.contains(&(first + slot * stride)))
    };
    strides
        .filter(|(first, second)| second > first)
        .map(|(first, second)| (*first, second - first))
        .find(is_row)
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).map(|four| f32::from_ne_bytes(four.try_into().unwrap())).collect()
}

fn sounds(window: &[i16]) -> bool {
    let mut values = window.to_vec();
    values.sort_unstable();
    values.dedup();
    values.len() >= DIFFERENT
}

/// The peak of a voice with this random byte: `sdk-core/src/voice/tract.rs`.
fn peak(byte: u8) -> f32 {
    24_000.0 * (1.0 + 0.2 * ((f32::from(byte) - 128.0) / 128.0))
}

/// The random byte that gave a clip its level.
fn level(clip: &[i16]) -> u8 {
    let loudest = clip.iter().map(|sample| sample.unsigned_abs()).max().unwrap_or(0);
    let near = |byte: &u8| (peak(*byte) - f32::from(loudest)).abs() < 3.0;
    (0..=255).find(near).expect("a level of the voice")
}

/// Around the highest sample of each stretch.
fn shapes(clip: &[i16]) -> Vec<[f32; RATIOS]> {
    let highest = |(from, stretch): (usize, &[i16])| {
        let (at, peak) = stretch.iter().enumerate().max_by_key(|(_, sample)| sample.unsigned_abs())?;
        let after = clip.get(from + at + 1..=from + at + RATIOS)?;
        let tall = peak.unsigned_abs() >= PEAK.unsigned_abs();
        tall.then(|| std::array::from_fn(|n| f32::from(after[n]) / f32::from(*peak)))
    };
    (0..).step_by(EVERY).zip(clip.chunks(EVERY)).filter_map(highest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row of hums, with the levels of these bytes.
    fn hums(levels: &[u8]) -> Vec<Vec<i16>> {
        let hum = |(number, level): (u16, &u8)| {
            let wave: Vec<f32> = (0..4000_u16)
                .map(|at| {
                    (f32::from(at) * (0.05 + 0.01 * f32::from(number))).sin() + (f32::from(at) * 0.31).sin()
                })
                .collect();
            let loudest = wave.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
            #[expect(clippy::cast_possible_truncation, reason = "the peak is below 2^15")]
            let whole = |value: &f32| (value * peak(*level) / loudest) as i16;
            wave.iter().map(whole).collect()
        };
        (0..).zip(levels).map(hum).collect()
    }

    fn region(bytes: Vec<u8>) -> Region {
        Region { start: 0x10_0000, writable: true, name: String::new(), bytes }
    }

    fn names(speech: &Speech, bytes: Vec<u8>) -> Vec<&'static str> {
        let dump = Dump { regions: vec![region(bytes)], hidden: 0 };
        let mut names: Vec<_> = speech.traces(&dump).into_iter().map(|(name, _)| name).collect();
        names.dedup();
        names
    }

    #[test]
    fn each_trace_is_found_and_none_where_there_is_none() {
        let levels = [200, 17, 128, 255, 0, 93, 64, 31, 180, 7];
        let clips = hums(&levels);
        let held = region(clips.iter().flat_map(|clip| bytes(clip)).collect());
        let mut held = Dump { regions: vec![held], hidden: 0 };
        let speech = Speech::of(clips, &held);
        assert_eq!(speech.levels, levels);
        speech.hide(&mut held);
        assert!(held.regions[0].bytes.iter().all(|byte| *byte == 0));
        let rest: Vec<u8> = (0..40_000_u32).flat_map(|n| (n * n).to_ne_bytes()).collect();
        assert!(names(&speech, rest.clone()).is_empty());
        let wave = speech.clips[3].iter().flat_map(|sample| (f32::from(*sample) * 0.0371).to_ne_bytes());
        assert_eq!(names(&speech, [rest.clone(), wave.collect()].concat()), ["wave"]);
        let jitters = levels[2..8].iter().flat_map(|level| [9, 8, 7, *level, 5, 4, 3]).collect();
        assert_eq!(names(&speech, [rest.clone(), jitters].concat()), ["jitter"]);
        let speaker = [111.0, 1.05, 0.98, peak(93), 1.01].map(f32::to_ne_bytes).concat();
        assert_eq!(names(&speech, [rest, speaker].concat()), ["speaker"]);
    }
}
