//! Suite 2: SM2 encryption (GB/T 32918.4, GM/T 0009 §7.2), HKDF over SM3, SM4-GCM (RFC 8998).

use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{AesGcm, Nonce};
use hmac::Hmac;
use sm2::elliptic_curve::sec1::ToSec1Point;
use sm3::{Digest, Sm3};
use sm4::Sm4;

use super::{Suite, block, finished};

pub(super) struct Sm2;

impl Suite for Sm2 {
    /// HKDF-SM3(salt = the chain's label, ikm = the decrypted seed, info = context), RFC 5869 §2.2 and §2.3.
    fn first(private_key: &[u8; 32], encapsulated: &[u8], context: &[u8]) -> Option<[u8; 32]> {
        let seed = decrypted(private_key, encapsulated)?;
        let prk = (seed.len() == 32).then(|| Self::mac(b"msgpay keystroke chain", &[&seed]))?;
        Some(Self::mac(&prk, &[context, &[1]]))
    }

    fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
        finished(<Hmac<Sm3> as KeyInit>::new(&block(key).into()), parts)
    }

    /// SM4 takes 128 bits, the first half of the key.
    fn decrypt(key: &[u8; 32], sealed: Payload<'_, '_>) -> Option<Vec<u8>> {
        let (key, _) = key.split_first_chunk::<16>()?;
        AesGcm::<Sm4, U12>::new(&(*key).into()).decrypt(&Nonce::<U12>::default(), sealed).ok()
    }
}

/// GB/T 32918.4 §7.1 with C1 C3 C2: (x2, y2) = [d]C1, M = C2 ⊕ KDF(x2 ‖ y2), C3 = SM3(x2 ‖ M ‖ y2).
fn decrypted(private_key: &[u8; 32], sealed: &[u8]) -> Option<Vec<u8>> {
    let Parts { point, hash, text } = Parts::read(sealed)?;
    let private = sm2::SecretKey::from_slice(private_key).ok()?;
    let public = sm2::PublicKey::from_sec1_bytes(&point).ok()?;
    let shared = sm2::ProjectivePoint::from(*public.as_affine()) * *private.to_nonzero_scalar();
    let shared = shared.to_affine().to_sec1_point(false);
    let (x2, y2) = shared.as_bytes().get(1..)?.split_at_checked(32)?;
    let mask = Sm3::digest([x2, y2, &[0, 0, 0, 1]].concat());
    if text.is_empty() || text.len() > mask.len() {
        return None;
    }
    let message: Vec<u8> = text.iter().zip(mask.iter()).map(|(byte, mask)| byte ^ mask).collect();
    (Sm3::digest([x2, &message, y2].concat()).as_slice() == hash).then_some(message)
}

/// A ciphertext taken apart.
struct Parts<'a> {
    /// SEC1, uncompressed.
    point: [u8; 65],
    hash: &'a [u8],
    text: &'a [u8],
}

impl<'a> Parts<'a> {
    /// `SEQUENCE { x INTEGER, y INTEGER, hash OCTET STRING, text OCTET STRING }`, nothing behind it.
    fn read(sealed: &'a [u8]) -> Option<Self> {
        let (all, behind) = value(0x30, sealed)?;
        let (x, rest) = value(0x02, all)?;
        let (y, rest) = value(0x02, rest)?;
        let (hash, rest) = value(0x04, rest)?;
        let (text, rest) = value(0x04, rest)?;
        let mut point = [4; 65];
        point[1..33].copy_from_slice(&coordinate(x)?);
        point[33..].copy_from_slice(&coordinate(y)?);
        (behind.is_empty() && rest.is_empty()).then_some(Self { point, hash, text })
    }
}

/// X.690 §8.1 and §10.1: the content of a value with that tag, its length in the shortest form, and what follows.
fn value(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = match bytes {
        [of, 0x81, length, rest @ ..] if *of == tag && *length >= 0x80 => (*length, rest),
        [of, length, rest @ ..] if *of == tag && *length < 0x80 => (*length, rest),
        _ => return None,
    };
    rest.split_at_checked(usize::from(length))
}

/// X.690 §8.3: an unsigned number in its shortest form, as 32 bytes.
fn coordinate(integer: &[u8]) -> Option<[u8; 32]> {
    let digits = match integer {
        [0, high, ..] if *high >= 0x80 => &integer[1..],
        [0, _, ..] | [] => return None,
        [high, ..] if *high >= 0x80 => return None,
        _ => integer,
    };
    let mut number = [0; 32];
    number[32_usize.checked_sub(digits.len())?..].copy_from_slice(digits);
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::{coordinate, decrypted, value};

    /// GM/T 0009's form around the example of GB/T 32918.5 is checked by `tests/tests/interop`; here what is no form.
    #[test]
    fn what_is_no_ciphertext_opens_nothing() {
        assert!(decrypted(&[1; 32], b"").is_none());
        assert!(decrypted(&[1; 32], &[4; 65]).is_none(), "a point is none");
        assert_eq!(value(4, &[4, 1, 9, 7]), Some((&[9][..], &[7][..])));
        assert_eq!(value(4, &[4, 0x81, 1, 9]), None, "a length that is too long");
        assert_eq!(value(4, &[4, 2, 9]), None, "less than it says");
        assert_eq!(coordinate(&[0x80]), None, "a negative number");
        assert_eq!(coordinate(&[0, 1]), None, "a zero too many");
        assert_eq!(coordinate(&[0, 0x80]).map(|number| number[31]), Some(0x80));
        assert_eq!(coordinate(&[1; 33]), None, "more than 256 bits");
    }
}
