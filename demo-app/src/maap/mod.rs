//! The operator: a simulator of 5GMC and MaaP on a real socket.
//!
//! Towards Chatbots it speaks dialect A (China Telecom and China Unicom V1.0.4): tokens, send, revoke,
//! Chatbot information, signed uplink notifications and delivery reports; it refuses with the operators'
//! return codes whatever the schema or the rules refuse. Towards the handset it has a small JSON interface
//! of its own (the air interface of a real network is SIP and MSRP):
//!
//! | call | what |
//! |---|---|
//! | `POST /handset/v1/registrations` `{"tel":"tel:+86…"}` | the handset comes on the air |
//! | `GET /handset/v1/messages?after=N` | server-sent events: `message`, `status` |
//! | `POST /handset/v1/messages` | an uplink: words, a tap, device data |
//! | `POST /handset/v1/reports` `{"messageId","status":"displayed"}` | the user saw it |
//! | `GET /handset/v1/chatbots[/{id}]` | directory; information with the verified flag (RCC.07) |
//!
//! Each is authorised by `Authorization: Bearer <SIM token>`, which stands for the SIM's authentication.

mod chatbot_api;
mod downlink;
mod faults;
mod handset_api;
mod info;
mod line;
mod state;
#[cfg(test)]
mod tests;
mod uplink;

pub use faults::Faults;
pub use info::ChatbotInfo;
pub use line::{
    Accepted, ChatbotCard, Downlink, DownlinkPart, HandsetLine, LineError, LineEvent, LineEvents, Say,
};

use std::{io, net::SocketAddr, sync::Arc};

use axum::Router;
use msgpay_messaging::{
    address::{ChatbotUri, TelUri},
    dialect_a::Code,
};
use rustls::{ClientConfig, ServerConfig};
use tokio::net::TcpListener;

use crate::{
    clock::SharedClock,
    net::{CallFailed, Caller, Served, Tee, serve},
    recorder::{Party, Recorder},
};
use state::Shared;

/// A Chatbot's contract with the operator.
#[derive(Clone)]
pub struct Registration {
    /// Its address.
    pub uri: ChatbotUri,
    /// Its account.
    pub app_id: String,
    /// Its secret.
    pub app_key: String,
    /// The word that signs what we post to it.
    pub callback_token: String,
    /// What users are told about it.
    pub info: ChatbotInfo,
}

/// A subscriber and the secret in their SIM.
#[derive(Clone)]
pub struct Subscriber {
    /// Their number.
    pub tel: TelUri,
    /// What their handset shows.
    pub sim_token: String,
}

/// What the operator needs to start.
pub struct Config {
    /// Where it listens.
    pub listener: TcpListener,
    /// Its server side; `None` for plain HTTP.
    pub tls: Option<Arc<ServerConfig>>,
    /// Its client side, for posting to Chatbots.
    pub client_tls: ClientConfig,
    /// The time.
    pub clock: SharedClock,
    /// Where everything is recorded.
    pub recorder: Recorder,
    /// Its name, shown as who verified a Chatbot.
    pub name: String,
    /// Chatbots under contract.
    pub chatbots: Vec<Registration>,
    /// Subscribers.
    pub subscribers: Vec<Subscriber>,
}

/// Why the operator can't start or connect a Chatbot.
#[derive(Debug, thiserror::Error)]
pub enum MaapError {
    /// The socket is unusable.
    #[error("the operator's socket is unusable")]
    Socket(#[from] io::Error),
    /// The client configuration is unusable.
    #[error("the operator's TLS client configuration is unusable")]
    Client(#[from] CallFailed),
    /// No such Chatbot is under contract.
    #[error("no such Chatbot is under contract")]
    UnknownChatbot,
    /// The Chatbot's notify address did not pass the check (code 30006): start it before connecting it.
    #[error("the notify address did not echo the callback check (code {})", Code::CallbackCheck.number())]
    CallbackCheck,
}

/// The running operator. Dropping it stops it.
pub struct Maap {
    shared: Arc<Shared>,
    served: Served,
    scheme: &'static str,
}

impl Maap {
    /// Starts the operator.
    ///
    /// # Errors
    /// [`MaapError::Socket`], [`MaapError::Client`].
    pub fn start(config: Config) -> Result<Self, MaapError> {
        let caller = Caller::new(config.client_tls, config.recorder.clone(), Party::Maap)?;
        let scheme = if config.tls.is_some() { "https" } else { "http" };
        let shared =
            Arc::new(Shared::new(config.clock, caller, config.name, config.chatbots, config.subscribers));
        let router = Router::new()
            .nest("/bot/v1/{chatbot}", chatbot_api::routes())
            .nest("/handset/v1", handset_api::routes())
            .with_state(Arc::clone(&shared));
        let tee = Tee::new(config.recorder, Party::Maap, |head| {
            if head.uri.path().starts_with("/bot/") { Party::Merchant } else { Party::Client }
        });
        let served = serve(config.listener, config.tls, router, Some(tee))?;
        Ok(Self { shared, served, scheme })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.served.address()
    }

    /// Its root URL by the name that its certificate has, `https://localhost:PORT`.
    #[must_use]
    pub fn root_url(&self) -> String {
        format!("{}://localhost:{}", self.scheme, self.address().port())
    }

    /// Checks a Chatbot's notify address (V1.0.4 p12) and posts to it from now on. `notify_url` has no
    /// trailing slash.
    ///
    /// # Errors
    /// [`MaapError::UnknownChatbot`], [`MaapError::CallbackCheck`].
    pub async fn connect_chatbot(&self, uri: &ChatbotUri, notify_url: &str) -> Result<(), MaapError> {
        uplink::connect(&self.shared, uri, notify_url).await
    }

    /// Makes something go wrong from now on, or right again.
    pub fn faults(&self, change: impl FnOnce(&mut Faults)) {
        change(&mut self.shared.state().faults);
    }

    /// Stops it.
    pub async fn stop(self) {
        self.served.stop().await;
    }
}
