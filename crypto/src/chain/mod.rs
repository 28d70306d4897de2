//! The write-only chain: 32 bytes that move on with every sealing, so that who seals cannot open what it
//! sealed.
//!
//! ```text
//! setup        enc, C = Export(HPKE base mode to a public key, info, export label)
//! seal_with    key = Expand(C, label);  C = Expand(C, "next")      AEAD, zero nonce: each key is used once
//! step         key = Expand(C, "key");  C = Expand(C, "next")      the same for one byte: 1 + 16 bytes
//! key_for      key = Expand(C, label)                              for something beside the boxes; C stays
//! close_with   key = Expand(C, label);  C wiped                    tag alone, over what the caller binds
//! ```
//! RFC 9180 §5.1.1 and §5.3, RFC 5869 §2.3. Every label but `"key"` and `"next"` is free, once at each position: the key
//! that [`SealChain::key_for`] gives is none that a box has. Danger: whoever reads C can compute everything *after* it, never anything before.

mod open;
mod seal;

pub use open::OpenChain;
pub use seal::SealChain;

use crate::{Error, SecretPage, Suite};

/// Label of a step's key.
const KEY: &[u8] = b"key";
/// Label of the next chain key.
const NEXT: &[u8] = b"next";

/// Bytes of one sealed byte: ciphertext, then tag.
pub const BOX_BYTES: usize = 17;

/// A label of the caller's, which must not fall together with the chain's own.
fn allowed(label: &[u8]) -> Result<(), Error> {
    if label == KEY || label == NEXT { Err(Error::Misused) } else { Ok(()) }
}

/// Labels whose key at this position was given to the caller.
#[derive(Default)]
struct Given(Vec<Vec<u8>>);

impl Given {
    /// A label of the caller's that was not used here before.
    fn fresh(&self, label: &[u8]) -> Result<(), Error> {
        allowed(label)?;
        if self.0.iter().any(|given| given == label) { Err(Error::Misused) } else { Ok(()) }
    }

    /// The chain has moved: nothing was given at the new position.
    fn moved(&mut self) {
        self.0.clear();
    }

    fn key_for(&mut self, suite: &dyn Suite, chain: &SecretPage, label: &[u8]) -> Result<SecretPage, Error> {
        self.fresh(label)?;
        self.0.push(label.to_vec());
        SecretPage::try_make_with(32, |key| {
            let key = key.try_into().map_err(|_| Error::NoSecretMemory)?;
            suite.expand(chain.array()?, label, key)?;
            Ok(32)
        })
    }
}

#[cfg(test)]
mod tests;
