//! A running platform: both listeners, the notice sender, the payments' own upkeep, its keys; and its orderly end.

use std::{
    fs::{File, TryLockError},
    net::SocketAddr,
    path::PathBuf,
    sync::Arc,
};

use msgpay_crypto::{MacKey, password};
use msgpay_wire::trust::Purpose;
use tokio::{
    net::TcpListener,
    sync::{Notify, watch},
    task::JoinSet,
};

use crate::{
    annex_c,
    bank::{BankError, SimulatedBank},
    clock::SharedClock,
    config::{Config, Mode},
    domain::{self, Faults, Payments},
    factors::Factors,
    http::{call::Authorities, server::Listener},
    keys::{
        self, KeyError,
        ring::{KeyRing, Source},
    },
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
    /// A pepper that no stored password was made with: every payer would be refused.
    #[error("the pepper is not the one that the stored passwords were made with; bring the right file back")]
    Pepper,
    /// A password record that is none.
    #[error("a stored password record can't be read: run `msgpay-platform check`")]
    PasswordRecord,
    /// Another process serves from this database.
    #[error("{path} is held: another platform serves from this database; stop that one first")]
    Serving {
        /// The file that says so.
        path: PathBuf,
    },
    /// The file that says who serves can't be made or locked.
    #[error("cannot lock {path}: {reason}")]
    Lock {
        /// Which.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
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
    pub keys: Arc<KeyRing>,
    /// The book.
    pub store: Store,
    /// The bank.
    pub bank: SimulatedBank,
}

impl Opened {
    /// Open what a configuration names.
    pub async fn open(config: &Config, clock: &SharedClock) -> Result<Self, StartError> {
        let keys = KeyRing::open(Source::of(config), clock.now_s())?;
        let mobile = MobileKey::read(&keys.in_use().mobile)?;
        let store = Store::open(&config.store.path, clock.clone(), mobile).await?;
        let bank = SimulatedBank::open(&config.bank.simulated, clock.clone()).await?;
        Ok(Self { keys: Arc::new(keys), store, bank })
    }
}

/// A platform that serves.
pub struct Running {
    merchant: Listener,
    sdk: Listener,
    reread: Arc<Notify>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    /// Held as long as anything here serves; the system lets it go with the process.
    _sole: File,
}

impl Running {
    /// Start everything; both listeners accept when this returns.
    pub async fn start(config: &Config, clock: SharedClock) -> Result<Self, StartError> {
        let sole = sole(config)?;
        let bind = |address| async move {
            let bound = TcpListener::bind(address).await;
            bound.map_err(|reason| StartError::Listen { address, reason })
        };
        // Whoever calls from now on waits until all below is done.
        let (merchant_door, sdk_door) = (bind(config.merchant.listen).await?, bind(config.sdk.listen).await?);
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
        let ring = Arc::clone(&opened.keys);
        let pepper = opened.keys.in_use().pepper()?;
        if let Some(record) = opened.store.some_password_record().await?
            && !password::is_made_with(&pepper, &record).map_err(|_| StartError::PasswordRecord)?
        {
            return Err(StartError::Pepper);
        }
        let platform = Arc::new(platform(config, &clock, opened, pepper)?);
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
        let reread = Arc::new(Notify::new());
        tasks.spawn(keys::watch::run(ring, clock, Arc::clone(&reread), ended(stopped.clone())));
        let serve = |door: TcpListener, address, tls, app| {
            let served = Listener::start(door, tls, app, config.limits);
            served.map_err(|reason| StartError::Listen { address, reason })
        };
        let app = annex_c::routes(Arc::clone(&platform));
        let merchant = serve(merchant_door, config.merchant.listen, merchant_tls, app)?;
        let sdk = serve(sdk_door, config.sdk.listen, sdk_tls, sdk::routes(platform))?;
        tracing::info!(event = "listening", listener = "merchant", address = %merchant.address());
        tracing::info!(event = "listening", listener = "sdk", address = %sdk.address());
        Ok(Self { merchant, sdk, reread, stop, tasks, _sole: sole })
    }

    /// Where merchants call.
    pub fn merchant_addr(&self) -> SocketAddr {
        self.merchant.address()
    }

    /// Where handsets call.
    pub fn sdk_addr(&self) -> SocketAddr {
        self.sdk.address()
    }

    /// Read the keys anew now, changed or not; the log says what became of it.
    pub fn reread_keys(&self) {
        self.reread.notify_one();
    }

    /// Ends when work in the background has ended by itself, which is a defect: without it notices and attempts lie.
    pub async fn broken(&mut self) {
        first_end(&mut self.tasks).await;
    }

    /// Stop accepting, let answers and notices under way finish, end.
    pub async fn stop(mut self) {
        tokio::join!(self.merchant.drain(), self.sdk.drain());
        let _ = self.stop.send(true);
        while self.tasks.join_next().await.is_some() {}
        tracing::info!(event = "stopped");
    }
}

/// One platform serves from a database: a second one would call off debits that the first has under way. A file beside
/// the database is locked, never the database: closing any handle on that would drop SQLite's own locks.
fn sole(config: &Config) -> Result<File, StartError> {
    let mut path = config.store.path.clone().into_os_string();
    path.push(".serving");
    let path = PathBuf::from(path);
    let failed = |reason| StartError::Lock { path: path.clone(), reason };
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::Serving { path }),
        Err(TryLockError::Error(reason)) => Err(failed(reason)),
    }
}

fn platform(
    config: &Config,
    clock: &SharedClock,
    opened: Opened,
    pepper: MacKey,
) -> Result<Platform, StartError> {
    let Opened { keys, store, bank } = opened;
    let seal = LiveSealKeys { keys: Arc::clone(&keys), clock: clock.clone() };
    let factors = Factors::start(Arc::new(seal), pepper, None).map_err(StartError::Threads)?;
    let signer = ReceiptSigner { institution_id: config.institution.id.clone(), keys: Arc::clone(&keys) };
    // Faults are for drills; outside development mode the environment is not even read.
    let faults = if config.mode == Mode::Dev { Faults::from_env() } else { Faults::none() };
    let rules = domain::Rules {
        fen_max: Some(config.policy.fen_max),
        policy: config.policy.clone(),
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

async fn first_end(tasks: &mut JoinSet<()>) {
    let reason = match tasks.join_next().await {
        Some(Ok(())) => "it returned",
        Some(Err(_)) => "it panicked",
        None => "there is none",
    };
    tracing::error!(event = "background_work_ended", reason);
}

async fn ended(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is an end as well.
    let _ = stopped.wait_for(|stop| *stop).await;
}

#[cfg(test)]
mod tests {
    use futures_util::future::poll_immediate;
    use tokio::task::JoinSet;

    #[tokio::test]
    async fn work_in_the_background_that_ends_is_noticed() {
        let mut tasks = JoinSet::new();
        tasks.spawn(std::future::pending());
        assert!(poll_immediate(Box::pin(super::first_end(&mut tasks))).await.is_none(), "while it goes on");
        tasks.spawn(async { panic!("a defect") });
        super::first_end(&mut tasks).await;
    }
}
