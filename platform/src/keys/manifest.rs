//! `keys.toml`: which keys the institution has. Public; the private keys lie beside it, one file each.

use std::path::{Path, PathBuf};

use msgpay_wire::{
    SuiteId,
    trust::{Purpose, Root},
};
use serde::{Deserialize, Serialize};

use super::KeyError;

/// The manifest's file name in the key directory.
pub const MANIFEST: &str = "keys.toml";

/// The whole manifest.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Made by `dev-pki`: the root's private key lies beside the others, so these keys prove nothing. They are
    /// refused outside development mode.
    pub development: bool,
    /// The institution that the statements name.
    pub institution_id: String,
    /// Root public keys; one for each suite, two of a suite overlap at rotation.
    pub root: Vec<RootEntry>,
    /// Purpose keys; two live ones of a suite overlap at rotation.
    pub key: Vec<KeyEntry>,
    /// Keys for HTTP message signatures (RFC 9421) towards merchants.
    pub http: Vec<HttpEntry>,
    /// File of the password pepper.
    pub pepper: PathBuf,
    /// File of the key for mobile numbers at rest.
    pub mobile: PathBuf,
}

/// A root.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RootEntry {
    /// Its number.
    pub kid: u64,
    /// A suite's word.
    pub suite: String,
    /// SEC1 uncompressed, hex.
    pub public_key: String,
    /// Other suites whose keys it may vouch for; usually none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vouches_for: Vec<String>,
}

/// A purpose key.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct KeyEntry {
    /// `seal`, `summary`, `receipt`, `launch` or `policy`.
    pub purpose: String,
    /// Its number.
    pub kid: u64,
    /// Private key file, PEM PKCS#8.
    pub file: PathBuf,
    /// Root-signed statement, a COSE_Sign1 in a file.
    pub statement: PathBuf,
}

/// A key for HTTP message signatures.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HttpEntry {
    /// `keyid` in signatures.
    pub key_id: String,
    /// A suite's word.
    pub suite: String,
    /// Private key file, PEM PKCS#8.
    pub file: PathBuf,
    /// Unix seconds.
    pub not_before: i64,
    /// Unix seconds.
    pub not_after: i64,
}

impl Manifest {
    /// Read `keys.toml` of a key directory.
    pub fn read(dir: &Path) -> Result<Self, KeyError> {
        Self::parse(dir, &Self::text(dir)?)
    }

    /// The text of `keys.toml`.
    pub(super) fn text(dir: &Path) -> Result<String, KeyError> {
        let path = dir.join(MANIFEST);
        std::fs::read_to_string(&path).map_err(|reason| KeyError::Unreadable { path, reason })
    }

    /// Take up a text as the manifest of a key directory.
    pub(super) fn parse(dir: &Path, text: &str) -> Result<Self, KeyError> {
        toml::from_str(text)
            .map_err(|reason| KeyError::Manifest { path: dir.join(MANIFEST), reason: Box::new(reason) })
    }

    /// Every name stands for one key, and can be written into a signature.
    pub(super) fn judge(&self) -> Result<(), KeyError> {
        for (at, entry) in self.key.iter().enumerate() {
            if self.key[..at].iter().any(|other| other.kid == entry.kid) {
                return Err(KeyError::Entry { kid: entry.kid, reason: "it is in the manifest twice" });
            }
        }
        for (at, entry) in self.http.iter().enumerate() {
            if !is_key_id(&entry.key_id) {
                let reason = "the key_id of an HTTP key is not 1 to 64 of A-Z a-z 0-9 - _ .";
                return Err(KeyError::Entry { kid: 0, reason });
            }
            if self.http[..at].iter().any(|other| other.key_id == entry.key_id) {
                return Err(KeyError::Entry { kid: 0, reason: "two HTTP keys have the same key_id" });
            }
        }
        Ok(())
    }
}

/// Whether a text can be the `keyid` of a key for HTTP message signatures.
pub(crate) fn is_key_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

impl RootEntry {
    pub(super) fn root(&self) -> Result<Root, KeyError> {
        let public_key = hex::decode(&self.public_key)
            .ok()
            .and_then(|bytes| <[u8; 65]>::try_from(bytes).ok())
            .ok_or(KeyError::Entry { kid: self.kid, reason: "its public key is not 65 bytes in hex" })?;
        let suite = |word: &String| {
            let refused = KeyError::Entry { kid: self.kid, reason: "its suite is not a known word" };
            SuiteId::from_word(word).ok_or(refused)
        };
        let vouches_for = self.vouches_for.iter().map(suite).collect::<Result<_, _>>()?;
        Ok(Root { kid: self.kid, suite: suite(&self.suite)?, public_key, vouches_for })
    }
}

impl HttpEntry {
    pub(super) fn suite(&self) -> Result<SuiteId, KeyError> {
        let refused = KeyError::Entry { kid: 0, reason: "the suite of an HTTP key is not a known word" };
        SuiteId::from_word(&self.suite).ok_or(refused)
    }
}

impl KeyEntry {
    pub(super) fn purpose(&self) -> Result<Purpose, KeyError> {
        Purpose::from_word(&self.purpose)
            .ok_or(KeyError::Entry { kid: self.kid, reason: "its purpose is not a known word" })
    }
}
