//! The merchant: business platform and Chatbot of a coffee shop.
//!
//! It speaks only HTTP: dialect A with the operator, Annex C (signed, mutually authenticated) with the payment
//! platform. Of a payment it holds the order and an opaque link; keys, passwords and layouts never come here.
//!
//! ```text
//! shelf     what is sold
//! china     days and times in UTC+8
//! store     orders, cards still to send, what was seen before: SQLite, so that a restart loses nothing
//! signed    RFC 9421 for both directions of Annex C
//! keys      which keys of the platform are believed
//! platform  C.1 order and C.2 query, the platform's next keys
//! operator  token and send of dialect A
//! uplinks   what the operator posts: checks, then the conversation
//! notices   what the platform posts: C.3
//! desk      one place that decides: order, order again, settle
//! counter   cards and words for the user
//! rounds    polls open orders, sends cards that are due, asks for the platform's keys
//! ```

mod china;
mod counter;
mod desk;
mod keys;
mod notices;
mod operator;
mod platform;
mod rounds;
mod shelf;
mod signed;
mod store;
#[cfg(test)]
mod tests;
mod uplinks;

pub use platform::PlatformPeer;
pub use shelf::shelf;
pub use signed::{PlatformKey, Signing};
pub use store::{OrderState, OrderView, StoreError};

use std::{
    io,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use axum::Router;
use msgpay_messaging::{
    address::{ChatbotUri, TelUri},
    callback::CallbackGuard,
    cards::Goods,
    postback::{PostbackKey, PostbackKeys},
};
use rustls::{ClientConfig, ServerConfig};
use tokio::{net::TcpListener, sync::Notify, task::JoinSet};

use crate::{
    clock::SharedClock,
    net::{CallFailed, Caller, Served, Tee, serve},
    recorder::{Party, Recorder},
};

/// The operator as the merchant reaches it.
#[derive(Clone)]
pub struct OperatorPeer {
    /// Its root URL.
    pub root_url: String,
    /// TLS towards it.
    pub client_tls: ClientConfig,
    /// The Chatbot's account.
    pub app_id: String,
    /// Its secret.
    pub app_key: String,
    /// The word that signs what the operator posts.
    pub callback_token: String,
}

/// What the merchant needs to start; cheap to clone, for starting again.
#[derive(Clone)]
pub struct Config {
    /// Folder of `merchant.sqlite`; made if missing.
    pub data: PathBuf,
    /// TLS server side of its one endpoint; `None` for plain HTTP.
    pub tls: Option<Arc<ServerConfig>>,
    /// The time.
    pub clock: SharedClock,
    /// Where everything is recorded.
    pub recorder: Recorder,
    /// Host by which the platform and the operator reach it, without port.
    pub public_host: String,
    /// `merchantId`.
    pub id: String,
    /// Name on cards and in orders.
    pub name: String,
    /// Name in short messages.
    pub short_name: String,
    /// What is sold; see [`shelf`].
    pub goods: Vec<Goods>,
    /// Signs its calls and answers.
    pub signing: Signing,
    /// The payment platform.
    pub platform: PlatformPeer,
    /// The operator.
    pub operator: OperatorPeer,
    /// Its Chatbot.
    pub chatbot: ChatbotUri,
    /// Key of the postback tokens.
    pub postback_key: [u8; 32],
}

/// Why the merchant can't start.
#[derive(Debug, thiserror::Error)]
pub enum MerchantError {
    /// The socket is unusable.
    #[error("the merchant's socket is unusable")]
    Socket(#[from] io::Error),
    /// Its database can't be opened.
    #[error("the merchant's database can't be opened")]
    Store(#[from] StoreError),
    /// A TLS configuration is unusable.
    #[error("the merchant's TLS client configuration is unusable")]
    Client(#[from] CallFailed),
}

/// The running merchant. Dropping it is its death; [`Merchant::stop`] is an orderly end.
pub struct Merchant {
    shop: Arc<Shop>,
    served: Served,
    ends: Ends,
    return_url: String,
    notify_url: String,
}

/// Ends the shop's work when the merchant is dropped: its tasks hold the shop, so they would not end alone.
struct Ends(Arc<Shop>);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.crew().abort_all();
    }
}

/// Everything that the merchant's parts share.
struct Shop {
    config: Config,
    store: store::Store,
    platform: platform::Platform,
    operator: operator::Operator,
    postbacks: PostbackKeys,
    return_url: String,
    /// Believes the operator's posts, once each.
    guard: Mutex<CallbackGuard>,
    /// Wakes the sender of result cards.
    wake: Notify,
    /// Work behind an answer already given; ends with the shop.
    crew: Mutex<JoinSet<()>>,
}

impl Merchant {
    /// Starts the merchant on `listener`. Open orders are asked about at once and missing cards sent.
    ///
    /// # Errors
    /// [`MerchantError`].
    pub async fn start(config: Config, listener: TcpListener) -> Result<Self, MerchantError> {
        let port = listener.local_addr()?.port();
        let scheme = if config.tls.is_some() { "https" } else { "http" };
        let root = format!("{scheme}://{}:{port}", config.public_host);
        let return_url = format!("{root}/pay/notify");
        let store = store::Store::open(&config.data, config.clock.clone()).await?;
        store.ask_about_everything_open().await?;
        let call = |tls: &ClientConfig| Caller::new(tls.clone(), config.recorder.clone(), Party::Merchant);
        let platform = platform::Platform::new(
            call(&config.platform.client_tls)?,
            config.platform.clone(),
            config.signing.clone(),
            config.clock.clone(),
        );
        let operator = operator::Operator::new(
            call(&config.operator.client_tls)?,
            &config.operator,
            &config.chatbot,
            config.clock.clone(),
        );
        let shop = Arc::new(Shop {
            postbacks: PostbackKeys::new(PostbackKey::new("k1", config.postback_key), Vec::new()),
            store,
            platform,
            operator,
            return_url: return_url.clone(),
            guard: Mutex::new(CallbackGuard::new(config.operator.callback_token.clone())),
            wake: Notify::new(),
            crew: Mutex::new(JoinSet::new()),
            config,
        });
        let router = Router::new()
            .nest("/maap", uplinks::routes())
            .nest("/pay", notices::routes())
            .with_state(Arc::clone(&shop));
        let tee = Tee::new(shop.config.recorder.clone(), Party::Merchant, |head| {
            if head.uri.path().starts_with("/pay/") { Party::Platform } else { Party::Maap }
        });
        let served = serve(listener, shop.config.tls.clone(), router, Some(tee))?;
        shop.put_to_work(rounds::send_cards(Arc::clone(&shop)));
        shop.put_to_work(rounds::ask(Arc::clone(&shop)));
        shop.put_to_work(rounds::learn_keys(Arc::clone(&shop)));
        Ok(Self {
            ends: Ends(Arc::clone(&shop)),
            shop,
            served,
            return_url,
            notify_url: format!("{root}/maap"),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.served.address()
    }

    /// `bankReturnUrl`: where the platform notifies.
    #[must_use]
    pub fn return_url(&self) -> &str {
        &self.return_url
    }

    /// Where the operator posts.
    #[must_use]
    pub fn notify_url(&self) -> &str {
        &self.notify_url
    }

    /// Its orders, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn orders(&self) -> Result<Vec<OrderView>, StoreError> {
        self.shop.store.orders().await
    }

    /// Orders something of this price for a subscriber without a chat; gives `payOrderNo` and the payment link.
    ///
    /// # Errors
    /// What the merchant's books or the platform said.
    pub async fn order_at_the_desk(&self, tel: &TelUri, price_fen: i64) -> Result<(String, String), String> {
        self.shop.order_at_the_desk(tel, price_fen).await.map_err(|failed| failed.to_string())
    }

    /// Stops it: nothing is answered or sent any more, the database is closed, the port is free.
    pub async fn stop(self) {
        let Self { shop, served, ends, .. } = self;
        served.stop().await;
        let mut crew = std::mem::take(&mut *shop.crew());
        crew.shutdown().await;
        shop.store.close().await;
        drop(ends);
    }
}

impl Shop {
    fn crew(&self) -> std::sync::MutexGuard<'_, JoinSet<()>> {
        self.crew.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` until it ends or the merchant stops.
    fn put_to_work(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut crew = self.crew();
        while crew.try_join_next().is_some() {}
        crew.spawn(work);
    }

    fn now_s(&self) -> u64 {
        u64::try_from(self.config.clock.now_s()).unwrap_or(0)
    }
}
