//! Sealed entries at the platform's real door: whatever does not open gets one answer, and a PIN stands alone.

use msgpay_crypto::OpeningKey;
use msgpay_platform::keys;
use msgpay_wire::{
    SuiteId,
    entry::{EntryPurpose, Envelope},
    receipt::Verdict,
    request::Packaged,
};

use crate::common::{
    Answer, World,
    handset::{Launched, PASSWORD, SealedTo, seal},
    other,
};

fn password(envelope: Vec<u8>) -> Packaged {
    Packaged { purpose: EntryPurpose::Password, envelope }
}

/// One entry for each reason, and its name inside.
fn sealed_shut(launched: &Launched) -> Vec<(&'static str, Vec<u8>)> {
    let to = launched.seal();
    let good = |to: &SealedTo, purpose| seal(launched, to, purpose, PASSWORD);
    let with = |change: fn(&mut Envelope)| {
        let mut envelope = good(&to, EntryPurpose::Password);
        change(&mut envelope);
        envelope.encode()
    };
    let foreign = |suite| OpeningKey::make(keys::suite(suite)).unwrap().public_key();
    let suite = other(to.suite);
    let in_the_other = SealedTo { suite, key: foreign(suite), ..to };
    vec![
        ("form", b"no envelope".to_vec()),
        ("wrong-suite", good(&in_the_other, EntryPurpose::Password).encode()),
        ("wrong-key", good(&SealedTo { kid: to.kid + 1, ..to }, EntryPurpose::Password).encode()),
        ("wrong-context", good(&to, EntryPurpose::PasswordNew).encode()),
        ("encapsulation", with(|e| e.encapsulated.fill(0))),
        ("layout", with(|e| e.client_nonce[0] ^= 1)),
        ("press", with(|e| e.boxes[17] ^= 1)),
        ("closing-tag", with(|e| e.close[15] ^= 1)),
    ]
}

/// The answer without its trace number, its receipt, and what follows from their lengths.
fn bare(answer: &Answer) -> (u16, Vec<(String, String)>, serde_json::Value) {
    let mut body = answer.json();
    for varies in ["instance", "receipt"] {
        assert!(body.as_object_mut().unwrap().remove(varies).is_some(), "{varies}");
    }
    let varies = ["x-request-id", "content-length", "date"];
    let fields = answer.fields.iter().filter(|(name, _)| !varies.contains(&name.as_str()));
    (answer.status, fields.cloned().collect(), body)
}

#[tokio::test]
async fn whatever_does_not_open_gets_one_answer_counts_nothing_and_debits_nothing() {
    for suite in SuiteId::ALL {
        let (world, merchant, handset) = World::in_suite(suite).await;
        let link = world.link(&merchant, "M-shut").await;
        let (mut answers, mut names) = (Vec::new(), Vec::new());
        for number in 0.. {
            let (launched, _) = handset.launch(&world, &link).await;
            let Some((name, envelope)) = sealed_shut(&launched).into_iter().nth(number) else { break };
            let submission = handset.submission(&launched, vec![password(envelope)]);
            let answer = handset.call(&world, "/sdk/v1/payments", &submission.encode()).await;
            assert_eq!(answer.problem(), "422 5G-3012", "{name}, {suite:?}");
            answers.push(bare(&answer));
            names.push(name);
        }
        assert!(names.len() > 7, "each was tried");
        for (name, answer) in names.iter().zip(&answers) {
            assert_eq!(answer, &answers[0], "{name} is told as any other, {suite:?}");
        }
        assert_eq!(world.reasons().await, names, "inside each has its name, {suite:?}");
        assert_eq!(world.harm().await, (0, 0), "{suite:?}");
        let (launched, _) = handset.launch(&world, &link).await;
        let paid = handset.paid(&handset.pay(&world, &launched, PASSWORD).await);
        assert_eq!(paid.verdict, Verdict::Success, "the order is still to be paid");
        let (_, said) = world.command(&["check"]).await;
        assert_eq!(said["ok"], true, "{said}");
    }
}

#[tokio::test]
async fn a_pin_beside_another_entry_is_refused_by_name_and_uses_nothing_up() {
    for suite in SuiteId::ALL {
        let (world, merchant, handset) = World::in_suite(suite).await;
        let link = world.link(&merchant, "M-pin-1").await;
        let (launched, _) = handset.launch(&world, &link).await;
        let of = |word, purpose| Packaged {
            purpose: word,
            envelope: seal(&launched, &launched.seal(), purpose, PASSWORD).encode(),
        };
        let (card, pin) = (EntryPurpose::CardNumber, EntryPurpose::Pin);
        for (name, packaged) in [
            ("card number and PIN", vec![of(card, card), of(pin, pin)]),
            ("PIN and card number", vec![of(pin, pin), of(card, card)]),
            ("password and PIN", vec![of(EntryPurpose::Password, EntryPurpose::Password), of(pin, pin)]),
            ("two PINs", vec![of(pin, pin), of(pin, pin)]),
            ("a PIN that is called a card number", vec![of(card, card), of(card, pin)]),
        ] {
            let body = handset.submission(&launched, packaged).encode();
            for path in ["/sdk/v1/payments", "/sdk/v1/passwords"] {
                let answer = handset.call(&world, path, &body).await;
                assert_eq!(answer.problem(), "400 5G-1001", "{name}, {path}");
                let detail = answer.json()["detail"].as_str().unwrap().to_owned();
                assert!(detail.contains("a PIN stands beside another entry"), "{name}: {detail}");
            }
        }
        // Without the PIN the two are refused for another reason: a payment takes one password.
        let body = handset.submission(&launched, vec![of(card, card), of(card, card)]).encode();
        let answer = handset.call(&world, "/sdk/v1/payments", &body).await;
        assert_eq!(answer.problem(), "400 5G-1001");
        assert!(!answer.json()["detail"].as_str().unwrap().contains("PIN"), "the control");
        assert_eq!(world.harm().await, (0, 0));
        let paid = handset.paid(&handset.pay(&world, &launched, PASSWORD).await);
        assert_eq!(paid.verdict, Verdict::Success, "the nonce is unused, {suite:?}");
    }
}
