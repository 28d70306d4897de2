//! A key file of suite 3: PKCS #8 (RFC 5958) with the seed and the public key, in its one DER writing.
//!
//! RFC 8410 has identifiers for an Ed25519 and for an X25519 key, and none for a seed of both; under one of them another
//! program would take the seed for a key and work with the wrong one. So this is an identifier of our own, below the arc
//! of UUIDs (X.667): 2.25.223907836080583894868335655398663425616.

use crate::{Error, SuiteId};
use p256::pkcs8::{LineEnding, SecretDocument};
use zeroize::Zeroizing;

/// SEQUENCE { 1, SEQUENCE { identifier }, OCTET STRING { OCTET STRING, 32 bytes: the seed.
const HEAD: [u8; 34] = [
    0x30, 0x81, 0x83, 0x02, 0x01, 0x01, 0x30, 0x16, 0x06, 0x14, 0x69, 0x82, 0xd0, 0xf3, 0x8a, 0xa9, 0x83,
    0xb1, 0x82, 0xb0, 0xcb, 0x87, 0xe1, 0xe7, 0xef, 0xaa, 0xe8, 0xda, 0x9c, 0x50, 0x04, 0x22, 0x04, 0x20,
];
/// } [1] BIT STRING, no unused bits: the public key. }
const MIDDLE: [u8; 3] = [0x81, 0x42, 0x00];
const BYTES: usize = HEAD.len() + 32 + MIDDLE.len() + 65;
const LABEL: &str = "PRIVATE KEY";

/// The seed of a DER file whose public key is the seed's.
pub(super) fn read_der(der: &[u8], seed: &mut [u8; 32]) -> Result<(), Error> {
    let rest = der.strip_prefix(&HEAD).ok_or(Error::BadKey)?;
    let (written, rest) = rest.split_first_chunk::<32>().ok_or(Error::BadKey)?;
    let public = rest.strip_prefix(&MIDDLE).ok_or(Error::BadKey)?;
    if SuiteId::Curve25519.suite().public_of(written)? != public {
        return Err(Error::BadKey);
    }
    *seed = *written;
    Ok(())
}

/// The same of `BEGIN PRIVATE KEY`.
pub(super) fn read_pem(pem: &str, seed: &mut [u8; 32]) -> Result<(), Error> {
    let (label, der) = SecretDocument::from_pem(pem).map_err(|_| Error::BadKey)?;
    if label == LABEL { read_der(der.as_bytes(), seed) } else { Err(Error::BadKey) }
}

pub(super) fn write_pem(seed: &[u8; 32], public: &[u8; 65]) -> Result<Zeroizing<String>, Error> {
    let mut der = Zeroizing::new([0; BYTES]);
    let parts = [&HEAD[..], seed, &MIDDLE, public];
    let bytes = parts.into_iter().flatten();
    der.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
    let document = SecretDocument::try_from(&der[..]).map_err(|_| Error::BadKey)?;
    document.to_pem(LABEL, LineEnding::LF).map_err(|_| Error::BadKey)
}
