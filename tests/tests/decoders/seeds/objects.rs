//! Signed objects, with bytes in place of signatures: their readers here believe any.

use crate::targets::signed;
use msgpay_wire::SuiteId;
use msgpay_wire::answer::LaunchAnswer;
use msgpay_wire::cose;
use msgpay_wire::factors::Way;
use msgpay_wire::launch::LaunchToken;
use msgpay_wire::policy::Policy;
use msgpay_wire::receipt::{Receipt, Verdict};
use msgpay_wire::request::Activated;
use msgpay_wire::trust::{KeyStatement, Purpose};

pub(super) fn statement(suite: SuiteId, purpose: Purpose) -> Vec<u8> {
    let said = KeyStatement {
        institution_id: signed::INSTITUTION.into(),
        purpose,
        kid: 8,
        suite,
        public_key: [4; 65],
        not_before: signed::NOW - 1_000,
        not_after: signed::NOW + 100_000,
    };
    said.sign(suite, signed::ROOT_KID, |_| Ok::<_, ()>(vec![0x5a; 64])).unwrap()
}

fn object(suite: SuiteId, purpose: Purpose, payload: Vec<u8>) -> Vec<u8> {
    let statement = statement(suite, purpose);
    cose::sign(suite, 8, Some(&statement), payload, |_| Ok::<_, ()>(vec![0x5b; 64])).unwrap()
}

pub(super) fn token() -> Vec<u8> {
    let token = LaunchToken {
        institution_id: signed::INSTITUTION.into(),
        merchant_id: "8980000000000017".into(),
        pay_order_no: "P202611220000000000000731".into(),
        wallet_binding: [1; 16],
        nonce: [2; 16],
        suite: SuiteId::International,
        expires: signed::NOW + 1_800,
    };
    object(SuiteId::International, Purpose::Launch, token.payload())
}

pub(super) fn policy() -> Vec<u8> {
    let policy = Policy {
        institution_id: signed::INSTITUTION.into(),
        serial: 3,
        suites: vec![SuiteId::International, SuiteId::Guomi],
        kinds: vec!["numeric".into(), "full-text".into()],
        modes: vec![0, 1],
        ways: vec![Way::by_biometric(), Way::by_password(), Way::of_words(["device", "iris"]).unwrap()],
        amount_fen_max: 5_000_000,
        kids_min: vec![(SuiteId::International, Purpose::Seal, 1), (SuiteId::Guomi, Purpose::Receipt, 1)],
        issued: signed::NOW - 10,
        expires: signed::NOW + 86_400,
        device_p256: false,
    };
    object(SuiteId::International, Purpose::Policy, policy.payload())
}

pub(super) fn answer(suite: SuiteId) -> Vec<u8> {
    let answer = LaunchAnswer {
        token_digest: [1; 32],
        client_nonce: [2; 16],
        device_id: "D0001".into(),
        summary_digest: [3; 32],
        policy_digest: [4; 32],
        seal_statement_digest: [5; 32],
        server_nonce: [6; 16],
        expires: signed::NOW + 180,
        institution_id: signed::INSTITUTION.into(),
        wallet_id: "W0001".into(),
        suite,
    };
    object(suite, Purpose::Summary, answer.payload())
}

pub(super) fn receipt(suite: SuiteId, verdict: Verdict) -> Vec<u8> {
    let receipt = Receipt {
        institution_id: signed::INSTITUTION.into(),
        suite,
        device_id: "D0001".into(),
        pay_order_no: "P202611220000000000000731".into(),
        order_digest: [7; 32],
        request_digest: [8; 32],
        verdict,
        reason: if verdict == Verdict::Fail { "5G-3001".into() } else { String::new() },
        time: signed::NOW,
        attempt: 1,
        tries_left: (verdict == Verdict::Fail).then_some(4),
    };
    object(suite, Purpose::Receipt, receipt.payload())
}

pub(super) fn objects() -> Vec<(&'static str, Vec<u8>)> {
    let activated = Activated {
        institution_id: signed::INSTITUTION.into(),
        wallet_id: "W0001".into(),
        device_id: "D0001".into(),
        client_nonce: [1; 16],
        device_key_digest: [2; 32],
    };
    vec![
        ("statement", statement(SuiteId::International, Purpose::Seal)),
        ("statement-guomi", statement(SuiteId::Guomi, Purpose::Receipt)),
        ("token", token()),
        ("policy", policy()),
        ("answer", answer(SuiteId::International)),
        ("answer-guomi", answer(SuiteId::Guomi)),
        ("receipt", receipt(SuiteId::International, Verdict::Success)),
        ("receipt-guomi", receipt(SuiteId::Guomi, Verdict::Fail)),
        ("activated", object(SuiteId::International, Purpose::Summary, activated.payload())),
    ]
}
