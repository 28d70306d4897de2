//! A second implementation of the entry envelope's opening, written from RFC 9180, GB/T 32918.4, RFC 5869 and RFC 8949
//! and from `docs/protocol.md`, with none of the house's code: what both open the same way is what the document says.
//!
//! ```text
//! international   DHKEM(P-256) and the key schedule of HPKE, as far as the exporter
//! curve25519      the same over X25519, its private key expanded from the suite's seed
//! guomi           SM2 decryption and its DER, HKDF over SM3
//! ```
//!
//! It keeps its keys in plain memory and compares nothing in constant time; it opens test envelopes only.

mod curve25519;
mod guomi;
mod international;

use aes_gcm::aead::Payload;
use hmac::Mac;

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

/// The algorithms of a suite. Which ones an opener uses is its own knowledge, not the envelope's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithms {
    /// Suite 1: HPKE over P-256, HKDF-SHA256, AES-256-GCM.
    P256,
    /// Suite 2: SM2, HKDF-SM3, SM4-GCM.
    Sm2,
    /// Suite 3: HPKE over X25519, the rest as suite 1.
    X25519,
}

/// What a suite gives to the chain, which is the same in all.
trait Suite {
    /// The first key of the chain.
    fn first(private_key: &[u8; 32], encapsulated: &[u8], context: &[u8]) -> Option<[u8; 32]>;
    /// HMAC over parts that follow each other.
    fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32];
    /// The AEAD under a key of the chain, with a nonce of zeroes.
    fn decrypt(key: &[u8; 32], sealed: Payload<'_, '_>) -> Option<Vec<u8>>;
}

/// Opens an envelope's parts with the private scalar, or the seed, of a seal key; `None` when anything does not fit.
pub fn open(
    algorithms: Algorithms,
    private_key: &[u8; 32],
    bound: &Bound,
    sealed: &Sealed,
) -> Option<Opened> {
    match algorithms {
        Algorithms::P256 => open_with::<international::P256>(private_key, bound, sealed),
        Algorithms::Sm2 => open_with::<guomi::Sm2>(private_key, bound, sealed),
        Algorithms::X25519 => open_with::<curve25519::X25519>(private_key, bound, sealed),
    }
}

fn open_with<S: Suite>(private_key: &[u8; 32], bound: &Bound, sealed: &Sealed) -> Option<Opened> {
    let context = bound.encode();
    let mut chain = S::first(private_key, &sealed.encapsulated, &context)?;
    let layout = unseal::<S>(&mut chain, b"layout", b"layout", &sealed.layout)?;
    let mut presses = Vec::new();
    for (number, sealed) in (1..=64_u8).zip(sealed.boxes.chunks(17)) {
        presses.extend(unseal::<S>(&mut chain, b"key", &[number], sealed)?);
    }
    let transcript =
        array(&[bytes(&context), bytes(&sealed.encapsulated), bytes(&sealed.layout), bytes(&sealed.boxes)]);
    let nothing = unseal::<S>(&mut chain, b"close", &transcript, &sealed.close)?;
    (nothing.is_empty() && presses.len() == 64).then_some(Opened { layout, presses })
}

/// One AEAD under the chain's key of this place, which then moves on.
fn unseal<S: Suite>(chain: &mut [u8; 32], label: &[u8], aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let key = expand::<S>(chain, label);
    *chain = expand::<S>(chain, b"next");
    S::decrypt(&key, Payload { msg: sealed, aad })
}

/// RFC 5869 §2.3 for 32 bytes: `HMAC(prk, info ‖ 0x01)`.
fn expand<S: Suite>(prk: &[u8; 32], info: &[u8]) -> [u8; 32] {
    S::mac(prk, &[info, &[1]])
}

/// RFC 2104 with a key that is no longer than a block: filled with zeroes it can be given as the block itself, which
/// has one length only.
fn block(key: &[u8]) -> [u8; 64] {
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    block
}

fn finished<M: Mac>(mut mac: M, parts: &[&[u8]]) -> [u8; 32] {
    parts.iter().for_each(|part| mac.update(part));
    let mut out = [0; 32];
    out.copy_from_slice(&mac.finalize().into_bytes());
    out
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

#[cfg(test)]
mod tests {
    use super::head;

    #[test]
    fn heads_are_the_shortest() {
        assert_eq!(head(0, 23), [0x17]);
        assert_eq!(head(0, 24), [0x18, 24]);
        assert_eq!(head(2, 1088), [0x59, 0x04, 0x40]);
        assert_eq!(head(0, 2_026_112_201), [0x1a, 0x78, 0xc4, 0x04, 0xc9]);
        assert_eq!(head(0, 1 << 40)[0], 0x1b);
    }
}
