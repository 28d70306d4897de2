//! What each kind offers, how long it is, what is shown again, and that the institution reads it.

use super::*;
use crate::face::{self, Jitter};

/// Types `text` by the slots that this very layout has: kept kinds are typed over the layout that is in their page,
/// so each character is looked for by its face.
fn press_text(keypad: &mut Keypad, keys: &[Key], text: &[u8]) {
    let seen = seen(keys);
    text.iter().for_each(|character| assert!(keypad.press(seen[character]).is_ok()));
}

fn slots(keys: &[Key]) -> Vec<u8> {
    let slot = |key: &Key| match key.action {
        Action::Slot(slot) => Some(slot),
        _ => None,
    };
    keys.iter().filter_map(slot).collect()
}

/// A valid number of its kind.
fn good(kind: Kind) -> &'static [u8] {
    match kind {
        Kind::Numeric => b"408192",
        Kind::IdNumber => b"110105194912310011",
        Kind::CardNumber => b"6222021234567890128",
        Kind::FullText => b"",
        Kind::Pin => b"4081",
    }
}

#[test]
fn every_kind_is_read_by_the_institution_in_both_suites() {
    for suite in SuiteId::ALL {
        for kind in [Kind::Numeric, Kind::IdNumber, Kind::CardNumber, Kind::Pin] {
            let bench = Bench::in_suite(kind, suite);
            let (mut keypad, keys) = bench.open();
            press_text(&mut keypad, &keys, good(kind));
            assert_eq!(bench.typed(&keypad.confirm().unwrap()), good(kind), "{kind:?} {suite:?}");
        }
    }
}

#[test]
fn a_full_text_is_read_over_all_its_pages() {
    for suite in SuiteId::ALL {
        let bench = Bench { lengths: 8..=64, ..Bench::in_suite(Kind::FullText, suite) };
        for from in [0_u8, 30] {
            let (mut keypad, _keys) = bench.open();
            let slots: Vec<u8> = (from..from + 64).collect();
            slots.iter().for_each(|slot| assert!(keypad.press(*slot).is_ok()));
            let sealed = keypad.confirm().unwrap();
            let (layout, presses) = bench.inside(&sealed);
            assert_eq!(presses, slots);
            let wanted: Vec<u8> = slots.iter().map(|slot| layout[2 + usize::from(*slot)]).collect();
            assert_eq!(bench.typed(&sealed), wanted);
        }
    }
}

#[test]
fn lengths_are_those_of_the_kind() {
    for (kind, lengths) in [
        (Kind::Numeric, 6..=6),
        (Kind::IdNumber, 18..=18),
        (Kind::CardNumber, 12..=19),
        (Kind::FullText, 8..=32),
        (Kind::Pin, 4..=12),
    ] {
        let bench = Bench::of(kind);
        assert_eq!(bench.entry().lengths(), lengths);
        let (mut keypad, _keys) = bench.open();
        for length in 1..=*lengths.end() {
            let ready = lengths.contains(&(length - 1));
            assert_eq!(keypad.complete(), ready, "{kind:?} {length}");
            if !ready {
                assert_eq!(keypad.confirm().map(drop), Err(EntryFault::Length));
            }
            assert_eq!(keypad.press(3), Ok(length));
        }
        assert_eq!(keypad.press(3), Ok(*lengths.end()), "more is ignored");
        let beside = u8::try_from(kind.alphabet().len()).unwrap();
        for slot in [beside, 0xFD, 0xFE, 0xFF] {
            assert_eq!(keypad.press(slot), Err(EntryFault::NoSuchKey));
        }
        assert_eq!(keypad.length(), *lengths.end());
        assert!(keypad.confirm().is_ok());
    }
}

#[test]
fn no_two_keys_of_a_page_cover_one_place_and_every_slot_has_one_key() {
    for kind in Kind::ALL {
        let (_keypad, keys) = Bench::of(kind).open();
        let count = u8::try_from(kind.alphabet().len()).unwrap();
        assert_eq!(slots(&keys), (0..count).collect::<Vec<_>>(), "{kind:?}");
        let mut covered = BTreeSet::new();
        for key in &keys {
            for column in key.column..key.column + key.span {
                assert!(covered.insert((key.page, key.row, column)), "{kind:?} {key:?}");
            }
        }
        let pages: BTreeSet<u8> = keys.iter().map(|key| key.page).collect();
        for page in &pages {
            let here = |action| keys.iter().any(|key| key.page == *page && key.action == action);
            assert!(here(Action::Confirm) && here(Action::Delete), "{kind:?} {page}");
        }
        let wide = if kind == Kind::FullText { 20 } else { 3 };
        let tall = if kind == Kind::IdNumber { 5 } else { 4 };
        assert!(keys.iter().all(|key| key.column + key.span <= wide && key.row < tall));
        assert_eq!(pages.len(), if kind == Kind::FullText { 4 } else { 1 });
    }
}

#[test]
fn every_page_is_reached_and_shift_keeps_every_place() {
    let (_keypad, keys) = Bench::of(Kind::FullText).open();
    let mut reached = BTreeSet::from([0]);
    for _ in 0..4 {
        for key in &keys {
            if let (Action::Page(page), true) = (key.action, reached.contains(&key.page)) {
                reached.insert(page);
            }
        }
    }
    assert_eq!(reached, (0..4).collect());
    let place = |wanted: u8| {
        let key = keys.iter().find(|key| key.action == Action::Slot(wanted)).unwrap();
        (key.page, key.row, key.column)
    };
    for slot in 0..26 {
        let (small, capital) = (place(slot), place(slot + 26));
        assert_eq!((small.0, small.1, small.2), (0, capital.1, capital.2));
        assert_eq!(capital.0, 1);
    }
    let layout = Layout::make(Kind::FullText).unwrap();
    let twins = layout.page.expose(|bytes| {
        bytes[2..28].iter().zip(&bytes[28..54]).all(|(small, capital)| small.to_ascii_uppercase() == *capital)
    });
    assert!(twins.unwrap());
}

/// What is drawn on a key is what is sealed under it: each face, without its jitter, is nearest to its own character.
#[test]
fn the_faces_are_those_of_the_layout() {
    for kind in [Kind::IdNumber, Kind::FullText] {
        let layout = Layout::make(kind).unwrap();
        let keys = layout.draw(FaceSize::square(40)).unwrap();
        let characters = layout.page.expose(|bytes| bytes[2..].to_vec()).unwrap();
        let plain =
            |ch: &u8| face::character(*ch, FaceSize::square(40), Jitter::from_random([128; 7])).unwrap();
        let shapes: Vec<_> = characters.iter().map(plain).collect();
        let far = |a: &Picture, b: &Picture| -> u64 {
            a.alpha().iter().zip(b.alpha()).map(|(a, b)| u64::from(a.abs_diff(*b)).pow(2)).sum()
        };
        let own = keys.iter().zip(&shapes).enumerate().filter(|(at, (key, _))| {
            let nearest = (0..shapes.len()).min_by_key(|other| far(&key.face, &shapes[*other]));
            nearest == Some(*at)
        });
        let (count, all) = (own.count(), shapes.len());
        assert!(count * 100 >= all * 95, "{kind:?}: {count} of {all}; look-alikes may change places");
    }
}

#[test]
fn a_number_is_shown_again_and_judged() {
    let bench = Bench::of(Kind::CardNumber);
    let (mut keypad, keys) = bench.open();
    let verdict = |keypad: &mut Keypad| keypad.review(40).unwrap().verdict;
    press_text(&mut keypad, &keys, b"62220212345");
    assert_eq!(verdict(&mut keypad), Verdict::Incomplete);
    press_text(&mut keypad, &keys, b"67890128");
    assert_eq!(verdict(&mut keypad), Verdict::Good);
    let shown = keypad.review(40).unwrap().picture;
    assert_eq!(shown.alpha(), face::line(good(Kind::CardNumber), &[4, 4, 4, 4, 3], 40).alpha());
    keypad.erase().unwrap();
    press_text(&mut keypad, &keys, b"7");
    assert_eq!(verdict(&mut keypad), Verdict::Check);
    assert_ne!(keypad.review(40).unwrap().picture.alpha(), shown.alpha());
    let sealed = keypad.confirm().unwrap();
    assert_eq!(sealed.masked(), [4, 4, 4, 4, 3]);
    assert_eq!(bench.typed(&sealed), b"6222021234567890127", "the institution has the last word");
}

#[test]
fn an_identity_number_is_judged_by_form_date_and_check() {
    let bench = Bench::of(Kind::IdNumber);
    for (number, verdict) in [
        (b"110105194912310011", Verdict::Good),
        (b"11010519491231002X", Verdict::Good),
        (b"110105194912310022", Verdict::Check),
        (b"X10105194912310021", Verdict::Form),
        (b"110105194913310021", Verdict::Form),
    ] {
        let (mut keypad, keys) = bench.open();
        press_text(&mut keypad, &keys, number);
        assert_eq!(keypad.review(40).unwrap().verdict, verdict, "{number:?}");
        let sealed = keypad.confirm().unwrap();
        assert_eq!((bench.typed(&sealed), sealed.masked()), (number.to_vec(), vec![6, 8, 4]));
    }
}

#[test]
fn what_is_sealed_at_once_cannot_be_shown_again() {
    for kind in [Kind::Numeric, Kind::FullText, Kind::Pin] {
        let (mut keypad, _keys) = Bench::of(kind).open();
        keypad.press(1).unwrap();
        assert_eq!(keypad.review(40).map(drop), Err(EntryFault::NoReview));
        assert_eq!(keypad.length(), 1, "and the entry goes on");
    }
}

#[test]
fn a_pin_is_a_block_and_no_press() {
    let bench = Bench::of(Kind::Pin);
    let (mut keypad, keys) = bench.open();
    press_text(&mut keypad, &keys, b"4081");
    let sealed = keypad.confirm().unwrap();
    let (member, presses) = bench.inside(&sealed);
    assert_eq!((member.len(), &member[..2]), (18, &[5, 16][..]));
    assert!(presses.iter().all(|press| *press == msgpay_wire::entry::NO_OPERATION));
    let twin = {
        let (mut keypad, keys) = bench.open();
        press_text(&mut keypad, &keys, b"40819999");
        keypad.confirm().unwrap()
    };
    assert_eq!(twin.envelope.len(), sealed.envelope.len());
}

#[test]
fn a_pin_needs_the_institutions_leave_and_account() {
    let bench = Bench::of(Kind::Pin);
    let policy = |kinds: &[&str], modes: &[u64]| Policy {
        institution_id: "A".into(),
        serial: 1,
        suites: vec![SuiteId::International],
        kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        modes: modes.to_vec(),
        ways: Vec::new(),
        amount_fen_max: 0,
        kids_min: Vec::new(),
        issued: 0,
        expires: 0,
        device_p256: false,
    };
    let open = |allowed: Allowed, account: Option<AccountToken>| {
        let mut entry = bench.entry();
        entry.binding.allowed = allowed;
        entry.binding.account = account;
        entry.open(GOOD_SURFACE, FaceSize::square(32)).map(drop)
    };
    let account = AccountToken::read(ACCOUNT);
    assert_eq!(open(Allowed::by(&policy(&["numeric", "pin"], &[0])), account.clone()), Ok(()));
    for (kinds, modes) in [(&["numeric"][..], &[0][..]), (&["PIN"], &[0]), (&[], &[0]), (&["pin"], &[1])] {
        let refused = open(Allowed::by(&policy(kinds, modes)), account.clone());
        assert_eq!(refused, Err(EntryFault::NotAllowed), "{kinds:?} {modes:?}");
    }
    assert_eq!(open(Allowed::everything(), None), Err(EntryFault::NotAllowed));
    for text in ["", "12345678901", "12345678901234567890", "1234 5678 9012", "12345678901X"] {
        assert!(AccountToken::read(text).is_none(), "{text}");
    }
    assert_eq!(format!("{:?}", account.unwrap()), "AccountToken");
}

#[test]
fn a_pin_travels_alone() {
    let sealed = |kind: Kind| {
        let bench = Bench::of(kind);
        let (mut keypad, _keys) = bench.open();
        (0..*bench.lengths.start()).for_each(|_| assert!(keypad.press(1).is_ok()));
        keypad.confirm().unwrap()
    };
    let add =
        |parcel: &mut Parcel, kind: Kind, purpose| parcel.add(sealed(kind), purpose, &[1; 16], &[3; 32]);
    let (pin, card, password) = (EntryPurpose::Pin, EntryPurpose::CardNumber, EntryPurpose::Password);
    let mut parcel = Parcel::default();
    assert!(add(&mut parcel, Kind::Pin, pin));
    assert!(!add(&mut parcel, Kind::CardNumber, card) && !add(&mut parcel, Kind::Pin, pin));
    assert_eq!(parcel.packaged().len(), 1);
    let mut parcel = Parcel::default();
    assert!(add(&mut parcel, Kind::CardNumber, card) && add(&mut parcel, Kind::Numeric, password));
    assert!(!add(&mut parcel, Kind::Pin, pin));
    assert!(!add(&mut parcel, Kind::CardNumber, password), "of another purpose");
    assert_eq!(parcel.packaged().len(), 2);
}
