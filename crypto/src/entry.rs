//! From slots and a layout to characters, in constant time and without leaving the clean room.
//!
//! ```text
//! layout   [kind, n, ch0 … ch(n-1)]     chI is the character that lay under slot I
//! slots    one byte a press: 0 … n-1, or a command
//! ```
//! Which slot stands for which character is secret, so nothing here branches on or indexes by a slot.

mod shuffle;
mod typed;

pub mod pin;

pub use shuffle::shuffle;
pub use typed::Typed;

use crate::{
    Error, SecretPage,
    classify::{self, Reason},
};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq, ConstantTimeLess};

/// The press that takes the last character back.
pub const DELETE: u8 = 0xFD;
/// The press that takes all characters back.
pub const CLEAR: u8 = 0xFE;
/// No press: it fills an entry up to its fixed length.
pub const NO_OPERATION: u8 = 0xFF;

/// Bytes before the characters in a layout.
const HEAD: usize = 2;
/// Most presses in one entry.
const PRESSES_MAX: usize = 255;

/// Resolves `slots` over `layout` and gives the characters in a page of their own. `layout` must be of `kind`
/// and hold each character of `alphabet` exactly once, in any order.
///
/// # Errors
/// [`Error::BadEntry`] for a layout of another kind, length or alphabet, and for a press that is no slot and
/// no command; [`Error::Misused`] for an alphabet that is empty or reaches into the commands;
/// [`Error::Wiped`].
pub fn resolve(
    layout: &SecretPage,
    slots: &SecretPage,
    kind: u8,
    alphabet: &[u8],
) -> Result<SecretPage, Error> {
    if alphabet.is_empty() || alphabet.len() > usize::from(DELETE) || slots.len() > PRESSES_MAX {
        return Err(Error::Misused);
    }
    // At least one byte: the page of an entry that was cleared is as good as any other.
    SecretPage::try_make_with(slots.len().max(1), |out| {
        let faces = faces_of(layout.bytes()?, kind, alphabet)?;
        replay(faces, slots.bytes()?, out)
    })
}

/// The kind at the head of an opened layout; `None` for an empty one.
///
/// # Errors
/// [`Error::Wiped`], [`Error::RoomBroken`].
pub fn kind_of(layout: &SecretPage) -> Result<Option<u8>, Error> {
    layout.expose(|layout| layout.first().map(|kind| classify::public_byte(*kind, Reason::Head)))
}

/// Whether no key was pressed: every press is [`NO_OPERATION`].
///
/// # Errors
/// [`Error::Wiped`], [`Error::RoomBroken`].
pub fn untouched(slots: &SecretPage) -> Result<bool, Error> {
    slots.expose(|slots| {
        let touched = slots.iter().fold(0, |seen, slot| seen | (slot ^ NO_OPERATION));
        classify::public_bit(touched.ct_eq(&0).into(), Reason::Refused)
    })
}

/// The characters of a layout, once it is known to be a permutation of `alphabet`.
#[inline(never)]
fn faces_of<'a>(layout: &'a [u8], kind: u8, alphabet: &[u8]) -> Result<&'a [u8], Error> {
    let (head, faces) = layout.split_at_checked(HEAD).ok_or(Error::BadEntry)?;
    let head = [head[0], head[1]].map(|byte| classify::public_byte(byte, Reason::Head));
    if head[0] != kind || usize::from(head[1]) != alphabet.len() || faces.len() != alphabet.len() {
        return Err(Error::BadEntry);
    }
    // Same length and each character found: a permutation, unless the alphabet repeats itself, which is the
    // caller's own constant.
    let mut whole = Choice::from(1);
    for wanted in alphabet {
        let mut found = Choice::from(0);
        for face in faces {
            found |= face.ct_eq(wanted);
        }
        whole &= found;
    }
    if classify::public_bit(whole.into(), Reason::Refused) { Ok(faces) } else { Err(Error::BadEntry) }
}

/// Plays the presses over `out` (zero at first) and gives the number of characters that remain.
#[inline(never)]
fn replay(faces: &[u8], slots: &[u8], out: &mut [u8]) -> Result<usize, Error> {
    let count = u8::try_from(faces.len()).map_err(|_| Error::BadEntry)?;
    let mut len = 0_u8;
    let mut bad = Choice::from(0);
    for slot in slots {
        let is_face = slot.ct_lt(&count);
        let is_delete = slot.ct_eq(&DELETE);
        let is_clear = slot.ct_eq(&CLEAR);
        bad |= !(is_face | is_delete | is_clear | slot.ct_eq(&NO_OPERATION));

        let mut face = 0;
        for (at, candidate) in (0..=u8::MAX).zip(faces) {
            face.conditional_assign(candidate, at.ct_eq(slot));
        }
        let shorter = len.saturating_sub(1);
        for (at, place) in (0..=u8::MAX).zip(out.iter_mut()) {
            place.conditional_assign(&face, is_face & at.ct_eq(&len));
            place.conditional_assign(&0, is_clear | (is_delete & at.ct_eq(&shorter)));
        }
        len.conditional_assign(&len.wrapping_add(1), is_face);
        len.conditional_assign(&shorter, is_delete);
        len.conditional_assign(&0, is_clear);
    }
    if classify::public_bit(bad.into(), Reason::Refused) {
        Err(Error::BadEntry)
    } else {
        Ok(usize::from(classify::public_byte(len, Reason::Length)))
    }
}

#[cfg(test)]
mod tests;
