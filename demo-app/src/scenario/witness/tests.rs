use bytes::Bytes;
use msgpay_wire::entry::EntryPurpose;
use msgpay_wire::request::Packaged;

use super::*;

fn record(from: Party, to: Party, tap: Party, what: &str, body: Vec<u8>) -> Arc<Record> {
    Arc::new(Record {
        seq: 1,
        at_ms: 1,
        from,
        to,
        tap,
        exchange: 1,
        direction: Direction::Request,
        what: what.into(),
        status: None,
        headers: vec![("x".into(), "y".into())],
        body: Bytes::from(body),
    })
}

fn submission(envelope: Vec<u8>) -> Vec<u8> {
    Submission {
        pay_order_no: "P1".into(),
        server_nonce: [1; 16],
        packaged: vec![Packaged { purpose: EntryPurpose::Password, envelope }],
        evidence: vec![],
        device_signature: vec![3; 64],
        biometric: None,
    }
    .encode()
}

/// Each secret planted where it must not be is found; the same bytes where they belong are not.
#[test]
fn planted_secrets_are_found_at_the_blind_parties_only() {
    let envelope: Vec<u8> = (0..1200u32).map(|i| u8::try_from(i * 7 % 251).unwrap()).collect();
    let (password, layout) = ("482913".to_owned(), "3950128476".to_owned());
    let raw: Vec<u8> = layout.bytes().map(|d| d - b'0').collect();
    let sent = record(
        Party::Handset,
        Party::Platform,
        Party::Handset,
        "POST /sdk/v1/payments",
        submission(envelope.clone()),
    );
    let judge = |planted: Option<Arc<Record>>| {
        let records: Vec<_> = std::iter::once(sent.clone()).chain(planted).collect();
        leaks(&records, std::slice::from_ref(&password), std::slice::from_ref(&layout))
    };
    assert_eq!(judge(None), Vec::<String>::new(), "the envelope belongs to the platform");
    for (what, body) in [
        ("a password", format!("{{\"pin\":\"{password}\"}}").into_bytes()),
        ("a layout", layout.clone().into_bytes()),
        ("a layout", raw),
        ("a sealed entry", submission(envelope)),
    ] {
        for (from, to, tap) in [
            (Party::Platform, Party::Merchant, Party::Merchant),
            (Party::Merchant, Party::Maap, Party::Maap),
            (Party::Maap, Party::Client, Party::Client),
        ] {
            let found = judge(Some(record(from, to, tap, "POST /x", body.clone())));
            assert!(found.iter().any(|line| line.starts_with(what)), "{what} at {to:?}: {found:?}");
        }
    }
}

#[test]
fn submissions_and_orders_are_counted_where_they_were_recorded() {
    let records = [
        record(
            Party::Handset,
            Party::Platform,
            Party::Handset,
            "POST /sdk/v1/payments",
            submission(vec![0; 1200]),
        ),
        record(Party::Handset, Party::Platform, Party::Handset, "POST /sdk/v1/payments/P1/resolve", vec![]),
        record(Party::Merchant, Party::Platform, Party::Merchant, "POST /v1/pay/orders", b"{}".to_vec()),
    ];
    assert_eq!(submissions(&records), 1);
    assert_eq!(orders_sent(&records), 0, "a body that is no order does not count");
}
