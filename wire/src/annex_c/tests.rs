use super::*;

fn order() -> serde_json::Value {
    serde_json::json!({
        "transactionType": "01", "businessType": "NATIVE",
        "bankReturnUrl": "https://api.merchant.example.cn/pay/notify",
        "merchantOrderNo": "M20261122A0007", "merchantName": "青禾咖啡（示例）", "orderDate": "20261122",
        "orderAmount": 128.5, "currency": "CNY", "merchantId": "8980000000000017", "mobileNo": "19900001234",
        "goodsNo": "SKU-LT-01", "goodsName": "拿铁礼盒", "goodsDescription": "拿铁礼盒 ×1"
    })
}

fn with_amount(raw: &str) -> Vec<u8> {
    order().to_string().replace("128.5", raw).into_bytes()
}

#[test]
fn order_reads_writes_and_keeps_two_decimals() {
    let read = NewOrder::read(order().to_string().as_bytes()).unwrap();
    assert_eq!(read.order_amount.get(), 12850);
    let text = String::from_utf8(read.encode()).unwrap();
    assert!(text.contains("\"orderAmount\":128.50,"), "{text}");
    assert_eq!(NewOrder::read(text.as_bytes()).unwrap(), read);
}

#[test]
fn optional_fields_may_be_absent_but_not_null_or_empty() {
    for field in ["currency", "goodsNo", "goodsName", "goodsDescription"] {
        let mut body = order();
        body.as_object_mut().unwrap().remove(field);
        assert!(NewOrder::read(body.to_string().as_bytes()).is_ok(), "{field} absent");
        body[field] = serde_json::Value::Null;
        assert!(NewOrder::read(body.to_string().as_bytes()).is_err(), "{field} null");
        body[field] = "".into();
        assert!(NewOrder::read(body.to_string().as_bytes()).is_err(), "{field} empty");
    }
}

#[test]
fn every_mandatory_field_is_missed_and_typed() {
    let mandatory = [
        "transactionType",
        "businessType",
        "bankReturnUrl",
        "merchantOrderNo",
        "merchantName",
        "orderDate",
        "orderAmount",
        "merchantId",
        "mobileNo",
    ];
    for field in mandatory {
        let mut body = order();
        body.as_object_mut().unwrap().remove(field);
        assert_eq!(
            NewOrder::read(body.to_string().as_bytes()),
            Err(BodyError::Shape(ShapeError::Fields)),
            "{field} missing"
        );
        body[field] = serde_json::json!([1]);
        assert!(NewOrder::read(body.to_string().as_bytes()).is_err(), "{field} of another type");
    }
    let mut body = order();
    body["mobileNo"] = serde_json::json!(19_900_001_234_u64);
    assert!(NewOrder::read(body.to_string().as_bytes()).is_err(), "mobileNo is a String in C.1");
    let mut body = order();
    body["extra"] = "x".into();
    assert!(NewOrder::read(body.to_string().as_bytes()).is_err(), "unknown field");
    let twice = order().to_string().replacen('{', "{\"merchantId\":\"1\",", 1);
    assert!(NewOrder::read(twice.as_bytes()).is_err(), "field twice");
}

#[test]
fn amounts_that_are_none_are_refused_by_name() {
    for raw in
        ["1e3", "0", "-1", "0.001", "\"12.5x\"", "\"128.50\"", "123456789012345678901234567890", "null", "[]"]
    {
        match NewOrder::read(&with_amount(raw)) {
            Err(BodyError::Amount { field: "orderAmount", .. }) => {}
            other => panic!("{raw}: {other:?}"),
        }
    }
    assert!(NewOrder::read(&with_amount("128.50")).is_ok(), "the control is accepted");
}

#[test]
fn values_outside_their_rule_are_refused_by_field() {
    for (field, value) in [
        ("transactionType", "99"),
        ("businessType", "native"),
        ("merchantOrderNo", "M1"),
        ("merchantOrderNo", "M 20261122"),
        ("orderDate", "20260230"),
        ("orderDate", "2026112"),
        ("currency", "USD"),
        ("mobileNo", "+8619900001234"),
        ("mobileNo", "1990000123"),
        ("merchantName", "a\nb"),
    ] {
        let mut body = order();
        body[field] = value.into();
        match NewOrder::read(body.to_string().as_bytes()) {
            Err(BodyError::Field { field: named, .. }) => assert_eq!(named, field),
            other => panic!("{field}={value}: {other:?}"),
        }
    }
}

#[test]
fn query_takes_the_mobile_number_as_a_number_only() {
    let good = r#"{"payOrderNo":"P1","createDate":"20261122","mobileNo":19900001234,"merchantOrderNo":"M20261122A0007","merchantId":"1"}"#;
    let query = Query::read(good.as_bytes()).unwrap();
    assert_eq!(query.mobile_no, "19900001234");
    assert_eq!(String::from_utf8(query.encode().unwrap()).unwrap(), good);
    assert!(Query::read(good.replace("19900001234", "\"19900001234\"").as_bytes()).is_err());
    assert!(Query::read(good.replace("19900001234", "19900001234.0").as_bytes()).is_err());
}

#[test]
fn notice_and_answers_round_trip() {
    let notice = Notice {
        merchant_order_no: "M20261122A0007".into(),
        merchant_name: "青禾咖啡".into(),
        order_date: "20261122".into(),
        order_amount: Fen::new(12850).unwrap(),
        merchant_id: "1".into(),
        mobile_no: "19900001234".into(),
        payment_date: "20261122".into(),
        payment_time: "153207".into(),
        pay_order_no: "P1".into(),
        order_status: OrderStatus::Success,
    };
    assert_eq!(Notice::read(&notice.encode()).unwrap(), notice);
    assert!(NoticeAnswer::read(br#"{"noticeResult":"SUCCESS"}"#).unwrap().is_success());
    assert!(!NoticeAnswer::read(br#"{"noticeResult":"FAIL"}"#).unwrap().is_success());
    assert!(NoticeAnswer::read(b"{}").is_err());
}

#[test]
fn text_that_is_shown_cannot_turn_the_line_around() {
    for c in [
        '\u{202e}',
        '\u{2066}',
        '\u{200f}',
        '\u{061c}',
        '\u{2028}',
        '\n',
        '\u{200b}',
        '\u{ad}',
        '\u{2060}',
        '\u{feff}',
        '\u{3164}',
        '\u{e0041}',
    ] {
        for field in ["merchantName", "goodsName", "goodsDescription"] {
            let mut body = order();
            body[field] = format!("青禾{c}咖啡").into();
            assert!(NewOrder::read(body.to_string().as_bytes()).is_err(), "{field} {c:?}");
        }
    }
    for blank in ["", " ", "\u{3000}\u{2800}", "礼\u{200d}盒", "礼盒\u{fe0f}"] {
        for field in ["merchantName", "goodsName"] {
            let mut body = order();
            body[field] = blank.into();
            assert!(NewOrder::read(body.to_string().as_bytes()).is_err(), "{field} {blank:?}");
        }
    }
    let mut body = order();
    body["goodsName"] = "礼盒 👩\u{200d}🍳".into();
    assert!(NewOrder::read(body.to_string().as_bytes()).is_ok(), "joined emoji stay");
}
