//! Digests and the door through which this room reaches cryptography.

use crate::cbor::{self, Value};

/// A hash of a suite, 32 bytes (SHA-256 or SM3).
pub type Digest = [u8; 32];

/// Which suite of algorithms a message is made with. Bound into every signature and seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SuiteId {
    /// P-256 ECDSA, HPKE P-256, AES-256-GCM, SHA-256.
    International,
    /// SM2 signatures and encryption, SM3, SM4-GCM (国密).
    Guomi,
    /// Ed25519, HPKE X25519, AES-256-GCM, SHA-256. Always named here; on the wire and in configurations it is known
    /// only with the feature `curve25519`.
    Curve25519,
}

impl SuiteId {
    /// All suites that this build knows.
    #[cfg(not(feature = "curve25519"))]
    pub const ALL: [Self; 2] = [Self::International, Self::Guomi];
    /// All suites that this build knows.
    #[cfg(feature = "curve25519")]
    pub const ALL: [Self; 3] = [Self::International, Self::Guomi, Self::Curve25519];

    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u64 {
        match self {
            Self::International => 1,
            Self::Guomi => 2,
            Self::Curve25519 => 3,
        }
    }

    /// Its word in configurations and transcripts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::International => "international",
            Self::Guomi => "guomi",
            Self::Curve25519 => "curve25519",
        }
    }

    /// The suite of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|suite| suite.word() == word)
    }

    /// The suite of a number, `None` for one that this build does not know.
    #[must_use]
    pub const fn from_number(number: u64) -> Option<Self> {
        match number {
            1 => Some(Self::International),
            2 => Some(Self::Guomi),
            3 if cfg!(feature = "curve25519") => Some(Self::Curve25519),
            _ => None,
        }
    }
}

/// First byte of a public key of suite 3: `0x40 ‖ Ed25519 (32) ‖ X25519 (32)`.
pub const CURVE25519_KEY: u8 = 0x40;

impl SuiteId {
    /// Whether 65 bytes begin as a public key of this suite does.
    #[must_use]
    pub const fn begins(self, public_key: &[u8; 65]) -> bool {
        let first = match self {
            Self::International | Self::Guomi => 4,
            Self::Curve25519 => CURVE25519_KEY,
        };
        public_key[0] == first
    }
}

/// Hash and signature verification, given by the room that calls.
///
/// Verification must be strict: a malformed key or signature is `false`, never a panic.
pub trait Primitives {
    /// The suite's hash of `bytes`.
    fn hash(&self, suite: SuiteId, bytes: &[u8]) -> Digest;
    /// Whether `signature` (64 bytes, r‖s) over `message` was made by the owner of `public_key` (65 bytes: SEC1,
    /// uncompressed, or [`CURVE25519_KEY`] and both halves).
    fn verify(&self, suite: SuiteId, public_key: &[u8], message: &[u8], signature: &[u8]) -> bool;
}

/// A label and values as one deterministic CBOR array: what is hashed or signed under that label.
#[must_use]
pub fn labelled(label: &str, values: Vec<Value>) -> Vec<u8> {
    let mut all = vec![Value::Text(label.to_owned())];
    all.extend(values);
    cbor::encode(&Value::Array(all))
}
