//! RFC 9180 §4.1, §5.1 and §5.3 written down a second time, over ring's HMAC.

/// DHKEM(P-256, HKDF-SHA256).
pub(crate) const P256: u8 = 0x10;
/// DHKEM(X25519, HKDF-SHA256).
#[cfg(feature = "curve25519")]
pub(crate) const X25519: u8 = 0x20;

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key), message).as_ref().to_vec()
}

fn extract(suite: &[u8], salt: &[u8], label: &[u8], ikm: &[u8]) -> Vec<u8> {
    hmac(salt, &[b"HPKE-v1", suite, label, ikm].concat())
}

/// For outputs of one block: T(1) = HMAC(prk, info || 0x01).
fn expand(suite: &[u8], prk: &[u8], label: &[u8], info: &[u8], length: u8) -> Vec<u8> {
    let mut out = hmac(prk, &[&[0, length], &b"HPKE-v1"[..], suite, label, info, &[1]].concat());
    out.truncate(length.into());
    out
}

pub(crate) struct Schedule {
    pub(crate) shared_secret: Vec<u8>,
    pub(crate) exporter_secret: Vec<u8>,
    suite: Vec<u8>,
}

/// From the shared coordinate: `enc` and `other` are the two public keys.
pub(crate) fn from_dh(kem: u8, dh: &[u8], enc: &[u8], other: &[u8], aead: u8, info: &[u8]) -> Schedule {
    let of = [b"KEM\x00", &[kem][..]].concat();
    let eae_prk = extract(&of, b"", b"eae_prk", dh);
    let shared_secret = expand(&of, &eae_prk, b"shared_secret", &[enc, other].concat(), 32);
    from_shared(kem, shared_secret, aead, info)
}

pub(crate) fn from_shared(kem: u8, shared_secret: Vec<u8>, aead: u8, info: &[u8]) -> Schedule {
    let suite = [&b"HPKE\x00"[..], &[kem, 0, 1, 0, aead]].concat();
    let psk_id_hash = extract(&suite, b"", b"psk_id_hash", b"");
    let info_hash = extract(&suite, b"", b"info_hash", info);
    let context = [&[0][..], &psk_id_hash, &info_hash].concat();
    let secret = extract(&suite, &shared_secret, b"secret", b"");
    let exporter_secret = expand(&suite, &secret, b"exp", &context, 32);
    Schedule { shared_secret, exporter_secret, suite }
}

impl Schedule {
    pub(crate) fn export(&self, label: &[u8]) -> Vec<u8> {
        expand(&self.suite, &self.exporter_secret, b"sec", label, 32)
    }
}
