//! Merchants' message signatures: everything that must be under one, its time, its nonce, its key.

use msgpay_crypto::{SigningKey, SuiteId};
use msgpay_platform::store::{KeyAdded, MerchantKey};

use crate::common::{Merchant, Request, World, now_s};

type Alter = fn(&mut Request);

fn order(world: &World, merchant: &Merchant, no: &str) -> Request {
    merchant.request(world, "/v1/pay/orders", &merchant.order_body(no).to_string())
}

#[tokio::test]
async fn a_good_signature_passes_and_the_answer_is_signed_for_this_request_only() {
    let (world, merchant) = World::with_merchant().await;
    let request = order(&world, &merchant, "M-good-1").signed(&merchant);
    let answer = world.send(&merchant, &request).await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let key = world.http_public_key();
    assert!(answer.is_signed_for(&request, &key));
    let other = order(&world, &merchant, "M-good-2").signed(&merchant);
    assert!(!answer.is_signed_for(&other, &key));
    let mut altered = answer.clone();
    altered.body.push(b' ');
    assert!(!altered.is_signed_for(&request, &key));
}

#[tokio::test]
async fn what_was_altered_after_signing_is_refused() {
    let (world, merchant) = World::with_merchant().await;
    let alterations: [(&str, Alter); 5] = [
        ("body", |r| {
            r.body = String::from_utf8(r.body.clone()).unwrap().replace("128.5", "1.5").into_bytes()
        }),
        ("body and digest", |r| {
            r.body = String::from_utf8(r.body.clone()).unwrap().replace("128.5", "1.5").into_bytes();
            let digest = crate::common::digest_of(&r.body);
            r.fields
                .iter_mut()
                .filter(|(n, _)| n == "content-digest")
                .for_each(|(_, v)| v.clone_from(&digest));
        }),
        ("path", |r| r.path = "/v1/pay/orders/query".into()),
        ("signature", |r| {
            let at = r.fields.iter().position(|(n, _)| n == "signature").unwrap();
            let flipped = r.fields[at].1.replacen("=:", "=:A", 1).replacen("==:", "=:", 1);
            r.fields[at].1 = flipped;
        }),
        ("created", |r| {
            let later = format!("created={}", r.created + 1);
            let now = format!("created={}", r.created);
            r.fields.iter_mut().for_each(|(_, v)| *v = v.replace(&now, &later));
        }),
    ];
    for (what, alter) in alterations {
        let mut request = order(&world, &merchant, "M-altered").signed(&merchant);
        alter(&mut request);
        assert_eq!(world.send(&merchant, &request).await.problem(), "401 5G-1002", "{what}");
    }
}

#[tokio::test]
async fn a_refusal_is_signed_for_its_request_too() {
    let (world, merchant) = World::with_merchant().await;
    let stranger = SigningKey::make(SuiteId::International).unwrap();
    let request = order(&world, &merchant, "M-stranger").signed_by(&stranger);
    let answer = world.send(&merchant, &request).await;
    assert_eq!(answer.problem(), "401 5G-1002");
    assert!(answer.is_signed_for(&request, &world.http_public_key()));
}

#[tokio::test]
async fn no_signature_or_another_kind_of_signature_is_refused() {
    let (world, merchant) = World::with_merchant().await;
    let unsigned = order(&world, &merchant, "M-unsigned");
    assert_eq!(world.send(&merchant, &unsigned).await.problem(), "401 5G-1002");
    for tag in ["msgpay-notify-answer", "msgpay-device", "msgpay-response", ""] {
        let mut request = order(&world, &merchant, "M-tag");
        request.tag = tag.into();
        assert_eq!(world.send(&merchant, &request.signed(&merchant)).await.problem(), "401 5G-1002", "{tag}");
    }
    let mut request = order(&world, &merchant, "M-alg");
    request.alg = "hmac-sha256".into();
    assert_eq!(world.send(&merchant, &request.signed(&merchant)).await.problem(), "403 5G-1006");
}

#[tokio::test]
async fn a_part_that_must_be_covered_and_is_not_is_refused() {
    let (world, merchant) = World::with_merchant().await;
    for part in ["@method", "@target-uri", "content-type", "content-digest"] {
        let mut request = order(&world, &merchant, "M-covered");
        request.covered.retain(|name| name != part);
        assert_eq!(
            world.send(&merchant, &request.signed(&merchant)).await.problem(),
            "401 5G-1002",
            "{part}"
        );
    }
    for header in ["msgpay-expire", "idempotency-key", "msgpay-notify-id", "msgpay-refund-amount"] {
        let mut request = order(&world, &merchant, "M-money").signed(&merchant);
        request.fields.push((header.into(), "2099-01-01T00:00:00+08:00".into()));
        assert_eq!(world.send(&merchant, &request).await.problem(), "401 5G-1002", "{header}");
    }
}

#[tokio::test]
async fn outside_its_time_a_signature_is_refused() {
    let (world, merchant) = World::with_merchant().await;
    let now = now_s();
    for (what, created, expires) in [
        ("too old", now - 301, now - 1),
        ("from the future", now + 400, now + 700),
        ("expired", now - 100, now - 50),
        ("lives too long", now - 10, now + 400),
        ("ends before it begins", now, now - 1),
    ] {
        let mut request = order(&world, &merchant, "M-time");
        (request.created, request.expires) = (created, expires);
        assert_eq!(
            world.send(&merchant, &request.signed(&merchant)).await.problem(),
            "401 5G-1003",
            "{what}"
        );
    }
    let mut request = order(&world, &merchant, "M-time");
    (request.created, request.expires) = (now - 200, now + 100);
    assert_eq!(world.send(&merchant, &request.signed(&merchant)).await.status, 200, "the control passes");
}

#[tokio::test]
async fn a_nonce_is_good_once() {
    let (world, merchant) = World::with_merchant().await;
    let request = order(&world, &merchant, "M-nonce-1").signed(&merchant);
    let placed = world.send(&merchant, &request).await;
    assert_eq!(placed.status, 200);
    assert_eq!(world.send(&merchant, &request).await.problem(), "401 5G-1003", "the same bytes again");
    let mut other = order(&world, &merchant, "M-nonce-2");
    other.nonce.clone_from(&request.nonce);
    assert_eq!(
        world.send(&merchant, &other.signed(&merchant)).await.problem(),
        "401 5G-1003",
        "other content"
    );
    let query = serde_json::json!({
        "payOrderNo": placed.json()["payOrderNo"], "createDate": placed.json()["createDate"],
        "mobileNo": 19_900_001_234_u64, "merchantOrderNo": "M-nonce-1", "merchantId": merchant.id
    });
    let query = merchant.request(&world, "/v1/pay/orders/query", &query.to_string()).signed(&merchant);
    assert_eq!(world.send(&merchant, &query).await.status, 200);
    assert_eq!(world.send(&merchant, &query).await.problem(), "401 5G-1003", "a query again");
}

#[tokio::test]
async fn a_key_that_is_unknown_is_refused() {
    let (world, merchant) = World::with_merchant().await;
    let mut request = order(&world, &merchant, "M-key");
    request.key_id = "m-nobody".into();
    assert_eq!(world.send(&merchant, &request.signed(&merchant)).await.problem(), "401 5G-1004");
}

#[tokio::test]
async fn a_key_that_is_withdrawn_or_over_is_refused_at_once_and_its_successor_is_not() {
    let (world, merchant) = World::with_merchant().await;
    let store = world.opened().await.store;
    let known = store.merchant_key(&merchant.key_id).await.unwrap().unwrap();
    let now_ms = now_s() * 1000;
    for (key_id, not_before_ms, not_after_ms, good) in [
        ("m-over", now_ms - 2_000_000, now_ms - 1_000, false),
        ("m-next", now_ms - 1_000, now_ms + 2_000_000, true),
    ] {
        let key = MerchantKey { key_id: key_id.into(), not_before_ms, not_after_ms, ..known.clone() };
        assert_eq!(store.add_merchant_key(key).await.unwrap(), KeyAdded::Added);
        let mut request = order(&world, &merchant, "M-rotate");
        request.key_id = key_id.into();
        let answer = world.send(&merchant, &request.signed(&merchant)).await;
        if good { assert_eq!(answer.status, 200) } else { assert_eq!(answer.problem(), "401 5G-1004") }
    }
    assert!(store.revoke_merchant_key(&merchant.key_id).await.unwrap());
    let request = order(&world, &merchant, "M-revoked").signed(&merchant);
    assert_eq!(world.send(&merchant, &request).await.problem(), "401 5G-1004");
}

#[tokio::test]
async fn another_host_or_media_type_is_refused() {
    let (world, merchant) = World::with_merchant().await;
    let request = order(&world, &merchant, "M-host").signed(&merchant);
    let bytes =
        String::from_utf8(request.bytes()).unwrap().replacen("host: localhost", "host: evil.example", 1);
    let tls = world.merchant_tls(&merchant.files);
    let answer = crate::common::exchange(tls, request.port, bytes.as_bytes()).await.unwrap();
    assert_eq!(answer.problem(), "400 5G-1001");
    let mut request = order(&world, &merchant, "M-type");
    request.fields[0].1 = "text/plain".into();
    assert_eq!(world.send(&merchant, &request.signed(&merchant)).await.problem(), "400 5G-1001");
}
