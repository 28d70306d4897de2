//! Suite 2, 国密: SM3 (GB/T 32905), HMAC and HKDF over it, SM2 signature with Z_A and encryption in GM/T 0009 DER,
//! C1C3C2 (GB/T 32918), SM4-GCM (RFC 8998).
//!
//! Every function is plain and `#[inline(never)]`, as in the international suite. What `sm2` leaves behind (its keys
//! do not wipe, its nonce stays on the stack) is wiped by the clean room.

mod encryption;

use super::{
    HASH_BYTES, PUBLIC_KEY_BYTES, SIGNATURE_BYTES, Suite, SuiteId, TAG_BYTES, answer, fits, scalar, sm4::Sm4,
};
use crate::{
    Error,
    classify::Reason,
    random::{self, Drawn},
};
use aes_gcm::{
    AesGcm,
    aead::{AeadInOut, consts::U12, inout::InOutBuf},
};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sm2::{
    NonZeroScalar, PublicKey, Scalar,
    dsa::signature::{RandomizedSigner, Verifier},
};
use sm3::{Digest, Sm3};
use zeroize::Zeroizing;

type Sm4Gcm = AesGcm<Sm4, U12>;

/// The signer's identity in Z_A, the default of GM/T 0009 §10. Whose key it is, the key statement says.
const SIGNER_ID: &str = "1234567812345678";

/// Bytes of the seed that SM2 encrypts.
const SEED_BYTES: usize = 32;

/// Every key seals once, so the nonce need not differ.
const NONCE: [u8; 12] = [0; 12];

/// The built-in Chinese suite.
#[derive(Debug, Clone, Copy)]
pub struct Guomi;

impl Suite for Guomi {
    fn id(&self) -> SuiteId {
        SuiteId::Guomi
    }

    #[inline(never)]
    fn hash(&self, message: &[u8]) -> [u8; HASH_BYTES] {
        Sm3::digest(message).into()
    }

    #[inline(never)]
    fn verify(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Error> {
        let key = public(public_key)
            .and_then(|key| sm2::dsa::VerifyingKey::new(SIGNER_ID, key).map_err(|_| Error::BadKey));
        let key = key.map_err(|_| Error::BadSignature)?;
        let signature = sm2::dsa::Signature::from_slice(signature).map_err(|_| Error::BadSignature)?;
        key.verify(message, &signature).map_err(|_| Error::BadSignature)
    }

    #[inline(never)]
    fn make_private(&self, scalar: &mut [u8; 32]) -> Result<(), Error> {
        // Rejection: a draw is out of range once in 2^32.
        loop {
            random::fill(scalar)?;
            if drawn(scalar).is_ok() {
                return Ok(());
            }
        }
    }

    #[inline(never)]
    fn public_of(&self, scalar: &[u8; 32]) -> Result<[u8; PUBLIC_KEY_BYTES], Error> {
        private(scalar).map(|scalar| scalar::public_of(&scalar))
    }

    #[inline(never)]
    fn sign(
        &self,
        scalar: &[u8; 32],
        message: &[u8],
        hedge: &[u8; 32],
    ) -> Result<[u8; SIGNATURE_BYTES], Error> {
        let key = sm2::dsa::SigningKey::from_nonzero_scalar(SIGNER_ID, private(scalar)?)
            .map_err(|_| Error::BadKey)?;
        let signature: sm2::dsa::Signature =
            key.try_sign_with_rng(&mut Drawn(hedge), message).map_err(|_| Error::BadKey)?;
        Ok(signature.to_bytes().into())
    }

    #[inline(never)]
    fn mac(&self, key: &[u8], parts: &[&[u8]], out: &mut [u8; HASH_BYTES]) -> Result<(), Error> {
        let mut mac = Hmac::<Sm3>::new_from_slice(key).map_err(|_| Error::BadKey)?;
        parts.iter().for_each(|part| mac.update(part));
        out.copy_from_slice(&mac.finalize().into_bytes());
        Ok(())
    }

    #[inline(never)]
    fn expand(&self, chain: &[u8; 32], label: &[u8], key: &mut [u8; 32]) -> Result<(), Error> {
        let hkdf = Hkdf::<Sm3>::from_prk(chain).map_err(|_| Error::RoomBroken)?;
        hkdf.expand(label, key).map_err(|_| Error::RoomBroken)
    }

    #[inline(never)]
    fn ratchet(
        &self,
        chain: &mut [u8; 32],
        label: &[u8],
        next: &[u8],
        key: &mut [u8; 32],
    ) -> Result<(), Error> {
        let hkdf = Hkdf::<Sm3>::from_prk(chain).map_err(|_| Error::RoomBroken)?;
        hkdf.expand(label, key).map_err(|_| Error::RoomBroken)?;
        hkdf.expand(next, chain).map_err(|_| Error::RoomBroken)
    }

    /// SM4 takes 128 bits: the first half of `key`, which is what Expand to 16 bytes would give.
    #[inline(never)]
    fn seal(&self, key: &[u8; 32], aad: &[u8], text: &mut [u8]) -> Result<[u8; TAG_BYTES], Error> {
        sm4_gcm(key)?
            .encrypt_inout_detached(&NONCE.into(), aad, InOutBuf::from(text))
            .map(Into::into)
            .map_err(|_| Error::RoomBroken)
    }

    #[inline(never)]
    fn open(&self, key: &[u8; 32], aad: &[u8], text: &mut [u8], tag: &[u8; TAG_BYTES]) -> Result<(), Error> {
        answer(&sm4_gcm(key)?.decrypt_inout_detached(&NONCE.into(), aad, InOutBuf::from(text), tag.into()))
    }

    /// A random seed, encrypted by SM2; the chain key is HKDF-SM3(salt = `label`, seed, info = `info`).
    #[inline(never)]
    fn encapsulate(
        &self,
        public_key: &[u8],
        info: &[u8],
        label: &[u8],
        chain: &mut [u8; 32],
    ) -> Result<Vec<u8>, Error> {
        fits(info, label)?;
        let public = public(public_key)?;
        let mut seed = Zeroizing::new([0; SEED_BYTES]);
        random::fill(&mut *seed)?;
        let mut k = Zeroizing::new([0; 32]);
        self.make_private(&mut k)?;
        let sealed = encryption::seal(&public, &drawn(&k)?, &*seed)?;
        derive(&seed, info, label, chain)?;
        Ok(sealed)
    }

    #[inline(never)]
    fn decapsulate(
        &self,
        scalar: &[u8; 32],
        encapsulation: &[u8],
        info: &[u8],
        label: &[u8],
        chain: &mut [u8; 32],
    ) -> Result<(), Error> {
        fits(info, label)?;
        let mut seed = Zeroizing::new([0; SEED_BYTES]);
        encryption::open(&private(scalar)?, encapsulation, &mut *seed)?;
        derive(&seed, info, label, chain)
    }
}

/// A scalar of 1 … n − 2. For n − 1 there is no signature: 1 + d has no inverse (GB/T 32918.1 §6.1).
fn private(scalar: &[u8; 32]) -> Result<NonZeroScalar, Error> {
    scalar::read::<sm2::Sm2>(scalar, Some(&-Scalar::ONE), Reason::Refused)
}

/// The same of fresh randomness.
fn drawn(scalar: &[u8; 32]) -> Result<NonZeroScalar, Error> {
    scalar::read::<sm2::Sm2>(scalar, Some(&-Scalar::ONE), Reason::Drawn)
}

/// A point on the curve; 65 bytes leave neither compressed points nor the one at infinity.
fn public(key: &[u8]) -> Result<PublicKey, Error> {
    if key.len() != PUBLIC_KEY_BYTES {
        return Err(Error::BadKey);
    }
    PublicKey::from_sec1_bytes(key).map_err(|_| Error::BadKey)
}

fn sm4_gcm(key: &[u8; 32]) -> Result<Sm4Gcm, Error> {
    let (key, _) = key.split_first_chunk::<16>().ok_or(Error::RoomBroken)?;
    Ok(Sm4Gcm::new(key.into()))
}

#[inline(never)]
fn derive(seed: &[u8; SEED_BYTES], info: &[u8], label: &[u8], chain: &mut [u8; 32]) -> Result<(), Error> {
    Hkdf::<Sm3>::new(Some(label), seed).expand(info, chain).map_err(|_| Error::RoomBroken)
}

#[cfg(test)]
mod tests;
