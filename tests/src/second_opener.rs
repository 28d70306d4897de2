//! A second implementation of the entry envelope's opening, written from RFC 9180, RFC 5869 and RFC 8949 and from
//! `docs/protocol.md`, with none of the house's code: what both open the same way is what the document says.
//!
//! It keeps its keys in plain memory and compares nothing in constant time; it opens test envelopes only.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hmac::{Hmac, Mac};
use p256::elliptic_curve::sec1::ToSec1Point;
use sha2::Sha256;

/// What an entry was bound to, as the opener's own records have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Version of the format.
    pub version: u64,
    /// Suite number.
    pub suite: u64,
    /// `password`, `password-new`, `password-repeat`.
    pub purpose: String,
    /// Number of the seal key.
    pub kid: u64,
    /// Of the launch.
    pub server_nonce: [u8; 16],
    /// Of the handset.
    pub client_nonce: [u8; 16],
    /// Digest of the summary.
    pub order_digest: [u8; 32],
    /// 0 visual, 1 spoken.
    pub mode: u64,
    /// What the host could not do.
    pub surface: u64,
}

/// The sealed parts of an envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The encapsulated key.
    pub encapsulated: Vec<u8>,
    /// Layout with its tag.
    pub layout: Vec<u8>,
    /// 64 boxes of 17 bytes.
    pub boxes: Vec<u8>,
    /// The closing tag.
    pub close: Vec<u8>,
}

/// What was inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// `[kind, n, character of slot 0, …]`.
    pub layout: Vec<u8>,
    /// The 64 bytes that were pressed: slots, 0xFD delete, 0xFE clear, 0xFF nothing.
    pub presses: Vec<u8>,
}

impl Opened {
    /// The characters that stand at the end; `None` when a press names no slot.
    pub fn characters(&self) -> Option<Vec<u8>> {
        let mut typed = Vec::new();
        for press in &self.presses {
            match press {
                0xFD => {
                    typed.pop();
                }
                0xFE => typed.clear(),
                0xFF => {}
                slot => typed.push(*self.layout.get(2 + usize::from(*slot))?),
            }
        }
        Some(typed)
    }
}

/// Opens an envelope's parts; `None` when anything does not fit.
pub fn open(private_key: &[u8; 32], bound: &Bound, sealed: &Sealed) -> Option<Opened> {
    let context = bound.encode();
    let exporter = exporter_secret(private_key, &sealed.encapsulated, &context)?;
    let mut chain = labelled_expand(&exporter, &HPKE_SUITE, b"sec", b"msgpay keystroke chain");
    let layout = unseal(&mut chain, b"layout", b"layout", &sealed.layout)?;
    let mut presses = Vec::new();
    for (number, sealed) in (1..=64_u8).zip(sealed.boxes.chunks(17)) {
        presses.extend(unseal(&mut chain, b"key", &[number], sealed)?);
    }
    let transcript =
        array(&[bytes(&context), bytes(&sealed.encapsulated), bytes(&sealed.layout), bytes(&sealed.boxes)]);
    let nothing = unseal(&mut chain, b"close", &transcript, &sealed.close)?;
    (nothing.is_empty() && presses.len() == 64).then_some(Opened { layout, presses })
}

/// One AEAD under the chain's key of this place, which then moves on.
fn unseal(chain: &mut [u8; 32], label: &[u8], aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let key = expand(chain, label);
    *chain = expand(chain, b"next");
    let cipher = Aes256Gcm::new(&key.into());
    let nonce = Nonce::<aes_gcm::aead::consts::U12>::default();
    cipher.decrypt(&nonce, Payload { msg: sealed, aad }).ok()
}

impl Bound {
    /// Deterministic CBOR of the nine parts.
    fn encode(&self) -> Vec<u8> {
        array(&[
            head(0, self.version),
            head(0, self.suite),
            text(&self.purpose),
            head(0, self.kid),
            bytes(&self.server_nonce),
            bytes(&self.client_nonce),
            bytes(&self.order_digest),
            head(0, self.mode),
            head(0, self.surface),
        ])
    }
}

/// RFC 8949 §3: major type and argument in the shortest form.
fn head(major: u8, argument: u64) -> Vec<u8> {
    let major = major << 5;
    let wide = argument.to_be_bytes();
    match argument {
        0..24 => vec![major | wide[7]],
        24..0x100 => vec![major | 24, wide[7]],
        0x100..0x1_0000 => [&[major | 25], &wide[6..]].concat(),
        0x1_0000..0x1_0000_0000 => [&[major | 26], &wide[4..]].concat(),
        _ => [&[major | 27], &wide[..]].concat(),
    }
}

fn bytes(content: &[u8]) -> Vec<u8> {
    [head(2, content.len() as u64), content.to_vec()].concat()
}

fn text(content: &str) -> Vec<u8> {
    [head(3, content.len() as u64), content.as_bytes().to_vec()].concat()
}

fn array(items: &[Vec<u8>]) -> Vec<u8> {
    [head(4, items.len() as u64), items.concat()].concat()
}

/// RFC 9180 §4.1: `"KEM" ‖ 0x0010`, DHKEM(P-256, HKDF-SHA256).
const KEM_SUITE: [u8; 5] = *b"KEM\x00\x10";
/// RFC 9180 §5.1: `"HPKE" ‖ kem ‖ kdf ‖ aead`, the last AES-256-GCM.
const HPKE_SUITE: [u8; 10] = *b"HPKE\x00\x10\x00\x01\x00\x02";

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
    mac(salt, &[b"HPKE-v1", suite, label, ikm])
}

/// For 32 bytes: one block of HKDF-Expand.
fn labelled_expand(prk: &[u8; 32], suite: &[u8], label: &[u8], info: &[u8]) -> [u8; 32] {
    mac(prk, &[&[0, 32], b"HPKE-v1", suite, label, info, &[1]])
}

/// RFC 5869 §2.3 for 32 bytes: `HMAC(prk, info ‖ 0x01)`.
fn expand(prk: &[u8; 32], info: &[u8]) -> [u8; 32] {
    mac(prk, &[info, &[1]])
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // RFC 2104: a short key is filled with zeroes, so the block itself can be given; it has one length only.
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::{exporter_secret, head, labelled_expand};

    #[test]
    fn heads_are_the_shortest() {
        assert_eq!(head(0, 23), [0x17]);
        assert_eq!(head(0, 24), [0x18, 24]);
        assert_eq!(head(2, 1088), [0x59, 0x04, 0x40]);
        assert_eq!(head(0, 2_026_112_201), [0x1a, 0x78, 0xc4, 0x04, 0xc9]);
        assert_eq!(head(0, 1 << 40)[0], 0x1b);
    }

    #[test]
    fn a_point_off_the_curve_opens_nothing() {
        let mut point = [7_u8; 65];
        point[0] = 4;
        assert!(exporter_secret(&[1; 32], &point, b"").is_none());
        assert_ne!(labelled_expand(&[0; 32], b"a", b"b", b"c"), labelled_expand(&[0; 32], b"a", b"b", b"d"));
    }
}
