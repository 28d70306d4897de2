//! Every published example is accepted; every published refusal, and one message per own rule, is
//! refused under its name.

use serde_json::{Value, json};

use super::*;

fn example(name: &str) -> Value {
    let path = format!("{}/tests/fixtures/examples/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn changed(name: &str, change: impl FnOnce(&mut Value)) -> Defects {
    let mut body = example(name);
    change(&mut body);
    check_outbound(&body).unwrap_err()
}

const CARD: &str = "/messageList/0/contentText/message/generalPurposeCard";

fn set(body: &mut Value, at: &str, value: impl Into<Value>) {
    let (parent, member) = at.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap()[member] = value.into();
}

#[test]
fn every_example_is_accepted() {
    let folder = format!("{}/tests/fixtures/examples", env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let body = example(&name);
        let judged = match name.split('_').next().unwrap() {
            "out" => check_outbound(&body),
            "in" => check_inbound(&body),
            "dlv" => check_delivery(&body),
            "menu" => check_menu(&body),
            other => panic!("no rule for {other}"),
        };
        judged.unwrap_or_else(|defects| panic!("{name}: {defects}"));
        seen += 1;
    }
    assert_eq!(seen, 21);
}

#[test]
fn every_outbound_example_survives_its_types() {
    for name in ["out_01_webview_pay_card", "out_02_aggregate_institutions", "out_13_pay_qr"] {
        let body = example(name);
        for part in body["messageList"].as_array().unwrap() {
            let typed: crate::gsma::Root = serde_json::from_value(part["contentText"].clone()).unwrap();
            assert_eq!(serde_json::to_value(typed).unwrap(), part["contentText"], "{name}");
        }
    }
    let menu = example("menu_01_paybot");
    let typed: crate::gsma::MenuRoot = serde_json::from_value(menu.clone()).unwrap();
    assert_eq!(serde_json::to_value(typed).unwrap(), menu);
}

#[test]
fn every_published_refusal_is_refused_under_its_name() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../../tests/fixtures/refused.json")).unwrap();
    assert_eq!(cases.len(), 16);
    for case in cases {
        let (body, name) = (&case["body"], case["defect"].as_str().unwrap());
        let (schema, judged) = match case["schema"].as_str().unwrap() {
            "gsma-chatbot-message" => (Schema::ChatbotMessage, check_root(body)),
            "maap-outbound" => (Schema::MaapOutbound, check_outbound(body)),
            other => panic!("no rule for {other}"),
        };
        let defects = judged.expect_err(name);
        assert!(defects.has(name), "{name}: {defects}");
        assert!(!schema.check(body).is_empty(), "the schema alone refuses {name} too");
    }
}

#[test]
fn button_words_are_counted_in_bytes() {
    let at = format!("{CARD}/content/suggestions/1/reply/displayText");
    let defects = changed("out_10_native_pay_card", |body| set(body, &at, "一二三四五六七八九"));
    assert!(defects.has("button-text-too-long"), "{defects}");
    // The schema alone lets 9 characters of 27 bytes through: the rule is what refuses them.
    assert_eq!(defects.list().len(), 1);
    let mut body = example("out_10_native_pay_card");
    set(&mut body, &at, "一二三四五六七八x");
    check_outbound(&body).unwrap();
}

#[test]
fn present_and_empty_is_refused_everywhere() {
    for (at, value) in [
        ("/inReplyTo", json!("")),
        ("/reportRequest", json!([])),
        ("/imFormat", json!(null)),
        ("/messageList/0/contentText/message/generalPurposeCard/content/description", json!("")),
    ] {
        let defects = changed("out_10_native_pay_card", |body| set(body, at, value));
        assert!(defects.has("empty-member"), "{at}: {defects}");
    }
}

#[test]
fn a_payment_message_says_so_and_has_one_recipient() {
    let silent = changed("out_10_native_pay_card", |body| {
        body.as_object_mut().unwrap().remove("trafficType");
    });
    assert!(silent.has("payment-traffic-missing"), "{silent}");
    let wrong = changed("out_05_result_success", |body| set(body, "/trafficType", "advertisement"));
    assert!(wrong.has("payment-traffic-missing"), "{wrong}");
    let two = changed("out_10_native_pay_card", |body| {
        set(body, "/destinationAddress", json!(["tel:+8619900001234", "tel:+8619900001235"]));
    });
    assert!(two.has("payment-recipients"), "{two}");
}

#[test]
fn a_payment_is_recognised_by_its_link_alone() {
    let defects = changed("out_10_native_pay_card", |body| {
        body.as_object_mut().unwrap().remove("trafficType");
        let card = body.pointer_mut(&format!("{CARD}/content/suggestions")).unwrap();
        card.as_array_mut().unwrap().truncate(1);
        card[0]["action"].as_object_mut().unwrap().remove("postback");
    });
    assert!(defects.has("payment-traffic-missing"), "{defects}");
}

#[test]
fn a_confirm_card_cannot_arrive_late() {
    let kept = changed("out_04_paybot_confirm", |body| set(body, "/storeSupported", true));
    assert!(kept.has("confirm-could-be-stale"), "{kept}");
    let sms = changed("out_13_pay_qr", |body| {
        set(body, "/smsSupported", true);
        set(body, "/smsContent", "付款码");
    });
    assert!(sms.has("confirm-could-be-stale"), "{sms}");
}

#[test]
fn what_hides_in_base64_is_read_too() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let encode = |body: &mut Value, text: String| {
        body["messageList"][0]["contentEncoding"] = "base64".into();
        body["messageList"][0]["contentText"] = STANDARD.encode(text).into();
    };
    let mut good = example("out_10_native_pay_card");
    let root = good["messageList"][0]["contentText"].to_string();
    encode(&mut good, root.clone());
    check_outbound(&good).unwrap();
    good.as_object_mut().unwrap().remove("trafficType");
    assert!(check_outbound(&good).unwrap_err().has("payment-traffic-missing"));
    let broken = changed("out_10_native_pay_card", |body| encode(body, root[1..].to_owned()));
    assert!(broken.has("content-undecodable"), "{broken}");
    let long = changed("out_10_native_pay_card", |body| {
        encode(body, root.replace("取消订单", "取消订单取消订单取消"));
    });
    assert!(long.has("button-text-too-long"), "{long}");
}

#[test]
fn addresses_that_a_button_may_open() {
    let at = format!("{CARD}/content/suggestions/0/action/urlAction/openUrl");
    for (url, application) in [
        ("http://pay.example.cn/", "browser"),
        ("javascript:alert(1)", "browser"),
        ("file:///etc/passwd", "webview"),
        ("msgpay://v1/pay?o=P1&tk=x", "webview"),
        ("sms:106509990002", "webview"),
    ] {
        let open = json!({"url": url, "application": application});
        let defects = changed("out_10_native_pay_card", |body| set(body, &at, open));
        assert!(defects.has("url-scheme"), "{url}: {defects}");
    }
}

#[test]
fn a_token_like_postback_must_be_a_token() {
    let at = format!("{CARD}/content/suggestions/1/reply/postback/data");
    let defects = changed("out_10_native_pay_card", |body| set(body, &at, "p1|order.fly|x"));
    assert!(defects.has("postback-malformed"), "{defects}");
}

#[test]
fn a_whole_card_number_never_leaves() {
    let at = format!("{CARD}/content/description");
    for number in [
        "6222021234567894",
        "6222 0212 3456 7894",
        "卡号6222-0212-3456-7894，",
        "4111111111111111",
        "6222  0212 - 3456--7894",
        "６２２２ ０２１２　３４５６－７８９４",
    ] {
        let defects = changed("out_10_native_pay_card", |body| set(body, &at, number));
        assert!(defects.has("card-number-shown"), "{number}: {defects}");
    }
    let sms = changed("out_05_result_success", |body| set(body, "/smsContent", "卡4111111111111111"));
    assert!(sms.has("card-number-shown"), "{sms}");
    let button = format!("{CARD}/content/suggestions/1/reply/displayText");
    let shown = changed("out_10_native_pay_card", |body| set(body, &button, "4111111111111111"));
    assert!(shown.has("card-number-shown"), "{shown}");
    for (encoded, defect) in
        [("NDExMTExMTExMTExMTExMQ==", "card-number-shown"), ("??", "content-undecodable")]
    {
        let hidden = changed("out_10_native_pay_card", |body| {
            let part = json!({"contentType": crate::gsma::TEXT, "contentEncoding": "base64", "contentText": encoded});
            body["messageList"][0] = part;
        });
        assert!(hidden.has(defect), "{hidden}");
    }
    for fine in
        ["4111111111111112", "尾号 1111", "M4111111111111111", "4111111111111111A", "2026-11-22 15:32:07"]
    {
        let mut body = example("out_10_native_pay_card");
        set(&mut body, &at, fine);
        check_outbound(&body).unwrap_or_else(|defects| panic!("{fine}: {defects}"));
    }
}

#[test]
fn carousels_and_media_of_the_field() {
    let carousel = "/messageList/0/contentText/message/generalPurposeCardCarousel";
    let many = changed("out_02_aggregate_institutions", |body| {
        let cards = body.pointer_mut(&format!("{carousel}/content")).unwrap();
        let card = cards[0].clone();
        *cards = Value::from(vec![card; 11]);
    });
    assert!(many.has("carousel-size"), "{many}");
    let tall = changed("out_02_aggregate_institutions", |body| {
        set(body, &format!("{carousel}/layout/cardWidth"), "SMALL_WIDTH");
        let media = json!({"mediaUrl": "https://a.cn/x.png", "mediaContentType": "image/png",
            "mediaFileSize": 1, "height": "TALL_HEIGHT"});
        set(body, &format!("{carousel}/content/0/media"), media);
    });
    assert!(tall.has("tall-in-small-carousel"), "{tall}");
    let thumbnail = changed("out_01_webview_pay_card", |body| {
        set(body, &format!("{CARD}/content/media/thumbnailFileSize"), 204_801);
    });
    assert!(thumbnail.has("thumbnail-too-large"), "{thumbnail}");
    let aligned = changed("out_01_webview_pay_card", |body| {
        set(body, &format!("{CARD}/layout/imageAlignment"), "LEFT");
    });
    assert!(aligned.has("alignment-on-vertical"), "{aligned}");
}

#[test]
fn menus_have_two_levels() {
    let mut wide = example("menu_01_paybot");
    let entries = wide.pointer_mut("/menu/entries").unwrap().as_array_mut().unwrap();
    entries.push(entries[0].clone());
    assert!(check_menu(&wide).unwrap_err().has("menu-entries"));
    let mut deep = example("menu_01_paybot");
    let inner = deep.pointer("/menu/entries/0").unwrap().clone();
    *deep.pointer_mut("/menu/entries/1/menu/entries/0").unwrap() = inner;
    assert!(check_menu(&deep).unwrap_err().has("menu-levels"));
}
