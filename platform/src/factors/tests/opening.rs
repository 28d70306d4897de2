//! Every kind in both suites, and each way not to open under its own name.

use msgpay_crypto::{Error, MacKey, OpeningKey, SealChain, SecretPage, entry};
use msgpay_wire::{
    SuiteId,
    cbor::{self, Value},
    entry::{Context, EntryPurpose, Envelope, Kind, NO_OPERATION, PRESSES, label},
};
use std::sync::Arc;

use super::super::*;
use crate::store::{LaunchRecord, NonceState};

const KID: u64 = 5;
const ACCOUNT: &str = "6222020000000001234";

fn record(suite: SuiteId) -> LaunchRecord {
    LaunchRecord {
        nonce: [1; 16],
        work: crate::store::Work::Payment,
        ways: vec![msgpay_wire::factors::Way::by_password()],
        device_id: String::new(),
        wallet_id: String::new(),
        subject_no: String::new(),
        order_digest: [3; 32],
        client_nonce: [2; 16],
        suite: suite.number(),
        kid: KID,
        issued_at_ms: 0,
        expires_at_ms: 0,
        counted: 0,
        state: NonceState::Fresh,
    }
}

/// What a handset seals; each part can be made wrong.
#[derive(Clone)]
struct Sealer {
    suite: SuiteId,
    purpose: EntryPurpose,
    kind: Kind,
    layout: Vec<u8>,
    slots: Vec<u8>,
}

impl Sealer {
    fn typing(suite: SuiteId, kind: Kind, text: &[u8]) -> Self {
        let purpose = match kind {
            Kind::Numeric | Kind::FullText => EntryPurpose::Password,
            Kind::IdNumber => EntryPurpose::IdNumber,
            Kind::CardNumber => EntryPurpose::CardNumber,
            Kind::Pin => EntryPurpose::Pin,
        };
        let mut characters = kind.alphabet().to_vec();
        characters.rotate_left(4);
        let slot = |ch: &u8| characters.iter().position(|of| of == ch).and_then(|at| u8::try_from(at).ok());
        let mut slots: Vec<u8> = text.iter().map(|ch| slot(ch).unwrap()).collect();
        slots.resize(PRESSES, NO_OPERATION);
        let head = [kind.number(), u8::try_from(characters.len()).unwrap()];
        Self { suite, purpose, kind, layout: [&head[..], &characters].concat(), slots }
    }

    fn seal(&self, key: &OpeningKey) -> Envelope {
        let context = Context {
            suite: self.suite,
            purpose: self.purpose,
            kid: KID,
            server_nonce: [1; 16],
            client_nonce: [2; 16],
            order_digest: [3; 32],
            mode: 0,
            surface: 0,
        };
        let id = msgpay_crypto::SuiteId::from_number(self.suite.number()).unwrap();
        let (encapsulated, mut chain) =
            SealChain::setup(id, &key.public_key(), &context.encode(), label::CHAIN).unwrap();
        let mut plain = SecretPage::copy_of(&self.layout).unwrap();
        let mut slots = self.slots.clone();
        if self.kind == Kind::Pin {
            let mut typed = entry::Typed::over(plain, 5, Kind::Pin.alphabet(), 12).unwrap();
            slots.iter().filter(|slot| **slot < 10).for_each(|slot| assert!(typed.press(*slot).is_ok()));
            let block_key = chain.key_for(label::PIN_BLOCK).unwrap();
            plain = entry::pin::seal_block(typed, &block_key, 5, ACCOUNT.as_bytes()).unwrap();
            slots.fill(NO_OPERATION);
        }
        let layout = chain.seal_with(label::LAYOUT, label::LAYOUT, plain).unwrap();
        let boxes: Vec<u8> =
            (1..).zip(&slots).flat_map(|(place, slot)| chain.step(&[place], *slot).unwrap()).collect();
        let transcript = Envelope::transcript(&context.encode(), &encapsulated, &layout, &boxes);
        let close = chain.close_with(label::CLOSE, &transcript).unwrap();
        Envelope {
            suite: self.suite,
            purpose: self.purpose,
            kid: KID,
            client_nonce: [2; 16],
            mode: 0,
            surface: 0,
            encapsulated,
            layout,
            boxes,
            close,
        }
    }
}

fn key(suite: SuiteId) -> OpeningKey {
    OpeningKey::make(msgpay_crypto::SuiteId::from_number(suite.number()).unwrap()).unwrap()
}

fn opened(opening: Opening, key: &OpeningKey) -> Result<Vec<u8>, Unopened> {
    match opening.open(key) {
        Ok(page) => Ok(page.expose(<[u8]>::to_vec).unwrap()),
        Err(End::Sent(unopened)) => Err(unopened),
        Err(End::Own(error)) => panic!("{error}"),
    }
}

fn opening(sealer: &Sealer, envelope: Vec<u8>) -> Opening {
    Opening::of(&record(sealer.suite), sealer.purpose, &[0], envelope)
        .of_kind(sealer.kind)
        .for_account(ACCOUNT)
}

const TEXTS: [(Kind, &[u8]); 5] = [
    (Kind::Numeric, b"408192"),
    (Kind::IdNumber, b"11010519491231002X"),
    (Kind::CardNumber, b"6222021234567890128"),
    (Kind::FullText, b"correct-Horse_7!"),
    (Kind::Pin, b"408192"),
];

#[test]
fn every_kind_opens_in_each_suite() {
    for suite in SuiteId::ALL {
        let key = key(suite);
        for (kind, text) in TEXTS {
            let sealer = Sealer::typing(suite, kind, text);
            let envelope = sealer.seal(&key).encode();
            assert_eq!(opened(opening(&sealer, envelope), &key).as_deref(), Ok(text), "{kind:?} {suite:?}");
        }
    }
}

/// The envelope's bytes with another number for its suite.
fn numbered(envelope: &Envelope, number: u64) -> Vec<u8> {
    let Value::Map(mut members) = cbor::decode("an envelope", &envelope.encode()).unwrap() else {
        panic!("an envelope is a map")
    };
    members.iter_mut().find(|(member, _)| *member == 2.into()).unwrap().1 = number.into();
    cbor::encode(&Value::Map(members))
}

#[test]
fn each_way_not_to_open_has_its_name() {
    for suite in SuiteId::ALL {
        let (own, other) = (key(suite), key(suite));
        let sealer = Sealer::typing(suite, Kind::Numeric, b"408192");
        let good = sealer.seal(&own);
        let with = |change: fn(&mut Envelope)| {
            let mut envelope = good.clone();
            change(&mut envelope);
            opening(&sealer, envelope.encode())
        };
        let of = |sealer: &Sealer| opening(sealer, sealer.seal(&own).encode());
        let strange = |layout: &[u8]| Sealer { layout: layout.to_vec(), ..sealer.clone() };
        let pressed = |slot: u8| Sealer { slots: vec![slot; PRESSES], ..sealer.clone() };
        // SM2 finds out at once that it was not encrypted to this key, a key agreement by what it gave.
        let to_another = match suite {
            SuiteId::Guomi => Unopened::Encapsulation,
            _ => Unopened::Layout,
        };
        // Of a key agreement over Curve25519 every 32 bytes are a point.
        let no_point = match suite {
            SuiteId::Curve25519 => Unopened::Layout,
            _ => Unopened::Encapsulation,
        };
        let cases = [
            (Unopened::Form, opening(&sealer, b"no envelope".to_vec())),
            (Unopened::WrongSuite, opening(&sealer, numbered(&good, 0))),
            (Unopened::WrongSuite, opening(&sealer, numbered(&good, u64::MAX))),
            (Unopened::WrongKey, with(|e| e.kid += 1)),
            (Unopened::WrongContext, with(|e| e.purpose = EntryPurpose::PasswordNew)),
            (Unopened::WrongContext, with(|e| e.mode = 1)),
            (no_point, with(|e| *e.encapsulated.last_mut().unwrap() ^= 1)),
            (Unopened::Encapsulation, with(|e| e.encapsulated.fill(0))),
            (to_another, opening(&sealer, sealer.seal(&other).encode())),
            (Unopened::Layout, with(|e| e.surface = 1)),
            (Unopened::Layout, with(|e| e.client_nonce[0] ^= 1)),
            (Unopened::Layout, with(|e| e.layout[3] ^= 1)),
            (Unopened::Layout, with(|e| e.layout.truncate(16))),
            (Unopened::Layout, with(|e| e.layout.clear())),
            (Unopened::Press, with(|e| e.boxes[3] ^= 1)),
            (Unopened::Press, with(|e| e.boxes[17 * 63] ^= 1)),
            (Unopened::ClosingTag, with(|e| e.close[3] ^= 1)),
            (Unopened::Kind, opening(&sealer, good.encode()).of_kind(Kind::FullText)),
            (Unopened::Kind, of(&strange(b""))),
            (Unopened::Entry, of(&strange(b"\x01\x0a0123456788"))),
            (Unopened::Entry, of(&pressed(10))),
            (Unopened::Entry, of(&Sealer::typing(suite, Kind::CardNumber, b"62220212345"))),
            (Unopened::Entry, of(&Sealer::typing(suite, Kind::IdNumber, b"X10105194912310021"))),
            (Unopened::Entry, of(&Sealer::typing(suite, Kind::FullText, b"seven-7"))),
        ];
        for way in Unopened::ALL {
            assert!(cases.iter().any(|(wanted, _)| *wanted == way), "{way:?} is tried");
        }
        for (number, (wanted, opening)) in cases.into_iter().enumerate() {
            assert_eq!(opened(opening, &own), Err(wanted), "case {number}, {suite:?}");
        }
        assert!(opened(with(|_| ()), &own).is_ok(), "control");
    }
}

#[test]
fn no_two_reasons_share_a_word() {
    let mut words: Vec<_> = Unopened::ALL.map(Unopened::word).to_vec();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), Unopened::ALL.len());
}

#[test]
fn suites_do_not_mix() {
    let pairs = SuiteId::ALL.into_iter().flat_map(|own| SuiteId::ALL.map(|other| (own, other)));
    for (own, other) in pairs.filter(|(own, other)| own != other) {
        let (own_key, other_key) = (key(own), key(other));
        let sealer = Sealer::typing(own, Kind::Numeric, b"408192");
        let envelope = || sealer.seal(&own_key).encode();
        let mixed =
            |opening, key| assert_eq!(opened(opening, key), Err(Unopened::WrongSuite), "{own:?} {other:?}");
        mixed(opening(&sealer, envelope()), &other_key);
        mixed(Opening::of(&record(other), sealer.purpose, &[0], envelope()), &own_key);
    }
}

#[test]
fn a_pin_needs_its_account_and_no_press() {
    let suite = SuiteId::International;
    let own = key(suite);
    let sealer = Sealer::typing(suite, Kind::Pin, b"4081");
    let envelope = sealer.seal(&own).encode();
    let of = |account| {
        opened(
            Opening::of(&record(suite), EntryPurpose::Pin, &[0], envelope.clone()).for_account(account),
            &own,
        )
    };
    assert_eq!(of(ACCOUNT).as_deref(), Ok(&b"4081"[..]));
    assert_eq!(of("6222020000000001235"), Err(Unopened::Entry));
    assert_eq!(of(""), Err(Unopened::Entry));
    // A layout of digits under the PIN's number, typed key by key: readable without any account.
    let plain = Sealer { kind: Kind::Numeric, ..sealer.clone() };
    let typed = Opening::of(&record(suite), EntryPurpose::Pin, &[0], plain.seal(&own).encode());
    assert_eq!(opened(typed.for_account(ACCOUNT), &own), Err(Unopened::Entry));
}

struct Keys(Option<Arc<OpeningKey>>);

impl SealKeys for Keys {
    fn opening_key(&self, _kid: u64) -> Option<Arc<OpeningKey>> {
        self.0.clone()
    }
}

/// Outside, a stranger's key and an altered press are the same `None`; inside, each is counted under its name.
#[tokio::test]
async fn the_answer_is_one_and_the_figures_know_why() {
    let suite = SuiteId::International;
    let own = Arc::new(key(suite));
    let pepper = || MacKey::make(msgpay_crypto::SuiteId::International).unwrap();
    let with = Factors::start(Arc::new(Keys(Some(Arc::clone(&own)))), pepper(), Some(1)).unwrap();
    let without = Factors::start(Arc::new(Keys(None)), pepper(), Some(1)).unwrap();
    let sealer = Sealer::typing(suite, Kind::Numeric, b"408192");
    let good = sealer.seal(&own);
    let mut altered = good.clone();
    altered.boxes[0] ^= 1;
    let room = with.admit().unwrap();
    for (factors, envelope, opens) in
        [(&with, &good, true), (&with, &altered, false), (&without, &good, false)]
    {
        let answer = factors.open(&room, opening(&sealer, envelope.encode())).await;
        assert_eq!(answer.map(|page| page.is_ok()), Ok::<_, Error>(opens));
    }
    let figure =
        |factors: &Factors, of| factors.unopened().into_iter().find(|(why, _)| *why == of).unwrap().1;
    assert_eq!((figure(&with, Unopened::Press), figure(&with, Unopened::WrongKey)), (1, 0));
    assert_eq!((figure(&without, Unopened::Press), figure(&without, Unopened::WrongKey)), (0, 1));
}
