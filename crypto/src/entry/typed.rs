//! Characters that are kept until they are confirmed: to be shown again (card and identity numbers), or to be packed
//! (a PIN). They lie in exactly one page and are edited in place.

use super::{HEAD, faces_of};
use crate::{
    Error, SealChain, SecretPage,
    chain::BOX_BYTES,
    classify::{self, Reason},
    room,
};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

/// An entry in its page, over the layout by which it is typed. How long it is is public; what it is never leaves the
/// clean room. Dropping it wipes both pages.
pub struct Typed {
    layout: SecretPage,
    characters: SecretPage,
    len: usize,
}

impl Typed {
    /// An empty entry of at most `max` characters over `layout`, which must be of `kind` and hold each character of
    /// `alphabet` once.
    ///
    /// # Errors
    /// [`Error::BadEntry`] for another layout, [`Error::NoSecretMemory`].
    pub fn over(layout: SecretPage, kind: u8, alphabet: &[u8], max: usize) -> Result<Self, Error> {
        room::run(|| faces_of(layout.bytes()?, kind, alphabet).map(drop))??;
        Ok(Self { layout, characters: SecretPage::make_with(max, |_| ())?, len: 0 })
    }

    /// Appends the character under `slot`; gives how many there are now.
    ///
    /// # Errors
    /// [`Error::BadEntry`] for a slot beside the layout, [`Error::PageFull`], [`Error::Wiped`].
    pub fn press(&mut self, slot: u8) -> Result<usize, Error> {
        room::run(|| {
            let faces = self.layout.bytes()?.get(HEAD..).ok_or(Error::Wiped)?;
            let place = self.characters.bytes_mut()?.get_mut(self.len).ok_or(Error::PageFull)?;
            let mut found = Choice::from(0);
            for (at, face) in (0..=u8::MAX).zip(faces) {
                place.conditional_assign(face, at.ct_eq(&slot));
                found |= at.ct_eq(&slot);
            }
            if !classify::public_bit(found.into(), Reason::Refused) {
                return Err(Error::BadEntry);
            }
            self.len += 1;
            Ok(self.len)
        })?
    }

    /// Takes the last character back; gives how many are left.
    ///
    /// # Errors
    /// [`Error::Wiped`].
    pub fn erase(&mut self) -> Result<usize, Error> {
        self.cut(self.len.saturating_sub(1))
    }

    /// Takes all characters back.
    ///
    /// # Errors
    /// [`Error::Wiped`].
    pub fn clear(&mut self) -> Result<usize, Error> {
        self.cut(0)
    }

    fn cut(&mut self, left: usize) -> Result<usize, Error> {
        room::run(|| {
            self.characters.bytes_mut()?.iter_mut().skip(left).for_each(|place| *place = 0);
            self.len = left;
            Ok(left)
        })?
    }

    /// Wipes now. Every later use answers [`Error::Wiped`].
    pub fn wipe(&mut self) {
        self.layout.wipe();
        self.characters.wipe();
        self.len = 0;
    }

    /// Number of characters.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Shows the characters to `look`, inside the clean room.
    ///
    /// EXPOSE: for a picture and a checksum's verdict. The rules of [`SecretPage::expose`] hold.
    ///
    /// # Errors
    /// [`Error::Wiped`], [`Error::RoomBroken`].
    pub fn expose<R>(&self, look: impl FnOnce(&[u8]) -> R) -> Result<R, Error> {
        room::run(|| Ok(look(self.bytes()?)))?
    }

    pub(super) fn bytes(&self) -> Result<&[u8], Error> {
        self.characters.bytes()?.get(..self.len).ok_or(Error::Wiped)
    }

    /// Seals the entry as if every character had been sealed when its key was pressed: the layout under `label`, then
    /// `presses` boxes, those past the last character with `fill`. Gives both; no page is left.
    ///
    /// # Errors
    /// [`Error::Misused`] for more characters than boxes, and as [`SealChain`].
    pub fn seal(
        mut self,
        chain: &mut SealChain,
        label: &[u8],
        presses: u8,
        fill: u8,
    ) -> Result<(Vec<u8>, Vec<u8>), Error> {
        if self.len > usize::from(presses) {
            return Err(Error::Misused);
        }
        room::run(|| self.become_slots())??;
        let Self { layout, characters, len } = self;
        let sealed = chain.seal_with(label, label, layout)?;
        let mut boxes = Vec::with_capacity(usize::from(presses) * BOX_BYTES);
        room::run(|| {
            let slots = characters.bytes()?.get(..len).ok_or(Error::Wiped)?;
            for (number, byte) in (1..=presses).zip(slots.iter().chain(core::iter::repeat(&fill))) {
                boxes.extend_from_slice(&chain.step(&[number], *byte)?);
            }
            Ok(())
        })??;
        Ok((sealed, boxes))
    }

    /// In place: each character becomes the number of the slot under which it lies.
    #[inline(never)]
    fn become_slots(&mut self) -> Result<(), Error> {
        let faces = self.layout.bytes()?.get(HEAD..).ok_or(Error::Wiped)?;
        for place in self.characters.bytes_mut()?.iter_mut().take(self.len) {
            let mut slot = 0;
            for (at, face) in (0..=u8::MAX).zip(faces) {
                slot.conditional_assign(&at, face.ct_eq(place));
            }
            *place = slot;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
