//! Keypads that are listened to: as strong as those that are looked at, or not opened.

use super::{shuffles::unevenness, *};
use crate::voice::Language;

/// Kinds that the voice can speak whole.
const VOICED: [Kind; 4] = [Kind::Numeric, Kind::IdNumber, Kind::CardNumber, Kind::Pin];

fn spoken(entry: Entry, report: SurfaceReport) -> Result<(Keypad, Vec<Key>), EntryFault> {
    entry.open_spoken(report, FaceSize::square(32), Language::Chinese)
}

/// What the key of slot 1 says, as often as confirms.
fn entered(bench: &Bench, mut keypad: Keypad) -> SealedEntry {
    (0..*bench.lengths.start()).for_each(|_| assert!(keypad.press(1).is_ok()));
    keypad.confirm().unwrap()
}

#[test]
fn every_key_speaks_and_the_mode_is_sealed() {
    for kind in VOICED {
        let bench = Bench::of(kind);
        let (keypad, keys) = spoken(bench.entry(), GOOD_SURFACE).unwrap();
        for key in &keys {
            assert!(key.clip.is_some(), "{key:?}");
        }
        let sealed = entered(&bench, keypad);
        assert_eq!(Envelope::read(&sealed.envelope).unwrap().mode, MODE_SPOKEN);
        assert_eq!(bench.typed(&sealed).len(), *bench.lengths.start());
    }
    assert!(Bench::new().open().1.iter().all(|key| key.clip.is_none()), "looked at, it is silent");
}

/// Boxes, layout and tag of the same sizes, made by the same chain: one opener reads both. SM2's encapsulation is a DER
/// sequence whose length changes by chance; all else has one length.
#[test]
fn an_envelope_is_as_large_and_sealed_as_that_of_a_keypad_looked_at() {
    for (suite, kind) in SuiteId::ALL.into_iter().flat_map(|suite| VOICED.map(|kind| (suite, kind))) {
        let bench = Bench::in_suite(kind, suite);
        let entries = [bench.open().0, spoken(bench.entry(), GOOD_SURFACE).unwrap().0];
        let [seen, heard] = entries.map(|keypad| entered(&bench, keypad)).map(|sealed| {
            assert_eq!(bench.typed(&sealed).len(), *bench.lengths.start());
            let whole = sealed.envelope.len();
            let Envelope { encapsulated, layout, boxes, close, .. } =
                Envelope::read(&sealed.envelope).unwrap();
            let presses: HashSet<_> = boxes.chunks(BOX_BYTES).map(<[u8]>::to_vec).collect();
            assert_eq!(presses.len(), PRESSES, "equal presses look unequal");
            (whole - encapsulated.len(), layout.len(), boxes.len(), close.len())
        });
        assert_eq!(seen, heard, "{kind:?} in {suite:?}");
    }
}

#[test]
fn an_envelope_of_one_mode_does_not_open_as_one_of_the_other() {
    for suite in SuiteId::ALL {
        let bench = Bench::in_suite(Kind::Numeric, suite);
        let keypads = [
            (MODE_VISUAL, MODE_SPOKEN, bench.open().0),
            (MODE_SPOKEN, MODE_VISUAL, spoken(bench.entry(), GOOD_SURFACE).unwrap().0),
        ];
        for (own, other, keypad) in keypads {
            let mut envelope = Envelope::read(&entered(&bench, keypad).envelope).unwrap();
            let opens = |envelope: &Envelope| open_envelope(&bench.key, envelope, [1; 16], [3; 32]).is_some();
            assert_eq!((envelope.mode, opens(&envelope)), (own, true));
            envelope.mode = other;
            assert!(!opens(&envelope), "mode {own} as {other}");
        }
    }
}

#[test]
fn no_private_ear_no_leave_no_voice_no_layout() {
    let bench = Bench::new();
    let loud = SurfaceReport { audio_private: false, ..GOOD_SURFACE };
    assert_eq!(spoken(bench.entry(), loud).map(drop), Err(EntryFault::Unacknowledged));
    assert!(bench.entry().open(loud, FaceSize::square(32)).is_ok(), "looked at, no ear is needed");
    let careless = SurfaceReport { nothing_kept: false, ..GOOD_SURFACE };
    assert_eq!(spoken(bench.entry(), careless).map(drop), Err(EntryFault::Unacknowledged));
    let mut forbidden = bench.entry();
    forbidden.binding.allowed.modes = vec![MODE_VISUAL];
    assert_eq!(spoken(forbidden, GOOD_SURFACE).map(drop), Err(EntryFault::NotAllowed));
    let text = spoken(Bench::of(Kind::FullText).entry(), GOOD_SURFACE).map(drop);
    assert_eq!(text, Err(EntryFault::NoVoice));
}

#[test]
fn an_ear_that_is_private_no_more_wipes() {
    let (mut keypad, _keys) = spoken(Bench::new().entry(), GOOD_SURFACE).unwrap();
    keypad.press(1).unwrap();
    let alive = Arc::downgrade(&keypad.open.as_ref().unwrap().alive);
    let loud = SurfaceReport { audio_private: false, ..GOOD_SURFACE };
    assert_eq!(keypad.surface_changed(loud), Err(EntryFault::SurfaceChanged));
    assert!(alive.upgrade().is_none());
    assert_eq!(keypad.press(1), Err(EntryFault::Closed));
}

/// All that a host could hand to a screen reader. A new member of a key does not build here before somebody has thought
/// about what it says.
fn texts(keys: &[Key]) -> Vec<String> {
    keys.iter()
        .map(|key| {
            let Key { page, row, column, span, action, face, clip } = key;
            let clip = clip.as_ref().map(|clip| (clip.rate_hz(), clip.samples().len()));
            let place = (page, row, column, span, action, face.width(), face.height());
            format!("{key:?} {place:?} {clip:?}")
        })
        .collect()
}

/// Two layouts, and nothing that is written about their keys differs: a text that told a digit would.
#[test]
fn no_text_of_a_key_tells_what_it_says() {
    for kind in VOICED {
        let bench = Bench::of(kind);
        let keypads: Vec<_> = (0..2).map(|_| spoken(bench.entry(), GOOD_SURFACE).unwrap()).collect();
        let [one, other] = [0, 1].map(|at: usize| &keypads[at].1);
        let sounds = |keys: &[Key]| -> Vec<Vec<i16>> {
            keys.iter().map(|key| key.clip.as_ref().unwrap().samples().to_vec()).collect()
        };
        assert_ne!(sounds(one), sounds(other), "the measure sees two layouts");
        assert_eq!(texts(one), texts(other), "{kind:?}");
    }
}

/// Openings whose layouts are counted: six of each digit at each slot, in the mean.
const OPENINGS: u32 = 60;

#[test]
fn a_keypad_that_is_listened_to_is_shuffled_as_evenly_and_anew() {
    let bench = Bench::new();
    let mut orders = HashSet::new();
    let mut shuffled = |slots: &mut [u8]| {
        let (keypad, _keys) = spoken(bench.entry(), GOOD_SURFACE).unwrap();
        let (layout, _) = bench.inside(&entered(&bench, keypad));
        slots.copy_from_slice(&layout[2..]);
        orders.insert(layout);
    };
    let even = unevenness(Kind::Numeric, OPENINGS, &mut shuffled);
    assert!(even.iter().all(|deviations| *deviations < 5.0), "{even:?}");
    // Two pairs of equal orders by chance: once in some ten million runs.
    assert!(orders.len() >= 59, "{} orders in {OPENINGS} openings", orders.len());
    // Control: the digits of a phone, turned by one place at most openings in two.
    let mut turned = 0;
    let lazy = unevenness(Kind::Numeric, OPENINGS, &mut |slots| {
        turned += 1;
        slots.rotate_left(turned % 2);
    });
    assert!(lazy.iter().all(|deviations| *deviations > 10.0), "{lazy:?}");
}
