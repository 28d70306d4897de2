//! Suites at the platform's edge: a merchant of the Chinese suite, and mixtures.

use msgpay_crypto::SuiteId as Suite;
use msgpay_wire::SuiteId;

use crate::common::{Merchant, Request, World, now_s};

async fn world(suites: &[SuiteId]) -> (World, Merchant) {
    let world = World::start_with(|config| config.policy.suites = suites.to_vec()).await;
    let files = world.pki.party("tea", SuiteId::Guomi, now_s(), 30).unwrap();
    let merchant = world.register("tea", files, "127.0.0.1:9443").await;
    world.command(&["activate", "--mobile", crate::common::MOBILE]).await;
    (world, merchant)
}

fn order(world: &World, merchant: &Merchant, no: &str) -> Request {
    let mut request = merchant.request(world, "/v1/pay/orders", &merchant.order_body(no).to_string());
    request.alg = "sm2-sm3".into();
    request.digest = Suite::Guomi;
    request
}

#[tokio::test]
async fn a_merchant_is_answered_in_its_own_suite_and_mixtures_are_refused_by_name() {
    let (world, merchant) = world(&[SuiteId::Guomi, SuiteId::International]).await;
    let answer = world.send(&merchant, &order(&world, &merchant, "M-sm2-1").signed(&merchant)).await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let field = |name: &str| answer.fields.iter().find(|(of, _)| of == name).map_or("", |(_, value)| value);
    assert!(
        field("signature-input").contains("alg=\"sm2-sm3\"") && field("content-digest").starts_with("sm3=:")
    );
    let mut renamed = order(&world, &merchant, "M-sm2-2");
    renamed.alg = "ecdsa-p256-sha256".into();
    let refused = world.send(&merchant, &renamed.signed(&merchant)).await;
    assert_eq!(refused.problem(), "403 5G-1006", "algorithm");
    let signed_in = refused.fields.iter().find(|(of, _)| of == "signature-input").map_or("", |(_, v)| v);
    assert!(signed_in.contains("alg=\"sm2-sm3\""), "in the suite of the registered key: {signed_in}");
    let mut digest = order(&world, &merchant, "M-sm2-3");
    digest.digest = Suite::International;
    assert_eq!(world.send(&merchant, &digest.signed(&merchant)).await.problem(), "403 5G-1006", "digest");
    assert_eq!(world.count("SELECT count(*) FROM pay_order").await, 1);
}

#[tokio::test]
async fn a_merchant_of_a_suite_that_the_policy_omits_orders_nothing() {
    let (world, merchant) = world(&[SuiteId::International]).await;
    let request = order(&world, &merchant, "M-omitted").signed(&merchant);
    assert_eq!(world.send(&merchant, &request).await.problem(), "403 5G-1006");
    assert_eq!(world.count("SELECT count(*) FROM pay_order").await, 0);
}

#[tokio::test]
async fn a_merchant_of_a_suite_that_is_not_in_use_is_not_registered() {
    let world = World::start().await;
    std::fs::write(&world.config.path, toml::to_string(&world.config).unwrap()).unwrap();
    let files = world.pki.party("tea", SuiteId::Guomi, now_s(), 30).unwrap();
    let (cert, key) = (files.client_certificate.to_str().unwrap(), files.signing_public.to_str().unwrap());
    let add =
        ["merchant", "add", "--name", "tea", "--cert", cert, "--key", key, "--notify-host", "127.0.0.1:9443"];
    let (end, said) = world.command(&add).await;
    assert_eq!(end, "ExitCode(unix_exit_status(1))", "{said}");
    assert!(said["error"].as_str().unwrap().contains("policy.suites"), "{said}");
    assert_eq!(world.count("SELECT count(*) FROM merchant").await, 0);
}
