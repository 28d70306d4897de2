//! The biometric key: what a launch was offered is what its payment has to bring, and nobody else's key will do.

use msgpay_crypto::{SigningKey, SuiteId};
use msgpay_wire::{
    entry::EntryPurpose,
    factors::{Way, biometric_kid, biometric_message},
    problem::Code,
    request::{Enrolment, Packaged, RequestParts, Submission, Touched, device_message, request_digest},
};

use super::{super::rig::*, refusal, verdict};
use crate::{
    config::{Biometric, Policy},
    domain::{Answer, Order, Rules, Verdict},
    ids,
    keys::BuiltIn,
    store::{Issued, NewSetup},
};

pub(super) const SUITE: msgpay_wire::SuiteId = msgpay_wire::SuiteId::International;
/// Fen: paid by the biometric alone, by the password, by both.
pub(super) const SMALL: i64 = 500;
const MIDDLE: i64 = 501;
const LARGE: i64 = 900;

/// A rig whose institution takes biometric keys.
pub(super) async fn rig() -> Rig {
    let biometric = Some(Biometric { alone_fen_max: SMALL, both_fen_min: LARGE, without_fen_max: 5_000 });
    let policy = Policy { biometric, ..Policy::default() };
    Rig::with(Rules { bank_deadline_ms: 2_000, policy, ..Rules::default() }).await
}

/// The same with a key enrolled.
pub(super) async fn enrolled() -> (Rig, SigningKey) {
    let (rig, key) = (rig().await, finger());
    assert_eq!(verdict(&enrol(&rig, &key, PASSWORD).await), Some(Verdict::Success));
    (rig, key)
}

pub(super) fn finger() -> SigningKey {
    SigningKey::make(SuiteId::International).unwrap()
}

fn kid(key: &SigningKey) -> [u8; 32] {
    biometric_kid(&BuiltIn, SUITE, &key.public_key())
}

fn digest(rig: &Rig, shown: &Shown, packaged: &[Packaged], kid: &[u8; 32]) -> [u8; 32] {
    request_digest(
        &BuiltIn,
        &RequestParts {
            suite: SUITE,
            device_id: &rig.device.device_id,
            wallet_id: &rig.device.wallet_id,
            order_digest: &shown.digest,
            packaged,
            biometric: Some(kid),
            evidence: b"",
            server_nonce: &shown.nonce,
        },
    )
}

/// Signed by the device, and by `key` as the biometric key.
pub(super) fn signed(rig: &Rig, shown: &Shown, packaged: Vec<Packaged>, key: &SigningKey) -> Submission {
    let kid = kid(key);
    let digest = digest(rig, shown, &packaged, &kid);
    Submission {
        pay_order_no: shown.subject_no.clone(),
        server_nonce: shown.nonce,
        packaged,
        evidence: Vec::new(),
        device_signature: rig.device_key.sign(&device_message(&digest)).unwrap().to_vec(),
        biometric: Some(Touched {
            kid,
            signature: key.sign(&biometric_message(SUITE, &kid, &digest)).unwrap(),
        }),
    }
}

fn typed(rig: &Rig, shown: &Shown, digits: &str) -> Vec<Packaged> {
    vec![rig.packaged(shown, EntryPurpose::Password, digits)]
}

pub(super) async fn send(rig: &Rig, request: Submission) -> Answer {
    rig.payments.submit(&rig.device, request).await.unwrap()
}

pub(super) async fn by_finger(rig: &Rig, order: &Order, key: &SigningKey) -> Answer {
    let shown = rig.launch(order).await;
    send(rig, signed(rig, &shown, Vec::new(), key)).await
}

pub(super) async fn try_enrolment(rig: &Rig) -> (Issued, Shown) {
    let shown = Shown {
        suite: SUITE,
        subject_no: ids::setup_no().unwrap(),
        nonce: ids::nonce16().unwrap(),
        digest: [8; 32],
    };
    let setup = NewSetup {
        nonce: shown.nonce,
        device_id: rig.device.device_id.clone(),
        setup_no: shown.subject_no.clone(),
        order_digest: shown.digest,
        summary: b"biometric summary".to_vec(),
        token_digest: hash(b""),
        client_nonce: [2; 16],
        suite: SUITE.number(),
        kid: KID,
        expires_at_ms: NOON_MS + 86_400_000,
    };
    (rig.store.issue_enrolment(setup).await.unwrap(), shown)
}

pub(super) fn enrolment(rig: &Rig, shown: &Shown, key: &SigningKey, digits: &str) -> Enrolment {
    let submission = signed(rig, shown, typed(rig, shown, digits), key);
    Enrolment { submission, suite: SUITE, public_key: key.public_key() }
}

pub(super) async fn enrol(rig: &Rig, key: &SigningKey, digits: &str) -> Answer {
    let (issued, shown) = try_enrolment(rig).await;
    assert!(matches!(issued, Issued::Done { .. }), "{issued:?}");
    rig.payments.enrol_biometric(&rig.device, enrolment(rig, &shown, key, digits)).await.unwrap()
}

/// Refused with this code, signed, and no try counted.
pub(super) async fn refused(rig: &Rig, answer: Answer, code: Code, name: &str) {
    let refused = refusal(answer);
    assert_eq!((refused.code, refused.counted, refused.tries_left), (code, false, None), "{name}");
    assert_eq!(refused.receipt.unwrap().fields.verdict, Verdict::Fail, "{name}");
    assert_eq!(rig.fails().await, 0, "{name}");
}

#[tokio::test]
async fn a_small_payment_goes_by_the_biometric_and_counts_no_try() {
    let (rig, key) = enrolled().await;
    let order = rig.order("M1", SMALL).await;
    assert_eq!(refusal(rig.pay(&order, WRONG).await).tries_left, Some(4));
    let paid = by_finger(&rig, &order, &key).await;
    let Answer::Receipt(receipt) = paid else { panic!("{paid:?}") };
    assert_eq!((receipt.fields.verdict, receipt.fields.attempt), (Verdict::Success, 2));
    assert_eq!((rig.debited().await, rig.fails().await), (SMALL, 1), "what was wrong before stays counted");
    let other = rig.order("M2", SMALL).await;
    assert_eq!(verdict(&rig.pay(&other, PASSWORD).await), Some(Verdict::Success), "or by the password");
    assert_eq!(rig.fails().await, 0);
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn a_declined_attempt_can_be_made_again_by_the_biometric() {
    let (rig, key) = enrolled().await;
    let order = rig.order("M1", SMALL).await;
    for attempt in [1, 2] {
        rig.bank.behave(ACCOUNT, crate::bank::Behaviour::Decline, Some(1)).await.unwrap();
        let declined = refusal(by_finger(&rig, &order, &key).await);
        assert_eq!(declined.receipt.unwrap().fields.attempt, attempt);
    }
    assert_eq!(verdict(&by_finger(&rig, &order, &key).await), Some(Verdict::Success));
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn a_large_payment_takes_both_and_a_right_password_is_needed_for_it() {
    let (rig, key) = enrolled().await;
    let order = rig.order("M1", LARGE).await;
    let with = async |digits: &str| {
        let shown = rig.launch(&order).await;
        send(&rig, signed(&rig, &shown, typed(&rig, &shown, digits), &key)).await
    };
    let wrong = refusal(with(WRONG).await);
    assert_eq!((wrong.code, wrong.tries_left), (Code::WrongPassword, Some(4)));
    assert_eq!(verdict(&with(PASSWORD).await), Some(Verdict::Success));
    assert_eq!((rig.debited().await, rig.fails().await), (LARGE, 0));
    assert_eq!(rig.findings().await, []);
}

/// Each row: an amount, and which of password and biometric are sent. What the launch was offered is in our own record;
/// that a message carries less, or more, changes nothing.
#[tokio::test]
async fn other_factors_than_the_record_asks_for_are_refused() {
    let (rig, key) = enrolled().await;
    let cases = [
        ("large by the password", LARGE, true, false),
        ("large by the biometric", LARGE, false, true),
        ("middle by the biometric", MIDDLE, false, true),
        ("middle by both", MIDDLE, true, true),
        ("small by both", SMALL, true, true),
    ];
    for (name, fen, password, biometric) in cases {
        let order = rig.order(name.replace(' ', "_").as_str(), fen).await;
        let shown = rig.launch(&order).await;
        let packaged = if password { typed(&rig, &shown, PASSWORD) } else { Vec::new() };
        let request =
            if biometric { signed(&rig, &shown, packaged, &key) } else { rig.signed(&shown, packaged) };
        refused(&rig, send(&rig, request).await, Code::Factors, name).await;
    }
    assert_eq!(rig.debited().await, 0);
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn a_request_without_any_factor_but_the_device_is_refused() {
    let (rig, _) = enrolled().await;
    let order = rig.order("M1", SMALL).await;
    let shown = rig.launch(&order).await;
    refused(&rig, send(&rig, rig.signed(&shown, Vec::new())).await, Code::Factors, "nothing").await;
    assert_eq!(rig.debited().await, 0);
}

/// The record stands by what it was when the nonce was issued: a key that is enrolled later opens no way for it.
#[tokio::test]
async fn a_launch_from_before_the_enrolment_is_paid_by_its_own_record() {
    let (rig, key) = (rig().await, finger());
    let (small, large) = (rig.order("M1", SMALL).await, rig.order("M2", LARGE).await);
    let (early, early_large) = (rig.launch(&small).await, rig.launch(&large).await);
    assert_eq!(rig.store.launch(&early.nonce).await.unwrap().unwrap().ways, [Way::by_password()]);
    assert_eq!(verdict(&enrol(&rig, &key, PASSWORD).await), Some(Verdict::Success));
    let answer = send(&rig, signed(&rig, &early, Vec::new(), &key)).await;
    refused(&rig, answer, Code::Factors, "no way of this launch").await;
    let answer = send(&rig, rig.entry(&early_large, PASSWORD)).await;
    assert_eq!(verdict(&answer), Some(Verdict::Success), "what this launch was offered");
}

#[tokio::test]
async fn a_signature_that_is_not_this_keys_over_this_request_is_refused() {
    let (rig, key) = enrolled().await;
    let order = rig.order("M1", SMALL).await;
    let (other_order, stranger) = (rig.order("M2", SMALL).await, finger());
    let elsewhere = signed(&rig, &rig.launch(&other_order).await, Vec::new(), &key);
    let earlier = signed(&rig, &rig.launch(&order).await, Vec::new(), &key);
    let touched = |request: &Submission| request.biometric.clone().unwrap();
    type Change<'a> = Box<dyn Fn(&mut Submission) + 'a>;
    let set = |signature: [u8; 64]| -> Change<'_> {
        Box::new(move |request| request.biometric.as_mut().unwrap().signature = signature)
    };
    let cases: Vec<(&str, Change<'_>)> = vec![
        ("no signature", set([0; 64])),
        ("another request's", set(touched(&elsewhere).signature)),
        ("of an earlier launch of this order", set(touched(&earlier).signature)),
        ("a bit flipped", Box::new(|request| request.biometric.as_mut().unwrap().signature[63] ^= 1)),
    ];
    for (name, change) in cases {
        let mut request = signed(&rig, &rig.launch(&order).await, Vec::new(), &key);
        change(&mut request);
        refused(&rig, send(&rig, request).await, Code::Biometric, name).await;
    }
    let by_stranger = signed(&rig, &rig.launch(&order).await, Vec::new(), &stranger);
    refused(&rig, send(&rig, by_stranger).await, Code::Biometric, "another key, well signed").await;
    // The device key's signature is none, whatever key the message names.
    let shown = rig.launch(&order).await;
    let mut by_device = signed(&rig, &shown, Vec::new(), &key);
    let digest = digest(&rig, &shown, &[], &kid(&key));
    let message = biometric_message(SUITE, &kid(&key), &digest);
    by_device.biometric.as_mut().unwrap().signature = rig.device_key.sign(&message).unwrap();
    refused(&rig, send(&rig, by_device).await, Code::Biometric, "the device key's").await;
    assert_eq!(rig.debited().await, 0);
    assert_eq!(
        verdict(&by_finger(&rig, &order, &key).await),
        Some(Verdict::Success),
        "none of it harms the order"
    );
    assert_eq!(rig.findings().await, []);
}

/// The device signs that the biometric key signs too: to take its signature off, or to put one on, breaks the device's.
#[tokio::test]
async fn a_biometric_is_neither_taken_off_nor_put_on() {
    let (rig, key) = enrolled().await;
    let order = rig.order("M1", SMALL).await;
    let shown = rig.launch(&order).await;
    let mut bare = rig.entry(&shown, PASSWORD);
    let put_on = signed(&rig, &shown, bare.packaged.clone(), &key).biometric;
    let mut off = signed(&rig, &shown, bare.packaged.clone(), &key);
    off.biometric = None;
    bare.biometric = put_on;
    for request in [off, bare] {
        let answer = refusal(send(&rig, request).await);
        assert_eq!((answer.code, answer.receipt), (Code::Signature, None));
    }
    assert_eq!(verdict(&send(&rig, rig.entry(&shown, PASSWORD)).await), Some(Verdict::Success));
}

#[tokio::test]
async fn a_request_is_good_once() {
    let (rig, key) = enrolled().await;
    let order = rig.order("M1", SMALL).await;
    let shown = rig.launch(&order).await;
    let request = signed(&rig, &shown, Vec::new(), &key);
    assert_eq!(verdict(&send(&rig, request.clone()).await), Some(Verdict::Success));
    assert_eq!(refusal(send(&rig, request).await).code, Code::NonceSpent);
    assert_eq!(rig.debited().await, SMALL);
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn without_an_enrolment_no_biometric_pays() {
    let (rig, key) = (rig().await, finger());
    let order = rig.order("M1", SMALL).await;
    refused(&rig, by_finger(&rig, &order, &key).await, Code::Factors, "no key").await;
    let shown = rig.launch(&order).await;
    let both = signed(&rig, &shown, typed(&rig, &shown, PASSWORD), &key);
    refused(&rig, send(&rig, both).await, Code::Factors, "nor beside the password").await;
    assert_eq!(rig.debited().await, 0);
}

#[tokio::test]
async fn another_devices_key_does_not_sign_for_this_one() {
    let (mut rig, key) = enrolled().await;
    let first = (rig.device.clone(), std::mem::replace(&mut rig.device_key, finger()));
    (rig.device_key, rig.device) = activated(&rig.store).await;
    let own = finger();
    let taken = refusal(enrol(&rig, &key, PASSWORD).await);
    assert_eq!(
        (taken.code, rig.fails().await),
        (Code::Biometric, 0),
        "the first device's key, a second time"
    );
    assert_eq!(verdict(&enrol(&rig, &own, PASSWORD).await), Some(Verdict::Success));
    let order = rig.order("M1", SMALL).await;
    refused(&rig, by_finger(&rig, &order, &key).await, Code::Biometric, "the first device's").await;
    assert_eq!(verdict(&by_finger(&rig, &order, &own).await), Some(Verdict::Success));
    (rig.device, rig.device_key) = first;
    let order = rig.order("M2", SMALL).await;
    refused(&rig, by_finger(&rig, &order, &own).await, Code::Biometric, "the second device's").await;
    assert_eq!(verdict(&by_finger(&rig, &order, &key).await), Some(Verdict::Success));
}

#[tokio::test]
async fn a_locked_password_locks_the_biometric_too() {
    let (rig, key) = enrolled().await;
    let order = rig.order("M1", SMALL).await;
    let before = rig.launch(&order).await;
    for _ in 0..5 {
        refusal(rig.pay(&order, WRONG).await);
    }
    let locked = refusal(send(&rig, signed(&rig, &before, Vec::new(), &key)).await);
    assert_eq!((locked.code, locked.counted), (Code::Locked, false), "a launch from before the lock");
    assert!(locked.receipt.is_some());
    assert_eq!(rig.try_launch(&order).await.0, Issued::Locked);
    assert_eq!(try_enrolment(&rig).await.0, Issued::Locked);
    rig.clock.advance(30 * 60_000);
    let order = rig.order("M2", SMALL).await;
    assert_eq!(verdict(&by_finger(&rig, &order, &key).await), Some(Verdict::Success), "the lock is over");
    assert_eq!(rig.debited().await, SMALL);
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn a_lost_answer_to_a_biometric_payment_is_told_or_voided() {
    let (rig, key) = enrolled().await;
    for arrives in [true, false] {
        let order = rig.order(if arrives { "M1" } else { "M2" }, SMALL).await;
        let shown = rig.launch(&order).await;
        let request = signed(&rig, &shown, Vec::new(), &key);
        if arrives {
            send(&rig, request.clone()).await;
        }
        let digest = digest(&rig, &shown, &[], &kid(&key));
        let told = rig.payments.resolve(&rig.device, &shown.subject_no, &shown.nonce, &digest).await.unwrap();
        let expected = if arrives { Verdict::Success } else { Verdict::Void };
        assert_eq!(verdict(&told), Some(expected));
        assert_eq!(refusal(send(&rig, request).await).code, Code::NonceSpent, "a late copy");
    }
    assert_eq!(rig.debited().await, SMALL);
    assert_eq!(rig.findings().await, []);
}

#[test]
fn ways_follow_amount_and_enrolment() {
    let rules = Biometric { alone_fen_max: 100, both_fen_min: 1_000, without_fen_max: 2_000 };
    let policy = Policy { biometric: Some(rules), ..Policy::default() };
    let (password, biometric, both) = (Way::by_password, Way::by_biometric, Way::by_both);
    for (fen, enrolled, expected) in [
        (100, true, vec![biometric(), password()]),
        (101, true, vec![password()]),
        (999, true, vec![password()]),
        (1_000, true, vec![both()]),
        (1, false, vec![password()]),
        (2_000, false, vec![password()]),
        (2_001, false, vec![]),
    ] {
        assert_eq!(policy.ways(fen, enrolled), expected, "{fen} {enrolled}");
    }
    assert_eq!(Policy::default().ways(4_000_000, true), [password()], "without the table");
}
