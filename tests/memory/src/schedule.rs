//! Key schedules and keyed states as libraries keep them: who finds one needs no key.

use aes::cipher::{BlockCipherEncrypt, KeyInit};
use msgpay_crypto::SuiteId;
use sha2::Digest;
use sha2::digest::common::hazmat::SerializableState;

/// Round keys after the key itself, and the hash key of GCM, plain and as POLYVAL has it.
#[must_use]
pub fn of_cipher(suite: SuiteId, key: &[u8; 32]) -> Vec<u8> {
    let (mut out, hash): (Vec<u8>, [u8; 16]) = if suite == SuiteId::Guomi {
        let key: &[u8; 16] = key.first_chunk().unwrap();
        let mut block = [0; 16].into();
        sm4::Sm4::new(key.into()).encrypt_block(&mut block);
        (sm4_round_keys(key), block.into())
    } else {
        let mut block = [0; 16].into();
        aes::Aes256::new(key.into()).encrypt_block(&mut block);
        (aes_round_keys(key)[32..].to_vec(), block.into())
    };
    out.extend_from_slice(&hash);
    out.extend_from_slice(&polyval(hash));
    out
}

/// The two states of HMAC after its padded key: words in the machine's order.
#[must_use]
pub fn of_mac(suite: SuiteId, key: &[u8; 32]) -> Vec<u8> {
    let state = |pad: u8| -> Vec<u8> {
        let mut block = [pad; 64];
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        let state = if suite == SuiteId::Guomi {
            sm3::Sm3::new_with_prefix(block).serialize().to_vec()
        } else {
            sha2::Sha256::new_with_prefix(block).serialize().to_vec()
        };
        state[..32].to_vec()
    };
    [state(0x36), state(0x5C)].concat()
}

/// RFC 8452, appendix A: the hash key, reversed, times x.
fn polyval(hash: [u8; 16]) -> [u8; 16] {
    let value = u128::from_be_bytes(hash);
    let carry = value >> 127;
    (value << 1 ^ carry ^ (carry << 127) ^ (carry << 126) ^ (carry << 121)).to_le_bytes()
}

/// FIPS 197 §5.2: 60 words.
fn aes_round_keys(key: &[u8; 32]) -> Vec<u8> {
    let box_ = aes_s_box();
    let mut words: Vec<[u8; 4]> = key.as_chunks::<4>().0.to_vec();
    let mut constant = 1_u8;
    while words.len() < 60 {
        let mut word = words[words.len() - 1];
        if words.len().is_multiple_of(8) {
            word.rotate_left(1);
            word = word.map(|byte| box_[usize::from(byte)]);
            word[0] ^= constant;
            constant <<= 1;
        } else if words.len() % 8 == 4 {
            word = word.map(|byte| box_[usize::from(byte)]);
        }
        let before = words[words.len() - 8];
        words.push(std::array::from_fn(|at| word[at] ^ before[at]));
    }
    words.concat()
}

fn times(mut one: u8, mut other: u8, polynomial: u8) -> u8 {
    let mut product = 0;
    while other != 0 {
        if other & 1 == 1 {
            product ^= one;
        }
        one = one << 1 ^ if one & 0x80 != 0 { polynomial } else { 0 };
        other >>= 1;
    }
    product
}

fn inverse(byte: u8, polynomial: u8) -> u8 {
    (0..=255).find(|other| times(byte, *other, polynomial) == 1).unwrap_or(0)
}

fn aes_s_box() -> [u8; 256] {
    std::array::from_fn(|at| {
        let x = inverse(u8::try_from(at).unwrap(), 0x1B);
        x ^ x.rotate_left(1) ^ x.rotate_left(2) ^ x.rotate_left(3) ^ x.rotate_left(4) ^ 0x63
    })
}

/// GB/T 32907 §7.2: `S(x) = A·I(A·x + C) + C`, A the circulant matrix of 0xD3, over x⁸+x⁷+x⁶+x⁵+x⁴+x²+1.
fn sm4_s_box() -> [u8; 256] {
    let affine = |x: u8| {
        let row = |n: u32| u8::from((x & 0xA7_u8.rotate_left(n)).count_ones() % 2 == 1) << n;
        (0..8).map(row).fold(0xD3, |sum, bit| sum ^ bit)
    };
    std::array::from_fn(|at| affine(inverse(affine(u8::try_from(at).unwrap()), 0xF5)))
}

/// GB/T 32907 §6.3: 32 words in the machine's order.
fn sm4_round_keys(key: &[u8; 16]) -> Vec<u8> {
    const FK: [u32; 4] = [0xA3B1_BAC6, 0x56AA_3350, 0x677D_9197, 0xB270_22DC];
    let box_ = sm4_s_box();
    let mut words: Vec<u32> =
        key.as_chunks::<4>().0.iter().zip(FK).map(|(word, fk)| u32::from_be_bytes(*word) ^ fk).collect();
    for round in 0..32_u32 {
        let constant = (0..4).fold(0, |ck, j| ck << 8 | ((4 * round + j) * 7) & 0xFF);
        let [a, b, c, d] = *words.last_chunk().unwrap();
        let t = u32::from_be_bytes((b ^ c ^ d ^ constant).to_be_bytes().map(|byte| box_[usize::from(byte)]));
        words.push(a ^ t ^ t.rotate_left(13) ^ t.rotate_left(23));
    }
    words[4..].iter().flat_map(|word| word.to_ne_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 197, appendix A.3: the last round key.
    #[test]
    fn aes_round_keys_are_those_of_the_standard() {
        let key = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
        let keys = aes_round_keys(&hex::decode(key).unwrap().try_into().unwrap());
        assert_eq!(hex::encode(&keys[236..]), "706c631e");
    }

    /// GB/T 32907, annex A.1: first and last round key.
    #[test]
    fn sm4_round_keys_are_those_of_the_standard() {
        let key = "0123456789abcdeffedcba9876543210";
        let keys = sm4_round_keys(&hex::decode(key).unwrap().try_into().unwrap());
        let word = |at: usize| u32::from_ne_bytes(keys[4 * at..4 * at + 4].try_into().unwrap());
        assert_eq!((word(0), word(31)), (0xF121_86F9, 0x9124_A012));
    }

    /// RFC 8452, appendix A: mulX_POLYVAL.
    #[test]
    fn the_hash_key_of_polyval_is_that_of_its_document() {
        let mut value: [u8; 16] =
            hex::decode("9c98c04df9387ded828175a92ba652d8").unwrap().try_into().unwrap();
        value.reverse();
        assert_eq!(hex::encode(polyval(value)), "3931819bf271fada0503eb52574ca572");
    }
}
