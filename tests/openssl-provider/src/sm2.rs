//! SM2: what a signature is over, and the encryption of a seed.

use crate::curve::{Curve, Pair};
use crate::derivation::Hash;
use msgpay_crypto::Error;
use openssl::ec::EcPoint;
use openssl::error::ErrorStack;
use openssl::pkey_ctx::PkeyCtx;

/// ENTL ‖ ID ‖ a ‖ b ‖ G (GB/T 32918.2 §5.5, GB/T 32918.5 §A), with the identity that GM/T 0009 §10 takes when none
/// is agreed on.
const BEFORE_THE_KEY: &[&[u8]] = &[
    &[0x00, 0x80],
    b"1234567812345678",
    b"\xff\xff\xff\xfe\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xfc",
    b"\x28\xe9\xfa\x9e\x9d\x9f\x5e\x34\x4d\x5a\x9e\x4b\xcf\x65\x09\xa7",
    b"\xf3\x97\x89\xf5\x15\xab\x8f\x92\xdd\xbc\xbd\x41\x4d\x94\x0e\x93",
    b"\x32\xc4\xae\x2c\x1f\x19\x81\x19\x5f\x99\x04\x46\x6a\x39\xc9\x94",
    b"\x8f\xe3\x0b\xbf\xf2\x66\x0b\xe1\x71\x5a\x45\x89\x33\x4c\x74\xc7",
    b"\xbc\x37\x36\xa2\xf4\xf6\x77\x9c\x59\xbd\xce\xe3\x6b\x69\x21\x53",
    b"\xd0\xa9\x87\x7c\xc6\x2a\x47\x40\x02\xdf\x32\xe5\x21\x39\xf0\xa0",
];

/// e = SM3(Z_A ‖ message).
pub(crate) fn representative(public: &[u8; 65], message: &[u8]) -> [u8; 32] {
    let [_, coordinates @ ..] = public;
    let z = Hash::Sm3.of(&[&BEFORE_THE_KEY.concat(), coordinates]);
    Hash::Sm3.of(&[&z, message])
}

/// The encrypted seed, and the chain key that comes from it.
pub(crate) fn encapsulate(
    curve: &Curve,
    public: &EcPoint,
    info: &[u8],
    label: &[u8],
) -> Result<(Vec<u8>, [u8; 32]), ErrorStack> {
    let mut seed = [0; 32];
    openssl::rand::rand_bytes(&mut seed)?;
    let key = curve.public(public)?;
    let mut context = PkeyCtx::new(&key)?;
    context.encrypt_init()?;
    let mut sealed = Vec::new();
    context.encrypt_to_vec(&seed, &mut sealed)?;
    Ok((sealed, derived(&seed, info, label)?))
}

pub(crate) fn decapsulate(
    curve: &Curve,
    private: &Pair<'_>,
    sealed: &[u8],
    info: &[u8],
    label: &[u8],
) -> Result<[u8; 32], Error> {
    // OpenSSL reads more writings than the one of GM/T 0009.
    let point = strict(sealed).ok_or(Error::NotOpened)?;
    curve.point(&point).ok_or(Error::NotOpened)?;
    let key = private.key().map_err(crate::broken)?;
    let mut seed = Vec::new();
    let mut context = PkeyCtx::new(&key).map_err(crate::broken)?;
    context.decrypt_init().map_err(crate::broken)?;
    context.decrypt_to_vec(sealed, &mut seed).map_err(|_| Error::NotOpened)?;
    derived(&seed, info, label).map_err(crate::broken)
}

fn derived(seed: &[u8], info: &[u8], label: &[u8]) -> Result<[u8; 32], ErrorStack> {
    let prk = Hash::Sm3.extract(label, &[seed])?;
    Hash::Sm3.expand(&prk, &[info])
}

/// C1 of a ciphertext in the one DER writing of a seed's encryption: it is read loosely, written strictly, and has
/// to come out the same.
fn strict(sealed: &[u8]) -> Option<[u8; 65]> {
    let content = match sealed {
        [0x30, 0x81, _, content @ ..] | [0x30, _, content @ ..] => content,
        _ => return None,
    };
    let (x, rest) = element(content)?;
    let (y, rest) = element(rest)?;
    let (hash, rest) = element(rest)?;
    let (text, _) = element(rest)?;
    let point = [&[4][..], &coordinate(x)?, &coordinate(y)?].concat();
    if hash.len() != 32 || text.len() != 32 {
        return None;
    }
    let (x, y) = (integer(point.get(1..33)?), integer(point.get(33..)?));
    let written = [&x[..], &y, &[4, 32], hash, &[4, 32], text].concat();
    let length = u8::try_from(written.len()).ok()?;
    let head = if length < 128 { vec![0x30, length] } else { vec![0x30, 0x81, length] };
    if [head, written].concat() == sealed { point.try_into().ok() } else { None }
}

/// Content of an element with a short length, and what follows it.
fn element(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (head, rest) = bytes.split_at_checked(2)?;
    rest.split_at_checked(usize::from(*head.last()?))
}

fn coordinate(content: &[u8]) -> Option<[u8; 32]> {
    let digits = content.len().checked_sub(32).map_or(content, |more| &content[more..]);
    let mut number = [0; 32];
    number.get_mut(32 - digits.len()..)?.copy_from_slice(digits);
    Some(number)
}

fn integer(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count().min(31);
    let digits = number.get(zeros..).unwrap_or_default();
    let sign: &[u8] = if digits.first().is_some_and(|byte| *byte >= 128) { &[0] } else { &[] };
    let length = u8::try_from(sign.len() + digits.len()).unwrap_or(u8::MAX);
    [&[2, length], sign, digits].concat()
}
