//! Annex C between merchant and platform, with its HTTP signatures.

use msgpay_wire::Fen;
use msgpay_wire::annex_c::{
    BusinessType, NewOrder, Notice, NoticeAnswer, OrderAccepted, OrderStatus, Query, QueryAnswer,
    TransactionType,
};
use msgpay_wire::httpsig::{
    Claims, Message, Refusal, Signed, SignedHeaders, Tag, content_digest, sign_answer, sign_request,
};

use super::keys::{Key, MERCHANT, PLATFORM_HTTP, Ring, SUITE};
use super::{AMOUNT_FEN, Block, MERCHANT_ID, MERCHANT_NAME, NOW, ORDER, PAID, text, trusted};

const MERCHANT_KEY_ID: &str = "m-8980000000000017-2026a";
const PLATFORM_KEY_ID: &str = "pay-2026a";
const ORDERS: &str = "https://pay.example.cn/v1/pay/orders";
const NOTIFY: &str = "https://api.merchant.example.cn/pay/notify";
const MERCHANT_ORDER: &str = "M20261122A0007";
const DAY: &str = "20261122";
const MOBILE: &str = "19900001234";

pub(super) fn blocks() -> Vec<Block> {
    [order(), query(), notice()].concat()
}

fn amount() -> Fen {
    Fen::new(AMOUNT_FEN).expect("an amount")
}

/// C.1: the order, signed, and its answer, signed for this request only.
fn order() -> Vec<Block> {
    let order = NewOrder {
        transaction_type: TransactionType::Password,
        business_type: BusinessType::Native,
        bank_return_url: NOTIFY.into(),
        merchant_order_no: MERCHANT_ORDER.into(),
        merchant_name: MERCHANT_NAME.into(),
        order_date: DAY.into(),
        order_amount: amount(),
        currency: Some("CNY".into()),
        merchant_id: MERCHANT_ID.into(),
        mobile_no: MOBILE.into(),
        goods_no: Some("SKU-LT-01".into()),
        goods_name: Some("拿铁礼盒".into()),
        goods_description: None,
    }
    .encode();
    NewOrder::read(&order).expect("it reads");
    let expire = ("msgpay-expire".to_owned(), "2026-11-22T16:01:40+08:00".to_owned());
    let claims = Claims {
        tag: Tag::Request,
        keyid: MERCHANT_KEY_ID,
        suite: SUITE,
        created: seconds(NOW),
        nonce: [0xa1; 16],
    };
    let (request, request_base) = signed_request(ORDERS, &order, vec![expire], &claims, MERCHANT);
    let answer = OrderAccepted {
        pay_order_no: ORDER.into(),
        create_date: DAY.into(),
        merchant_id: MERCHANT_ID.into(),
        merchant_order_no: MERCHANT_ORDER.into(),
        merchant_name: MERCHANT_NAME.into(),
        order_amount: amount(),
        result: "SUCCESS".into(),
        pay_url: Some(trusted::link().text()),
    }
    .encode();
    let claims = Claims {
        tag: Tag::Response,
        keyid: PLATFORM_KEY_ID,
        suite: SUITE,
        created: seconds(NOW),
        nonce: [0xa2; 16],
    };
    let (reply, reply_base) = signed_answer(&answer, request.clone(), &claims, PLATFORM_HTTP);
    let link = trusted::link().text();
    let answer = String::from_utf8(answer).expect("text").replace(&link, "msgpay://v1/pay?o=…&tk=…");
    vec![
        text("c1-request", order),
        text("c1-request-base", request_base),
        text("c1-request-headers", headers(&request)),
        text("c1-answer", answer),
        text("c1-answer-base", reply_base),
        text("c1-answer-headers", headers(&reply)),
    ]
}

/// C.2: bodies only; signed as C.1.
fn query() -> Vec<Block> {
    let query = Query {
        pay_order_no: ORDER.into(),
        create_date: DAY.into(),
        mobile_no: MOBILE.into(),
        merchant_order_no: MERCHANT_ORDER.into(),
        merchant_id: MERCHANT_ID.into(),
    };
    let mut answer = QueryAnswer {
        transaction_type: "01".into(),
        business_type: "NATIVE".into(),
        merchant_order_no: MERCHANT_ORDER.into(),
        merchant_name: MERCHANT_NAME.into(),
        order_date: DAY.into(),
        order_amount: amount(),
        merchant_id: MERCHANT_ID.into(),
        mobile_no: MOBILE.into(),
        goods_no: Some("SKU-LT-01".into()),
        goods_name: Some("拿铁礼盒".into()),
        goods_description: None,
        payment_date: String::new(),
        payment_time: String::new(),
        fee: None,
        pay_order_no: ORDER.into(),
        order_status: OrderStatus::WaitPay,
    };
    let unpaid = answer.encode();
    (answer.payment_date, answer.payment_time) = (DAY.into(), "153207".into());
    answer.order_status = OrderStatus::Success;
    vec![
        text("c2-request", query.encode().expect("it writes")),
        text("c2-answer-unpaid", unpaid),
        text("c2-answer-paid", answer.encode()),
    ]
}

/// C.3: the notice and the merchant's answer.
fn notice() -> Vec<Block> {
    let notice = Notice {
        merchant_order_no: MERCHANT_ORDER.into(),
        merchant_name: MERCHANT_NAME.into(),
        order_date: DAY.into(),
        order_amount: amount(),
        merchant_id: MERCHANT_ID.into(),
        mobile_no: MOBILE.into(),
        payment_date: DAY.into(),
        payment_time: "153207".into(),
        pay_order_no: ORDER.into(),
        order_status: OrderStatus::Success,
    }
    .encode();
    let money = [
        ("msgpay-notify-id", "N00112233445566778899AABBCCDDEEFF"),
        ("msgpay-notify-seq", "1"),
        ("msgpay-notify-type", "PAY"),
    ];
    let money = money.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let claims = Claims {
        tag: Tag::Notify,
        keyid: PLATFORM_KEY_ID,
        suite: SUITE,
        created: seconds(PAID),
        nonce: [0xa3; 16],
    };
    let (request, request_base) = signed_request(NOTIFY, &notice, money, &claims, PLATFORM_HTTP);
    let answer = NoticeAnswer::success().encode();
    let claims = Claims {
        tag: Tag::NotifyAnswer,
        keyid: MERCHANT_KEY_ID,
        suite: SUITE,
        created: seconds(PAID),
        nonce: [0xa4; 16],
    };
    let (reply, reply_base) = signed_answer(&answer, request.clone(), &claims, MERCHANT);
    vec![
        text("c3-request", notice),
        text("c3-request-base", request_base),
        text("c3-request-headers", headers(&request)),
        text("c3-answer", answer),
        text("c3-answer-base", reply_base),
        text("c3-answer-headers", headers(&reply)),
    ]
}

pub(super) fn seconds(at: u64) -> i64 {
    i64::try_from(at).expect("a time")
}

fn content(content_type: &str, body: &[u8]) -> Vec<(String, String)> {
    vec![
        ("content-type".into(), content_type.into()),
        ("content-digest".into(), content_digest(&Ring, SUITE, body)),
    ]
}

/// A signed request and its signature base.
pub(super) fn signed_request(
    url: &str,
    body: &[u8],
    extra: Vec<(String, String)>,
    claims: &Claims<'_>,
    key: Key,
) -> (Message, Vec<u8>) {
    let kind = if claims.tag == Tag::Device { "application/cbor" } else { "application/json" };
    let mut fields = content(kind, body);
    fields.extend(extra);
    let message = Message::request("POST", url, fields);
    let mut base = Vec::new();
    let made = sign_request(&message, claims, |bytes| {
        base = bytes.to_vec();
        Ok::<_, Refusal>(key.sign(bytes))
    });
    (with(message, made.expect("it signs"), claims, key), base)
}

fn signed_answer(body: &[u8], request: Message, claims: &Claims<'_>, key: Key) -> (Message, Vec<u8>) {
    let message = Message::answer(200, content("application/json", body), request);
    let mut base = Vec::new();
    let made = sign_answer(&message, claims, |bytes| {
        base = bytes.to_vec();
        Ok::<_, Refusal>(key.sign(bytes))
    });
    (with(message, made.expect("it signs"), claims, key), base)
}

/// Adds the headers, and has the reader of the house judge the result.
fn with(mut message: Message, made: SignedHeaders, claims: &Claims<'_>, key: Key) -> Message {
    message.fields.push(("signature-input".into(), made.signature_input));
    message.fields.push(("signature".into(), made.signature));
    let signed = Signed::read(&message).expect("it reads");
    signed.verify(&Ring, &message, claims.tag, (SUITE, &key.public()), claims.created).expect("it verifies");
    message
}

/// The header fields as they are sent.
pub(super) fn headers(message: &Message) -> String {
    let lines: Vec<String> =
        message.fields.iter().map(|(name, value)| format!("{}: {value}", capitals(name))).collect();
    lines.join("\n")
}

fn capitals(name: &str) -> String {
    let part = |part: &str| part[..1].to_uppercase() + &part[1..];
    name.split('-').map(part).collect::<Vec<_>>().join("-")
}
