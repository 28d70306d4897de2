//! Which character lies under which slot: shuffled, drawn, sealed and forgotten.

use msgpay_crypto::{
    Error, SecretPage,
    classify::{self, Reason},
    entry::shuffle,
    random,
};
use zeroize::Zeroizing;

use super::{Action, Key, Kind, grid};
use crate::{
    face::{self, FaceSize, Jitter, Mark},
    voice::{self, Language},
};

/// Bytes before the characters of a layout: kind, number of slots.
const HEAD: usize = 2;

/// Letters of the alphabet, the first slots of a full keyboard.
const LETTERS: usize = 26;

/// A shuffled layout in its page: `[kind, n, character of slot 0, …]`.
pub(crate) struct Layout {
    kind: Kind,
    pub(crate) page: SecretPage,
}

impl Layout {
    /// Shuffles anew.
    pub(crate) fn make(kind: Kind) -> Result<Self, Error> {
        let characters = kind.alphabet();
        let count = u8::try_from(characters.len()).map_err(|_| Error::Misused)?;
        let page = SecretPage::try_make_with(HEAD + characters.len(), |bytes| {
            let (head, slots) = bytes.split_at_mut(HEAD);
            head.copy_from_slice(&[kind.number(), count]);
            slots.copy_from_slice(characters);
            arrange(kind, slots, &mut random::below)?;
            Ok(HEAD + characters.len())
        })?;
        Ok(Self { kind, page })
    }

    /// Draws every key, function keys last.
    // EXPOSE: the pictures show the layout to the person who types; the layout itself stays in its page.
    pub(crate) fn draw(&self, size: FaceSize) -> Result<Vec<Key>, Error> {
        let slots = self.kind.alphabet().len();
        let mut jitters = Zeroizing::new(vec![0; slots * Jitter::LEN]);
        random::fill(&mut jitters)?;
        classify::public(&mut jitters, Reason::Shown);
        let mut keys = self.page.expose(|layout| {
            let characters = layout.get(HEAD..).unwrap_or_default();
            let drawn = grid::places(self.kind).zip(characters).zip(jitters.chunks_exact(Jitter::LEN));
            drawn
                .filter_map(|((place, character), bytes)| {
                    let jitter = Jitter::from_random(bytes.try_into().ok()?);
                    let face = face::character(*character, size, jitter)?;
                    Some(place.key(face))
                })
                .collect::<Vec<_>>()
        })?;
        if keys.len() != slots {
            return Err(Error::Misused);
        }
        keys.extend(grid::functions(self.kind).map(|(place, mark)| place.key(face::mark(mark, size))));
        Ok(keys)
    }

    /// Gives every key its clip; `false` when one has none.
    // EXPOSE: the clips tell the layout to the one ear that listens, as the pictures tell it to an eye.
    pub(crate) fn speak(&self, keys: &mut [Key], language: Language) -> Result<bool, Error> {
        let mut jitters = Zeroizing::new(vec![0; keys.len() * Jitter::LEN]);
        random::fill(&mut jitters)?;
        classify::public(&mut jitters, Reason::Shown);
        self.page.expose(|layout| {
            let mut whole = true;
            for (key, bytes) in keys.iter_mut().zip(jitters.chunks_exact(Jitter::LEN)) {
                let slot = |slot: u8| {
                    let character = layout.get(HEAD + usize::from(slot))?;
                    voice::clip(*character, language, Jitter::from_random(bytes.try_into().ok()?))
                };
                key.clip = match key.action {
                    Action::Slot(at) => slot(at),
                    Action::Delete => voice::mark(Mark::Delete, language),
                    Action::Confirm => voice::mark(Mark::Confirm, language),
                    Action::Page(_) => None,
                };
                whole &= key.clip.is_some();
            }
            whole
        })
    }
}

/// Shuffles the characters of each page among themselves. A letter's capital lies at the same place of its own page,
/// so that shift tells nothing and has to be learned once.
pub(crate) fn arrange(
    kind: Kind,
    slots: &mut [u8],
    below: &mut dyn FnMut(u32) -> Result<u32, Error>,
) -> Result<(), Error> {
    let mut rest = slots;
    if kind == Kind::FullText {
        let (letters, others) = rest.split_at_mut_checked(2 * LETTERS).ok_or(Error::Misused)?;
        let (small, capital) = letters.split_at_mut(LETTERS);
        shuffle(small, below)?;
        small.iter().zip(capital).for_each(|(small, capital)| *capital = small.to_ascii_uppercase());
        rest = others;
    }
    for page in grid::shuffled_together(kind) {
        let (now, later) = rest.split_at_mut_checked(*page).ok_or(Error::Misused)?;
        shuffle(now, below)?;
        rest = later;
    }
    Ok(())
}
