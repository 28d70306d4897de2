//! A whole platform on loopback with its development world, and parties that call it over real TLS.

pub(crate) mod handset;
pub(crate) mod message;
pub(crate) mod sink;

use handset::Handset;
pub(crate) use message::{Answer, Request, base64, digest_of, unbase64};

use std::{path::Path, sync::Arc, time::Duration};

use msgpay_crypto::{SigningKey, SuiteId};
use msgpay_platform::{
    clock::{Clock as _, SharedClock, SystemClock},
    config::Config,
    keys::InstitutionKeys,
    pki::{DevPki, Plan, files::PartyFiles, issue::Validity},
    serve::{Opened, Running},
    tls::{self, IdentityFiles},
};
use msgpay_wire::launch::Link;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::{TlsConnector, client::TlsStream};

pub(crate) const MOBILE: &str = "19900001234";

/// Another suite, of another hash too.
pub(crate) fn other(suite: msgpay_wire::SuiteId) -> msgpay_wire::SuiteId {
    use msgpay_wire::SuiteId::{Guomi, International};
    if suite == Guomi { International } else { Guomi }
}

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
        // Commands find every suite in the configuration's file; what serves uses the usual one, or as `change` says.
        let suites = msgpay_wire::SuiteId::ALL.to_vec();
        let plan = Plan { merchant_listen: any, sdk_listen: any, suites, ..Plan::default() };
        let pki = DevPki::make(&dir.path().join("dev"), &plan, now_s()).unwrap();
        let mut config = Config::read(&pki.dir().join("platform.toml")).unwrap();
        config.policy.suites = vec![msgpay_wire::SuiteId::International];
        change(&mut config);
        let running = Running::start(&config, clock).await.unwrap();
        Self { dir, pki, config, running }
    }

    /// One that prefers `suite` and takes the others too, a merchant, and a handset of `suite`.
    pub(crate) async fn in_suite(suite: msgpay_wire::SuiteId) -> (Self, Merchant, Handset) {
        let others = msgpay_wire::SuiteId::ALL.into_iter().filter(|of| *of != suite);
        let suites = std::iter::once(suite).chain(others).collect();
        let world = Self::start_with(|config| config.policy.suites = suites).await;
        let merchant = world.merchant("coffee", "127.0.0.1:9443").await;
        let handset = Handset::ready_in(&world, "100000", suite).await;
        (world, merchant, handset)
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

    /// Texts out of the platform's book.
    pub(crate) async fn texts(&self, sql: &'static str) -> Vec<String> {
        use sqlx::Connection as _;
        let options =
            sqlx::sqlite::SqliteConnectOptions::new().filename(&self.config.store.path).read_only(true);
        let mut book = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query_scalar(sql).fetch_all(&mut book).await.unwrap()
    }

    /// Why entries did not open since the start, in order.
    pub(crate) async fn reasons(&self) -> Vec<String> {
        self.texts("SELECT outcome FROM audit_event WHERE action = 'ENTRY_UNOPENED' ORDER BY id").await
    }

    /// Guesses counted against the password, payments begun.
    pub(crate) async fn harm(&self) -> (i64, i64) {
        let guesses = self.count("SELECT sum(fails) FROM password_state").await;
        (guesses, self.count("SELECT count(*) FROM pay_attempt").await)
    }

    /// The link of a new order.
    pub(crate) async fn link(&self, merchant: &Merchant, no: &str) -> Link {
        let answer = self.order(merchant, &merchant.order_body(no).to_string()).await;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        Link::read(answer.json()["payUrl"].as_str().unwrap()).unwrap()
    }

    /// The institution's own keys, for tests that sign or seal what it would not.
    pub(crate) fn keys(&self) -> InstitutionKeys {
        let config = &self.config;
        let all = msgpay_wire::SuiteId::ALL;
        InstitutionKeys::open(&config.keys.dir, "WALLET_A", config.mode, &all, now_s()).unwrap()
    }

    /// Run a command on this world; gives its exit code and its JSON.
    pub(crate) async fn command(&self, args: &[&str]) -> (String, serde_json::Value) {
        command(&self.config.path, args).await
    }

    /// A registered merchant whose notices go to `notify_host`.
    pub(crate) async fn merchant(&self, name: &str, notify_host: &str) -> Merchant {
        let files = self.pki.party(name, msgpay_wire::SuiteId::International, now_s(), 30).unwrap();
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
        msgpay_platform::pki::spki::read(&self.pki.dir().join("http-signing.pub.pem")).unwrap().1
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
    let pem = std::fs::read_to_string(path).unwrap();
    SuiteId::ALL.into_iter().find_map(|suite| SigningKey::from_pkcs8_pem(suite, &pem).ok()).unwrap()
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
