//! A certified module in the place of our keypad: it is written from `docs/protocol.md` §8, with a suite's primitives
//! and none of our chain, envelope or CBOR; and all that is wrong with an envelope from outside.

use std::sync::Mutex;

use msgpay_crypto::Suite;

use super::*;

/// Types its text on a layout of its own. `spoil` is what goes wrong with the envelope.
struct Vendor {
    text: &'static [u8],
    spoil: fn(Vec<u8>) -> Result<Vec<u8>, EntryFault>,
    asked: Mutex<Option<EntryBinding>>,
}

impl Vendor {
    fn typing(text: &'static [u8]) -> Self {
        Self { text, spoil: Ok, asked: Mutex::new(None) }
    }
}

impl KeypadProvider for Vendor {
    fn enter<'a>(&'a self, binding: &'a EntryBinding) -> Entering<'a> {
        *self.asked.lock().unwrap() = Some(binding.clone());
        Box::pin(async move { (self.spoil)(sealed(binding, self.text)) })
    }
}

fn head(major: u8, count: usize) -> Vec<u8> {
    match u16::try_from(count).unwrap() {
        count @ 0..24 => vec![major << 5 | u8::try_from(count).unwrap()],
        count @ 24..256 => vec![major << 5 | 24, u8::try_from(count).unwrap()],
        count => [&[major << 5 | 25], &count.to_be_bytes()[..]].concat(),
    }
}

fn bytes(content: &[u8]) -> Vec<u8> {
    [head(2, content.len()), content.to_vec()].concat()
}

fn text(content: &str) -> Vec<u8> {
    [head(3, content.len()), content.as_bytes().to_vec()].concat()
}

/// One AEAD at this place of the chain, which then moves on.
fn place(suite: &dyn Suite, chain: &mut [u8; 32], label: &[u8], aad: &[u8], plain: &[u8]) -> Vec<u8> {
    let (mut key, mut next, mut sealed) = ([0; 32], [0; 32], plain.to_vec());
    suite.expand(chain, label, &mut key).unwrap();
    suite.expand(chain, b"next", &mut next).unwrap();
    *chain = next;
    let tag = suite.seal(&key, aad, &mut sealed).unwrap();
    [sealed, tag.to_vec()].concat()
}

fn sealed(asked: &EntryBinding, typed: &[u8]) -> Vec<u8> {
    let suite = crate::trust::suite(asked.suite).suite();
    let mut chain = [0; 32];
    let enc =
        suite.encapsulate(&asked.seal_key, &asked.context, b"msgpay keystroke chain", &mut chain).unwrap();
    let mut characters = asked.kind.alphabet().to_vec();
    characters.rotate_left(3);
    let count = u8::try_from(characters.len()).unwrap();
    let plain = [&[asked.kind.number(), count], &characters[..]].concat();
    let layout = place(suite, &mut chain, b"layout", b"layout", &plain);
    let slots =
        typed.iter().map(|ch| u8::try_from(characters.iter().position(|c| c == ch).unwrap()).unwrap());
    let presses = slots.chain(std::iter::repeat(0xFF)).take(64).zip(1_u8..);
    let boxes: Vec<u8> =
        presses.flat_map(|(press, i)| place(suite, &mut chain, b"key", &[i], &[press])).collect();
    let transcript = [head(4, 4), bytes(&asked.context), bytes(&enc), bytes(&layout), bytes(&boxes)].concat();
    let close = place(suite, &mut chain, b"close", &transcript, &[]);
    let uint = |number: u64| head(0, usize::try_from(number).unwrap());
    let members = [
        text("msgpay entry v1"),
        uint(1),
        uint(asked.suite.number()),
        text(asked.purpose.word()),
        uint(asked.seal_kid),
        bytes(&asked.client_nonce),
        uint(asked.mode),
        uint(asked.surface),
        bytes(&enc),
        bytes(&layout),
        bytes(&boxes),
        bytes(&close),
    ];
    let map = members.into_iter().enumerate().flat_map(|(key, member)| [uint(key as u64), member].concat());
    head(5, 12).into_iter().chain(map).collect()
}

fn from(bench: &Bench, vendor: &Vendor) -> Result<SealedEntry, EntryFault> {
    let entered = bench.entry().by_provider(GOOD_SURFACE, false, vendor);
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(entered)
}

#[test]
fn an_envelope_written_from_the_document_is_taken_and_read() {
    for suite in SuiteId::ALL {
        for (kind, text) in [
            (Kind::Numeric, &b"408192"[..]),
            (Kind::CardNumber, b"6222021234567890128"),
            (Kind::FullText, b"correct-Horse_7!"),
        ] {
            let bench = Bench::in_suite(kind, suite);
            let vendor = Vendor::typing(text);
            let sealed = from(&bench, &vendor).unwrap();
            assert_eq!(bench.typed(&sealed), text);
            let asked = vendor.asked.lock().unwrap().clone().unwrap();
            assert_eq!((asked.kind, asked.lengths, asked.mode), (kind, kind.lengths(), 0));
            assert!(
                sealed.envelope_for(bench.purpose, &[1; 16], &[3; 32]).is_some(),
                "as from our own keypad"
            );
        }
    }
}

#[test]
fn what_is_not_an_envelope_for_this_entry_is_refused() {
    type Spoil = fn(&mut Envelope);
    let cases: [(&str, Spoil); 9] = [
        ("suite", |e| e.suite = SuiteId::Guomi),
        ("kid", |e| e.kid += 1),
        ("purpose", |e| e.purpose = EntryPurpose::PasswordNew),
        ("client nonce", |e| e.client_nonce[0] ^= 1),
        ("mode", |e| e.mode = 1),
        ("surface", |e| e.surface = 1),
        ("layout too long", |e| e.layout.push(0)),
        ("layout too short", |e| e.layout.truncate(27)),
        ("point", |e| e.encapsulated[0] = 2),
    ];
    let bench = Bench::new();
    let entry = bench.entry();
    let asked = entry.binding.asked(entry.binding.cleared(GOOD_SURFACE, MODE_VISUAL).unwrap());
    let good = sealed(&asked, b"408192");
    assert!(asked.check(&good).is_some());
    for (name, spoil) in cases {
        let mut envelope = Envelope::read(&good).unwrap();
        spoil(&mut envelope);
        assert!(asked.check(&envelope.encode()).is_none(), "{name}");
    }
    assert!(asked.check(&good[1..]).is_none() && asked.check(&[]).is_none());
    assert!(asked.check(&[&good[..], &[0]].concat()).is_none());
    let spoiled = Vendor {
        spoil: |mut envelope| {
            envelope.pop();
            Ok(envelope)
        },
        ..Vendor::typing(b"408192")
    };
    assert_eq!(from(&bench, &spoiled).map(drop), Err(EntryFault::NotAnEnvelope));
}

#[test]
fn an_sm2_encapsulation_has_the_form_of_one() {
    let bench = Bench::in_suite(Kind::Numeric, SuiteId::Guomi);
    let entry = bench.entry();
    let asked = entry.binding.asked(entry.binding.cleared(GOOD_SURFACE, MODE_VISUAL).unwrap());
    let good = Envelope::read(&sealed(&asked, b"408192")).unwrap();
    assert!(asked.check(&good.encode()).is_some());
    type Spoil = fn(&mut Vec<u8>);
    let cases: [Spoil; 5] =
        [|e| e[0] = 4, |e| e.truncate(e.len() - 1), |e| e.truncate(65), |e| e.push(0), |e| e.clear()];
    for spoil in cases {
        let mut envelope = good.clone();
        spoil(&mut envelope.encapsulated);
        assert!(asked.check(&envelope.encode()).is_none());
    }
}

#[test]
fn policy_and_duties_come_before_the_vendor() {
    let bench = Bench::new();
    let vendor = Vendor::typing(b"408192");
    let run = |entry: Entry, report, spoken| {
        let entered = entry.by_provider(report, spoken, &vendor);
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(entered).map(drop)
    };
    let careless = SurfaceReport { nothing_kept: false, ..GOOD_SURFACE };
    assert_eq!(run(bench.entry(), careless, false), Err(EntryFault::Unacknowledged));
    let loud = SurfaceReport { audio_private: false, ..GOOD_SURFACE };
    assert_eq!(run(bench.entry(), loud, true), Err(EntryFault::Unacknowledged));
    let mut forbidden = bench.entry();
    forbidden.binding.allowed.kinds.clear();
    assert_eq!(run(forbidden, GOOD_SURFACE, false), Err(EntryFault::NotAllowed));
    assert!(vendor.asked.lock().unwrap().is_none(), "it was never asked");
    assert_eq!(run(bench.entry(), GOOD_SURFACE, true), Ok(()));
    assert_eq!(vendor.asked.lock().unwrap().as_ref().unwrap().mode, MODE_SPOKEN);
    let left = Vendor { spoil: |_| Err(EntryFault::Closed), ..Vendor::typing(b"408192") };
    assert_eq!(from(&bench, &left).map(drop), Err(EntryFault::Closed));
}
