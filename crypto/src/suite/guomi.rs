//! Suite 2, 国密: SM3 (GB/T 32905), HMAC and HKDF over it, SM2 signature with Z_A and encryption in GM/T 0009 DER,
//! C1C3C2 (GB/T 32918), SM4-GCM (RFC 8998).
//!
//! Every function is plain and `#[inline(never)]`, as in the international suite. What `sm2` leaves behind (its keys
//! do not wipe, its nonce stays on the stack) is wiped by the clean room.

use super::{HASH_BYTES, PUBLIC_KEY_BYTES, SIGNATURE_BYTES, Suite, SuiteId, TAG_BYTES, sm4::Sm4};
use crate::{
    Error,
    random::{self, Drawn},
};
use aes_gcm::{
    AesGcm,
    aead::{AeadInOut, consts::U12, inout::InOutBuf},
};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sm2::{
    dsa::signature::{RandomizedSigner, Verifier},
    elliptic_curve::sec1::ToSec1Point,
};
use sm3::{Digest, Sm3};
use zeroize::Zeroizing;

type Sm4Gcm = AesGcm<Sm4, U12>;

/// The signer's identity in Z_A, the default of GM/T 0009 §10. Whose key it is, the key statement says.
const SIGNER_ID: &str = "1234567812345678";

/// Bytes of the seed that SM2 encrypts.
const SEED_BYTES: usize = 32;

/// Bytes of the encryption of a seed: at the most two INTEGERs of 33 bytes, hash and text, with their heads.
const ENCAPSULATION_BYTES_MAX: usize = 144;

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
        if public_key.len() != PUBLIC_KEY_BYTES {
            return Err(Error::BadSignature);
        }
        let key = sm2::dsa::VerifyingKey::from_sec1_bytes(SIGNER_ID, public_key)
            .map_err(|_| Error::BadSignature)?;
        let signature = sm2::dsa::Signature::from_slice(signature).map_err(|_| Error::BadSignature)?;
        key.verify(message, &signature).map_err(|_| Error::BadSignature)
    }

    #[inline(never)]
    fn make_private(&self, scalar: &mut [u8; 32]) -> Result<(), Error> {
        loop {
            random::fill(scalar)?;
            if signing_key(scalar).is_ok() {
                return Ok(());
            }
        }
    }

    #[inline(never)]
    fn public_of(&self, scalar: &[u8; 32]) -> Result<[u8; PUBLIC_KEY_BYTES], Error> {
        let key = secret_key(scalar)?;
        let point = key.public_key().to_sec1_point(false);
        point.as_bytes().try_into().map_err(|_| Error::BadKey)
    }

    #[inline(never)]
    fn sign(
        &self,
        scalar: &[u8; 32],
        message: &[u8],
        hedge: &[u8; 32],
    ) -> Result<[u8; SIGNATURE_BYTES], Error> {
        let signature: sm2::dsa::Signature =
            signing_key(scalar)?.try_sign_with_rng(&mut Drawn(hedge), message).map_err(|_| Error::BadKey)?;
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
        sm4_gcm(key)?
            .decrypt_inout_detached(&NONCE.into(), aad, InOutBuf::from(text), tag.into())
            .map_err(|_| Error::NotOpened)
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
        if public_key.len() != PUBLIC_KEY_BYTES {
            return Err(Error::BadKey);
        }
        let key = sm2::pke::EncryptingKey::from_sec1_bytes(public_key).map_err(|_| Error::BadKey)?;
        let mut seed = Zeroizing::new([0; SEED_BYTES]);
        random::fill(&mut *seed)?;
        // The ephemeral scalar: sm2 draws again for a draw out of range, so there is enough for eight.
        let mut drawn = Zeroizing::new([0; 256]);
        random::fill(&mut *drawn)?;
        let sealed = key.encrypt_der(&mut Drawn(&*drawn), &*seed).map_err(|_| Error::RoomBroken)?;
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
        if encapsulation.len() > ENCAPSULATION_BYTES_MAX {
            return Err(Error::NotOpened);
        }
        let key = sm2::pke::DecryptingKey::new(secret_key(scalar)?);
        let seed = Zeroizing::new(key.decrypt_der(encapsulation).map_err(|_| Error::NotOpened)?);
        let seed = seed.as_slice().try_into().map_err(|_| Error::NotOpened)?;
        derive(seed, info, label, chain)
    }
}

fn secret_key(scalar: &[u8; 32]) -> Result<sm2::SecretKey, Error> {
    sm2::SecretKey::from_slice(scalar).map_err(|_| Error::BadKey)
}

/// Refuses what SM2 cannot sign with, too: n − 1, for which 1 + d has no inverse.
fn signing_key(scalar: &[u8; 32]) -> Result<sm2::dsa::SigningKey, Error> {
    sm2::dsa::SigningKey::from_slice(SIGNER_ID, scalar).map_err(|_| Error::BadKey)
}

fn sm4_gcm(key: &[u8; 32]) -> Result<Sm4Gcm, Error> {
    let (key, _) = key.split_first_chunk::<16>().ok_or(Error::RoomBroken)?;
    Ok(Sm4Gcm::new(key.into()))
}

#[inline(never)]
fn derive(seed: &[u8; SEED_BYTES], info: &[u8], label: &[u8], chain: &mut [u8; 32]) -> Result<(), Error> {
    Hkdf::<Sm3>::new(Some(label), seed).expand(info, chain).map_err(|_| Error::RoomBroken)
}
