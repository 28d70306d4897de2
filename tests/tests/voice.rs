//! Keypads that speak, and strangers that listen: opened through the public door, each clip is heard by a program of
//! others, and the institution that opens the envelope says what lay on the key.
//!
//! Needs Python with the packages of `tests/requirements.txt`, named by `MSGPAY_PYTHON` (else `python3`), and
//! `espeak-ng`. See `tests/voice/listen.py` for who listens.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test's own functions may fail the test, and the figures are shown"
)]

use std::{
    collections::BTreeMap,
    env,
    io::{self, Write},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    thread,
};

use msgpay_crypto::{OpenChain, OpeningKey, SuiteId as Suite};
use msgpay_sdk_core::{
    Action, Entry, EntryPurpose, FaceSize, Kind, Language, Specimen, SurfaceReport, SystemClock,
};
use msgpay_wire::{
    SuiteId,
    entry::{Envelope, label},
};

/// Openings in each language: as many jitters of each of the eleven words.
const OPENINGS: usize = 20;
/// Words in a hundred that must be heard, and that a control may reach.
const HEARD: usize = 95;
const CONTROL: usize = 20;
/// Clips that are garbled: each word as often as any other.
const GARBLED: usize = 5 * CHARACTERS.len();
/// Characters in the order of the listener's words; delete and confirm follow.
const CHARACTERS: &[u8] = b"0123456789X";
const DELETE: usize = 11;
const CONFIRM: usize = 12;
/// Bytes of a layout before its characters: kind and number of slots.
const HEAD: usize = 2;

/// What a key said, and the number of its word.
struct Said {
    word: usize,
    samples: Vec<i16>,
}

/// Opens one keypad for the ear.
fn opening(language: Language) -> Vec<Said> {
    let seal = OpeningKey::make(Suite::International).unwrap();
    let (server_nonce, order_digest) = ([5; 16], [6; 32]);
    let specimen = Specimen {
        purpose: EntryPurpose::IdNumber,
        kind: Kind::IdNumber,
        suite: SuiteId::International,
        seal_kid: 1,
        seal_key: seal.public_key(),
        server_nonce,
        client_nonce: [4; 16],
        order_digest,
        lengths: 1..=64,
    };
    let report = SurfaceReport {
        capture_blocked: true,
        obscured_touches_filtered: true,
        no_text_field: true,
        nothing_kept: true,
        audio_private: true,
    };
    let entry = Entry::specimen(specimen, Arc::new(SystemClock::start()));
    let (mut keypad, keys) = entry.open_spoken(report, FaceSize::square(24), language).unwrap();
    keypad.press(0).unwrap();
    let envelope = keypad.confirm().unwrap().specimen();
    let envelope = Envelope::read(&envelope).unwrap();
    let context = envelope.context(server_nonce, order_digest).encode();
    let mut chain = OpenChain::setup(&seal, &envelope.encapsulated, &context, label::CHAIN).unwrap();
    let layout = chain.open_with(label::LAYOUT, label::LAYOUT, &envelope.layout).unwrap();
    let layout = layout.expose(|bytes| bytes[HEAD..].to_vec()).unwrap();
    let word = |action| match action {
        Action::Slot(slot) => {
            CHARACTERS.iter().position(|character| *character == layout[usize::from(slot)]).unwrap()
        }
        Action::Delete => DELETE,
        Action::Confirm => CONFIRM,
        Action::Page(_) => panic!("a keypad of numbers has one page"),
    };
    keys.into_iter()
        .map(|key| Said { word: word(key.action), samples: key.clip.unwrap().samples().to_vec() })
        .collect()
}

/// The number of the word that the listener heard in each clip.
fn listen(language: Language, clips: &[Vec<i16>]) -> Vec<Option<usize>> {
    let name = match language {
        Language::Chinese => "chinese",
        Language::English => "english",
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("voice/listen.py");
    let mut listener = Command::new(env::var_os("MSGPAY_PYTHON").unwrap_or_else(|| "python3".into()))
        .arg(script)
        .arg(name)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("MSGPAY_PYTHON names no Python, and there is no python3");
    let mut stdin = listener.stdin.take().unwrap();
    let output = thread::scope(|scope| {
        let writing = scope.spawn(move || write(&mut stdin, clips));
        let output = listener.wait_with_output().unwrap();
        let written = writing.join().unwrap();
        assert!(
            output.status.success() && written.is_ok(),
            "the listener ended: it needs the packages of tests/requirements.txt, and espeak-ng"
        );
        output
    });
    let heard: Vec<Option<usize>> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| line.parse().ok()).collect();
    assert_eq!(heard.len(), clips.len(), "one line for each clip");
    heard
}

fn write(into: &mut impl Write, clips: &[Vec<i16>]) -> io::Result<()> {
    for clip in clips {
        writeln!(into, "{} 16000", clip.len())?;
        into.write_all(&clip.iter().flat_map(|sample| sample.to_le_bytes()).collect::<Vec<u8>>())?;
    }
    into.flush()
}

/// Every sample with a sign by chance: as loud at every moment, no sound of speech.
fn garbled(samples: &[i16], chance: &mut u32) -> Vec<i16> {
    let mut flip = || {
        *chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        if *chance >> 31 == 0 { 1 } else { -1 }
    };
    samples.iter().map(|sample| sample * flip()).collect()
}

fn strangers_hear(language: Language) {
    let said: Vec<Said> = (0..OPENINGS).flat_map(|_| opening(language)).collect();
    let characters: Vec<&Said> = said.iter().filter(|one| one.word < CHARACTERS.len()).collect();
    assert_eq!(characters.len(), OPENINGS * CHARACTERS.len());
    let marks: Vec<&Said> = said.iter().filter(|one| one.word >= CHARACTERS.len()).take(2).collect();

    let mut chance = 1;
    let whole = characters.iter().chain(&marks).map(|one| one.samples.clone());
    let noise = characters.iter().take(GARBLED).map(|one| garbled(&one.samples, &mut chance));
    let length = said[0].samples.len();
    // Silence first: a recogniser gets used to what it has heard, and then hears it in silence, too.
    let silence = std::iter::once(vec![0; length]);
    let clips: Vec<Vec<i16>> = silence.chain(whole).chain(noise).collect();
    let heard = listen(language, &clips);
    let (heard_silence, rest) = heard.split_at(1);
    let (heard, rest) = rest.split_at(characters.len());
    let (heard_marks, heard_noise) = rest.split_at(marks.len());

    let right = |heard: &[Option<usize>], turn: usize| {
        let words = characters.iter().cycle().skip(turn).map(|one| one.word);
        heard.iter().zip(words).filter(|(heard, word)| **heard == Some(*word)).count()
    };
    let mut by_word: BTreeMap<usize, usize> = BTreeMap::new();
    for (one, heard) in characters.iter().zip(heard) {
        *by_word.entry(one.word).or_default() += usize::from(*heard == Some(one.word));
    }
    let all = characters.len();
    let counts = (right(heard, 0), right(heard, 1), right(heard_noise, 0));
    println!("{language:?}: {} of {all}; by word {by_word:?}", counts.0);
    println!("{language:?}: exchanged {}, garbled {}", counts.1, counts.2);

    assert!(counts.0 * 100 >= all * HEARD, "{language:?}: {} of {all} heard, {by_word:?}", counts.0);
    for (word, count) in by_word {
        assert!(count * 100 >= OPENINGS * 70, "{language:?}: word {word} heard {count} times of {OPENINGS}");
    }
    for (one, heard) in marks.iter().zip(heard_marks) {
        assert_eq!(*heard, Some(one.word), "{language:?}: delete is word 11, confirm is word 12");
    }
    // Controls: the same hearing is wrong for the next key's word; what has no sound of speech is not heard.
    assert!(counts.1 * 100 <= all * CONTROL, "exchanged: {} of {all}", counts.1);
    assert!(counts.2 * 100 <= GARBLED * CONTROL, "garbled: {} of {GARBLED}", counts.2);
    assert_eq!(heard_silence, [None], "silence is no word");
}

#[test]
fn a_recogniser_of_people_hears_the_english_words() {
    strangers_hear(Language::English);
}

#[test]
fn a_chinese_voice_of_others_says_the_same_words() {
    strangers_hear(Language::Chinese);
}
