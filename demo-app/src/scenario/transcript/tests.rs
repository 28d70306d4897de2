use bytes::Bytes;

use super::*;

fn record(
    from: Party,
    to: Party,
    direction: Direction,
    what: &str,
    status: Option<u16>,
    body: &str,
) -> Record {
    Record {
        seq: 1,
        at_ms: 0,
        from,
        to,
        tap: to,
        exchange: 1,
        direction,
        what: what.into(),
        status,
        headers: vec![],
        body: Bytes::from(body.to_owned()),
    }
}
fn step(
    from: Party,
    to: Party,
    direction: Direction,
    what: &str,
    status: Option<u16>,
    body: &str,
) -> Option<Step> {
    read(&record(from, to, direction, what, status, body)).and_then(|reading| reading.step)
}

#[test]
fn messages_find_their_step_by_what_they_are() {
    use Direction::{Event, Request, Response};
    use Party::{Client, Handset, Maap, Merchant, Platform};
    let orders = "POST /v1/pay/orders";
    assert_eq!(step(Merchant, Platform, Request, orders, None, "{}"), Some(Step::Order));
    assert_eq!(step(Platform, Merchant, Response, orders, Some(200), "{}"), Some(Step::Launch));
    assert_eq!(step(Platform, Merchant, Response, orders, Some(409), "{}"), Some(Step::Order));
    assert_eq!(step(Handset, Platform, Request, "POST /sdk/v1/payments", None, ""), Some(Step::Pay));
    assert_eq!(
        step(Platform, Handset, Response, "POST /sdk/v1/payments", Some(200), ""),
        Some(Step::Conclude)
    );
    assert_eq!(
        step(Handset, Platform, Request, "POST /sdk/v1/payments/P1/resolve", None, ""),
        Some(Step::Conclude)
    );
    assert_eq!(step(Handset, Platform, Request, "POST /sdk/v1/passwords", None, ""), None);
    let card = r#"{"generalPurposeCard":{"title":"支付成功 ¥1.00"}}"#;
    assert_eq!(step(Maap, Client, Event, "GET /handset/v1/messages", None, card), Some(Step::Show));
    let uplink = r#"{"messageList":[{"contentText":"我要一杯"}]}"#;
    assert_eq!(
        step(Maap, Merchant, Request, "POST /messageNotification/x/messages", None, uplink),
        Some(Step::Pick)
    );
    assert_eq!(
        read(&record(Merchant, Maap, Response, "POST /messageNotification/x/messages", Some(204), "")),
        None
    );
}
