//! Public keys as SubjectPublicKeyInfo PEM (RFC 5480 §2; the SM2 curve by GM/T 0006): the
//! form in which merchants hand theirs in.

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

const fn head(suite: SuiteId) -> &'static [u8; 26] {
    match suite {
        SuiteId::International => &P256_HEAD,
        SuiteId::Guomi => &SM2_HEAD,
    }
}

/// Write a public key (SEC1 uncompressed) as PEM.
pub fn pem(suite: SuiteId, public_key: &[u8; 65]) -> String {
    let body = STANDARD.encode([head(suite).as_slice(), public_key].concat());
    let mut text = String::from("-----BEGIN PUBLIC KEY-----\n");
    for line in body.as_bytes().chunks(64) {
        text.extend(line.iter().map(|b| char::from(*b)));
        text.push('\n');
    }
    text + "-----END PUBLIC KEY-----\n"
}

/// Read a public key (SEC1 uncompressed) with its suite from a PEM file; `None` when it is of no suite.
///
/// Whether the point lies on the curve shows at the first verification, which then fails.
pub fn read(path: &Path) -> Option<(SuiteId, [u8; 65])> {
    let der = SubjectPublicKeyInfoDer::from_pem_file(path).ok()?;
    let of = |suite| Some((suite, der.as_ref().strip_prefix(head(suite))?));
    let (suite, point) = SuiteId::ALL.into_iter().find_map(of)?;
    let point = <[u8; 65]>::try_from(point).ok().filter(|point| point[0] == 4)?;
    Some((suite, point))
}
