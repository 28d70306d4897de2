//! A second provider of both suites, over OpenSSL: an implementation that shares no code with the built-in ones.
//! [`suite::install`](msgpay_crypto::suite::install) puts it in their place, as a vendor's certified module would be.
//!
//! It is for tests. OpenSSL keeps secrets on its heap, ignores the hedge (its own generator makes the nonces) and is
//! no part of anything that ships.
//!
//! HPKE, HKDF, Z_A and the strict reading of an SM2 ciphertext are written here, over OpenSSL's HMAC, hash and curve
//! arithmetic; AES-256-GCM, SM4-GCM, ECDSA and SM2 are OpenSSL's own.

mod curve;
mod derivation;
mod gcm;
mod hpke;
mod sm2;

use curve::Curve;
use derivation::Hash;
use msgpay_crypto::suite::INFO_BYTES_MAX;
use msgpay_crypto::{Error, Suite, SuiteId};
use openssl::error::ErrorStack;

/// Suite 1 over OpenSSL.
pub static INTERNATIONAL: OpenSsl = OpenSsl(SuiteId::International);
/// Suite 2 over OpenSSL.
pub static GUOMI: OpenSsl = OpenSsl(SuiteId::Guomi);

/// A suite over OpenSSL.
#[derive(Debug)]
pub struct OpenSsl(SuiteId);

/// What OpenSSL refuses although all inputs were checked: a defect of this provider.
fn broken(_: ErrorStack) -> Error {
    Error::RoomBroken
}

/// Starts OpenSSL and uses each algorithm once. What it does for the first time (configuration, its tables of
/// algorithms, seeding) needs more stack than the clean room has, so this comes first, outside.
///
/// # Errors
/// Whatever fails.
pub fn prepare() -> Result<(), Error> {
    for provider in [&INTERNATIONAL, &GUOMI] {
        let (mut scalar, mut chain) = ([0; 32], [0; 32]);
        provider.make_private(&mut scalar)?;
        let public = provider.public_of(&scalar)?;
        let signature = provider.sign(&scalar, b"", &[0; 32])?;
        provider.verify(&public, b"", &signature)?;
        let enc = provider.encapsulate(&public, b"", b"", &mut chain)?;
        provider.decapsulate(&scalar, &enc, b"", b"", &mut chain)?;
        let tag = provider.seal(&chain, b"", &mut [])?;
        provider.open(&chain, b"", &mut [], &tag)?;
    }
    Ok(())
}

impl OpenSsl {
    fn curve(&self) -> Result<Curve, Error> {
        match self.0 {
            SuiteId::International => Curve::p256(),
            SuiteId::Guomi => Curve::sm2(),
            _ => return Err(Error::UnknownSuite),
        }
        .map_err(broken)
    }

    fn digest(&self) -> Hash {
        if self.0 == SuiteId::Guomi { Hash::Sm3 } else { Hash::Sha256 }
    }

    /// What the curve's signature is over.
    fn representative(&self, public: &[u8; 65], message: &[u8]) -> [u8; 32] {
        match self.0 {
            SuiteId::Guomi => sm2::representative(public, message),
            _ => self.hash(message),
        }
    }

    fn key(&self, key: &[u8; 32]) -> gcm::Key {
        match (self.0, key.split_first_chunk()) {
            (SuiteId::Guomi, Some((first, _))) => gcm::Key::Sm4(*first),
            _ => gcm::Key::Aes256(*key),
        }
    }
}

fn fits(info: &[u8], label: &[u8]) -> Result<(), Error> {
    if info.len().max(label.len()) > INFO_BYTES_MAX { Err(Error::Misused) } else { Ok(()) }
}

impl Suite for OpenSsl {
    fn id(&self) -> SuiteId {
        self.0
    }

    fn hash(&self, message: &[u8]) -> [u8; 32] {
        self.digest().of(&[message])
    }

    fn verify(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Error> {
        let curve = self.curve()?;
        let point = curve.point(public_key).ok_or(Error::BadSignature)?;
        let (Ok(public), Ok(signature)) = (public_key.try_into(), signature.try_into()) else {
            return Err(Error::BadSignature);
        };
        let digest = self.representative(public, message);
        match curve.verify(&point, &digest, signature) {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(Error::BadSignature),
        }
    }

    fn make_private(&self, scalar: &mut [u8; 32]) -> Result<(), Error> {
        *scalar = self.curve()?.make_private().map_err(|_| Error::NoRandomness)?;
        Ok(())
    }

    fn public_of(&self, scalar: &[u8; 32]) -> Result<[u8; 65], Error> {
        self.curve()?.private(scalar).ok_or(Error::BadKey)?.public_bytes().map_err(broken)
    }

    fn sign(&self, scalar: &[u8; 32], message: &[u8], _hedge: &[u8; 32]) -> Result<[u8; 64], Error> {
        let curve = self.curve()?;
        let private = curve.private(scalar).ok_or(Error::BadKey)?;
        let public = private.public_bytes().map_err(broken)?;
        private.sign(&self.representative(&public, message)).map_err(broken)
    }

    fn mac(&self, key: &[u8], parts: &[&[u8]], out: &mut [u8; 32]) -> Result<(), Error> {
        *out = self.digest().mac(key, parts).map_err(|_| Error::BadKey)?;
        Ok(())
    }

    fn expand(&self, chain: &[u8; 32], label: &[u8], key: &mut [u8; 32]) -> Result<(), Error> {
        *key = self.digest().expand(chain, &[label]).map_err(broken)?;
        Ok(())
    }

    fn ratchet(
        &self,
        chain: &mut [u8; 32],
        label: &[u8],
        next: &[u8],
        key: &mut [u8; 32],
    ) -> Result<(), Error> {
        let (made, moved) = (self.digest().expand(chain, &[label]), self.digest().expand(chain, &[next]));
        (*key, *chain) = (made.map_err(broken)?, moved.map_err(broken)?);
        Ok(())
    }

    fn seal(&self, key: &[u8; 32], aad: &[u8], text: &mut [u8]) -> Result<[u8; 16], Error> {
        self.key(key).seal(aad, text).map_err(broken)
    }

    fn open(&self, key: &[u8; 32], aad: &[u8], text: &mut [u8], tag: &[u8; 16]) -> Result<(), Error> {
        self.key(key).open(aad, text, tag)
    }

    fn encapsulate(
        &self,
        public_key: &[u8],
        info: &[u8],
        label: &[u8],
        chain: &mut [u8; 32],
    ) -> Result<Vec<u8>, Error> {
        fits(info, label)?;
        let curve = self.curve()?;
        let public = curve.point(public_key).ok_or(Error::BadKey)?;
        let sent = match self.0 {
            SuiteId::Guomi => sm2::encapsulate(&curve, &public, info, label),
            _ => hpke::encapsulate(&curve, public_key, &public, info, label),
        };
        let (encapsulation, made) = sent.map_err(broken)?;
        *chain = made;
        Ok(encapsulation)
    }

    fn decapsulate(
        &self,
        scalar: &[u8; 32],
        encapsulation: &[u8],
        info: &[u8],
        label: &[u8],
        chain: &mut [u8; 32],
    ) -> Result<(), Error> {
        fits(info, label)?;
        let curve = self.curve()?;
        let private = curve.private(scalar).ok_or(Error::BadKey)?;
        *chain = match self.0 {
            SuiteId::Guomi => sm2::decapsulate(&curve, &private, encapsulation, info, label)?,
            _ => hpke::decapsulate(&curve, &private, encapsulation, info, label)?,
        };
        Ok(())
    }
}
