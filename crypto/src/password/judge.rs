//! Weak passwords: judged inside the clean room, in constant time for a given length.

use crate::{
    Error, SecretPage,
    classify::{self, Reason},
    room,
};
use subtle::{Choice, ConstantTimeEq, ConstantTimeLess};

/// What a new password is worth.
#[must_use = "a weak password has to be refused"]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// It may be set.
    Good,
    /// Not exactly the asked number of digits.
    NotDigits,
    /// The same digit again and again.
    AllSame,
    /// A run upwards or downwards by one, past 9 to 0 as well (`123456`, `987654`, `567890`).
    Sequence,
}

/// Judges a numeric password that must have `digits` digits.
///
/// # Errors
/// [`Error::Wiped`], [`Error::NoSecretMemory`].
pub fn judge(password: &SecretPage, digits: usize) -> Result<Judgement, Error> {
    room::run(|| password.bytes().map(|bytes| judge_bytes(bytes, digits)))?
}

#[inline(never)]
fn judge_bytes(bytes: &[u8], digits: usize) -> Judgement {
    if bytes.len() != digits || digits == 0 {
        return Judgement::NotDigits;
    }
    let mut numeric = Choice::from(1);
    for byte in bytes {
        numeric &= byte.wrapping_sub(b'0').ct_lt(&10);
    }
    let (mut same, mut up, mut down) = (Choice::from(1), Choice::from(1), Choice::from(1));
    for (first, second) in bytes.iter().zip(&bytes[1..]) {
        let step = second.wrapping_sub(*first);
        same &= step.ct_eq(&0);
        // From 9 to 0 is a step of -9, from 0 to 9 one of 9.
        up &= step.ct_eq(&1) | step.ct_eq(&9_u8.wrapping_neg());
        down &= step.ct_eq(&1_u8.wrapping_neg()) | step.ct_eq(&9);
    }
    let answer = |bit: Choice| classify::public_bit(bit.into(), Reason::Answered);
    if answer(!numeric) {
        Judgement::NotDigits
    } else if answer(same) {
        Judgement::AllSame
    } else if answer(up | down) {
        Judgement::Sequence
    } else {
        Judgement::Good
    }
}
