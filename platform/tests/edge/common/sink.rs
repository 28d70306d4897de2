//! A merchant's notify endpoint whose manners a test decides.

use std::sync::{Arc, Mutex};

use msgpay_crypto::SuiteId;
use msgpay_platform::tls::{self, IdentityFiles};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;

use super::{Merchant, base64, digest_of, now_s};

/// How the sink answers one notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// 200, `SUCCESS`, signed.
    Good,
    /// 200, `FAIL`, signed.
    Fail,
    /// 200, `SUCCESS`, not signed.
    Unsigned,
    /// 200, `SUCCESS`, signed for another status.
    Forged,
    /// 500.
    Broken,
    /// 410.
    Gone,
    /// 302 to another place of this sink.
    Redirect,
    /// 200 and a megabyte.
    Huge,
    /// Nothing at all: the connection closes.
    Silent,
}

/// One notice as it came.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    pub(crate) path: String,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) at_ms: i64,
    pub(crate) client_certificate: bool,
}

impl Got {
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).unwrap_or_default()
    }
}

pub(crate) struct Sink {
    pub(crate) listener: tokio::net::TcpListener,
    got: Arc<Mutex<Vec<Got>>>,
    task: Option<tokio::task::JoinHandle<()>>,
}

impl Sink {
    pub(crate) async fn bind() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self { listener, got: Arc::default(), task: None }
    }

    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.listener.local_addr().unwrap().port())
    }

    pub(crate) fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    /// Wait until `count` notices came.
    pub(crate) async fn wait_for(&self, count: usize) -> Vec<Got> {
        let seen = async {
            while self.got().len() < count {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(15), seen).await.unwrap();
        self.got()
    }

    /// Answer as `manners` say, one after the other, the last for ever.
    pub(crate) fn answer(&mut self, world: &super::World, merchant: &Merchant, manners: &[Manner]) {
        let server = tls::mutual_server(
            IdentityFiles {
                certificate: &merchant.files.server_certificate,
                key: &merchant.files.server_key,
            },
            &world.pki.dir().join("ca.pem"),
            None,
        );
        let acceptor = TlsAcceptor::from(Arc::new(server.unwrap()));
        let key = super::signing_key(&merchant.files.signing_key);
        let (key_id, manners, got) = (merchant.key_id.clone(), manners.to_vec(), self.got.clone());
        let listener = tokio::net::TcpListener::from_std(self.listener_clone()).unwrap();
        self.task = Some(tokio::spawn(async move {
            let mut turn = 0;
            while let Ok((tcp, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(tcp).await else { continue };
                let client_certificate = stream.get_ref().1.peer_certificates().is_some();
                let Some(mut notice) = read_notice(&mut stream).await else { continue };
                notice.client_certificate = client_certificate;
                let target = format!("https://{}{}", notice.field("host"), notice.path);
                got.lock().unwrap().push(notice.clone());
                let manner = manners[turn.min(manners.len() - 1)];
                turn += 1;
                let answer = compose(manner, &notice, &target, &key_id, &key);
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
            }
        }));
    }

    fn listener_clone(&self) -> std::net::TcpListener {
        use std::os::fd::AsFd as _;
        let owned = self.listener.as_fd().try_clone_to_owned().unwrap();
        std::net::TcpListener::from(owned)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

async fn read_notice(stream: &mut (impl tokio::io::AsyncRead + Unpin)) -> Option<Got> {
    let mut all = Vec::new();
    loop {
        let mut part = [0; 4096];
        let n = stream.read(&mut part).await.ok().filter(|n| *n > 0)?;
        all.extend_from_slice(&part[..n]);
        let Some(end) = all.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&all[..end]).ok()?;
        let path = head.split(' ').nth(1)?.to_owned();
        let fields: Vec<(String, String)> = head
            .split("\r\n")
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let length: usize = fields.iter().find(|(n, _)| n == "content-length")?.1.parse().ok()?;
        if all.len() >= end + 4 + length {
            use msgpay_platform::clock::Clock as _;
            let at_ms = msgpay_platform::clock::SystemClock.now_ms();
            let body = all[end + 4..].to_vec();
            return Some(Got { path, fields, body, at_ms, client_certificate: false });
        }
    }
}

fn compose(
    manner: Manner,
    notice: &Got,
    target: &str,
    key_id: &str,
    key: &msgpay_crypto::SigningKey,
) -> Vec<u8> {
    let body: &[u8] = match manner {
        Manner::Fail => br#"{"noticeResult":"FAIL"}"#,
        Manner::Huge => &[b' '; 1 << 20],
        _ => br#"{"noticeResult":"SUCCESS"}"#,
    };
    let status = match manner {
        Manner::Silent => return Vec::new(),
        Manner::Broken => "500 Internal Server Error",
        Manner::Gone => "410 Gone",
        Manner::Redirect => "302 Found\r\nlocation: /elsewhere",
        _ => "200 OK",
    };
    let signed_status = if manner == Manner::Forged { 201 } else { 200 };
    let digest = digest_of(body);
    let now = now_s();
    let params = format!(
        "(\"@status\" \"content-type\" \"content-digest\" \"@method\";req \"@target-uri\";req \"content-digest\";req \
         \"signature\";req;key=\"sig1\");created={now};keyid=\"{key_id}\";alg=\"ecdsa-p256-sha256\";expires={};\
         nonce=\"{}\";tag=\"msgpay-notify-answer\"",
        now + 300,
        hex::encode(msgpay_crypto::random::make::<16>().unwrap()),
    );
    let base = format!(
        "\"@status\": {signed_status}\n\"content-type\": application/json\n\"content-digest\": {digest}\n\
         \"@method\";req: POST\n\"@target-uri\";req: {target}\n\"content-digest\";req: {}\n\
         \"signature\";req;key=\"sig1\": {}\n\"@signature-params\": {params}",
        notice.field("content-digest"),
        notice.field("signature").strip_prefix("sig1=").unwrap_or_default(),
    );
    let signature = base64(&key.sign(base.as_bytes()).unwrap());
    let mut head =
        format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-digest: {digest}\r\n");
    if manner != Manner::Unsigned {
        head += &format!("signature-input: sig1={params}\r\nsignature: sig1=:{signature}:\r\n");
    }
    head += &format!("content-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// Whether a notice carries the platform's signature over everything that must be under it; checked by hand.
pub(crate) fn is_signed(notice: &Got, platform_key: &[u8; 65]) -> bool {
    let params = notice.field("signature-input").strip_prefix("sig1=").unwrap_or_default();
    let covered = "(\"@method\" \"@target-uri\" \"content-type\" \"content-digest\" \"msgpay-notify-id\" \
                   \"msgpay-notify-seq\" \"msgpay-notify-type\")";
    assert!(params.starts_with(covered) && params.contains("tag=\"msgpay-notify\""), "{params}");
    if notice.field("content-digest") != digest_of(&notice.body) {
        return false;
    }
    let base = format!(
        "\"@method\": POST\n\"@target-uri\": https://{}{}\n\"content-type\": {}\n\"content-digest\": {}\n\
         \"msgpay-notify-id\": {}\n\"msgpay-notify-seq\": {}\n\"msgpay-notify-type\": {}\n\
         \"@signature-params\": {params}",
        notice.field("host"),
        notice.path,
        notice.field("content-type"),
        notice.field("content-digest"),
        notice.field("msgpay-notify-id"),
        notice.field("msgpay-notify-seq"),
        notice.field("msgpay-notify-type"),
    );
    let signature =
        notice.field("signature").strip_prefix("sig1=:").and_then(|s| s.strip_suffix(':')).unwrap();
    let signature = super::unbase64(signature);
    SuiteId::International.suite().verify(platform_key, base.as_bytes(), &signature).is_ok()
}
