//! A public key of suite 3, and which of its writings are taken. All of it is public.

use super::TAG;
use crate::Error;
use ed25519_dalek::VerifyingKey;

/// Both halves.
pub(super) struct PublicKey {
    pub(super) signing: VerifyingKey,
    pub(super) opening: [u8; 32],
}

impl PublicKey {
    /// A key is good as a whole: a point of large order, written canonically, and a coordinate of one.
    ///
    /// # Errors
    /// [`Error::BadKey`].
    pub(super) fn read(key: &[u8]) -> Result<Self, Error> {
        let [TAG, halves @ ..] = key else { return Err(Error::BadKey) };
        let (signing, opening) = halves.split_first_chunk::<32>().ok_or(Error::BadKey)?;
        let opening = <[u8; 32]>::try_from(opening).map_err(|_| Error::BadKey)?;
        let good = is_canonical_point(signing) && is_canonical(&opening) && !SMALL_ORDER.contains(&opening);
        let signing = VerifyingKey::from_bytes(signing).map_err(|_| Error::BadKey)?;
        if good && !signing.is_weak() { Ok(Self { signing, opening }) } else { Err(Error::BadKey) }
    }
}

/// Whether this little-endian number is below p = 2^255 − 19. RFC 7748 takes others and reduces them; here each key and
/// each encapsulation has one writing.
pub(super) fn is_canonical(bytes: &[u8; 32]) -> bool {
    let [first, middle @ .., last] = bytes;
    *last < 0x7f || (*last == 0x7f && (*first < 0xed || middle.iter().any(|byte| *byte != 0xff)))
}

/// The same of the y of a point of Ed25519, whose top bit is the sign of x. (A zero x with a sign is of small order.)
pub(super) fn is_canonical_point(bytes: &[u8; 32]) -> bool {
    let mut y = *bytes;
    y[31] &= 0x7f;
    is_canonical(&y)
}

/// The canonical coordinates of points of small order, on the curve and on its twist, which X25519 takes to zero
/// whatever the private key: 0, 1, the two of order 8, and p − 1.
pub(super) const SMALL_ORDER: [[u8; 32]; 5] = [
    [0; 32],
    number(1, 0, 0),
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda,
        0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04,
        0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ],
    number(0xec, 0xff, 0x7f),
];

/// Little endian, with one byte throughout between the first and the last.
const fn number(first: u8, middle: u8, last: u8) -> [u8; 32] {
    let mut bytes = [middle; 32];
    bytes[0] = first;
    bytes[31] = last;
    bytes
}
