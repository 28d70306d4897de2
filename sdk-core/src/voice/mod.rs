//! What keys say to those who don't see them: short clips that the core speaks itself, because a text for a screen
//! reader would be heard by every service that reads screens.
//!
//! A small formant synthesiser of our own (source and filter, after D. Klatt, "Software for a cascade/parallel formant
//! synthesizer", 1980): no recording, no voice of others. Every clip is spoken anew with small differences of pitch,
//! melody, tempo, level and size of the speaker ([`Jitter`]), so that a table of hashes does not tell keys apart; and
//! all clips have one length, so that their size does not. An ear or a recogniser still hears them: that is what they
//! are for.
//!
//! ```text
//! sounds    how the tract stands for each sound
//! words     sounds and melody of each key
//! tract     source, resonators ──► samples
//! here      character, mark: which word, how spoken
//! ```

mod sounds;
#[cfg(test)]
mod tests;
mod tract;
mod words;

use std::fmt;

use zeroize::Zeroizing;

use self::tract::Speaker;
use crate::face::{Jitter, Mark};

/// The language that a keypad speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Mandarin: líng, yī, èr … and `ài-kè-sī` for X.
    Chinese,
    /// English: zero, one, two … and `ex` for X.
    English,
}

/// The sound of one key: 16-bit mono samples, wiped when dropped. Its Debug text shows none of them.
pub struct Clip {
    samples: Zeroizing<Vec<i16>>,
}

impl Clip {
    /// Samples in a second.
    pub const RATE_HZ: u32 = 16_000;
    /// Samples of every clip, whatever it says: 1 s, silence behind the word.
    pub const SAMPLES: usize = 16_000;

    /// Samples in a second.
    #[must_use]
    pub fn rate_hz(&self) -> u32 {
        Self::RATE_HZ
    }

    /// [`Clip::SAMPLES`] samples, one channel.
    // EXPOSE: the clip is made to be heard; the host plays it on the private route and drops it with its key.
    #[must_use]
    pub fn samples(&self) -> &[i16] {
        &self.samples
    }
}

impl fmt::Debug for Clip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clip({} Hz)", Self::RATE_HZ)
    }
}

/// Speaks a digit or X; the voice has no other character.
pub(crate) fn clip(ch: u8, language: Language, jitter: Jitter) -> Option<Clip> {
    let word = words::character(ch, language)?;
    Some(Clip { samples: tract::speak(word, &Speaker::of(jitter), Clip::SAMPLES) })
}

/// Speaks what a function key of a spoken keypad does, the same for every opening.
pub(crate) fn mark(mark: Mark, language: Language) -> Option<Clip> {
    let word = words::mark(mark, language)?;
    Some(Clip { samples: tract::speak(word, &Speaker::of(Jitter::NONE), Clip::SAMPLES) })
}
