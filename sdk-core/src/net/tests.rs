//! The transport against a real TLS server on loopback that answers what a test wants, and ends with it.

use std::sync::Arc;

use msgpay_wire::{Primitives as _, SuiteId};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, PublicKeyData as _};
use rustls::pki_types::PrivateKeyDer;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::{Root, trust::Crypto};

struct Server {
    institution: Institution,
    /// The bytes of each request.
    seen: JoinHandle<Vec<Vec<u8>>>,
}

/// A server for `connections` connections, each answered by `answer` (`None`: never).
async fn serve(connections: usize, answer: Option<Vec<u8>>) -> Server {
    let mut authority = CertificateParams::new(vec![]).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut leaf = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    leaf.use_authority_key_identifier_extension = true;
    let leaf = leaf.signed_by(&key, &authority).unwrap();
    let private = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let tls = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], private)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let institution = Institution {
        id: "WALLET_A".into(),
        name: "A".into(),
        base_url: format!("https://localhost:{}", listener.local_addr().unwrap().port()),
        suites: vec![SuiteId::International],
        device_suite: SuiteId::International,
        roots: vec![Root::of(1, SuiteId::International, [4; 65])],
        spki_pins: vec![Crypto.hash(SuiteId::International, &key.subject_public_key_info())],
        authorities: vec![authority.der().to_vec()],
    };
    let seen = tokio::spawn(async move {
        let mut seen = Vec::new();
        for _ in 0..connections {
            let (tcp, _) = listener.accept().await.unwrap();
            let Ok(mut tls) = acceptor.accept(tcp).await else {
                seen.push(Vec::new());
                continue;
            };
            let mut request = vec![0; 4096];
            let length = tls.read(&mut request).await.unwrap_or(0);
            request.truncate(length);
            seen.push(request);
            match &answer {
                // The other end may hang up before all is written: that is what some tests are about.
                Some(answer) => drop((tls.write_all(answer).await, tls.shutdown().await)),
                None => drop(tls.read(&mut [0; 1]).await),
            }
        }
        seen
    });
    Server { institution, seen }
}

fn ok(body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/cbor\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn request(institution: &Institution) -> Request {
    Request {
        institution: institution.id.clone(),
        method: "POST",
        url: format!("{}/sdk/v1/launches", institution.base_url),
        headers: vec![("content-type".into(), "application/cbor".into())],
        body: vec![0xA0],
    }
}

async fn call(institution: Institution) -> Result<Answer, NoAnswer> {
    let request = request(&institution);
    let patience = Patience { connect_ms_max: 2_000, call_ms_max: 2_000 };
    let config = Config::new(vec![institution]).unwrap();
    NetTransport::with_patience(&config, patience).unwrap().send(request).await
}

#[tokio::test]
async fn a_pinned_server_is_asked_once_and_answers() {
    let server = serve(1, Some(ok(b"\xA1\x01\x02"))).await;
    let answer = call(server.institution).await.unwrap();
    assert_eq!((answer.status, answer.content_type.as_str()), (200, "application/cbor"));
    assert_eq!(answer.body, b"\xA1\x01\x02");
    let seen = server.seen.await.unwrap();
    assert!(seen[0].starts_with(b"POST /sdk/v1/launches HTTP/1.1\r\n"));
    assert!(seen[0].ends_with(b"\r\n\r\n\xA0"));
}

#[tokio::test]
async fn a_server_whose_key_is_not_pinned_gets_no_byte() {
    let server = serve(1, Some(ok(b""))).await;
    let institution = Institution { spki_pins: vec![[7; 32]], ..server.institution };
    assert_eq!(call(institution).await, Err(NoAnswer));
    assert_eq!(server.seen.await.unwrap(), [Vec::<u8>::new()]);
}

#[tokio::test]
async fn a_pin_does_not_replace_the_certificate_path() {
    let (server, other) = (serve(1, Some(ok(b""))).await, serve(0, None).await);
    let institution = Institution { authorities: other.institution.authorities, ..server.institution };
    assert_eq!(call(institution).await, Err(NoAnswer));
    assert_eq!(server.seen.await.unwrap(), [Vec::<u8>::new()]);
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let server = serve(1, Some(ok(b""))).await;
    let base_url = server.institution.base_url.replace("localhost", "127.0.0.1");
    assert_eq!(call(Institution { base_url, ..server.institution }).await, Err(NoAnswer));
    assert_eq!(server.seen.await.unwrap(), [Vec::<u8>::new()]);
}

#[tokio::test]
async fn a_redirect_is_an_answer_not_a_way() {
    let target = serve(1, Some(ok(b""))).await;
    let head = format!(
        "HTTP/1.1 307 See\r\nlocation: {}/\r\ncontent-length: 0\r\n\r\n",
        target.institution.base_url
    );
    let server = serve(1, Some(head.into_bytes())).await;
    assert_eq!(call(server.institution).await.unwrap().status, 307);
    assert!(!target.seen.is_finished());
    target.seen.abort();
}

#[tokio::test]
async fn a_body_above_the_limit_is_no_answer() {
    let most = serve(1, Some(ok(&vec![1; Answer::BODY_BYTES_MAX]))).await;
    assert_eq!(call(most.institution).await.unwrap().body.len(), Answer::BODY_BYTES_MAX);
    let more = serve(1, Some(ok(&vec![1; Answer::BODY_BYTES_MAX + 1]))).await;
    assert_eq!(call(more.institution).await, Err(NoAnswer));
}

#[tokio::test]
async fn a_silent_or_cut_server_is_no_answer() {
    let silent = serve(1, None).await;
    let patience = Patience { connect_ms_max: 300, call_ms_max: 300 };
    let request = request(&silent.institution);
    let config = Config::new(vec![silent.institution]).unwrap();
    let transport = NetTransport::with_patience(&config, patience).unwrap();
    assert_eq!(transport.send(request).await, Err(NoAnswer));
    let cut = serve(1, Some(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf".to_vec())).await;
    assert_eq!(call(cut.institution).await, Err(NoAnswer));
    assert_eq!(cut.seen.await.unwrap().len(), 1, "never sent again");
}

#[tokio::test]
async fn nobody_there_and_an_unknown_institution_are_no_answer() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let server = serve(0, None).await;
    let base_url = format!("https://localhost:{port}");
    let institution = Institution { base_url, ..server.institution };
    assert_eq!(call(institution.clone()).await, Err(NoAnswer));
    let mut stray = request(&institution);
    stray.institution = "WALLET_B".into();
    let transport = NetTransport::open(&Config::new(vec![institution]).unwrap()).unwrap();
    assert_eq!(transport.send(stray).await, Err(NoAnswer));
}

#[test]
fn an_institution_without_an_authority_is_refused() {
    let institution = Institution {
        id: "A".into(),
        name: "A".into(),
        base_url: "https://localhost".into(),
        suites: vec![SuiteId::International],
        device_suite: SuiteId::International,
        roots: vec![Root::of(1, SuiteId::International, [4; 65])],
        spki_pins: vec![[0; 32]],
        authorities: vec![vec![1, 2, 3]],
    };
    let config = Config::new(vec![institution]).unwrap();
    assert_eq!(NetTransport::open(&config).map(|_| ()), Err(ConfigFault::Authority));
}
