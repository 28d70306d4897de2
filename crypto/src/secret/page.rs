//! A secret in its page.

use super::{Backing, Lock, Protection, Region};
use crate::{Error, random, room};

/// Stands in front of the bytes. A fork's child and a wiped page read zeros here, so that nobody ever
/// computes with an all-zero key in place of a lost one. It ends in no character: whoever searches memory for what was
/// typed shall not find a run that begins in it.
const MARK: [u8; 16] = *b"msgpay secret p\xA7";

/// A secret of fixed capacity: born in place, never moved or copied by this type, wiped on drop.
///
/// It has no `Debug`, `Clone` or `==`. Reading is by [`expose`](Self::expose), in the clean room.
pub struct SecretPage {
    region: Region,
    capacity: usize,
    len: usize,
}

impl SecretPage {
    /// Makes a secret of `len` bytes; `fill` writes it into the page (zero at first), inside the clean room.
    ///
    /// # Errors
    /// [`Error::NoSecretMemory`]; [`Error::RoomBroken`] when `fill` panicked.
    pub fn make_with(len: usize, fill: impl FnOnce(&mut [u8])) -> Result<Self, Error> {
        Self::try_make_with(len, |bytes| {
            fill(bytes);
            Ok(len)
        })
    }

    /// As [`make_with`](Self::make_with), for a secret of at most `capacity` bytes: `fill` gives the number
    /// it wrote.
    ///
    /// # Errors
    /// What `fill` gives; [`Error::PageFull`] when it claims more than `capacity`.
    pub fn try_make_with(
        capacity: usize,
        fill: impl FnOnce(&mut [u8]) -> Result<usize, Error>,
    ) -> Result<Self, Error> {
        let mut page = Self::with_capacity(capacity)?;
        room::run(|| {
            let written = fill(page.space_mut())?;
            if written > capacity {
                return Err(Error::PageFull);
            }
            page.len = written;
            Ok(())
        })??;
        Ok(page)
    }

    /// An empty page for up to `capacity` bytes, to be filled by an operation of this crate.
    ///
    /// # Errors
    /// [`Error::NoSecretMemory`].
    pub fn with_capacity(capacity: usize) -> Result<Self, Error> {
        Self::with_backing(capacity, Backing::chosen())
    }

    pub(super) fn with_backing(capacity: usize, backing: Backing) -> Result<Self, Error> {
        let whole = capacity.checked_add(MARK.len()).ok_or(Error::NoSecretMemory)?;
        let mut region = Region::make(whole, Lock::Yes, backing)?;
        region.as_mut_slice()[..MARK.len()].copy_from_slice(&MARK);
        Ok(SecretPage { region, capacity, len: 0 })
    }

    /// `len` random bytes.
    ///
    /// # Errors
    /// [`Error::NoSecretMemory`], [`Error::NoRandomness`].
    pub fn random(len: usize) -> Result<Self, Error> {
        Self::try_make_with(len, |bytes| random::fill(bytes).map(|()| len))
    }

    /// Copies a secret that already lies elsewhere, such as a key read from a file.
    ///
    /// EXPOSE: the source stays where it is and is the caller's to wipe; prefer
    /// [`make_with`](Self::make_with).
    ///
    /// # Errors
    /// [`Error::NoSecretMemory`].
    pub fn copy_of(source: &[u8]) -> Result<Self, Error> {
        Self::make_with(source.len(), |bytes| bytes.copy_from_slice(source))
    }

    /// Shows the secret to `look`, inside the clean room.
    ///
    /// EXPOSE: the one way to read a secret out. What `look` returns or keeps outside is no longer protected:
    /// let it give verdicts and ciphertexts. It must be short, must not call back into a host, and must not
    /// allocate copies.
    ///
    /// # Errors
    /// [`Error::Wiped`], [`Error::RoomBroken`].
    pub fn expose<R>(&self, look: impl FnOnce(&[u8]) -> R) -> Result<R, Error> {
        room::run(|| self.bytes().map(look))?
    }

    /// Whether two secrets are equal, in the clean room and in constant time for equal lengths.
    ///
    /// # Errors
    /// [`Error::Wiped`], [`Error::RoomBroken`].
    pub fn same(&self, other: &SecretPage) -> Result<bool, Error> {
        room::run(|| Ok(super::same(self.bytes()?, other.bytes()?)))?
    }

    /// Wipes now. Every later use answers [`Error::Wiped`].
    pub fn wipe(&mut self) {
        self.region.wipe();
        self.len = 0;
    }

    /// Number of bytes it holds.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Number of bytes that it can hold.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// What the system granted.
    pub fn protection(&self) -> Protection {
        self.region.protection()
    }

    /// The bytes, for code that already is inside the clean room.
    pub(crate) fn bytes(&self) -> Result<&[u8], Error> {
        match self.region.as_slice().split_first_chunk() {
            Some((mark, rest)) if *mark == MARK => Ok(&rest[..self.len]),
            _ => Err(Error::Wiped),
        }
    }

    /// As [`bytes`](Self::bytes), of exactly `N` bytes.
    pub(crate) fn array<const N: usize>(&self) -> Result<&[u8; N], Error> {
        self.bytes()?.try_into().map_err(|_| Error::BadKey)
    }

    /// As [`array`](Self::array), to be changed in place.
    pub(crate) fn array_mut<const N: usize>(&mut self) -> Result<&mut [u8; N], Error> {
        self.bytes_mut()?.try_into().map_err(|_| Error::BadKey)
    }

    /// As [`bytes`](Self::bytes), to be changed in place.
    pub(crate) fn bytes_mut(&mut self) -> Result<&mut [u8], Error> {
        self.bytes()?;
        let len = self.len;
        Ok(&mut self.space_mut()[..len])
    }

    /// Appends one byte, inside the clean room.
    pub(crate) fn push(&mut self, byte: u8) -> Result<(), Error> {
        self.bytes()?;
        let at = self.len;
        *self.space_mut().get_mut(at).ok_or(Error::PageFull)? = byte;
        self.len += 1;
        Ok(())
    }

    fn space_mut(&mut self) -> &mut [u8] {
        &mut self.region.as_mut_slice()[MARK.len()..MARK.len() + self.capacity]
    }

    /// The whole capacity, past the length too.
    #[cfg(test)]
    pub(crate) fn space_for_tests(&self) -> &[u8] {
        &self.region.as_slice()[MARK.len()..MARK.len() + self.capacity]
    }
}
