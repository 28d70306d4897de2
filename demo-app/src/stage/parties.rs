//! Starting the operator and the merchant, and giving the phone its line.

use std::net::SocketAddr;
use std::sync::Arc;

use msgpay_crypto::SigningKey;
use msgpay_messaging::address::{ChatbotUri, TelUri};
use msgpay_platform::keys::make::http_key_id;
use msgpay_platform::pki::spki;
use msgpay_platform::tls::{self, IdentityFiles};
use msgpay_suites::of_wire;
use msgpay_wire::SuiteId;
use rustls::{ClientConfig, ServerConfig};
use tokio::net::TcpListener;

use super::folder::{Folder, MAAP, MERCHANT, MERCHANT_NAME};
use super::{MOBILE, StageError};
use crate::clock::SharedClock;
use crate::handset::Access;
use crate::maap::{self, ChatbotInfo, HandsetLine, Maap, Registration, Subscriber};
use crate::merchant::{self, Merchant};
use crate::net::Caller;
use crate::recorder::{Party, Recorder};

/// The merchant's Chatbot.
const CHATBOT: &str = "sip:106509990001@botplatform.rcs.example.cn";
/// Its account at the operator; a simulator's secrets are nobody's.
const APP_ID: &str = "qinghe-demo";
const APP_KEY: &str = "qinghe-demo-key";
const CALLBACK_TOKEN: &str = "qinghe-demo-callback";
/// What stands for the subscriber's SIM.
const SIM_TOKEN: &str = "sim-demo-0001";
/// The operator's directory vouches for a year.
const VERIFIED_S: i64 = 365 * 86_400;

fn chatbot() -> Result<ChatbotUri, StageError> {
    ChatbotUri::parse(CHATBOT).map_err(|_| StageError::File("the Chatbot's address"))
}

pub(super) fn subscriber() -> Result<TelUri, StageError> {
    TelUri::from_mobile(MOBILE).map_err(|_| StageError::File("the subscriber's number"))
}

/// The TLS server side of a party of the development PKI.
fn server_tls(folder: &Folder, party: &str) -> Result<Arc<ServerConfig>, StageError> {
    let (certificate, key) = (folder.party(party).join("server.pem"), folder.party(party).join("server.key"));
    let identity = IdentityFiles { certificate: &certificate, key: &key };
    tls::server(identity).map(Arc::new).map_err(|_| StageError::File("a party's server identity"))
}

/// A TLS client side that trusts the development CA, with a client certificate or without.
fn client_tls(folder: &Folder, identity: Option<&str>) -> Result<ClientConfig, StageError> {
    let wrong = |_| StageError::File("a party's client identity");
    let ca = folder.file("ca.pem");
    let Some(party) = identity else { return tls::client(&ca, None).map_err(wrong) };
    let (certificate, key) = (folder.party(party).join("client.pem"), folder.party(party).join("client.key"));
    tls::client(&ca, Some(IdentityFiles { certificate: &certificate, key: &key })).map_err(wrong)
}

pub(super) async fn start_maap(
    folder: &Folder,
    clock: &SharedClock,
    recorder: &Recorder,
) -> Result<Maap, StageError> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(StageError::Process)?;
    let info = ChatbotInfo {
        name: MERCHANT_NAME.to_owned(),
        description: "现磨咖啡与礼盒（示例商户）".to_owned(),
        provider: "青禾咖啡（示例）有限公司".to_owned(),
        categories: vec!["Shopping".to_owned(), "Payment".to_owned()],
        verified: true,
        verified_until: u64::try_from(clock.now_s() + VERIFIED_S).unwrap_or(0),
        status: 0,
        phone: "tel:+8640000000001".to_owned(),
        website: "https://m.example.cn".to_owned(),
        colour: "#0A7A5A".to_owned(),
    };
    let registration = Registration {
        uri: chatbot()?,
        app_id: APP_ID.to_owned(),
        app_key: APP_KEY.to_owned(),
        callback_token: CALLBACK_TOKEN.to_owned(),
        info,
    };
    let maap = Maap::start(maap::Config {
        listener,
        tls: Some(server_tls(folder, MAAP)?),
        client_tls: client_tls(folder, Some(MAAP))?,
        clock: clock.clone(),
        recorder: recorder.clone(),
        name: "示例运营商".to_owned(),
        chatbots: vec![registration],
        subscribers: vec![Subscriber { tel: subscriber()?, sim_token: SIM_TOKEN.to_owned() }],
    })?;
    Ok(maap)
}

pub(super) fn access(
    folder: &Folder,
    maap: &Maap,
    clock: &SharedClock,
    recorder: &Recorder,
) -> Result<Access, StageError> {
    let caller = Caller::new(client_tls(folder, None)?, recorder.clone(), Party::Client)
        .map_err(|_| StageError::File("the client's TLS configuration"))?;
    let line = HandsetLine::new(caller, &maap.root_url(), subscriber()?, SIM_TOKEN);
    Ok(Access { line, chatbot: chatbot()?, now_s: clock.now_s() })
}

pub(super) async fn start_merchant(
    folder: &Folder,
    listener: TcpListener,
    platform: SocketAddr,
    maap: &Maap,
    clock: &SharedClock,
    recorder: &Recorder,
) -> Result<Merchant, StageError> {
    let failed = |error: merchant::MerchantError| StageError::Merchant(error.to_string());
    let pem =
        std::fs::read_to_string(folder.party(MERCHANT).join("signing.key")).map_err(StageError::Process)?;
    let key = SigningKey::from_pkcs8_pem(of_wire(folder.kept.suite), &pem)
        .map_err(|_| StageError::File("the merchant's signing key"))?;
    let config = merchant::Config {
        data: folder.merchant_folder(),
        tls: Some(server_tls(folder, MERCHANT)?),
        clock: clock.clone(),
        recorder: recorder.clone(),
        public_host: "127.0.0.1".to_owned(),
        id: folder.kept.merchant_id.clone(),
        name: MERCHANT_NAME.to_owned(),
        short_name: MERCHANT_NAME.to_owned(),
        goods: merchant::shelf(),
        signing: merchant::Signing { key_id: folder.kept.key_id.clone(), key: Arc::new(key) },
        platform: merchant::PlatformPeer {
            base_url: format!("https://localhost:{}", platform.port()),
            client_tls: client_tls(folder, Some(MERCHANT))?,
            keys: vec![platform_key(folder, folder.kept.suite)?],
        },
        operator: merchant::OperatorPeer {
            root_url: maap.root_url(),
            client_tls: client_tls(folder, None)?,
            app_id: APP_ID.to_owned(),
            app_key: APP_KEY.to_owned(),
            callback_token: CALLBACK_TOKEN.to_owned(),
        },
        chatbot: chatbot()?,
        postback_key: folder.postback_key()?,
    };
    let merchant = Merchant::start(config, listener).await.map_err(failed)?;
    maap.connect_chatbot(&chatbot()?, merchant.notify_url()).await?;
    Ok(merchant)
}

/// The platform's public signing key of a suite: the merchant trusts no other.
fn platform_key(folder: &Folder, suite: SuiteId) -> Result<merchant::PlatformKey, StageError> {
    let name = match suite {
        SuiteId::International => "http-signing.pub.pem".to_owned(),
        other => format!("http-signing-{}.pub.pem", other.word()),
    };
    let (_, public_key) = spki::read(&folder.file(&name))
        .filter(|(of, _)| *of == suite)
        .ok_or(StageError::File("http-signing.pub.pem"))?;
    Ok(merchant::PlatformKey { key_id: http_key_id(suite).to_owned(), suite, public_key })
}
