//! What the lines of the control build call. Never part of the product: it is laid into a copy of it.
//!
//! Lines are switched on by their names, with commas between, in `MSGPAY_CONTROL`; without one this file does nothing at all.

use hkdf::Hkdf;
use hpke::Serializable as _;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Whether this line is switched on.
pub fn on(name: &str) -> bool {
    wanted().iter().any(|wanted| wanted == name)
}

/// A forgotten copy on the heap.
pub fn keep(secret: &[u8]) {
    std::hint::black_box(Box::leak(secret.to_vec().into_boxed_slice()));
}

/// A value that is never dropped, and so never wiped.
pub fn forget<T>(value: T) {
    std::hint::black_box(Box::leak(Box::new(value)));
}

/// A cipher under the first half of a key, never dropped.
pub fn schedule<T>(make: impl FnOnce(&[u8; 16]) -> T, key: &[u8; 32]) {
    if let Some(half) = key.first_chunk() {
        forget(make(half));
    }
}

/// Keyed states of both hashes that are never dropped.
pub fn keyed(key: &[u8]) {
    forget(Hkdf::<sha2::Sha256>::from_prk(key));
    forget(Hkdf::<sm3::Sm3>::from_prk(key));
}

/// The shared point of HPKE with the ephemeral key of this seed: inside the library it is out of a line's reach.
pub fn shared(seed: &[u8; 32], public_key: &[u8]) {
    let (private, _) = <hpke::kem::DhP256HkdfSha256 as hpke::Kem>::derive_keypair(seed);
    let private = p256::SecretKey::from_slice(&private.to_bytes());
    let public = p256::PublicKey::from_sec1_bytes(public_key);
    if let (Ok(private), Ok(public)) = (private, public) {
        let shared = p256::ecdh::diffie_hellman(private.to_nonzero_scalar(), public.as_affine());
        keep(shared.raw_secret_bytes());
    }
}

/// The same of X25519, whose multiplication is reached through a point of Ed25519.
#[cfg(feature = "curve25519")]
pub fn shared_x25519(seed: &[u8; 32], public_key: &[u8; 32]) {
    let (private, _) = <hpke::kem::X25519HkdfSha256 as hpke::Kem>::derive_keypair(seed);
    let mut point = ed25519_dalek::VerifyingKey::default().to_montgomery();
    point.0 = *public_key;
    keep(&point.mul_clamped(private.to_bytes().into()).0);
}

/// The shared point of HPKE on the receiver's side.
pub fn agreed(scalar: &[u8; 32], encapsulated: &[u8]) {
    let private = p256::SecretKey::from_slice(scalar);
    let public = p256::PublicKey::from_sec1_bytes(encapsulated);
    if let (Ok(private), Ok(public)) = (private, public) {
        let shared = p256::ecdh::diffie_hellman(private.to_nonzero_scalar(), public.as_affine());
        keep(shared.raw_secret_bytes());
    }
}

/// A list in one dress, kept for ever.
enum List {
    Bytes(Vec<u8>),
    Narrow(Vec<u16>),
    Wide(Vec<i32>),
    Widest(Vec<i64>),
    Objects(Vec<[u8; 3]>),
    LargeObjects(Vec<[u32; 3]>),
    Floats(Vec<(f32, f32)>),
    Doubles(Vec<(f64, f64)>),
    Events(Vec<(f32, f32, u64)>),
    /// Made anew from elements that are kept in disguise.
    Text(Vec<u8>, String),
    Packed(Vec<u8>, Vec<u8>),
}

static KEPT: Mutex<BTreeMap<String, List>> = Mutex::new(BTreeMap::new());
/// Characters in slot order, in disguise: the copy cannot know them otherwise, since the product does not.
static LAYOUT: Mutex<Vec<u8>> = Mutex::new(Vec::new());
const DISGUISE: u8 = 0xA5;

fn wanted() -> Vec<String> {
    std::env::var("MSGPAY_CONTROL").unwrap_or_default().split(',').map(str::to_owned).collect()
}

/// Remembers the layout for the lines that keep characters.
pub fn layout(page: &[u8]) {
    if wanted().iter().any(|name| name.starts_with("characters")) {
        let disguised = page.iter().skip(2).map(|character| character ^ DISGUISE).collect();
        *LAYOUT.lock().unwrap_or_else(PoisonError::into_inner) = disguised;
    }
}

/// A core that keeps a list: of slots (`slots-…`) or of characters (`characters-…`), in one dress.
pub fn press(slot: u8) {
    for name in wanted() {
        let layout = LAYOUT.lock().unwrap_or_else(PoisonError::into_inner);
        let element = match name.split_once('-') {
            Some(("slots", _)) => slot,
            Some(("characters", _)) => layout.get(usize::from(slot)).map_or(0, |byte| byte ^ DISGUISE),
            _ => continue,
        };
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        let dress = name.split_once('-').map_or("", |(_, dress)| dress).to_owned();
        let list = kept.entry(name).or_insert_with(|| match dress.as_str() {
            "u16" | "u16be" => List::Narrow(Vec::new()),
            "i32" => List::Wide(Vec::new()),
            "i64" => List::Widest(Vec::new()),
            "printed" | "hex" | "upper" | "base64" => List::Text(Vec::new(), String::new()),
            "bcd" => List::Packed(Vec::new(), Vec::new()),
            _ => List::Bytes(Vec::new()),
        });
        match list {
            List::Bytes(list) if dress == "last" && !list.is_empty() => list[0] = element,
            List::Bytes(list) if dress == "back" => list.insert(0, element),
            List::Bytes(list) if dress == "values" => list.push(value(element)),
            List::Bytes(list) => list.push(element),
            List::Narrow(list) if dress == "u16be" => list.push(u16::from(element).to_be()),
            List::Narrow(list) => list.push(element.into()),
            List::Wide(list) => list.push(element.into()),
            List::Widest(list) => list.push(element.into()),
            List::Text(elements, text) => {
                elements.push(element ^ DISGUISE);
                let plain: Vec<u8> = elements.iter().map(|byte| byte ^ DISGUISE).collect();
                *text = match dress.as_str() {
                    "printed" => format!("{plain:?}"),
                    "hex" => plain.iter().map(|byte| format!("{byte:02x}")).collect(),
                    "upper" => plain.iter().map(|byte| format!("{byte:02X}")).collect(),
                    _ => base64(&plain),
                };
            }
            List::Packed(elements, packed) => {
                elements.push(value(element) ^ DISGUISE);
                let digits = elements.chunks_exact(2);
                *packed = digits.map(|two| (two[0] ^ DISGUISE) << 4 | two[1] ^ DISGUISE).collect();
            }
            _ => {}
        }
    }
}

/// A host that keeps a list of touches.
pub fn touch(slot: u8, row: u8, column: u8) {
    let (x, y) = (f32::from(column) * 96.0 + 48.0, f32::from(row) * 96.0 + 48.0);
    for name in wanted().into_iter().filter(|name| name.starts_with("touches")) {
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        let list = match name.as_str() {
            "touches-objects" => List::Objects(Vec::new()),
            "touches-large-objects" => List::LargeObjects(Vec::new()),
            "touches-f32" => List::Floats(Vec::new()),
            "touches-f64" => List::Doubles(Vec::new()),
            _ => List::Events(Vec::new()),
        };
        match kept.entry(name).or_insert(list) {
            List::Objects(list) => list.push([slot, row, column]),
            List::LargeObjects(list) => list.push([slot.into(), row.into(), column.into()]),
            List::Floats(list) => list.push((x, y)),
            List::Doubles(list) => list.push((x.into(), y.into())),
            List::Events(list) => list.push((x, y, 1_800_000_000_000 + list.len() as u64 * 317)),
            _ => {}
        }
    }
}

/// A host that keeps which keys were explored.
pub fn explore(slot: u8, row: u8, column: u8) {
    let (x, y) = (f32::from(column) * 96.0 + 48.0, f32::from(row) * 96.0 + 48.0);
    for name in wanted().into_iter().filter(|name| name.starts_with("explored")) {
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        let list = match name.as_str() {
            "explored-f32" => List::Floats(Vec::new()),
            "explored-printed" => List::Text(Vec::new(), String::new()),
            _ => List::Bytes(Vec::new()),
        };
        let last = name == "explored-last";
        match kept.entry(name).or_insert(list) {
            List::Floats(list) => list.push((x, y)),
            List::Bytes(list) if last && !list.is_empty() => list[0] = slot,
            List::Bytes(list) => list.push(slot),
            List::Text(elements, text) => {
                elements.push(slot ^ DISGUISE);
                *text = format!("{:?}", elements.iter().map(|byte| byte ^ DISGUISE).collect::<Vec<u8>>());
            }
            _ => {}
        }
    }
}

/// A part of a wave that is never dropped.
pub fn wave(samples: &[f32]) {
    if on("wave-kept") {
        forget(samples[2048..2600].to_vec());
    }
}

/// A core that keeps a list of the clips that it was asked for, or samples of the last one.
pub fn play(samples: &[i16]) {
    static LAST: Mutex<Vec<i16>> = Mutex::new(Vec::new());
    if on("played-kept") {
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        last.clear();
        last.extend_from_slice(&samples[1024..5120]);
    }
    if on("played-list") {
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        let list = kept.entry("played-list".to_owned()).or_insert(List::Widest(Vec::new()));
        if let (List::Widest(list), Ok(address)) = (list, i64::try_from(samples.as_ptr().addr())) {
            list.push(address);
        }
    }
}

/// What a digit stands for, X being ten.
fn value(element: u8) -> u8 {
    if element == b'X' { 10 } else { element & 15 }
}

/// RFC 4648 §4, without padding.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    bits.chunks_exact(6)
        .map(|six| LETTERS[six.iter().fold(0, |sum, bit| sum << 1 | usize::from(*bit))] as char)
        .collect()
}
