//! Suite 1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM (RFC 9180, base mode).

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hmac::Hmac;
use p256::elliptic_curve::sec1::ToSec1Point;
use sha2::Sha256;

use super::{Suite, block, finished};

/// RFC 9180 §4.1: `"KEM" ‖ 0x0010`, DHKEM(P-256, HKDF-SHA256).
const KEM_SUITE: [u8; 5] = *b"KEM\x00\x10";
/// RFC 9180 §5.1: `"HPKE" ‖ kem ‖ kdf ‖ aead`, the last AES-256-GCM.
const HPKE_SUITE: [u8; 10] = *b"HPKE\x00\x10\x00\x01\x00\x02";

pub(super) struct P256;

impl Suite for P256 {
    fn first(private_key: &[u8; 32], encapsulated: &[u8], context: &[u8]) -> Option<[u8; 32]> {
        let (dh, own) = agreed(private_key, encapsulated)?;
        Some(exported((&KEM_SUITE, &HPKE_SUITE), &dh, &[encapsulated, &own].concat(), context))
    }

    fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
        finished(<Hmac<Sha256> as KeyInit>::new(&block(key).into()), parts)
    }

    fn decrypt(key: &[u8; 32], sealed: Payload<'_, '_>) -> Option<Vec<u8>> {
        let nonce = Nonce::<aes_gcm::aead::consts::U12>::default();
        Aes256Gcm::new(&(*key).into()).decrypt(&nonce, sealed).ok()
    }
}

/// The shared point's x, and the own public key.
fn agreed(private_key: &[u8; 32], encapsulated: &[u8]) -> Option<([u8; 32], Vec<u8>)> {
    let private = p256::SecretKey::from_slice(private_key).ok()?;
    let sender = p256::PublicKey::from_sec1_bytes(encapsulated).ok()?;
    let dh = p256::ecdh::diffie_hellman(private.to_nonzero_scalar(), sender.as_affine());
    let own = private.public_key().to_sec1_point(false);
    Some(((*dh.raw_secret_bytes()).into(), own.as_bytes().to_vec()))
}

/// RFC 9180 §4.1 `Decap` after the agreement, §5.1 `KeySchedule` in base mode, and §5.3 `Export`. The suites are those
/// of KEM and HPKE.
pub(super) fn exported(
    (kem, hpke): (&[u8], &[u8]),
    dh: &[u8; 32],
    kem_context: &[u8],
    info: &[u8],
) -> [u8; 32] {
    let prk = labelled_extract(&[], kem, b"eae_prk", dh);
    let shared = labelled_expand(&prk, kem, b"shared_secret", kem_context);
    let psk_id_hash = labelled_extract(&[], hpke, b"psk_id_hash", b"");
    let info_hash = labelled_extract(&[], hpke, b"info_hash", info);
    let schedule = [&[0], &psk_id_hash[..], &info_hash[..]].concat();
    let secret = labelled_extract(&shared, hpke, b"secret", b"");
    let exporter = labelled_expand(&secret, hpke, b"exp", &schedule);
    labelled_expand(&exporter, hpke, b"sec", b"msgpay keystroke chain")
}

fn labelled_extract(salt: &[u8], suite: &[u8], label: &[u8], ikm: &[u8]) -> [u8; 32] {
    P256::mac(salt, &[b"HPKE-v1", suite, label, ikm])
}

/// For 32 bytes: one block of HKDF-Expand.
fn labelled_expand(prk: &[u8; 32], suite: &[u8], label: &[u8], info: &[u8]) -> [u8; 32] {
    P256::mac(prk, &[&[0, 32], b"HPKE-v1", suite, label, info, &[1]])
}

#[cfg(test)]
mod tests {
    use super::{agreed, labelled_expand};

    #[test]
    fn a_point_off_the_curve_opens_nothing() {
        let mut point = [7_u8; 65];
        point[0] = 4;
        assert!(agreed(&[1; 32], &point).is_none());
        assert_ne!(labelled_expand(&[0; 32], b"a", b"b", b"c"), labelled_expand(&[0; 32], b"a", b"b", b"d"));
    }
}
