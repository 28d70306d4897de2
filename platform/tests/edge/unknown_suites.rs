//! A number or name that no suite has, at every real door of the platform: refused by name, nothing taken for another
//! suite. What each format says of it is in `wire/tests/unknown_suites.rs`.

use msgpay_crypto::SigningKey;
use msgpay_platform::keys;
use msgpay_wire::{
    SuiteId,
    cbor::{self, Value},
    entry::EntryPurpose,
    launch::LaunchToken,
    receipt::Verdict,
    request::{Launch, Packaged, Setup},
    trust::{Purpose, Signer as _},
};

use crate::common::{
    Answer, World,
    handset::{self, PASSWORD, activation, seal},
    now_s,
};

/// Numbers that no suite has. Who adds a suite takes its number out, if it is here.
const UNKNOWN: [u64; 4] = [0, 4, 255, u64::MAX];
/// `alg` values that no suite has.
const NAMES: [&str; 6] = ["", "hmac-sha256", "ecdsa-p384-sha384", "SM2-SM3", "none", "4"];

/// A map with another number in one member.
fn with(map: &[u8], member: u64, number: u64) -> Vec<u8> {
    let Value::Map(mut members) = cbor::decode("a map", map).unwrap() else { panic!("a map") };
    members.iter_mut().find(|(key, _)| *key == member.into()).unwrap().1 = number.into();
    cbor::encode(&Value::Map(members))
}

/// 5G-1006, and words that name the member.
fn named(answer: &Answer, member: u64) {
    assert_eq!(answer.problem(), "403 5G-1006");
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    let words = format!("member {member} names a suite that is not known here");
    assert!(detail.contains(&words), "{detail}");
}

#[tokio::test]
async fn an_activation_of_an_unknown_suite_is_refused_and_its_code_is_unused() {
    let world = World::start().await;
    let (_, said) = world.command(&["activate", "--mobile", crate::common::MOBILE]).await;
    let key = SigningKey::make(keys::suite(SuiteId::International)).unwrap();
    let good = activation(said["code"].as_str().unwrap(), &key).encode();
    let ask = async |body: &[u8]| {
        handset::send(&world, &handset::request(&world, "/sdk/v1/activations", body)).await
    };
    for number in UNKNOWN {
        for member in [5, 6] {
            named(&ask(&with(&good, member, number)).await, member);
        }
    }
    assert_eq!(ask(&good).await.status, 200, "the control passes");
}

#[tokio::test]
async fn links_settings_and_entries_of_an_unknown_suite_are_refused() {
    for suite in SuiteId::ALL {
        let (world, merchant, handset) = World::in_suite(suite).await;
        let link = world.link(&merchant, "M-unknown").await;
        let setup = Setup { client_nonce: [3; 16], suite }.encode();
        let (now, keys) = (u64::try_from(now_s()).unwrap(), world.keys());
        let (token, _) = LaunchToken::open(&keys::BuiltIn, &handset.roots, &link.token, now).unwrap();
        let signer = keys.signer(Purpose::Launch, suite, now_s()).unwrap();
        for number in UNKNOWN {
            let body = with(&setup, 2, number);
            named(&handset.call(&world, "/sdk/v1/password-setups", &body).await, 2);
            let token = signer.sign_object(with(&token.payload(), 6, number)).unwrap();
            let body = Launch { token, client_nonce: [4; 16] }.encode();
            named(&handset.call(&world, "/sdk/v1/launches", &body).await, 6);
            let (launched, _) = handset.launch(&world, &link).await;
            let good = seal(&launched, &launched.seal(), EntryPurpose::Password, PASSWORD).encode();
            let packaged =
                vec![Packaged { purpose: EntryPurpose::Password, envelope: with(&good, 2, number) }];
            let body = handset.submission(&launched, packaged).encode();
            let answer = handset.call(&world, "/sdk/v1/payments", &body).await;
            assert_eq!(answer.problem(), "422 5G-3012", "as every entry that does not open: {number}");
        }
        assert_eq!(world.reasons().await, ["wrong-suite"; UNKNOWN.len()], "inside it has its name");
        assert_eq!(world.harm().await, (0, 0));
        let (launched, _) = handset.launch(&world, &link).await;
        let paid = handset.paid(&handset.pay(&world, &launched, PASSWORD).await);
        assert_eq!(paid.verdict, Verdict::Success, "the control passes");
    }
}

#[tokio::test]
async fn a_signature_of_an_unknown_algorithm_is_refused() {
    for suite in SuiteId::ALL {
        let (world, merchant, handset) = World::in_suite(suite).await;
        let body = merchant.order_body("M-alg-1").to_string();
        for name in NAMES {
            let mut order = merchant.request(&world, "/v1/pay/orders", &body);
            order.alg = name.to_owned();
            let answer = world.send(&merchant, &order.signed(&merchant)).await;
            assert_eq!(answer.problem(), "403 5G-1006", "merchant, {name}");
            let mut call = handset.unsigned(&world, "/sdk/v1/launches", b"");
            call.alg = name.to_owned();
            let answer = handset::send(&world, &call.signed_by(&handset.key)).await;
            assert_eq!(answer.problem(), "403 5G-1006", "handset, {name}");
        }
        assert_eq!(world.count("SELECT count(*) FROM pay_order").await, 0);
        world.link(&merchant, "M-alg-1").await;
    }
}
