//! A key of the institution with what its root says of it.

use msgpay_crypto::{self as crypto, SigningKey};
use msgpay_wire::{SuiteId as WireSuite, trust::Signer};

/// A key with its root-signed statement.
pub(crate) struct Certified {
    pub(super) key: SigningKey,
    pub(super) suite: WireSuite,
    pub(super) kid: u64,
    pub(super) statement: Vec<u8>,
}

impl Signer for Certified {
    type Error = crypto::Error;
    fn suite(&self) -> WireSuite {
        self.suite
    }
    fn kid(&self) -> u64 {
        self.kid
    }
    fn statement(&self) -> &[u8] {
        &self.statement
    }
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, crypto::Error> {
        self.key.sign(message).map(|signature| signature.to_vec())
    }
}
