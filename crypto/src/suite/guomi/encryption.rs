//! SM2 encryption (GB/T 32918.4) of a short text, written as GM/T 0009 §7.2 has it: DER, in the order C1 C3 C2.
//!
//! ```text
//! C1 = [k]G      (x2, y2) = [k]P = [d]C1      C2 = M ⊕ SM3(x2 ‖ y2 ‖ 00000001)      C3 = SM3(x2 ‖ M ‖ y2)
//! SM2Cipher ::= SEQUENCE { x INTEGER, y INTEGER, hash OCTET STRING (SIZE(32)), text OCTET STRING }
//! ```
//! A text is at most one block of SM3, so the KDF is one call. A mask that is all zero would leave the text in the clear:
//! it is refused at both ends (GB/T 32918.4 §6.1 A5, §7.1 B4). For 32 bytes it comes once in 2^256.
//!
//! Danger: either of k and (x2, y2) opens the ciphertext; everything here stays on the clean room's stack. Only
//! curve arithmetic is the library's: its own decryption compares C3 up to the first difference, which would help
//! a forger byte by byte, and gives the plaintext on the heap.

use crate::{
    Error,
    classify::{self, Reason},
    secret,
};
use sm2::{
    AffinePoint, NonZeroScalar, ProjectivePoint, PublicKey, Sec1Point,
    elliptic_curve::{Group, point::AffineCoordinates, sec1::FromSec1Point},
    pkcs8::der::{
        self, Encode, Length, Reader, SliceReader, SliceWriter, Tag,
        asn1::{OctetStringRef, UintRef},
    },
};
use sm3::{Digest, Sm3};
use zeroize::{Zeroize, Zeroizing};

/// Bytes of the longest text, and of C3.
const BLOCK: usize = 32;

/// Bytes of the longest ciphertext: two INTEGERs of 33 bytes, hash and text, with their heads.
const SEALED_BYTES_MAX: usize = 141;

/// Encrypts `text` with the ephemeral scalar `k`, which must be fresh and is the caller's to wipe.
///
/// # Errors
/// [`Error::Misused`] for a text that is empty or longer than a block; [`Error::NoRandomness`] for a `k` that masks the
/// text with zeros: another one is to be drawn.
#[inline(never)]
pub(super) fn seal(public: &PublicKey, k: &NonZeroScalar, text: &[u8]) -> Result<Vec<u8>, Error> {
    if text.is_empty() || text.len() > BLOCK {
        return Err(Error::Misused);
    }
    let mut point = Coordinates::of(ProjectivePoint::mul_by_generator(k));
    let shared = Coordinates::of(public.to_projective() * **k);
    let mut masked = [0; BLOCK];
    let masked = masked.get_mut(..text.len()).ok_or(Error::Misused)?;
    masked.copy_from_slice(text);
    if shared.mask(masked) {
        masked.zeroize();
        return Err(Error::NoRandomness);
    }
    // All three leave in the clear: C1, C3, C2.
    let mut check = shared.check(text);
    [&mut point.0[..], &mut check[..], &mut *masked]
        .into_iter()
        .for_each(|part| classify::public(part, Reason::Sent));
    write(&point, &check, masked).map_err(|_| Error::RoomBroken)
}

/// Decrypts into `text`, whose length the ciphertext must have.
///
/// # Errors
/// [`Error::NotOpened`], and `text` is then all zero: for everything but the one DER writing of a point on the
/// curve with the hash and the text that belong to it.
#[inline(never)]
pub(super) fn open(private: &NonZeroScalar, sealed: &[u8], text: &mut [u8]) -> Result<(), Error> {
    text.zeroize();
    let sealed = Sealed::read(sealed).map_err(|_| Error::NotOpened)?;
    if text.len() != sealed.text.len() || text.len() > BLOCK {
        return Err(Error::NotOpened);
    }
    let shared = Coordinates::of(ProjectivePoint::from(sealed.point) * **private);
    text.copy_from_slice(sealed.text);
    let blank = shared.mask(text);
    // Both are computed before either is looked at.
    if secret::same(&*shared.check(text), sealed.hash) & !blank {
        Ok(())
    } else {
        text.zeroize();
        Err(Error::NotOpened)
    }
}

/// x and y of a point, big endian; wiped on drop.
struct Coordinates(Zeroizing<[u8; 64]>);

impl Coordinates {
    /// Of a point that is not the identity: a multiple below the group order of a point of that prime order.
    fn of(point: ProjectivePoint) -> Self {
        let affine = point.to_affine();
        let mut both = Zeroizing::new([0; 64]);
        let (x, y) = both.split_at_mut(32);
        x.copy_from_slice(&affine.x());
        y.copy_from_slice(&affine.y());
        Coordinates(both)
    }

    /// Adds the one block of the KDF to a text that is no longer; says whether what it added is all zero.
    fn mask(&self, text: &mut [u8]) -> bool {
        let block: Zeroizing<[u8; BLOCK]> =
            Zeroizing::new(Sm3::new().chain_update(*self.0).chain_update([0, 0, 0, 1]).finalize().into());
        text.iter_mut().zip(*block).for_each(|(byte, mask)| *byte ^= mask);
        let added = block.get(..text.len()).unwrap_or_default();
        secret::same(added, [0; BLOCK].get(..text.len()).unwrap_or_default())
    }

    /// C3. Secret until it is known to be the ciphertext's.
    fn check(&self, text: &[u8]) -> Zeroizing<[u8; BLOCK]> {
        let (x, y) = self.0.split_at(32);
        Zeroizing::new(Sm3::new().chain_update(x).chain_update(text).chain_update(y).finalize().into())
    }
}

/// A ciphertext, read and its point found on the curve.
struct Sealed<'a> {
    point: AffinePoint,
    hash: &'a [u8],
    text: &'a [u8],
}

impl<'a> Sealed<'a> {
    fn read(sealed: &'a [u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(sealed)?;
        let (x, y, hash, text) = reader.sequence(|parts| {
            Ok::<_, der::Error>((
                coordinate(parts.decode()?)?,
                coordinate(parts.decode()?)?,
                parts.decode::<&OctetStringRef>()?.as_bytes(),
                parts.decode::<&OctetStringRef>()?.as_bytes(),
            ))
        })?;
        reader.finish()?;
        if hash.len() != BLOCK {
            return Err(Tag::OctetString.length_error().into());
        }
        let point = Sec1Point::from_affine_coordinates(&x.into(), &y.into(), false);
        let point = Option::from(AffinePoint::from_sec1_point(&point)).ok_or(Tag::Integer.value_error())?;
        Ok(Sealed { point, hash, text })
    }
}

fn coordinate(integer: UintRef<'_>) -> der::Result<[u8; 32]> {
    let digits = integer.as_bytes();
    let zeros = 32_usize.checked_sub(digits.len()).ok_or(Tag::Integer.length_error())?;
    let mut bytes = [0; 32];
    bytes[zeros..].copy_from_slice(digits);
    Ok(bytes)
}

fn write(point: &Coordinates, hash: &[u8; BLOCK], text: &[u8]) -> der::Result<Vec<u8>> {
    let (x, y) = point.0.split_at(32);
    let (x, y) = (UintRef::new(x)?, UintRef::new(y)?);
    let (hash, text) = (OctetStringRef::new(hash)?, OctetStringRef::new(text)?);
    let parts = [x.encoded_len()?, y.encoded_len()?, hash.encoded_len()?, text.encoded_len()?];
    let length = parts.into_iter().try_fold(Length::ZERO, |sum, part| sum + part)?;
    let mut out = [0; SEALED_BYTES_MAX];
    let mut writer = SliceWriter::new(&mut out);
    writer.sequence(length, |writer| {
        x.encode(writer)?;
        y.encode(writer)?;
        hash.encode(writer)?;
        text.encode(writer)
    })?;
    Ok(writer.finish()?.to_vec())
}
