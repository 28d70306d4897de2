use std::collections::HashMap;

use super::*;

const CHARACTERS: &[u8] = b"0123456789X";
const LANGUAGES: [Language; 2] = [Language::Chinese, Language::English];

fn random_jitter() -> Jitter {
    let mut bytes = [0; Jitter::LEN];
    msgpay_crypto::random::fill(&mut bytes).unwrap();
    Jitter::from_random(bytes)
}

/// Mean square of the samples in this part of the clip, in tenths of it.
fn power(clip: &Clip, tenths: std::ops::Range<usize>) -> f64 {
    let part = &clip.samples()[tenths.start * Clip::SAMPLES / 10..tenths.end * Clip::SAMPLES / 10];
    let whole: f64 = part.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    whole / f64::from(u32::try_from(part.len()).unwrap())
}

#[test]
fn every_clip_is_as_long_loud_enough_and_ends_in_silence() {
    for language in LANGUAGES {
        let edges = [[0; Jitter::LEN], [255; Jitter::LEN]].map(Jitter::from_random);
        for jitter in edges.into_iter().chain((0..8).map(|_| random_jitter())) {
            let marks = [Mark::Delete, Mark::Confirm].map(|of| mark(of, language).unwrap());
            let clips = CHARACTERS.iter().map(|ch| clip(*ch, language, jitter).unwrap());
            for clip in clips.chain(marks) {
                assert_eq!((clip.samples().len(), clip.rate_hz()), (Clip::SAMPLES, Clip::RATE_HZ));
                let peak = clip.samples().iter().map(|sample| sample.unsigned_abs()).max().unwrap();
                assert!((18_000..=30_000).contains(&peak), "{peak}");
                assert!(power(&clip, 0..4) > 1e4, "no word");
                let tail = &clip.samples()[Clip::SAMPLES - 160..];
                assert!(tail.iter().all(|sample| sample.unsigned_abs() < 300), "cut off: {language:?}");
            }
        }
    }
}

#[test]
fn what_is_no_digit_has_no_voice() {
    for ch in (0..=255).filter(|ch| !CHARACTERS.contains(ch)) {
        assert!(clip(ch, Language::Chinese, Jitter::NONE).is_none());
        assert!(clip(ch, Language::English, Jitter::NONE).is_none());
    }
    for silent in [Mark::Shift, Mark::Digits, Mark::Symbols, Mark::Letters] {
        assert!(LANGUAGES.iter().all(|language| mark(silent, *language).is_none()));
    }
}

#[test]
fn the_same_jitter_speaks_the_same_and_its_text_says_nothing() {
    let jitter = random_jitter();
    let (one, other) = (clip(b'7', LANGUAGES[0], jitter).unwrap(), clip(b'7', LANGUAGES[0], jitter).unwrap());
    assert_eq!(one.samples(), other.samples());
    assert_eq!(format!("{one:?}"), format!("{:?}", clip(b'2', LANGUAGES[1], Jitter::NONE).unwrap()));
    assert_eq!(format!("{one:?}"), "Clip(16000 Hz)");
}

/// Openings, and pairs of equal clips that chance gives among them with 2^16 states: n(n − 1) / 2 / 65,536 = 7.6.
const OPENINGS: usize = 1_000;
const PAIRS_MAX: usize = 7;

/// How much of each is compared: less than the whole, so that clips which differ may count as equal.
const PART: usize = Clip::SAMPLES / 6;

/// Pairs of clips of one character that begin alike, among so many with these jitters.
fn pairs(ch: u8, language: Language, jitter: impl Fn() -> Jitter) -> usize {
    let mut heard: HashMap<Vec<i16>, usize> = HashMap::new();
    for _ in 0..OPENINGS {
        let word = words::character(ch, language).unwrap();
        let samples = tract::speak(word, &Speaker::of(jitter()), PART);
        *heard.entry(samples.to_vec()).or_default() += 1;
    }
    heard.into_values().map(|count| count * (count - 1) / 2).sum()
}

#[test]
fn no_key_of_1000_openings_is_spoken_twice() {
    for (index, ch) in CHARACTERS.iter().enumerate() {
        let equal = pairs(*ch, LANGUAGES[index % 2], random_jitter);
        assert!(equal <= PAIRS_MAX, "{}: {equal} equal pairs", char::from(*ch));
    }
    // Control: with 2^11 states chance gives 244 pairs, and they are counted.
    let poor = || {
        let [low, high, ..] = random_jitter().bytes();
        Jitter::from_random([low, high & 7, 9, 9, 9, 9, 9])
    };
    assert!(pairs(b'1', Language::Chinese, poor) > 100);
}

/// Each byte of the jitter is heard by itself, beside the noise that follows from all of them.
#[test]
fn every_byte_of_the_jitter_moves_the_voice() {
    let speaker = |bytes| {
        let mut speaker = Speaker::of(Jitter::from_random(bytes));
        speaker.hush();
        tract::speak(words::character(b'9', Language::English).unwrap(), &speaker, Clip::SAMPLES)
    };
    let plain = speaker([128; Jitter::LEN]);
    for at in 0..Jitter::LEN {
        let mut bytes = [128; Jitter::LEN];
        bytes[at] = 140;
        assert_ne!(*speaker(bytes), *plain, "byte {at}");
    }
}

/// Bytes of the tables, as they lie in the library.
#[test]
fn the_tables_are_small() {
    let words = LANGUAGES.iter().flat_map(|language| {
        let marks = [Mark::Delete, Mark::Confirm].into_iter().filter_map(|of| words::mark(of, *language));
        CHARACTERS.iter().filter_map(|ch| words::character(*ch, *language)).chain(marks)
    });
    let bytes: usize = words
        .map(|word| size_of_val(word) + word.iter().map(|part| size_of_val(part.steps)).sum::<usize>())
        .sum();
    assert!((1_000..=10 * 1024).contains(&bytes), "{bytes} bytes");
}
