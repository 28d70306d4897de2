mod exits;
mod kinds;
mod providers;
mod shuffles;
mod spoken;

use std::collections::{BTreeSet, HashSet};

use msgpay_crypto::{OpenChain, OpeningKey, SecretPage, entry::pin};
use msgpay_wire::{
    SuiteId,
    entry::{BOX_BYTES, Envelope, PRESSES, label},
};

use super::{hold::Hold, *};
use crate::testing::{GOOD_SURFACE, ManualClock, open_envelope, press_all, seen};

/// An institution's seal key, a phone's clock, and what is to be typed.
struct Bench {
    clock: Arc<ManualClock>,
    key: OpeningKey,
    kind: Kind,
    purpose: EntryPurpose,
    suite: SuiteId,
    lengths: RangeInclusive<usize>,
}

impl Bench {
    fn new() -> Self {
        Self::of(Kind::Numeric)
    }

    fn of(kind: Kind) -> Self {
        Self::in_suite(kind, SuiteId::International)
    }

    fn in_suite(kind: Kind, suite: SuiteId) -> Self {
        let purpose = match kind {
            Kind::Numeric | Kind::FullText => EntryPurpose::Password,
            Kind::IdNumber => EntryPurpose::IdNumber,
            Kind::CardNumber => EntryPurpose::CardNumber,
            Kind::Pin => EntryPurpose::Pin,
        };
        let key = OpeningKey::make(crate::trust::suite(suite)).unwrap();
        Self { clock: ManualClock::at(0), key, kind, purpose, suite, lengths: kind.lengths() }
    }

    fn entry(&self) -> Entry {
        let binding = Binding {
            purpose: self.purpose,
            kind: self.kind,
            suite: self.suite,
            seal_kid: 7,
            seal_key: self.key.public_key(),
            server_nonce: [1; 16],
            client_nonce: [2; 16],
            order_digest: [3; 32],
            lengths: self.lengths.clone(),
            allowed: Allowed::everything(),
            account: AccountToken::read(ACCOUNT),
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

    /// Layout member and presses, as the institution finds them; only a test may read them out.
    fn inside(&self, sealed: &SealedEntry) -> (Vec<u8>, Vec<u8>) {
        let (layout, slots, _) = self.pages(&sealed.envelope);
        (layout.expose(<[u8]>::to_vec).unwrap(), slots.expose(<[u8]>::to_vec).unwrap())
    }

    /// What was typed, of every kind.
    fn typed(&self, sealed: &SealedEntry) -> Vec<u8> {
        self.typed_in(&sealed.envelope)
    }

    fn typed_in(&self, envelope: &[u8]) -> Vec<u8> {
        let (layout, slots, key) = self.pages(envelope);
        let number = self.kind.number();
        let typed = match self.kind {
            Kind::Pin => pin::open_block(&layout, &key, number, ACCOUNT.as_bytes()).unwrap(),
            kind => msgpay_crypto::entry::resolve(&layout, &slots, number, kind.alphabet()).unwrap(),
        };
        typed.expose(<[u8]>::to_vec).unwrap()
    }

    fn pages(&self, envelope: &[u8]) -> (SecretPage, SecretPage, SecretPage) {
        let envelope = Envelope::read(envelope).unwrap();
        let context = envelope.context([1; 16], [3; 32]).encode();
        let mut chain = OpenChain::setup(&self.key, &envelope.encapsulated, &context, label::CHAIN).unwrap();
        let key = chain.key_for(label::PIN_BLOCK).unwrap();
        let layout = chain.open_with(label::LAYOUT, label::LAYOUT, &envelope.layout).unwrap();
        let mut slots = SecretPage::with_capacity(PRESSES).unwrap();
        for (place, sealed) in (1_u8..).zip(envelope.presses()) {
            chain.step_open(&[place], sealed.try_into().unwrap(), &mut slots).unwrap();
        }
        let transcript =
            Envelope::transcript(&context, &envelope.encapsulated, &envelope.layout, &envelope.boxes);
        chain.close_with(label::CLOSE, &transcript, &envelope.close).unwrap();
        (layout, slots, key)
    }
}

const ACCOUNT: &str = "6222020000000001234";

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

/// Only ciphertext stays between presses: equal slots give unequal boxes, and nothing else of the entry is kept.
#[test]
fn equal_presses_look_unequal() {
    let (mut keypad, _keys) = Bench::new().open();
    for _ in 0..6 {
        keypad.press(4).unwrap();
    }
    let Hold::WriteOnly(sealing) = &keypad.open.as_ref().unwrap().hold else { panic!("sealed at once") };
    let boxes: HashSet<_> = sealing.boxes().chunks(BOX_BYTES).collect();
    assert_eq!(boxes.len(), 6);
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
