//! Suite 3 in a build without the feature `curve25519`: nothing of it works, and nothing stands in for it.

use super::{HASH_BYTES, International, PUBLIC_KEY_BYTES, SIGNATURE_BYTES, Suite, SuiteId, TAG_BYTES};
use crate::Error;

/// Refuses every key.
pub(super) struct Absent;

impl Suite for Absent {
    fn id(&self) -> SuiteId {
        SuiteId::Curve25519
    }

    /// SHA-256 is suite 3's hash, with or without its curves.
    fn hash(&self, message: &[u8]) -> [u8; HASH_BYTES] {
        International.hash(message)
    }

    fn verify(&self, _public_key: &[u8], _message: &[u8], _signature: &[u8]) -> Result<(), Error> {
        Err(Error::BadSignature)
    }

    fn make_private(&self, _seed: &mut [u8; 32]) -> Result<(), Error> {
        Err(Error::UnknownSuite)
    }

    fn public_of(&self, _seed: &[u8; 32]) -> Result<[u8; PUBLIC_KEY_BYTES], Error> {
        Err(Error::UnknownSuite)
    }

    fn sign(
        &self,
        _seed: &[u8; 32],
        _message: &[u8],
        _hedge: &[u8; 32],
    ) -> Result<[u8; SIGNATURE_BYTES], Error> {
        Err(Error::UnknownSuite)
    }

    fn mac(&self, _key: &[u8], _parts: &[&[u8]], _out: &mut [u8; HASH_BYTES]) -> Result<(), Error> {
        Err(Error::UnknownSuite)
    }

    fn expand(&self, _chain: &[u8; 32], _label: &[u8], _key: &mut [u8; 32]) -> Result<(), Error> {
        Err(Error::UnknownSuite)
    }

    fn ratchet(
        &self,
        _chain: &mut [u8; 32],
        _label: &[u8],
        _next: &[u8],
        _key: &mut [u8; 32],
    ) -> Result<(), Error> {
        Err(Error::UnknownSuite)
    }

    fn seal(&self, _key: &[u8; 32], _aad: &[u8], _text: &mut [u8]) -> Result<[u8; TAG_BYTES], Error> {
        Err(Error::UnknownSuite)
    }

    fn open(
        &self,
        _key: &[u8; 32],
        _aad: &[u8],
        _text: &mut [u8],
        _tag: &[u8; TAG_BYTES],
    ) -> Result<(), Error> {
        Err(Error::UnknownSuite)
    }

    fn encapsulate(
        &self,
        _public_key: &[u8],
        _info: &[u8],
        _label: &[u8],
        _chain: &mut [u8; 32],
    ) -> Result<Vec<u8>, Error> {
        Err(Error::UnknownSuite)
    }

    fn decapsulate(
        &self,
        _seed: &[u8; 32],
        _encapsulation: &[u8],
        _info: &[u8],
        _label: &[u8],
        _chain: &mut [u8; 32],
    ) -> Result<(), Error> {
        Err(Error::UnknownSuite)
    }
}

#[cfg(test)]
mod tests;
