use super::*;
use crate::cbor::Defect;
use crate::entry::{BOX_BYTES, EntryPurpose, Envelope, PRESSES};

fn submission() -> Submission {
    Submission {
        pay_order_no: "P1".into(),
        server_nonce: [1; 16],
        packaged: vec![Packaged { purpose: EntryPurpose::Password, envelope: vec![9; 1400] }],
        evidence: vec![],
        device_signature: vec![3; 64],
        biometric: None,
    }
}

#[test]
fn bodies_round_trip_and_no_prefix_of_them_reads() {
    let s = submission();
    let bytes = s.encode();
    assert_eq!(Submission::read(&bytes).unwrap(), s);
    for cut in 0..bytes.len() {
        assert!(Submission::read(&bytes[..cut]).is_err());
    }
    let resolve = Resolve { server_nonce: [1; 16], request_digest: [2; 32] };
    assert_eq!(Resolve::read(&resolve.encode()).unwrap(), resolve);
    for answer in [SubmissionAnswer::Receipt(vec![1]), SubmissionAnswer::Working { retry_after_ms: 500 }] {
        assert_eq!(SubmissionAnswer::read(&answer.encode()).unwrap(), answer);
    }
}

#[test]
fn a_submission_without_or_with_too_many_factors_is_refused() {
    let mut s = submission();
    s.packaged.clear();
    assert!(Submission::read(&s.encode()).is_err());
    s.packaged = vec![submission().packaged.remove(0); ENVELOPES_MAX + 1];
    assert!(Submission::read(&s.encode()).is_err());
    s.packaged.truncate(ENVELOPES_MAX);
    assert!(Submission::read(&s.encode()).is_ok());
}

/// An envelope's form; nothing in it opens.
fn packaged(purpose: EntryPurpose) -> Packaged {
    let envelope = Envelope {
        suite: SuiteId::International,
        purpose,
        kid: 1,
        client_nonce: [2; 16],
        mode: 0,
        surface: 0,
        encapsulated: vec![4; 65],
        layout: vec![0; 34],
        boxes: vec![0; PRESSES * BOX_BYTES],
        close: [0; 16],
    };
    Packaged { purpose, envelope: envelope.encode() }
}

#[test]
fn a_pin_stands_alone() {
    let read = |packaged: Vec<Packaged>| Submission::read(&Submission { packaged, ..submission() }.encode());
    let not_alone = Err(FormatError { what: "submission", defect: Defect::PinNotAlone });
    let pin = || packaged(EntryPurpose::Pin);
    for purpose in EntryPurpose::ALL {
        let other = || packaged(purpose);
        assert_eq!(read(vec![pin(), other()]), not_alone, "before {purpose:?}");
        assert_eq!(read(vec![other(), pin()]), not_alone, "behind {purpose:?}");
        assert_eq!(read(vec![other(), other(), other(), pin()]), not_alone, "last of four, {purpose:?}");
        // By one of its two names only.
        let hidden = Packaged { purpose: EntryPurpose::IdNumber, ..pin() };
        assert_eq!(read(vec![other(), hidden]), not_alone, "under another word beside {purpose:?}");
        let spoilt = Packaged { envelope: vec![9; 1400], ..pin() };
        assert_eq!(read(vec![other(), spoilt]), not_alone, "in no envelope beside {purpose:?}");
    }
    assert!(read(vec![pin()]).is_ok(), "alone it reads");
    let numbers = [EntryPurpose::CardNumber, EntryPurpose::IdNumber, EntryPurpose::Password];
    assert!(read(numbers.map(packaged).to_vec()).is_ok(), "and so do others together");
}

fn touched() -> Touched {
    Touched { kid: [7; 32], signature: [8; 64] }
}

#[test]
fn a_biometric_stands_beside_the_entries_or_alone() {
    for packaged in [Vec::new(), submission().packaged] {
        let s = Submission { packaged, biometric: Some(touched()), ..submission() };
        let bytes = s.encode();
        assert_eq!(Submission::read(&bytes).unwrap(), s);
        let enrolment = Enrolment { submission: s, suite: SuiteId::International, public_key: [4; 65] };
        let body = enrolment.encode();
        assert_eq!(Enrolment::read(&body).unwrap(), enrolment);
        assert!(Submission::read(&body).is_err(), "an enrolment is no payment");
        assert!(Enrolment::read(&bytes).is_err(), "nor the other way round");
        for cut in 0..body.len() {
            assert!(Enrolment::read(&body[..cut]).is_err());
        }
    }
    let unsigned = Enrolment { submission: submission(), suite: SuiteId::Guomi, public_key: [4; 65] };
    let missing = FormatError { what: "biometric enrolment", defect: Defect::Missing(6) };
    assert_eq!(Enrolment::read(&unsigned.encode()), Err(missing), "without the new key's signature");
}

#[test]
fn a_biometric_of_another_shape_is_refused() {
    let bytes = |n: usize| Value::Bytes(vec![1; n]);
    let shapes = [
        vec![bytes(32)],
        vec![bytes(31), bytes(64)],
        vec![bytes(32), bytes(63)],
        vec![bytes(32), bytes(64), bytes(0)],
        vec![bytes(32), Value::Text("yes".into())],
    ];
    let mut values: Vec<Value> = shapes.map(Value::Array).to_vec();
    values.push(Value::Bool(true));
    for value in values {
        let body = Writer::new()
            .text(1, "P1")
            .bytes(2, &[1; 16])
            .value(3, Value::Array(Vec::new()))
            .bytes(4, b"")
            .bytes(5, &[3; 64])
            .value(6, value);
        let wrong = FormatError { what: "submission", defect: Defect::Type(6) };
        assert_eq!(Submission::read(&body.finish()), Err(wrong));
    }
}

struct Sha;
impl Primitives for Sha {
    fn hash(&self, _: SuiteId, bytes: &[u8]) -> Digest {
        ring::digest::digest(&ring::digest::SHA256, bytes).as_ref().try_into().unwrap()
    }
    fn verify(&self, _: SuiteId, _: &[u8], _: &[u8], _: &[u8]) -> bool {
        false
    }
}

#[test]
fn the_request_digest_binds_every_part() {
    let packaged = submission().packaged;
    let base = RequestParts {
        suite: SuiteId::International,
        device_id: "d",
        wallet_id: "w",
        order_digest: &[1; 32],
        packaged: &packaged,
        biometric: None,
        evidence: b"e",
        server_nonce: &[2; 16],
    };
    let digest = |parts: &RequestParts<'_>| request_digest(&Sha, parts);
    let other_envelope = [Packaged { purpose: EntryPurpose::Password, envelope: vec![8; 1400] }];
    let other_purpose = [Packaged { purpose: EntryPurpose::PasswordNew, envelope: vec![9; 1400] }];
    let changed = [
        RequestParts { device_id: "d2", ..base },
        RequestParts { wallet_id: "w2", ..base },
        RequestParts { order_digest: &[9; 32], ..base },
        RequestParts { packaged: &other_envelope, ..base },
        RequestParts { packaged: &other_purpose, ..base },
        RequestParts { biometric: Some(&[9; 32]), ..base },
        RequestParts { biometric: Some(&[8; 32]), ..base },
        RequestParts { packaged: &[], biometric: Some(&[9; 32]), ..base },
        RequestParts { evidence: b"", ..base },
        RequestParts { server_nonce: &[9; 16], ..base },
    ];
    let mut seen = vec![digest(&base)];
    for parts in &changed {
        seen.push(digest(parts));
    }
    let count = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), count, "each part changes the digest");
}
