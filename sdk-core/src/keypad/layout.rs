//! Which character lies under which slot: shuffled, drawn, sealed and forgotten.

use msgpay_crypto::{Error, SecretPage, random};
use zeroize::Zeroizing;

use super::{Action, Key};
use crate::face::{self, FaceSize, Jitter, Mark};

/// What can be typed on a keypad. More kinds come: identity number, full text, card number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The ten digits on a grid of 3 × 4.
    Numeric,
}

/// Characters before the characters of a layout: kind, number of slots.
const HEAD: usize = 2;

impl Kind {
    /// First byte of the layout.
    fn number(self) -> u8 {
        match self {
            Self::Numeric => msgpay_wire::entry::Kind::Numeric.number(),
        }
    }

    /// The word in a policy.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Numeric => "numeric",
        }
    }

    fn characters(self) -> &'static [u8] {
        match self {
            Self::Numeric => b"0123456789",
        }
    }

    /// Number of slots.
    #[expect(clippy::cast_possible_truncation, reason = "no kind has more than 96 characters")]
    pub(crate) fn slots(self) -> u8 {
        self.characters().len() as u8
    }
}

/// A shuffled layout in its page: `[kind, n, character of slot 0, …]`.
pub(crate) struct Layout {
    kind: Kind,
    pub(crate) page: SecretPage,
}

impl Layout {
    /// Shuffles anew.
    pub(crate) fn make(kind: Kind) -> Result<Self, Error> {
        let characters = kind.characters();
        let page = SecretPage::try_make_with(HEAD + characters.len(), |bytes| {
            let (head, slots) = bytes.split_at_mut(HEAD);
            head.copy_from_slice(&[kind.number(), kind.slots()]);
            slots.copy_from_slice(characters);
            shuffle(slots, random::below)?;
            Ok(HEAD + characters.len())
        })?;
        Ok(Self { kind, page })
    }

    /// Draws every key, function keys last.
    // EXPOSE: the pictures show the layout to the person who types; the layout itself stays in its page.
    pub(crate) fn draw(&self, size: FaceSize) -> Result<Vec<Key>, Error> {
        let slots = usize::from(self.kind.slots());
        let mut jitters = Zeroizing::new(vec![0; slots * Jitter::LEN]);
        random::fill(&mut jitters)?;
        let mut keys =
            self.page.expose(|layout| draw_slots(layout.get(HEAD..).unwrap_or_default(), &jitters, size))?;
        if keys.len() != slots {
            return Err(Error::Misused);
        }
        keys.push(Key { row: 3, column: 0, action: Action::Confirm, face: face::mark(Mark::Confirm, size) });
        keys.push(Key { row: 3, column: 2, action: Action::Delete, face: face::mark(Mark::Delete, size) });
        Ok(keys)
    }
}

fn draw_slots(characters: &[u8], jitters: &[u8], size: FaceSize) -> Vec<Key> {
    let drawn = (0_u8..).zip(characters).zip(jitters.chunks_exact(Jitter::LEN));
    drawn
        .filter_map(|((slot, character), bytes)| {
            let jitter = Jitter::from_random(bytes.try_into().ok()?);
            let face = face::numeral(character.wrapping_sub(b'0'), size, jitter)?;
            let (row, column) = place(slot);
            Some(Key { row, column, action: Action::Slot(slot), face })
        })
        .collect()
}

/// Slots 0 to 8 fill three rows, the last stands in the middle of the fourth.
fn place(slot: u8) -> (u8, u8) {
    if slot < 9 { (slot / 3, slot % 3) } else { (3, 1) }
}

/// Fisher–Yates: every order is equally likely when `below(n)` is even over `0..n`.
pub(crate) fn shuffle(
    slots: &mut [u8],
    mut below: impl FnMut(u32) -> Result<u32, Error>,
) -> Result<(), Error> {
    for last in (1..slots.len()).rev() {
        let bound = u32::try_from(last + 1).map_err(|_| Error::Misused)?;
        let chosen = usize::try_from(below(bound)?).map_err(|_| Error::Misused)?;
        slots.swap(last, chosen);
    }
    Ok(())
}
