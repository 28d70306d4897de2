//! The institution's keys: one per purpose, each with a statement that the offline root signed.
//!
//! At rotation two keys of a purpose live side by side: the newest that is good at the moment signs (or is
//! handed out for sealing), every good one opens. The signed policy names the lowest number still good, so an
//! entry taken out of the manifest is withdrawn.

pub mod make;
pub mod manifest;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use msgpay_crypto::{MacKey, OpeningKey, SecretPage, SigningKey, SuiteId};
use msgpay_wire::{
    Digest, Primitives,
    trust::{KeyStatement, Purpose, Roots, Signer},
};
use zeroize::Zeroizing;

use crate::config::Mode;
use manifest::Manifest;

/// A launch lives so long; an entry sealed at its start may come at its end.
const NONCE_S_MAX: i64 = 180;

/// Why the institution's keys can't be used. The operator's fault.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file is missing or unreadable.
    #[error("cannot read {path}: {reason}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
    /// `keys.toml` does not parse; it holds nothing secret.
    #[error("{path} is not a key manifest: {reason}")]
    Manifest {
        /// Which.
        path: PathBuf,
        /// Position and complaint.
        reason: Box<toml::de::Error>,
    },
    /// An entry of the manifest does not hold together.
    #[error("key {kid}: {reason}")]
    Entry {
        /// The key's number.
        kid: u64,
        /// What is wrong.
        reason: &'static str,
    },
    /// The private key file is no key, or not of this suite.
    #[error("{path} is not a P-256 private key in PEM PKCS#8 (or, a pepper, 32 bytes)")]
    NotAKey {
        /// Which.
        path: PathBuf,
    },
    /// Development keys in another mode.
    #[error(
        "these are development keys (their root lies beside them); they are refused outside mode \"dev\""
    )]
    Development,
    /// The statements name another institution than the configuration.
    #[error("the keys belong to institution {found}, the configuration says {configured}")]
    OtherInstitution {
        /// In the manifest.
        found: String,
        /// In `platform.toml`.
        configured: String,
    },
    /// No key of a purpose is good at the moment.
    #[error("no {purpose} key is good at this time; make one and have the root sign its statement")]
    NoneLive {
        /// Which purpose.
        purpose: &'static str,
    },
    /// A key can't be made or used.
    #[error("cryptography failed: {0}")]
    Crypto(#[from] msgpay_crypto::Error),
    /// A file can't be written.
    #[error(transparent)]
    File(#[from] crate::pki::PkiError),
}

/// Hash and verification for [`msgpay_wire`], by [`msgpay_crypto`].
#[derive(Debug, Clone, Copy, Default)]
pub struct BuiltIn;

/// The suite of `wire` in the words of `crypto`.
pub const fn suite(wire: msgpay_wire::SuiteId) -> SuiteId {
    match wire {
        msgpay_wire::SuiteId::International => SuiteId::International,
        msgpay_wire::SuiteId::Guomi => SuiteId::Guomi,
    }
}

impl Primitives for BuiltIn {
    fn hash(&self, of: msgpay_wire::SuiteId, bytes: &[u8]) -> Digest {
        suite(of).suite().hash(bytes)
    }
    fn verify(&self, of: msgpay_wire::SuiteId, public_key: &[u8], message: &[u8], signature: &[u8]) -> bool {
        suite(of).suite().verify(public_key, message, signature).is_ok()
    }
}

/// From when to when a key is good, Unix seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    not_before: i64,
    not_after: i64,
}

impl Span {
    fn holds(self, now_s: i64) -> bool {
        self.not_before <= now_s && now_s < self.not_after
    }
}

/// A key that signs for one purpose, with its statement.
pub struct PurposeKey {
    kid: u64,
    statement: Vec<u8>,
    span: Span,
    key: SigningKey,
}

impl Signer for PurposeKey {
    type Error = msgpay_crypto::Error;
    fn suite(&self) -> msgpay_wire::SuiteId {
        msgpay_wire::SuiteId::International
    }
    fn kid(&self) -> u64 {
        self.kid
    }
    fn statement(&self) -> &[u8] {
        &self.statement
    }
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Self::Error> {
        self.key.sign(message).map(|signature| signature.to_vec())
    }
}

/// The `seal` key: opens envelopes. Its statement goes to handsets.
pub struct SealKey {
    /// Its number.
    pub kid: u64,
    /// Root-signed statement.
    pub statement: Vec<u8>,
    span: Span,
    /// The private key, in its page.
    pub key: Arc<OpeningKey>,
}

/// A key for HTTP message signatures.
pub struct HttpKey {
    /// `keyid`.
    pub key_id: String,
    span: Span,
    key: SigningKey,
}

impl HttpKey {
    /// Sign a signature base: 64 bytes, r‖s.
    pub fn sign(&self, base: &[u8]) -> Result<Vec<u8>, msgpay_crypto::Error> {
        self.key.sign(base).map(|signature| signature.to_vec())
    }
    /// SEC1 uncompressed.
    pub fn public_key(&self) -> [u8; 65] {
        self.key.public_key()
    }
}

/// All keys of the institution.
pub struct InstitutionKeys {
    roots: Roots,
    signing: BTreeMap<Purpose, Vec<PurposeKey>>,
    seal: Vec<SealKey>,
    http: Vec<HttpKey>,
    pepper: PathBuf,
    /// File of the key for mobile numbers at rest.
    pub mobile: PathBuf,
}

impl InstitutionKeys {
    /// Open a key directory; every statement is verified against the root and against its private key.
    pub fn open(dir: &Path, institution_id: &str, mode: Mode, now_s: i64) -> Result<Self, KeyError> {
        let manifest = Manifest::read(dir)?;
        if manifest.development && mode != Mode::Dev {
            return Err(KeyError::Development);
        }
        if manifest.institution_id != institution_id {
            return Err(KeyError::OtherInstitution {
                found: manifest.institution_id,
                configured: institution_id.to_owned(),
            });
        }
        let pinned = manifest.root.iter().map(manifest::RootEntry::root).collect::<Result<Vec<_>, _>>()?;
        let mut keys = Self {
            roots: Roots { institution_id: institution_id.to_owned(), pinned },
            signing: BTreeMap::new(),
            seal: Vec::new(),
            http: Vec::new(),
            pepper: dir.join(&manifest.pepper),
            mobile: dir.join(&manifest.mobile),
        };
        for entry in &manifest.key {
            keys.take_up(dir, entry, now_s)?;
        }
        for entry in &manifest.http {
            let span = Span { not_before: entry.not_before, not_after: entry.not_after };
            let key = read_key(&dir.join(&entry.file), SigningKey::from_pkcs8_pem)?;
            keys.http.push(HttpKey { key_id: entry.key_id.clone(), span, key });
        }
        for purpose in Purpose::ALL {
            match purpose {
                Purpose::Seal => keys.seal(now_s).map(|_| ())?,
                _ => keys.signer(purpose, now_s).map(|_| ())?,
            }
        }
        keys.http(now_s)?;
        Ok(keys)
    }

    fn take_up(&mut self, dir: &Path, entry: &manifest::KeyEntry, now_s: i64) -> Result<(), KeyError> {
        let purpose = entry.purpose()?;
        let path = dir.join(&entry.statement);
        let bytes = std::fs::read(&path).map_err(|reason| KeyError::Unreadable { path, reason })?;
        let opened = self.roots.open_statement_for_any_time(&BuiltIn, &bytes, purpose);
        let statement = opened.map_err(|_| KeyError::Entry {
            kid: entry.kid,
            reason: "no root of the manifest signed its statement",
        })?;
        // A key whose time is yet to come takes over while the platform runs; one that is over for good is left out.
        let span = span_of(&statement);
        if now_s >= span.not_after.saturating_add(NONCE_S_MAX) {
            return Ok(());
        }
        let file = dir.join(&entry.file);
        let mismatch = KeyError::Entry { kid: entry.kid, reason: "its statement names another key" };
        if statement.kid != entry.kid {
            return Err(mismatch);
        }
        if purpose == Purpose::Seal {
            let key = read_key(&file, OpeningKey::from_pkcs8_pem)?;
            if key.public_key() != statement.public_key {
                return Err(mismatch);
            }
            self.seal.push(SealKey { kid: entry.kid, statement: bytes, span, key: Arc::new(key) });
        } else {
            let key = read_key(&file, SigningKey::from_pkcs8_pem)?;
            if key.public_key() != statement.public_key {
                return Err(mismatch);
            }
            self.signing.entry(purpose).or_default().push(PurposeKey {
                kid: entry.kid,
                statement: bytes,
                span,
                key,
            });
        }
        Ok(())
    }

    /// The roots, as handsets pin them.
    pub fn roots(&self) -> &Roots {
        &self.roots
    }

    /// The newest signing key of a purpose that is good now.
    pub fn signer(&self, purpose: Purpose, now_s: i64) -> Result<&PurposeKey, KeyError> {
        self.signing
            .get(&purpose)
            .into_iter()
            .flatten()
            .filter(|key| key.span.holds(now_s))
            .max_by_key(|key| key.kid)
            .ok_or(KeyError::NoneLive { purpose: purpose.word() })
    }

    /// The newest `seal` key that is good now: the one whose statement is handed out.
    pub fn seal(&self, now_s: i64) -> Result<&SealKey, KeyError> {
        self.seal
            .iter()
            .filter(|key| key.span.holds(now_s))
            .max_by_key(|key| key.kid)
            .ok_or(KeyError::NoneLive { purpose: Purpose::Seal.word() })
    }

    /// The `seal` key of a number, as long as something sealed to it may still arrive.
    pub fn seal_by_kid(&self, kid: u64, now_s: i64) -> Option<&SealKey> {
        self.seal.iter().find(|key| {
            key.kid == kid
                && key.span.not_before <= now_s
                && now_s < key.span.not_after.saturating_add(NONCE_S_MAX)
        })
    }

    /// The password pepper.
    pub fn pepper(&self) -> Result<MacKey, KeyError> {
        let bytes = std::fs::read(&self.pepper)
            .map(Zeroizing::new)
            .map_err(|reason| KeyError::Unreadable { path: self.pepper.clone(), reason })?;
        if bytes.len() != 32 {
            return Err(KeyError::NotAKey { path: self.pepper.clone() });
        }
        // EXPOSE: read once at start; the copy is wiped here.
        Ok(MacKey::from_page(SuiteId::International, SecretPage::copy_of(&bytes)?))
    }

    /// The HTTP signing key that is good now and lasts longest.
    pub fn http(&self, now_s: i64) -> Result<&HttpKey, KeyError> {
        self.http
            .iter()
            .filter(|key| key.span.holds(now_s))
            .max_by_key(|key| key.span.not_after)
            .ok_or(KeyError::NoneLive { purpose: "http" })
    }

    /// For each purpose the lowest number still good: what the policy says.
    pub fn kids_min(&self) -> Vec<(Purpose, u64)> {
        let seal = self.seal.iter().map(|key| key.kid).min().map(|kid| (Purpose::Seal, kid));
        let others = self
            .signing
            .iter()
            .filter_map(|(purpose, keys)| keys.iter().map(|key| key.kid).min().map(|kid| (*purpose, kid)));
        seal.into_iter().chain(others).collect()
    }
}

fn span_of(statement: &KeyStatement) -> Span {
    let seconds = |s: u64| i64::try_from(s).unwrap_or(i64::MAX);
    Span { not_before: seconds(statement.not_before), not_after: seconds(statement.not_after) }
}

/// Read a private key file and wipe the text.
fn read_key<K>(
    path: &Path,
    parse: impl FnOnce(SuiteId, &str) -> Result<K, msgpay_crypto::Error>,
) -> Result<K, KeyError> {
    let text = std::fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|reason| KeyError::Unreadable { path: path.to_owned(), reason })?;
    parse(SuiteId::International, &text).map_err(|e| match e {
        msgpay_crypto::Error::BadKey => KeyError::NotAKey { path: path.to_owned() },
        other => KeyError::Crypto(other),
    })
}

#[cfg(test)]
mod tests;
