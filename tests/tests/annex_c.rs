//! Annex C, table by table: what the wire reads and writes has just these fields, of just these types.

use msgpay_tests::annex_c::{self, Field, differs};
use msgpay_wire::annex_c::{NewOrder, Notice, NoticeAnswer, OrderAccepted, Query, QueryAnswer};
use serde_json::{Value, json};

/// A body with every field of its table.
fn full(table: &[Field]) -> Value {
    let all = json!({
        "transactionType": "01", "businessType": "NATIVE",
        "bankReturnUrl": "https://merchant.example/pay/notify",
        "merchantOrderNo": "M20270115A0007", "merchantName": "青禾咖啡", "orderDate": "20270115",
        "orderAmount": 128.5, "currency": "CNY", "merchantId": "8980000000000017", "mobileNo": "19900001234",
        "goodsNo": "SKU-LT-01", "goodsName": "拿铁礼盒", "goodsDescription": "拿铁礼盒 ×1",
        "payOrderNo": "P202701150000000731", "createDate": "20270115", "result": "SUCCESS",
        "payUrl": "msgpay://v1/pay?o=P202701150000000731&tk=AA", "paymentDate": "20270115",
        "paymentTime": "153207", "fee": 0.77, "orderStatus": "SUCCESS", "noticeResult": "SUCCESS",
    });
    let mut body = json!({});
    for (name, kind, _) in table {
        body[*name] = match kind {
            annex_c::Kind::Long => json!(19_900_001_234_u64),
            _ => all[*name].clone(),
        };
    }
    body
}

/// Holds a reader and its writer against the table: `rewrite` reads a body and writes it again.
fn hold(table: &[Field], rewrite: impl Fn(&[u8]) -> Option<Vec<u8>>) {
    let accepts = |body: &Value| rewrite(body.to_string().as_bytes());
    let body = full(table);
    let written = accepts(&body).map(|bytes| serde_json::from_slice::<Value>(&bytes));
    let Some(Ok(written)) = written else { panic!("the full body is refused: {body}") };
    assert_eq!(differs(table, &written), [""; 0]);
    assert_eq!(written, body, "nothing is lost or changed on the way");
    for (name, kind, required) in table {
        let mut without = body.clone();
        without.as_object_mut().into_iter().for_each(|members| drop(members.remove(*name)));
        assert_eq!(accepts(&without).is_none(), *required, "without {name}");
        let mut typed = body.clone();
        typed[*name] = kind.other();
        assert!(accepts(&typed).is_none(), "{name} of another type: {typed}");
        for senseless in [Value::Null, json!([]), json!({}), json!(true)] {
            typed[*name] = senseless;
            assert!(accepts(&typed).is_none(), "{name}: {typed}");
        }
    }
    let mut extra = body;
    extra["remark"] = json!("x");
    assert!(accepts(&extra).is_none(), "a field that is not in the table");
    for broken in ["", "[]", "null", "{", "{}{}"] {
        assert!(rewrite(broken.as_bytes()).is_none(), "{broken}");
    }
}

#[test]
fn c1_order_request_is_the_table() {
    hold(annex_c::ORDER, |bytes| Some(NewOrder::read(bytes).ok()?.encode()));
}

#[test]
fn c1_order_answer_is_the_table() {
    hold(annex_c::ORDER_ANSWER, |bytes| Some(OrderAccepted::read(bytes).ok()?.encode()));
}

#[test]
fn c2_query_is_the_table() {
    hold(annex_c::QUERY, |bytes| Query::read(bytes).ok()?.encode().ok());
}

#[test]
fn c2_query_answer_is_the_table() {
    hold(annex_c::QUERY_ANSWER, |bytes| Some(QueryAnswer::read(bytes).ok()?.encode()));
}

#[test]
fn c3_notice_is_the_table() {
    hold(annex_c::NOTICE, |bytes| Some(Notice::read(bytes).ok()?.encode()));
}

#[test]
fn c3_notice_answer_is_the_table() {
    hold(annex_c::NOTICE_ANSWER, |bytes| Some(NoticeAnswer::read(bytes).ok()?.encode()));
}

#[test]
fn a_departure_from_the_table_is_found() {
    let body = full(annex_c::QUERY);
    assert_eq!(differs(annex_c::QUERY, &body), [""; 0]);
    let mut text = body.clone();
    text["mobileNo"] = json!("19900001234");
    assert_eq!(differs(annex_c::QUERY, &text).len(), 1);
    let mut more = body.clone();
    more["remark"] = json!("x");
    assert_eq!(differs(annex_c::QUERY, &more), ["remark is not in the table"]);
    assert_eq!(differs(annex_c::QUERY, &json!({})).len(), 5);
    assert_eq!(differs(annex_c::QUERY, &json!([])), ["no JSON object"]);
}
