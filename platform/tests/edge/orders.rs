//! C.1 and C.2 as they should go.

use msgpay_platform::keys::BuiltIn;
use msgpay_wire::launch::{LaunchToken, Link};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use crate::common::{World, handset, now_s};

#[tokio::test]
async fn an_order_is_answered_with_exactly_the_table_and_a_signed_link() {
    let (world, merchant) = World::with_merchant().await;
    let answer = world.order(&merchant, &merchant.order_body("M-table").to_string()).await.json();
    let mut names: Vec<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    let table = [
        "createDate",
        "merchantId",
        "merchantName",
        "merchantOrderNo",
        "orderAmount",
        "payOrderNo",
        "payUrl",
        "result",
    ];
    assert_eq!(names, table);
    assert_eq!((&answer["result"], &answer["merchantId"]), (&"SUCCESS".into(), &merchant.id.clone().into()));
    let link = Link::read(answer["payUrl"].as_str().unwrap()).unwrap();
    assert_eq!(link.pay_order_no, answer["payOrderNo"].as_str().unwrap());
    let now = u64::try_from(now_s()).unwrap();
    let (token, _) = LaunchToken::open(&BuiltIn, &handset::roots(&world), &link.token, now).unwrap();
    assert_eq!((token.pay_order_no, token.merchant_id), (link.pay_order_no, merchant.id));
    assert!(token.expires > now && token.expires <= now + 1_801);
}

#[tokio::test]
async fn the_same_order_again_is_the_same_order_with_a_fresh_link() {
    let (world, merchant) = World::with_merchant().await;
    let body = merchant.order_body("M-again").to_string();
    let first = world.order(&merchant, &body).await.json();
    let again = world.order(&merchant, &body).await.json();
    assert_eq!(first["payOrderNo"], again["payOrderNo"]);
    assert_ne!(first["payUrl"], again["payUrl"]);
}

#[tokio::test]
async fn the_same_number_with_other_content_is_a_conflict() {
    let (world, merchant) = World::with_merchant().await;
    let body = merchant.order_body("M-conflict");
    assert_eq!(world.order(&merchant, &body.to_string()).await.status, 200);
    for (field, value) in [
        ("orderAmount", serde_json::json!(128.51)),
        ("goodsName", "别的".into()),
        ("merchantName", "tea".into()),
        ("bankReturnUrl", "https://127.0.0.1:9443/other".into()),
    ] {
        let mut other = body.clone();
        other[field] = value;
        assert_eq!(world.order(&merchant, &other.to_string()).await.problem(), "409 5G-1409", "{field}");
    }
    let yesterday = msgpay_platform::ids::china_date((now_s() - 86_400) * 1000);
    let mut other = body.clone();
    other["orderDate"] = yesterday.into();
    assert_eq!(world.order(&merchant, &other.to_string()).await.problem(), "409 5G-1409", "orderDate");
    let mut same = body;
    same.as_object_mut().unwrap().remove("currency");
    assert_eq!(world.order(&merchant, &same.to_string()).await.status, 200, "CNY is the default");
}

#[tokio::test]
async fn ten_at_once_make_one_order() {
    let (world, merchant) = World::with_merchant().await;
    let body = merchant.order_body("M-storm").to_string();
    let all = futures_util::future::join_all((0..10).map(|_| world.order(&merchant, &body))).await;
    let mut numbers: Vec<String> = all.iter().map(|a| a.json()["payOrderNo"].to_string()).collect();
    numbers.dedup();
    assert_eq!(numbers.len(), 1, "{numbers:?}");
}

#[tokio::test]
async fn order_date_is_today_or_a_day_off() {
    let (world, merchant) = World::with_merchant().await;
    for (days, good) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
        let mut body = merchant.order_body(&format!("M-date{days}"));
        body["orderDate"] = msgpay_platform::ids::china_date((now_s() + days * 86_400) * 1000).into();
        let answer = world.order(&merchant, &body.to_string()).await;
        if good {
            assert_eq!(answer.status, 200, "{days}")
        } else {
            assert_eq!(answer.problem(), "400 5G-1001")
        }
    }
}

#[tokio::test]
async fn the_expiry_travels_in_a_signed_header() {
    let (world, merchant) = World::with_merchant().await;
    let place = async |no: &str, ahead: Duration| {
        let at = (OffsetDateTime::from_unix_timestamp(now_s()).unwrap() + ahead).format(&Rfc3339).unwrap();
        let request = merchant
            .request(&world, "/v1/pay/orders", &merchant.order_body(no).to_string())
            .covered_header("msgpay-expire", &at)
            .signed(&merchant);
        world.send(&merchant, &request).await
    };
    let answer = place("M-expire-1", Duration::minutes(2)).await;
    assert_eq!(answer.status, 200);
    let link = Link::read(answer.json()["payUrl"].as_str().unwrap()).unwrap();
    let now = u64::try_from(now_s()).unwrap();
    let (token, _) = LaunchToken::open(&BuiltIn, &handset::roots(&world), &link.token, now).unwrap();
    assert!(token.expires <= now + 121, "the link dies with its order");
    assert_eq!(place("M-expire-2", Duration::seconds(30)).await.problem(), "400 5G-1001");
    assert_eq!(place("M-expire-2", Duration::days(8)).await.problem(), "400 5G-1001");
    let request = merchant
        .request(&world, "/v1/pay/orders", &merchant.order_body("M-expire-2").to_string())
        .covered_header("msgpay-expire", "tomorrow")
        .signed(&merchant);
    assert_eq!(world.send(&merchant, &request).await.problem(), "400 5G-1001");
    let at = "2026-11-22T16:01:40+08:00";
    let mut twice =
        merchant.request(&world, "/v1/pay/orders", &merchant.order_body("M-expire-2").to_string());
    twice.fields.push(("msgpay-expire".into(), format!("{at}, {at}")));
    twice.covered.push("msgpay-expire".into());
    let mut twice = twice.signed(&merchant);
    twice.fields.retain(|(name, _)| name != "msgpay-expire");
    twice.fields.extend([("msgpay-expire".into(), at.into()), ("msgpay-expire".into(), at.into())]);
    let answer = world.send(&merchant, &twice).await;
    assert_eq!(answer.problem(), "400 5G-1001");
    assert!(String::from_utf8_lossy(&answer.body).contains("once"), "the signature held: {answer:?}");
}

#[tokio::test]
async fn a_query_answers_with_exactly_the_table() {
    let (world, merchant) = World::with_merchant().await;
    let placed = world.order(&merchant, &merchant.order_body("M-query").to_string()).await.json();
    let ask = async |change: fn(&mut serde_json::Value)| {
        let mut query = serde_json::json!({
            "payOrderNo": placed["payOrderNo"], "createDate": placed["createDate"],
            "mobileNo": 19_900_001_234_u64, "merchantOrderNo": "M-query", "merchantId": merchant.id
        });
        change(&mut query);
        let request = merchant.request(&world, "/v1/pay/orders/query", &query.to_string()).signed(&merchant);
        let answer = world.send(&merchant, &request).await;
        assert!(answer.is_signed_for(&request, &world.http_public_key()));
        answer
    };
    let answer = ask(|_| {}).await;
    let json = answer.json();
    assert_eq!(
        (&json["orderStatus"], &json["paymentDate"], &json["paymentTime"]),
        (&"WAIT_PAY".into(), &"".into(), &"".into())
    );
    assert_eq!((&json["mobileNo"], &json["currency"]), (&"19900001234".into(), &"CNY".into()));
    assert!(String::from_utf8_lossy(&answer.body).contains("\"orderAmount\":128.50,"));
    let mut names: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    let table = [
        "businessType",
        "currency",
        "goodsDescription",
        "goodsName",
        "goodsNo",
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
        "transactionType",
    ];
    assert_eq!(names, table);
    assert_eq!(ask(|q| q["payOrderNo"] = "P202601010000000000000000".into()).await.problem(), "404 5G-2001");
    assert_eq!(ask(|q| q["createDate"] = "20200101".into()).await.problem(), "404 5G-2001");
    assert_eq!(ask(|q| q["merchantOrderNo"] = "M-other".into()).await.problem(), "404 5G-2001");
    assert_eq!(ask(|q| q["merchantId"] = "8980000000000000".into()).await.problem(), "403 5G-1005");
}

#[tokio::test]
async fn another_merchant_cannot_see_the_order() {
    let (world, coffee) = World::with_merchant().await;
    let tea = world.merchant("tea", "127.0.0.1:9444").await;
    let placed = world.order(&coffee, &coffee.order_body("M-mine").to_string()).await.json();
    let query = serde_json::json!({
        "payOrderNo": placed["payOrderNo"], "createDate": placed["createDate"],
        "mobileNo": 19_900_001_234_u64, "merchantOrderNo": "M-mine", "merchantId": tea.id
    });
    let request = tea.request(&world, "/v1/pay/orders/query", &query.to_string()).signed(&tea);
    assert_eq!(world.send(&tea, &request).await.problem(), "404 5G-2001");
}

#[tokio::test]
async fn other_paths_and_methods_are_no_interface() {
    let (world, merchant) = World::with_merchant().await;
    let request = merchant.request(&world, "/v1/pay/refunds", "{}").signed(&merchant);
    assert_eq!(world.send(&merchant, &request).await.problem(), "404 5G-1404");
}
