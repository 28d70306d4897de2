use super::*;
use crate::testing::scan::{self, Masked};
use p256::elliptic_curve::{ops::Invert, ops::Reduce};

const INTL: SuiteId = SuiteId::International;

#[test]
fn a_key_signs_and_its_public_half_verifies() {
    let key = SigningKey::make(INTL).unwrap();
    let (one, two) = (key.sign(b"msgpay test v1 A").unwrap(), key.sign(b"msgpay test v1 A").unwrap());
    assert_ne!(one, two, "hedged: each signature takes fresh randomness");
    let suite = INTL.suite();
    for signature in [one, two] {
        suite.verify(&key.public_key(), b"msgpay test v1 A", &signature).unwrap();
        let other = suite.verify(&key.public_key(), b"msgpay test v1 B", &signature);
        assert_eq!(other, Err(Error::BadSignature));
    }
    let stranger = SigningKey::make(INTL).unwrap();
    let refused = suite.verify(&stranger.public_key(), b"msgpay test v1 A", &one);
    assert_eq!(refused, Err(Error::BadSignature));
}

/// RFC 6979 A.2.5: the key pair of the P-256 examples.
#[test]
fn a_known_scalar_has_its_known_public_key() {
    let scalar = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
    let public = "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\
                  7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299";
    let page = SecretPage::copy_of(&hex::decode(scalar).unwrap()).unwrap();
    let key = SigningKey::from_scalar(INTL, &page).unwrap();
    assert_eq!(hex::encode(key.public_key()), public);
}

#[test]
fn a_key_file_gives_the_same_key_back() {
    let key = OpeningKey::make(INTL).unwrap();
    let pem = key.pkcs8_pem().unwrap().expose(<[u8]>::to_vec).unwrap();
    let pem = String::from_utf8(pem).unwrap();
    assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
    assert_eq!(OpeningKey::from_pkcs8_pem(INTL, &pem).unwrap().public_key(), key.public_key());
    // ring reads the file too, and signs for the same public key.
    let der = p256::pkcs8::SecretDocument::from_pem(&pem).unwrap().1;
    let random = ring::rand::SystemRandom::new();
    let algorithm = &ring::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
    let theirs = ring::signature::EcdsaKeyPair::from_pkcs8(algorithm, der.as_bytes(), &random).unwrap();
    let signature = theirs.sign(&random, b"both read it").unwrap();
    INTL.suite().verify(&key.public_key(), b"both read it", signature.as_ref()).unwrap();
    assert_eq!(SigningKey::from_pkcs8_der(INTL, der.as_bytes()).unwrap().public_key(), key.public_key());
}

#[test]
fn what_is_no_key_is_refused() {
    // The group order itself, zero, and all ones.
    let order = hex::decode("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551").unwrap();
    for bytes in [&order[..], &[0; 32], &[0xFF; 32], &[1; 31], &[1; 33], &[]] {
        let page = SecretPage::copy_of(bytes).unwrap();
        assert_eq!(SigningKey::from_scalar(INTL, &page).err(), Some(Error::BadKey), "{}", hex::encode(bytes));
    }
    assert_eq!(SigningKey::from_pkcs8_pem(INTL, "no key").err(), Some(Error::BadKey));
    assert_eq!(SigningKey::from_pkcs8_der(INTL, &[0x30, 0]).err(), Some(Error::BadKey));
}

fn pem_of(key: &OpeningKey) -> String {
    String::from_utf8(key.pkcs8_pem().unwrap().expose(<[u8]>::to_vec).unwrap()).unwrap()
}

/// A P-256 scalar is a good SM2 scalar too: only the curve's name in the file tells them apart.
#[test]
fn a_key_file_is_of_the_suite_whose_curve_it_names() {
    let pairs = SuiteId::ALL.into_iter().flat_map(|own| SuiteId::ALL.map(|other| (own, other)));
    for (own, other) in pairs.filter(|(own, other)| own != other) {
        let key = OpeningKey::make(own).unwrap();
        let pem = pem_of(&key);
        let der = p256::pkcs8::SecretDocument::from_pem(&pem).unwrap().1;
        assert_eq!(SigningKey::from_pkcs8_pem(own, &pem).unwrap().public_key(), key.public_key());
        assert_eq!(OpeningKey::from_pkcs8_der(own, der.as_bytes()).unwrap().public_key(), key.public_key());
        assert_eq!(
            OpeningKey::from_pkcs8_pem(other, &pem).err(),
            Some(Error::BadKey),
            "{own:?} as {other:?}"
        );
        assert_eq!(SigningKey::from_pkcs8_der(other, der.as_bytes()).err(), Some(Error::BadKey));
        let page = key.0.scalar.expose(SecretPage::copy_of).unwrap().unwrap();
        assert!(OpeningKey::from_scalar(other, &page).is_ok(), "the scalar alone does not tell");
    }
}

#[test]
fn a_key_file_with_another_public_key_is_refused() {
    for suite in SuiteId::ALL {
        let (key, stranger) = (OpeningKey::make(suite).unwrap(), OpeningKey::make(suite).unwrap());
        let der = p256::pkcs8::SecretDocument::from_pem(&pem_of(&key)).unwrap().1;
        let at = der.as_bytes().len() - 65;
        assert_eq!(der.as_bytes()[at..], key.public_key(), "where the public key stands");
        let mut swapped = der.as_bytes().to_vec();
        swapped[at..].copy_from_slice(&stranger.public_key());
        assert_eq!(OpeningKey::from_pkcs8_der(suite, &swapped).err(), Some(Error::BadKey));
        let mut longer = der.as_bytes().to_vec();
        longer.push(0);
        assert_eq!(OpeningKey::from_pkcs8_der(suite, &longer).err(), Some(Error::BadKey), "trailing byte");
    }
}

/// n - 1, which p256 takes and SM2 cannot sign with, and n.
#[test]
fn sm2_scalars_out_of_range_are_refused() {
    for last in ["22", "23"] {
        let scalar = format!("fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d541{last}");
        let page = SecretPage::copy_of(&hex::decode(scalar).unwrap()).unwrap();
        assert_eq!(SigningKey::from_scalar(SuiteId::Guomi, &page).err(), Some(Error::BadKey));
        assert_eq!(OpeningKey::from_scalar(SuiteId::Guomi, &page).err(), Some(Error::BadKey));
        assert!(OpeningKey::from_scalar(INTL, &page).is_ok());
    }
}

#[test]
fn a_mac_holds_for_its_key_and_message() {
    let key = MacKey::make(INTL).unwrap();
    let mac = key.mac(&[b"one ", b"message"]).unwrap();
    assert_eq!(key.verify(&[b"one message"], &mac), Ok(()));
    assert_eq!(key.verify(&[b"one messagE"], &mac), Err(Error::BadSignature));
    assert_eq!(key.verify(&[b"one message"], &mac[..31]), Err(Error::BadSignature));
    assert_eq!(MacKey::make(INTL).unwrap().verify(&[b"one message"], &mac), Err(Error::BadSignature));
    let empty = MacKey::from_page(INTL, SecretPage::with_capacity(8).unwrap());
    assert_eq!(empty.mac(&[b"m"]), Err(Error::BadKey));
}

/// As bytes, and as the little-endian limbs of the arithmetic.
fn both_ways(pattern: Masked) -> [Masked; 2] {
    let limbs = pattern.reversed();
    [pattern, limbs]
}

fn count(patterns: &[Masked]) -> usize {
    patterns.iter().flat_map(Masked::halves).map(|half| scan::count(&half)).sum()
}

/// The nonce of a signature, from which anyone computes the key: k = (h + r d) / s. In disguise, and its
/// negative too, since either sign of s is valid.
fn nonce_of(key: &SigningKey, message: &[u8], signature: &[u8; 64]) -> Vec<Masked> {
    room::run(|| {
        let d = *p256::SecretKey::from_slice(key.0.scalar.bytes().unwrap()).unwrap().to_nonzero_scalar();
        let h = <p256::Scalar as Reduce<p256::FieldBytes>>::reduce(&INTL.suite().hash(message).into());
        let (r, s) = p256::ecdsa::Signature::from_slice(signature).unwrap().split_scalars();
        let k = (h + *r * d) * *s.invert();
        [k, -k].iter().flat_map(|k| both_ways(Masked::of(&k.to_bytes()))).collect()
    })
    .unwrap()
}

#[test]
fn signing_leaves_the_key_in_its_page_and_the_nonce_nowhere() {
    let key = SigningKey::make(INTL).unwrap();
    let scalar = both_ways(key.0.scalar.expose(Masked::of).unwrap());
    assert_eq!(count(&scalar), 2, "after making: the two halves in the page");
    let signature = key.sign(b"msgpay test v1").unwrap();
    assert_eq!(count(&scalar), 2, "after signing");
    assert_eq!(count(&nonce_of(&key, b"msgpay test v1", &signature)), 0);
    drop(key);
    assert_eq!(count(&scalar), 0, "after dropping");
}

/// The control: the same signature with the clean room left out.
#[test]
fn control_signing_outside_the_room_leaves_the_nonce() {
    let key = SigningKey::make(INTL).unwrap();
    let sign = || key.0.suite.sign(key.0.scalar.array()?, b"msgpay test v1", &[7; 32]);
    let signature = scan::deep(sign).unwrap();
    assert!(count(&nonce_of(&key, b"msgpay test v1", &signature)) > 0);
}
