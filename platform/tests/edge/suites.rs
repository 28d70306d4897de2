//! Suites at the platform's edge: a merchant of the Chinese suite, mixtures, and keys that rotate under a payment.

use msgpay_crypto::SuiteId as Suite;
use msgpay_platform::{clock::SystemClock, serve::Running};
use msgpay_wire::{SuiteId, launch::Link};
use std::sync::Arc;

use crate::common::{
    Merchant, Request, World,
    handset::{Handset, PASSWORD},
    now_s,
};

async fn world(suites: &[SuiteId]) -> (World, Merchant) {
    let world = World::start_with(|config| config.policy.suites = suites.to_vec()).await;
    let files = world.pki.party("tea", SuiteId::Guomi, now_s(), 30).unwrap();
    // Registered while both were in use.
    let mut both = world.config.clone();
    both.policy.suites = SuiteId::ALL.to_vec();
    std::fs::write(&world.config.path, toml::to_string(&both).unwrap()).unwrap();
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
    let files = world.pki.party("tea", SuiteId::Guomi, now_s(), 30).unwrap();
    let (cert, key) = (files.client_certificate.to_str().unwrap(), files.signing_public.to_str().unwrap());
    let add =
        ["merchant", "add", "--name", "tea", "--cert", cert, "--key", key, "--notify-host", "127.0.0.1:9443"];
    let (end, said) = world.command(&add).await;
    assert_eq!(end, "ExitCode(unix_exit_status(1))", "{said}");
    assert!(said["error"].as_str().unwrap().contains("policy.suites"), "{said}");
    assert_eq!(world.count("SELECT count(*) FROM merchant").await, 0);
}

/// The platform after a restart with the same files.
async fn restarted(world: World) -> World {
    let World { dir, pki, config, running } = world;
    running.stop().await;
    let running = Running::start(&config, Arc::new(SystemClock)).await.unwrap();
    World { dir, pki, config, running }
}

#[tokio::test]
async fn a_payment_under_way_is_opened_with_the_old_key_while_the_new_one_takes_over_until_it_is_withdrawn() {
    let world = World::start().await;
    let merchant = world.merchant("coffee", "127.0.0.1:9443").await;
    let handset = Handset::ready(&world, "100000").await;
    let mut links = Vec::new();
    for no in ["M-rotated-1", "M-rotated-2", "M-rotated-3"] {
        let answer = world.order(&merchant, &merchant.order_body(no).to_string()).await;
        links.push(Link::read(answer.json()["payUrl"].as_str().unwrap()).unwrap());
    }
    let (first, _) = handset.launch(&world, &links[0]).await;
    let (second, _) = handset.launch(&world, &links[1]).await;
    let old = first.policy.kids_min.clone();
    let (_, said) = world.command(&["keys", "rotate", "--purpose", "seal"]).await;
    let new = said["made"][0]["kid"].as_u64().unwrap();
    let world = restarted(world).await;
    assert_eq!(handset.pay(&world, &first, PASSWORD).await.status, 200, "the old key still opens");
    let (third, _) = handset.launch(&world, &links[2]).await;
    assert_eq!(
        (third.seal_kid, &third.policy.kids_min),
        (new, &old),
        "the new one is handed out, the old one good"
    );
    let (_, said) = world.command(&["keys", "withdraw", &second.seal_kid.to_string()]).await;
    assert_eq!(said["withdrawn"], second.seal_kid);
    let world = restarted(world).await;
    assert_eq!(
        handset.pay(&world, &second, PASSWORD).await.problem(),
        "422 5G-3012",
        "withdrawn: it opens nothing"
    );
    assert_eq!(handset.pay(&world, &third, PASSWORD).await.status, 200);
    let (again, _) = handset.launch(&world, &links[1]).await;
    assert_ne!(again.policy.kids_min, old, "the policy says so");
}
