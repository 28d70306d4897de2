//! Suites: one family of algorithms each, behind one trait, chosen by policy and never by fallback.

#[cfg(not(feature = "curve25519"))]
mod absent;
#[cfg(feature = "curve25519")]
mod curve25519;
mod guomi;
mod international;
mod scalar;
mod sm4;

use crate::{
    Error,
    classify::{self, Reason},
    once::OnceLock,
};
#[cfg(feature = "curve25519")]
pub use curve25519::Curve25519;
pub use guomi::Guomi;
pub use international::International;

/// Number of a suite as it stands in every signature and seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
#[repr(u8)]
pub enum SuiteId {
    /// P-256, SHA-256, AES-256-GCM, HPKE.
    International = 1,
    /// SM2, SM3, SM4-GCM (GB/T 32918, 32905, 32907).
    Guomi = 2,
    /// Ed25519, X25519, SHA-256, AES-256-GCM, HPKE. Always named here; known by number only with the feature
    /// `curve25519`, and without it every key of it is refused.
    Curve25519 = 3,
}

impl SuiteId {
    /// All suites that this build knows.
    #[cfg(not(feature = "curve25519"))]
    pub const ALL: [Self; 2] = [SuiteId::International, SuiteId::Guomi];
    /// All suites that this build knows.
    #[cfg(feature = "curve25519")]
    pub const ALL: [Self; 3] = [SuiteId::International, SuiteId::Guomi, SuiteId::Curve25519];

    /// The suite that a message names.
    ///
    /// # Errors
    /// [`Error::UnknownSuite`].
    pub fn from_number(number: u64) -> Result<Self, Error> {
        match number {
            1 => Ok(SuiteId::International),
            2 => Ok(SuiteId::Guomi),
            3 if cfg!(feature = "curve25519") => Ok(SuiteId::Curve25519),
            _ => Err(Error::UnknownSuite),
        }
    }

    /// The number that messages carry.
    pub fn number(self) -> u64 {
        self as u64
    }

    /// The provider of this suite: the one that was installed, else the built-in one. The first call settles
    /// it for the life of the process, so that no key changes hands halfway.
    pub fn suite(self) -> &'static dyn Suite {
        *self.place().get_or_init(|| match self {
            SuiteId::International => &International,
            SuiteId::Guomi => &Guomi,
            #[cfg(feature = "curve25519")]
            SuiteId::Curve25519 => &Curve25519,
            #[cfg(not(feature = "curve25519"))]
            SuiteId::Curve25519 => &absent::Absent,
        })
    }

    fn place(self) -> &'static OnceLock<&'static dyn Suite> {
        static INTERNATIONAL: OnceLock<&'static dyn Suite> = OnceLock::new();
        static GUOMI: OnceLock<&'static dyn Suite> = OnceLock::new();
        static CURVE25519: OnceLock<&'static dyn Suite> = OnceLock::new();
        match self {
            SuiteId::International => &INTERNATIONAL,
            SuiteId::Guomi => &GUOMI,
            SuiteId::Curve25519 => &CURVE25519,
        }
    }
}

/// Puts a certified module in the place of the built-in provider of its suite. Once per process, before the
/// suite is used for the first time.
///
/// # Errors
/// [`Error::Misused`] when the suite is in use already.
pub fn install(provider: &'static dyn Suite) -> Result<(), Error> {
    provider.id().place().set(provider).map_err(|_| Error::Misused)
}

/// Bytes of a hash, a MAC, a key and a private key (a scalar, or a seed), in every suite.
pub const HASH_BYTES: usize = 32;
/// Bytes of a public key: SEC1, uncompressed; `0x40 ‖ Ed25519 ‖ X25519` in suite 3.
pub const PUBLIC_KEY_BYTES: usize = 65;
/// Bytes of a signature: r, then s; R, then S.
pub const SIGNATURE_BYTES: usize = 64;
/// Bytes of an AEAD tag.
pub const TAG_BYTES: usize = 16;
/// Most bytes of `info` and of an export label, in every suite. HPKE's limit in the library is 2^16 bytes with its
/// own labels; this stays below.
pub const INFO_BYTES_MAX: usize = 60_000;

/// A family of algorithms. The built-in ones are reached by [`SuiteId::suite`]; a certified module can stand
/// in for them by [`install`], and what a private key's 32 bytes mean (a scalar, or a handle) is the
/// provider's affair.
///
/// `hash` and `verify` are for everyone. The rest is for [`key`](crate::key), [`chain`](crate::chain) and
/// [`password`](crate::password), which call it **inside the clean room** with secrets from their pages;
/// calling it elsewhere leaves secrets on the caller's stack.
pub trait Suite: Send + Sync {
    /// Which suite this provides.
    fn id(&self) -> SuiteId;

    /// Hash of public bytes.
    fn hash(&self, message: &[u8]) -> [u8; HASH_BYTES];

    /// Verifies `signature` (64 bytes) of `public_key` (65 bytes, in the suite's shape) over `message`.
    ///
    /// # Errors
    /// [`Error::BadSignature`], also for a key or signature that is malformed.
    fn verify(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Error>;

    /// Makes a private key into `scalar`.
    ///
    /// # Errors
    /// [`Error::NoRandomness`].
    fn make_private(&self, scalar: &mut [u8; 32]) -> Result<(), Error>;

    /// The public key that belongs to a private one.
    ///
    /// # Errors
    /// [`Error::BadKey`] for zero, or what is not below the group order. In suite 3 every seed but zero is a key.
    fn public_of(&self, scalar: &[u8; 32]) -> Result<[u8; PUBLIC_KEY_BYTES], Error>;

    /// Signs `message`; `hedge` is fresh randomness that is mixed into the deterministic nonce.
    ///
    /// # Errors
    /// [`Error::BadKey`].
    fn sign(
        &self,
        scalar: &[u8; 32],
        message: &[u8],
        hedge: &[u8; 32],
    ) -> Result<[u8; SIGNATURE_BYTES], Error>;

    /// HMAC over the concatenation of `parts`, into `out`.
    ///
    /// # Errors
    /// [`Error::BadKey`] for a key that the provider does not take.
    fn mac(&self, key: &[u8], parts: &[&[u8]], out: &mut [u8; HASH_BYTES]) -> Result<(), Error>;

    /// HKDF-Expand(prk = `chain`, info = `label`, 32), into `key`.
    ///
    /// # Errors
    /// [`Error::RoomBroken`] when the library refuses the lengths, which are fixed.
    fn expand(&self, chain: &[u8; 32], label: &[u8], key: &mut [u8; 32]) -> Result<(), Error>;

    /// `key` = Expand(`chain`, `label`), then `chain` = Expand(`chain`, `next`). The old chain key is gone
    /// after it.
    ///
    /// # Errors
    /// As [`expand`](Self::expand); the chain key is then unchanged.
    fn ratchet(
        &self,
        chain: &mut [u8; 32],
        label: &[u8],
        next: &[u8],
        key: &mut [u8; 32],
    ) -> Result<(), Error>;

    /// AEAD with the zero nonce, for a key that is used once; seals `text` in place and gives the tag.
    ///
    /// # Errors
    /// [`Error::RoomBroken`] for lengths that the AEAD does not take.
    fn seal(&self, key: &[u8; 32], aad: &[u8], text: &mut [u8]) -> Result<[u8; TAG_BYTES], Error>;

    /// Opens in place what [`seal`](Self::seal) made.
    ///
    /// # Errors
    /// [`Error::NotOpened`]; `text` then holds nothing of the plaintext.
    fn open(&self, key: &[u8; 32], aad: &[u8], text: &mut [u8], tag: &[u8; TAG_BYTES]) -> Result<(), Error>;

    /// Sender's set-up: encapsulates to `public_key` under `info`, exports 32 bytes under `label` into
    /// `chain`, and gives the encapsulation. Ephemeral key, shared secret and key schedule do not survive the
    /// call.
    ///
    /// # Errors
    /// [`Error::BadKey`], [`Error::NoRandomness`], [`Error::Misused`] for an `info` or label above
    /// [`INFO_BYTES_MAX`].
    fn encapsulate(
        &self,
        public_key: &[u8],
        info: &[u8],
        label: &[u8],
        chain: &mut [u8; 32],
    ) -> Result<Vec<u8>, Error>;

    /// Receiver's set-up, the other end of [`encapsulate`](Self::encapsulate).
    ///
    /// # Errors
    /// [`Error::NotOpened`] for an encapsulation that is no valid one, and `chain` is then unchanged;
    /// [`Error::BadKey`], [`Error::Misused`] as there.
    fn decapsulate(
        &self,
        scalar: &[u8; 32],
        encapsulation: &[u8],
        info: &[u8],
        label: &[u8],
        chain: &mut [u8; 32],
    ) -> Result<(), Error>;
}

/// What an AEAD says of a tag: one bit, which the caller gets.
fn answer<E>(opened: &Result<(), E>) -> Result<(), Error> {
    if classify::public_bit(opened.is_ok(), Reason::Answered) { Ok(()) } else { Err(Error::NotOpened) }
}

fn fits(info: &[u8], label: &[u8]) -> Result<(), Error> {
    if info.len().max(label.len()) > INFO_BYTES_MAX { Err(Error::Misused) } else { Ok(()) }
}
