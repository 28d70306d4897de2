//! The one door of randomness: the operating system's generator, nothing kept between calls.

use crate::{
    Error,
    classify::{self, Reason},
};
use core::convert::Infallible;
use zeroize::Zeroize;

/// Fills `bytes` with randomness of the operating system.
///
/// # Errors
/// [`Error::NoRandomness`]; `bytes` is then all zero, never half filled.
#[expect(clippy::disallowed_methods, reason = "this is the one door that the rule names")]
pub fn fill(bytes: &mut [u8]) -> Result<(), Error> {
    getrandom::fill(bytes).map_err(|_| {
        bytes.zeroize();
        Error::NoRandomness
    })?;
    classify::secret(bytes);
    Ok(())
}

/// Makes `N` random bytes for a public use: nonce, salt, identifier. A secret is made by
/// [`SecretPage::random`](crate::SecretPage::random), in its page.
///
/// # Errors
/// [`Error::NoRandomness`].
pub fn make<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    fill(&mut bytes)?;
    classify::public(&mut bytes, Reason::Sent);
    Ok(bytes)
}

/// Makes a number below `bound` without bias, by rejection (never `% bound` of a raw draw). What is shuffled by
/// it is shown, so whoever times the shuffle learns nothing new.
///
/// # Errors
/// [`Error::NoRandomness`]; [`Error::Misused`] for a bound of zero.
pub fn below(bound: u32) -> Result<u32, Error> {
    let last = bound.checked_sub(1).ok_or(Error::Misused)?;
    let mask = u32::MAX.checked_shr(last.leading_zeros()).unwrap_or(0);
    loop {
        let mut bytes = [0; 4];
        fill(&mut bytes)?;
        classify::public(&mut bytes, Reason::Shown);
        let draw = u32::from_le_bytes(bytes) & mask;
        if draw < bound {
            return Ok(draw);
        }
    }
}

/// Bytes drawn through the door beforehand, in the shape that the RustCrypto crates ask for. It gives each
/// byte once; when it is used up it panics, which the clean room turns into [`Error::RoomBroken`], so that no
/// library ever works on with repeated or zero randomness.
pub(crate) struct Drawn<'a>(pub(crate) &'a [u8]);

impl hpke::rand_core::TryRng for Drawn<'_> {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut b = [0; 4];
        self.try_fill_bytes(&mut b).map(|()| u32::from_le_bytes(b))
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut b = [0; 8];
        self.try_fill_bytes(&mut b).map(|()| u64::from_le_bytes(b))
    }
    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        let (now, later) = self.0.split_at(dst.len());
        dst.copy_from_slice(now);
        self.0 = later;
        Ok(())
    }
}

impl hpke::rand_core::TryCryptoRng for Drawn<'_> {}

#[cfg(test)]
mod tests;
