//! Keys that live in a page and work only inside the clean room.

mod curve25519;

use crate::{
    Error, SecretPage, Suite, SuiteId,
    classify::{self, Reason},
    once::OnceLock,
    random, room, secret,
};
use p256::elliptic_curve::{self, SecretKey};
use p256::pkcs8::{self, DecodePrivateKey, EncodePrivateKey, LineEnding};
use zeroize::Zeroizing;

/// Bytes of a PEM file of a private key, more than any suite needs.
const PEM_BYTES_MAX: usize = 1024;

/// A private key of one suite with its public half.
struct PrivateKey {
    suite: &'static dyn Suite,
    scalar: SecretPage,
    public: [u8; 65],
}

impl PrivateKey {
    fn made(suite: SuiteId, fill: impl FnOnce(&mut [u8; 32]) -> Result<(), Error>) -> Result<Self, Error> {
        let scalar = SecretPage::try_make_with(32, |bytes| {
            fill(bytes.try_into().map_err(|_| Error::BadKey)?)?;
            Ok(32)
        })?;
        let suite = suite.suite();
        let public = room::run(|| suite.public_of(scalar.array()?))??;
        Ok(PrivateKey { suite, scalar, public })
    }

    fn make(suite: SuiteId) -> Result<Self, Error> {
        Self::made(suite, |scalar| suite.suite().make_private(scalar))
    }

    fn from_scalar(suite: SuiteId, source: &SecretPage) -> Result<Self, Error> {
        Self::made(suite, |scalar| {
            *scalar = *source.array()?;
            Ok(())
        })
    }

    fn from_pkcs8_der(suite: SuiteId, der: &[u8]) -> Result<Self, Error> {
        Self::made(suite, |scalar| match suite {
            SuiteId::International => read(p256::SecretKey::from_pkcs8_der(der), scalar),
            SuiteId::Guomi => read(sm2::SecretKey::from_pkcs8_der(der), scalar),
            SuiteId::Curve25519 => curve25519::read_der(der, scalar),
        })
    }

    fn from_pkcs8_pem(suite: SuiteId, pem: &str) -> Result<Self, Error> {
        Self::made(suite, |scalar| match suite {
            SuiteId::International => read(p256::SecretKey::from_pkcs8_pem(pem), scalar),
            SuiteId::Guomi => read(sm2::SecretKey::from_pkcs8_pem(pem), scalar),
            SuiteId::Curve25519 => curve25519::read_pem(pem, scalar),
        })
    }

    fn pkcs8_pem(&self) -> Result<SecretPage, Error> {
        SecretPage::try_make_with(PEM_BYTES_MAX, |bytes| {
            let scalar = self.scalar.array::<32>()?;
            let pem = match self.suite.id() {
                SuiteId::International => write(p256::SecretKey::from_slice(scalar)),
                SuiteId::Guomi => write(sm2::SecretKey::from_slice(scalar)),
                SuiteId::Curve25519 => curve25519::write_pem(scalar, &self.public),
            }?;
            bytes.get_mut(..pem.len()).ok_or(Error::PageFull)?.copy_from_slice(pem.as_bytes());
            Ok(pem.len())
        })
    }
}

/// The scalar of a key on any curve of 256 bits.
fn read<C>(key: Result<SecretKey<C>, pkcs8::Error>, scalar: &mut [u8; 32]) -> Result<(), Error>
where
    C: elliptic_curve::Curve,
{
    let bytes = Zeroizing::new(key.map_err(|_| Error::BadKey)?.to_bytes());
    *scalar = bytes.as_slice().try_into().map_err(|_| Error::BadKey)?;
    Ok(())
}

fn write<C>(key: Result<SecretKey<C>, elliptic_curve::Error>) -> Result<Zeroizing<String>, Error>
where
    C: elliptic_curve::Curve,
    SecretKey<C>: EncodePrivateKey,
{
    key.map_err(|_| Error::BadKey)?.to_pkcs8_pem(LineEnding::LF).map_err(|_| Error::BadKey)
}

macro_rules! private_key {
    ($name:ident) => {
        impl $name {
            /// Makes a new key.
            ///
            /// # Errors
            /// [`Error::NoRandomness`], [`Error::NoSecretMemory`].
            pub fn make(suite: SuiteId) -> Result<Self, Error> {
                PrivateKey::make(suite).map($name)
            }

            /// Takes a raw 32-byte scalar, or suite 3's seed, from a page; the page can be dropped afterwards.
            ///
            /// # Errors
            /// [`Error::BadKey`].
            pub fn from_scalar(suite: SuiteId, scalar: &SecretPage) -> Result<Self, Error> {
                PrivateKey::from_scalar(suite, scalar).map($name)
            }

            /// Reads PKCS #8 (RFC 5958) in DER. The file names its curve, which has to be the suite's, and a
            /// public key in it has to be the private one's.
            ///
            /// EXPOSE: `der` stays where it is and is the caller's to wipe.
            ///
            /// # Errors
            /// [`Error::BadKey`].
            pub fn from_pkcs8_der(suite: SuiteId, der: &[u8]) -> Result<Self, Error> {
                PrivateKey::from_pkcs8_der(suite, der).map($name)
            }

            /// Reads PKCS #8 in PEM (RFC 7468, `BEGIN PRIVATE KEY`).
            ///
            /// EXPOSE: `pem` stays where it is and is the caller's to wipe.
            ///
            /// # Errors
            /// [`Error::BadKey`].
            pub fn from_pkcs8_pem(suite: SuiteId, pem: &str) -> Result<Self, Error> {
                PrivateKey::from_pkcs8_pem(suite, pem).map($name)
            }

            /// Writes the key as PKCS #8 PEM into a page, for a key file; show it with
            /// [`SecretPage::expose`] to the writer.
            ///
            /// EXPOSE: what is written is the private key itself.
            ///
            /// # Errors
            /// [`Error::NoSecretMemory`].
            pub fn pkcs8_pem(&self) -> Result<SecretPage, Error> {
                self.0.pkcs8_pem()
            }

            /// The public key, 65 bytes in the suite's shape.
            pub fn public_key(&self) -> [u8; 65] {
                self.0.public
            }

            /// The suite it belongs to.
            pub fn suite(&self) -> SuiteId {
                self.0.suite.id()
            }
        }
    };
}

/// A private key that signs.
pub struct SigningKey(PrivateKey);
private_key!(SigningKey);

impl SigningKey {
    /// Signs `message`, which begins with the label of its purpose. ECDSA, or SM2 with Z_A, with the nonce of
    /// RFC 6979, hedged by 32 fresh random bytes as its additional data, or Ed25519, hedged as well: neither a repeated generator state
    /// nor a glitch gives the key. Two signatures of one message differ.
    ///
    /// # Errors
    /// [`Error::Wiped`] in a fork's child, [`Error::NoRandomness`], [`Error::NoSecretMemory`].
    pub fn sign(&self, message: &[u8]) -> Result<[u8; 64], Error> {
        room::run(|| {
            let mut hedge = Zeroizing::new([0; 32]);
            random::fill(&mut *hedge)?;
            self.0.suite.sign(self.0.scalar.array()?, message, &hedge)
        })?
    }
}

/// A private key that opens what was sealed to its public half; see [`OpenChain`](crate::OpenChain).
pub struct OpeningKey(PrivateKey);
private_key!(OpeningKey);

impl OpeningKey {
    /// Receiver's set-up into `chain`; inside the clean room.
    pub(crate) fn decapsulate(
        &self,
        encapsulation: &[u8],
        info: &[u8],
        label: &[u8],
        chain: &mut [u8; 32],
    ) -> Result<(), Error> {
        self.0.suite.decapsulate(self.0.scalar.array()?, encapsulation, info, label, chain)
    }
}

/// A symmetric key for HMAC: a pepper, a token key.
pub struct MacKey {
    suite: &'static dyn Suite,
    key: SecretPage,
    id: OnceLock<[u8; 4]>,
}

impl MacKey {
    /// Makes 32 random bytes.
    ///
    /// # Errors
    /// [`Error::NoRandomness`], [`Error::NoSecretMemory`].
    pub fn make(suite: SuiteId) -> Result<Self, Error> {
        SecretPage::random(32).map(|key| Self::from_page(suite, key))
    }

    /// Takes a key of any length over 0 in its page.
    pub fn from_page(suite: SuiteId, key: SecretPage) -> Self {
        MacKey { suite: suite.suite(), key, id: OnceLock::new() }
    }

    /// HMAC over the concatenation of `parts`. The caller sees to it that the parts cannot be cut
    /// differently.
    ///
    /// # Errors
    /// [`Error::Wiped`], [`Error::BadKey`] for an empty key.
    pub fn mac(&self, parts: &[&[u8]]) -> Result<[u8; 32], Error> {
        room::run(|| {
            let mut out = [0; 32];
            self.mac_into(parts, &mut out).map(|()| out)
        })?
    }

    /// Checks a MAC in constant time.
    ///
    /// # Errors
    /// [`Error::BadSignature`], and those of [`mac`](Self::mac).
    pub fn verify(&self, parts: &[&[u8]], mac: &[u8]) -> Result<(), Error> {
        if secret::same(&self.mac(parts)?, mac) { Ok(()) } else { Err(Error::BadSignature) }
    }

    /// As [`mac`](Self::mac), inside the clean room.
    pub(crate) fn mac_into(&self, parts: &[&[u8]], out: &mut [u8; 32]) -> Result<(), Error> {
        let key = self.key.bytes()?;
        if key.is_empty() {
            return Err(Error::BadKey);
        }
        self.suite.mac(key, parts, out)
    }

    #[cfg(test)]
    pub(crate) fn key_for_tests(&self) -> &SecretPage {
        &self.key
    }

    /// Four public bytes that tell keys apart in a store: the head of the MAC over a label of its own.
    pub(crate) fn id(&self) -> Result<[u8; 4], Error> {
        if let Some(id) = self.id.get() {
            return Ok(*id);
        }
        let [a, b, c, d, ..] = self.mac(&[b"msgpay mac key id"])?;
        let mut id = [a, b, c, d];
        classify::public(&mut id, Reason::Stored);
        Ok(*self.id.get_or_init(|| id))
    }
}

#[cfg(test)]
mod tests;
