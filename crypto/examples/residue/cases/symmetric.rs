//! Hashes, MACs, key derivation, AEAD, password stretching: bare libraries first, then the suites.

use super::{Case, Derived, Home, Worked};
use aes_gcm::aead::{AeadInOut, KeyInit, inout::InOutBuf};
use argon2::{Algorithm, Argon2, Params, Version};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use msgpay_crypto::SuiteId;
use sha2::{Digest, Sha256};
use sm3::Sm3;

pub(super) const CASES: &[&Case] = &[
    &case("SHA-256", "sha2", |home, _| out(home, |key| Sha256::digest(key).into())),
    &case("SHA-256 by ring", "ring", |home, _| {
        let digest = ring::digest::digest(&ring::digest::SHA256, home.key());
        home.out().copy_from_slice(digest.as_ref());
        true
    }),
    &case("SM3", "sm3", |home, _| out(home, |key| Sm3::digest(key).into())),
    &case("HMAC-SHA-256", "hmac", |home, _| mac::<Hmac<Sha256>>(home)),
    &case("HMAC-SM3", "hmac", |home, _| mac::<Hmac<Sm3>>(home)),
    &case("HMAC-SHA-256 by ring", "ring", |home, _| {
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, home.key());
        home.out().copy_from_slice(ring::hmac::sign(&key, b"message").as_ref());
        true
    }),
    &case("HKDF-SHA-256", "hkdf", |home, _| {
        let hkdf = Hkdf::<Sha256>::new(Some(b"salt"), home.key());
        hkdf.expand(b"info", home.out()).is_ok()
    }),
    &case("HKDF-SM3", "hkdf", |home, _| {
        let hkdf = Hkdf::<Sm3>::new(Some(b"salt"), home.key());
        hkdf.expand(b"info", home.out()).is_ok()
    }),
    &case("HKDF-SHA-256 by ring", "ring", |home, _| {
        let salt = ring::hkdf::Salt::new(ring::hkdf::HKDF_SHA256, b"salt");
        let prk = salt.extract(home.key());
        prk.expand(&[b"info"], ring::hkdf::HKDF_SHA256).and_then(|okm| okm.fill(home.out())).is_ok()
    }),
    &seals("AES-256-GCM seal", "aes-gcm", |home, _| {
        let mut text = [3];
        let key = aes_gcm::Aes256Gcm::new(home.key().into());
        key.encrypt_inout_detached(&[0; 12].into(), &[1], InOutBuf::from(&mut text[..])).is_ok()
    }),
    &seals("AES-256-GCM seal by ring", "ring", |home, _| {
        let Ok(key) = ring::aead::UnboundKey::new(&ring::aead::AES_256_GCM, home.key()) else { return false };
        let key = ring::aead::LessSafeKey::new(key);
        let nonce = ring::aead::Nonce::assume_unique_for_key([0; 12]);
        key.seal_in_place_separate_tag(nonce, ring::aead::Aad::from([1]), &mut [3]).is_ok()
    }),
    &seals("press, international", "this crate", |home, _| seal(home, SuiteId::International)),
    &seals("press, guomi", "this crate", |home, _| seal(home, SuiteId::Guomi)),
    &opens(
        "open, international",
        |home, sealed| open(home, sealed, SuiteId::International),
        Some(sealed_international),
    ),
    &opens("open, guomi", |home, sealed| open(home, sealed, SuiteId::Guomi), Some(sealed_guomi)),
    &opens("refuse, international", |home, _| !open(home, &[0; 48], SuiteId::International), None),
    &opens("refuse, guomi", |home, _| !open(home, &[0; 48], SuiteId::Guomi), None),
    &case("ratchet, international", "this crate", |home, _| ratchet(home, SuiteId::International)),
    &case("ratchet, guomi", "this crate", |home, _| ratchet(home, SuiteId::Guomi)),
    &case("Argon2id", "argon2", |home, _| {
        let Ok(params) = Params::new(64, 2, 1, Some(32)) else { return false };
        let stretched = *home.key();
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon2.hash_password_into(&stretched, b"sixteen of salt.", home.out()).is_ok()
    }),
];

const fn case(name: &'static str, by: &'static str, work: fn(&mut Home, &[u8]) -> Worked) -> Case {
    Case { name, by, before: None, work, secret_output: true, between: None }
}

/// What it makes is public.
const fn seals(name: &'static str, by: &'static str, work: fn(&mut Home, &[u8]) -> Worked) -> Case {
    Case { name, by, before: None, work, secret_output: false, between: None }
}

const fn opens(name: &'static str, work: fn(&mut Home, &[u8]) -> Worked, before: Option<Derived>) -> Case {
    Case { name, by: "this crate", before, work, secret_output: before.is_some(), between: None }
}

fn out(home: &mut Home, hash: impl FnOnce(&[u8; 32]) -> [u8; 32]) -> Worked {
    *home.out() = hash(home.key());
    true
}

fn mac<M: Mac + KeyInit>(home: &mut Home) -> Worked {
    let Ok(mac) = <M as KeyInit>::new_from_slice(home.key()) else { return false };
    home.out().copy_from_slice(&mac.chain_update(b"message").finalize().into_bytes());
    true
}

fn seal(home: &mut Home, suite: SuiteId) -> Worked {
    suite.suite().seal(home.key(), &[1], &mut [3]).is_ok()
}

/// A text of 32 bytes that the key has sealed, with its tag.
fn sealed(home: &Home, suite: SuiteId) -> Option<Vec<u8>> {
    let mut text = [0; 32];
    text.copy_from_slice(&home.input[32..]);
    let tag = suite.suite().seal(home.key(), &[1], &mut text).ok()?;
    Some([&text[..], &tag].concat())
}

fn sealed_international(home: &Home) -> Option<Vec<u8>> {
    sealed(home, SuiteId::International)
}

fn sealed_guomi(home: &Home) -> Option<Vec<u8>> {
    sealed(home, SuiteId::Guomi)
}

fn open(home: &mut Home, sealed: &[u8], suite: SuiteId) -> Worked {
    let Some((text, tag)) = sealed.split_last_chunk::<16>() else { return false };
    let (key, out) = (&home.input, &mut home.output[..text.len()]);
    out.copy_from_slice(text);
    let Some((key, _)) = key.split_first_chunk() else { return false };
    suite.suite().open(key, &[1], out, tag).is_ok()
}

fn ratchet(home: &mut Home, suite: SuiteId) -> Worked {
    let mut chain = zeroize::Zeroizing::new(*home.key());
    let ratcheted = suite.suite().ratchet(&mut chain, b"key", b"next", home.out());
    ratcheted.is_ok()
}
