//! Mutual TLS towards merchants: no certificate, an expired, a foreign, another merchant's.

use crate::common::{World, exchange, expired, now_s};
use msgpay_platform::pki::{DevPki, Plan};

#[tokio::test]
async fn without_a_certificate_nothing_is_answered() {
    let (world, merchant) = World::with_merchant().await;
    let request = merchant
        .request(&world, "/v1/pay/orders", &merchant.order_body("M-no-cert").to_string())
        .signed(&merchant);
    let refused = exchange(world.plain_tls(), request.port, &request.bytes()).await.unwrap_err();
    assert!(refused.to_string().contains("CertificateRequired"), "{refused}");
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let world = World::start().await;
    let files = world.pki.party_within("late", msgpay_wire::SuiteId::International, expired()).unwrap();
    let merchant = world.register("late", files, "127.0.0.1:9443").await;
    let request = merchant
        .request(&world, "/v1/pay/orders", &merchant.order_body("M-late").to_string())
        .signed(&merchant);
    let refused =
        exchange(world.merchant_tls(&merchant.files), request.port, &request.bytes()).await.unwrap_err();
    assert!(refused.to_string().contains("CertificateExpired"), "{refused}");
}

#[tokio::test]
async fn a_certificate_of_another_authority_is_refused() {
    let (world, merchant) = World::with_merchant().await;
    let elsewhere = DevPki::make(&world.dir.path().join("elsewhere"), &Plan::default(), now_s()).unwrap();
    let foreign = elsewhere.party("coffee", msgpay_wire::SuiteId::International, now_s(), 30).unwrap();
    let request = merchant
        .request(&world, "/v1/pay/orders", &merchant.order_body("M-ca").to_string())
        .signed(&merchant);
    let refused = exchange(world.merchant_tls(&foreign), request.port, &request.bytes()).await.unwrap_err();
    // The trust anchors' names are sent, so a client may also present nothing at all.
    let text = refused.to_string();
    assert!(
        text.contains("UnknownCA") || text.contains("DecryptError") || text.contains("CertificateRequired"),
        "{text}"
    );
}

#[tokio::test]
async fn another_merchants_certificate_does_not_go_with_this_key() {
    let (world, coffee) = World::with_merchant().await;
    let tea = world.merchant("tea", "127.0.0.1:9444").await;
    let request =
        coffee.request(&world, "/v1/pay/orders", &coffee.order_body("M-mixed").to_string()).signed(&coffee);
    let crossed = exchange(world.merchant_tls(&tea.files), request.port, &request.bytes()).await.unwrap();
    assert_eq!(crossed.problem(), "401 5G-1004", "coffee's signature over tea's connection");
    let own = world.send(&coffee, &request).await;
    assert_eq!(own.status, 200, "refused before its nonce was spent: {}", String::from_utf8_lossy(&own.body));
}

#[tokio::test]
async fn a_merchant_cannot_order_in_anothers_name() {
    let (world, coffee) = World::with_merchant().await;
    let tea = world.merchant("tea", "127.0.0.1:9443").await;
    let body = coffee.order_body("M-name").to_string();
    let answer = world.order(&tea, &body).await;
    assert_eq!(answer.problem(), "403 5G-1005");
}
