//! Mobile numbers at rest: a blind index to find them, a sealed copy to read them back (T/CAICI 92 §6.3.2).
//!
//! The key lies in a file outside the database, so that a copied database says nobody's number. An index
//! without the key can't be tried out, though there are few mobile numbers.

use std::{fs, path::Path};

use msgpay_crypto::random;
use ring::{aead, hmac};
use zeroize::Zeroizing;

use super::StoreError;

/// The key behind the blind index and the sealed copies. Silent: it has no Debug, no Clone.
pub struct MobileKey {
    index: hmac::Key,
    seal: aead::LessSafeKey,
}

impl MobileKey {
    /// Reads the key file. It is made once, with the institution's other keys, and never here: under a new key nobody
    /// in the book would be found any more.
    ///
    /// # Errors
    /// [`StoreError::KeyFile`] when it cannot be read or is not 32 bytes.
    pub fn read(path: &Path) -> Result<Self, StoreError> {
        let bytes = Zeroizing::new(fs::read(path).map_err(|_| StoreError::KeyFile)?);
        Self::from_bytes(bytes.as_slice().try_into().map_err(|_| StoreError::KeyFile)?)
    }

    /// Derives both keys from 32 bytes.
    ///
    /// # Errors
    /// [`StoreError::KeyFile`] when the seal's key cannot be built.
    pub fn from_bytes(key: &[u8; 32]) -> Result<Self, StoreError> {
        let root = hmac::Key::new(hmac::HMAC_SHA256, key);
        let index = hmac::sign(&root, b"msgpay mobile index v1");
        let seal = hmac::sign(&root, b"msgpay mobile seal v1");
        let seal =
            aead::UnboundKey::new(&aead::AES_256_GCM, seal.as_ref()).map_err(|_| StoreError::KeyFile)?;
        Ok(Self {
            index: hmac::Key::new(hmac::HMAC_SHA256, index.as_ref()),
            seal: aead::LessSafeKey::new(seal),
        })
    }

    /// The same number gives the same 32 bytes under the same key.
    pub(crate) fn index(&self, mobile_no: &str) -> [u8; 32] {
        let tag = hmac::sign(&self.index, mobile_no.as_bytes());
        let mut index = [0; 32];
        index.copy_from_slice(tag.as_ref());
        index
    }

    /// Seals a number for one user: nonce, then ciphertext and tag; bound to the user's id.
    pub(crate) fn seal(&self, user_id: &str, mobile_no: &str) -> Result<Vec<u8>, StoreError> {
        let nonce = random::make::<12>().map_err(|_| StoreError::NoRandomness)?;
        let mut sealed = mobile_no.as_bytes().to_vec();
        self.seal
            .seal_in_place_append_tag(
                aead::Nonce::assume_unique_for_key(nonce),
                aead::Aad::from(user_id.as_bytes()),
                &mut sealed,
            )
            .map_err(|_| StoreError::Damaged("mobile_enc"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`seal`](Self::seal) made for the same user.
    pub(crate) fn open(&self, user_id: &str, sealed: &[u8]) -> Result<String, StoreError> {
        let damaged = || StoreError::Damaged("mobile_enc");
        let (nonce, body) = sealed.split_first_chunk::<12>().ok_or_else(damaged)?;
        let mut body = body.to_vec();
        let nonce = aead::Nonce::assume_unique_for_key(*nonce);
        let plain = self
            .seal
            .open_in_place(nonce, aead::Aad::from(user_id.as_bytes()), &mut body)
            .map_err(|_| damaged())?;
        String::from_utf8(plain.to_vec()).map_err(|_| damaged())
    }
}
