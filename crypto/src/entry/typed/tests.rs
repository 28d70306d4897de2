use super::*;
use crate::{OpenChain, OpeningKey, SuiteId, entry, testing::fork};

const DIGITS: &[u8] = b"0123456789";
const LAYOUT: &[u8] = b"\x03\x0a7391548206";

fn typed(slots: &[u8]) -> Typed {
    let layout = SecretPage::copy_of(LAYOUT).unwrap();
    let mut typed = Typed::over(layout, 3, DIGITS, 19).unwrap();
    slots.iter().for_each(|slot| assert!(typed.press(*slot).is_ok()));
    typed
}

fn read(typed: &Typed) -> Vec<u8> {
    typed.expose(<[u8]>::to_vec).unwrap()
}

#[test]
fn slots_become_characters_and_are_taken_back() {
    let mut typed = typed(&[0, 1, 2, 9]);
    assert_eq!(read(&typed), b"7396");
    assert_eq!(typed.erase(), Ok(3));
    assert_eq!(typed.characters.space_for_tests()[..5], *b"739\0\0", "nothing is left behind");
    assert_eq!(typed.press(4), Ok(4));
    assert_eq!(read(&typed), b"7395");
    assert_eq!(typed.clear(), Ok(0));
    assert!(typed.is_empty() && typed.characters.space_for_tests().iter().all(|byte| *byte == 0));
    assert_eq!(typed.erase(), Ok(0));
}

#[test]
fn what_does_not_fit_changes_nothing() {
    let mut typed = typed(&[5; 19]);
    assert_eq!(typed.press(1), Err(Error::PageFull));
    assert_eq!((typed.len(), read(&typed)), (19, vec![b'4'; 19]));
    typed.clear().unwrap();
    for slot in [10, 11, 0xFD, 0xFF] {
        assert_eq!(typed.press(slot), Err(Error::BadEntry));
    }
    assert_eq!(typed.len(), 0);
    let other = |bytes: &[u8], kind| Typed::over(SecretPage::copy_of(bytes).unwrap(), kind, DIGITS, 19).err();
    assert_eq!(other(LAYOUT, 1), Some(Error::BadEntry));
    assert_eq!(other(b"\x03\x0a7391548200", 3), Some(Error::BadEntry));
}

#[test]
fn it_is_sealed_as_if_each_press_had_been() {
    for id in SuiteId::ALL {
        let key = OpeningKey::make(id).unwrap();
        let (enc, mut chain) = SealChain::setup(id, &key.public_key(), b"context", b"chain").unwrap();
        let (layout, boxes) =
            typed(&[0, 1, 2, 9]).seal(&mut chain, b"layout", 8, entry::NO_OPERATION).unwrap();
        assert_eq!(boxes.len(), 8 * BOX_BYTES);
        let mut open = OpenChain::setup(&key, &enc, b"context", b"chain").unwrap();
        let layout = open.open_with(b"layout", b"layout", &layout).unwrap();
        let mut slots = SecretPage::with_capacity(8).unwrap();
        for (number, sealed) in (1..=8_u8).zip(boxes.chunks(BOX_BYTES)) {
            open.step_open(&[number], sealed.try_into().unwrap(), &mut slots).unwrap();
        }
        let none = entry::NO_OPERATION;
        assert_eq!(slots.expose(<[u8]>::to_vec).unwrap(), [0, 1, 2, 9, none, none, none, none]);
        assert_eq!(
            entry::resolve(&layout, &slots, 3, DIGITS).unwrap().expose(<[u8]>::to_vec).unwrap(),
            b"7396"
        );
    }
}

#[test]
fn more_characters_than_boxes_are_refused() {
    let key = OpeningKey::make(SuiteId::International).unwrap();
    let (_, mut chain) =
        SealChain::setup(SuiteId::International, &key.public_key(), b"context", b"chain").unwrap();
    assert_eq!(typed(&[0; 9]).seal(&mut chain, b"layout", 8, 0xFF).err(), Some(Error::Misused));
}

#[test]
fn a_forks_child_finds_nothing() {
    let typed = typed(&[0, 1, 2, 9]);
    assert!(fork::in_child(|| typed.bytes() == Err(Error::Wiped)));
    assert!(fork::in_child(|| typed.characters.bytes() == Err(Error::Wiped)));
    assert!(fork::in_child(|| typed.layout.bytes() == Err(Error::Wiped)));
    assert_eq!(read(&typed), b"7396", "the parent goes on");
}
