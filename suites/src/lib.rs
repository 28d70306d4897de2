//! The suites of [`msgpay_crypto`] as [`msgpay_wire`] asks for them: formats know no cryptography and cryptography no
//! formats, so the two meet here, once for every party.

use msgpay_wire::{Digest, Primitives};

/// Hash and verification of every suite, by whichever provider is installed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Suites;

impl Primitives for Suites {
    fn hash(&self, suite: msgpay_wire::SuiteId, bytes: &[u8]) -> Digest {
        of_wire(suite).suite().hash(bytes)
    }

    fn verify(
        &self,
        suite: msgpay_wire::SuiteId,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        of_wire(suite).suite().verify(public_key, message, signature).is_ok()
    }
}

/// The suite of a message, as keys name it.
#[must_use]
pub const fn of_wire(suite: msgpay_wire::SuiteId) -> msgpay_crypto::SuiteId {
    match suite {
        msgpay_wire::SuiteId::International => msgpay_crypto::SuiteId::International,
        msgpay_wire::SuiteId::Guomi => msgpay_crypto::SuiteId::Guomi,
        msgpay_wire::SuiteId::Curve25519 => msgpay_crypto::SuiteId::Curve25519,
    }
}

/// The suite of a key, as messages name it; `None` for one that no message can name yet.
#[must_use]
pub const fn of_key(suite: msgpay_crypto::SuiteId) -> Option<msgpay_wire::SuiteId> {
    match suite {
        msgpay_crypto::SuiteId::International => Some(msgpay_wire::SuiteId::International),
        msgpay_crypto::SuiteId::Guomi => Some(msgpay_wire::SuiteId::Guomi),
        msgpay_crypto::SuiteId::Curve25519 => Some(msgpay_wire::SuiteId::Curve25519),
        _ => None,
    }
}
