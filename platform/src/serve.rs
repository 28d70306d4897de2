//! A running platform: both listeners, the notice sender, the payments' own upkeep; and its orderly end.

use std::{net::SocketAddr, sync::Arc};

use msgpay_wire::trust::Purpose;
use tokio::{sync::watch, task::JoinSet};

use crate::{
    annex_c,
    bank::{BankError, SimulatedBank},
    clock::SharedClock,
    config::{Config, Mode},
    domain::{self, Faults, Payments},
    factors::Factors,
    http::{call::Authorities, server::Listener},
    keys::{InstitutionKeys, KeyError},
    notify::{self, fence::Fence, send::Courier},
    platform::{LiveSealKeys, Platform, ReceiptSigner, Rules},
    sdk,
    store::{MobileKey, Store, StoreError},
    tls::{self, IdentityFiles, TlsError},
};

/// Why the platform does not start. The operator's fault, or the machine's.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Keys.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// TLS files.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The database.
    #[error("the store: {0}")]
    Store(#[from] StoreError),
    /// The simulated bank.
    #[error("the simulated bank: {0}")]
    Bank(#[from] BankError),
    /// No threads for password verification.
    #[error("no threads for password verification: {0}")]
    Threads(std::io::Error),
    /// An address that can't be listened on.
    #[error("cannot listen on {address}: {reason}")]
    Listen {
        /// As configured.
        address: SocketAddr,
        /// What the system said.
        reason: std::io::Error,
    },
}

/// The parts that commands and the server both need: keys, book and bank of one configuration.
pub struct Opened {
    /// The institution's keys.
    pub keys: Arc<InstitutionKeys>,
    /// The book.
    pub store: Store,
    /// The bank.
    pub bank: SimulatedBank,
}

impl Opened {
    /// Open what a configuration names.
    pub async fn open(config: &Config, clock: &SharedClock) -> Result<Self, StartError> {
        let keys = InstitutionKeys::open(
            &config.keys.dir,
            &config.institution.id,
            config.mode,
            &config.policy.suites,
            clock.now_s(),
        )?;
        let mobile = MobileKey::read(&keys.mobile)?;
        let store = Store::open(&config.store.path, clock.clone(), mobile).await?;
        let bank = SimulatedBank::open(&config.bank.simulated, clock.clone()).await?;
        Ok(Self { keys: Arc::new(keys), store, bank })
    }
}

/// A platform that serves.
pub struct Running {
    merchant: Listener,
    sdk: Listener,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Running {
    /// Start everything; both listeners accept when this returns.
    pub async fn start(config: &Config, clock: SharedClock) -> Result<Self, StartError> {
        let opened = Opened::open(config, &clock).await?;
        let merchant_tls = tls::mutual_server(
            IdentityFiles { certificate: &config.merchant.certificate, key: &config.merchant.key },
            &config.merchant.client_ca,
            config.merchant.client_crl.as_deref(),
        )?;
        let sdk_tls =
            tls::server(IdentityFiles { certificate: &config.sdk.certificate, key: &config.sdk.key })?;
        let identity = IdentityFiles { certificate: &config.notify.certificate, key: &config.notify.key };
        let courier = Courier::new(
            Fence::new(config.notify.allow_private.iter().map(String::as_str)),
            tls::client(&config.notify.ca, Some(identity))?,
        );
        let platform = Arc::new(platform(config, &clock, opened)?);
        // What the bank took in these suites has to be told under a signature, or not be looked into at all.
        for suite in platform.store().suites_of_open_attempts().await? {
            platform.keys().signer(Purpose::Receipt, suite, clock.now_s())?;
        }
        // Before any request is taken: later it would call off debits that are still on their way to the bank.
        platform.store().adopt_orphans().await?;
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn(notify::run(Arc::clone(&platform), courier, ended(stopped.clone())));
        tasks.spawn(platform.payments().clone().run(ended(stopped.clone())));
        let listen = |address, tls, app| async move {
            Listener::start(address, tls, app, config.limits)
                .await
                .map_err(|reason| StartError::Listen { address, reason })
        };
        let merchant =
            listen(config.merchant.listen, merchant_tls, annex_c::routes(Arc::clone(&platform))).await?;
        let sdk = listen(config.sdk.listen, sdk_tls, sdk::routes(platform)).await?;
        tracing::info!(event = "listening", listener = "merchant", address = %merchant.address());
        tracing::info!(event = "listening", listener = "sdk", address = %sdk.address());
        Ok(Self { merchant, sdk, stop, tasks })
    }

    /// Where merchants call.
    pub fn merchant_addr(&self) -> SocketAddr {
        self.merchant.address()
    }

    /// Where handsets call.
    pub fn sdk_addr(&self) -> SocketAddr {
        self.sdk.address()
    }

    /// Stop accepting, let answers and notices under way finish, end.
    pub async fn stop(mut self) {
        tokio::join!(self.merchant.drain(), self.sdk.drain());
        let _ = self.stop.send(true);
        while self.tasks.join_next().await.is_some() {}
        tracing::info!(event = "stopped");
    }
}

fn platform(config: &Config, clock: &SharedClock, opened: Opened) -> Result<Platform, StartError> {
    let Opened { keys, store, bank } = opened;
    let seal = LiveSealKeys { keys: Arc::clone(&keys), clock: clock.clone() };
    let factors = Factors::start(Arc::new(seal), keys.pepper()?, None).map_err(StartError::Threads)?;
    let signer = ReceiptSigner {
        institution_id: config.institution.id.clone(),
        keys: Arc::clone(&keys),
    };
    // Faults are for drills; outside development mode the environment is not even read.
    let faults = if config.mode == Mode::Dev { Faults::from_env() } else { Faults::none() };
    let rules = domain::Rules {
        fen_max: Some(config.policy.fen_max),
        institution: config.institution.id.clone(),
        faults,
        ..domain::Rules::default()
    };
    let payments = Payments::new(store.clone(), Arc::new(bank), factors, Arc::new(signer), rules);
    Ok(Platform {
        institution: config.institution.clone(),
        policy: config.policy.clone(),
        keys,
        store,
        payments,
        merchant: Rules {
            limits: config.limits,
            authorities: Authorities::new(&config.merchant.authorities),
        },
        sdk: Rules { limits: config.limits, authorities: Authorities::new(&config.sdk.authorities) },
    })
}

async fn ended(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is an end as well.
    let _ = stopped.wait_for(|stop| *stop).await;
}
