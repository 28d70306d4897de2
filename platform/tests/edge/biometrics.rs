//! The biometric key at the platform's real door: enrolled, asked for by the policy, and held to the record.

use msgpay_crypto::{SigningKey, SuiteId};
use msgpay_platform::{
    config::{Biometric, Config, ConfigError},
    keys::{self, BuiltIn},
};
use msgpay_wire::{
    entry::EntryPurpose,
    factors::{Way, biometric_kid, biometric_message},
    receipt::Verdict,
    request::{
        Enrolment, Packaged, RequestParts, Setup, Submission, Touched, device_message, request_digest,
    },
    summary::BiometricSummary,
};

use crate::common::{
    Answer, Merchant, World,
    handset::{Handset, Launched, PASSWORD, nonce, seal},
};

/// Every order of these tests is over so many fen.
const FEN: i64 = 12_850;

async fn world(biometric: Option<Biometric>) -> (World, Merchant, Handset) {
    let world = World::start_with(|config| config.policy.biometric = biometric).await;
    let merchant = world.merchant("coffee", "127.0.0.1:9443").await;
    let handset = Handset::ready(&world, "100000").await;
    (world, merchant, handset)
}

const fn rules(alone_fen_max: i64, both_fen_min: i64, without_fen_max: i64) -> Option<Biometric> {
    Some(Biometric { alone_fen_max, both_fen_min, without_fen_max })
}

fn finger() -> SigningKey {
    SigningKey::make(SuiteId::International).unwrap()
}

/// Under both signatures.
fn touched(handset: &Handset, launched: &Launched, typed: Option<&str>, key: &SigningKey) -> Submission {
    let purpose = EntryPurpose::Password;
    let envelope = |typed: &str| seal(launched, &launched.seal(), purpose, typed).encode();
    let packaged: Vec<_> =
        typed.map(|typed| Packaged { purpose, envelope: envelope(typed) }).into_iter().collect();
    let kid = biometric_kid(&BuiltIn, handset.suite, &key.public_key());
    let digest = request_digest(
        &BuiltIn,
        &RequestParts {
            suite: launched.answer.suite,
            device_id: &handset.device_id,
            wallet_id: &handset.wallet_id,
            order_digest: &launched.answer.summary_digest,
            packaged: &packaged,
            biometric: Some(&kid),
            evidence: b"",
            server_nonce: &launched.answer.server_nonce,
        },
    );
    let message = biometric_message(launched.answer.suite, &kid, &digest);
    Submission {
        pay_order_no: launched.subject_no.clone(),
        server_nonce: launched.answer.server_nonce,
        packaged,
        evidence: Vec::new(),
        device_signature: handset.key.sign(&device_message(&digest)).unwrap().to_vec(),
        biometric: Some(Touched { kid, signature: key.sign(&message).unwrap() }),
    }
}

async fn begin(world: &World, handset: &Handset) -> (Answer, [u8; 16]) {
    let client_nonce = nonce();
    let body = Setup { client_nonce, suite: handset.suite }.encode();
    (handset.call(world, "/sdk/v1/biometric-setups", &body).await, client_nonce)
}

async fn enrol(world: &World, handset: &Handset, key: &SigningKey, typed: &str) -> Answer {
    let (answer, client_nonce) = begin(world, handset).await;
    let mut launched = handset.believe(&answer, client_nonce, b"");
    let summary = BiometricSummary::read(&launched.summary).unwrap();
    assert_eq!(summary.mobile_masked, "199****1234");
    launched.subject_no = summary.setup_no;
    let submission = touched(handset, &launched, Some(typed), key);
    let enrolment = Enrolment { submission, suite: handset.suite, public_key: key.public_key() };
    handset.call(world, "/sdk/v1/biometrics", &enrolment.encode()).await
}

async fn pay(world: &World, handset: &Handset, submission: &Submission) -> Answer {
    handset.call(world, "/sdk/v1/payments", &submission.encode()).await
}

#[tokio::test]
async fn a_key_is_enrolled_and_pays_a_small_amount_alone() {
    let (world, merchant, handset) = world(rules(FEN, FEN + 1, 5_000_000)).await;
    let link = world.link(&merchant, "M-before").await;
    let (before, _) = handset.launch(&world, &link).await;
    assert_eq!(before.policy.ways, [Way::by_password()]);
    let key = finger();
    assert_eq!(
        enrol(&world, &handset, &key, "283717").await.problem(),
        "422 5G-3001",
        "by the password alone"
    );
    let receipt = handset.paid(&enrol(&world, &handset, &key, PASSWORD).await);
    assert_eq!(receipt.verdict, Verdict::Success);
    let link = world.link(&merchant, "M-small").await;
    let (launched, _) = handset.launch(&world, &link).await;
    assert_eq!(launched.policy.ways, [Way::by_biometric(), Way::by_password()]);
    let receipt = handset.paid(&pay(&world, &handset, &touched(&handset, &launched, None, &key)).await);
    assert_eq!((receipt.verdict, receipt.attempt), (Verdict::Success, 1));
    let answer = pay(&world, &handset, &touched(&handset, &before, None, &key)).await;
    assert_eq!(answer.problem(), "422 5G-3014", "a launch from before had no such way");
    let (end, said) = world.command(&["check"]).await;
    assert_eq!((end.as_str(), &said["ok"]), ("ExitCode(unix_exit_status(0))", &true.into()), "{said}");
}

#[tokio::test]
async fn a_large_payment_needs_both_at_the_door_too() {
    let (world, merchant, handset) = world(rules(0, FEN, 5_000_000)).await;
    let key = finger();
    handset.paid(&enrol(&world, &handset, &key, PASSWORD).await);
    let link = world.link(&merchant, "M-large").await;
    let launch = async || handset.launch(&world, &link).await.0;
    assert_eq!(launch().await.policy.ways, [Way::by_both()]);
    let answer = handset.pay(&world, &launch().await, PASSWORD).await;
    assert_eq!(answer.problem(), "422 5G-3014", "the password alone");
    let answer = pay(&world, &handset, &touched(&handset, &launch().await, None, &key)).await;
    assert_eq!(answer.problem(), "422 5G-3014", "the biometric alone");
    let answer = pay(&world, &handset, &touched(&handset, &launch().await, Some(PASSWORD), &finger())).await;
    assert_eq!(answer.problem(), "422 5G-3015", "another key");
    let answer = pay(&world, &handset, &touched(&handset, &launch().await, Some(PASSWORD), &key)).await;
    assert_eq!(handset.paid(&answer).verdict, Verdict::Success);
}

#[tokio::test]
async fn above_the_limit_of_a_device_without_a_key_nothing_launches() {
    let (world, merchant, handset) = world(rules(0, FEN, FEN - 1)).await;
    let link = world.link(&merchant, "M-limit").await;
    assert_eq!(handset.try_launch(&world, &link.token).await.problem(), "422 5G-3005");
    handset.paid(&enrol(&world, &handset, &finger(), PASSWORD).await);
    assert_eq!(handset.try_launch(&world, &link.token).await.status, 200);
}

#[tokio::test]
async fn without_the_rules_no_key_is_taken() {
    let (world, _merchant, handset) = world(None).await;
    assert_eq!(begin(&world, &handset).await.0.problem(), "403 5G-1005");
}

#[tokio::test]
async fn rules_that_contradict_each_other_are_refused() {
    let (world, ..) = world(None).await;
    let file = world.pki.dir().join("platform.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(Config::read(&file).unwrap().policy.biometric.is_some(), "the control reads");
    for (from, to) in [
        ("alone_fen_max = 20000", "alone_fen_max = -1"),
        ("alone_fen_max = 20000", "alone_fen_max = 1000000"),
        ("without_fen_max = 5000000", "without_fen_max = 0"),
        ("without_fen_max = 5000000", "without_fen_max = 5000001"),
    ] {
        std::fs::write(&file, text.replace(from, to)).unwrap();
        let refused = Config::read(&file).err();
        assert!(matches!(refused, Some(ConfigError::Refused { key: "policy.biometric", .. })), "{to}");
    }
}

/// What the platform keeps of it: a public key, its number, its algorithm, its device and a time.
#[tokio::test]
async fn the_book_holds_a_public_key_and_nothing_biometric() {
    let (world, _merchant, handset) = world(rules(FEN, FEN + 1, 5_000_000)).await;
    let key = SigningKey::make(keys::suite(handset.suite)).unwrap();
    handset.paid(&enrol(&world, &handset, &key, PASSWORD).await);
    let columns = world.texts("SELECT name FROM pragma_table_info('biometric_key')").await;
    assert_eq!(columns, ["device_id", "kid", "alg", "public_key", "made_at"]);
    let held = world.texts("SELECT lower(hex(public_key)) FROM biometric_key").await;
    assert_eq!(held, [hex::encode(key.public_key())]);
}
