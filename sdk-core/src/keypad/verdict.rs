//! Whether a number can be right: computed where it lies, over all of it whatever it is; only the answer leaves.

use msgpay_crypto::classify::{self, Reason};

use super::Kind;

/// What a number's form says. The institution judges again: this spares the person a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not as long as it has to be.
    Incomplete,
    /// Length, form and check digit fit.
    Good,
    /// The check digit does not fit: a digit is wrong, or two changed places.
    Check,
    /// An X that is not the last character, or a birth date that there never was.
    Form,
}

/// The verdict on `characters`, which are of `kind`'s alphabet.
pub(super) fn judge(kind: Kind, characters: &[u8], complete: bool) -> Verdict {
    if !complete {
        return Verdict::Incomplete;
    }
    let (form, check) = match kind {
        Kind::CardNumber => (true, luhn(characters)),
        Kind::IdNumber => (x_is_last(characters) & date(characters), gb_11643(characters)),
        Kind::Numeric | Kind::FullText | Kind::Pin => (true, true),
    };
    if !classify::public_bit(form, Reason::Answered) {
        Verdict::Form
    } else if !classify::public_bit(check, Reason::Answered) {
        Verdict::Check
    } else {
        Verdict::Good
    }
}

/// ISO/IEC 7812-1 annex B: from the right, every second digit doubled and its two digits added; the sum ends in 0.
fn luhn(digits: &[u8]) -> bool {
    let mut sum = 0_u32;
    for (place, character) in digits.iter().rev().enumerate() {
        let digit = u32::from(character & 0x0F);
        let twice = digit << (place % 2);
        // Tens by multiplication (exact below 69): a division may take its time from the number.
        let tens = (twice * 205) >> 11;
        sum += twice - 9 * tens;
    }
    remainder(sum, 10) == 0
}

/// GB 11643-1999 (ISO 7064 MOD 11-2): the sum of each digit by its weight, 2^(17−i) mod 11, leaves 1; X counts 10.
fn gb_11643(characters: &[u8]) -> bool {
    const WEIGHTS: [u32; 18] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1];
    let sum = characters.iter().zip(WEIGHTS).map(|(character, weight)| value(*character) * weight).sum();
    (remainder(sum, 11) == 1) & (characters.len() == WEIGHTS.len())
}

/// 0 to 9, and 10 for X: of its alphabet only X has bit 6, and 8 in its low half.
fn value(character: u8) -> u32 {
    u32::from(character & 0x0F) + 2 * u32::from((character >> 6) & 1)
}

fn x_is_last(characters: &[u8]) -> bool {
    let before = characters.iter().rev().skip(1);
    before.fold(0, |seen, character| seen | (character & 0x40)) == 0
}

/// Characters 7 to 14 are a day between 1900 and 2099.
fn date(characters: &[u8]) -> bool {
    const DAYS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let number = |from: usize, count: usize| {
        characters.iter().skip(from).take(count).fold(0, |sum, digit| sum * 10 + value(*digit))
    };
    let (year, month, day) = (number(6, 4), number(10, 2), number(12, 2));
    // In 1900 … 2099 every fourth year but 1900 is a leap year.
    let leap = (year & 3 == 0) & (year != 1900);
    let days: u32 = (1..).zip(DAYS).map(|(of, days)| days * u32::from(of == month)).sum();
    let days = days + u32::from((month == 2) & leap);
    // One comparison each: a range's own test leaves early.
    (year.wrapping_sub(1900) < 200) & (day.wrapping_sub(1) < days)
}

/// `sum` mod `of` without a division: as many subtractions as the largest sum needs, each done or not by a mask.
fn remainder(sum: u32, of: u32) -> u32 {
    (0..128).fold(sum, |left, _| left - of * u32::from(left >= of))
}

#[cfg(test)]
mod tests;
