//! Over real sockets: what is said is recorded at both ends, and a stopped server frees its port.

use std::sync::Arc;

use axum::{Router, routing::post};
use bytes::Bytes;
use tokio::net::TcpListener;

use super::*;
use crate::{
    clock::SystemClock,
    recorder::{Direction, Party, Recorder},
};

fn no_trust() -> rustls::ClientConfig {
    rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}

fn router() -> Router {
    Router::new().route("/echo", post(|body: Bytes| async move { body }))
}

fn tee(recorder: &Recorder) -> Tee {
    Tee::new(recorder.clone(), Party::Merchant, |_| Party::Maap)
}

#[tokio::test]
async fn both_ends_record_the_same_bytes() {
    let recorder = Recorder::new(Arc::new(SystemClock));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let served = serve(listener, None, router(), Some(tee(&recorder))).unwrap();
    let caller = Caller::new(no_trust(), recorder.clone(), Party::Maap).unwrap();
    let url = format!("http://{}/echo?x=1", served.address());
    let answer = caller.call(Party::Merchant, Call::post_json(url, "{\"a\":1}")).await.unwrap();
    assert_eq!((answer.status, &answer.body[..]), (200, &b"{\"a\":1}"[..]));
    let seen: Vec<_> = recorder.all().iter().map(|r| (r.tap, r.direction, r.to, r.body.clone())).collect();
    let body = Bytes::from_static(b"{\"a\":1}");
    assert_eq!(
        seen,
        [
            (Party::Maap, Direction::Request, Party::Merchant, body.clone()),
            (Party::Merchant, Direction::Request, Party::Merchant, body.clone()),
            (Party::Merchant, Direction::Response, Party::Maap, body.clone()),
            (Party::Maap, Direction::Response, Party::Maap, body),
        ]
    );
    assert!(recorder.all().iter().all(|r| r.what == "POST /echo?x=1"));
}

#[tokio::test]
async fn a_large_body_is_refused_and_not_kept() {
    let recorder = Recorder::new(Arc::new(SystemClock));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let served = serve(listener, None, router(), Some(tee(&recorder))).unwrap();
    let caller = Caller::new(no_trust(), Recorder::new(Arc::new(SystemClock)), Party::Maap).unwrap();
    let call = Call::post_json(format!("http://{}/echo", served.address()), vec![b'x'; 257 * 1024]);
    // The server may cut the connection while the client still writes.
    let answer = caller.call(Party::Merchant, call).await;
    assert!(matches!(&answer, Ok(answer) if answer.status == 413) || answer == Err(CallFailed::Broken));
    assert!(recorder.all().iter().all(|r| r.body.len() < 1024));
}

#[tokio::test]
async fn a_stopped_server_is_unreachable_and_can_come_back_on_its_port() {
    let recorder = Recorder::new(Arc::new(SystemClock));
    let caller = Caller::new(no_trust(), recorder.clone(), Party::Maap).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let served = serve(listener, None, router(), None).unwrap();
    let address = served.address();
    let call = || Call::post_json(format!("http://{address}/echo"), "{}");
    assert!(caller.call(Party::Merchant, call()).await.is_ok());
    served.stop().await;
    assert_eq!(caller.call(Party::Merchant, call()).await.unwrap_err(), CallFailed::Unreachable);
    let _again = serve(TcpListener::bind(address).await.unwrap(), None, router(), None).unwrap();
    assert!(caller.call(Party::Merchant, call()).await.is_ok());
}

#[test]
fn uuids_have_their_version_and_differ() {
    let (a, b) = (uuid().unwrap(), uuid().unwrap());
    assert_ne!(a, b);
    assert_eq!((a.len(), &a[14..15]), (36, "4"));
    assert!(matches!(&a[19..20], "8" | "9" | "a" | "b"));
}
