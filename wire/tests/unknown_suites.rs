//! A number that no suite has, at every place that reads one: refused by its name, nothing taken for another suite.
//!
//! | place | member | test |
//! |---|---|---|
//! | launch token, launch answer, receipt, policy | 6, 11, 2, 3 and 8 | `signed_objects_refuse_it` |
//! | key statement, alone and under an object | 4 | `a_statement_of_a_key_refuses_it` |
//! | algorithm in the header of a signed object | 1 | `a_signature_of_an_unknown_algorithm_is_refused` |
//! | sealed entry, activation, setting | 2, 5 and 6, 2 | `requests_refuse_it` |
//! | HTTP signature: `alg`, name of the digest | | `http_signatures_refuse_unknown_names` |
//!
//! The same at the platform's real door: `platform/tests/edge/unknown_suites.rs`; at the handset:
//! `sdk-core/src/session/tests/unknown.rs`.

#![expect(clippy::unwrap_used, reason = "a helper that cannot set its scene fails its test")]

use msgpay_wire::answer::LaunchAnswer;
use msgpay_wire::cbor::{self, Value};
use msgpay_wire::entry::{BOX_BYTES, EntryPurpose, Envelope, PRESSES};
use msgpay_wire::factors::Way;
use msgpay_wire::httpsig::{self, Claims, Message, Refusal, Signed, Tag};
use msgpay_wire::launch::LaunchToken;
use msgpay_wire::policy::Policy;
use msgpay_wire::receipt::{Receipt, Verdict};
use msgpay_wire::request::{Activation, Setup};
use msgpay_wire::trust::{Distrust, KeyStatement, Purpose, Root, Roots, Signer};
use msgpay_wire::{Defect, Digest, FormatError, Primitives, SuiteId};

/// Numbers that no suite has. Who adds a suite takes its number out, if it is here.
const UNKNOWN: [u64; 4] = [0, 4, 255, u64::MAX];
const SUITE: SuiteId = SuiteId::International;
const NOW: u64 = 1_000;

/// A stand-in suite: a "signature" is the hash of key and message.
struct Toy;

impl Primitives for Toy {
    fn hash(&self, _: SuiteId, bytes: &[u8]) -> Digest {
        ring::digest::digest(&ring::digest::SHA256, bytes).as_ref().try_into().unwrap()
    }

    fn verify(&self, suite: SuiteId, key: &[u8], message: &[u8], signature: &[u8]) -> bool {
        self.hash(suite, &[key, message].concat()) == signature
    }
}

/// A key of an institution, by its statement.
struct Key(Vec<u8>);

impl Signer for Key {
    type Error = std::convert::Infallible;

    fn suite(&self) -> SuiteId {
        SUITE
    }

    fn kid(&self) -> u64 {
        7
    }

    fn statement(&self) -> &[u8] {
        &self.0
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Self::Error> {
        Ok(Toy.hash(SUITE, &[&[2; 65], message].concat()).to_vec())
    }
}

fn by_root(message: &[u8]) -> Result<Vec<u8>, std::convert::Infallible> {
    Ok(Toy.hash(SUITE, &[&[1; 65], message].concat()).to_vec())
}

fn key(purpose: Purpose) -> Key {
    let statement = KeyStatement {
        institution_id: "I".into(),
        purpose,
        kid: 7,
        suite: SUITE,
        public_key: [2; 65],
        not_before: 0,
        not_after: 2 * NOW,
    };
    Key(statement.sign(SUITE, 1, by_root).unwrap())
}

fn roots() -> Roots {
    Roots::of("I", vec![Root::of(1, SUITE, [1; 65])])
}

/// A map with another number in one member.
fn with(map: &[u8], member: u64, number: u64) -> Vec<u8> {
    with_value(map, member, number.into())
}

fn with_value(map: &[u8], member: u64, value: Value) -> Vec<u8> {
    let Value::Map(mut members) = cbor::decode("a map", map).unwrap() else { panic!("a map") };
    members.iter_mut().find(|(key, _)| *key == member.into()).unwrap().1 = value;
    cbor::encode(&Value::Map(members))
}

fn token() -> LaunchToken {
    LaunchToken {
        institution_id: "I".into(),
        merchant_id: "M".into(),
        pay_order_no: "P1".into(),
        wallet_binding: [0; 16],
        nonce: [1; 16],
        suite: SUITE,
        expires: NOW,
    }
}

fn answer() -> LaunchAnswer {
    LaunchAnswer {
        token_digest: [1; 32],
        client_nonce: [2; 16],
        device_id: "D".into(),
        summary_digest: [3; 32],
        policy_digest: [4; 32],
        seal_statement_digest: [5; 32],
        server_nonce: [6; 16],
        expires: NOW,
        institution_id: "I".into(),
        wallet_id: "W".into(),
        suite: SUITE,
    }
}

fn receipt() -> Receipt {
    Receipt {
        institution_id: "I".into(),
        suite: SUITE,
        device_id: "D".into(),
        pay_order_no: "P1".into(),
        order_digest: [1; 32],
        request_digest: [2; 32],
        verdict: Verdict::Success,
        reason: String::new(),
        time: NOW,
        attempt: 1,
        tries_left: None,
    }
}

fn policy() -> Policy {
    Policy {
        institution_id: "I".into(),
        serial: 1,
        suites: vec![SUITE],
        kinds: vec!["numeric".into()],
        modes: vec![0],
        ways: vec![Way::by_password()],
        amount_fen_max: 1,
        kids_min: vec![(SUITE, Purpose::Seal, 1)],
        issued: 1,
        expires: NOW,
        device_p256: false,
    }
}

/// Changes the number of a suite, wherever in the payload it stands.
type Change = fn(&[u8], u64) -> Vec<u8>;
type Open = fn(&[u8]) -> Result<(), Distrust>;
/// Its name in errors, the member that holds the suite, the key that signs it, and its payload.
type Object = (&'static str, u64, Purpose, Vec<u8>);

/// `{…, member: [number]}` and `{…, member: {number: {}}}`.
fn in_array(map: &[u8], number: u64) -> Vec<u8> {
    with_value(map, 3, Value::Array(vec![number.into()]))
}

fn in_kids(map: &[u8], number: u64) -> Vec<u8> {
    let kids = Value::Map(vec![(Value::Text("seal".into()), 1.into())]);
    with_value(map, 8, Value::Map(vec![(number.into(), kids)]))
}

#[test]
fn signed_objects_refuse_it() {
    let doors: [(Object, Change, Open); 5] = [
        (
            ("launch token", 6, Purpose::Launch, token().payload()),
            |map, n| with(map, 6, n),
            |bytes| LaunchToken::open(&Toy, &roots(), bytes, NOW).map(drop),
        ),
        (
            ("launch answer", 11, Purpose::Summary, answer().payload()),
            |map, n| with(map, 11, n),
            |bytes| LaunchAnswer::open(&Toy, &roots(), bytes, NOW).map(drop),
        ),
        (
            ("receipt", 2, Purpose::Receipt, receipt().payload()),
            |map, n| with(map, 2, n),
            |bytes| Receipt::open(&Toy, &roots(), bytes, NOW).map(drop),
        ),
        (("policy", 3, Purpose::Policy, policy().payload()), in_array, |bytes| {
            Policy::open(&Toy, &roots(), bytes, NOW).map(drop)
        }),
        (("policy", 8, Purpose::Policy, policy().payload()), in_kids, |bytes| {
            Policy::open(&Toy, &roots(), bytes, NOW).map(drop)
        }),
    ];
    for ((what, member, purpose, payload), change, open) in doors {
        let key = key(purpose);
        let opened = |number| open(&key.sign_object(change(&payload, number)).unwrap());
        assert_eq!(opened(SUITE.number()), Ok(()), "{what}: the suite that it was made in is read");
        for number in UNKNOWN {
            let named = FormatError { what, defect: Defect::Suite(member) };
            assert_eq!(opened(number), Err(Distrust::Format(named)), "{what} with {number}");
        }
    }
}

#[test]
fn a_statement_of_a_key_refuses_it() {
    let good = key(Purpose::Receipt).0;
    let of = |number| {
        let Value::Array(mut parts) = cbor::decode("a statement", &good).unwrap() else { panic!("COSE") };
        let payload = with(parts[2].as_bytes().unwrap(), 4, number);
        let protected = parts[0].clone();
        parts[3] = Value::Bytes(by_root(&to_be_signed(protected, &payload)).unwrap());
        parts[2] = Value::Bytes(payload);
        let statement = cbor::encode(&Value::Array(parts));
        let alone = roots().open_statement(&Toy, &statement, Purpose::Receipt, NOW).map(drop);
        let carried = Key(statement).sign_object(receipt().payload()).unwrap();
        assert_eq!(Receipt::open(&Toy, &roots(), &carried, NOW).map(drop), alone, "under an object too");
        alone
    };
    assert_eq!(of(SUITE.number()), Ok(()));
    for number in UNKNOWN {
        let named = FormatError { what: "key statement", defect: Defect::Suite(4) };
        assert_eq!(of(number), Err(Distrust::Format(named)), "{number}");
    }
}

/// RFC 9052 §4.4: what a COSE_Sign1 without external data signs.
fn to_be_signed(protected: Value, payload: &[u8]) -> Vec<u8> {
    let parts = vec![
        Value::Text("Signature1".into()),
        protected,
        Value::Bytes(Vec::new()),
        Value::Bytes(payload.to_vec()),
    ];
    cbor::encode(&Value::Array(parts))
}

#[test]
fn a_signature_of_an_unknown_algorithm_is_refused() {
    let good = key(Purpose::Receipt).sign_object(receipt().payload()).unwrap();
    let of = |alg: i64| {
        let Value::Array(mut parts) = cbor::decode("an object", &good).unwrap() else { panic!("COSE") };
        let header = parts[0].as_bytes().unwrap();
        let Value::Map(mut header) = cbor::decode("a header", header).unwrap() else { panic!("a map") };
        header.iter_mut().find(|(label, _)| *label == 1.into()).unwrap().1 = alg.into();
        parts[0] = Value::Bytes(cbor::encode(&Value::Map(header)));
        Receipt::open(&Toy, &roots(), &cbor::encode(&Value::Array(parts)), NOW).map(drop)
    };
    assert_eq!(of(-7), Ok(()));
    // ES384, HS256, a private one beside ours, none at all.
    for alg in [-35, 5, -70_009, 0] {
        let named = FormatError { what: "receipt", defect: Defect::Suite(1) };
        assert_eq!(of(alg), Err(Distrust::Format(named)), "{alg}");
    }
}

fn envelope() -> Envelope {
    Envelope {
        suite: SUITE,
        purpose: EntryPurpose::Password,
        kid: 1,
        client_nonce: [2; 16],
        mode: 0,
        surface: 0,
        encapsulated: vec![4; 65],
        layout: vec![0; 28],
        boxes: vec![0; PRESSES * BOX_BYTES],
        close: [0; 16],
    }
}

fn activation() -> Activation {
    Activation {
        suite: SUITE,
        device_suite: SUITE,
        code: "AAAA-BBBB".to_owned().into(),
        device_key: [4; 65],
        client_nonce: [2; 16],
        signature: vec![0; 64],
    }
}

#[test]
fn requests_refuse_it() {
    type Read = fn(&[u8]) -> Result<(), FormatError>;
    let activation = activation().encode().to_vec();
    let setup = Setup { client_nonce: [2; 16], suite: SUITE }.encode();
    let doors: [(&str, u64, Vec<u8>, Read); 4] = [
        ("entry envelope", 2, envelope().encode(), |bytes| Envelope::read(bytes).map(drop)),
        ("activation", 5, activation.clone(), |bytes| Activation::read(bytes).map(drop)),
        ("activation", 6, activation, |bytes| Activation::read(bytes).map(drop)),
        ("setting", 2, setup, |bytes| Setup::read(bytes).map(drop)),
    ];
    for (what, member, good, read) in doors {
        assert_eq!(read(&with(&good, member, SUITE.number())), Ok(()), "{what}");
        for number in UNKNOWN {
            let named = FormatError { what, defect: Defect::Suite(member) };
            assert_eq!(read(&with(&good, member, number)), Err(named), "{what} with {number}");
        }
    }
}

#[test]
fn http_signatures_refuse_unknown_names() {
    let body = b"{}";
    let fields = vec![
        ("content-type".to_owned(), "application/json".to_owned()),
        ("content-digest".to_owned(), httpsig::content_digest(&Toy, SUITE, body)),
    ];
    let bare = Message::request("POST", "https://localhost/v1", fields);
    let claims = Claims { tag: Tag::Request, keyid: "k", suite: SUITE, created: 1, nonce: [7; 16] };
    let headers = httpsig::sign_request(&bare, &claims, |base| {
        Ok::<_, Refusal>(Toy.hash(SUITE, &[&[2; 65], base].concat()).to_vec())
    });
    let headers = headers.unwrap();
    let judge = |alg: &str, digest: &str| {
        let mut message = bare.clone();
        message.fields[1].1 = message.fields[1].1.replace("sha-256", digest);
        let input = headers.signature_input.replace(httpsig::ALG_P256, alg);
        message.fields.push(("signature-input".into(), input));
        message.fields.push(("signature".into(), headers.signature.clone()));
        httpsig::check_content_digest(&Toy, SUITE, &message, body)?;
        Signed::read(&message)?.verify(&Toy, &message, Tag::Request, (SUITE, &[2; 65]), 1)
    };
    assert_eq!(judge(httpsig::ALG_P256, "sha-256"), Ok(()));
    for alg in ["", "rsa-v1_5-sha256", "ecdsa-p384-sha384", "hmac-sha256", "ECDSA-P256-SHA256", "sm9", "0"] {
        assert_eq!(judge(alg, "sha-256"), Err(Refusal::Suite), "{alg}");
    }
    for digest in ["sha-512", "md5", "sm9"] {
        assert_eq!(judge(httpsig::ALG_P256, digest), Err(Refusal::Missing), "{digest}");
    }
}
