mod residue;
mod vectors;

use super::*;
use crate::testing::hpke::{self as by_hand, X25519};

fn unhex<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text).unwrap().try_into().unwrap()
}

/// The key of X25519 that RFC 7748 makes of these bytes.
fn opening(private: &[u8; 32]) -> <X25519Kem as Kem>::PrivateKey {
    <X25519Kem as Kem>::PrivateKey::from_bytes(private).unwrap()
}

fn pair() -> ([u8; 32], [u8; 65]) {
    let mut seed = [0; 32];
    Curve25519.make_private(&mut seed).unwrap();
    (seed, Curve25519.public_of(&seed).unwrap())
}

/// A public key with these bytes in the place of a half.
fn with_half(at: usize, half: &[u8]) -> [u8; 65] {
    let (_, mut key) = pair();
    key[at..at + 32].copy_from_slice(half);
    key
}

/// Little endian, of the same byte between the first and the last.
fn number(first: u8, middle: u8, last: u8) -> [u8; 32] {
    let mut bytes = [middle; 32];
    (bytes[0], bytes[31]) = (first, last);
    bytes
}

fn refused_as_a_key(key: &[u8], what: &str) {
    let mut chain = [0; 32];
    assert_eq!(Curve25519.encapsulate(key, b"", b"", &mut chain), Err(Error::BadKey), "{what}");
    assert_eq!(Curve25519.verify(key, b"m", &[1; 64]), Err(Error::BadSignature), "{what}");
    assert_eq!(chain, [0; 32], "{what}");
}

#[test]
fn halves_have_labels_of_their_own_and_zero_is_no_seed() {
    let (seed, public) = pair();
    assert_eq!(public[0], 0x40);
    assert_ne!(*half(&seed, SIGNING).unwrap(), *half(&seed, OPENING).unwrap());
    assert_ne!(public[1..33], public[33..]);
    assert_eq!(Curve25519.public_of(&[0; 32]), Err(Error::BadKey));
    assert!(Curve25519.public_of(&[0xff; 32]).is_ok(), "every other seed is one");
}

/// Low-order coordinates, on the curve and its twist: as a public key, and as an encapsulation.
#[test]
fn points_of_small_order_are_refused() {
    let (seed, _) = pair();
    for point in public::SMALL_ORDER {
        let what = hex::encode(point);
        refused_as_a_key(&with_half(33, &point), &what);
        let mut chain = [7; 32];
        let opened = Curve25519.decapsulate(&seed, &point, b"", b"", &mut chain);
        assert_eq!((opened, chain), (Err(Error::NotOpened), [7; 32]), "{what}");
        // The second wall, and the control of the list: HPKE itself meets a shared secret of zero.
        let sent = encapsulate_from(&[9; 32], &point, b"", b"", &mut chain);
        assert_eq!((sent, chain), (Err(Error::BadKey), [7; 32]), "{what}");
    }
    // Ed25519: the neutral element, the points of order 2 and 4, one of order 8.
    let eighth = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";
    for point in [number(1, 0, 0), number(0xec, 0xff, 0x7f), [0; 32], number(0, 0, 0x80), unhex(eighth)] {
        assert!(VerifyingKey::from_bytes(&point).is_ok(), "a point, and of small order");
        refused_as_a_key(&with_half(1, &point), &hex::encode(point));
    }
}

#[test]
fn what_is_not_written_canonically_is_refused() {
    let (seed, public) = pair();
    let good = <[u8; 32]>::try_from(&public[33..]).unwrap();
    let mut top = good;
    top[31] |= 0x80;
    // p + 9, whose canonical writing, 9, is the base point; 2^255 − 1; the same coordinate with the unused bit.
    for point in [number(0xf6, 0xff, 0x7f), number(0xff, 0xff, 0x7f), top] {
        let what = hex::encode(point);
        refused_as_a_key(&with_half(33, &point), &what);
        let mut chain = [7; 32];
        let opened = Curve25519.decapsulate(&seed, &point, b"", b"", &mut chain);
        assert_eq!((opened, chain), (Err(Error::NotOpened), [7; 32]), "{what}");
        // The control: without the look at the writing they are taken.
        assert!(encapsulate_from(&[9; 32], &point, b"", b"", &mut chain).is_ok(), "{what}");
    }
    assert!(public::is_canonical(&number(0xec, 0xff, 0x7f)) && public::is_canonical(&number(0xff, 0, 0x7f)));
    // p + 3 and p + 4 as a point's y, with either sign.
    for y in [number(0xf0, 0xff, 0x7f), number(0xf1, 0xff, 0xff)] {
        refused_as_a_key(&with_half(1, &y), &hex::encode(y));
    }
    assert!(
        (0..19).any(|k| VerifyingKey::from_bytes(&number(0xed + k, 0xff, 0x7f)).is_ok()),
        "the control: the library takes some"
    );
}

#[test]
fn keys_of_another_shape_are_refused() {
    let (_, public) = pair();
    let mut other_tag = public;
    other_tag[0] = 4;
    // Of no point: y = 2 has no x.
    for key in
        [&other_tag[..], &public[..64], &public[1..], &[0x40; 65], &with_half(1, &number(2, 0, 0)), &[]]
    {
        refused_as_a_key(key, &hex::encode(key));
    }
    let mut chain = [0; 32];
    let long = vec![0; crate::suite::INFO_BYTES_MAX + 1];
    assert_eq!(Curve25519.encapsulate(&public, &long, b"", &mut chain), Err(Error::Misused));
}

/// S + L is the same number to whoever does not look; R of small order with S = 0 fits every message under a small key.
#[test]
fn a_signature_has_one_writing() {
    let (seed, public) = pair();
    let signature = Curve25519.sign(&seed, b"m", &[1; 32]).unwrap();
    assert_eq!(Curve25519.verify(&public, b"m", &signature), Ok(()));
    let order = unhex::<32>("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut carry = 0;
    let mut same = signature;
    for (place, add) in same[32..].iter_mut().zip(order) {
        carry += u16::from(*place) + u16::from(add);
        [*place, _] = carry.to_le_bytes();
        carry >>= 8;
    }
    assert_eq!(Curve25519.verify(&public, b"m", &same), Err(Error::BadSignature), "S + L");
    let mut neutral = [0; 64];
    neutral[0] = 1;
    assert_eq!(Curve25519.verify(&public, b"m", &neutral), Err(Error::BadSignature));
}
