//! C.3: what the merchant gets, when it counts as taken, where it never goes.

use msgpay_platform::{clock::ManualClock, notify::ladder::LADDER};
use msgpay_wire::launch::Link;

use crate::common::{
    Merchant, World,
    handset::{Handset, PASSWORD},
    sink::{Manner, Sink, is_signed},
};

/// A world in which this sink may be notified, with a merchant whose notices go there.
async fn world(sink: &Sink) -> (World, Merchant, Handset) {
    let host = sink.host();
    let world = World::start_with(|config| config.notify.allow_private = vec![host.clone()]).await;
    let merchant = world.merchant("coffee", &host).await;
    let handset = Handset::ready(&world, "100000").await;
    (world, merchant, handset)
}

async fn pay(world: &World, merchant: &Merchant, handset: &Handset, no: &str) -> String {
    let answer = world.order(merchant, &merchant.order_body(no).to_string()).await.json();
    let link = Link::read(answer["payUrl"].as_str().unwrap()).unwrap();
    let (launched, _) = handset.launch(world, &link).await;
    handset.paid(&handset.pay(world, &launched, PASSWORD).await);
    link.pay_order_no
}

#[tokio::test]
async fn a_paid_order_is_notified_once_exactly_as_the_table_has_it() {
    let mut sink = Sink::bind().await;
    let (world, merchant, handset) = world(&sink).await;
    sink.answer(&world, &merchant, &[Manner::Good]);
    let pay_order_no = pay(&world, &merchant, &handset, "M-notice").await;
    let got = sink.wait_for(1).await.remove(0);
    assert_eq!((got.path.as_str(), got.field("host")), ("/pay/notify", sink.host().as_str()));
    assert!(is_signed(&got, &world.http_public_key()));
    let mut altered = got.clone();
    altered.body.push(b' ');
    assert!(!is_signed(&altered, &world.http_public_key()));
    assert_eq!((got.field("msgpay-notify-type"), got.field("content-type")), ("PAY", "application/json"));
    let json: serde_json::Value = serde_json::from_slice(&got.body).unwrap();
    let mut names: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    let table = [
        "merchantId",
        "merchantName",
        "merchantOrderNo",
        "mobileNo",
        "orderAmount",
        "orderDate",
        "orderStatus",
        "payOrderNo",
        "paymentDate",
        "paymentTime",
    ];
    assert_eq!(names, table);
    assert_eq!((&json["orderStatus"], &json["payOrderNo"]), (&"SUCCESS".into(), &pay_order_no.into()));
    assert_eq!(json["mobileNo"], "19900001234");
    // Longer than the whole fast lane: a second notice would have come.
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    assert_eq!(sink.got().len(), 1);
    let (_, said) = world.command(&["check"]).await;
    assert_eq!(said["ok"], true, "{said}");
}

#[tokio::test]
async fn what_is_no_signed_success_is_tried_again_by_the_ladder_under_one_id() {
    let mut sink = Sink::bind().await;
    let (world, merchant, handset) = world(&sink).await;
    sink.answer(&world, &merchant, &[Manner::Broken, Manner::Unsigned, Manner::Good]);
    pay(&world, &merchant, &handset, "M-again").await;
    let got = sink.wait_for(3).await;
    let ids: Vec<&str> = got.iter().map(|n| n.field("msgpay-notify-id")).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let nonces: std::collections::BTreeSet<&str> = got.iter().map(|n| n.field("signature")).collect();
    assert_eq!(nonces.len(), 3, "each try is signed afresh");
    let waited = [got[1].at_ms - got[0].at_ms, got[2].at_ms - got[1].at_ms];
    assert!(waited[0] >= 950 && waited[1] >= 1_950, "1 s, then 2 s: {waited:?}");
    assert!(waited[0] < 2_500 && waited[1] < 3_500, "{waited:?}");
    assert!(got.iter().all(|n| n.body == got[0].body));
}

#[tokio::test]
async fn no_manner_but_a_signed_success_is_taken() {
    for manner in [Manner::Fail, Manner::Forged, Manner::Redirect, Manner::Huge, Manner::Silent] {
        let mut sink = Sink::bind().await;
        let (world, merchant, handset) = world(&sink).await;
        sink.answer(&world, &merchant, &[manner, Manner::Good]);
        pay(&world, &merchant, &handset, "M-manner").await;
        let got = sink.wait_for(2).await;
        assert!(got.iter().all(|n| n.path == "/pay/notify"), "{manner:?}: a redirect was followed: {got:?}");
        assert_eq!(got[0].field("msgpay-notify-id"), got[1].field("msgpay-notify-id"), "{manner:?}");
    }
}

#[tokio::test]
async fn the_platform_shows_its_certificate_and_wants_the_merchants() {
    let mut sink = Sink::bind().await;
    let (world, merchant, handset) = world(&sink).await;
    // The sink itself demands a client certificate of the development authority.
    sink.answer(&world, &merchant, &[Manner::Good]);
    pay(&world, &merchant, &handset, "M-mutual").await;
    assert!(sink.wait_for(1).await[0].client_certificate);
}

#[tokio::test]
async fn a_private_address_that_is_not_excepted_is_never_connected_to() {
    let sink = Sink::bind().await;
    let host = sink.host();
    let world = World::start().await;
    let merchant = world.merchant("coffee", &host).await;
    let handset = Handset::ready(&world, "100000").await;
    pay(&world, &merchant, &handset, "M-ssrf").await;
    let knock = tokio::time::timeout(std::time::Duration::from_millis(2_500), sink.listener.accept()).await;
    assert!(knock.is_err(), "the fence let a connection through");
    let fenced = world.count("SELECT count(*) FROM delivery WHERE err LIKE 'fence:%not public'").await;
    assert!(fenced >= 2, "it was tried: {fenced}");
}

#[tokio::test]
async fn after_the_last_rung_a_notice_is_laid_aside_and_not_lost() {
    let mut sink = Sink::bind().await;
    let host = sink.host();
    let clock = ManualClock::at(crate::common::now_s() * 1000);
    let world =
        World::start_by(clock.clone(), |config| config.notify.allow_private = vec![host.clone()]).await;
    let merchant = world.merchant("coffee", &host).await;
    let handset = Handset::ready(&world, "100000").await;
    sink.answer(&world, &merchant, &[Manner::Broken]);
    pay(&world, &merchant, &handset, "M-dead").await;
    for (tries, rung) in LADDER.iter().enumerate() {
        // A tenth more than the rung, for the spread.
        let wait_ms = i64::try_from(rung.after.as_millis()).unwrap() * 11 / 10;
        assert_eq!(sink.wait_for(tries.max(1)).await.len(), tries.max(1), "no try before its time");
        recorded(&world, tries).await;
        clock.advance(wait_ms);
    }
    sink.wait_for(LADDER.len()).await;
    recorded(&world, LADDER.len()).await;
    assert_eq!(world.count("SELECT count(*) FROM dead_letter").await, 1);
    assert_eq!(world.count("SELECT count(*) FROM outbox").await, 0);
    let (_, said) = world.command(&["check"]).await;
    assert_eq!(said["ok"], true, "{said}");
}

/// Wait until so many tries are in the book: only then the next one's time is set.
async fn recorded(world: &World, tries: usize) {
    let tries = i64::try_from(tries).unwrap();
    let all = async {
        while world.count("SELECT count(*) FROM delivery").await < tries {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), all).await.unwrap();
}

#[tokio::test]
async fn an_endpoint_that_is_gone_gets_no_more() {
    let mut sink = Sink::bind().await;
    let (world, merchant, handset) = world(&sink).await;
    sink.answer(&world, &merchant, &[Manner::Gone]);
    pay(&world, &merchant, &handset, "M-gone").await;
    sink.wait_for(1).await;
    recorded(&world, 1).await;
    assert_eq!(world.count("SELECT count(*) FROM dead_letter").await, 1);
}

#[tokio::test]
async fn a_slow_merchant_does_not_delay_another() {
    let silent = Sink::bind().await;
    let mut sink = Sink::bind().await;
    let hosts = vec![silent.host(), sink.host()];
    let world = World::start_with(|config| config.notify.allow_private.clone_from(&hosts)).await;
    // Accepts connections and never says a word: every try takes its full time.
    let slow = world.merchant("slow", &silent.host()).await;
    let quick = world.merchant("quick", &sink.host()).await;
    let handset = Handset::ready(&world, "100000").await;
    sink.answer(&world, &quick, &[Manner::Good]);
    for i in 0..3 {
        pay(&world, &slow, &handset, &format!("M-slow-{i}")).await;
    }
    let began = crate::common::now_s();
    pay(&world, &quick, &handset, "M-quick").await;
    sink.wait_for(1).await;
    assert!(crate::common::now_s() - began <= 2, "told within 3 s");
}
