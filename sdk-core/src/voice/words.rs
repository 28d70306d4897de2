//! Sounds and melody of each key.

use super::{
    Language,
    sounds::{self as s, Sound},
};
use crate::face::Mark;

/// A sound of a word: how long the tract takes to come to it, and how long it stays; in ms.
#[derive(Clone, Copy)]
pub(super) struct Step(pub(super) Sound, pub(super) u16, pub(super) u16);

/// How the pitch moves over a syllable.
#[derive(Clone, Copy)]
pub(super) enum Melody {
    /// First tone.
    Level,
    /// Second tone.
    Rising,
    /// Third tone.
    Dipping,
    /// Fourth tone.
    Falling,
    /// An English word said alone.
    Saying,
}

/// A syllable, or a whole English word.
pub(super) struct Syllable {
    pub(super) melody: Melody,
    pub(super) steps: &'static [Step],
}

type Word = &'static [Syllable];

const fn english(steps: &'static [Step]) -> Syllable {
    Syllable { melody: Melody::Saying, steps }
}

const fn level(steps: &'static [Step]) -> Syllable {
    Syllable { melody: Melody::Level, steps }
}

const fn rising(steps: &'static [Step]) -> Syllable {
    Syllable { melody: Melody::Rising, steps }
}

const fn dipping(steps: &'static [Step]) -> Syllable {
    Syllable { melody: Melody::Dipping, steps }
}

const fn falling(steps: &'static [Step]) -> Syllable {
    Syllable { melody: Melody::Falling, steps }
}

const ENGLISH: [Word; 11] = [
    &[english(&[
        Step(s::Z, 20, 90),
        Step(s::IY, 50, 60),
        Step(s::R, 60, 30),
        Step(s::OW, 70, 90),
        Step(s::UH, 120, 50),
    ])],
    &[english(&[Step(s::W, 20, 45), Step(s::AH, 70, 140), Step(s::N, 40, 150)])],
    &[english(&[
        Step(s::SHUT_FRONT, 0, 20),
        Step(s::BURST_T, 2, 14),
        Step(s::BREATH_T, 8, 30),
        Step(s::UW, 100, 210),
    ])],
    &[english(&[Step(s::TH, 30, 90), Step(s::R, 30, 40), Step(s::IY, 80, 230)])],
    &[english(&[Step(s::F, 30, 100), Step(s::AO, 40, 150), Step(s::ER, 110, 110)])],
    &[english(&[Step(s::F, 30, 100), Step(s::AA, 40, 100), Step(s::IH, 130, 60), Step(s::V, 40, 90)])],
    &[english(&[
        Step(s::S, 30, 110),
        Step(s::IH, 35, 90),
        Step(s::SHUT_BACK, 30, 60),
        Step(s::BURST_K, 2, 18),
        Step(s::S, 15, 150),
    ])],
    &[english(&[
        Step(s::S, 30, 100),
        Step(s::EH, 35, 90),
        Step(s::V, 35, 50),
        Step(s::AH, 35, 40),
        Step(s::N, 35, 130),
    ])],
    &[english(&[
        Step(s::EY, 20, 120),
        Step(s::IY, 110, 50),
        Step(s::SHUT_FRONT, 30, 70),
        Step(s::BURST_T, 2, 18),
        Step(s::BREATH_T, 10, 40),
    ])],
    &[english(&[Step(s::N, 20, 80), Step(s::AA, 35, 110), Step(s::IY, 140, 40), Step(s::N, 50, 120)])],
    &[english(&[
        Step(s::EH, 20, 140),
        Step(s::SHUT_BACK, 35, 60),
        Step(s::BURST_K, 2, 18),
        Step(s::S, 15, 170),
    ])],
];

const CHINESE: [Word; 11] = [
    &[rising(&[Step(s::L, 20, 60), Step(s::I_NG, 50, 180), Step(s::NG, 50, 120)])],
    &[level(&[Step(s::IY, 20, 380)])],
    &[falling(&[Step(s::E, 20, 80), Step(s::ER_END, 130, 150)])],
    &[level(&[Step(s::S, 30, 120), Step(s::A, 40, 190), Step(s::N, 60, 120)])],
    &[falling(&[Step(s::S, 30, 150), Step(s::IR, 30, 220)])],
    &[dipping(&[Step(s::W, 20, 60), Step(s::U, 60, 380)])],
    &[falling(&[Step(s::L, 20, 70), Step(s::IY, 45, 50), Step(s::OW, 110, 70), Step(s::U, 90, 60)])],
    &[level(&[
        Step(s::SHUT_PALATE, 0, 20),
        Step(s::X, 3, 80),
        Step(s::BREATH_Q, 20, 50),
        Step(s::IY, 25, 260),
    ])],
    &[level(&[Step(s::HUM_LIPS, 10, 40), Step(s::BURST_LIPS, 2, 6), Step(s::A, 30, 300)])],
    &[dipping(&[
        Step(s::SHUT_PALATE, 0, 20),
        Step(s::J, 3, 30),
        Step(s::IY, 15, 45),
        Step(s::OW, 110, 90),
        Step(s::U, 100, 90),
    ])],
    &[
        falling(&[Step(s::A, 20, 60), Step(s::IY, 110, 30)]),
        falling(&[
            Step(s::SHUT_BACK, 20, 40),
            Step(s::BURST_K, 2, 15),
            Step(s::BREATH_K, 8, 40),
            Step(s::E, 30, 110),
        ]),
        level(&[Step(s::S, 25, 110), Step(s::IR, 30, 170)]),
    ],
];

const DELETE: [Word; 2] = [
    &[
        level(&[Step(s::SH, 30, 100), Step(s::A, 40, 110), Step(s::N, 50, 60)]),
        rising(&[
            Step(s::SHUT_FRONT, 10, 30),
            Step(s::SH, 3, 70),
            Step(s::BREATH_T, 15, 20),
            Step(s::U, 40, 180),
        ]),
    ],
    &[english(&[
        Step(s::HUM_FRONT, 10, 40),
        Step(s::BURST_D, 2, 8),
        Step(s::IH, 30, 50),
        Step(s::L, 50, 40),
        Step(s::IY, 60, 130),
        Step(s::SHUT_FRONT, 30, 60),
        Step(s::BURST_T, 2, 18),
        Step(s::BREATH_T, 10, 40),
    ])],
];

const CONFIRM: [Word; 2] = [
    &[
        falling(&[
            Step(s::SHUT_PALATE, 0, 20),
            Step(s::X, 3, 70),
            Step(s::BREATH_Q, 20, 40),
            Step(s::Y, 25, 50),
            Step(s::EH_ZH, 70, 90),
        ]),
        falling(&[
            Step(s::HUM_FRONT, 30, 30),
            Step(s::BURST_D, 2, 8),
            Step(s::IY, 30, 100),
            Step(s::NG, 90, 100),
        ]),
    ],
    &[english(&[
        Step(s::SHUT_BACK, 0, 20),
        Step(s::BURST_K, 2, 18),
        Step(s::BREATH_K, 8, 35),
        Step(s::AH, 30, 50),
        Step(s::N, 40, 50),
        Step(s::F, 30, 80),
        Step(s::ER, 40, 150),
        Step(s::M, 40, 110),
    ])],
];

/// The word of a digit or X.
pub(super) fn character(ch: u8, language: Language) -> Option<Word> {
    let at = match ch {
        b'0'..=b'9' => usize::from(ch - b'0'),
        b'X' => 10,
        _ => return None,
    };
    match language {
        Language::Chinese => CHINESE.get(at).copied(),
        Language::English => ENGLISH.get(at).copied(),
    }
}

/// The word of a function key that a keypad of numbers has.
pub(super) fn mark(mark: Mark, language: Language) -> Option<Word> {
    let [chinese, english] = match mark {
        Mark::Delete => DELETE,
        Mark::Confirm => CONFIRM,
        _ => return None,
    };
    Some(match language {
        Language::Chinese => chinese,
        Language::English => english,
    })
}
