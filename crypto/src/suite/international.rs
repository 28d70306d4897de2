//! Suite 1: SHA-256, HMAC, HKDF (RFC 5869), P-256 ECDSA (FIPS 186-5, hedged RFC 6979), AES-256-GCM (SP
//! 800-38D), HPKE base mode DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM (RFC 9180).
//!
//! Every function is plain and `#[inline(never)]`: generic code of the libraries is instantiated here, under
//! this crate's optimisation, and its stack use stays within the clean room's.

use super::{HASH_BYTES, PUBLIC_KEY_BYTES, SIGNATURE_BYTES, Suite, SuiteId, TAG_BYTES, answer, fits, scalar};
use crate::{
    Error,
    classify::{self, Reason},
    random::{self, Drawn},
};
use aes_gcm::{
    Aes256Gcm,
    aead::{AeadInOut, inout::InOutBuf},
};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use p256::ecdsa::signature::hazmat::RandomizedPrehashSigner;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

type P256Kem = hpke::kem::DhP256HkdfSha256;
type P256Aead = hpke::aead::AesGcm256;
type P256Kdf = hpke::kdf::HkdfSha256;

/// Every key seals once, so the nonce need not differ.
const NONCE: [u8; 12] = [0; 12];

/// The built-in international suite.
#[derive(Debug, Clone, Copy)]
pub struct International;

#[cfg(feature = "ring")]
fn verify_by_ring(public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Error> {
    ring::signature::UnparsedPublicKey::new(&ring::signature::ECDSA_P256_SHA256_FIXED, public_key)
        .verify(message, signature)
        .map_err(|_| Error::BadSignature)
}

/// As ring does: a key is an uncompressed point, a signature is `r ‖ s`, and a large `s` is as good as a small one.
#[cfg(any(test, not(feature = "ring")))]
fn verify_by_p256(public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Error> {
    use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
    if public_key.len() != PUBLIC_KEY_BYTES {
        return Err(Error::BadSignature);
    }
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(public_key).map_err(|_| Error::BadSignature)?;
    let signature = p256::ecdsa::Signature::from_slice(signature).map_err(|_| Error::BadSignature)?;
    key.verify_prehash(&Sha256::digest(message), &signature).map_err(|_| Error::BadSignature)
}

impl Suite for International {
    fn id(&self) -> SuiteId {
        SuiteId::International
    }

    #[inline(never)]
    fn hash(&self, message: &[u8]) -> [u8; HASH_BYTES] {
        Sha256::digest(message).into()
    }

    /// All public: by whatever is there.
    #[inline(never)]
    fn verify(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Error> {
        #[cfg(feature = "ring")]
        return verify_by_ring(public_key, message, signature);
        #[cfg(not(feature = "ring"))]
        verify_by_p256(public_key, message, signature)
    }

    #[inline(never)]
    fn make_private(&self, scalar: &mut [u8; 32]) -> Result<(), Error> {
        // Rejection: a draw is out of range once in 2^32.
        loop {
            random::fill(scalar)?;
            if private(scalar, Reason::Drawn).is_ok() {
                return Ok(());
            }
        }
    }

    #[inline(never)]
    fn public_of(&self, scalar: &[u8; 32]) -> Result<[u8; PUBLIC_KEY_BYTES], Error> {
        private(scalar, Reason::Refused).map(|scalar| scalar::public_of(&scalar))
    }

    #[inline(never)]
    fn sign(
        &self,
        scalar: &[u8; 32],
        message: &[u8],
        hedge: &[u8; 32],
    ) -> Result<[u8; SIGNATURE_BYTES], Error> {
        let key = p256::ecdsa::SigningKey::from(private(scalar, Reason::Refused)?);
        let digest = Sha256::digest(message);
        let signature: p256::ecdsa::Signature =
            key.sign_prehash_with_rng(&mut Drawn(hedge), &digest).map_err(|_| Error::BadKey)?;
        Ok(signature.to_bytes().into())
    }

    #[inline(never)]
    fn mac(&self, key: &[u8], parts: &[&[u8]], out: &mut [u8; HASH_BYTES]) -> Result<(), Error> {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(|_| Error::BadKey)?;
        parts.iter().for_each(|part| mac.update(part));
        out.copy_from_slice(&mac.finalize().into_bytes());
        Ok(())
    }

    #[inline(never)]
    fn expand(&self, chain: &[u8; 32], label: &[u8], key: &mut [u8; 32]) -> Result<(), Error> {
        let hkdf = Hkdf::<Sha256>::from_prk(chain).map_err(|_| Error::RoomBroken)?;
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
        // One keyed state serves both expansions.
        let hkdf = Hkdf::<Sha256>::from_prk(chain).map_err(|_| Error::RoomBroken)?;
        hkdf.expand(label, key).map_err(|_| Error::RoomBroken)?;
        hkdf.expand(next, chain).map_err(|_| Error::RoomBroken)
    }

    fn seal(&self, key: &[u8; 32], aad: &[u8], text: &mut [u8]) -> Result<[u8; TAG_BYTES], Error> {
        seal_at(key, &NONCE, aad, text)
    }

    fn open(&self, key: &[u8; 32], aad: &[u8], text: &mut [u8], tag: &[u8; TAG_BYTES]) -> Result<(), Error> {
        open_at(key, &NONCE, aad, text, tag)
    }

    #[inline(never)]
    fn encapsulate(
        &self,
        public_key: &[u8],
        info: &[u8],
        label: &[u8],
        chain: &mut [u8; 32],
    ) -> Result<Vec<u8>, Error> {
        let mut seed = Zeroizing::new([0; 32]);
        random::fill(&mut *seed)?;
        encapsulate_from(&seed, public_key, info, label, chain)
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
        let key = <P256Kem as Kem>::PrivateKey::from_bytes(scalar).map_err(|_| Error::BadKey)?;
        let encapsulation =
            <P256Kem as Kem>::EncappedKey::from_bytes(encapsulation).map_err(|_| Error::NotOpened)?;
        let context =
            hpke::setup_receiver::<P256Aead, P256Kdf, P256Kem>(&OpModeR::Base, &key, &encapsulation, info)
                .map_err(|_| Error::NotOpened)?;
        context.export(label, chain).map_err(|_| Error::RoomBroken)
    }
}

fn private(scalar: &[u8; 32], why: Reason) -> Result<p256::NonZeroScalar, Error> {
    scalar::read::<p256::NistP256>(scalar, None, why)
}

#[inline(never)]
fn seal_at(key: &[u8; 32], nonce: &[u8; 12], aad: &[u8], text: &mut [u8]) -> Result<[u8; TAG_BYTES], Error> {
    Aes256Gcm::new(key.into())
        .encrypt_inout_detached(nonce.into(), aad, InOutBuf::from(text))
        .map(Into::into)
        .map_err(|_| Error::RoomBroken)
}

#[inline(never)]
fn open_at(
    key: &[u8; 32],
    nonce: &[u8; 12],
    aad: &[u8],
    text: &mut [u8],
    tag: &[u8; TAG_BYTES],
) -> Result<(), Error> {
    answer(&Aes256Gcm::new(key.into()).decrypt_inout_detached(
        nonce.into(),
        aad,
        InOutBuf::from(text),
        tag.into(),
    ))
}

/// SetupBaseS and Export of RFC 9180 with the ephemeral key DeriveKeyPair(`seed`).
#[inline(never)]
fn encapsulate_from(
    seed: &[u8; 32],
    public_key: &[u8],
    info: &[u8],
    label: &[u8],
    chain: &mut [u8; 32],
) -> Result<Vec<u8>, Error> {
    fits(info, label)?;
    let key = <P256Kem as Kem>::PublicKey::from_bytes(public_key).map_err(|_| Error::BadKey)?;
    let (encapsulation, context) = hpke::setup_sender_with_rng::<P256Aead, P256Kdf, P256Kem>(
        &OpModeS::Base,
        &key,
        info,
        &mut Drawn(seed),
    )
    .map_err(|_| Error::BadKey)?;
    context.export(label, chain).map_err(|_| Error::RoomBroken)?;
    let mut encapsulation = encapsulation.to_bytes();
    classify::public(&mut encapsulation, Reason::Sent);
    Ok(encapsulation.to_vec())
}

#[cfg(test)]
mod tests;
