use super::*;
use crate::digest::{Digest, Primitives, SuiteId};

/// ring stands in for a suite here.
struct Ring;
impl Primitives for Ring {
    fn hash(&self, _: SuiteId, bytes: &[u8]) -> Digest {
        ring::digest::digest(&ring::digest::SHA256, bytes).as_ref().try_into().unwrap()
    }
    fn verify(&self, _: SuiteId, key: &[u8], message: &[u8], signature: &[u8]) -> bool {
        ring::signature::UnparsedPublicKey::new(&ring::signature::ECDSA_P256_SHA256_FIXED, key)
            .verify(message, signature)
            .is_ok()
    }
}

struct Key(ring::signature::EcdsaKeyPair);
impl Key {
    fn make() -> Self {
        let rng = ring::rand::SystemRandom::new();
        let alg = &ring::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
        let pkcs8 = ring::signature::EcdsaKeyPair::generate_pkcs8(alg, &rng).unwrap();
        Self(ring::signature::EcdsaKeyPair::from_pkcs8(alg, pkcs8.as_ref(), &rng).unwrap())
    }
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Refusal> {
        let rng = ring::rand::SystemRandom::new();
        Ok(self.0.sign(&rng, message).unwrap().as_ref().to_vec())
    }
    fn public(&self) -> &[u8] {
        ring::signature::KeyPair::public_key(&self.0).as_ref()
    }
}

fn vectors() -> serde_json::Value {
    serde_json::from_str(include_str!("../../tests/vectors/http_signatures.json")).unwrap()
}
fn vector_key(all: &serde_json::Value) -> Vec<u8> {
    let hex = all["http_signature_key"]["public_uncompressed_hex"].as_str().unwrap();
    (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect()
}
fn message(v: &serde_json::Value, request: Option<Message>) -> Message {
    Message {
        method: v["method"].as_str().map(str::to_owned),
        target_uri: v["url"].as_str().map(str::to_owned),
        status: v["status"].as_u64().map(|s| u16::try_from(s).unwrap()),
        fields: v["headers"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(k, v)| (k.clone(), v.as_str().unwrap().to_owned()))
            .collect(),
        request: request.map(Box::new),
    }
}

#[test]
fn an_independent_library_s_requests_verify() {
    let all = vectors();
    let key = vector_key(&all);
    for (name, tag) in [
        ("http_signature_request", Tag::Request),
        ("http_signature_refund", Tag::Request),
        ("http_signature_notify", Tag::Notify),
    ] {
        let v = &all[name];
        let m = message(v, None);
        check_content_digest(&Ring, SuiteId::International, &m, v["body"].as_str().unwrap().as_bytes())
            .unwrap();
        let s = Signed::read(&m).unwrap();
        s.verify(&Ring, &m, tag, (SuiteId::International, &key), s.created).unwrap();
        assert_eq!(
            s.verify(&Ring, &m, tag, (SuiteId::International, &key), s.expires + 1),
            Err(Refusal::Window)
        );
        assert_eq!(
            s.verify(&Ring, &m, tag, (SuiteId::International, &key), s.created - 301),
            Err(Refusal::Window)
        );
        assert_eq!(
            s.verify(&Ring, &m, Tag::Device, (SuiteId::International, &key), s.created),
            Err(Refusal::Tag)
        );
        assert_eq!(check_content_digest(&Ring, SuiteId::International, &m, b"{}"), Err(Refusal::Digest));
    }
}

#[test]
fn an_independent_library_s_answers_fit_their_request_only() {
    let all = vectors();
    let key = vector_key(&all);
    for (answer, request, tag) in [
        ("http_signature_response", "http_signature_request", Tag::Response),
        ("http_signature_notify_answer", "http_signature_notify", Tag::NotifyAnswer),
    ] {
        let m = message(&all[answer], Some(message(&all[request], None)));
        let s = Signed::read(&m).unwrap();
        s.verify(&Ring, &m, tag, (SuiteId::International, &key), s.created).unwrap();
        let other = message(&all[answer], Some(message(&all["http_signature_refund"], None)));
        let s = Signed::read(&other).unwrap();
        assert_eq!(
            s.verify(&Ring, &other, tag, (SuiteId::International, &key), s.created),
            Err(Refusal::Signature)
        );
    }
}

fn signed_request(key: &Key, extra: &[(&str, &str)]) -> Message {
    let body = b"{}";
    let digest = content_digest(&Ring, SuiteId::International, body);
    let mut fields = vec![
        ("content-type".to_owned(), "application/json".to_owned()),
        ("content-digest".to_owned(), digest),
    ];
    fields.extend(extra.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
    let mut m = Message::request("POST", "https://127.0.0.1:8443/v1/pay/orders", fields);
    let claims = Claims {
        tag: Tag::Request,
        keyid: "m-1",
        suite: SuiteId::International,
        created: 1_000_000,
        nonce: [7; 16],
    };
    let made = sign_request(&m, &claims, |base| key.sign(base)).unwrap();
    m.fields.push(("Signature-Input".into(), made.signature_input));
    m.fields.push(("Signature".into(), made.signature));
    m
}

#[test]
fn what_we_sign_verifies_and_every_change_is_seen() {
    let key = Key::make();
    let m = signed_request(&key, &[("Msgpay-Expire", "2026-11-22T16:01:40+08:00")]);
    let judge = |m: &Message| {
        Signed::read(m)
            .and_then(|s| s.verify(&Ring, m, Tag::Request, (SuiteId::International, key.public()), 1_000_010))
    };
    assert_eq!(judge(&m), Ok(()));
    let mut other = m.clone();
    other.method = Some("PUT".into());
    assert_eq!(judge(&other), Err(Refusal::Signature));
    let mut other = m.clone();
    other.target_uri = Some("https://127.0.0.1:8443/v1/pay/refunds".into());
    assert_eq!(judge(&other), Err(Refusal::Signature));
    let mut other = m.clone();
    other.fields[2].1 = "2027-11-22T16:01:40+08:00".into();
    assert_eq!(judge(&other), Err(Refusal::Signature));
    let mut other = m.clone();
    other.fields.push(("Idempotency-Key".into(), "R1".into()));
    assert_eq!(judge(&other), Err(Refusal::NotCovered), "a money header that is not covered");
    let mut other = m.clone();
    other.fields.retain(|(n, _)| n != "Signature");
    assert_eq!(judge(&other), Err(Refusal::Missing));
    assert_eq!(
        Signed::read(&m).unwrap().verify(
            &Ring,
            &m,
            Tag::Request,
            (SuiteId::International, Key::make().public()),
            1_000_010
        ),
        Err(Refusal::Signature),
        "another key"
    );
}

#[test]
fn an_answer_is_tied_to_its_request() {
    let (merchant, platform) = (Key::make(), Key::make());
    let request = signed_request(&merchant, &[]);
    let digest = content_digest(&Ring, SuiteId::International, b"{}");
    let fields = vec![("content-type".into(), "application/json".into()), ("content-digest".into(), digest)];
    let mut answer = Message::answer(200, fields, request);
    let claims = Claims {
        tag: Tag::Response,
        keyid: "pay-2026a",
        suite: SuiteId::International,
        created: 1_000_000,
        nonce: [8; 16],
    };
    let made = sign_answer(&answer, &claims, |base| platform.sign(base)).unwrap();
    answer.fields.push(("Signature-Input".into(), made.signature_input));
    answer.fields.push(("Signature".into(), made.signature));
    let judge = |m: &Message| {
        Signed::read(m).and_then(|s| {
            s.verify(&Ring, m, Tag::Response, (SuiteId::International, platform.public()), 1_000_010)
        })
    };
    assert_eq!(judge(&answer), Ok(()));
    let mut other = answer.clone();
    other.status = Some(500);
    assert_eq!(judge(&other), Err(Refusal::Signature));
    let mut other = answer.clone();
    other.request = Some(Box::new(signed_request(&merchant, &[])));
    assert_eq!(judge(&other), Err(Refusal::Signature), "the same call signed again is another request");
}
