//! Every secret of an entry, recomputed outside the process with the institution's private key: RFC 9180,
//! RFC 5869, GB/T 32918.4 and docs/protocol.md, with none of the product's cryptography.

use aes_gcm::aead::{Aead, KeyInit, Payload, consts::U12};
use aes_gcm::{Aes256Gcm, AesGcm, Nonce};
use hmac::{Hmac, Mac};
use msgpay_crypto::SuiteId;
use p256::elliptic_curve::Group as _;
use p256::elliptic_curve::sec1::ToSec1Point as _;
use p256::pkcs8::DecodePrivateKey as _;
use sha2::{Digest as _, Sha256};
use sm3::Sm3;

type Sm4Gcm = AesGcm<sm4::Sm4, U12>;

/// Sealed presses of an entry.
pub const PRESSES: usize = 64;
const EXPORT: &[u8] = b"msgpay keystroke chain";

/// An institution whose private seal key lies open.
pub struct Institution {
    /// Of the key.
    pub suite: SuiteId,
    scalar: [u8; 32],
    /// Public half, 65 bytes in the suite's shape.
    pub public: [u8; 65],
}

/// What an entry's encapsulation leads to.
pub struct Derived {
    /// Of the entry.
    pub suite: SuiteId,
    /// Coordinates of the shared point, plain and in Montgomery's form; of X25519 its one coordinate.
    pub shared: Vec<[u8; 32]>,
    /// What lies between the shared point and the first chain key, by name.
    pub setup: Vec<(&'static str, Vec<u8>)>,
    /// `C0` to `C65`.
    pub chain: Vec<[u8; 32]>,
    /// Of the layout.
    pub layout_key: [u8; 32],
    /// `K1` to `K64`; the first is at 0.
    pub press_keys: Vec<[u8; 32]>,
    /// Of the closing tag.
    pub close_key: [u8; 32],
}

/// Shared coordinates, what follows from them by name, and the first chain key.
type Parts = (Vec<[u8; 32]>, Vec<(&'static str, Vec<u8>)>, [u8; 32]);

/// `0x40 ‖ Ed25519 ‖ X25519` of a seed.
fn curve25519_public(seed: &[u8; 32]) -> Vec<u8> {
    let half = |label: &[u8]| expand(SuiteId::Curve25519, seed, label);
    let signing = ed25519_dalek::SigningKey::from_bytes(&half(b"msgpay curve25519 v1 sign"));
    let opening = x25519_dalek::x25519(half(b"msgpay curve25519 v1 open"), X25519_BASE);
    [&[0x40], &signing.verifying_key().to_bytes()[..], &opening].concat()
}

/// RFC 7748 §4.1.
const X25519_BASE: [u8; 32] = x25519_dalek::X25519_BASEPOINT_BYTES;

impl Institution {
    /// A fresh key.
    ///
    /// # Panics
    /// Without randomness.
    #[must_use]
    pub fn make(suite: SuiteId) -> Self {
        loop {
            let scalar: [u8; 32] = msgpay_crypto::random::make().unwrap();
            let public = match suite {
                SuiteId::Curve25519 => Some(curve25519_public(&scalar)),
                SuiteId::Guomi => sm2::SecretKey::from_slice(&scalar)
                    .map(|key| key.public_key().to_sec1_point(false).as_bytes().to_vec())
                    .ok(),
                _ => p256::SecretKey::from_slice(&scalar)
                    .map(|key| key.public_key().to_sec1_point(false).as_bytes().to_vec())
                    .ok(),
            };
            if let Some(public) = public {
                return Self { suite, scalar, public: public.try_into().unwrap() };
            }
        }
    }

    /// An institution whose key lies in a file, PKCS #8 in PEM; `None` for what is none.
    #[must_use]
    pub fn of_pem(suite: SuiteId, pem: &str) -> Option<Self> {
        let (scalar, public) = if suite == SuiteId::Guomi {
            let key = sm2::SecretKey::from_pkcs8_pem(pem).ok()?;
            (key.to_bytes(), key.public_key().to_sec1_point(false).as_bytes().to_vec())
        } else {
            let key = p256::SecretKey::from_pkcs8_pem(pem).ok()?;
            (key.to_bytes(), key.public_key().to_sec1_point(false).as_bytes().to_vec())
        };
        Some(Self { suite, scalar: scalar.into(), public: public.try_into().ok()? })
    }

    /// The private half.
    #[must_use]
    pub fn scalar(&self) -> &[u8; 32] {
        &self.scalar
    }

    /// All secrets of the entry with this encapsulation and context; `None` for what is no encapsulation.
    #[must_use]
    pub fn derive(&self, encapsulated: &[u8], context: &[u8]) -> Option<Derived> {
        let (shared, setup, first) = match self.suite {
            SuiteId::Curve25519 => self.by_x25519(encapsulated, context)?,
            SuiteId::Guomi => self.by_sm2(encapsulated, context)?,
            _ => self.by_hpke(encapsulated, context)?,
        };
        let suite = self.suite;
        let mut chain = vec![first];
        while chain.len() < PRESSES + 2 {
            chain.push(expand(suite, &chain[chain.len() - 1], b"next"));
        }
        let press_keys = chain[1..=PRESSES].iter().map(|c| expand(suite, c, b"key")).collect();
        let layout_key = expand(suite, &chain[0], b"layout");
        let close_key = expand(suite, &chain[PRESSES + 1], b"close");
        Some(Derived { suite, shared, setup, chain, layout_key, press_keys, close_key })
    }

    fn by_hpke(&self, encapsulated: &[u8], info: &[u8]) -> Option<Parts> {
        let private = p256::SecretKey::from_slice(&self.scalar).ok()?;
        let sender = p256::PublicKey::from_sec1_bytes(encapsulated).ok()?;
        let point = p256::ProjectivePoint::from(*sender.as_affine()) * *private.to_nonzero_scalar();
        let point = point.to_affine().to_sec1_point(false);
        let (x, y) = halves(point.as_bytes());
        let (setup, first) = self.scheduled(0x10, &x, encapsulated, &self.public, info);
        // p = 2^256 − 2^224 + 2^192 + 2^96 − 1.
        const P: [u64; 4] = [u64::MAX, 0xFFFF_FFFF, 0, 0xFFFF_FFFF_0000_0001];
        Some((vec![x, y, montgomery(&x, P), montgomery(&y, P)], setup, first))
    }

    /// With what HKDF makes of the seed for X25519; every 32 bytes are somebody's encapsulation.
    fn by_x25519(&self, encapsulated: &[u8], info: &[u8]) -> Option<Parts> {
        let private = expand(self.suite, &self.scalar, b"msgpay curve25519 v1 open");
        let shared = x25519_dalek::x25519(private, encapsulated.try_into().ok()?);
        let (setup, first) = self.scheduled(0x20, &shared, encapsulated, &self.public[33..], info);
        Some((vec![shared], setup, first))
    }

    /// RFC 9180 §4.1, §5.1 and §5.3 from the shared coordinate.
    fn scheduled(
        &self,
        kem: u8,
        dh: &[u8; 32],
        encapsulated: &[u8],
        public: &[u8],
        info: &[u8],
    ) -> (Vec<(&'static str, Vec<u8>)>, [u8; 32]) {
        let (of_kem, of_hpke) = ([b'K', b'E', b'M', 0, kem], [b'H', b'P', b'K', b'E', 0, kem, 0, 1, 0, 2]);
        let (of_kem, of_hpke) = (&of_kem[..], &of_hpke[..]);
        let extract = |salt: &[u8], suite: &[u8], label: &[u8], ikm: &[u8]| {
            mac(self.suite, salt, &[b"HPKE-v1", suite, label, ikm])
        };
        let expand = |prk: &[u8; 32], length: u8, suite: &[u8], label: &[u8], info: &[u8]| {
            mac(self.suite, prk, &[&[0, length], b"HPKE-v1", suite, label, info, &[1]])
        };
        let eae_prk = extract(&[], of_kem, b"eae_prk", dh);
        let kem_shared = expand(&eae_prk, 32, of_kem, b"shared_secret", &[encapsulated, public].concat());
        let psk_id_hash = extract(&[], of_hpke, b"psk_id_hash", b"");
        let info_hash = extract(&[], of_hpke, b"info_hash", info);
        let schedule = [&[0], &psk_id_hash[..], &info_hash[..]].concat();
        let secret = extract(&kem_shared, of_hpke, b"secret", b"");
        let key = expand(&secret, 32, of_hpke, b"key", &schedule);
        let base_nonce = expand(&secret, 12, of_hpke, b"base_nonce", &schedule);
        let exporter = expand(&secret, 32, of_hpke, b"exp", &schedule);
        let first = expand(&exporter, 32, of_hpke, b"sec", EXPORT);
        let setup = vec![
            ("eae_prk", eae_prk.to_vec()),
            ("shared secret", kem_shared.to_vec()),
            ("schedule secret", secret.to_vec()),
            ("context key", key.to_vec()),
            ("base nonce", base_nonce[..8].to_vec()),
            ("exporter secret", exporter.to_vec()),
        ];
        (setup, first)
    }

    fn by_sm2(&self, encapsulated: &[u8], info: &[u8]) -> Option<Parts> {
        let sealed = Sm2Sealed::read(encapsulated)?;
        let private = sm2::SecretKey::from_slice(&self.scalar).ok()?;
        let sender = sm2::PublicKey::from_sec1_bytes(&sealed.point).ok()?;
        let point = sm2::ProjectivePoint::from(*sender.as_affine()) * *private.to_nonzero_scalar();
        let point = point.to_affine().to_sec1_point(false);
        let (x, y) = halves(point.as_bytes());
        let stream: [u8; 32] = Sm3::digest([&x[..], &y, &[0, 0, 0, 1]].concat()).into();
        let seed: Vec<u8> = sealed.text.iter().zip(stream).map(|(one, other)| one ^ other).collect();
        if Sm3::digest([&x[..], &seed, &y].concat()).as_slice() != sealed.hash {
            return None;
        }
        let prk = mac(self.suite, EXPORT, &[&seed]);
        let first = mac(self.suite, &prk, &[info, &[1]]);
        let setup = vec![("seed", seed), ("stream", stream.to_vec()), ("extract", prk.to_vec())];
        // p = 2^256 − 2^224 − 2^96 + 2^64 − 1.
        const P: [u64; 4] = [u64::MAX, 0xFFFF_FFFF_0000_0000, u64::MAX, 0xFFFF_FFFE_FFFF_FFFF];
        Some((vec![x, y, montgomery(&x, P), montgomery(&y, P)], setup, first))
    }
}

/// GM/T 0009: SEQUENCE { x INTEGER, y INTEGER, hash OCTET STRING, text OCTET STRING }.
struct Sm2Sealed {
    point: [u8; 65],
    hash: Vec<u8>,
    text: Vec<u8>,
}

impl Sm2Sealed {
    fn read(der: &[u8]) -> Option<Self> {
        let mut inner = element(&mut &der[..], 0x30)?;
        let mut point = [0; 65];
        point[0] = 4;
        for half in point[1..].chunks_exact_mut(32) {
            let number = element(&mut inner, 2)?;
            let number = number.strip_prefix(&[0]).unwrap_or(number);
            half.get_mut(32_usize.checked_sub(number.len())?..)?.copy_from_slice(number);
        }
        let hash = element(&mut inner, 4)?.to_vec();
        let text = element(&mut inner, 4)?.to_vec();
        (hash.len() == 32 && text.len() == 32).then_some(Self { point, hash, text })
    }
}

/// The content of the next DER element, if it has this tag; at most 255 bytes.
fn element<'a>(der: &mut &'a [u8], tag: u8) -> Option<&'a [u8]> {
    let (head, rest) = der.split_at_checked(2)?;
    let (length, rest) = match head[1] {
        0x81 => (usize::from(*rest.first()?), &rest[1..]),
        short if short < 0x80 => (usize::from(short), rest),
        _ => return None,
    };
    if head[0] != tag {
        return None;
    }
    let (content, after) = rest.split_at_checked(length)?;
    *der = after;
    Some(content)
}

/// The length of the SM2 encapsulation that begins here, by its head.
#[must_use]
pub fn sm2_length(der: &[u8]) -> Option<usize> {
    let whole = element(&mut &der[..], 0x30)?.len();
    Some(whole + if whole < 0x80 { 2 } else { 3 })
}

fn halves(point: &[u8]) -> ([u8; 32], [u8; 32]) {
    (point[1..33].try_into().unwrap(), point[33..65].try_into().unwrap())
}

/// `value · 2^256 mod p`, big-endian: how field elements lie in memory while they are computed with.
fn montgomery(value: &[u8; 32], p: [u64; 4]) -> [u8; 32] {
    let mut limbs = [0_u64; 4];
    for (limb, bytes) in limbs.iter_mut().zip(value.rchunks_exact(8)) {
        *limb = u64::from_be_bytes(bytes.try_into().unwrap());
    }
    for _ in 0..256 {
        let carry = limbs[3] >> 63;
        for at in (0..4).rev() {
            limbs[at] = limbs[at] << 1 | if at > 0 { limbs[at - 1] >> 63 } else { 0 };
        }
        let mut less = limbs;
        let mut borrow = false;
        for (limb, prime) in less.iter_mut().zip(p) {
            let (first, one) = limb.overflowing_sub(prime);
            let (second, two) = first.overflowing_sub(u64::from(borrow));
            (*limb, borrow) = (second, one || two);
        }
        if carry == 1 || !borrow {
            limbs = less;
        }
    }
    let mut out = [0; 32];
    for (bytes, limb) in out.rchunks_exact_mut(8).zip(limbs) {
        bytes.copy_from_slice(&limb.to_be_bytes());
    }
    out
}

/// RFC 5869 §2.3 for 32 bytes: `HMAC(prk, label ‖ 0x01)`.
#[must_use]
pub fn expand(suite: SuiteId, prk: &[u8; 32], label: &[u8]) -> [u8; 32] {
    mac(suite, prk, &[label, &[1]])
}

/// HMAC of the suite; `key` of at most one block.
#[must_use]
pub fn mac(suite: SuiteId, key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    if suite == SuiteId::Guomi {
        let mut mac = <Hmac<Sm3> as KeyInit>::new(&block.into());
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    } else {
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    }
}

/// A key ready to try several boxes.
pub enum Opener {
    /// AES-256-GCM.
    Aes(Box<Aes256Gcm>),
    /// SM4-GCM with the first half of the key.
    Sm4(Box<Sm4Gcm>),
}

impl Opener {
    /// Under this key.
    #[must_use]
    pub fn new(suite: SuiteId, key: &[u8; 32]) -> Self {
        if suite == SuiteId::Guomi {
            let half: &[u8; 16] = key.first_chunk().unwrap();
            Self::Sm4(Box::new(Sm4Gcm::new(half.into())))
        } else {
            Self::Aes(Box::new(Aes256Gcm::new(key.into())))
        }
    }

    /// Text of what was sealed under the zero nonce.
    #[must_use]
    pub fn open(&self, aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, payload) = (Nonce::<U12>::default(), Payload { msg: sealed, aad });
        match self {
            Self::Aes(cipher) => cipher.decrypt(&nonce, payload).ok(),
            Self::Sm4(cipher) => cipher.decrypt(&nonce, payload).ok(),
        }
    }

    /// Text and tag under the zero nonce.
    ///
    /// # Panics
    /// Never for a text of an entry's size.
    #[must_use]
    pub fn seal(&self, aad: &[u8], text: &[u8]) -> Vec<u8> {
        let (nonce, payload) = (Nonce::<U12>::default(), Payload { msg: text, aad });
        match self {
            Self::Aes(cipher) => cipher.encrypt(&nonce, payload).unwrap(),
            Self::Sm4(cipher) => cipher.encrypt(&nonce, payload).unwrap(),
        }
    }
}

/// Whether `scalar` is the private half of the encapsulation's ephemeral key.
#[must_use]
pub fn is_ephemeral(suite: SuiteId, scalar: &[u8; 32], encapsulated: &[u8]) -> bool {
    match suite {
        SuiteId::Guomi => Sm2Sealed::read(encapsulated).is_some_and(|sealed| {
            sm2::SecretKey::from_slice(scalar).is_ok_and(|key| {
                let point = sm2::ProjectivePoint::generator() * *key.to_nonzero_scalar();
                point.to_affine().to_sec1_point(false).as_bytes() == sealed.point
            })
        }),
        SuiteId::Curve25519 => x25519_dalek::x25519(*scalar, X25519_BASE) == encapsulated,
        _ => p256::SecretKey::from_slice(scalar).is_ok_and(|key| {
            let point = p256::ProjectivePoint::generator() * *key.to_nonzero_scalar();
            point.to_affine().to_sec1_point(false).as_bytes() == encapsulated
        }),
    }
}

/// RFC 9180 §7.1.3, `DeriveKeyPair` of P-256 or X25519: the ephemeral private key of 32 random bytes. SM2 has no such
/// step.
#[must_use]
pub fn key_of_seed(suite: SuiteId, seed: &[u8; 32]) -> [u8; 32] {
    let (kem, candidate): (&[u8], &[u8]) = match suite {
        SuiteId::Guomi => return *seed,
        SuiteId::Curve25519 => (b"KEM\x00\x20", b"sk"),
        _ => (b"KEM\x00\x10", b"candidate\x00"),
    };
    let prk = mac(suite, &[], &[b"HPKE-v1", kem, b"dkp_prk", seed]);
    mac(suite, &prk, &[&[0, 32], b"HPKE-v1", kem, candidate, &[1]])
}
