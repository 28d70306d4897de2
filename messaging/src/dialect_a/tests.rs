use serde_json::{Value, json};

use super::*;
use crate::{
    gsma::Response,
    model::{Content, Outbound},
};

fn example(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/examples/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).unwrap()
}

#[test]
fn a_reply_is_read_with_its_postback() {
    let message = read_inbound(&example("in_01_reply_institution")).unwrap();
    assert_eq!(message.from.mobile(), Some("19900001234"));
    assert_eq!(message.in_reply_to.as_deref(), Some("a29306d8-7ec0-57f5-bad5-efc55034185b"));
    assert!(message.postback().unwrap().starts_with("p1|inst.select|"));
}

#[test]
fn an_action_may_come_without_its_postback() {
    let message = read_inbound(&example("in_03_action_without_postback")).unwrap();
    assert_eq!(message.postback(), None);
    let Content::Tap(Response::Action(tap)) = &message.contents[0] else { panic!("{message:?}") };
    assert_eq!(tap.display_text, "查看订单");
}

#[test]
fn text_and_device_data_are_read() {
    assert_eq!(read_inbound(&example("in_04_text")).unwrap().text(), Some("我要退款"));
    let Content::Shared(data) = read_inbound(&example("in_05_shared_data")).unwrap().contents.remove(0)
    else {
        panic!("no device data");
    };
    assert_eq!(data.device_specifics.unwrap().client_vendor.as_deref(), Some("FGPY"));
}

#[test]
fn an_uplink_written_is_the_uplink_read() {
    for name in ["in_01_reply_institution", "in_02_action_opened", "in_04_text", "in_05_shared_data"] {
        let bytes = example(name);
        let body = serde_json::to_value(inbound_body(&read_inbound(&bytes).unwrap())).unwrap();
        assert_eq!(body, serde_json::from_slice::<Value>(&bytes).unwrap(), "{name}");
        crate::rules::check_inbound(&body).unwrap();
    }
}

#[test]
fn live_senders_oddities_are_read() {
    let mut body: Value = serde_json::from_slice(&example("in_02_action_opened")).unwrap();
    body["messageList"][0]["contentEncoding"] = "base64".into();
    body["messageList"][0]["contentText"] =
        "eyJyZXNwb25zZSI6eyJyZXBseSI6eyJkaXNwbGF5VGV4\r\ndCI6IkEifX19".into();
    body["inReplyTo"] = "".into();
    body["unknown"] = json!({"x": 1});
    let message = read_inbound(body.to_string().as_bytes()).unwrap();
    assert!(matches!(&message.contents[0], Content::Tap(Response::Reply(tap)) if tap.display_text == "A"));
    assert_eq!(message.in_reply_to, None);
}

#[test]
fn an_uplink_that_lies_about_its_type_is_refused() {
    let good: Value = serde_json::from_slice(&example("in_02_action_opened")).unwrap();
    let mut text = good.clone();
    text["messageList"][0]["contentType"] = "text/plain".into();
    assert_eq!(read_inbound(text.to_string().as_bytes()), Err(InboundError::Part { index: 0 }));
    let mut foreign = good.clone();
    foreign["messageList"][0]["contentType"] = "application/cmredbag+xml".into();
    assert_eq!(read_inbound(foreign.to_string().as_bytes()), Err(InboundError::Nothing));
    let mut number = good;
    number["senderAddress"] = "19900001234".into();
    assert_eq!(read_inbound(number.to_string().as_bytes()), Err(InboundError::Form));
    assert_eq!(read_inbound(b"{"), Err(InboundError::Form));
}

#[test]
fn a_delivery_report_is_read() {
    let report: DeliveryReport = serde_json::from_slice(&example("dlv_01")).unwrap();
    let failed = &report.delivery_info_list[1];
    assert_eq!(failed.status, DeliveryStatus::Failed);
    assert_eq!(failed.error_code, Some(FailureCode::Offline.number()));
    assert_eq!(failed.error_message.as_deref(), Some(FailureCode::Offline.words()));
    crate::rules::check_delivery(&serde_json::to_value(&report).unwrap()).unwrap();
}

#[test]
fn an_operator_refuses_with_its_own_codes() {
    let good: Value = serde_json::from_slice(&example("out_10_native_pay_card")).unwrap();
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut body = good.clone();
        change(&mut body);
        read_outbound(body.to_string().as_bytes()).unwrap_err().0
    };
    const CARD: &str = "/messageList/0/contentText/message/generalPurposeCard/content/suggestions";
    assert!(read_outbound(good.to_string().as_bytes()).is_ok());
    assert_eq!(read_outbound(b" ").unwrap_err().0, Code::EmptyPost);
    assert_eq!(read_outbound(b"{\"messageId\":").unwrap_err().0, Code::BadJson);
    assert_eq!(read_outbound(b"{}").unwrap_err().0, Code::Parameter);
    let set = |at: &'static str, value: Value| {
        refused(&move |body: &mut Value| {
            *body.pointer_mut(&format!("{CARD}{at}")).unwrap() = value.clone();
        })
    };
    assert_eq!(set("/1/reply/displayText", "一二三四五六七八九".into()), Code::ButtonName);
    assert_eq!(set("/1/reply/postback/data", "x".repeat(2049).into()), Code::ButtonKey);
    assert_eq!(set("/0/action/urlAction/openUrl/url", "file:///etc/passwd".into()), Code::ButtonUrl);
    assert_eq!(set("/0/action", json!({"displayText": "x"})), Code::ButtonType);
    assert_eq!(set("", json!([])), Code::ButtonCount);
    assert_eq!(refused(&|body: &mut Value| body["trafficType"] = "pay".into()), Code::Parameter);
}

#[test]
fn codes_have_distinct_numbers_and_are_found_again() {
    for code in Code::ALL {
        assert_eq!(Code::of(code.number()), Some(*code));
    }
    assert_eq!(Code::of(12345), None);
}

#[test]
fn the_token_is_found_bare_or_named() {
    assert_eq!(token_in("accessToken abc"), "abc");
    assert_eq!(token_in("abc"), "abc");
}

/// The proof is not a formality: a message with a defect has no encoding.
#[test]
fn an_outbound_with_a_defect_never_becomes_bytes() {
    let body: OutboundBody = serde_json::from_slice(&example("out_10_native_pay_card")).unwrap();
    let message = Outbound {
        ids: body.ids,
        in_reply_to: None,
        to: body.destination_address,
        from: body.sender_address,
        bot_version: body.service_capability[0].version.clone(),
        parts: vec![crate::model::Part::Chips(vec![crate::gsma::Suggestion::reply(
            "一二三四五六七八九",
            "d",
        )])],
        traffic: None,
        reports: vec![],
        store: true,
        sms: None,
    };
    assert!(message.validate().unwrap_err().has("button-text-too-long"));
}
