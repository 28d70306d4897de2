//! What is typed, and every dress that it may wear.

use crate::search::{Family, Patterns};
use crate::subject::Place;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use msgpay_crypto::random;
use msgpay_sdk_core::Kind;

/// Shortest run that is searched for.
pub const RUN: usize = 6;
/// Shortest run of packed digits: six of them are three bytes, which lie everywhere.
const PACKED_RUN: usize = 12;

/// One act of the person who types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Presses the key of that slot.
    Press(u8),
    /// Takes the last one back.
    Erase,
    /// Takes all back.
    Clear,
}

/// What is typed, at least 24 presses.
#[derive(Clone, Debug)]
pub struct Canary {
    /// In this order.
    pub acts: Vec<Act>,
}

impl Canary {
    /// Draws one for this kind; the number that stands at the end has a good check digit.
    ///
    /// # Panics
    /// Without randomness.
    #[must_use]
    pub fn draw(kind: Kind, layout: &[u8]) -> Self {
        let mut drawn = Draw::new(layout);
        match kind {
            Kind::Numeric | Kind::FullText => {
                for part in [10, 10, 10] {
                    drawn.presses(part, |_| true);
                    drawn.acts.push(Act::Erase);
                }
                drawn.presses(2, |_| true);
            }
            Kind::Pin => {
                for _ in 0..2 {
                    drawn.presses(10, |_| true);
                    drawn.acts.push(Act::Clear);
                }
                drawn.presses(11, |_| true);
                drawn.acts.push(Act::Erase);
            }
            Kind::CardNumber => {
                drawn.presses(14, |_| true);
                drawn.acts.extend([Act::Erase, Act::Clear]);
                drawn.number(16, layout, luhn);
            }
            Kind::IdNumber => {
                drawn.presses(12, |_| true);
                drawn.acts.extend([Act::Erase, Act::Clear]);
                drawn.number(18, layout, identity);
            }
        }
        Self { acts: drawn.acts }
    }

    /// All slots that were pressed, in order.
    #[must_use]
    pub fn pressed(&self) -> Vec<u8> {
        let slot = |act: &Act| if let Act::Press(slot) = act { Some(*slot) } else { None };
        self.acts.iter().filter_map(slot).collect()
    }

    /// Slots that stand after so many acts.
    #[must_use]
    pub fn standing(&self, acts: usize) -> Vec<u8> {
        let mut standing = Vec::new();
        for act in &self.acts[..acts] {
            match act {
                Act::Press(slot) => standing.push(*slot),
                Act::Erase => drop(standing.pop()),
                Act::Clear => standing.clear(),
            }
        }
        standing
    }

    /// Every run of six that a list may hold: of all presses, and of what stood after any act.
    fn runs(&self, length: usize) -> Vec<Vec<u8>> {
        let mut runs: Vec<Vec<u8>> = self.pressed().windows(length).map(<[u8]>::to_vec).collect();
        for acts in 1..=self.acts.len() {
            runs.extend(self.standing(acts).windows(length).map(<[u8]>::to_vec));
        }
        runs.sort_unstable();
        runs.dedup();
        runs
    }

    /// Every dress of every run.
    ///
    /// # Panics
    /// Never: a run has its length.
    pub fn dress(&self, layout: &[u8], places: &[Place], patterns: &mut Patterns) {
        let digital = layout.len() < 16;
        for run in self.runs(RUN) {
            dress_run(&run, layout, places, patterns, |own| own);
        }
        if digital {
            for run in self.runs(PACKED_RUN) {
                for digits in [run.clone(), characters(&run, layout)] {
                    let mut digits: Vec<u8> = digits.into_iter().map(value).collect();
                    patterns.add(Family::Bcd, 0, &packed(&digits));
                    digits.reverse();
                    patterns.add(Family::Bcd, 0, &packed(&digits));
                }
            }
        }
        for place in places {
            let (x, y) = place.centre();
            #[expect(clippy::cast_possible_truncation, reason = "a whole number of pixels")]
            let whole = (x as i32, y as i32);
            let spot = spot(places, place.slot);
            patterns.add_coordinate(pair(x.to_ne_bytes(), y.to_ne_bytes()), spot);
            patterns.add_coordinate(pair(whole.0.to_ne_bytes(), whole.1.to_ne_bytes()), spot);
            patterns.add_wide_coordinate([f64::from(x).to_ne_bytes(), f64::from(y).to_ne_bytes()], spot);
        }
        for run in layout.windows(RUN.min(layout.len())) {
            patterns.add_elements(Family::Layout, run);
            if digital {
                let values: Vec<u8> = run.iter().map(|byte| value(*byte)).collect();
                patterns.add_elements(Family::Layout, &values);
            }
        }
    }
}

/// Whether no row of six digits is of the kind that lies in every program's memory before a layout is drawn.
#[must_use]
pub fn is_rare_layout(layout: &[u8]) -> bool {
    layout.len() >= 16 || layout.windows(RUN).all(is_rare_row)
}

/// Neither small numbers, such as 1 2 3 4 5 0, nor even steps, such as 3 4 5 6 7 8 or 0 2 4 6 8 1.
fn is_rare_row(row: &[u8]) -> bool {
    let steps: Vec<i16> =
        row.windows(2).map(|two| i16::from(value(two[1])) - i16::from(value(two[0]))).collect();
    let alike = |step: &i16| steps.iter().filter(|other| *other == step).count();
    let single = steps.iter().filter(|step| step.abs() == 1).count();
    row.iter().any(|character| value(*character) > 7)
        && single <= 2
        && steps.iter().all(|step| alike(step) <= 2)
}

pub(crate) fn characters(run: &[u8], layout: &[u8]) -> Vec<u8> {
    run.iter().map(|slot| layout[usize::from(*slot)]).collect()
}

/// The dresses of one run of six, as finds of the family that `family` makes of a dress's own.
pub(crate) fn dress_run(
    run: &[u8],
    layout: &[u8],
    places: &[Place],
    patterns: &mut Patterns,
    family: impl Fn(Family) -> Family,
) {
    let typed = characters(run, layout);
    patterns.add_elements(family(Family::Slots), run);
    patterns.add_elements(family(Family::Characters), &typed);
    dress_text(run, &typed, patterns, &family);
    let path: Vec<u8> = run.iter().map(|slot| spot(places, *slot)).collect();
    patterns.add_path(family(Family::Coordinates), path[..].try_into().unwrap());
    if layout.len() < 16 {
        let values: Vec<u8> = typed.iter().map(|byte| value(*byte)).collect();
        patterns.add_elements(family(Family::Digits), &values);
    }
}

/// The dresses of one run of six as text: of its slots, and of its characters.
pub(crate) fn dress_text(
    run: &[u8],
    typed: &[u8],
    patterns: &mut Patterns,
    family: impl Fn(Family) -> Family,
) {
    for bytes in [run, typed] {
        for text in base64_texts(bytes) {
            patterns.add(family(Family::Base64), 0, &text);
        }
        patterns.add(family(Family::Hex), 0, hex::encode(bytes).as_bytes());
        patterns.add(family(Family::Hex), 0, hex::encode_upper(bytes).as_bytes());
    }
    for (between, elements) in [(", ", run), (",", run), (", ", typed), (",", typed)] {
        let list: Vec<String> = elements.iter().map(u8::to_string).collect();
        patterns.add(family(Family::Printed), 0, list.join(between).as_bytes());
    }
}

/// Keys of other pages share their spots: the first slot that lies there stands for all.
fn spot(places: &[Place], slot: u8) -> u8 {
    let at = |slot: u8| places.iter().find(|place| place.slot == slot).map(|place| (place.row, place.column));
    places.iter().find(|place| at(slot) == Some((place.row, place.column))).map_or(slot, |place| place.slot)
}

/// A digit's value, X being ten; values and slots stay what they are.
pub(crate) fn value(byte: u8) -> u8 {
    match byte {
        b'X' => 10,
        b'0'..=b'9' => byte - b'0',
        slot => slot,
    }
}

fn pair(one: [u8; 4], other: [u8; 4]) -> [u8; 8] {
    [one, other].concat().try_into().unwrap()
}

fn packed(digits: &[u8]) -> Vec<u8> {
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// What these bytes read as at the three places of a base64 text; characters that neighbours share are left
/// out.
fn base64_texts(bytes: &[u8]) -> Vec<Vec<u8>> {
    (0..3)
        .map(|before| {
            let padded = [&vec![0; before][..], bytes].concat();
            let text = STANDARD.encode(&padded);
            let (first, whole) = ((before * 8).div_ceil(6), padded.len() * 8 / 6);
            text.as_bytes()[first..whole].to_vec()
        })
        .collect()
}

/// Draws presses that no memory holds by chance: four neighbours always differ, and among six there are a
/// slot and a character above seven, since allocators keep rows of small counts.
pub(crate) struct Draw<'a> {
    layout: &'a [u8],
    pub(crate) acts: Vec<Act>,
}

impl<'a> Draw<'a> {
    pub(crate) fn new(layout: &'a [u8]) -> Self {
        Self { layout, acts: Vec::new() }
    }

    pub(crate) fn presses(&mut self, count: usize, wanted: impl Fn(u8) -> bool) {
        let (from, until) = (self.acts.len(), self.acts.len() + count);
        let mut refused = 0;
        while self.acts.len() < until {
            if refused > 500 {
                // No slot fits here: begin anew.
                self.acts.truncate(from);
                refused = 0;
            }
            refused += 1;
            let slot = random::below(u32::try_from(self.layout.len()).unwrap()).unwrap();
            let slot = u8::try_from(slot).unwrap();
            if wanted(slot) && self.is_rare(slot) {
                self.acts.push(Act::Press(slot));
            }
        }
    }

    fn is_rare(&self, slot: u8) -> bool {
        is_rare(&Canary { acts: self.acts.clone() }.pressed(), slot, self.layout)
    }

    /// A number whose last digit is right.
    fn number(&mut self, length: usize, layout: &[u8], check: fn(&[u8]) -> u8) {
        let from = self.acts.len();
        loop {
            self.presses(length - 1, |slot| layout[usize::from(slot)] != b'X');
            let slot = |act: &Act| if let Act::Press(slot) = act { layout[usize::from(*slot)] } else { 0 };
            let body: Vec<u8> = self.acts[from..].iter().map(slot).collect();
            let last = check(&body);
            let slot = layout.iter().position(|character| *character == last).unwrap();
            let slot = u8::try_from(slot).unwrap();
            if self.is_rare(slot) {
                self.acts.push(Act::Press(slot));
                return;
            }
            self.acts.truncate(from);
        }
    }
}

/// Whether a row of slots that goes on with this one is none that memory holds by chance; see [`Draw`].
pub(crate) fn is_rare(before: &[u8], slot: u8, layout: &[u8]) -> bool {
    let repeated = before.iter().rev().take(3).any(|before| *before == slot);
    let run = || before.iter().rev().take(RUN - 1).chain([&slot]);
    let early = before.len() + 1 < RUN;
    let large = run().any(|slot| *slot > 7) && run().any(|slot| value(layout[usize::from(*slot)]) > 7);
    !repeated && (early || large)
}

/// ISO/IEC 7812-1, annex B.
fn luhn(body: &[u8]) -> u8 {
    let sum: u32 = body
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let doubled = u32::from(digit - b'0') * if at % 2 == 0 { 2 } else { 1 };
            doubled / 10 + doubled % 10
        })
        .sum();
    b'0' + u8::try_from((10 - sum % 10) % 10).unwrap()
}

/// GB 11643: ISO 7064, MOD 11-2.
fn identity(body: &[u8]) -> u8 {
    let sum = body.iter().fold(0, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
    match (12 - sum) % 11 {
        10 => b'X',
        digit => b'0' + u8::try_from(digit).unwrap(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_those_of_the_standards() {
        assert_eq!(luhn(b"7992739871"), b'3');
        assert_eq!(identity(b"11010519491231002"), b'X');
    }

    #[test]
    fn a_base64_text_holds_what_is_searched_for_at_every_place() {
        for (before, wanted) in base64_texts(b"314159").iter().enumerate() {
            let text = STANDARD.encode([&b"ab"[..before], b"314159", b"xyz"].concat());
            assert!(text.as_bytes().windows(wanted.len()).any(|window| window == wanted), "{before}");
        }
    }

    #[test]
    fn a_layout_with_a_row_of_small_numbers_is_not_rare() {
        assert!(is_rare_layout(b"5029316847") && is_rare_layout(b"5029316X847"));
        for common in [b"9123450678", b"0345678921", b"3024681957"] {
            assert!(!is_rare_layout(common));
        }
    }

    #[test]
    fn a_canary_is_long_and_its_number_good() {
        for kind in Kind::ALL {
            let layout = kind.alphabet();
            let canary = Canary::draw(kind, layout);
            assert!(canary.pressed().len() >= 24);
            let typed: Vec<u8> =
                canary.standing(canary.acts.len()).iter().map(|slot| layout[usize::from(*slot)]).collect();
            let (last, body) = typed.split_last().unwrap();
            match kind {
                Kind::CardNumber => assert_eq!(luhn(body), *last),
                Kind::IdNumber => assert_eq!(identity(body), *last),
                _ => {}
            }
        }
    }
}
