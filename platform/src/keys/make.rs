//! Making an institution's keys for development: for each suite a root, purpose keys with statements and an HTTP key;
//! one pepper and one key for mobile numbers.
//!
//! A real institution's root is offline: it makes statements elsewhere and brings only them here.

use std::path::{Path, PathBuf};

use msgpay_crypto::{OpeningKey, SecretPage, SigningKey};
use msgpay_wire::{
    SuiteId,
    trust::{KeyStatement, Purpose},
};

use super::{
    KeyError,
    manifest::{HttpEntry, KeyEntry, MANIFEST, Manifest, RootEntry},
    suite as of,
};
use crate::pki::{
    PkiError,
    files::{write_public, write_secret},
    issue::Validity,
};

/// Numbers of one suite's keys within a day begin here.
const fn first_number(suite: SuiteId) -> u64 {
    match suite {
        SuiteId::International => 1,
        SuiteId::Guomi => 51,
        SuiteId::Curve25519 => 31,
    }
}

/// `keyid` of the HTTP signing key that `dev-pki` makes.
#[must_use]
pub const fn http_key_id(suite: SuiteId) -> &'static str {
    match suite {
        SuiteId::International => "pay-2026a",
        SuiteId::Guomi => "pay-2026g",
        SuiteId::Curve25519 => "pay-2026c",
    }
}

/// A key file's name: the international one has the plain name.
pub(crate) fn file(name: &str, suite: SuiteId, end: &str) -> PathBuf {
    match suite {
        SuiteId::International => format!("{name}.{end}"),
        other => format!("{name}-{}.{end}", other.word()),
    }
    .into()
}

/// What others must know of the keys made for one suite.
pub struct Made {
    /// Which.
    pub suite: SuiteId,
    /// Number of the root.
    pub root_kid: u64,
    /// SEC1 uncompressed.
    pub root_public_key: [u8; 65],
    /// Public half of the HTTP signing key, SEC1 uncompressed.
    pub http_public_key: [u8; 65],
}

/// Make all keys of all suites into `dir`, which must exist and be empty. `day` is `yyyyMMdd`, the head of key numbers.
pub fn make(dir: &Path, institution_id: &str, day: u64, validity: Validity) -> Result<Vec<Made>, KeyError> {
    for name in ["pepper.key", "mobile.key"] {
        write_key(&dir.join(name), &SecretPage::random(32)?)?;
    }
    let mut manifest = Manifest {
        development: true,
        institution_id: institution_id.to_owned(),
        root: Vec::new(),
        key: Vec::new(),
        http: Vec::new(),
        pepper: "pepper.key".into(),
        mobile: "mobile.key".into(),
    };
    let made = SuiteId::ALL.map(|suite| make_suite(dir, suite, day, validity, &mut manifest));
    let text = toml::to_string(&manifest).map_err(|_| PkiError::Document)?;
    write_public(&dir.join(MANIFEST), text.as_bytes())?;
    made.into_iter().collect()
}

fn make_suite(
    dir: &Path,
    suite: SuiteId,
    day: u64,
    validity: Validity,
    manifest: &mut Manifest,
) -> Result<Made, KeyError> {
    let mut number = day * 100 + first_number(suite);
    let key = SigningKey::make(of(suite))?;
    write_key(&dir.join(file("root", suite, "key")), &key.pkcs8_pem()?)?;
    let root = RootKey { kid: number, suite, key };
    manifest.root.push(RootEntry {
        kid: root.kid,
        suite: suite.word().to_owned(),
        public_key: hex::encode(root.key.public_key()),
        vouches_for: Vec::new(),
    });
    for purpose in Purpose::ALL {
        number += 1;
        let entry = root.certified(dir, &manifest.institution_id, purpose, number, validity)?;
        manifest.key.push(entry);
    }
    let http = SigningKey::make(of(suite))?;
    let http_file = file("http-signing", suite, "key");
    write_key(&dir.join(&http_file), &http.pkcs8_pem()?)?;
    manifest.http.push(HttpEntry {
        key_id: http_key_id(suite).to_owned(),
        suite: suite.word().to_owned(),
        file: http_file,
        not_before: validity.not_before,
        not_after: validity.not_after,
    });
    Ok(Made {
        suite,
        root_kid: root.kid,
        root_public_key: root.key.public_key(),
        http_public_key: http.public_key(),
    })
}

/// A development root, for the moment in which it signs.
pub(super) struct RootKey {
    pub(super) kid: u64,
    pub(super) suite: SuiteId,
    pub(super) key: SigningKey,
}

impl RootKey {
    /// Makes a key of a purpose with its statement, both as files in `dir`.
    pub(super) fn certified(
        &self,
        dir: &Path,
        institution_id: &str,
        purpose: Purpose,
        kid: u64,
        validity: Validity,
    ) -> Result<KeyEntry, KeyError> {
        let (public_key, pem) = if purpose == Purpose::Seal {
            let key = OpeningKey::make(of(self.suite))?;
            (key.public_key(), key.pkcs8_pem()?)
        } else {
            let key = SigningKey::make(of(self.suite))?;
            (key.public_key(), key.pkcs8_pem()?)
        };
        let statement = KeyStatement {
            institution_id: institution_id.to_owned(),
            purpose,
            kid,
            suite: self.suite,
            public_key,
            not_before: seconds(validity.not_before),
            not_after: seconds(validity.not_after),
        };
        let signed = statement.sign(self.suite, self.kid, |message| {
            self.key.sign(message).map(|signature| signature.to_vec())
        })?;
        let entry = KeyEntry {
            purpose: purpose.word().to_owned(),
            kid,
            file: format!("{}-{kid}.key", purpose.word()).into(),
            statement: format!("{}-{kid}.statement", purpose.word()).into(),
        };
        write_key(&dir.join(&entry.file), &pem)?;
        write_public(&dir.join(&entry.statement), &signed)?;
        Ok(entry)
    }
}

fn seconds(s: i64) -> u64 {
    u64::try_from(s).unwrap_or_default()
}

/// EXPOSE: the secret goes into its file (mode 0600); that is what the page was made for.
pub(crate) fn write_key(path: &Path, secret: &SecretPage) -> Result<(), KeyError> {
    let copy = secret.expose(|bytes| zeroize::Zeroizing::new(bytes.to_vec()))?;
    write_secret(path, &copy)?;
    Ok(())
}
