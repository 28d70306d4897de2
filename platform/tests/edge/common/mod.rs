//! A whole platform on loopback with its development world, and parties that call it over real TLS.
//!
//! Signatures are made here by hand from RFC 9421 §2.5, not by the code under test.

pub(crate) mod handset;
pub(crate) mod sink;

use std::{path::Path, sync::Arc, time::Duration};

use msgpay_crypto::{SigningKey, SuiteId};
use msgpay_platform::{
    clock::{Clock as _, SharedClock, SystemClock},
    config::Config,
    pki::{DevPki, Plan, files::PartyFiles, issue::Validity},
    serve::{Opened, Running},
    tls::{self, IdentityFiles},
};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::{TlsConnector, client::TlsStream};

pub(crate) const MOBILE: &str = "19900001234";

pub(crate) fn now_s() -> i64 {
    SystemClock.now_s()
}

/// A running platform.
pub(crate) struct World {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) pki: DevPki,
    pub(crate) config: Config,
    pub(crate) running: Running,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// `change` may change the configuration before the start.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::start_by(Arc::new(SystemClock), change).await
    }

    /// With a clock of the test's own.
    pub(crate) async fn start_by(clock: SharedClock, change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let any = "127.0.0.1:0".parse().unwrap();
        let plan = Plan { merchant_listen: any, sdk_listen: any, ..Plan::default() };
        let pki = DevPki::make(&dir.path().join("dev"), &plan, now_s()).unwrap();
        let mut config = Config::read(&pki.dir().join("platform.toml")).unwrap();
        change(&mut config);
        let running = Running::start(&config, clock).await.unwrap();
        Self { dir, pki, config, running }
    }

    /// The platform's databases, as another process would open them.
    pub(crate) async fn opened(&self) -> Opened {
        let clock: SharedClock = Arc::new(SystemClock);
        Opened::open(&self.config, &clock).await.unwrap()
    }

    /// One number out of the platform's book.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        use sqlx::Connection as _;
        let options =
            sqlx::sqlite::SqliteConnectOptions::new().filename(&self.config.store.path).read_only(true);
        let mut book = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&mut book).await.unwrap()
    }

    /// Run a command on this world; gives its exit code and its JSON.
    pub(crate) async fn command(&self, args: &[&str]) -> (String, serde_json::Value) {
        command(&self.config.path, args).await
    }

    /// A registered merchant whose notices go to `notify_host`.
    pub(crate) async fn merchant(&self, name: &str, notify_host: &str) -> Merchant {
        let files = self.pki.party(name, now_s(), 30).unwrap();
        self.register(name, files, notify_host).await
    }

    pub(crate) async fn register(&self, name: &str, files: PartyFiles, notify_host: &str) -> Merchant {
        let (cert, key) =
            (files.client_certificate.to_str().unwrap(), files.signing_public.to_str().unwrap());
        let add =
            ["merchant", "add", "--name", name, "--cert", cert, "--key", key, "--notify-host", notify_host];
        let (end, said) = self.command(&add).await;
        assert_eq!(end, "ExitCode(unix_exit_status(0))", "{said}");
        Merchant {
            id: said["merchantId"].as_str().unwrap().to_owned(),
            key_id: said["keyId"].as_str().unwrap().to_owned(),
            notify_host: notify_host.to_owned(),
            signing: signing_key(&files.signing_key),
            files,
        }
    }

    /// A merchant and a payer with an active wallet: what most tests need.
    pub(crate) async fn with_merchant() -> (Self, Merchant) {
        let world = Self::start().await;
        let merchant = world.merchant("coffee", "127.0.0.1:9443").await;
        let (end, said) = world.command(&["activate", "--mobile", MOBILE]).await;
        assert_eq!(end, "ExitCode(unix_exit_status(0))", "{said}");
        (world, merchant)
    }

    pub(crate) fn http_public_key(&self) -> [u8; 65] {
        msgpay_platform::pki::spki::read(&self.pki.dir().join("http-signing.pub.pem")).unwrap()
    }

    /// TLS to the merchants' listener with this client identity.
    pub(crate) fn merchant_tls(&self, files: &PartyFiles) -> rustls::ClientConfig {
        let identity = IdentityFiles { certificate: &files.client_certificate, key: &files.client_key };
        tls::client(&self.pki.dir().join("ca.pem"), Some(identity)).unwrap()
    }

    /// TLS without a client certificate.
    pub(crate) fn plain_tls(&self) -> rustls::ClientConfig {
        tls::client(&self.pki.dir().join("ca.pem"), None).unwrap()
    }

    /// Send a signed request of this merchant to the merchants' listener.
    pub(crate) async fn send(&self, merchant: &Merchant, request: &Request) -> Answer {
        exchange(self.merchant_tls(&merchant.files), self.running.merchant_addr().port(), &request.bytes())
            .await
            .unwrap()
    }

    /// Place an order as it stands, signed as it should be.
    pub(crate) async fn order(&self, merchant: &Merchant, body: &str) -> Answer {
        self.send(merchant, &merchant.request(self, "/v1/pay/orders", body).signed(merchant)).await
    }
}

/// Run the program in a thread of its own, as its own process would be.
pub(crate) async fn command(config: &Path, args: &[&str]) -> (String, serde_json::Value) {
    let mut all = vec!["msgpay-platform".into(), "--json".into()];
    all.extend(args.iter().map(Into::<std::ffi::OsString>::into));
    all.extend(["--config".into(), config.as_os_str().to_owned()]);
    tokio::task::spawn_blocking(move || {
        let mut out = Vec::new();
        let code = std::thread::spawn(move || {
            let code = msgpay_platform::cli::run(all, &mut out);
            (format!("{code:?}"), out)
        });
        let (code, out) = code.join().unwrap();
        (code, serde_json::from_slice(&out).unwrap_or_default())
    })
    .await
    .unwrap()
}

pub(crate) fn signing_key(path: &Path) -> SigningKey {
    SigningKey::from_pkcs8_pem(SuiteId::International, &std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A registered merchant.
pub(crate) struct Merchant {
    pub(crate) id: String,
    pub(crate) key_id: String,
    pub(crate) notify_host: String,
    pub(crate) files: PartyFiles,
    pub(crate) signing: SigningKey,
}

impl Merchant {
    /// A good order body; the caller changes what it wants.
    pub(crate) fn order_body(&self, order_no: &str) -> serde_json::Value {
        serde_json::json!({
            "transactionType": "01", "businessType": "NATIVE",
            "bankReturnUrl": format!("https://{}/pay/notify", self.notify_host),
            "merchantOrderNo": order_no, "merchantName": "coffee",
            "orderDate": msgpay_platform::ids::china_date(SystemClock.now_ms()),
            "orderAmount": 128.5, "currency": "CNY", "merchantId": self.id, "mobileNo": MOBILE,
            "goodsNo": "SKU-LT-01", "goodsName": "拿铁礼盒", "goodsDescription": "拿铁礼盒 ×1"
        })
    }

    /// An unsigned POST.
    pub(crate) fn request(&self, world: &World, path: &str, body: &str) -> Request {
        let mut request =
            Request::post(world.running.merchant_addr().port(), path, "application/json", body.as_bytes());
        request.key_id.clone_from(&self.key_id);
        request
    }
}

/// A request whose every part a test may change before or after signing.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) port: u16,
    pub(crate) path: String,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) key_id: String,
    pub(crate) created: i64,
    pub(crate) expires: i64,
    pub(crate) nonce: String,
    pub(crate) tag: String,
    pub(crate) alg: String,
    pub(crate) covered: Vec<String>,
}

impl Request {
    pub(crate) fn post(port: u16, path: &str, content_type: &str, body: &[u8]) -> Self {
        let now = now_s();
        Self {
            port,
            path: path.to_owned(),
            fields: vec![("content-type".into(), content_type.into())],
            body: body.to_vec(),
            key_id: String::new(),
            created: now,
            expires: now + 300,
            nonce: hex::encode(msgpay_crypto::random::make::<16>().unwrap()),
            tag: "msgpay-request".into(),
            alg: "ecdsa-p256-sha256".into(),
            covered: ["@method", "@target-uri", "content-type", "content-digest"].map(String::from).to_vec(),
        }
    }

    pub(crate) fn target(&self) -> String {
        format!("https://localhost:{}{}", self.port, self.path)
    }

    /// A header that is under the signature when it is added before signing.
    pub(crate) fn covered_header(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.into(), value.into()));
        self.covered.push(name.into());
        self
    }

    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).unwrap()
    }

    pub(crate) fn signed(self, merchant: &Merchant) -> Self {
        self.signed_by(&merchant.signing)
    }

    /// RFC 9421 §2.5 by hand.
    pub(crate) fn signed_by(mut self, key: &SigningKey) -> Self {
        self.fields.push(("content-digest".into(), digest_of(&self.body)));
        let names: Vec<String> = self.covered.iter().map(|name| format!("\"{name}\"")).collect();
        let params = format!(
            "({});created={};keyid=\"{}\";alg=\"{}\";expires={};nonce=\"{}\";tag=\"{}\"",
            names.join(" "),
            self.created,
            self.key_id,
            self.alg,
            self.expires,
            self.nonce,
            self.tag
        );
        let mut base = String::new();
        for name in &self.covered {
            let value = match name.as_str() {
                "@method" => "POST",
                "@target-uri" => &self.target(),
                field => self.field(field),
            };
            base += &format!("\"{name}\": {value}\n");
        }
        base += &format!("\"@signature-params\": {params}");
        let signature = key.sign(base.as_bytes()).unwrap();
        self.fields.push(("signature-input".into(), format!("sig1={params}")));
        self.fields.push(("signature".into(), format!("sig1=:{}:", base64(&signature))));
        self
    }

    /// The request as it goes over the wire; the connection closes after the answer.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut head = format!("POST {} HTTP/1.1\r\nhost: localhost:{}\r\n", self.path, self.port);
        for (name, value) in &self.fields {
            head += &format!("{name}: {value}\r\n");
        }
        head += &format!("content-length: {}\r\nconnection: close\r\n\r\n", self.body.len());
        [head.as_bytes(), &self.body].concat()
    }
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

pub(crate) fn unbase64(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    SuiteId::International.suite().hash(bytes)
}

pub(crate) fn digest_of(body: &[u8]) -> String {
    format!("sha-256=:{}:", base64(&sha256(body)))
}

/// An answer as it came.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&bytes[..end]).ok()?;
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let fields = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        Some(Self { status, fields, body: bytes[end + 4..].to_vec() })
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Status and code of a problem: `"401 5G-1002"`.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(self.field("content-type"), Some("application/problem+json"), "{self:?}");
        let json = self.json();
        assert_eq!(json["status"], self.status, "{json}");
        assert_eq!(json["instance"].as_str(), self.field("x-request-id"), "{json}");
        assert!(json["detail"].as_str().is_some_and(|d| !d.is_empty()), "{json}");
        format!("{} {}", self.status, json["code"].as_str().unwrap())
    }

    /// The platform's signature over this answer to that request, checked by hand.
    pub(crate) fn is_signed_for(&self, request: &Request, platform_key: &[u8; 65]) -> bool {
        let (Some(input), Some(signature)) = (self.field("signature-input"), self.field("signature")) else {
            return false;
        };
        if self.field("content-digest") != Some(&digest_of(&self.body)) {
            return false;
        }
        let params = input.strip_prefix("sig1=").unwrap();
        assert!(
            params.contains("tag=\"msgpay-response\"") && params.contains("keyid=\"pay-2026a\""),
            "{params}"
        );
        let request_signature = request.field("signature").strip_prefix("sig1=").unwrap();
        let base = format!(
            "\"@status\": {}\n\"content-type\": {}\n\"content-digest\": {}\n\"@method\";req: POST\n\
             \"@target-uri\";req: {}\n\"content-digest\";req: {}\n\"signature\";req;key=\"sig1\": {}\n\
             \"@signature-params\": {params}",
            self.status,
            self.field("content-type").unwrap(),
            self.field("content-digest").unwrap(),
            request.target(),
            request.field("content-digest"),
            request_signature,
        );
        let signature = unbase64(signature.strip_prefix("sig1=:").unwrap().strip_suffix(':').unwrap());
        SuiteId::International.suite().verify(platform_key, base.as_bytes(), &signature).is_ok()
    }
}

pub(crate) async fn connect(
    tls: rustls::ClientConfig,
    port: u16,
) -> std::io::Result<TlsStream<tokio::net::TcpStream>> {
    let tcp = tokio::net::TcpStream::connect(("127.0.0.1", port)).await?;
    TlsConnector::from(Arc::new(tls)).connect(ServerName::try_from("localhost").unwrap(), tcp).await
}

/// Send bytes, read to the end.
pub(crate) async fn exchange(tls: rustls::ClientConfig, port: u16, bytes: &[u8]) -> std::io::Result<Answer> {
    let mut stream = connect(tls, port).await?;
    stream.write_all(bytes).await?;
    stream.flush().await?;
    read_answer(&mut stream).await
}

pub(crate) async fn read_answer(stream: &mut TlsStream<tokio::net::TcpStream>) -> std::io::Result<Answer> {
    let mut all = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut all)).await?;
    match (Answer::parse(&all), read) {
        (Some(answer), _) => Ok(answer),
        (None, Err(e)) => Err(e),
        (None, Ok(_)) => Err(std::io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Identities that expired yesterday.
pub(crate) fn expired() -> Validity {
    Validity { not_before: now_s() - 10 * 86_400, not_after: now_s() - 86_400 }
}
