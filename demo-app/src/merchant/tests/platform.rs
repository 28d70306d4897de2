//! A payment platform that the tests play over real sockets: C.1, C.2 and its keys, signed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

use axum::{
    Router,
    body::Bytes,
    extract::State as Extract,
    response::{IntoResponse, Response},
    routing::post,
};
use http::{HeaderMap, StatusCode, Uri};
use msgpay_crypto::SigningKey;
use msgpay_wire::{
    annex_c::{NewOrder, OrderAccepted, OrderStatus, Query, QueryAnswer},
    digest::SuiteId,
    http_keys::{HttpKey, HttpKeys, KeysQuery},
    httpsig::{Claims, Message, Refusal, Signed, Tag, check_content_digest, content_digest, sign_answer},
    problem::{Code, Problem},
};

use crate::{
    clock::{Clock as _, ManualClock},
    net::uuid,
    recorder::headers_of,
};
use msgpay_suites::Suites;

pub(super) fn routes(fake: FakePlatform) -> Router {
    Router::new()
        .route("/v1/pay/orders", post(c1))
        .route("/v1/pay/orders/query", post(c2))
        .route("/v1/keys/query", post(keys))
        .with_state(fake)
}

/// What the platform of the tests does with the next calls.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Mood {
    #[default]
    Honest,
    /// Signs with a key that nobody trusts.
    Forger,
    /// Answers with another order's amount, well signed.
    Confused,
    /// Takes the order and loses the first answer.
    LosesOneAnswer,
}

#[derive(Clone)]
pub(super) struct Held {
    pub(super) order: NewOrder,
    pub(super) pay_order_no: String,
    pub(super) status: OrderStatus,
}

#[derive(Default)]
pub(super) struct Books {
    pub(super) mood: Mood,
    pub(super) orders: HashMap<String, Held>,
    pub(super) order_calls: u32,
    pub(super) query_calls: u32,
    pub(super) expire: Option<String>,
    pub(super) announced: Vec<HttpKey>,
}

#[derive(Clone)]
pub(super) struct FakePlatform {
    pub(super) books: Arc<Mutex<Books>>,
    pub(super) key: Arc<SigningKey>,
    pub(super) stranger: Arc<SigningKey>,
    pub(super) merchant_key: [u8; 65],
    pub(super) clock: Arc<ManualClock>,
}

impl FakePlatform {
    pub(super) fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap()
    }

    pub(super) fn judge(&self, message: &Message, body: &[u8], tag: Tag) -> Result<(), Refusal> {
        check_content_digest(&Suites, SuiteId::International, message, body)?;
        let signed = Signed::read(message)?;
        assert_eq!(signed.keyid, "m-1");
        let key = (SuiteId::International, self.merchant_key.as_slice());
        signed.verify(&Suites, message, tag, key, self.clock.now_s())
    }

    fn answer(&self, request: Message, body: Vec<u8>) -> Response {
        let key = if self.books().mood == Mood::Forger { &self.stranger } else { &self.key };
        let digest = content_digest(&Suites, SuiteId::International, &body);
        let fields = vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            ("content-digest".to_owned(), digest),
        ];
        let message = Message::answer(200, fields.clone(), request);
        let nonce = msgpay_crypto::random::make().unwrap();
        let (suite, created) = (SuiteId::International, self.clock.now_s());
        let claims = Claims { tag: Tag::Response, keyid: "pay-1", suite, created, nonce };
        let made =
            sign_answer::<Refusal>(&message, &claims, |base| Ok(key.sign(base).unwrap().to_vec())).unwrap();
        let mut response = Response::builder().status(200);
        for (name, value) in fields {
            response = response.header(name, value);
        }
        response
            .header("signature-input", made.signature_input)
            .header("signature", made.signature)
            .body(body.into())
            .unwrap()
    }
}

fn problem(code: Code) -> Response {
    (StatusCode::from_u16(code.status()).unwrap(), Problem::new(code).encode()).into_response()
}

async fn c1(Extract(fake): Extract<FakePlatform>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    let message = Message::request(
        "POST",
        &format!("http://{}{uri}", headers["host"].to_str().unwrap()),
        headers_of(&headers),
    );
    if fake.judge(&message, &body, Tag::Request).is_err() {
        return problem(Code::Signature);
    }
    let order = NewOrder::read(&body).unwrap();
    let (held, mood) = {
        let mut books = fake.books();
        books.order_calls += 1;
        books.expire = headers.get("msgpay-expire").map(|value| value.to_str().unwrap().to_owned());
        let number = format!("P20261122{:010}", books.orders.len() + 731);
        let fresh = Held { order: order.clone(), pay_order_no: number, status: OrderStatus::WaitPay };
        let held = books.orders.entry(order.merchant_order_no.clone()).or_insert(fresh).clone();
        assert_eq!(held.order, order, "the same number with other content");
        let mood = books.mood;
        if mood == Mood::LosesOneAnswer {
            books.mood = Mood::Honest;
        }
        (held, mood)
    };
    match held.status {
        OrderStatus::WaitPay => {}
        OrderStatus::Closed => return problem(Code::Closed),
        _ => return problem(Code::AlreadyPaid),
    }
    if mood == Mood::LosesOneAnswer {
        return problem(Code::Internal);
    }
    let amount = if mood == Mood::Confused { "0.01" } else { "" };
    let accepted = OrderAccepted {
        pay_url: Some(format!("msgpay://v1/pay?o={}&tk={}", held.pay_order_no, uuid().unwrap())),
        pay_order_no: held.pay_order_no,
        create_date: "20261122".into(),
        merchant_id: order.merchant_id,
        merchant_order_no: order.merchant_order_no,
        merchant_name: order.merchant_name,
        order_amount: msgpay_wire::Fen::from_yuan_text(amount).unwrap_or(order.order_amount),
        result: "SUCCESS".into(),
    };
    fake.answer(message, accepted.encode())
}

async fn keys(Extract(fake): Extract<FakePlatform>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    let message = Message::request(
        "POST",
        &format!("http://{}{uri}", headers["host"].to_str().unwrap()),
        headers_of(&headers),
    );
    if fake.judge(&message, &body, Tag::Request).is_err() {
        return problem(Code::Signature);
    }
    assert_eq!(KeysQuery::read(&body).unwrap().merchant_id, super::MERCHANT);
    let keys = fake.books().announced.clone();
    if keys.is_empty() {
        return problem(Code::NoSuchInterface);
    }
    fake.answer(message, HttpKeys { institution_id: "WALLET_A".into(), keys }.encode())
}

async fn c2(Extract(fake): Extract<FakePlatform>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    let message = Message::request(
        "POST",
        &format!("http://{}{uri}", headers["host"].to_str().unwrap()),
        headers_of(&headers),
    );
    if fake.judge(&message, &body, Tag::Request).is_err() {
        return problem(Code::Signature);
    }
    let query = Query::read(&body).unwrap();
    let held = {
        let mut books = fake.books();
        books.query_calls += 1;
        books.orders.get(&query.merchant_order_no).cloned()
    };
    let Some(held) = held.filter(|held| held.pay_order_no == query.pay_order_no) else {
        return problem(Code::OrderUnknown);
    };
    let paid = held.status == OrderStatus::Success;
    let answer = QueryAnswer {
        transaction_type: "01".into(),
        business_type: "NATIVE".into(),
        merchant_order_no: held.order.merchant_order_no,
        merchant_name: held.order.merchant_name,
        order_date: held.order.order_date,
        order_amount: held.order.order_amount,
        merchant_id: held.order.merchant_id,
        mobile_no: held.order.mobile_no,
        goods_no: held.order.goods_no,
        goods_name: held.order.goods_name,
        goods_description: held.order.goods_description,
        payment_date: if paid { "20261122".into() } else { String::new() },
        payment_time: if paid { "153207".into() } else { String::new() },
        fee: None,
        pay_order_no: held.pay_order_no,
        order_status: held.status,
    };
    fake.answer(message, answer.encode())
}
