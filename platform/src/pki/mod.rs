//! `dev-pki`: a whole development world in one directory.
//!
//! ```text
//! DIR/platform.toml msgpay.json   configurations of the platform and of a handset
//! DIR/ca.pem ca.key               the TLS authority (loopback names only)
//! DIR/server.pem server.key       TLS server identity of the platform
//! DIR/notify.pem notify.key       TLS client identity of the platform towards merchants
//! DIR/http-signing.pub.pem        public half of the key that signs answers and notices, P-256
//! DIR/http-signing-guomi.pub.pem  the same, SM2
//! DIR/keys/                       the institution's keys (crate::keys)
//! DIR/parties/NAME/               TLS identities and signing key of a merchant, or of MaaP
//! ```

pub mod documents;
pub mod files;
pub mod issue;
pub mod spki;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use msgpay_crypto::SigningKey;
use msgpay_wire::SuiteId;

use crate::keys::{self, KeyError};
use files::{PartyFiles, make_empty_dir, read, write_public, write_secret};
use issue::{Authority, Identity, Leaf, Validity};

/// Why the development world can't be made.
#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    /// A file could not be read or written.
    #[error("{path}: {reason}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
    /// The directory has something in it; existing keys are never overwritten.
    #[error("{path} is not empty; give a new directory")]
    NotEmpty {
        /// Which.
        path: PathBuf,
    },
    /// A party's name becomes a directory and a host label.
    #[error("a party's name has 1 to 32 of a-z, 0-9 and -")]
    Name,
    /// A time that no certificate can carry.
    #[error("the validity is empty or outside what a certificate can carry")]
    Validity,
    /// A document could not be written down.
    #[error("a configuration document could not be written down")]
    Document,
    /// Certificate making failed.
    #[error("cannot make a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// Key making failed.
    #[error("cannot make a key: {0}")]
    Key(#[from] msgpay_crypto::Error),
}

/// What the development world is to look like.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Institution identifier, of `A-Z 0-9 _`.
    pub institution_id: String,
    /// Institution name as payers see it.
    pub institution_name: String,
    /// Where merchants will call; port 0 for a free one.
    pub merchant_listen: SocketAddr,
    /// Where handsets will call; port 0 for a free one.
    pub sdk_listen: SocketAddr,
    /// Exact `host:port` of notify endpoints on loopback.
    pub allow_notify: Vec<String>,
    /// How long certificates and keys are good.
    pub days: u16,
    /// Suites that platform and handset use, the preferred one first. Keys are made for all.
    pub suites: Vec<SuiteId>,
    /// Whether P-256 device keys may sign for other suites.
    pub device_p256: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            institution_id: "WALLET_A".to_owned(),
            institution_name: "示例钱包".to_owned(),
            merchant_listen: SocketAddr::from(([127, 0, 0, 1], 8443)),
            sdk_listen: SocketAddr::from(([127, 0, 0, 1], 8444)),
            allow_notify: Vec::new(),
            days: 90,
            suites: vec![SuiteId::International],
            device_p256: false,
        }
    }
}

/// A development world on disk.
pub struct DevPki {
    dir: PathBuf,
    authority: Authority,
}

impl DevPki {
    /// Make one in `dir`, which must be new or empty. `now_s`: Unix seconds.
    pub fn make(dir: &Path, plan: &Plan, now_s: i64) -> Result<Self, KeyError> {
        make_empty_dir(dir)?;
        let validity = Validity::days(now_s, plan.days);
        let (authority, ca_pem, ca_key) = Authority::make(validity)?;
        write_public(&dir.join("ca.pem"), ca_pem.as_bytes())?;
        write_secret(&dir.join("ca.key"), ca_key.as_bytes())?;
        let server = authority.issue(Leaf::LoopbackServer, validity)?;
        write_identity(&server, &dir.join("server.pem"), &dir.join("server.key"))?;
        let notify = authority.issue(Leaf::Client("platform"), validity)?;
        write_identity(&notify, &dir.join("notify.pem"), &dir.join("notify.key"))?;
        let key_dir = dir.join("keys");
        make_empty_dir(&key_dir)?;
        let made = keys::make::make(&key_dir, &plan.institution_id, documents::china_day(now_s)?, validity)?;
        for made in &made {
            let name = keys::make::file("http-signing", made.suite, "pub.pem");
            write_public(&dir.join(name), spki::pem(made.suite, &made.http_public_key).as_bytes())?;
        }
        write_public(&dir.join("platform.toml"), documents::platform(plan)?.as_bytes())?;
        write_public(&dir.join("msgpay.json"), documents::sdk(plan, &made, &server.spki)?.as_bytes())?;
        Ok(Self { dir: dir.to_owned(), authority })
    }

    /// Open one that exists.
    pub fn open(dir: &Path) -> Result<Self, PkiError> {
        let key = zeroize::Zeroizing::new(read(&dir.join("ca.key"))?);
        Ok(Self { dir: dir.to_owned(), authority: Authority::open(&key)? })
    }

    /// Its directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Issue identities and a message-signing key of a suite for a party, good for `days` from `now_s`.
    pub fn party(&self, name: &str, suite: SuiteId, now_s: i64, days: u16) -> Result<PartyFiles, KeyError> {
        self.party_within(name, suite, Validity::days(now_s, days))
    }

    /// As [`DevPki::party`], with any validity: a test makes an expired merchant with it.
    pub fn party_within(
        &self,
        name: &str,
        suite: SuiteId,
        validity: Validity,
    ) -> Result<PartyFiles, KeyError> {
        let good = (1..=32).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !name.starts_with('-')
            && !name.ends_with('-');
        if !good {
            return Err(PkiError::Name.into());
        }
        let files = PartyFiles::under(&self.dir, name);
        make_empty_dir(&files.dir)?;
        let client = self.authority.issue(Leaf::Client(name), validity)?;
        write_identity(&client, &files.client_certificate, &files.client_key)?;
        let server = self.authority.issue(Leaf::LoopbackServer, validity)?;
        write_identity(&server, &files.server_certificate, &files.server_key)?;
        let signing = SigningKey::make(keys::suite(suite))?;
        keys::make::write_key(&files.signing_key, &signing.pkcs8_pem()?)?;
        write_public(&files.signing_public, spki::pem(suite, &signing.public_key()).as_bytes())?;
        Ok(files)
    }
}

fn write_identity(identity: &Identity, certificate: &Path, key: &Path) -> Result<(), PkiError> {
    write_public(certificate, identity.certificate_pem.as_bytes())?;
    write_secret(key, identity.key_pem.as_bytes())
}

#[cfg(test)]
mod tests;
