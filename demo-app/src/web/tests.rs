use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tower::ServiceExt as _;

use super::assets::FILES;
use super::feed::Sent;
use super::{Door, router, serve};
use crate::view::{Fault, Party, Record, Tap, Text, View};

const KEY: [u8; 16] = [0xa5; 16];

struct Bench {
    app: axum::Router,
    taps: mpsc::Receiver<Tap>,
    _view: watch::Sender<View>,
}

fn bench() -> Bench {
    let (view, seen) = watch::channel(View::default());
    let (sender, taps) = mpsc::channel(8);
    Bench { app: router(Door::from_bytes(KEY), seen, sender), taps, _view: view }
}

fn tap_request(headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut request = Request::post("/tap").header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

async fn status(bench: &Bench, request: Request<Body>) -> StatusCode {
    bench.app.clone().oneshot(request).await.unwrap().status()
}

#[tokio::test]
async fn a_tap_of_the_page_reaches_the_handset() {
    let mut bench = bench();
    let key = hex::encode(KEY);
    let headers =
        [("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:8080"), ("msgpay-door", key.as_str())];
    let answer = status(&bench, tap_request(&headers, r#"{"kind":"key","slot":7}"#)).await;
    assert_eq!(answer, StatusCode::NO_CONTENT);
    assert_eq!(bench.taps.try_recv().unwrap(), Tap::Key { slot: 7 });
}

#[tokio::test]
async fn taps_of_others_are_refused() {
    let mut bench = bench();
    let key = hex::encode(KEY);
    let key = key.as_str();
    let host = ("host", "localhost:8080");
    let door = ("msgpay-door", key);
    let cases: [(&str, Vec<(&str, &str)>); 8] = [
        ("no host", vec![door]),
        ("rebound name", vec![("host", "evil.example:8080"), door]),
        ("name that only begins like loopback", vec![("host", "127.0.0.1.evil.example"), door]),
        ("other origin", vec![host, ("origin", "http://evil.example"), door]),
        ("other port's origin", vec![host, ("origin", "http://localhost:9999"), door]),
        ("cross-site", vec![host, ("sec-fetch-site", "cross-site"), door]),
        ("no key", vec![host]),
        ("key of an earlier run", vec![host, ("msgpay-door", "00000000000000000000000000000000")]),
    ];
    for (name, headers) in cases {
        assert_eq!(
            status(&bench, tap_request(&headers, r#"{"kind":"accept"}"#)).await,
            StatusCode::FORBIDDEN,
            "{name}"
        );
    }
    assert!(bench.taps.try_recv().is_err());
}

#[tokio::test]
async fn a_tap_that_is_not_one_is_refused() {
    let mut bench = bench();
    let key = hex::encode(KEY);
    let headers = [("host", "localhost"), ("msgpay-door", key.as_str())];
    for body in [
        r#"{"kind":"key"}"#,
        r#"{"kind":"key","slot":300}"#,
        r#"{"kind":"pay","amount":1}"#,
        r#"{"kind":"key","slot":1,"digit":4}"#,
        "[]",
    ] {
        assert!(status(&bench, tap_request(&headers, body)).await.is_client_error(), "{body}");
    }
    let long = format!(r#"{{"kind":"say","chat":"c","text":"{}"}}"#, "x".repeat(20_000));
    assert_eq!(status(&bench, tap_request(&headers, &long)).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(bench.taps.try_recv().is_err());
}

#[tokio::test]
async fn events_need_the_key() {
    let bench = bench();
    let ask = |uri: &str| Request::get(uri).header("host", "localhost").body(Body::empty()).unwrap();
    assert_eq!(status(&bench, ask("/events")).await, StatusCode::FORBIDDEN);
    assert_eq!(status(&bench, ask("/events?door=00")).await, StatusCode::FORBIDDEN);
    let right = format!("/events?door={}", hex::encode(KEY));
    let answer = bench.app.clone().oneshot(ask(&right)).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let first = answer.into_body().frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(first.as_ref(), b"event: run\ndata: 0\n\n");
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere() {
    let bench = bench();
    let ask = |uri: &str| Request::get(uri).header("host", "127.0.0.1:1").body(Body::empty()).unwrap();
    let page = bench.app.clone().oneshot(ask("/")).await.unwrap();
    let policy = page.headers().get("content-security-policy").unwrap().to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let html = String::from_utf8(page.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap();
    assert!(html.contains(&hex::encode(KEY)) && !html.contains("{{"));
    for piece in html.split(['"', '\'']).filter(|piece| piece.starts_with("page/")) {
        let answer = bench.app.clone().oneshot(ask(&format!("/{piece}"))).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{piece}");
    }
    for (name, _, content) in FILES {
        for elsewhere in ["https://", "http://", "//cdn", "@import"] {
            let plain = content.replace("http://www.w3.org/2000/svg", "");
            assert!(!plain.contains(elsewhere), "{name} names {elsewhere}");
        }
        for import in content.lines().filter_map(|line| line.split_once(" from \"./").map(|(_, rest)| rest)) {
            let file = format!("js/{}", import.trim_end_matches("\";"));
            assert!(FILES.iter().any(|(name, _, _)| *name == file), "{name} imports {file}");
        }
    }
    assert_eq!(
        bench.app.clone().oneshot(ask("/page/../Cargo.toml")).await.unwrap().status(),
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn serving_ends_with_the_view() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (view, seen) = watch::channel(View::default());
    let (sender, _taps) = mpsc::channel(1);
    let running = tokio::spawn(serve(listener, Door::from_bytes(KEY), seen, sender));
    drop(view);
    tokio::time::timeout(Duration::from_secs(10), running).await.unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn a_listener_open_to_the_network_is_refused() {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let (_view, seen) = watch::channel(View::default());
    let (sender, _taps) = mpsc::channel(1);
    let refusal = serve(listener, Door::from_bytes(KEY), seen, sender).await.unwrap_err();
    assert_eq!(refusal.kind(), std::io::ErrorKind::InvalidInput);
}

fn record(seq: u64) -> Record {
    Record {
        seq,
        at_ms: seq,
        step: None,
        from: Party::Handset,
        to: Party::Platform,
        reader: Party::Platform,
        what: Text::same("x"),
        head: String::new(),
        media: String::new(),
        body: crate::view::Blob(vec![1, 2, 3]),
        sealed: Vec::new(),
    }
}

#[test]
fn a_page_gets_only_what_changed() {
    let mut view = View::default();
    let mut sent = Sent::default();
    let names =
        |news: Vec<(&'static str, String)>| news.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(names(sent.news(&view)), ["run", "faults", "phone"]);
    assert_eq!(names(sent.news(&view)), [""; 0]);
    view.trace.push(record(1));
    view.trace.push(record(2));
    let news = sent.news(&view);
    assert!(news[1].1.contains(r#""seq":2"#) && news[1].1.contains(r#""body":"AQID""#), "{}", news[1].1);
    view.trace.push(record(3));
    view.phone.number = "199****1234".into();
    assert_eq!(names(sent.news(&view)), ["record", "phone"]);
    view.faults.push(Fault { name: "x".into(), label: Text::same("x"), sentence: Text::same("x"), on: true });
    assert_eq!(names(sent.news(&view)), ["faults"]);
    view.run = 1;
    view.trace = vec![record(1)];
    assert_eq!(names(sent.news(&view)), ["run", "faults", "record", "phone"]);
}
