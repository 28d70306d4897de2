//! Keypads that are listened to.

use super::*;
use crate::voice::Language;

fn spoken(entry: Entry, report: SurfaceReport) -> Result<(Keypad, Vec<Key>), EntryFault> {
    entry.open_spoken(report, FaceSize::square(32), Language::Chinese)
}

#[test]
fn every_key_speaks_and_the_mode_is_sealed() {
    for kind in [Kind::Numeric, Kind::IdNumber, Kind::CardNumber, Kind::Pin] {
        let bench = Bench::of(kind);
        let (mut keypad, keys) = spoken(bench.entry(), GOOD_SURFACE).unwrap();
        for key in &keys {
            assert!(key.clip.is_some(), "{key:?}");
        }
        (0..*bench.lengths.start()).for_each(|_| assert!(keypad.press(1).is_ok()));
        let sealed = keypad.confirm().unwrap();
        assert_eq!(Envelope::read(&sealed.envelope).unwrap().mode, MODE_SPOKEN);
        assert_eq!(bench.typed(&sealed).len(), *bench.lengths.start());
    }
    assert!(Bench::new().open().1.iter().all(|key| key.clip.is_none()), "looked at, it is silent");
}

#[test]
fn no_private_ear_no_leave_no_voice_no_layout() {
    let bench = Bench::new();
    let loud = SurfaceReport { audio_private: false, ..GOOD_SURFACE };
    assert_eq!(spoken(bench.entry(), loud).map(drop), Err(EntryFault::Unacknowledged));
    assert!(bench.entry().open(loud, FaceSize::square(32)).is_ok(), "looked at, no ear is needed");
    let mut forbidden = bench.entry();
    forbidden.binding.allowed.modes = vec![MODE_VISUAL];
    assert_eq!(spoken(forbidden, GOOD_SURFACE).map(drop), Err(EntryFault::NotAllowed));
    let text = spoken(Bench::of(Kind::FullText).entry(), GOOD_SURFACE).map(drop);
    assert_eq!(text, Err(EntryFault::NoVoice));
}
