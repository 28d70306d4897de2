//! Curves: bare libraries first, then the suites.

use super::{Case, Derived, Home, Worked};
use msgpay_crypto::SuiteId;
use p256::elliptic_curve::{PrimeField, ops::Reduce, sec1::ToSec1Point};
use p256::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use sha2::{Digest, Sha256};

const MESSAGE: &[u8] = b"label and message";

pub(super) const CASES: &[&Case] = &[
    &key("P-256 public key", "p256", |home, _| {
        p256::SecretKey::from_slice(home.key())
            .is_ok_and(|key| key.public_key().to_sec1_point(false).len() == 65)
    }),
    &Case {
        between: Some(("nonce", p256_nonce)),
        ..key("P-256 sign", "p256", |home, _| {
            use p256::ecdsa::signature::Signer;
            let Ok(key) = p256::ecdsa::SigningKey::from_slice(home.key()) else { return false };
            let signature: p256::ecdsa::Signature = key.sign(MESSAGE);
            home.output.copy_from_slice(&signature.to_bytes());
            true
        })
    },
    &key("P-256 sign by ring", "ring", |home, public| {
        let random = ring::rand::SystemRandom::new();
        let algorithm = &ring::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
        ring::signature::EcdsaKeyPair::from_private_key_and_public_key(algorithm, home.key(), public, &random)
            .is_ok_and(|key| key.sign(&random, MESSAGE).is_ok())
    }),
    &key("Ed25519 sign by ring", "ring", |home, _| {
        ring::signature::Ed25519KeyPair::from_seed_unchecked(home.key())
            .is_ok_and(|key| key.sign(MESSAGE).as_ref().len() == 64)
    }),
    &Case {
        secret_output: true,
        ..key("P-256 ECDH", "p256", |home, _| {
            let Ok(key) = p256::SecretKey::from_slice(home.key()) else { return false };
            let theirs = key.public_key();
            let shared = p256::ecdh::diffie_hellman(key.to_nonzero_scalar(), theirs.as_affine());
            home.out().copy_from_slice(shared.raw_secret_bytes());
            true
        })
    },
    &key("PKCS #8 written and read", "pkcs8", |home, _| {
        let Ok(key) = p256::SecretKey::from_slice(home.key()) else { return false };
        let pem = key.to_pkcs8_pem(LineEnding::LF);
        pem.is_ok_and(|pem| p256::SecretKey::from_pkcs8_pem(&pem).is_ok())
    }),
    &Case {
        between: Some(("nonce", sm2_nonce)),
        ..key("SM2 sign", "sm2", |home, _| {
            use sm2::dsa::signature::Signer;
            let Ok(key) = sm2::dsa::SigningKey::from_slice("1234567812345678", home.key()) else {
                return false;
            };
            let Ok(signature) = key.try_sign(MESSAGE) else { return false };
            let signature: sm2::dsa::Signature = signature;
            home.output.copy_from_slice(&signature.to_bytes());
            true
        })
    },
    &Case {
        before: Some(sm2_sealed),
        secret_output: true,
        ..key("SM2 decrypt", "sm2", |home, sealed| {
            let Ok(key) = sm2::SecretKey::from_slice(home.key()) else { return false };
            let Ok(text) = sm2::pke::DecryptingKey::new(key).decrypt_der(sealed) else { return false };
            home.output[..32].copy_from_slice(&text);
            true
        })
    },
    &key("public key, international", "this crate", |home, _| {
        SuiteId::International.suite().public_of(home.key()).is_ok()
    }),
    &key("public key, guomi", "this crate", |home, _| SuiteId::Guomi.suite().public_of(home.key()).is_ok()),
    &key("public key, curve25519", "this crate", |home, _| {
        SuiteId::Curve25519.suite().public_of(home.key()).is_ok()
    }),
    &Case {
        between: Some(("nonce", p256_nonce)),
        ..key("sign, international", "this crate", |home, _| sign(home, SuiteId::International))
    },
    &Case {
        between: Some(("nonce", sm2_nonce)),
        ..key("sign, guomi", "this crate", |home, _| sign(home, SuiteId::Guomi))
    },
    &Case {
        between: Some(("half", signing_half)),
        ..key("sign, curve25519", "this crate", |home, _| sign(home, SuiteId::Curve25519))
    },
    &seal(
        "encapsulate, international",
        |home, public| encapsulate(home, public, SuiteId::International),
        public_international,
    ),
    &seal("encapsulate, guomi", |home, public| encapsulate(home, public, SuiteId::Guomi), public_guomi),
    &seal(
        "encapsulate, curve25519",
        |home, public| encapsulate(home, public, SuiteId::Curve25519),
        public_curve25519,
    ),
    &seal(
        "decapsulate, international",
        |home, sealed| decapsulate(home, sealed, SuiteId::International),
        sealed_international,
    ),
    &seal("decapsulate, guomi", |home, sealed| decapsulate(home, sealed, SuiteId::Guomi), sealed_guomi),
    &seal(
        "decapsulate, curve25519",
        |home, sealed| decapsulate(home, sealed, SuiteId::Curve25519),
        sealed_curve25519,
    ),
];

const fn key(name: &'static str, by: &'static str, work: fn(&mut Home, &[u8]) -> Worked) -> Case {
    Case { name, by, before: Some(public_international), work, secret_output: false, between: None }
}

const fn seal(name: &'static str, work: fn(&mut Home, &[u8]) -> Worked, before: Derived) -> Case {
    Case { name, by: "this crate", before: Some(before), work, secret_output: true, between: None }
}

fn public_international(home: &Home) -> Option<Vec<u8>> {
    SuiteId::International.suite().public_of(home.key()).ok().map(|public| public.to_vec())
}

fn public_guomi(home: &Home) -> Option<Vec<u8>> {
    SuiteId::Guomi.suite().public_of(home.key()).ok().map(|public| public.to_vec())
}

fn public_curve25519(home: &Home) -> Option<Vec<u8>> {
    SuiteId::Curve25519.suite().public_of(home.key()).ok().map(|public| public.to_vec())
}

/// What HKDF makes of the seed: the private key of RFC 8032.
fn signing_half(home: &Home) -> Option<Vec<u8>> {
    let mut half = [0; 32];
    SuiteId::Curve25519.suite().expand(home.key(), b"msgpay curve25519 v1 sign", &mut half).ok()?;
    Some(half.to_vec())
}

fn sign(home: &mut Home, suite: SuiteId) -> Worked {
    let signed = suite.suite().sign(home.key(), MESSAGE, &[7; 32]);
    signed.is_ok_and(|signature| {
        home.output = signature;
        true
    })
}

fn encapsulate(home: &mut Home, public: &[u8], suite: SuiteId) -> Worked {
    suite.suite().encapsulate(public, b"context", b"label", home.out()).is_ok()
}

/// An encapsulation whose chain key nobody has kept.
fn sealed_to(home: &Home, suite: SuiteId) -> Option<Vec<u8>> {
    let mut chain = zeroize::Zeroizing::new([0; 32]);
    let public = suite.suite().public_of(home.key()).ok()?;
    suite.suite().encapsulate(&public, b"context", b"label", &mut chain).ok()
}

fn sealed_international(home: &Home) -> Option<Vec<u8>> {
    sealed_to(home, SuiteId::International)
}

fn sealed_guomi(home: &Home) -> Option<Vec<u8>> {
    sealed_to(home, SuiteId::Guomi)
}

fn sealed_curve25519(home: &Home) -> Option<Vec<u8>> {
    sealed_to(home, SuiteId::Curve25519)
}

fn sm2_sealed(home: &Home) -> Option<Vec<u8>> {
    sealed_guomi(home)
}

fn decapsulate(home: &mut Home, sealed: &[u8], suite: SuiteId) -> Worked {
    let key = *home.key();
    suite.suite().decapsulate(&key, sealed, b"context", b"label", home.out()).is_ok()
}

/// k = (e + r d) / s: whoever finds the nonce has the key.
fn p256_nonce(home: &Home) -> Option<Vec<u8>> {
    let scalar =
        |bytes: &[u8]| Some(<p256::Scalar as Reduce<p256::FieldBytes>>::reduce(&bytes.try_into().ok()?));
    let (r, s) = (scalar(&home.output[..32])?, scalar(&home.output[32..])?);
    let (e, d) = (scalar(&Sha256::digest(MESSAGE))?, scalar(home.key())?);
    let inverse = Option::<p256::Scalar>::from(s.invert())?;
    Some((inverse * (e + r * d)).to_repr().to_vec())
}

/// k = s (1 + d) + r d.
fn sm2_nonce(home: &Home) -> Option<Vec<u8>> {
    let scalar = |bytes: &[u8]| Option::<sm2::Scalar>::from(sm2::Scalar::from_repr(bytes.try_into().ok()?));
    let (r, s, d) = (scalar(&home.output[..32])?, scalar(&home.output[32..])?, scalar(home.key())?);
    Some((s * (sm2::Scalar::ONE + d) + r * d).to_repr().to_vec())
}
