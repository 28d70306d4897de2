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
        let exporter = exporter_secret(private_key, encapsulated, context)?;
        Some(labelled_expand(&exporter, &HPKE_SUITE, b"sec", b"msgpay keystroke chain"))
    }

    fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
        finished(<Hmac<Sha256> as KeyInit>::new(&block(key).into()), parts)
    }

    fn decrypt(key: &[u8; 32], sealed: Payload<'_, '_>) -> Option<Vec<u8>> {
        let nonce = Nonce::<aes_gcm::aead::consts::U12>::default();
        Aes256Gcm::new(&(*key).into()).decrypt(&nonce, sealed).ok()
    }
}

/// RFC 9180 §4.1 `Decap` and §5.1 `KeySchedule`, base mode, as far as the exporter secret.
fn exporter_secret(private_key: &[u8; 32], encapsulated: &[u8], info: &[u8]) -> Option<[u8; 32]> {
    let private = p256::SecretKey::from_slice(private_key).ok()?;
    let sender = p256::PublicKey::from_sec1_bytes(encapsulated).ok()?;
    let dh = p256::ecdh::diffie_hellman(private.to_nonzero_scalar(), sender.as_affine());
    let own = private.public_key().to_sec1_point(false);
    let kem_context = [encapsulated, own.as_bytes()].concat();
    let prk = labelled_extract(&[], &KEM_SUITE, b"eae_prk", dh.raw_secret_bytes());
    let shared = labelled_expand(&prk, &KEM_SUITE, b"shared_secret", &kem_context);
    let psk_id_hash = labelled_extract(&[], &HPKE_SUITE, b"psk_id_hash", b"");
    let info_hash = labelled_extract(&[], &HPKE_SUITE, b"info_hash", info);
    let schedule = [&[0], &psk_id_hash[..], &info_hash[..]].concat();
    let secret = labelled_extract(&shared, &HPKE_SUITE, b"secret", b"");
    Some(labelled_expand(&secret, &HPKE_SUITE, b"exp", &schedule))
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
    use super::{exporter_secret, labelled_expand};

    #[test]
    fn a_point_off_the_curve_opens_nothing() {
        let mut point = [7_u8; 65];
        point[0] = 4;
        assert!(exporter_secret(&[1; 32], &point, b"").is_none());
        assert_ne!(labelled_expand(&[0; 32], b"a", b"b", b"c"), labelled_expand(&[0; 32], b"a", b"b", b"d"));
    }
}
