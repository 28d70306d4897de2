use super::*;
use crate::testing::{
    fork,
    scan::{self, Masked},
};
use crate::{OpeningKey, SecretPage, SuiteId, random, room};

const LABEL: &[u8] = b"test chain";
const INTL: SuiteId = SuiteId::International;

struct Sealed {
    key: OpeningKey,
    enc: Vec<u8>,
    head: Vec<u8>,
    boxes: Vec<[u8; BOX_BYTES]>,
    tag: [u8; 16],
}

fn bytes_of(page: &SecretPage) -> Vec<u8> {
    page.expose(<[u8]>::to_vec).unwrap()
}

fn seal_all(info: &[u8]) -> Sealed {
    let key = OpeningKey::make(INTL).unwrap();
    let (enc, mut chain) = SealChain::setup(INTL, &key.public_key(), info, LABEL).unwrap();
    let head = chain.seal_with(b"layout", b"layout", SecretPage::copy_of(b"0123456789").unwrap()).unwrap();
    let boxes = (1..=64).map(|i| chain.step(&[i], i % 10).unwrap()).collect();
    let tag = chain.close_with(b"close", b"all of it").unwrap();
    Sealed { key, enc, head, boxes, tag }
}

fn open_all(sealed: &Sealed, info: &[u8]) -> Result<Vec<u8>, Error> {
    let mut chain = OpenChain::setup(&sealed.key, &sealed.enc, info, LABEL)?;
    let head = chain.open_with(b"layout", b"layout", &sealed.head)?;
    assert_eq!(bytes_of(&head), b"0123456789");
    let mut slots = SecretPage::with_capacity(64)?;
    for (i, one) in (1..).zip(&sealed.boxes) {
        chain.step_open(&[i], one, &mut slots)?;
    }
    chain.close_with(b"close", b"all of it", &sealed.tag)?;
    Ok(bytes_of(&slots))
}

#[test]
fn what_is_sealed_opens_in_order() {
    let sealed = seal_all(b"context");
    assert_eq!(open_all(&sealed, b"context").unwrap(), (1..=64).map(|i| i % 10).collect::<Vec<u8>>());
}

/// The formulas of the module's head, written down over the suite's bare expansion and AEAD.
#[test]
fn the_chain_is_what_its_formulas_say() {
    let sealed = seal_all(b"context");
    let suite = INTL.suite();
    let expand = |chain: &[u8; 32], label: &[u8]| {
        let mut out = [0; 32];
        suite.expand(chain, label, &mut out).unwrap();
        out
    };
    let mut chain = [0; 32];
    sealed.key.decapsulate(&sealed.enc, b"context", LABEL, &mut chain).unwrap();
    let mut head = *b"0123456789";
    let tag = suite.seal(&expand(&chain, b"layout"), b"layout", &mut head).unwrap();
    assert_eq!(sealed.head, [&head[..], &tag].concat());
    chain = expand(&chain, b"next");
    for (i, one) in (1..).zip(&sealed.boxes) {
        let mut text = [i % 10];
        let tag = suite.seal(&expand(&chain, b"key"), &[i], &mut text).unwrap();
        assert_eq!(one[..], [&text[..], &tag].concat(), "press {i}");
        chain = expand(&chain, b"next");
    }
    let tag = suite.seal(&expand(&chain, b"close"), b"all of it", &mut []).unwrap();
    assert_eq!(sealed.tag, tag);
}

/// One change each; every one is refused.
#[test]
fn whatever_is_changed_is_refused() {
    type Change = fn(&mut Sealed);
    let changes: [(&str, Change); 10] = [
        ("boxes swapped", |s| s.boxes.swap(3, 4)),
        ("a box left out", |s| s.boxes.copy_within(11.., 10)),
        ("a box twice", |s| s.boxes.insert(10, s.boxes[9])),
        ("the last box cut off", |s| s.boxes.truncate(63)),
        ("a bit of a box", |s| s.boxes[20][0] ^= 1),
        ("a bit of a box's tag", |s| s.boxes[63][16] ^= 0x80),
        ("a bit of the layout", |s| s.head[0] ^= 1),
        ("the layout cut", |s| s.head.truncate(9)),
        ("a bit of the closing tag", |s| s.tag[0] ^= 1),
        ("another key", |s| s.key = OpeningKey::make(INTL).unwrap()),
    ];
    let mut sealed = seal_all(b"context");
    open_all(&sealed, b"context").unwrap();
    for (name, change) in changes {
        sealed = seal_all(b"context");
        change(&mut sealed);
        assert_eq!(open_all(&sealed, b"context"), Err(Error::NotOpened), "{name}");
    }
    sealed = seal_all(b"context");
    assert_eq!(open_all(&sealed, b"contexT"), Err(Error::NotOpened), "another context");
    for at in [0, 1, 33, 64] {
        sealed = seal_all(b"context");
        sealed.enc[at] ^= 1;
        assert_eq!(open_all(&sealed, b"context"), Err(Error::NotOpened), "byte {at} of the encapsulation");
    }
    let label = OpenChain::setup(&sealed.key, &seal_all(b"context").enc, b"context", b"another label");
    let mut other = label.unwrap();
    assert_eq!(other.open_with(b"layout", b"layout", &sealed.head).err(), Some(Error::NotOpened));
}

#[test]
fn after_a_refusal_the_chain_is_gone() {
    let sealed = seal_all(b"context");
    let mut bit = sealed.head.clone();
    bit[0] ^= 1;
    for bad in [&bit[..], &sealed.head[..16], &sealed.head[..15], &[]] {
        let mut chain = OpenChain::setup(&sealed.key, &sealed.enc, b"context", LABEL).unwrap();
        assert_eq!(chain.open_with(b"layout", b"layout", bad).err(), Some(Error::NotOpened));
        let again = chain.open_with(b"layout", b"layout", &sealed.head).err();
        assert_eq!(again, Some(Error::Wiped), "after {} bytes", bad.len());
    }
}

#[test]
fn a_page_that_is_full_takes_no_more() {
    let sealed = seal_all(b"context");
    let mut chain = OpenChain::setup(&sealed.key, &sealed.enc, b"context", LABEL).unwrap();
    chain.open_with(b"layout", b"layout", &sealed.head).unwrap();
    let mut slots = SecretPage::with_capacity(1).unwrap();
    chain.step_open(&[1], &sealed.boxes[0], &mut slots).unwrap();
    assert_eq!(chain.step_open(&[2], &sealed.boxes[1], &mut slots), Err(Error::PageFull));
}

fn fresh() -> SealChain {
    let key = OpeningKey::make(INTL).unwrap();
    SealChain::setup(INTL, &key.public_key(), b"context", LABEL).unwrap().1
}

#[test]
fn the_chains_own_labels_are_kept() {
    for label in [KEY, NEXT] {
        let text = SecretPage::copy_of(b"x").unwrap();
        assert_eq!(fresh().seal_with(label, b"", text).err(), Some(Error::Misused));
        assert_eq!(fresh().close_with(label, b"").err(), Some(Error::Misused));
    }
    assert_eq!(SealChain::setup(INTL, &[4; 65], b"", LABEL).err(), Some(Error::BadKey));
}

/// A key that the caller has, and a box under the same key at the same position: with the zero nonce, one text would
/// give the other away.
#[test]
fn a_label_is_good_once_at_a_position() {
    let sealed = seal_all(b"context");
    let mut open = OpenChain::setup(&sealed.key, &sealed.enc, b"context", LABEL).unwrap();
    let (text, mut chain) = (|| SecretPage::copy_of(b"x").unwrap(), fresh());
    chain.key_for(b"beside").unwrap();
    open.key_for(b"beside").unwrap();
    assert_eq!(chain.key_for(b"beside").err(), Some(Error::Misused));
    assert_eq!(open.key_for(b"beside").err(), Some(Error::Misused));
    assert_eq!(chain.seal_with(b"beside", b"", text()).err(), Some(Error::Misused));
    assert_eq!(open.open_with(b"beside", b"", &sealed.head).err(), Some(Error::Misused));
    chain.seal_with(b"layout", b"", text()).unwrap();
    open.open_with(b"layout", b"layout", &sealed.head).unwrap();
    chain.seal_with(b"beside", b"", text()).expect("the next position has labels of its own");
    chain.key_for(b"beside").unwrap();
    chain.step(b"", 1).unwrap();
    chain.key_for(b"beside").unwrap();
    open.key_for(b"beside").unwrap();
    assert_eq!(open.close_with(b"beside", b"", &[0; 16]), Err(Error::Misused));
    assert_eq!(chain.close_with(b"beside", b""), Err(Error::Misused));
}

#[test]
fn a_wiped_chain_seals_nothing() {
    let mut chain = fresh();
    chain.wipe();
    assert_eq!(chain.step(&[1], 1), Err(Error::Wiped));
    assert_eq!(chain.close_with(b"close", b""), Err(Error::Wiped));
}

/// A child that sealed on with an all-zero chain would seal for everyone.
#[test]
fn a_forked_child_seals_nothing() {
    let mut chain = fresh();
    assert!(fork::in_child(|| chain.step_inside(&[1], 1) == Err(Error::Wiped)));
    chain.step(&[1], 1).unwrap();
}

/// The chain key now, and the key that the next step will derive from it, in disguise.
fn secrets_of(chain: &SealChain) -> [Masked; 2] {
    room::run(|| {
        let now = chain.page().array().unwrap();
        let mut key = [0; 32];
        INTL.suite().expand(now, KEY, &mut key).unwrap();
        [Masked::of(now), Masked::of(&key)]
    })
    .unwrap()
}

fn left_behind(secrets: &[Masked]) -> usize {
    secrets.iter().flat_map(Masked::halves).map(|half| scan::count(&half)).sum()
}

#[test]
fn between_presses_memory_holds_no_past_key() {
    let mut chain = fresh();
    for i in 1..=5 {
        let past = secrets_of(&chain);
        assert_eq!(left_behind(&past), 2, "before: the two halves of the chain key in its page");
        chain.step(&[i], i).unwrap();
        assert_eq!(left_behind(&past), 0, "after press {i}");
    }
    let past = secrets_of(&chain);
    chain.close_with(b"close", b"all of it").unwrap();
    assert_eq!(left_behind(&past), 0, "after closing");
}

/// The control: the same step with the clean room left out.
#[test]
fn control_a_step_outside_the_room_leaves_keys() {
    let mut chain = fresh();
    let past = secrets_of(&chain);
    scan::deep(|| chain.step_inside(&[1], 1)).unwrap();
    assert!(left_behind(&past) > 0);
}

/// A single byte is found anywhere by chance. So the same is done with many bytes: a place below the caller that
/// holds each of them in its turn is where it was left.
fn places_of_the_byte(step: impl Fn(&mut SealChain, u8)) -> usize {
    let mut chain = fresh();
    let mut below = [const { [0; 16 * 1024] }; 8];
    let bytes: [u8; 8] = random::make().unwrap();
    step(&mut chain, 0);
    for (below, byte) in below.iter_mut().zip(&bytes) {
        step(&mut chain, std::hint::black_box(*byte));
        scan::copy_below(below);
    }
    (0..16 * 1024).filter(|at| below.iter().zip(&bytes).all(|(below, byte)| below[*at] == *byte)).count()
}

#[test]
fn a_step_leaves_its_byte_nowhere_below_the_caller() {
    let left = places_of_the_byte(|chain, byte| {
        std::hint::black_box(chain.step(b"", byte).is_ok());
    });
    assert_eq!(left, 0);
    let left = places_of_the_byte(|chain, byte| {
        std::hint::black_box(chain.step_unburned(byte, b"").is_ok());
    });
    assert!(left > 0, "the control, with the burn left out: it lies in the frames of the way in");
}

#[test]
fn setting_up_leaves_the_chain_key_alone() {
    let key = OpeningKey::make(INTL).unwrap();
    let (enc, mut chain) = SealChain::setup(INTL, &key.public_key(), b"context", LABEL).unwrap();
    let first = secrets_of(&chain);
    let layout = SecretPage::random(32).unwrap();
    let plain = layout.expose(Masked::of).unwrap();
    let sealed = chain.seal_with(b"layout", b"layout", layout).unwrap();
    assert_eq!(left_behind(&first) + scan::count(&plain), 0, "C0 and the layout are gone once it is sealed");

    let mut open = OpenChain::setup(&key, &enc, b"context", LABEL).unwrap();
    let opened = open.open_with(b"layout", b"layout", &sealed).unwrap();
    assert_eq!(scan::count(&plain), 1, "what was opened lies in its page only");
    assert_eq!(left_behind(&first), 0);
    drop(opened);
    assert_eq!(scan::count(&plain), 0);
}
