//! Rotation of development keys: a second live key of a purpose, and the end of the first.
//!
//! ```text
//! rotate     new key, statement signed by the root beside it; both live: the newer signs, both open
//!            new HTTP key, its time ahead: merchants read it before it signs
//! (watch)    a platform that serves takes the new manifest up
//! withdraw   the old entry leaves the manifest: the signed policy then names a larger lowest number
//! ```
//!
//! A real institution does the same by hand, with its offline root.

use std::path::{Path, PathBuf};

use msgpay_crypto::SigningKey;
use msgpay_wire::{
    SuiteId,
    trust::{KeyStatement, Purpose},
};

use super::{
    BuiltIn, KeyError,
    make::{RootKey, file, write_key},
    manifest::{HttpEntry, MANIFEST, Manifest},
    read_key, suite as of,
};
use crate::pki::{
    PkiError,
    files::{replace_public, write_public},
    issue::Validity,
    spki,
};

/// What a key is for: a purpose under the root, or HTTP message signatures towards merchants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// A purpose.
    Purpose(Purpose),
    /// HTTP message signatures.
    Http,
}

impl Use {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Purpose(Purpose::Seal),
        Self::Purpose(Purpose::Summary),
        Self::Purpose(Purpose::Receipt),
        Self::Purpose(Purpose::Launch),
        Self::Purpose(Purpose::Policy),
        Self::Http,
    ];

    /// Its word on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Purpose(purpose) => purpose.word(),
            Self::Http => "http",
        }
    }
}

/// When the new keys are good.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Of the keys under the root.
    pub validity: Validity,
    /// Now, Unix seconds.
    pub now_s: i64,
    /// When a new HTTP key begins to sign, Unix seconds; it is good as long as the others from then on.
    pub http_from: i64,
}

/// A key that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made {
    /// Under the root.
    Purpose {
        /// Its suite.
        suite: SuiteId,
        /// Its purpose.
        purpose: Purpose,
        /// Its number.
        kid: u64,
    },
    /// For HTTP message signatures.
    Http {
        /// Its suite.
        suite: SuiteId,
        /// Its `keyid`.
        key_id: String,
        /// File of its public half, for merchants that do not ask the platform for it.
        public: PathBuf,
        /// When it begins to sign, Unix seconds.
        from: i64,
    },
}

/// A key by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// The number of a key under the root.
    Number(u64),
    /// The `keyid` of an HTTP key.
    Http(String),
}

/// Makes a new key for each of `uses` and `suites`; the keys before them stay.
pub fn rotate(dir: &Path, uses: &[Use], suites: &[SuiteId], plan: &Plan) -> Result<Vec<Made>, KeyError> {
    let mut manifest = Manifest::read(dir)?;
    if !manifest.development {
        return Err(KeyError::Entry { kid: 0, reason: "only development keys have their root beside them" });
    }
    if uses.contains(&Use::Http) {
        no_gap(&manifest, suites, plan.http_from)?;
    }
    let mut number = manifest.key.iter().map(|entry| entry.kid).max().unwrap_or_default();
    let mut made = Vec::new();
    for suite in suites.iter().copied() {
        let kid = root_kid(&manifest, suite)?;
        let key = read_key(&dir.join(file("root", suite, "key")), suite, SigningKey::from_pkcs8_pem)?;
        let root = RootKey { kid, suite, key };
        for of in uses.iter().copied() {
            match of {
                Use::Purpose(purpose) => {
                    number += 1;
                    let validity = plan.validity;
                    let entry = root.certified(dir, &manifest.institution_id, purpose, number, validity)?;
                    manifest.key.push(entry);
                    made.push(Made::Purpose { suite, purpose, kid: number });
                }
                Use::Http => made.push(http_key(dir, suite, plan, &mut manifest)?),
            }
        }
    }
    write(dir, &manifest)?;
    Ok(made)
}

/// Until a new HTTP key begins, the one before it must sign.
fn no_gap(manifest: &Manifest, suites: &[SuiteId], from: i64) -> Result<(), KeyError> {
    let last = |suite: SuiteId| {
        manifest.http.iter().filter(|key| key.suite == suite.word()).map(|key| key.not_after).max()
    };
    match suites.iter().find(|suite| last(**suite).is_none_or(|end| end < from)) {
        Some(suite) => Err(KeyError::Gap { suite: suite.word() }),
        None => Ok(()),
    }
}

/// A second HTTP key, good from `plan.http_from` on.
fn http_key(dir: &Path, suite: SuiteId, plan: &Plan, manifest: &mut Manifest) -> Result<Made, KeyError> {
    let letter = match suite {
        SuiteId::International => 'a',
        SuiteId::Guomi => 'g',
        SuiteId::Curve25519 => 'c',
    };
    let name = |key_id: &str, end: &str| PathBuf::from(format!("http-{key_id}.{end}"));
    let free = |key_id: &String| {
        manifest.http.iter().all(|entry| entry.key_id != *key_id) && !dir.join(name(key_id, "key")).exists()
    };
    let mut ids = (plan.http_from..).map(|second| format!("pay-{second}{letter}"));
    let key_id = ids.find(free).ok_or(KeyError::Entry { kid: 0, reason: "no key_id is free" })?;
    let key = SigningKey::make(of(suite))?;
    write_key(&dir.join(name(&key_id, "key")), &key.pkcs8_pem()?)?;
    let public = dir.join(name(&key_id, "pub.pem"));
    write_public(&public, spki::pem(suite, &key.public_key()).as_bytes())?;
    manifest.http.push(HttpEntry {
        key_id: key_id.clone(),
        suite: suite.word().to_owned(),
        file: name(&key_id, "key"),
        not_before: plan.http_from,
        not_after: plan.validity.not_after - plan.now_s + plan.http_from,
    });
    Ok(Made::Http { suite, key_id, public, from: plan.http_from })
}

/// Takes a key out of the manifest. Refused for the only good one of its purpose and suite, and while an older one of
/// them is there: the signed policy names the lowest number that is good, so handsets would go on believing this one.
pub fn withdraw(dir: &Path, key: &Named, now_s: i64) -> Result<(), KeyError> {
    let mut manifest = Manifest::read(dir)?;
    match key {
        Named::Number(kid) => withdraw_number(dir, *kid, now_s, &mut manifest)?,
        Named::Http(key_id) => withdraw_http(key_id, now_s, &mut manifest)?,
    }
    write(dir, &manifest)
}

fn withdraw_number(dir: &Path, kid: u64, now_s: i64, manifest: &mut Manifest) -> Result<(), KeyError> {
    let refused = |reason| KeyError::Withdraw { key: kid.to_string(), reason };
    let at = manifest.key.iter().position(|entry| entry.kid == kid);
    let entry = manifest.key.remove(at.ok_or(refused("no key of that number is in the manifest"))?);
    let gone = statement(dir, manifest, &entry)?;
    let others: Vec<KeyStatement> =
        manifest.key.iter().map(|other| statement(dir, manifest, other)).collect::<Result<_, _>>()?;
    let alike = |other: &&KeyStatement| (other.suite, other.purpose) == (gone.suite, gone.purpose);
    if others.iter().filter(alike).any(|other| other.kid < gone.kid) {
        return Err(refused("an older one of its purpose and suite is there; withdraw that first"));
    }
    let now = u64::try_from(now_s).unwrap_or_default();
    if others.iter().filter(alike).any(|other| (other.not_before..other.not_after).contains(&now)) {
        Ok(())
    } else {
        Err(refused("it is the only good one of its purpose and suite; rotate first"))
    }
}

fn withdraw_http(key_id: &str, now_s: i64, manifest: &mut Manifest) -> Result<(), KeyError> {
    let refused = |reason| KeyError::Withdraw { key: key_id.to_owned(), reason };
    let at = manifest.http.iter().position(|entry| entry.key_id == key_id);
    let gone = manifest.http.remove(at.ok_or(refused("no HTTP key of that key id is in the manifest"))?);
    let another = manifest
        .http
        .iter()
        .any(|other| other.suite == gone.suite && (other.not_before..other.not_after).contains(&now_s));
    if another {
        Ok(())
    } else {
        Err(refused("it is the only one that signs now; rotate, and wait for the new one"))
    }
}

fn root_kid(manifest: &Manifest, suite: SuiteId) -> Result<u64, KeyError> {
    let of_suite = manifest.root.iter().filter(|root| root.suite == suite.word());
    let none = KeyError::Entry { kid: 0, reason: "the manifest has no root of this suite" };
    of_suite.map(|root| root.kid).max().ok_or(none)
}

fn statement(
    dir: &Path,
    manifest: &Manifest,
    entry: &super::manifest::KeyEntry,
) -> Result<KeyStatement, KeyError> {
    let path = dir.join(&entry.statement);
    let bytes = std::fs::read(&path).map_err(|reason| KeyError::Unreadable { path, reason })?;
    let pinned = manifest.root.iter().map(|root| root.root()).collect::<Result<Vec<_>, _>>()?;
    msgpay_wire::trust::Roots::of(&manifest.institution_id, pinned)
        .open_statement_for_any_time(&BuiltIn, &bytes, entry.purpose()?)
        .map_err(|_| KeyError::Entry {
            kid: entry.kid,
            reason: "no root of the manifest signed its statement",
        })
}

fn write(dir: &Path, manifest: &Manifest) -> Result<(), KeyError> {
    let text = toml::to_string(manifest).map_err(|_| PkiError::Document)?;
    replace_public(&dir.join(MANIFEST), text.as_bytes())?;
    Ok(())
}

#[cfg(test)]
mod tests;
