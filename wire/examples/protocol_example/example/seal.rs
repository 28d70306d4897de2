//! The sealing end of the keypad, written from RFC 9180, RFC 5869 and the protocol's own formulas over ring and
//! p256, with a fixed ephemeral key. It keeps keys in plain memory: for examples only.

use msgpay_wire::entry::{Envelope, NO_OPERATION, PRESSES, label};
use ring::{aead, hmac};

use super::keys::Key;

/// RFC 9180 §4.1: `"KEM" ‖ 0x0010`, DHKEM(P-256, HKDF-SHA256).
const KEM: &[u8] = b"KEM\x00\x10";
/// RFC 9180 §5.1: `"HPKE" ‖ kem 0x0010 ‖ kdf 0x0001 ‖ aead 0x0002`.
const HPKE: &[u8] = b"HPKE\x00\x10\x00\x01\x00\x02";

/// A sealed entry, with the steps on its way.
pub(crate) struct Sealed {
    pub(crate) encapsulated: Vec<u8>,
    pub(crate) chain_0: [u8; 32],
    pub(crate) layout_key: [u8; 32],
    pub(crate) layout: Vec<u8>,
    pub(crate) chain_1: [u8; 32],
    pub(crate) key_1: [u8; 32],
    pub(crate) boxes: Vec<u8>,
    pub(crate) chain_65: [u8; 32],
    pub(crate) close: [u8; 16],
}

pub(crate) fn seal(recipient: Key, ephemeral: Key, context: &[u8], layout: &[u8], presses: &[u8]) -> Sealed {
    let encapsulated = ephemeral.public().to_vec();
    let chain_0 = export(recipient, ephemeral, context);
    let layout_key = expand(&chain_0, label::LAYOUT);
    let sealed_layout = gcm(&layout_key, label::LAYOUT, layout);
    let chain_1 = expand(&chain_0, label::NEXT);
    let (mut chain, mut boxes) = (chain_1, Vec::new());
    let typed = presses.iter().copied().chain(std::iter::repeat(NO_OPERATION)).take(PRESSES);
    for (number, press) in (1u8..).zip(typed) {
        boxes.extend(gcm(&expand(&chain, label::KEY), &[number], &[press]));
        chain = expand(&chain, label::NEXT);
    }
    let transcript = Envelope::transcript(context, &encapsulated, &sealed_layout, &boxes);
    let tag = gcm(&expand(&chain, label::CLOSE), &transcript, b"");
    Sealed {
        encapsulated,
        chain_0,
        layout_key,
        layout: sealed_layout,
        chain_1,
        key_1: expand(&chain_1, label::KEY),
        boxes,
        chain_65: chain,
        close: tag.try_into().expect("a tag alone"),
    }
}

/// RFC 9180 §4.1 `Encap`, §5.1 `KeySchedule` in base mode, §5.3 `Export` of 32 bytes.
fn export(recipient: Key, ephemeral: Key, info: &[u8]) -> [u8; 32] {
    let secret = p256::SecretKey::from_slice(&[ephemeral.0; 32]).expect("a scalar below the order");
    let public = p256::PublicKey::from_sec1_bytes(&recipient.public()).expect("a point");
    let dh = p256::ecdh::diffie_hellman(secret.to_nonzero_scalar(), public.as_affine());
    let kem_context = [ephemeral.public(), recipient.public()].concat();
    let prk = labelled_extract(b"", KEM, b"eae_prk", dh.raw_secret_bytes());
    let shared = labelled_expand(&prk, KEM, b"shared_secret", &kem_context);
    let psk_id_hash = labelled_extract(b"", HPKE, b"psk_id_hash", b"");
    let info_hash = labelled_extract(b"", HPKE, b"info_hash", info);
    let schedule = [&[0][..], &psk_id_hash, &info_hash].concat();
    let secret = labelled_extract(&shared, HPKE, b"secret", b"");
    let exporter = labelled_expand(&secret, HPKE, b"exp", &schedule);
    labelled_expand(&exporter, HPKE, b"sec", label::CHAIN)
}

fn labelled_extract(salt: &[u8], suite: &[u8], label: &[u8], ikm: &[u8]) -> [u8; 32] {
    mac(salt, &[b"HPKE-v1", suite, label, ikm].concat())
}

fn labelled_expand(prk: &[u8; 32], suite: &[u8], label: &[u8], info: &[u8]) -> [u8; 32] {
    expand(prk, &[&[0, 32][..], b"HPKE-v1", suite, label, info].concat())
}

/// HKDF-Expand of 32 bytes: one block (RFC 5869 §2.3).
fn expand(prk: &[u8; 32], info: &[u8]) -> [u8; 32] {
    mac(prk, &[info, &[1]].concat())
}

fn mac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message);
    tag.as_ref().try_into().expect("32 bytes")
}

/// AES-256-GCM with the zero nonce: each key seals once.
fn gcm(key: &[u8; 32], aad: &[u8], text: &[u8]) -> Vec<u8> {
    let key = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_256_GCM, key).expect("32 bytes"));
    let mut sealed = text.to_vec();
    let nonce = aead::Nonce::assume_unique_for_key([0; 12]);
    key.seal_in_place_append_tag(nonce, aead::Aad::from(aad), &mut sealed).expect("it seals");
    sealed
}
