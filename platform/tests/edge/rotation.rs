//! Keys that rotate while the platform serves all along: a payment under way, and the HTTP key that merchants learn.

use std::{sync::Arc, time::Duration};

use msgpay_platform::{
    clock::{Clock as _, ManualClock},
    keys::rotate::{self, Named},
};
use msgpay_wire::{
    http_keys::{HttpKey, HttpKeys},
    launch::Link,
};

use crate::common::{
    Answer, Merchant, Request, World,
    handset::{Handset, Launched, PASSWORD},
    now_s,
};

/// Launches until the answer is as `wanted` says: the platform takes new keys up by itself.
async fn launched(
    handset: &Handset,
    world: &World,
    link: &Link,
    wanted: impl Fn(&Launched) -> bool,
) -> Launched {
    let seen = async {
        loop {
            let (launched, _) = handset.launch(world, link).await;
            if wanted(&launched) {
                return launched;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), seen).await.unwrap()
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
    // Control: with no rotation a later launch is handed the same key.
    let (third, _) = handset.launch(&world, &links[2]).await;
    assert_eq!(third.seal_kid, first.seal_kid);
    let (_, said) = world.command(&["keys", "rotate"]).await;
    let seal = said["made"].as_array().unwrap().iter().find(|made| made["purpose"] == "seal").unwrap();
    let new = seal["kid"].as_u64().unwrap();
    let third = launched(&handset, &world, &links[2], |launched| launched.seal_kid == new).await;
    assert_eq!(third.policy.kids_min, old, "the new one is handed out, the old one good");
    handset.paid(&handset.pay(&world, &first, PASSWORD).await);
    let (_, said) = world.command(&["keys", "withdraw", &second.seal_kid.to_string()]).await;
    assert_eq!(said["withdrawn"], second.seal_kid);
    launched(&handset, &world, &links[1], |launched| launched.policy.kids_min != old).await;
    assert_eq!(
        handset.pay(&world, &second, PASSWORD).await.problem(),
        "422 5G-3012",
        "withdrawn: it opens nothing"
    );
    // The third was launched before the withdrawal and is sealed to the key that stays.
    handset.paid(&handset.pay(&world, &third, PASSWORD).await);
    let (_, said) = world.command(&["check"]).await;
    assert_eq!(said["ok"], true, "{said}");
}

/// The platform with a clock of the test's own, and a merchant whose requests are of that time.
struct Shop {
    world: World,
    merchant: Merchant,
    clock: Arc<ManualClock>,
}

impl Shop {
    async fn open() -> Self {
        let clock = ManualClock::at(now_s() * 1000);
        let world = World::start_by(clock.clone(), |_| {}).await;
        let merchant = world.merchant("coffee", "127.0.0.1:9443").await;
        Self { world, merchant, clock }
    }

    async fn ask(&self, path: &str, body: &serde_json::Value) -> (Request, Answer) {
        let mut request = self.merchant.request(&self.world, path, &body.to_string());
        (request.created, request.expires) = (self.clock.now_s(), self.clock.now_s() + 300);
        let request = request.signed(&self.merchant);
        let answer = self.world.send(&self.merchant, &request).await;
        (request, answer)
    }

    /// C.2 about an order that is not there: refused, and the refusal is signed.
    async fn unknown(&self) -> (Request, Answer) {
        let body = serde_json::json!({
            "payOrderNo": "P20261122000000000731", "createDate": "20261122", "mobileNo": 19_900_001_234_u64,
            "merchantOrderNo": "M20261122A0007", "merchantId": self.merchant.id
        });
        let (request, answer) = self.ask("/v1/pay/orders/query", &body).await;
        assert_eq!(answer.problem(), "404 5G-2001");
        (request, answer)
    }

    /// The list of keys, once it has `count`; always signed by `by`.
    async fn keys(&self, count: usize, by: &HttpKey) -> Vec<HttpKey> {
        let seen = async {
            loop {
                let asks = serde_json::json!({ "merchantId": self.merchant.id });
                let (request, answer) = self.ask("/v1/keys/query", &asks).await;
                assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
                let listed = HttpKeys::read(&answer.body).unwrap();
                assert_eq!(listed.institution_id, "WALLET_A");
                if listed.keys.len() == count {
                    assert!(answer.is_signed_by(&request, &by.key_id, &by.public_key));
                    return listed.keys;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), seen).await.unwrap()
    }
}

#[tokio::test]
async fn a_merchant_learns_the_next_http_key_from_the_one_it_knows_before_it_signs() {
    let shop = Shop::open().await;
    let handed_over = HttpKey {
        key_id: "pay-2026a".into(),
        suite: msgpay_wire::SuiteId::International,
        public_key: shop.world.http_public_key(),
        not_before: 0,
        not_after: 0,
    };
    let old = shop.keys(1, &handed_over).await.remove(0);
    assert_eq!(old.public_key, handed_over.public_key);
    let rotate = ["keys", "rotate", "--purpose", "http", "--announce-hours", "1"];
    let (_, said) = shop.world.command(&rotate).await;
    let made = &said["made"][0];
    let listed = shop.keys(2, &old).await;
    let new = listed.into_iter().find(|key| key.key_id != old.key_id).unwrap();
    assert_eq!((made["keyId"].as_str(), made["from"].as_i64()), (Some(&*new.key_id), Some(new.not_before)));
    let file = std::path::Path::new(made["publicKey"].as_str().unwrap());
    assert_eq!(msgpay_platform::pki::spki::read(file), Some((new.suite, new.public_key)));

    let (request, answer) = shop.unknown().await;
    assert!(answer.is_signed_by(&request, &old.key_id, &old.public_key), "announced, and not in use yet");
    let (end, _) = shop.world.command(&["keys", "withdraw", &old.key_id]).await;
    assert_eq!(end, "ExitCode(unix_exit_status(1))", "it is the only one that signs");
    shop.clock.set(new.not_before * 1000);
    let (request, answer) = shop.unknown().await;
    assert!(answer.is_signed_by(&request, &new.key_id, &new.public_key), "its time has come");
    assert!(!answer.is_signed_by(&request, &old.key_id, &old.public_key));
    assert!(
        !answer.is_signed_by(&request, &new.key_id, &old.public_key),
        "control: another key does not fit"
    );
    assert_eq!(shop.keys(2, &old).await.len(), 2, "who knows only the old one can still catch up");

    let named = Named::Http(old.key_id.clone());
    rotate::withdraw(&shop.world.config.keys.dir, &named, shop.clock.now_s()).unwrap();
    assert_eq!(shop.keys(1, &new).await, std::slice::from_ref(&new));
}

#[tokio::test]
async fn keys_are_told_to_registered_merchants_about_themselves_only() {
    let shop = Shop::open().await;
    let other = serde_json::json!({ "merchantId": "8980000000000001" });
    let (_, answer) = shop.ask("/v1/keys/query", &other).await;
    assert_eq!(answer.problem(), "403 5G-1005");
    let (_, answer) = shop.ask("/v1/keys/query", &serde_json::json!({ "merchant": 1 })).await;
    assert_eq!(answer.problem(), "400 5G-1001");
    let asks = serde_json::json!({ "merchantId": shop.merchant.id });
    let (request, answer) = shop.ask("/v1/keys/query", &asks).await;
    assert_eq!(answer.status, 200);
    let again = shop.world.send(&shop.merchant, &request).await;
    assert_eq!(again.problem(), "401 5G-1003", "a nonce counts once");
}
