//! Rotation of development keys: a second live key of a purpose, and the end of the first.
//!
//! ```text
//! rotate     new key, statement signed by the root beside it; both live: the newer signs, both open
//! (restart)  the platform takes it up; with `not before` ahead it takes over while the platform runs
//! withdraw   the old entry leaves the manifest: the signed policy then names a larger lowest number
//! ```
//!
//! A real institution does the same by hand, with its offline root.

use std::path::Path;

use msgpay_crypto::SigningKey;
use msgpay_wire::{
    SuiteId,
    trust::{KeyStatement, Purpose},
};

use super::{
    BuiltIn, KeyError,
    make::{RootKey, file},
    manifest::{MANIFEST, Manifest},
    read_key,
};
use crate::pki::{PkiError, files::replace_public, issue::Validity};

/// Makes a new key for each of `purposes` and `suites`; the keys before them stay. Gives the new numbers.
pub fn rotate(
    dir: &Path,
    purposes: &[Purpose],
    suites: &[SuiteId],
    validity: Validity,
) -> Result<Vec<(SuiteId, Purpose, u64)>, KeyError> {
    let mut manifest = Manifest::read(dir)?;
    if !manifest.development {
        return Err(KeyError::Entry { kid: 0, reason: "only development keys have their root beside them" });
    }
    let mut number = manifest.key.iter().map(|entry| entry.kid).max().unwrap_or_default();
    let mut made = Vec::new();
    for suite in suites.iter().copied() {
        let kid = root_kid(&manifest, suite)?;
        let key = read_key(&dir.join(file("root", suite, "key")), suite, SigningKey::from_pkcs8_pem)?;
        let root = RootKey { kid, suite, key };
        for purpose in purposes.iter().copied() {
            number += 1;
            let entry = root.certified(dir, &manifest.institution_id, purpose, number, validity)?;
            manifest.key.push(entry);
            made.push((suite, purpose, number));
        }
    }
    write(dir, &manifest)?;
    Ok(made)
}

/// Takes a key out of the manifest. Refused for the only good one of its purpose and suite.
pub fn withdraw(dir: &Path, kid: u64, now_s: i64) -> Result<(), KeyError> {
    let mut manifest = Manifest::read(dir)?;
    let refused = |reason| KeyError::Withdraw { kid, reason };
    let at = manifest.key.iter().position(|entry| entry.kid == kid);
    let entry = manifest.key.remove(at.ok_or(refused("no key of that number is in the manifest"))?);
    let gone = statement(dir, &manifest, &entry)?;
    let mut others = manifest.key.iter().map(|other| statement(dir, &manifest, other));
    let now = u64::try_from(now_s).unwrap_or_default();
    let another = others.any(|other| {
        other.is_ok_and(|other| {
            (other.suite, other.purpose) == (gone.suite, gone.purpose)
                && (other.not_before..other.not_after).contains(&now)
        })
    });
    if !another {
        return Err(refused("it is the only good one of its purpose and suite; rotate first"));
    }
    write(dir, &manifest)
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
