//! Public keys as SubjectPublicKeyInfo PEM (RFC 5480 §2; the SM2 curve by GM/T 0006): the
//! form in which merchants hand theirs in. Suite 3's key, both halves, stands under an identifier of our own: those of
//! RFC 8410 name one half alone.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use msgpay_wire::SuiteId;
use rustls::pki_types::{SubjectPublicKeyInfoDer, pem::PemObject as _};

/// DER of everything before the point: SEQUENCE { SEQUENCE { ecPublicKey, prime256v1 }, BIT STRING, 0 unused }.
const P256_HEAD: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// The same with sm2p256v1, 1.2.156.10197.1.301.
const SM2_HEAD: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x81,
    0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d, 0x03, 0x42, 0x00,
];

/// SEQUENCE { SEQUENCE { 2.25.223907836080583894868335655398663425616 }, BIT STRING, 0 unused }: the identifier that key
/// files of this suite have too.
const CURVE25519_HEAD: [u8; 29] = [
    0x30, 0x5c, 0x30, 0x16, 0x06, 0x14, 0x69, 0x82, 0xd0, 0xf3, 0x8a, 0xa9, 0x83, 0xb1, 0x82, 0xb0, 0xcb,
    0x87, 0xe1, 0xe7, 0xef, 0xaa, 0xe8, 0xda, 0x9c, 0x50, 0x03, 0x42, 0x00,
];

const fn head(suite: SuiteId) -> &'static [u8] {
    match suite {
        SuiteId::International => &P256_HEAD,
        SuiteId::Guomi => &SM2_HEAD,
        SuiteId::Curve25519 => &CURVE25519_HEAD,
    }
}

/// Write a public key (65 bytes in its suite's shape) as PEM.
pub fn pem(suite: SuiteId, public_key: &[u8; 65]) -> String {
    let body = STANDARD.encode([head(suite), public_key].concat());
    let mut text = String::from("-----BEGIN PUBLIC KEY-----\n");
    for line in body.as_bytes().chunks(64) {
        text.extend(line.iter().map(|b| char::from(*b)));
        text.push('\n');
    }
    text + "-----END PUBLIC KEY-----\n"
}

/// Read a public key (65 bytes) with its suite from a PEM file; `None` when it is of no suite.
///
/// Whether the point lies on the curve shows at the first verification, which then fails.
pub fn read(path: &Path) -> Option<(SuiteId, [u8; 65])> {
    let der = SubjectPublicKeyInfoDer::from_pem_file(path).ok()?;
    let of = |suite| Some((suite, der.as_ref().strip_prefix(head(suite))?));
    let (suite, key) = SuiteId::ALL.into_iter().find_map(of)?;
    let key = <[u8; 65]>::try_from(key).ok().filter(|key| suite.begins(key))?;
    Some((suite, key))
}
