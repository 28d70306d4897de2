//! What the programs of this package share: fixed keys, contexts, and a keypad of the core without a session.

pub mod keypad;

use msgpay_crypto::{Error, OpeningKey, SecretPage, SuiteId};

/// Context of every seal here.
pub const CONTEXT: &[u8] = &[0x5C; 128];
/// Label of the chain's export.
pub const CHAIN: &[u8] = b"timing chain";
/// A layout of the numeric kind.
pub const LAYOUT: &[u8; 12] = b"\x01\x0a7391548206";
/// Boxes of one envelope.
pub const PRESSES: u8 = 64;
/// A private scalar, valid on both curves.
pub const SCALAR: [u8; 32] = [0x39; 32];

/// The institution's seal key.
///
/// # Errors
/// As [`OpeningKey::from_scalar`].
pub fn opening_key(suite: SuiteId) -> Result<OpeningKey, Error> {
    OpeningKey::from_scalar(suite, &SecretPage::copy_of(&SCALAR)?)
}
