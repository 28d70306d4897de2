//! The institution's keys: one per purpose, each with a statement that the offline root signed.
//!
//! At rotation two keys of a purpose and suite live side by side: the newest that is good at the moment signs (or is
//! handed out for sealing), every good one opens. The signed policy names the lowest number still good of each suite,
//! so an entry taken out of the manifest is withdrawn. Keys of several suites lie in one manifest; which suites are
//! used at all is the configuration's word.
//!
//! ```text
//! manifest  keys.toml           make    all keys of a development world
//! ring      the set in use      rotate  a second live key, the end of the first
//! watch     reads it anew while the platform serves
//! ```

mod error;
mod guarded;
mod lasting;
pub mod make;
pub mod manifest;
pub mod ring;
pub mod rotate;
pub mod watch;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use msgpay_crypto::{MacKey, OpeningKey, SecretPage, SigningKey};
pub use msgpay_suites::{Suites as BuiltIn, of_wire as suite};
use msgpay_wire::{
    SuiteId,
    trust::{KeyStatement, Purpose, Roots, Signer},
};
use zeroize::Zeroizing;

use crate::config::Mode;
pub use error::KeyError;
use manifest::Manifest;

/// A launch lives so long; an entry sealed at its start may come at its end.
const NONCE_S_MAX: i64 = 180;

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

    /// When a key under the root is over for good: what was sealed in time may arrive until then.
    fn over_s(self) -> i64 {
        self.not_after.saturating_add(NONCE_S_MAX)
    }
}

/// A key that signs for one purpose, with its statement.
pub struct PurposeKey {
    kid: u64,
    suite: SuiteId,
    statement: Vec<u8>,
    span: Span,
    key: SigningKey,
}

impl Signer for PurposeKey {
    type Error = msgpay_crypto::Error;
    fn suite(&self) -> SuiteId {
        self.suite
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
    /// Its suite.
    pub suite: SuiteId,
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
    /// Its suite.
    pub suite: SuiteId,
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
    /// From when, inclusive, until when, exclusive: Unix seconds.
    pub fn good(&self) -> std::ops::Range<i64> {
        self.span.not_before..self.span.not_after
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
    /// Open a key directory; every statement is verified against the root and against its private key. Each of
    /// `suites` must have a good key for every purpose; keys of other suites only verify and open.
    pub fn open(
        dir: &Path,
        institution_id: &str,
        mode: Mode,
        suites: &[SuiteId],
        now_s: i64,
    ) -> Result<Self, KeyError> {
        Self::of(Manifest::read(dir)?, dir, institution_id, mode, suites, now_s)
    }

    /// [`InstitutionKeys::open`] with a manifest that was read already.
    pub(super) fn of(
        manifest: Manifest,
        dir: &Path,
        institution_id: &str,
        mode: Mode,
        suites: &[SuiteId],
        now_s: i64,
    ) -> Result<Self, KeyError> {
        manifest.judge()?;
        if manifest.development && mode != Mode::Dev {
            return Err(KeyError::Development);
        }
        if mode != Mode::Dev {
            guarded::guarded(dir, &manifest)?;
        }
        if manifest.institution_id != institution_id {
            return Err(KeyError::OtherInstitution {
                found: manifest.institution_id,
                configured: institution_id.to_owned(),
            });
        }
        let pinned = manifest.root.iter().map(manifest::RootEntry::root).collect::<Result<Vec<_>, _>>()?;
        let mut keys = Self {
            roots: Roots::of(institution_id, pinned),
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
            let suite = entry.suite()?;
            if now_s >= span.not_after {
                continue;
            }
            let key = read_key(&dir.join(&entry.file), suite, SigningKey::from_pkcs8_pem)?;
            keys.http.push(HttpKey { key_id: entry.key_id.clone(), suite, span, key });
        }
        for suite in suites.iter().copied() {
            for purpose in Purpose::ALL {
                match purpose {
                    Purpose::Seal => keys.seal(suite, now_s).map(|_| ())?,
                    _ => keys.signer(purpose, suite, now_s).map(|_| ())?,
                }
            }
            keys.http(suite, now_s)?;
        }
        Ok(keys)
    }

    fn take_up(&mut self, dir: &Path, entry: &manifest::KeyEntry, now_s: i64) -> Result<(), KeyError> {
        let purpose = entry.purpose()?;
        let path = dir.join(&entry.statement);
        let bytes = std::fs::read(&path).map_err(|reason| KeyError::Unreadable { path, reason })?;
        let opened = self.roots.open_statement_for_any_time(&BuiltIn, &bytes, purpose);
        let statement = opened.map_err(|_| KeyError::Entry {
            kid: entry.kid,
            reason: "no root of the manifest that may vouch for its suite signed its statement",
        })?;
        // A key whose time is yet to come takes over while the platform runs; one that is over for good is left out.
        let span = span_of(&statement);
        if now_s >= span.over_s() {
            return Ok(());
        }
        let file = dir.join(&entry.file);
        let mismatch = KeyError::Entry { kid: entry.kid, reason: "its statement names another key" };
        if statement.kid != entry.kid {
            return Err(mismatch);
        }
        let suite = statement.suite;
        if purpose == Purpose::Seal {
            let key = read_key(&file, suite, OpeningKey::from_pkcs8_pem)?;
            if key.public_key() != statement.public_key {
                return Err(mismatch);
            }
            self.seal.push(SealKey { kid: entry.kid, suite, statement: bytes, span, key: Arc::new(key) });
        } else {
            let key = read_key(&file, suite, SigningKey::from_pkcs8_pem)?;
            if key.public_key() != statement.public_key {
                return Err(mismatch);
            }
            self.signing.entry(purpose).or_default().push(PurposeKey {
                kid: entry.kid,
                suite,
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

    /// The newest signing key of a purpose and suite that is good now.
    pub fn signer(&self, purpose: Purpose, suite: SuiteId, now_s: i64) -> Result<&PurposeKey, KeyError> {
        self.signing
            .get(&purpose)
            .into_iter()
            .flatten()
            .filter(|key| key.suite == suite && key.span.holds(now_s))
            .max_by_key(|key| key.kid)
            .ok_or(KeyError::NoneLive { purpose: purpose.word(), suite: suite.word() })
    }

    /// The newest `seal` key of a suite that is good now: the one whose statement is handed out.
    pub fn seal(&self, suite: SuiteId, now_s: i64) -> Result<&SealKey, KeyError> {
        self.seal
            .iter()
            .filter(|key| key.suite == suite && key.span.holds(now_s))
            .max_by_key(|key| key.kid)
            .ok_or(KeyError::NoneLive { purpose: Purpose::Seal.word(), suite: suite.word() })
    }

    /// The `seal` key of a number, as long as something sealed to it may still arrive.
    pub fn seal_by_kid(&self, kid: u64, now_s: i64) -> Option<&SealKey> {
        self.seal
            .iter()
            .find(|key| key.kid == kid && key.span.not_before <= now_s && now_s < key.span.over_s())
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
        let page = SecretPage::copy_of(&bytes)?;
        Ok(MacKey::from_page(msgpay_crypto::SuiteId::International, page))
    }

    /// The HTTP signing key of a suite that signs now: of those that are good the one that began last.
    pub fn http(&self, suite: SuiteId, now_s: i64) -> Result<&HttpKey, KeyError> {
        self.http_good(suite, now_s)
            .max_by_key(|key| (key.span.not_before, key.span.not_after))
            .ok_or(KeyError::NoneLive { purpose: "http", suite: suite.word() })
    }

    /// The HTTP signing key of a suite that merchants know longest: it signs what announces the others.
    pub fn http_known(&self, suite: SuiteId, now_s: i64) -> Result<&HttpKey, KeyError> {
        self.http_good(suite, now_s)
            .min_by_key(|key| (key.span.not_before, key.span.not_after))
            .ok_or(KeyError::NoneLive { purpose: "http", suite: suite.word() })
    }

    fn http_good(&self, suite: SuiteId, now_s: i64) -> impl Iterator<Item = &HttpKey> {
        self.http.iter().filter(move |key| key.suite == suite && key.span.holds(now_s))
    }

    /// The HTTP signing keys of a suite that are not over: those in use and those to come.
    pub fn http_all(&self, suite: SuiteId, now_s: i64) -> impl Iterator<Item = &HttpKey> {
        self.http.iter().filter(move |key| key.suite == suite && now_s < key.span.not_after)
    }

    /// Whether one of these keys is over for good: then the set is to be opened anew, without it.
    pub(super) fn is_stale(&self, now_s: i64) -> bool {
        let signing = self.signing.values().flatten().map(|key| key.span.over_s());
        let seal = self.seal.iter().map(|key| key.span.over_s());
        let http = self.http.iter().map(|key| key.span.not_after);
        signing.chain(seal).chain(http).any(|end| now_s >= end)
    }

    /// For each suite and purpose the lowest number still good: what the policy says.
    pub fn kids_min(&self) -> Vec<(SuiteId, Purpose, u64)> {
        let seals = self.seal.iter().map(|key| (key.suite, Purpose::Seal, key.kid));
        let signs = |(purpose, keys): (&Purpose, &Vec<PurposeKey>)| {
            let purpose = *purpose;
            keys.iter().map(move |key| (key.suite, purpose, key.kid)).collect::<Vec<_>>()
        };
        let mut lowest: BTreeMap<(SuiteId, Purpose), u64> = BTreeMap::new();
        for (suite, purpose, kid) in seals.chain(self.signing.iter().flat_map(signs)) {
            lowest.entry((suite, purpose)).and_modify(|min| *min = kid.min(*min)).or_insert(kid);
        }
        lowest.into_iter().map(|((suite, purpose), kid)| (suite, purpose, kid)).collect()
    }
}

fn span_of(statement: &KeyStatement) -> Span {
    let seconds = |s: u64| i64::try_from(s).unwrap_or(i64::MAX);
    Span { not_before: seconds(statement.not_before), not_after: seconds(statement.not_after) }
}

/// Read a private key file and wipe the text.
fn read_key<K>(
    path: &Path,
    of: SuiteId,
    parse: impl FnOnce(msgpay_crypto::SuiteId, &str) -> Result<K, msgpay_crypto::Error>,
) -> Result<K, KeyError> {
    let text = std::fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|reason| KeyError::Unreadable { path: path.to_owned(), reason })?;
    parse(suite(of), &text).map_err(|e| match e {
        msgpay_crypto::Error::BadKey => KeyError::NotAKey { path: path.to_owned() },
        other => KeyError::Crypto(other),
    })
}

#[cfg(test)]
mod tests;
