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

/// Over TLS with the development PKI: each side sees who the other is, and strangers get nowhere.
mod tls {
    use axum::{Extension, Router, routing::get};
    use msgpay_platform::{
        pki::{DevPki, Plan},
        tls::{IdentityFiles, certificates, client, mutual_server},
    };

    use super::*;
    use crate::clock::Clock as _;

    struct Parties {
        _folder: tempfile::TempDir,
        served: Served,
        ours: rustls::ClientConfig,
        nameless: rustls::ClientConfig,
        distrustful: rustls::ClientConfig,
        expected: Vec<u8>,
    }

    async fn parties() -> Parties {
        let now = SystemClock.now_s();
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let pki = DevPki::make(&at("ours"), &Plan::default(), now).unwrap();
        let other = DevPki::make(&at("other"), &Plan::default(), now).unwrap();
        let maap = pki.party("maap", msgpay_wire::SuiteId::International, now, 1).unwrap();
        let shop = pki.party("shop", msgpay_wire::SuiteId::International, now, 1).unwrap();
        let ca = pki.dir().join("ca.pem");
        let server = IdentityFiles { certificate: &maap.server_certificate, key: &maap.server_key };
        let identity = IdentityFiles { certificate: &shop.client_certificate, key: &shop.client_key };
        let who = |Extension(PeerCertificate(leaf)): Extension<PeerCertificate>| async move { leaf.to_vec() };
        let router = Router::new().route("/who", get(who));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let tls = Arc::new(mutual_server(server, &ca, None).unwrap());
        Parties {
            served: serve(listener, Some(tls), router, None).unwrap(),
            ours: client(&ca, Some(identity)).unwrap(),
            nameless: client(&ca, None).unwrap(),
            distrustful: client(&other.dir().join("ca.pem"), Some(identity)).unwrap(),
            expected: certificates(&shop.client_certificate).unwrap()[0].to_vec(),
            _folder: folder,
        }
    }

    async fn who(tls: rustls::ClientConfig, port: u16) -> Result<Answer, CallFailed> {
        let caller = Caller::new(tls, Recorder::new(Arc::new(SystemClock)), Party::Merchant).unwrap();
        caller.call(Party::Maap, Call::get(format!("https://localhost:{port}/who"))).await
    }

    #[tokio::test]
    async fn a_certified_client_is_known_by_its_certificate() {
        let parties = parties().await;
        let answer = who(parties.ours, parties.served.address().port()).await.unwrap();
        assert_eq!(answer.body, parties.expected);
    }

    #[tokio::test]
    async fn a_client_without_a_certificate_gets_no_answer() {
        let parties = parties().await;
        assert!(who(parties.nameless, parties.served.address().port()).await.is_err());
    }

    #[tokio::test]
    async fn a_client_does_not_talk_to_a_server_of_another_authority() {
        let parties = parties().await;
        let failed = who(parties.distrustful, parties.served.address().port()).await;
        assert_eq!(failed, Err(CallFailed::Unreachable));
    }
}
