//! Suite 3: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM (RFC 9180, base mode; RFC 7748).

use aes_gcm::aead::Payload;

use super::international::{P256, exported};
use super::{Suite, expand};

/// RFC 9180 §4.1: `"KEM" ‖ 0x0020`, DHKEM(X25519, HKDF-SHA256).
const KEM_SUITE: [u8; 5] = *b"KEM\x00\x20";
/// RFC 9180 §5.1: `"HPKE" ‖ kem ‖ kdf ‖ aead`, the last AES-256-GCM.
const HPKE_SUITE: [u8; 10] = *b"HPKE\x00\x20\x00\x01\x00\x02";

pub(super) struct X25519;

impl Suite for X25519 {
    fn first(seed: &[u8; 32], encapsulated: &[u8], context: &[u8]) -> Option<[u8; 32]> {
        let private = expand::<P256>(seed, b"msgpay curve25519 v1 open");
        let sender: [u8; 32] = encapsulated.try_into().ok()?;
        let dh = x25519_dalek::x25519(private, sender);
        let own = x25519_dalek::x25519(private, x25519_dalek::X25519_BASEPOINT_BYTES);
        let kem_context = [sender, own].concat();
        (dh != [0; 32]).then(|| exported((&KEM_SUITE, &HPKE_SUITE), &dh, &kem_context, context))
    }

    fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
        P256::mac(key, parts)
    }

    fn decrypt(key: &[u8; 32], sealed: Payload<'_, '_>) -> Option<Vec<u8>> {
        P256::decrypt(key, sealed)
    }
}

#[cfg(test)]
mod tests {
    use super::{Suite, X25519};

    #[test]
    fn an_encapsulation_of_small_order_or_of_another_length_opens_nothing() {
        assert!(X25519::first(&[7; 32], &[0; 32], b"").is_none());
        assert!(X25519::first(&[7; 32], &[9; 31], b"").is_none());
        assert!(X25519::first(&[7; 32], &[9; 32], b"").is_some());
    }
}
