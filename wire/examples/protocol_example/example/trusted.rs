//! What the root and the purpose keys sign: statements, launch token, policy.

use msgpay_wire::cbor::Value;
use msgpay_wire::digest::labelled;
use msgpay_wire::factors::Way;
use msgpay_wire::launch::{LaunchToken, Link, wallet_binding};
use msgpay_wire::policy::Policy;
use msgpay_wire::trust::{KeyStatement, Purpose};

use super::keys::{
    Certified, INSTITUTION, LAUNCH, POLICY, ROOT, ROOT_KID, Ring, SUITE, VALID, kid, roots, sha256,
};
use super::{Block, EXPIRES, MERCHANT_ID, NOW, ORDER, WALLET, folded, hex};

const TOKEN_NONCE: [u8; 16] = [0x70; 16];

pub(super) fn blocks() -> Vec<Block> {
    let token = token();
    let binding_input = labelled(
        "msgpay wallet binding v1",
        vec![Value::Text(WALLET.into()), Value::Bytes(TOKEN_NONCE.to_vec())],
    );
    assert_eq!(sha256(&binding_input)[..16], wallet_binding(&Ring, SUITE, WALLET, &TOKEN_NONCE));
    let (opened, _) = LaunchToken::open(&Ring, &roots(), &launch_token(), NOW).expect("it opens");
    assert_eq!(opened, token);
    let mut all = statement();
    all.extend([
        hex("root-public-key", ROOT.public()),
        hex("wallet-binding-input", binding_input),
        hex("wallet-binding", token.wallet_binding),
        hex("launch-token-payload", token.payload()),
        hex("launch-token", launch_token()),
        folded("link", link().text()),
        hex("policy-payload", policy_fields().payload()),
        hex("policy-digest", sha256(&policy())),
    ]);
    all
}

/// The statement of the launch key, step by step.
fn statement() -> Vec<Block> {
    let statement = KeyStatement {
        institution_id: INSTITUTION.into(),
        purpose: Purpose::Launch,
        kid: kid(Purpose::Launch),
        suite: SUITE,
        public_key: LAUNCH.public(),
        not_before: VALID.0,
        not_after: VALID.1,
    };
    let mut to_be_signed = Vec::new();
    let signed = statement.sign(SUITE, ROOT_KID, |message| {
        to_be_signed = message.to_vec();
        Ok::<_, ()>(ROOT.sign(message))
    });
    vec![hex("key-statement-to-be-signed", to_be_signed), hex("key-statement", signed.expect("it signs"))]
}

fn token() -> LaunchToken {
    LaunchToken {
        institution_id: INSTITUTION.into(),
        merchant_id: MERCHANT_ID.into(),
        pay_order_no: ORDER.into(),
        wallet_binding: wallet_binding(&Ring, SUITE, WALLET, &TOKEN_NONCE),
        nonce: TOKEN_NONCE,
        suite: SUITE,
        expires: EXPIRES,
    }
}

pub(super) fn launch_token() -> Vec<u8> {
    Certified::of(Purpose::Launch, LAUNCH).object(token().payload())
}

pub(super) fn link() -> Link {
    Link { pay_order_no: ORDER.into(), token: launch_token() }
}

fn policy_fields() -> Policy {
    Policy {
        institution_id: INSTITUTION.into(),
        serial: NOW + 12,
        suites: vec![SUITE],
        kinds: vec!["numeric".into()],
        modes: vec![0, 1],
        ways: vec![Way::by_password()],
        amount_fen_max: 5_000_000,
        kids_min: Purpose::ALL.into_iter().map(|purpose| (SUITE, purpose, kid(purpose))).collect(),
        issued: NOW + 12,
        expires: NOW + 12 + 86_400,
        device_p256: false,
    }
}

pub(super) fn policy() -> Vec<u8> {
    Certified::of(Purpose::Policy, POLICY).object(policy_fields().payload())
}
