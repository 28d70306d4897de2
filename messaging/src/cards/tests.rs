//! Each card, built from plain facts, is the fixture that other implementations are tested with.

use serde_json::Value;

use super::*;
use crate::{dialect_a, postback::PostbackKey};

const PAY_ORDER: &str = "P202611220000000731";
const ORDER: &str = "M20261122A0007";
const MERCHANT: &str = "青禾咖啡（示例）";
/// 2026-11-22 15:45:00 UTC+8.
const BUTTONS_UNTIL: u64 = 1_795_333_500;
/// 2026-11-22 15:32:07 UTC+8.
const PAID_AT: u64 = 1_795_332_727;

fn keys() -> PostbackKeys {
    let key: [u8; 32] = std::array::from_fn(|i| u8::try_from(i).unwrap());
    PostbackKeys::new(PostbackKey::new("k7", key), vec![])
}

fn sender() -> TelUri {
    TelUri::parse("tel:+8619900001234").unwrap()
}

fn fixture(name: &str) -> Value {
    let path = format!("{}/tests/fixtures/examples/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn assert_is_fixture(name: &str, build: impl FnOnce(Buttons<'_>) -> (CardContent, Option<String>)) {
    let expected = fixture(name);
    let (keys, to) = (keys(), sender());
    let (card, sms) =
        build(Buttons { keys: &keys, sender: &to, reference: PAY_ORDER, expires: BUTTONS_UNTIL });
    let envelope = Envelope {
        ids: serde_json::from_value(expected.clone()).unwrap(),
        in_reply_to: None,
        to: to.clone(),
        from: ChatbotUri::parse("sip:106509990001@botplatform.rcs.example.cn").unwrap(),
    };
    let message = envelope.payment(card, sms, vec![]).validate().unwrap();
    let sent: Value = serde_json::from_slice(&dialect_a::encode(&message)).unwrap();
    assert_eq!(sent, expected, "{name}");
}

#[test]
fn native_pay_card() {
    let card = PayCard {
        merchant: MERCHANT,
        goods: "拿铁礼盒 ×1",
        amount_fen: 12_850,
        pay_order_no: PAY_ORDER,
        pay_url: "msgpay://v1/pay?o=P202611220000000731&tk=Q2hlY2stbWU",
        pay_before: 1_795_334_500,
    };
    assert_is_fixture("out_10_native_pay_card", |buttons| (card.content(buttons), None));
}

#[test]
fn success_card() {
    let card = SuccessCard {
        merchant: MERCHANT,
        amount_fen: 12_850,
        paid_at: PAID_AT,
        pay_order_no: PAY_ORDER,
        merchant_order_no: ORDER,
        order_page: Some("https://m.example.cn/o/A0007"),
        refunds: true,
        receipts: true,
    };
    assert_is_fixture("out_05_result_success", |buttons| (card.content(buttons), Some(card.sms("青禾咖啡"))));
}

#[test]
fn failed_card() {
    let card = FailedCard {
        reason: Some("付款账户余额不足（5G-3004）"),
        pay_before: BUTTONS_UNTIL,
        retry_page: Some("https://pay.example.cn/c/Zk81nQ0aUr2d5Ej7"),
        other_institutions: true,
    };
    assert_is_fixture("out_06_result_failed", |buttons| (card.content(buttons), None));
}

#[test]
fn already_paid_card() {
    let card =
        AlreadyPaidCard { merchant_order_no: ORDER, paid_at: PAID_AT, amount_fen: 12_850, refunds: true };
    assert_is_fixture("out_07_already_paid", |buttons| (card.content(buttons), None));
}

#[test]
fn closed_card() {
    assert_is_fixture("out_08_expired", |buttons| (ClosedCard.content(buttons), None));
}

#[test]
fn goods_become_a_card_or_a_carousel_that_may_be_sent() {
    let goods = |i: i64| Goods {
        number: format!("SKU-{i}"),
        name: format!("拿铁 {i}"),
        description: "现磨".into(),
        price_fen: 2_800 + i,
        picture: None,
    };
    let (keys, to) = (keys(), sender());
    let buttons = Buttons { keys: &keys, sender: &to, reference: "", expires: BUTTONS_UNTIL };
    for count in [1, 2, 10, 12] {
        let shelf: Vec<Goods> = (0..count).map(goods).collect();
        let message = goods_card(&shelf, buttons).unwrap();
        let shown = usize::try_from(count.min(10)).unwrap();
        assert_eq!(message.contents().len(), shown);
        let last = message.contents()[shown - 1].suggestions.as_ref().unwrap()[0].clone();
        let token = keys.verify(last.postback().unwrap(), &to, 0).unwrap();
        assert_eq!((token.verb, token.reference), (Verb::GoodsPick, format!("SKU-{}", shown - 1)));
        let envelope = Envelope {
            ids: serde_json::from_value(fixture("out_10_native_pay_card")).unwrap(),
            in_reply_to: Some("c1".into()),
            to: to.clone(),
            from: ChatbotUri::parse("sip:106509990001@a.cn").unwrap(),
        };
        envelope.plain(message, vec![]).validate().unwrap();
    }
    assert_eq!(goods_card(&[], buttons), None);
}

#[test]
fn the_largest_amount_fits_its_button() {
    let largest = format!("支付{}元", yuan(999_999_999_999));
    assert!(largest.len() <= crate::rules::BUTTON_BYTES_MAX, "{largest}");
    assert_eq!(yuan(5), "0.05");
    assert_eq!(yuan(-1), "-0.01");
}
