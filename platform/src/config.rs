//! The platform's one configuration file (`platform.toml`), read once at start and validated whole.
//!
//! Every path in it is relative to the file's own directory. Unknown keys are refused: a misspelt limit must
//! not silently become the default.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use msgpay_wire::{SuiteId, factors::Way};
use serde::{Deserialize, Serialize};

/// Why a configuration can't be used. The operator's fault; the text says which key and what it should be.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is not there or not readable.
    #[error("cannot read {path}: {reason}. Give the path of a platform.toml; `dev-pki DIR` makes one")]
    Unreadable {
        /// The path as given.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
    /// Not TOML, or a key that does not exist, or a wrong type.
    #[error("{path} is not a platform configuration: {reason}")]
    Malformed {
        /// The path as given.
        path: PathBuf,
        /// The parser's position and complaint; the file holds no secrets.
        reason: Box<toml::de::Error>,
    },
    /// A value that parses but may not be used.
    #[error("{path}: {key}: {reason}")]
    Refused {
        /// The path as given.
        path: PathBuf,
        /// Dotted key.
        key: &'static str,
        /// What is wrong and what to write instead.
        reason: String,
    },
}

/// Where this platform runs. Development keys, simulated banks and loopback notices exist in `Dev` only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// One machine, keys in files marked as development keys.
    Dev,
    /// Everything else.
    Production,
}

/// The whole of `platform.toml`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Development or production.
    pub mode: Mode,
    /// Who this platform is.
    pub institution: Institution,
    /// Where data lies.
    pub store: Store,
    /// The listener that merchants call (Annex C); mutual TLS.
    pub merchant: MerchantListener,
    /// The listener that handsets call (`/sdk/v1`); server TLS, device signatures.
    pub sdk: SdkListener,
    /// The institution's keys.
    pub keys: Keys,
    /// Outgoing notices (C.3).
    pub notify: Notify,
    /// The bank behind this institution.
    pub bank: Bank,
    /// What a peer may cost.
    #[serde(default)]
    pub limits: Limits,
    /// What the signed policy says.
    #[serde(default)]
    pub policy: Policy,
    /// The file this was read from.
    #[serde(skip)]
    pub path: PathBuf,
}

/// The institution's name and identifier; both are shown to payers and bound into every signed object.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Institution {
    /// Short identifier, 1 to 32 of `A-Z 0-9 _`.
    pub id: String,
    /// Display name.
    pub name: String,
}

/// Storage.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Store {
    /// SQLite file; made when absent.
    pub path: PathBuf,
}

/// The merchants' listener.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MerchantListener {
    /// Address and port; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Accepted `Host` values: a name, or `name:port`. Without a port any port is good.
    #[serde(default = "loopback_authorities")]
    pub authorities: Vec<String>,
    /// Server certificate chain, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM PKCS#8.
    pub key: PathBuf,
    /// Authorities that issue merchants' client certificates, PEM.
    pub client_ca: PathBuf,
    /// Revocation list for client certificates, PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_crl: Option<PathBuf>,
}

/// The handsets' listener.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SdkListener {
    /// Address and port; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Accepted `Host` values, as for merchants.
    #[serde(default = "loopback_authorities")]
    pub authorities: Vec<String>,
    /// Server certificate chain, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM PKCS#8.
    pub key: PathBuf,
}

/// The key directory (`keys.rs` says what lies in it).
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// Directory.
    pub dir: PathBuf,
}

/// How notices leave.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Notify {
    /// Authorities that issue merchants' server certificates, PEM.
    pub ca: PathBuf,
    /// Client certificate that the platform presents, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM PKCS#8.
    pub key: PathBuf,
    /// Exact `host:port` pairs whose private or loopback address is allowed. Development mode only.
    #[serde(default)]
    pub allow_private: Vec<String>,
}

/// Which bank moves the money.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Bank {
    /// The built-in simulated bank and its own database file. Development mode only.
    pub simulated: PathBuf,
}

/// Limits per listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Longest request body; longer ones get 413.
    pub body_bytes_max: usize,
    /// Longest time from the connection's (or the previous answer's) end to complete headers; also the TLS handshake.
    pub header_ms_max: u64,
    /// Longest time for a whole body; slower ones get 408.
    pub body_ms_max: u64,
    /// Open connections; more wait unaccepted in the kernel's queue.
    pub connections_max: usize,
    /// How long a drain waits for answers under way.
    pub drain_ms_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes_max: 65_536,
            header_ms_max: 5_000,
            body_ms_max: 10_000,
            connections_max: 1_024,
            drain_ms_max: 10_000,
        }
    }
}

/// What the signed policy grants to handsets.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Suites in which payments are taken and merchants are spoken to, the preferred one first.
    #[serde(with = "words")]
    pub suites: Vec<SuiteId>,
    /// Whether a P-256 device key, which hardware keeps, may sign for a payment of another suite.
    pub device_p256: bool,
    /// Largest single payment in fen.
    pub fen_max: i64,
    /// How long one signed policy is good, seconds.
    pub valid_s: i64,
    /// What a biometric key is good for; without it none is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub biometric: Option<Biometric>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            suites: vec![SuiteId::International],
            device_p256: false,
            fen_max: 5_000_000,
            valid_s: 86_400,
            biometric: None,
        }
    }
}

/// What a biometric key is good for, by the amount of a payment (T/CAICI 92 §6.5(8)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Biometric {
    /// Up to this, in fen, the biometric may stand instead of the password; 0: never.
    pub alone_fen_max: i64,
    /// From this on, in fen, password and biometric are both needed.
    pub both_fen_min: i64,
    /// Largest single payment, in fen, of a device without a biometric key.
    pub without_fen_max: i64,
}

impl Policy {
    /// The suite in which links are made.
    pub fn preferred(&self) -> SuiteId {
        self.suites.first().copied().unwrap_or(SuiteId::International)
    }

    /// Whether anything is done in a suite.
    pub fn allows(&self, suite: SuiteId) -> bool {
        self.suites.contains(&suite)
    }

    /// Whether a device key of `device` may sign for what is done in `suite`.
    pub fn allows_device(&self, device: SuiteId, suite: SuiteId) -> bool {
        self.allows(suite) && (device == suite || (self.device_p256 && device == SuiteId::International))
    }
}

impl Policy {
    /// The ways to prove a payment of `fen` by a device that has a biometric key, or has none; the preferred one first.
    /// Empty: it may not be paid by this device.
    pub fn ways(&self, fen: i64, has_biometric: bool) -> Vec<Way> {
        let by_password = || vec![Way::by_password()];
        match &self.biometric {
            None => by_password(),
            Some(rules) if !has_biometric && fen > rules.without_fen_max => Vec::new(),
            Some(_) if !has_biometric => by_password(),
            Some(rules) if fen >= rules.both_fen_min => vec![Way::by_both()],
            Some(rules) if fen <= rules.alone_fen_max => vec![Way::by_biometric(), Way::by_password()],
            Some(_) => by_password(),
        }
    }
}

/// Suites by their words.
mod words {
    use msgpay_wire::SuiteId;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(suites: &[SuiteId], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(suites.iter().map(|suite| suite.word()))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<SuiteId>, D::Error> {
        let words = Vec::<String>::deserialize(from)?;
        let suite = |word: &String| {
            SuiteId::from_word(word)
                .ok_or_else(|| D::Error::custom("a suite is one that this build knows: international, guomi"))
        };
        words.iter().map(suite).collect()
    }
}

fn loopback_authorities() -> Vec<String> {
    vec!["localhost".to_owned(), "127.0.0.1".to_owned()]
}

impl Config {
    /// Read, parse and validate. Paths come back absolute or relative to the process, ready to open.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|reason| ConfigError::Unreadable { path: path.to_owned(), reason })?;
        let mut config: Self = toml::from_str(&text)
            .map_err(|reason| ConfigError::Malformed { path: path.to_owned(), reason: Box::new(reason) })?;
        config.path = path.to_owned();
        config.judge()?;
        config.root_paths(path.parent().unwrap_or(Path::new("")));
        Ok(config)
    }

    fn refused<T>(&self, key: &'static str, reason: impl Into<String>) -> Result<T, ConfigError> {
        Err(ConfigError::Refused { path: self.path.clone(), key, reason: reason.into() })
    }

    fn judge(&self) -> Result<(), ConfigError> {
        let id = &self.institution.id;
        if id.is_empty()
            || id.len() > 32
            || !id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        {
            return self.refused("institution.id", "write 1 to 32 of A-Z, 0-9 and _");
        }
        if self.institution.name.trim().is_empty() || self.institution.name.len() > 96 {
            return self.refused("institution.name", "write a display name of 1 to 96 bytes");
        }
        if self.mode == Mode::Production {
            if !self.notify.allow_private.is_empty() {
                return self.refused(
                    "notify.allow_private",
                    "exists in mode \"dev\" only; merchants' hosts must be public",
                );
            }
            return self
                .refused("bank.simulated", "exists in mode \"dev\" only, and no other bank is built in yet");
        }
        for host in &self.notify.allow_private {
            if !host.rsplit_once(':').is_some_and(|(h, p)| !h.is_empty() && p.parse::<u16>().is_ok()) {
                return self.refused("notify.allow_private", format!("{host:?} is not an exact host:port"));
            }
        }
        if self.merchant.authorities.is_empty() || self.sdk.authorities.is_empty() {
            return self.refused("authorities", "name at least one host that this listener answers for");
        }
        let limits = &self.limits;
        if limits.body_bytes_max == 0 || limits.body_bytes_max > 1 << 20 {
            return self.refused("limits.body_bytes_max", "between 1 and 1048576");
        }
        if limits.header_ms_max == 0 || limits.body_ms_max == 0 || limits.connections_max == 0 {
            return self.refused("limits", "times and connections are above 0");
        }
        let suites = &self.policy.suites;
        if suites.is_empty() || suites.iter().enumerate().any(|(at, suite)| suites[..at].contains(suite)) {
            return self.refused("policy.suites", "name at least one suite, each once");
        }
        if self.policy.fen_max <= 0 || !(60..=604_800).contains(&self.policy.valid_s) {
            return self.refused("policy", "fen_max above 0, valid_s between 60 and 604800");
        }
        let fen_max = self.policy.fen_max;
        if self.policy.biometric.is_some_and(|rules| {
            rules.alone_fen_max < 0
                || rules.alone_fen_max >= rules.both_fen_min
                || !(1..=fen_max).contains(&rules.without_fen_max)
        }) {
            let reason =
                "alone_fen_max from 0 and below both_fen_min; without_fen_max from 1 to policy.fen_max";
            return self.refused("policy.biometric", reason);
        }
        Ok(())
    }

    fn root_paths(&mut self, base: &Path) {
        for path in [
            &mut self.store.path,
            &mut self.bank.simulated,
            &mut self.merchant.certificate,
            &mut self.merchant.key,
            &mut self.merchant.client_ca,
            &mut self.sdk.certificate,
            &mut self.sdk.key,
            &mut self.keys.dir,
            &mut self.notify.ca,
            &mut self.notify.certificate,
            &mut self.notify.key,
        ] {
            *path = base.join(&*path);
        }
        if let Some(crl) = &mut self.merchant.client_crl {
            *crl = base.join(&*crl);
        }
    }
}
