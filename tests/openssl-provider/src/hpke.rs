//! HPKE (RFC 9180) in base mode, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, as far as its exporter:
//! §4.1 (Encap, Decap), §5.1 (KeySchedule) and §5.3 (Export).

use crate::curve::{Curve, Pair};
use crate::derivation::Hash;
use msgpay_crypto::Error;
use openssl::ec::EcPoint;
use openssl::error::ErrorStack;

const KEM: &[u8] = b"KEM\x00\x10";
const SUITE: &[u8] = b"HPKE\x00\x10\x00\x01\x00\x02";

/// The encapsulation, and what is exported under `label`.
pub(crate) fn encapsulate(
    curve: &Curve,
    recipient: &[u8],
    point: &EcPoint,
    info: &[u8],
    label: &[u8],
) -> Result<(Vec<u8>, [u8; 32]), ErrorStack> {
    let ephemeral = curve.make_private()?;
    let ephemeral = curve.private(&ephemeral).ok_or_else(ErrorStack::get)?;
    let enc = ephemeral.public_bytes()?;
    let chain = exported(&ephemeral.agree(point)?, &enc, recipient, info, label)?;
    Ok((enc.to_vec(), chain))
}

pub(crate) fn decapsulate(
    curve: &Curve,
    private: &Pair<'_>,
    enc: &[u8],
    info: &[u8],
    label: &[u8],
) -> Result<[u8; 32], Error> {
    let point = curve.point(enc).ok_or(Error::NotOpened)?;
    let recipient = private.public_bytes().map_err(crate::broken)?;
    let shared = private.agree(&point).map_err(crate::broken)?;
    exported(&shared, enc, &recipient, info, label).map_err(crate::broken)
}

fn exported(
    dh: &[u8],
    enc: &[u8],
    recipient: &[u8],
    info: &[u8],
    label: &[u8],
) -> Result<[u8; 32], ErrorStack> {
    let eae_prk = extract(KEM, &[], b"eae_prk", dh)?;
    let shared_secret = expand(KEM, &eae_prk, b"shared_secret", &[enc, recipient])?;
    let psk_id_hash = extract(SUITE, &[], b"psk_id_hash", b"")?;
    let info_hash = extract(SUITE, &[], b"info_hash", info)?;
    let secret = extract(SUITE, &shared_secret, b"secret", b"")?;
    let exporter_secret = expand(SUITE, &secret, b"exp", &[&[0], &psk_id_hash, &info_hash])?;
    expand(SUITE, &exporter_secret, b"sec", &[label])
}

fn extract(suite: &[u8], salt: &[u8], label: &[u8], ikm: &[u8]) -> Result<[u8; 32], ErrorStack> {
    Hash::Sha256.extract(salt, &[b"HPKE-v1", suite, label, ikm])
}

fn expand(suite: &[u8], prk: &[u8; 32], label: &[u8], info: &[&[u8]]) -> Result<[u8; 32], ErrorStack> {
    let labeled = [&[0, 32], &b"HPKE-v1"[..], suite, label].concat();
    Hash::Sha256.expand(prk, &[&labeled, &info.concat()])
}
