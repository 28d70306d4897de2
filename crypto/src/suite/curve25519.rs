//! Suite 3: Ed25519 (RFC 8032, strict verification, hedged nonce), HPKE base mode DHKEM(X25519, HKDF-SHA256),
//! HKDF-SHA256, AES-256-GCM (RFC 9180); hash, MAC, HKDF and boxes are those of suite 1.
//!
//! ```text
//! private   seed, 32 random bytes, not zero
//! Ed25519   HKDF-Expand(seed, "msgpay curve25519 v1 sign", 32)   as the private key of RFC 8032
//! X25519    HKDF-Expand(seed, "msgpay curve25519 v1 open", 32)   as the private key of RFC 7748
//! public    0x40 ‖ Ed25519 public ‖ X25519 public, 65 bytes
//! nonce     as in RFC 8032, with SHA-512("msgpay curve25519 v1 nonce" ‖ hedge ‖ prefix)[..32] for its prefix
//! ```
//!
//! Every function is plain and `#[inline(never)]`, as in the international suite.

mod public;

use super::{HASH_BYTES, International, PUBLIC_KEY_BYTES, SIGNATURE_BYTES, Suite, SuiteId, TAG_BYTES, fits};
use crate::{
    Error,
    classify::{self, Reason},
    random::{self, Drawn},
};
use ed25519_dalek::{
    Signature, VerifyingKey,
    hazmat::{ExpandedSecretKey, raw_sign},
};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use public::PublicKey;
use sha2::{Digest, Sha512};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

type X25519Kem = hpke::kem::X25519HkdfSha256;
type X25519Aead = hpke::aead::AesGcm256;
type X25519Kdf = hpke::kdf::HkdfSha256;

/// First byte of a public key; no SEC1 point begins with it.
const TAG: u8 = 0x40;
const SIGNING: &[u8] = b"msgpay curve25519 v1 sign";
const OPENING: &[u8] = b"msgpay curve25519 v1 open";
const NONCE: &[u8] = b"msgpay curve25519 v1 nonce";

/// The built-in suite over Curve25519.
#[derive(Debug, Clone, Copy)]
pub struct Curve25519;

impl Suite for Curve25519 {
    fn id(&self) -> SuiteId {
        SuiteId::Curve25519
    }

    fn hash(&self, message: &[u8]) -> [u8; HASH_BYTES] {
        International.hash(message)
    }

    /// Strict: S below the group order, neither R nor the key of small order, both written canonically.
    #[inline(never)]
    fn verify(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Error> {
        let key = PublicKey::read(public_key).map_err(|_| Error::BadSignature)?;
        let signature = <&[u8; SIGNATURE_BYTES]>::try_from(signature).map_err(|_| Error::BadSignature)?;
        if !signature.first_chunk().is_some_and(public::is_canonical_point) {
            return Err(Error::BadSignature);
        }
        key.signing.verify_strict(message, &Signature::from_bytes(signature)).map_err(|_| Error::BadSignature)
    }

    #[inline(never)]
    fn make_private(&self, seed: &mut [u8; 32]) -> Result<(), Error> {
        random::fill(seed)
    }

    #[inline(never)]
    fn public_of(&self, seed: &[u8; 32]) -> Result<[u8; PUBLIC_KEY_BYTES], Error> {
        let signing = signing_half(seed)?;
        let opening = opening_half(seed)?;
        let mut public = [TAG; PUBLIC_KEY_BYTES];
        public[1..33].copy_from_slice(VerifyingKey::from(&signing).as_bytes());
        public[33..].copy_from_slice(&X25519Kem::sk_to_pk(&opening).to_bytes());
        classify::public(&mut public, Reason::Sent);
        Ok(public)
    }

    #[inline(never)]
    fn sign(
        &self,
        seed: &[u8; 32],
        message: &[u8],
        hedge: &[u8; 32],
    ) -> Result<[u8; SIGNATURE_BYTES], Error> {
        let mut key = signing_half(seed)?;
        let nonce = Sha512::new().chain_update(NONCE).chain_update(hedge).chain_update(key.hash_prefix);
        let nonce = Zeroizing::new(<[u8; 64]>::from(nonce.finalize()));
        key.hash_prefix.copy_from_slice(&nonce[..32]);
        Ok(sign_by(&key, message))
    }

    fn mac(&self, key: &[u8], parts: &[&[u8]], out: &mut [u8; HASH_BYTES]) -> Result<(), Error> {
        International.mac(key, parts, out)
    }

    fn expand(&self, chain: &[u8; 32], label: &[u8], key: &mut [u8; 32]) -> Result<(), Error> {
        International.expand(chain, label, key)
    }

    fn ratchet(
        &self,
        chain: &mut [u8; 32],
        label: &[u8],
        next: &[u8],
        key: &mut [u8; 32],
    ) -> Result<(), Error> {
        International.ratchet(chain, label, next, key)
    }

    fn seal(&self, key: &[u8; 32], aad: &[u8], text: &mut [u8]) -> Result<[u8; TAG_BYTES], Error> {
        International.seal(key, aad, text)
    }

    fn open(&self, key: &[u8; 32], aad: &[u8], text: &mut [u8], tag: &[u8; TAG_BYTES]) -> Result<(), Error> {
        International.open(key, aad, text, tag)
    }

    #[inline(never)]
    fn encapsulate(
        &self,
        public_key: &[u8],
        info: &[u8],
        label: &[u8],
        chain: &mut [u8; 32],
    ) -> Result<Vec<u8>, Error> {
        let key = PublicKey::read(public_key)?;
        let mut seed = Zeroizing::new([0; 32]);
        random::fill(&mut *seed)?;
        encapsulate_from(&seed, &key.opening, info, label, chain)
    }

    #[inline(never)]
    fn decapsulate(
        &self,
        seed: &[u8; 32],
        encapsulation: &[u8],
        info: &[u8],
        label: &[u8],
        chain: &mut [u8; 32],
    ) -> Result<(), Error> {
        fits(info, label)?;
        decapsulate_by(&opening_half(seed)?, encapsulation, info, label, chain)
    }
}

/// One half's private key. Every seed gives one; zero is refused, being what a page holds that nobody filled.
fn half(seed: &[u8; 32], label: &[u8]) -> Result<Zeroizing<[u8; 32]>, Error> {
    if classify::public_bit(seed.ct_eq(&[0; 32]).into(), Reason::Refused) {
        return Err(Error::BadKey);
    }
    let mut key = Zeroizing::new([0; 32]);
    International.expand(seed, label, &mut key)?;
    Ok(key)
}

fn signing_half(seed: &[u8; 32]) -> Result<ExpandedSecretKey, Error> {
    half(seed, SIGNING).map(|key| ExpandedSecretKey::from(&*key))
}

fn opening_half(seed: &[u8; 32]) -> Result<<X25519Kem as Kem>::PrivateKey, Error> {
    <X25519Kem as Kem>::PrivateKey::from_bytes(&*half(seed, OPENING)?).map_err(|_| Error::BadKey)
}

/// RFC 8032 §5.1.6, steps 2 to 6.
#[inline(never)]
fn sign_by(key: &ExpandedSecretKey, message: &[u8]) -> [u8; SIGNATURE_BYTES] {
    raw_sign::<Sha512>(key, message, &VerifyingKey::from(key)).to_bytes()
}

/// SetupBaseS and Export of RFC 9180 with the ephemeral key DeriveKeyPair(`seed`). A shared secret of zero is refused
/// (RFC 9180 §7.1.4).
#[inline(never)]
fn encapsulate_from(
    seed: &[u8; 32],
    public_key: &[u8; 32],
    info: &[u8],
    label: &[u8],
    chain: &mut [u8; 32],
) -> Result<Vec<u8>, Error> {
    fits(info, label)?;
    let key = <X25519Kem as Kem>::PublicKey::from_bytes(public_key).map_err(|_| Error::BadKey)?;
    let (encapsulation, context) = hpke::setup_sender_with_rng::<X25519Aead, X25519Kdf, X25519Kem>(
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

/// SetupBaseR and Export, with the same refusal.
#[inline(never)]
fn decapsulate_by(
    key: &<X25519Kem as Kem>::PrivateKey,
    encapsulation: &[u8],
    info: &[u8],
    label: &[u8],
    chain: &mut [u8; 32],
) -> Result<(), Error> {
    if !<&[u8; 32]>::try_from(encapsulation).is_ok_and(public::is_canonical) {
        return Err(Error::NotOpened);
    }
    let encapsulation =
        <X25519Kem as Kem>::EncappedKey::from_bytes(encapsulation).map_err(|_| Error::NotOpened)?;
    let context =
        hpke::setup_receiver::<X25519Aead, X25519Kdf, X25519Kem>(&OpModeR::Base, key, &encapsulation, info)
            .map_err(|_| Error::NotOpened)?;
    context.export(label, chain).map_err(|_| Error::RoomBroken)
}

#[cfg(test)]
mod tests;
