//! All parties of a payment on loopback, each over its own sockets, with one recorder.
//!
//! Order of raising: the merchant's notify port is taken first, so that the platform's fence can allow exactly it;
//! then the development PKI, the platform as a process, the operator, the merchant. The handset reaches the
//! platform through a relay that can be cut.

mod cuts;
mod folder;
mod outside;
mod parties;
mod platform;
mod relay;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use msgpay_sdk_core::Config as SdkConfig;
use msgpay_wire::SuiteId;
use msgpay_wire::trust::{Root, Roots};

pub use platform::{Program, Serving, command};
pub use relay::{Cut, Relay};

use crate::clock::{SharedClock, SystemClock};
use crate::fault::{Board, Fault};
use crate::handset::{AnotherCode, BeforeSending, Client, ClientFailed, Parts, Phone};
use crate::maap::{Maap, MaapError};
use crate::merchant::Merchant;
use crate::recorder::Recorder;
use crate::scenario::promise::BookFiles;
use folder::Folder;
pub use folder::SdkFiles;

/// The demonstration's subscriber.
pub const MOBILE: &str = "19900001234";

/// Why a stage cannot be raised or told something.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// A process, file or socket of this machine failed.
    #[error("this machine: {0}")]
    Process(std::io::Error),
    /// A platform command failed.
    #[error("the platform's command {command:?}: {why}")]
    Command {
        /// Which.
        command: Option<String>,
        /// What it said.
        why: String,
    },
    /// A file that the platform made is not as expected.
    #[error("the file {0} is not as expected; remove the data folder and start again")]
    File(&'static str),
    /// The operator cannot start.
    #[error("the operator: {0}")]
    Maap(#[from] MaapError),
    /// The merchant cannot start.
    #[error("the merchant: {0}")]
    Merchant(String),
    /// The messaging client cannot start.
    #[error("the messaging client: {0}")]
    Client(#[from] ClientFailed),
    /// The phone cannot start.
    #[error("the phone: {0}")]
    Phone(String),
    /// Called while the party is not there.
    #[error("{0} is not running")]
    NotRunning(&'static str),
}

/// What a stage is raised from.
#[derive(Debug, Clone)]
pub struct StageOptions {
    /// Where data is kept; a temporary folder without it.
    pub folder: Option<PathBuf>,
    /// How the platform is run.
    pub program: Program,
    /// Fen on the subscriber's bank account at the beginning.
    pub opened_fen: i64,
    /// The suite in which all parties of a new folder speak. The institution has keys of every suite.
    pub suite: SuiteId,
}

/// A raised stage.
pub struct Stage {
    folder: Folder,
    program: Program,
    clock: SharedClock,
    recorder: Recorder,
    board: Board,
    relay: Arc<Relay>,
    platform: Option<Serving>,
    maap: Maap,
    merchant: Option<Merchant>,
    merchant_port: SocketAddr,
    roots: Roots,
}

impl Stage {
    /// Starts every party but the phone.
    ///
    /// # Errors
    /// [`StageError`].
    pub async fn raise(options: StageOptions) -> Result<Self, StageError> {
        let clock: SharedClock = Arc::new(SystemClock);
        let recorder = Recorder::new(clock.clone());
        let (folder, listener) = Folder::open(&options).await?;
        let merchant_port = listener.local_addr().map_err(StageError::Process)?;
        let platform = Serving::start(&options.program, &folder.platform_config(), None).await?;
        folder.keep_ports(&platform)?;
        let relay = Arc::new(Relay::start(platform.sdk).await.map_err(StageError::Process)?);
        let maap = parties::start_maap(&folder, &clock, &recorder).await?;
        let mut stage = Self {
            roots: roots(&folder.sdk_config()?)?,
            folder,
            program: options.program,
            clock,
            recorder,
            board: Board::default(),
            relay,
            platform: Some(platform),
            maap,
            merchant: None,
            merchant_port,
        };
        stage.start_merchant_on(listener).await?;
        Ok(stage)
    }

    /// Stops everybody.
    pub async fn strike(mut self) {
        self.stop_merchant().await;
        if let Some(platform) = self.platform.take() {
            // It ends with this process at the latest; a kill that fails has nothing left to kill.
            let _gone = platform.kill().await;
        }
        self.maap.stop().await;
    }

    /// What everybody said.
    #[must_use]
    pub const fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// Fault switches.
    #[must_use]
    pub const fn board(&self) -> &Board {
        &self.board
    }

    /// The wire between handset and platform.
    #[must_use]
    pub fn relay(&self) -> &Relay {
        &self.relay
    }

    /// The operator.
    #[must_use]
    pub const fn maap(&self) -> &Maap {
        &self.maap
    }

    /// The institution's pinned roots.
    #[must_use]
    pub const fn roots(&self) -> &Roots {
        &self.roots
    }

    /// The two databases.
    #[must_use]
    pub fn book_files(&self) -> BookFiles {
        self.folder.book_files()
    }

    /// The subscriber's bank account.
    #[must_use]
    pub fn bank_account(&self) -> &str {
        &self.folder.kept.bank_account
    }

    /// Switches a phone on. Before its activation a code is asked of the platform and comes as a short message.
    ///
    /// # Errors
    /// [`StageError`].
    pub async fn phone(&self) -> Result<Phone, StageError> {
        let mut config = self.folder.sdk_config()?;
        for institution in &mut config.institutions {
            institution.base_url = format!("https://localhost:{}", self.relay.address().port());
        }
        let activated = self.folder.membership()?.is_some();
        let code = if activated { None } else { Some(self.activation_code().await?) };
        let access = parties::access(&self.folder, &self.maap, &self.clock, &self.recorder)?;
        let (client, arrivals) = Client::register(access).await?;
        let parts = Parts {
            folder: self.folder.phone(),
            mobile: MOBILE.to_owned(),
            config,
            client,
            arrivals,
            recorder: self.recorder.clone(),
            board: self.board.clone(),
            clock: self.clock.clone(),
            before_sending: self.arming(),
            code,
            another_code: self.another_code(),
        };
        Phone::start(parts).map_err(|failed| StageError::Phone(failed.to_string()))
    }

    /// Cuts the wire for a payment request when a switch says so: once, then the switch is off.
    fn arming(&self) -> BeforeSending {
        let (board, relay) = (self.board.clone(), self.relay.clone());
        Arc::new(move |path| {
            if path != "/sdk/v1/payments" {
                return;
            }
            if board.take(Fault::LostAnswer) {
                relay.cut(Cut::Answer);
            } else if board.take(Fault::LostRequest) {
                relay.cut(Cut::Request);
            }
        })
    }

    /// What stands for the institution's telephone line.
    fn another_code(&self) -> AnotherCode {
        let (program, config) = (self.program.clone(), self.folder.platform_config());
        Arc::new(move || {
            let (program, config) = (program.clone(), config.clone());
            Box::pin(async move {
                let answer =
                    command(&program, &["activate", "--mobile", MOBILE, "--config", config.to_str()?]).await;
                // Without a new code the old problem stays on the screen.
                answer.ok()?["code"].as_str().map(str::to_owned)
            })
        })
    }

    async fn activation_code(&self) -> Result<String, StageError> {
        let answer = self.platform_command(&["activate", "--mobile", MOBILE]).await?;
        answer["code"].as_str().map(str::to_owned).ok_or(StageError::File("activate's answer"))
    }

    async fn platform_command(&self, arguments: &[&str]) -> Result<serde_json::Value, StageError> {
        let config = self.folder.platform_config();
        let mut all = arguments.to_vec();
        let config = config.to_str().ok_or(StageError::File("platform.toml"))?;
        all.extend(["--config", config]);
        command(&self.program, &all).await
    }

    /// The suite in which this stage's parties speak.
    #[must_use]
    pub const fn suite(&self) -> SuiteId {
        self.folder.kept.suite
    }

    /// Restarts the platform with other suites in its policy, the preferred one first: what handset and merchant are
    /// configured with stays as it is.
    ///
    /// # Errors
    /// [`StageError`].
    pub async fn platform_prefers(&mut self, suites: &[SuiteId]) -> Result<(), StageError> {
        self.folder.set_platform_suites(suites)?;
        self.restart_platform(None).await
    }

    /// Tells the bank how to behave the next `times`, in the words of `msgpay-platform bank behave`.
    ///
    /// # Errors
    /// [`StageError`].
    pub async fn bank_behaves(&self, behaviour: &str, times: u32) -> Result<(), StageError> {
        let times = times.to_string();
        self.platform_command(&["bank", "behave", "--mobile", MOBILE, "--times", &times, behaviour])
            .await
            .map(drop)
    }

    /// Tells the bank how to behave from now on.
    ///
    /// # Errors
    /// [`StageError`].
    pub async fn bank_behaves_always(&self, behaviour: &str) -> Result<(), StageError> {
        self.platform_command(&["bank", "behave", "--mobile", MOBILE, behaviour]).await.map(drop)
    }

    /// Runs `msgpay-platform check`; gives its findings.
    ///
    /// # Errors
    /// [`StageError`].
    pub async fn check(&self) -> Result<Vec<String>, StageError> {
        platform::findings(&self.program, &self.folder.platform_config()).await
    }

    /// Stops the merchant, Chatbot and business platform both.
    pub async fn stop_merchant(&mut self) {
        if let Some(merchant) = self.merchant.take() {
            merchant.stop().await;
        }
    }

    /// Starts the merchant again, on the same port and the same book.
    ///
    /// # Errors
    /// [`StageError`].
    pub async fn start_merchant(&mut self) -> Result<(), StageError> {
        if self.merchant.is_some() {
            return Ok(());
        }
        let listener = folder::bind(self.merchant_port).await?;
        self.start_merchant_on(listener).await
    }

    async fn start_merchant_on(&mut self, listener: tokio::net::TcpListener) -> Result<(), StageError> {
        let platform = self.platform.as_ref().ok_or(StageError::NotRunning("the platform"))?.merchant;
        let merchant = parties::start_merchant(
            &self.folder,
            listener,
            platform,
            &self.maap,
            &self.clock,
            &self.recorder,
        )
        .await?;
        self.merchant = Some(merchant);
        Ok(())
    }

    /// Ends the platform at once and starts it again, with a crash point or without.
    ///
    /// # Errors
    /// [`StageError`].
    pub async fn restart_platform(&mut self, fault: Option<&str>) -> Result<(), StageError> {
        if let Some(platform) = self.platform.take() {
            platform.kill().await?;
        }
        self.start_platform(fault).await
    }

    /// Starts the platform where it was before.
    ///
    /// # Errors
    /// [`StageError`].
    pub async fn start_platform(&mut self, fault: Option<&str>) -> Result<(), StageError> {
        let platform = Serving::start(&self.program, &self.folder.platform_config(), fault).await?;
        self.relay.redirect(platform.sdk);
        self.platform = Some(platform);
        Ok(())
    }

    /// Waits until the platform has died at its crash point.
    ///
    /// # Errors
    /// [`StageError`] when it lives on.
    pub async fn platform_died(&mut self, limit: Duration) -> Result<(), StageError> {
        let mut platform = self.platform.take().ok_or(StageError::NotRunning("the platform"))?;
        platform.ended(limit).await
    }

    /// The wallet of the phone's own record, for verifying what it signed.
    ///
    /// # Errors
    /// [`StageError`] before the phone is activated.
    pub fn wallet_of_phone(&self) -> Result<String, StageError> {
        let membership = self.folder.membership()?.ok_or(StageError::NotRunning("an activated phone"))?;
        Ok(membership.wallet_id)
    }
}

fn roots(config: &SdkConfig) -> Result<Roots, StageError> {
    let institution = config.institutions.first().ok_or(StageError::File("msgpay.json"))?;
    let pinned = institution
        .roots
        .iter()
        .map(|root| Root {
            kid: root.kid,
            suite: root.suite,
            public_key: root.public_key,
            vouches_for: root.vouches_for.clone(),
        })
        .collect();
    let suite = institution.suites.first().copied().ok_or(StageError::File("msgpay.json"))?;
    Ok(Roots::of(&institution.id, pinned).only(suite))
}
