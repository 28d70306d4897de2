//! Every other writing of a ciphertext than the one of GM/T 0009 is refused.

use super::{example::*, *};
use sm2::elliptic_curve::{Group, point::AffineCoordinates};

const SEED: [u8; 32] = [0x5e; 32];

fn sealed(text: &[u8]) -> Vec<u8> {
    encryption::seal(&public(&unhex::<65>(P)).unwrap(), &private(&unhex(K)).unwrap(), text).unwrap()
}

fn open(sealed: &[u8]) -> Result<(), Error> {
    let mut chain = [0; 32];
    let opened = Guomi.decapsulate(&unhex(D), sealed, b"info", b"label", &mut chain);
    assert_eq!(opened.is_err(), chain == [0; 32], "a refusal gives no chain key");
    opened
}

/// One TLV with the length that DER wants.
fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = u8::try_from(value.len()).unwrap();
    let head = if length < 128 { vec![tag, length] } else { vec![tag, 0x81, length] };
    [&head, value].concat()
}

/// x, y, hash and text as they stand in [`sealed`]: x begins with a byte below 128, y with one above.
fn parts() -> [Vec<u8>; 4] {
    let whole = sealed(&SEED);
    [&whole[5..37], &whole[39..72], &whole[74..106], &whole[108..140]].map(<[u8]>::to_vec)
}

fn written(x: &[u8], y: &[u8], hash: &[u8], text: &[u8]) -> Vec<u8> {
    tlv(0x30, &[tlv(2, x), tlv(2, y), tlv(4, hash), tlv(4, text)].concat())
}

#[track_caller]
fn refused(what: &str, sealed: &[u8]) {
    assert_eq!(open(sealed), Err(Error::NotOpened), "{what}: {}", hex::encode(sealed));
}

/// The control of all tests below: their writer writes what opens.
#[test]
fn the_one_writing_opens() {
    let [x, y, hash, text] = parts();
    assert_eq!(written(&x, &y, &hash, &text), sealed(&SEED));
    assert_eq!(open(&sealed(&SEED)), Ok(()));
}

#[test]
fn another_der_is_refused() {
    let whole = sealed(&SEED);
    let [x, y, hash, text] = parts();
    refused("nothing", &[]);
    refused("trailing byte", &[&whole[..], &[0]].concat());
    for cut in 0..whole.len() {
        refused("cut", &whole[..cut]);
    }
    refused("long form of a short length", &{
        let inner = [&[2, 0x81, 32][..], &x, &tlv(2, &y), &tlv(4, &hash), &tlv(4, &text)].concat();
        tlv(0x30, &inner)
    });
    refused("two bytes of length", &[&[0x30, 0x82, 0x00], &whole[2..]].concat());
    refused("indefinite length", &[&[0x30, 0x80], &whole[3..], &[0, 0]].concat());
    refused("a set", &[&[0x31], &whole[1..]].concat());
    refused("a padded integer", &written(&[&[0], &x[..]].concat(), &y, &hash, &text));
    refused("a negative integer", &written(&x, &y[1..], &hash, &text));
    refused("an oversized integer", &written(&x, &[&[1], &y[1..]].concat(), &hash, &text));
    refused("an oversized integer", &written(&[&[1][..], &[0; 40]].concat(), &y, &hash, &text));
    refused("an empty integer", &written(&[], &y, &hash, &text));
    let fifth = [tlv(2, &x), tlv(2, &y), tlv(4, &hash), tlv(4, &text)].concat();
    refused("a fifth part", &tlv(0x30, &[&fifth[..], &[4, 0]].concat()));
    refused("three parts", &tlv(0x30, &[tlv(2, &x), tlv(2, &y), tlv(4, &hash)].concat()));
    let bits = [tlv(2, &x), tlv(2, &y), tlv(4, &hash), tlv(3, &text)].concat();
    refused("a bit string", &tlv(0x30, &bits));
    let constructed = [tlv(2, &x), tlv(2, &y), tlv(4, &hash), tlv(0x24, &tlv(4, &text))].concat();
    refused("a constructed octet string", &tlv(0x30, &constructed));
}

#[test]
fn the_old_order_is_refused() {
    let [x, y, hash, text] = parts();
    refused("C1 C2 C3", &written(&x, &y, &text, &hash));
    let point = [&[4], &x[..], &y[1..]].concat();
    refused("bytes C1 C2 C3", &[&point[..], &text, &hash].concat());
    refused("bytes C1 C3 C2", &[&point[..], &hash, &text].concat());
}

#[test]
fn a_point_that_is_none_is_refused() {
    let [x, y, hash, text] = parts();
    let mut off = x.clone();
    off[31] ^= 1;
    refused("off the curve", &written(&off, &y, &hash, &text));
    refused("zero, zero", &written(&[0], &[0], &hash, &text));
    refused("x = 0 and a y that is not on it", &written(&[0], &y, &hash, &text));
    refused("x above the field's prime", &written(&[&[0][..], &[0xff; 32]].concat(), &y, &hash, &text));
    // The example's point is on this curve; that of another key of P-256 is not.
    let other = SuiteId::International.suite().public_of(&unhex(K)).unwrap();
    let unsigned = |bytes: &[u8]| if bytes[0] < 128 { bytes.to_vec() } else { [&[0], bytes].concat() };
    let (x, y) = (unsigned(&other[1..33]), unsigned(&other[33..]));
    refused("a point of P-256", &written(&x, &y, &hash, &text));
}

/// What is on the curve but stands with another hash or text: the comparison of C3.
#[test]
fn altered_bits_are_refused() {
    let whole = sealed(&SEED);
    for bit in 0..whole.len() * 8 {
        let mut altered = whole.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        refused("bit", &altered);
    }
    // The negative of C1 is on the curve, too.
    let [x, y, hash, text] = parts();
    let negative = (-sm2::ProjectivePoint::mul_by_generator(&private(&unhex(K)).unwrap())).to_affine();
    let minus_y = negative.y();
    assert!(minus_y[0] < 128 && minus_y[..] != y[1..]);
    refused("minus C1", &written(&x, &minus_y, &hash, &text));
}

#[test]
fn a_text_of_another_length_is_refused() {
    for length in [1, 16, 31] {
        refused("short text", &sealed(&SEED[..length]));
    }
    let [x, y, hash, text] = parts();
    refused("long text", &written(&x, &y, &hash, &[&text[..], &[0]].concat()));
    refused("empty text", &written(&x, &y, &hash, &[]));
    refused("short hash", &written(&x, &y, &hash[..31], &text));
    let public = public(&unhex::<65>(P)).unwrap();
    let k = private(&unhex(K)).unwrap();
    assert_eq!(encryption::seal(&public, &k, &[]), Err(Error::Misused));
    assert_eq!(encryption::seal(&public, &k, &[0; 33]), Err(Error::Misused));
}

#[test]
fn a_refused_text_leaves_nothing_in_the_callers_hands() {
    let mut whole = sealed(&SEED);
    *whole.last_mut().unwrap() ^= 1;
    let mut text = [0xee; 32];
    assert_eq!(encryption::open(&private(&unhex(D)).unwrap(), &whole, &mut text), Err(Error::NotOpened));
    assert_eq!(text, [0; 32]);
}

/// Points whose coordinates begin with zero bytes: shorter integers, padded on reading. Of 2000 scalars in a row
/// about sixteen have one.
#[test]
fn short_coordinates_are_written_and_read() {
    let key = public(&unhex::<65>(P)).unwrap();
    let mut short = 0;
    for number in 1..=2000_u16 {
        let mut k = [0; 32];
        k[30..].copy_from_slice(&number.to_be_bytes());
        let ephemeral = Guomi.public_of(&k).unwrap();
        if ephemeral[1] == 0 || ephemeral[33] == 0 {
            let whole = encryption::seal(&key, &private(&k).unwrap(), &SEED).unwrap();
            assert_eq!(open(&whole), Ok(()));
            short += 1;
        }
    }
    assert!(short >= 4, "{short}");
}

#[test]
fn the_largest_ciphertext_fits() {
    // Two integers that need their zero byte.
    let key = public(&unhex::<65>(P)).unwrap();
    let longest = (1..=64_u8).map(|number| {
        let mut k = [0; 32];
        k[31] = number;
        encryption::seal(&key, &private(&k).unwrap(), &SEED).unwrap().len()
    });
    assert_eq!(longest.max(), Some(141));
}

/// The shortest text meets a mask of zeros once in 256 draws. What such a draw would have sealed is made up here by the
/// formulas, and its text stands in it in the clear.
#[test]
fn a_mask_of_zeros_is_refused_at_both_ends() {
    let (key, own) = (public(&unhex::<65>(P)).unwrap(), private(&unhex(D)).unwrap());
    let mut blank = 0;
    for draw in 1..=2_000_u64 {
        let mut k = [0; 32];
        k[24..].copy_from_slice(&draw.to_be_bytes());
        let k = private(&k).unwrap();
        let coordinates = |point: sm2::ProjectivePoint| {
            let affine = point.to_affine();
            [affine.x().to_vec(), affine.y().to_vec()]
        };
        let [x2, y2] = coordinates(key.to_projective() * *k);
        let t = Guomi.hash(&[&x2[..], &y2, &[0, 0, 0, 1]].concat());
        let sealed = encryption::seal(&key, &k, b"m");
        if t[0] != 0 {
            assert!(sealed.is_ok(), "{draw}");
            continue;
        }
        blank += 1;
        assert_eq!(sealed, Err(Error::NoRandomness), "A5, draw {draw}");
        let [x1, y1] = coordinates(sm2::ProjectivePoint::mul_by_generator(&k));
        let short = |number: &[u8]| {
            let zeros = number.iter().take_while(|byte| **byte == 0).count();
            [vec![0; usize::from(number[zeros] > 127)], number[zeros..].to_vec()].concat()
        };
        let hash = Guomi.hash(&[&x2[..], b"m", &y2].concat());
        let made_up = written(&short(&x1), &short(&y1), &hash, b"m");
        let mut text = *b"?";
        assert_eq!(encryption::open(&own, &made_up, &mut text), Err(Error::NotOpened), "B4, draw {draw}");
        assert_eq!(text, [0]);
    }
    assert!(blank > 0, "there is one among so many");
}
