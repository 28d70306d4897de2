//! HTTP signatures of the Chinese suite: a message that an independent SM2 implementation signed, and every way in which
//! algorithm, key and digest may not fit each other.

#![expect(clippy::unwrap_used, reason = "a vector that cannot be read fails its test")]

use msgpay_crypto::SigningKey;
use msgpay_suites::{Suites, of_wire};
use msgpay_wire::{
    SuiteId,
    httpsig::{Claims, Message, Refusal, Signed, Tag, check_content_digest, content_digest, sign_request},
};
use serde_json::Value;

const URL: &str = "https://pay.example.cn/v1/pay/orders";

fn vector() -> Value {
    serde_json::from_str(include_str!("vectors/http_signature_guomi.json")).unwrap()
}

fn message(vector: &Value) -> Message {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let headers = vector["headers"].as_object().unwrap();
    let fields = headers.iter().map(|(name, value)| (name.clone(), text(value))).collect();
    Message::request(&text(&vector["method"]), &text(&vector["url"]), fields)
}

#[test]
fn an_independent_implementations_message_verifies() {
    let vector = vector();
    let key = hex::decode(vector["public_uncompressed_hex"].as_str().unwrap()).unwrap();
    let (message, body) = (message(&vector), vector["body"].as_str().unwrap().as_bytes());
    check_content_digest(&Suites, SuiteId::Guomi, &message, body).unwrap();
    let signed = Signed::read(&message).unwrap();
    assert_eq!(signed.suite(), Some(SuiteId::Guomi));
    let judge = |message: &Message, suite, key: &[u8]| {
        Signed::read(message)?.verify(&Suites, message, Tag::Request, (suite, key), signed.created)
    };
    assert_eq!(judge(&message, SuiteId::Guomi, &key), Ok(()));
    assert_eq!(
        judge(&message, SuiteId::International, &key),
        Err(Refusal::Suite),
        "the key is registered as P-256"
    );
    let mut other = key.clone();
    other[64] ^= 1;
    assert_eq!(judge(&message, SuiteId::Guomi, &other), Err(Refusal::Signature));
    let mut renamed = message.clone();
    for (_, value) in &mut renamed.fields {
        *value = value.replace("sm2-sm3", "ecdsa-p256-sha256");
    }
    assert_eq!(judge(&renamed, SuiteId::Guomi, &key), Err(Refusal::Suite), "the algorithm is renamed");
    assert_eq!(judge(&renamed, SuiteId::International, &key), Err(Refusal::Signature));
    assert_eq!(check_content_digest(&Suites, SuiteId::Guomi, &message, b"{}"), Err(Refusal::Digest));
}

fn with_digest(value: String) -> Message {
    let fields = vec![
        ("content-type".to_owned(), "application/json".to_owned()),
        ("content-digest".to_owned(), value),
    ];
    Message::request("POST", URL, fields)
}

#[test]
fn the_digest_is_of_the_suite_of_the_key() {
    let digest = |suite| content_digest(&Suites, suite, b"{}");
    let judge = |of, value| check_content_digest(&Suites, of, &with_digest(value), b"{}");
    for (own, other) in [(SuiteId::Guomi, SuiteId::International), (SuiteId::International, SuiteId::Guomi)] {
        assert_eq!(judge(own, digest(own)), Ok(()));
        assert_eq!(judge(own, digest(other)), Err(Refusal::Suite), "only the other suite's");
        assert_eq!(judge(own, format!("{}, {}", digest(own), digest(other))), Ok(()), "both, and both fit");
        let lie = content_digest(&Suites, other, b"[]");
        assert_eq!(
            judge(own, format!("{}, {lie}", digest(own))),
            Err(Refusal::Digest),
            "both, and one does not"
        );
        assert_eq!(judge(own, "md5=:AAAA:".to_owned()), Err(Refusal::Missing), "none that is known");
    }
}

#[test]
fn what_is_signed_in_a_suite_verifies_in_it_alone() {
    for suite in SuiteId::ALL {
        let key = SigningKey::make(of_wire(suite)).unwrap();
        let mut message = with_digest(content_digest(&Suites, suite, b"{}"));
        let claims = Claims { tag: Tag::Request, keyid: "m-1", suite, created: 1_000, nonce: [7; 16] };
        let made =
            sign_request::<Refusal>(&message, &claims, |base| Ok(key.sign(base).unwrap().to_vec())).unwrap();
        message.fields.push(("signature-input".to_owned(), made.signature_input));
        message.fields.push(("signature".to_owned(), made.signature));
        for of in SuiteId::ALL {
            let judged = Signed::read(&message).unwrap().verify(
                &Suites,
                &message,
                Tag::Request,
                (of, &key.public_key()),
                1_010,
            );
            assert_eq!(judged, if of == suite { Ok(()) } else { Err(Refusal::Suite) }, "{suite:?} as {of:?}");
        }
    }
}
