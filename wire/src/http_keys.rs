//! The institution's keys for HTTP message signatures, as a merchant asks for them: those in use and those to come.
//!
//! Not in Annex C. T/CAICI 92 §6.3.1(1) asks for keys that expire and are replaced: a merchant learns the next one
//! here before anything is signed with it.

use serde::{Deserialize, Serialize};

use crate::{
    SuiteId,
    annex_c::{BodyError, number_text, read, write},
    httpsig::{alg, suite_of_alg},
};

/// Keys in one answer at most.
const KEYS_MAX: usize = 16;

/// `POST /v1/keys/query`: who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeysQuery {
    /// `merchantId`.
    pub merchant_id: String,
}

impl KeysQuery {
    /// Reads and checks a request body.
    ///
    /// # Errors
    /// [`BodyError`].
    pub fn read(bytes: &[u8]) -> Result<Self, BodyError> {
        let query: Self = read(bytes)?;
        number_text("merchantId", &query.merchant_id, 32)?;
        Ok(query)
    }

    /// The request body.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        write(self)
    }
}

/// One key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpKey {
    /// `keyId`: `keyid` in signatures.
    pub key_id: String,
    /// Its suite, on the wire as `alg`.
    pub suite: SuiteId,
    /// `publicKey`: SEC1 uncompressed, on the wire in hex.
    pub public_key: [u8; 65],
    /// `notBefore`, Unix seconds, inclusive: nothing is signed with it before.
    pub not_before: i64,
    /// `notAfter`, Unix seconds, exclusive.
    pub not_after: i64,
}

/// The answer: every key of the asking merchant's suite that is not over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpKeys {
    /// `institutionId`.
    pub institution_id: String,
    /// `keys`, at least one, each with a `keyId` of its own.
    pub keys: Vec<HttpKey>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct KeyRaw {
    key_id: String,
    alg: String,
    public_key: String,
    not_before: i64,
    not_after: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct KeysRaw {
    institution_id: String,
    keys: Vec<KeyRaw>,
}

impl HttpKeys {
    /// The answer body.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let raw = |key: &HttpKey| KeyRaw {
            key_id: key.key_id.clone(),
            alg: alg(key.suite).to_owned(),
            public_key: hex(&key.public_key),
            not_before: key.not_before,
            not_after: key.not_after,
        };
        write(&KeysRaw {
            institution_id: self.institution_id.clone(),
            keys: self.keys.iter().map(raw).collect(),
        })
    }

    /// Reads and checks an answer body.
    ///
    /// # Errors
    /// [`BodyError`].
    pub fn read(bytes: &[u8]) -> Result<Self, BodyError> {
        let raw: KeysRaw = read(bytes)?;
        number_text("institutionId", &raw.institution_id, 32)?;
        let keys = raw.keys.into_iter().map(HttpKey::of).collect::<Result<Vec<_>, _>>()?;
        let twice = |(at, key): (usize, &HttpKey)| keys[..at].iter().any(|other| other.key_id == key.key_id);
        if keys.is_empty() || keys.len() > KEYS_MAX || keys.iter().enumerate().any(twice) {
            return refused("keys", "must be 1 to 16 keys, each with a keyId of its own");
        }
        Ok(Self { institution_id: raw.institution_id, keys })
    }
}

impl HttpKey {
    fn of(raw: KeyRaw) -> Result<Self, BodyError> {
        let id = raw.key_id;
        let good = (1..=128).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
        if !good {
            return refused("keyId", "must be 1 to 128 letters, digits or -_.");
        }
        let Some(suite) = suite_of_alg(&raw.alg) else {
            return refused("alg", "must be an algorithm of a known suite");
        };
        let Some(public_key) = point(&raw.public_key) else {
            return refused("publicKey", "must be an uncompressed point in hex");
        };
        if raw.not_before >= raw.not_after {
            return refused("notAfter", "must be later than notBefore");
        }
        Ok(Self { key_id: id, suite, public_key, not_before: raw.not_before, not_after: raw.not_after })
    }
}

fn refused<T>(field: &'static str, rule: &'static str) -> Result<T, BodyError> {
    Err(BodyError::Field { field, rule })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// 65 bytes that begin with 04, in lower-case hex.
fn point(text: &str) -> Option<[u8; 65]> {
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    };
    let bytes = text.as_bytes();
    if bytes.len() != 130 {
        return None;
    }
    let mut point = [0; 65];
    for (byte, pair) in point.iter_mut().zip(bytes.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    (point[0] == 4).then_some(point)
}

#[cfg(test)]
mod tests;
