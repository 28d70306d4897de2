use std::collections::{BTreeSet, HashSet};

use msgpay_crypto::{Error, OpeningKey, SuiteId, random};
use msgpay_wire::entry::{BOX_BYTES, PRESSES};

use super::{layout::shuffle, *};
use crate::testing::{GOOD_SURFACE, ManualClock, open_envelope, press_all, seen};

struct Bench {
    clock: Arc<ManualClock>,
    key: OpeningKey,
}

impl Bench {
    fn new() -> Self {
        Self { clock: ManualClock::at(0), key: OpeningKey::make(SuiteId::International).unwrap() }
    }

    fn entry(&self) -> Entry {
        let binding = Binding {
            purpose: EntryPurpose::Password,
            kind: Kind::Numeric,
            suite: msgpay_wire::SuiteId::International,
            seal_kid: 7,
            seal_key: self.key.public_key(),
            server_nonce: [1; 16],
            client_nonce: [2; 16],
            order_digest: [3; 32],
            lengths: WALLET_PASSWORD_LENGTH..=WALLET_PASSWORD_LENGTH,
            allowed: Allowed::everything(),
        };
        Entry { binding, clock: self.clock.clone() }
    }

    fn open(&self) -> (Keypad, Vec<Key>) {
        self.entry().open(GOOD_SURFACE, FaceSize::square(40)).unwrap()
    }

    fn read(&self, sealed: &SealedEntry) -> Option<Vec<u8>> {
        let envelope = Envelope::read(&sealed.envelope).unwrap();
        open_envelope(&self.key, &envelope, [1; 16], [3; 32])
    }
}

#[test]
fn the_institution_reads_what_was_typed() {
    let bench = Bench::new();
    for digits in [b"408192", b"000000", b"987654"] {
        let (mut keypad, keys) = bench.open();
        press_all(&mut keypad, &keys, digits);
        assert_eq!(bench.read(&keypad.confirm().unwrap()).unwrap(), digits);
    }
}

#[test]
fn corrections_are_sealed_too_and_leave_no_trace_in_the_size() {
    let bench = Bench::new();
    let (mut plain, keys) = bench.open();
    press_all(&mut plain, &keys, b"123456");
    let plain = plain.confirm().unwrap();
    let (mut corrected, keys) = bench.open();
    press_all(&mut corrected, &keys, b"77");
    assert_eq!(corrected.clear(), Ok(0));
    press_all(&mut corrected, &keys, b"1239");
    assert_eq!(corrected.erase(), Ok(3));
    press_all(&mut corrected, &keys, b"456");
    let corrected = corrected.confirm().unwrap();
    assert_eq!(plain.envelope.len(), corrected.envelope.len());
    assert_eq!(bench.read(&plain).as_deref(), Some(&b"123456"[..]));
    assert_eq!(bench.read(&corrected), bench.read(&plain));
}

#[test]
fn an_envelope_opens_for_its_order_nonce_key_and_surface_only() {
    let bench = Bench::new();
    let (mut keypad, keys) = bench.open();
    press_all(&mut keypad, &keys, b"408192");
    let sealed = keypad.confirm().unwrap();
    let envelope = Envelope::read(&sealed.envelope).unwrap();
    let reads = |key: &OpeningKey, envelope: &Envelope, nonce: u8, order: u8| {
        open_envelope(key, envelope, [nonce; 16], [order; 32]).is_some()
    };
    assert!(reads(&bench.key, &envelope, 1, 3));
    assert!(!reads(&bench.key, &envelope, 9, 3), "another nonce");
    assert!(!reads(&bench.key, &envelope, 1, 9), "another order");
    assert!(!reads(&Bench::new().key, &envelope, 1, 3), "another key");
    type Change = fn(&mut Envelope);
    let changes: [(&str, Change); 7] = [
        ("surface", |e| e.surface ^= 1),
        ("mode", |e| e.mode = 1),
        ("purpose", |e| e.purpose = EntryPurpose::PasswordNew),
        ("kid", |e| e.kid += 1),
        ("layout", |e| e.layout[3] ^= 1),
        ("box", |e| e.boxes[5 * BOX_BYTES] ^= 1),
        ("boxes swapped", |e| {
            for at in 0..BOX_BYTES {
                e.boxes.swap(at, BOX_BYTES + at);
            }
        }),
    ];
    for (name, change) in changes {
        let mut changed = envelope.clone();
        change(&mut changed);
        assert!(!reads(&bench.key, &changed, 1, 3), "{name}");
    }
}

#[test]
fn no_layout_without_the_duties_that_every_host_can_keep() {
    let bench = Bench::new();
    for report in [
        SurfaceReport { no_text_field: false, ..GOOD_SURFACE },
        SurfaceReport { nothing_kept: false, ..GOOD_SURFACE },
    ] {
        let refused = bench.entry().open(report, FaceSize::square(40)).map(|_| ());
        assert_eq!(refused, Err(EntryFault::Unacknowledged));
    }
    let weak = SurfaceReport { capture_blocked: false, obscured_touches_filtered: false, ..GOOD_SURFACE };
    let (mut keypad, keys) = bench.entry().open(weak, FaceSize::square(40)).unwrap();
    press_all(&mut keypad, &keys, b"408192");
    let envelope = Envelope::read(&keypad.confirm().unwrap().envelope).unwrap();
    assert_eq!(envelope.surface, 3, "what the host could not do is reported");
}

#[test]
fn ten_slots_and_two_function_keys_fill_the_grid() {
    let (_keypad, keys) = Bench::new().open();
    let places: BTreeSet<_> = keys.iter().map(|key| (key.row, key.column)).collect();
    assert_eq!((keys.len(), places.len()), (12, 12));
    let slot = |key: &Key| match key.action {
        Action::Slot(slot) => Some(slot),
        _ => None,
    };
    let slots: BTreeSet<u8> = keys.iter().filter_map(slot).collect();
    assert_eq!(slots, (0..10).collect());
    assert_eq!(seen(&keys).len(), 10, "every digit has its own slot");
}

#[test]
fn only_six_characters_confirm_and_more_are_ignored() {
    let (mut keypad, _keys) = Bench::new().open();
    assert_eq!(keypad.erase(), Ok(0));
    assert_eq!(keypad.clear(), Ok(0));
    for length in 1..=6 {
        assert_eq!(keypad.confirm().map(|_| ()), Err(EntryFault::Length));
        assert!(!keypad.complete());
        assert_eq!(keypad.press(4), Ok(length));
    }
    assert_eq!(keypad.press(4), Ok(6));
    assert_eq!(keypad.press(10), Err(EntryFault::NoSuchKey));
    assert_eq!(keypad.press(0xFD), Err(EntryFault::NoSuchKey), "no operation hides behind a slot");
    assert!(keypad.confirm().is_ok());
    assert_eq!(keypad.press(4), Err(EntryFault::Closed));
}

#[test]
fn the_65th_press_wipes() {
    let (mut keypad, _keys) = Bench::new().open();
    for _ in 0..PRESSES / 2 {
        keypad.press(1).unwrap();
        keypad.erase().unwrap();
    }
    let fault = keypad.press(1).unwrap_err();
    assert_eq!(fault, EntryFault::TooManyPresses);
    assert!(fault.wiped());
    assert_eq!(keypad.length(), 0);
    assert_eq!(keypad.confirm().map(|_| ()), Err(EntryFault::Closed));
}

#[test]
fn three_idle_minutes_wipe() {
    let bench = Bench::new();
    let (mut keypad, _keys) = bench.open();
    keypad.press(1).unwrap();
    bench.clock.advance(179_999);
    assert!(!keypad.wipe_if_idle());
    assert_eq!(keypad.press(1), Ok(2));
    bench.clock.advance(179_999);
    assert_eq!(keypad.press(1), Ok(3), "every press begins the three minutes anew");
    bench.clock.advance(180_000);
    assert_eq!(keypad.press(1), Err(EntryFault::Idle));
    assert_eq!(keypad.length(), 0);
    assert_eq!(keypad.press(1), Err(EntryFault::Closed));
    let (mut unattended, _keys) = bench.open();
    bench.clock.advance(180_000);
    assert!(unattended.wipe_if_idle());
    assert!(unattended.open.is_none());
}

#[test]
fn cancel_wipes() {
    let (mut keypad, _keys) = Bench::new().open();
    keypad.press(1).unwrap();
    keypad.cancel();
    assert!(keypad.open.is_none());
    assert_eq!((keypad.length(), keypad.erase()), (0, Err(EntryFault::Closed)));
}

/// Only ciphertext stays between presses: equal slots give unequal boxes, and nothing else of the entry is kept.
#[test]
fn equal_presses_look_unequal() {
    let (mut keypad, _keys) = Bench::new().open();
    for _ in 0..6 {
        keypad.press(4).unwrap();
    }
    let open = keypad.open.as_ref().unwrap();
    let boxes: HashSet<_> = open.boxes.chunks(BOX_BYTES).collect();
    assert_eq!(boxes.len(), 6);
}

/// Pearson's statistic of character against slot; 81 degrees of freedom, so even shuffles stay below 160 but for
/// one run in a million.
fn unevenness(below: impl Fn(u32) -> Result<u32, Error>) -> f64 {
    const ROUNDS: u32 = 10_000;
    let mut seen = [[0_u32; 10]; 10];
    for _ in 0..ROUNDS {
        let mut slots = *b"0123456789";
        shuffle(&mut slots, &below).unwrap();
        for (slot, character) in slots.iter().enumerate() {
            seen[slot][usize::from(character - b'0')] += 1;
        }
    }
    let expected = f64::from(ROUNDS) / 10.0;
    seen.iter().flatten().map(|n| (f64::from(*n) - expected).powi(2) / expected).sum()
}

#[test]
fn every_character_lies_under_every_slot_equally_often() {
    let even = unevenness(random::below);
    assert!(even < 160.0, "{even}");
}

#[test]
fn the_measure_finds_a_biased_shuffle() {
    // The classic faults: a remainder of a small draw, and never leaving a card where it lies.
    let remainder = unevenness(|n| Ok(u32::from(random::make::<1>()?[0] & 15) % n));
    assert!(remainder > 1_000.0, "{remainder}");
    let derangement = unevenness(|n| random::below(n - 1));
    assert!(derangement > 1_000.0, "{derangement}");
}

#[test]
fn layouts_differ_from_opening_to_opening() {
    let bench = Bench::new();
    let orders: HashSet<_> = (0..12).map(|_| seen(&bench.open().1)).collect();
    assert_eq!(orders.len(), 12);
}

#[test]
fn debug_says_nothing() {
    let bench = Bench::new();
    assert_eq!(format!("{:?}", bench.entry()), "Entry");
    let (mut keypad, keys) = bench.open();
    press_all(&mut keypad, &keys, b"408192");
    assert_eq!(format!("{keypad:?}"), "Keypad");
    assert_eq!(format!("{:?}", keypad.confirm().unwrap()), "SealedEntry");
    assert!(format!("{:?}", keys[0]).contains("Picture(40 × 40 px)"));
}
