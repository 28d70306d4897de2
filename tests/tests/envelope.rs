//! What leaves the handset after the last press: it opens for the order that was shown and for nothing else, by the
//! house's own opener and by a second one that was written from the documents. In both suites.

#![expect(clippy::unwrap_used, reason = "a helper that cannot set its scene fails its test")]

use msgpay_crypto::entry as presses;
use msgpay_crypto::{Error, OpenChain, OpeningKey, SecretPage};
use msgpay_sdk_core::{
    Action, ActivationOutcome, ActivationStep, FaceSize, Keypad, MsgPay, Payment, Step, SurfaceReport,
};
use msgpay_suites::of_wire;
use msgpay_tests::institution::{self, Institution, NOW, SEAL_KID};
use msgpay_tests::second_opener::{self, Algorithms, Bound, Opened, Sealed};
use msgpay_wire::entry::{Envelope, label};
use msgpay_wire::request::Submission;
use msgpay_wire::{Primitives as _, SuiteId};

const ORDER: &str = "P202701150000000000000001";
const SERVER_NONCE: [u8; 16] = [5; 16];

/// A handset that has typed, and all that the institution knows of it.
struct Caught {
    institution: Institution,
    envelope: Vec<u8>,
    order_digest: [u8; 32],
    /// The actions in the order in which they were done.
    slots: Vec<u8>,
}

/// One payment up to its submission, typed by `type_it`, which gives the slots that count.
fn caught(suite: SuiteId, payee: &str, fen: i64, type_it: impl FnOnce(&mut Keypad) -> Vec<u8>) -> Caught {
    let institution = Institution::make(suite).unwrap();
    let host = msgpay_tests::handset::host(NOW);
    let msgpay = MsgPay::open(institution.config().unwrap(), host);
    activate(&msgpay, &institution);

    let summary = institution::summary(ORDER, payee, fen).unwrap();
    let order_digest = institution::Crypto.hash(suite, &summary.encode());
    let mut payment = msgpay.launch(&institution.link(ORDER).unwrap()).unwrap();
    let request = expect_send(&mut payment);
    payment.answered(Ok(institution.launched(&request, &summary, SERVER_NONCE).unwrap())).unwrap();
    let Step::Review(review) = payment.step().unwrap() else { panic!("a review comes next") };
    assert_eq!((review.payee_name.as_str(), review.amount_fen), (payee, fen));
    payment.accept(&review).unwrap();
    let Step::EnterPassword(entry) = payment.step().unwrap() else { panic!("the keypad comes next") };
    let (mut keypad, keys) = entry.open(kept(), FaceSize::square(48)).unwrap();
    assert_eq!(keys.iter().filter(|key| matches!(key.action, Action::Slot(_))).count(), 10);
    let slots = type_it(&mut keypad);
    payment.entered(keypad.confirm().unwrap()).unwrap();
    let submission = Submission::read(&expect_send(&mut payment)).unwrap();
    let envelope = submission.packaged[0].envelope.clone();
    Caught { institution, envelope, order_digest, slots }
}

fn activate(msgpay: &MsgPay, institution: &Institution) {
    let mut activation = msgpay.activate(institution::ID, "AAAA-BBBB").unwrap();
    let ActivationStep::Send(request) = activation.step().unwrap() else { panic!("a request comes first") };
    activation.answered(Ok(institution.activated(&request.body).unwrap())).unwrap();
    let end = activation.step().unwrap();
    assert!(matches!(end, ActivationStep::Concluded(ActivationOutcome::Activated(_))), "{end:?}");
}

fn expect_send(payment: &mut Payment) -> Vec<u8> {
    match payment.step().unwrap() {
        Step::Send(request) => request.body,
        other => panic!("a request comes next, not {other:?}"),
    }
}

fn kept() -> SurfaceReport {
    SurfaceReport {
        capture_blocked: true,
        obscured_touches_filtered: true,
        no_text_field: true,
        nothing_kept: true,
        audio_private: true,
    }
}

/// What the second opener is told to use.
fn algorithms(suite: SuiteId) -> Algorithms {
    match suite {
        SuiteId::International => Algorithms::P256,
        SuiteId::Guomi => Algorithms::Sm2,
        SuiteId::Curve25519 => Algorithms::X25519,
    }
}

fn six(keypad: &mut Keypad) -> Vec<u8> {
    let slots = vec![3, 1, 4, 1, 5, 9];
    slots.iter().for_each(|slot| assert!(keypad.press(*slot).unwrap() > 0));
    slots
}

impl Caught {
    fn parts(&self) -> (Bound, Sealed) {
        let envelope = Envelope::read(&self.envelope).unwrap();
        let bound = Bound {
            version: 1,
            suite: envelope.suite.number(),
            purpose: envelope.purpose.word().into(),
            kid: envelope.kid,
            server_nonce: SERVER_NONCE,
            client_nonce: envelope.client_nonce,
            order_digest: self.order_digest,
            mode: envelope.mode,
            surface: envelope.surface,
        };
        let close = envelope.close.to_vec();
        let sealed = Sealed {
            encapsulated: envelope.encapsulated,
            layout: envelope.layout,
            boxes: envelope.boxes,
            close,
        };
        (bound, sealed)
    }

    /// Bytes of the envelope without the encapsulated key, whose DER may have leading zeros in the Chinese suite.
    fn size(&self) -> usize {
        self.envelope.len() - self.parts().1.encapsulated.len()
    }

    /// By the second opener.
    fn open_again(&self, bound: &Bound, sealed: &Sealed) -> Option<Opened> {
        second_opener::open(algorithms(self.institution.suite), &self.institution.seal_scalar, bound, sealed)
    }

    /// By the house's own: the slots' characters under the layout, in secret memory.
    fn open(
        &self,
        bytes: &[u8],
        server_nonce: [u8; 16],
        order_digest: [u8; 32],
    ) -> Result<SecretPage, Error> {
        let envelope = Envelope::read(bytes).map_err(|_| Error::BadEntry)?;
        let scalar = SecretPage::copy_of(&self.institution.seal_scalar)?;
        let key = OpeningKey::from_scalar(of_wire(self.institution.suite), &scalar)?;
        let context = envelope.context(server_nonce, order_digest).encode();
        let mut chain = OpenChain::setup(&key, &envelope.encapsulated, &context, label::CHAIN)?;
        let layout = chain.open_with(label::LAYOUT, label::LAYOUT, &envelope.layout)?;
        let mut slots = SecretPage::with_capacity(64)?;
        for (number, sealed) in (1..=64_u8).zip(envelope.boxes.chunks(17)) {
            chain.step_open(&[number], sealed.try_into().map_err(|_| Error::BadEntry)?, &mut slots)?;
        }
        let transcript =
            Envelope::transcript(&context, &envelope.encapsulated, &envelope.layout, &envelope.boxes);
        chain.close_with(label::CLOSE, &transcript, &envelope.close)?;
        presses::resolve(&layout, &slots, 1, b"0123456789")
    }
}

#[test]
fn two_openers_read_the_same_entry() {
    for suite in SuiteId::ALL {
        let caught = caught(suite, "青禾咖啡", 12_850, six);
        let (bound, sealed) = caught.parts();
        assert_eq!(bound.kid, SEAL_KID);
        let opened = caught.open_again(&bound, &sealed).unwrap();
        assert_eq!(&opened.presses[..6], caught.slots);
        assert!(opened.presses[6..].iter().all(|press| *press == 0xFF));
        let mut digits = opened.layout[2..].to_vec();
        digits.sort_unstable();
        assert_eq!((&opened.layout[..2], digits.as_slice()), (&[1, 10][..], &b"0123456789"[..]));
        let typed = opened.characters().unwrap();
        let expected: Vec<u8> =
            caught.slots.iter().map(|slot| opened.layout[2 + usize::from(*slot)]).collect();
        assert_eq!(typed, expected);
        let own = caught.open(&caught.envelope, SERVER_NONCE, caught.order_digest).unwrap();
        assert!(own.same(&SecretPage::copy_of(&typed).unwrap()).unwrap());
    }
}

#[test]
fn corrections_are_read_by_both_and_leave_the_size_alone() {
    for suite in SuiteId::ALL {
        let plain = caught(suite, "青禾咖啡", 12_850, six);
        let corrected = caught(suite, "青禾咖啡", 12_850, |keypad| {
            for slot in [7, 7, 2] {
                keypad.press(slot).unwrap();
            }
            keypad.clear().unwrap();
            for slot in [0, 1, 2, 3, 8] {
                keypad.press(slot).unwrap();
            }
            keypad.erase().unwrap();
            keypad.press(4).unwrap();
            keypad.press(5).unwrap();
            vec![0, 1, 2, 3, 4, 5]
        });
        assert_eq!(plain.size(), corrected.size());
        let (bound, sealed) = corrected.parts();
        let opened = corrected.open_again(&bound, &sealed).unwrap();
        let typed = opened.characters().unwrap();
        let expected: Vec<u8> =
            corrected.slots.iter().map(|slot| opened.layout[2 + usize::from(*slot)]).collect();
        assert_eq!(typed, expected);
        let own = corrected.open(&corrected.envelope, SERVER_NONCE, corrected.order_digest).unwrap();
        assert!(own.same(&SecretPage::copy_of(&typed).unwrap()).unwrap());
    }
}

#[test]
fn an_entry_for_one_order_opens_for_no_other() {
    for suite in SuiteId::ALL {
        let caught = caught(suite, "青禾咖啡", 12_850, six);
        let (bound, sealed) = caught.parts();
        assert!(caught.open_again(&bound, &sealed).is_some());
        let mut others = Vec::new();
        for (payee, fen) in [("青禾咖啡", 12_851), ("青禾咖啡店", 12_850), ("青禾咖啡", 1_285_000)]
        {
            others.push(institution::summary(ORDER, payee, fen).unwrap());
        }
        others.push(institution::summary("P202701150000000000000002", "青禾咖啡", 12_850).unwrap());
        let mut item = institution::summary(ORDER, "青禾咖啡", 12_850).unwrap();
        item.item = "拿铁 3 杯".into();
        others.push(item);
        for other in others {
            let order_digest = institution::Crypto.hash(suite, &other.encode());
            let bound = Bound { order_digest, ..bound.clone() };
            assert_eq!(caught.open_again(&bound, &sealed), None, "{other:?}");
            let own = caught.open(&caught.envelope, SERVER_NONCE, order_digest).err();
            assert_eq!(own, Some(Error::NotOpened), "{other:?}");
        }
    }
}

#[test]
fn every_part_of_the_context_is_bound() {
    for suite in SuiteId::ALL {
        let caught = caught(suite, "青禾咖啡", 12_850, six);
        let (bound, sealed) = caught.parts();
        type Change = fn(&mut Bound);
        let changes: [(&str, Change); 9] = [
            ("version", |bound| bound.version = 2),
            ("suite", |bound| bound.suite ^= 3),
            ("purpose", |bound| bound.purpose = "password-new".into()),
            ("kid", |bound| bound.kid += 1),
            ("server nonce", |bound| bound.server_nonce[15] ^= 1),
            ("client nonce", |bound| bound.client_nonce[0] ^= 1),
            ("order digest", |bound| bound.order_digest[31] ^= 1),
            ("mode", |bound| bound.mode = 1),
            ("surface", |bound| bound.surface ^= 1),
        ];
        for (name, change) in changes {
            let mut changed = bound.clone();
            change(&mut changed);
            assert_eq!(caught.open_again(&changed, &sealed), None, "{name}");
        }
        assert!(caught.open_again(&bound, &sealed).is_some(), "and unchanged it opens");
        let replayed = caught.open(&caught.envelope, [6; 16], caught.order_digest).err();
        assert_eq!(replayed, Some(Error::NotOpened), "under the nonce of another launch");
    }
}

#[test]
fn an_envelope_changed_in_any_byte_does_not_open() {
    for suite in SuiteId::ALL {
        let caught = caught(suite, "青禾咖啡", 12_850, six);
        let mut opened = 0;
        for at in 0..caught.envelope.len() {
            let mut changed = caught.envelope.clone();
            changed[at] ^= 1 << (at % 8);
            opened += usize::from(caught.open(&changed, SERVER_NONCE, caught.order_digest).is_ok());
        }
        assert_eq!(opened, 0);
        assert!(caught.open(&caught.envelope, SERVER_NONCE, caught.order_digest).is_ok());
    }
}

#[test]
fn boxes_cannot_be_moved_left_out_or_taken_from_another_entry() {
    for suite in SuiteId::ALL {
        let (first, second) =
            (caught(suite, "青禾咖啡", 12_850, six), caught(suite, "青禾咖啡", 12_850, six));
        let (bound, sealed) = first.parts();
        let (_, foreign) = second.parts();
        let mut swapped = sealed.clone();
        swapped.boxes[..34].rotate_left(17);
        let mut short = sealed.clone();
        short.boxes.truncate(63 * 17);
        let mut long = sealed.clone();
        long.boxes.extend_from_slice(&sealed.boxes[..17]);
        let borrowed_layout = Sealed { layout: foreign.layout.clone(), ..sealed.clone() };
        let borrowed_boxes =
            Sealed { boxes: foreign.boxes.clone(), close: foreign.close.clone(), ..sealed.clone() };
        for (name, defect) in [
            ("swapped", swapped),
            ("short", short),
            ("long", long),
            ("borrowed layout", borrowed_layout),
            ("borrowed boxes", borrowed_boxes),
        ] {
            assert_eq!(first.open_again(&bound, &defect), None, "{name}");
        }
        assert!(first.open_again(&bound, &sealed).is_some());
    }
}

#[test]
fn an_entry_for_another_institutions_key_does_not_open() {
    for suite in SuiteId::ALL {
        let caught = caught(suite, "青禾咖啡", 12_850, six);
        let (bound, sealed) = caught.parts();
        let other = Institution::make(suite).unwrap();
        assert_eq!(second_opener::open(algorithms(suite), &other.seal_scalar, &bound, &sealed), None);
    }
}

#[test]
fn equal_presses_give_unequal_boxes() {
    for suite in SuiteId::ALL {
        let caught = caught(suite, "青禾咖啡", 12_850, |keypad| {
            (0..6).for_each(|_| assert!(keypad.press(2).is_ok()));
            vec![2; 6]
        });
        let (_, sealed) = caught.parts();
        let mut boxes: Vec<&[u8]> = sealed.boxes.chunks(17).collect();
        boxes.sort_unstable();
        boxes.dedup();
        assert_eq!(boxes.len(), 64);
    }
}
