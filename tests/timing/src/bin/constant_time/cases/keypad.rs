//! The core's keypad as a host presses it; where each finger went is the secret.

use super::{LetOut, Outcome, marked, public_key, result};
use msgpay_crypto::SuiteId;
use msgpay_crypto::classify::Reason;
use msgpay_sdk_core::{EntryFault, Kind, Verdict};
use std::hint::black_box;

fn text(fault: EntryFault) -> String {
    format!("{fault:?}")
}

/// Typed, corrected, taken back whole, typed again, confirmed. The envelope carries the mark of the chain's keys as well
/// as of what was typed; that each press came in marked, its own refusal shows.
pub(super) fn press(suite: SuiteId, kind: Kind) -> Outcome {
    let (mut keypad, _keys) = msgpay_timing::keypad::open(suite, kind, public_key(suite)?, 4..=6)?;
    let refused = LetOut::from_here(Reason::Refused);
    let slots = marked([3, 1, 4, 1, 5, 9]);
    for slot in black_box(&slots) {
        keypad.press(*slot).map_err(text)?;
    }
    keypad.erase().map_err(text)?;
    keypad.press(black_box(&slots)[2]).map_err(text)?;
    keypad.clear().map_err(text)?;
    for slot in &black_box(&slots)[..4] {
        keypad.press(*slot).map_err(text)?;
    }
    if keypad.press(marked([0xF0])[0]).is_ok() {
        return Err("a key that is not there was pressed".into());
    }
    let envelope = keypad.confirm().map_err(text)?.specimen();
    Ok(vec![result(&envelope), refused.so_far()])
}

/// A number typed, drawn again and judged. Which number it is, the shuffle decides: so the verdict is any that a whole
/// number can have.
pub(super) fn review(kind: Kind) -> Outcome {
    let suite = SuiteId::International;
    let (mut keypad, _keys) = msgpay_timing::keypad::open(suite, kind, public_key(suite)?, kind.lengths())?;
    let (answered, reviewed) = (LetOut::from_here(Reason::Answered), LetOut::from_here(Reason::Reviewed));
    let slots = marked([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3]);
    for slot in black_box(&slots) {
        keypad.press(*slot).map_err(text)?;
    }
    let shown = keypad.review(24).map_err(text)?;
    if shown.verdict == Verdict::Incomplete || shown.picture.alpha().iter().all(|alpha| *alpha == 0) {
        return Err("nothing was shown".into());
    }
    Ok(vec![answered.so_far(), reviewed.so_far()])
}
