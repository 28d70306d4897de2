//! What independent programs and the product make of each other's bytes: entries, signatures, encryptions, digests.
//!
//! Needs the `openssl` command (3.0 or later) and a Python with the packages of `tests/interop/requirements.txt`,
//! named by `MSGPAY_PYTHON` (else `python3`).

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a helper that cannot set its scene fails its test"
)]

mod entry;
mod objects;
mod openssl;
mod peer;
mod pieces;

use msgpay_crypto::{Suite, SuiteId, random};

/// Random bytes, a new number of them each time.
fn some_bytes() -> Vec<u8> {
    let length = random::below(400).unwrap();
    (0..length).map(|_| random::make::<1>().unwrap()[0]).collect()
}

/// A key pair: private scalar, public key.
fn pair(suite: SuiteId) -> ([u8; 32], [u8; 65]) {
    let mut scalar = [0; 32];
    let suite = suite.suite();
    suite.make_private(&mut scalar).unwrap();
    (scalar, suite.public_of(&scalar).unwrap())
}

/// HKDF as suite 2 derives its first chain key: Extract by HMAC over an empty-handed trait, Expand of one block.
fn chain_of_seed(suite: &dyn Suite, salt: &[u8], seed: &[u8], info: &[u8]) -> [u8; 32] {
    let (mut extracted, mut chain) = ([0; 32], [0; 32]);
    suite.mac(salt, &[seed], &mut extracted).unwrap();
    suite.expand(&extracted, info, &mut chain).unwrap();
    chain
}
