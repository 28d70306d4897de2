//! Making an institution's keys for development: root, purpose keys with statements, HTTP key, pepper.
//!
//! A real institution's root is offline: it makes statements elsewhere and brings only them here.

use std::path::Path;

use msgpay_crypto::{OpeningKey, SecretPage, SigningKey, SuiteId};
use msgpay_wire::trust::{KeyStatement, Purpose};

use super::{
    KeyError,
    manifest::{HttpEntry, KeyEntry, MANIFEST, Manifest, RootEntry},
};
use crate::pki::{
    PkiError,
    files::{write_public, write_secret},
    issue::Validity,
};

/// `keyid` of the HTTP signing key that `dev-pki` makes.
pub const HTTP_KEY_ID: &str = "pay-2026a";

/// What others must know of the keys made.
pub struct Made {
    /// Number of the root.
    pub root_kid: u64,
    /// SEC1 uncompressed.
    pub root_public_key: [u8; 65],
    /// Public half of the HTTP signing key, SEC1 uncompressed.
    pub http_public_key: [u8; 65],
}

/// Make all keys into `dir`, which must exist and be empty. `day` is `yyyyMMdd`, the head of key numbers.
pub fn make(dir: &Path, institution_id: &str, day: u64, validity: Validity) -> Result<Made, KeyError> {
    let suite = SuiteId::International;
    let number = |n: u64| day * 100 + n;
    let root = SigningKey::make(suite)?;
    write_key(&dir.join("root.key"), &root.pkcs8_pem()?)?;
    let mut entries = Vec::new();
    for (purpose, kid) in Purpose::ALL.into_iter().zip(2..).map(|(purpose, n)| (purpose, number(n))) {
        let (public_key, pem) = if purpose == Purpose::Seal {
            let key = OpeningKey::make(suite)?;
            (key.public_key(), key.pkcs8_pem()?)
        } else {
            let key = SigningKey::make(suite)?;
            (key.public_key(), key.pkcs8_pem()?)
        };
        let statement = KeyStatement {
            institution_id: institution_id.to_owned(),
            purpose,
            kid,
            suite: msgpay_wire::SuiteId::International,
            public_key,
            not_before: seconds(validity.not_before),
            not_after: seconds(validity.not_after),
        };
        let signed = statement.sign(msgpay_wire::SuiteId::International, number(1), |message| {
            root.sign(message).map(|signature| signature.to_vec())
        })?;
        let entry = KeyEntry {
            purpose: purpose.word().to_owned(),
            kid,
            file: format!("{}-{kid}.key", purpose.word()).into(),
            statement: format!("{}-{kid}.statement", purpose.word()).into(),
        };
        write_key(&dir.join(&entry.file), &pem)?;
        write_public(&dir.join(&entry.statement), &signed)?;
        entries.push(entry);
    }
    let http = SigningKey::make(suite)?;
    write_key(&dir.join("http-signing.key"), &http.pkcs8_pem()?)?;
    for name in ["pepper.key", "mobile.key"] {
        write_key(&dir.join(name), &SecretPage::random(32)?)?;
    }
    let manifest = Manifest {
        development: true,
        institution_id: institution_id.to_owned(),
        root: vec![RootEntry { kid: number(1), public_key: hex::encode(root.public_key()) }],
        key: entries,
        http: vec![HttpEntry {
            key_id: HTTP_KEY_ID.to_owned(),
            file: "http-signing.key".into(),
            not_before: validity.not_before,
            not_after: validity.not_after,
        }],
        pepper: "pepper.key".into(),
        mobile: "mobile.key".into(),
    };
    let text = toml::to_string(&manifest).map_err(|_| PkiError::Document)?;
    write_public(&dir.join(MANIFEST), text.as_bytes())?;
    Ok(Made { root_kid: number(1), root_public_key: root.public_key(), http_public_key: http.public_key() })
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
