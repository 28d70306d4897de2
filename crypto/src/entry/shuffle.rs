//! An even shuffle that tells no cache which way it went.

use crate::Error;
use subtle::{ConditionallySelectable, ConstantTimeEq};

/// Fisher–Yates over at most 255 characters: every order is equally likely when `below(n)` is even over `0..n`
/// ([`random::below`](crate::random::below)). Every step looks at every place that it could choose.
///
/// # Errors
/// What `below` gives; [`Error::Misused`] for more characters, or a draw that is not below its bound.
#[inline(never)]
pub fn shuffle(characters: &mut [u8], below: &mut dyn FnMut(u32) -> Result<u32, Error>) -> Result<(), Error> {
    let count = u8::try_from(characters.len()).map_err(|_| Error::Misused)?;
    for last in (1..count).rev() {
        let chosen = u8::try_from(below(u32::from(last) + 1)?).map_err(|_| Error::Misused)?;
        let (head, rest) = characters.split_at_mut(usize::from(last));
        let end = rest.first_mut().ok_or(Error::Misused)?;
        for (at, place) in (0..last).zip(head) {
            u8::conditional_swap(place, end, at.ct_eq(&chosen));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
