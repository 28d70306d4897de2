//! The same order paid by the biometric key instead of the password, and that key's enrolment.

use msgpay_wire::factors::{biometric_kid, biometric_message};
use msgpay_wire::request::{Enrolment, RequestParts, Submission, Touched, device_message, request_digest};
use msgpay_wire::summary::BiometricSummary;

use super::handset::{SERVER_NONCE, order_digest};
use super::keys::{BIOMETRIC, DEVICE, INSTITUTION, Ring, SUITE};
use super::{Block, DEVICE_ID, NOW, ORDER, WALLET, hex, measured};

pub(super) fn blocks() -> Vec<Block> {
    let kid = biometric_kid(&Ring, SUITE, &BIOMETRIC.public());
    let parts = RequestParts {
        suite: SUITE,
        device_id: DEVICE_ID,
        wallet_id: WALLET,
        order_digest: &order_digest(),
        packaged: &[],
        biometric: Some(&kid),
        evidence: b"",
        server_nonce: &SERVER_NONCE,
    };
    let digest = request_digest(&Ring, &parts);
    let message = biometric_message(SUITE, &kid, &digest);
    let signature: [u8; 64] = BIOMETRIC.sign(&message).try_into().expect("64 bytes");
    let submission = Submission {
        pay_order_no: ORDER.into(),
        server_nonce: SERVER_NONCE,
        packaged: Vec::new(),
        evidence: Vec::new(),
        device_signature: DEVICE.sign(&device_message(&digest)),
        biometric: Some(Touched { kid, signature }),
    };
    assert_eq!(Submission::read(&submission.encode()).expect("it reads"), submission);
    let summary = BiometricSummary {
        institution_id: INSTITUTION.into(),
        wallet_id: WALLET.into(),
        setup_no: "S00000000000000000043".into(),
        mobile_masked: "199****1234".into(),
        expires: NOW - 300 + 180,
        alone_fen_max: 20_000,
    };
    let body = submission.encode();
    let enrolment = Enrolment { submission, suite: SUITE, public_key: BIOMETRIC.public() };
    vec![
        hex("biometric-public-key", BIOMETRIC.public()),
        hex("biometric-kid", kid),
        hex("biometric-request-digest", digest),
        hex("biometric-message", message),
        hex("biometric-signature", signature),
        hex("biometric-submission", body),
        hex("biometric-summary", summary.encode()),
        measured("biometric-enrolment", &enrolment.encode()),
    ]
}
