//! Fixed keys, and the cryptography that [`msgpay_wire`] leaves to its caller: hashes and verification by ring,
//! signatures by p256 with the nonce of RFC 6979, so that every run makes the same bytes.

use msgpay_wire::trust::{KeyStatement, Purpose, Root, Roots, Signer};
use msgpay_wire::{Digest, Primitives, SuiteId};
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};

pub(crate) const SUITE: SuiteId = SuiteId::International;
pub(crate) const INSTITUTION: &str = "WALLET_A";
pub(crate) const ROOT_KID: u64 = 2_026_112_201;

/// Midnight in China of 2026-11-22, and 90 days later.
pub(crate) const VALID: (u64, u64) = (1_795_276_800, 1_803_052_800);

/// A private key whose 32 bytes are all `byte`: worth nothing, easy to write down.
#[derive(Clone, Copy)]
pub(crate) struct Key(pub(crate) u8);

pub(crate) const ROOT: Key = Key(0x11);
pub(crate) const SEAL: Key = Key(0x12);
pub(crate) const SUMMARY: Key = Key(0x13);
pub(crate) const RECEIPT: Key = Key(0x14);
pub(crate) const LAUNCH: Key = Key(0x15);
pub(crate) const POLICY: Key = Key(0x16);
pub(crate) const DEVICE: Key = Key(0x17);
pub(crate) const MERCHANT: Key = Key(0x18);
pub(crate) const PLATFORM_HTTP: Key = Key(0x19);
pub(crate) const EPHEMERAL: Key = Key(0x1a);
pub(crate) const BIOMETRIC: Key = Key(0x1b);

impl Key {
    fn signing(self) -> SigningKey {
        SigningKey::from_slice(&[self.0; 32]).expect("a scalar below the order")
    }

    pub(crate) fn public(self) -> [u8; 65] {
        let point = self.signing().verifying_key().to_sec1_point(false);
        point.as_bytes().try_into().expect("an uncompressed point")
    }

    /// r‖s over SHA-256 of `message`.
    pub(crate) fn sign(self, message: &[u8]) -> Vec<u8> {
        let signature: Signature = self.signing().sign(message);
        signature.to_bytes().to_vec()
    }
}

pub(crate) struct Ring;

impl Primitives for Ring {
    fn hash(&self, _: SuiteId, bytes: &[u8]) -> Digest {
        sha256(bytes)
    }

    fn verify(&self, _: SuiteId, public_key: &[u8], message: &[u8], signature: &[u8]) -> bool {
        ring::signature::UnparsedPublicKey::new(&ring::signature::ECDSA_P256_SHA256_FIXED, public_key)
            .verify(message, signature)
            .is_ok()
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    ring::digest::digest(&ring::digest::SHA256, bytes).as_ref().try_into().expect("32 bytes")
}

/// The root's statement of a purpose key; key numbers follow the order of [`Purpose::ALL`].
pub(crate) fn statement(purpose: Purpose, key: Key) -> Vec<u8> {
    let statement = KeyStatement {
        institution_id: INSTITUTION.into(),
        purpose,
        kid: kid(purpose),
        suite: SUITE,
        public_key: key.public(),
        not_before: VALID.0,
        not_after: VALID.1,
    };
    statement.sign(SUITE, ROOT_KID, |message| Ok::<_, ()>(ROOT.sign(message))).expect("it signs")
}

pub(crate) fn kid(purpose: Purpose) -> u64 {
    let place = Purpose::ALL.iter().position(|p| *p == purpose).expect("one of all");
    ROOT_KID + 1 + u64::try_from(place).expect("five purposes")
}

pub(crate) fn roots() -> Roots {
    Roots::of(INSTITUTION, vec![Root::of(ROOT_KID, SUITE, ROOT.public())])
}

/// A purpose key with its statement.
pub(crate) struct Certified {
    key: Key,
    kid: u64,
    statement: Vec<u8>,
}

impl Certified {
    pub(crate) fn of(purpose: Purpose, key: Key) -> Self {
        Self { key, kid: kid(purpose), statement: statement(purpose, key) }
    }

    pub(crate) fn object(&self, payload: Vec<u8>) -> Vec<u8> {
        self.sign_object(payload).expect("it signs")
    }
}

impl Signer for Certified {
    type Error = ();
    fn suite(&self) -> SuiteId {
        SUITE
    }
    fn kid(&self) -> u64 {
        self.kid
    }
    fn statement(&self) -> &[u8] {
        &self.statement
    }
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, ()> {
        Ok(self.key.sign(message))
    }
}
