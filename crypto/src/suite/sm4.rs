//! The block cipher SM4 (GB/T 32907, RFC 8998 §1) in constant time, encryption only: all that GCM needs.
//!
//! The usual table of 256 bytes is read at an index that depends on key and text, which a neighbour on the same
//! cache can see. Here every substitution looks at the whole table.

use cipher::{
    AlgorithmName, Block, BlockCipherEncBackend, BlockCipherEncClosure, BlockCipherEncrypt, BlockSizeUser,
    InOut, Key, KeyInit, KeySizeUser, ParBlocksSizeUser, array::sizes::U1, consts::U16,
};
use core::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

const ROUNDS: usize = 32;

const S_BOX: [u8; 256] = [
    0xd6, 0x90, 0xe9, 0xfe, 0xcc, 0xe1, 0x3d, 0xb7, 0x16, 0xb6, 0x14, 0xc2, 0x28, 0xfb, 0x2c, 0x05, 0x2b,
    0x67, 0x9a, 0x76, 0x2a, 0xbe, 0x04, 0xc3, 0xaa, 0x44, 0x13, 0x26, 0x49, 0x86, 0x06, 0x99, 0x9c, 0x42,
    0x50, 0xf4, 0x91, 0xef, 0x98, 0x7a, 0x33, 0x54, 0x0b, 0x43, 0xed, 0xcf, 0xac, 0x62, 0xe4, 0xb3, 0x1c,
    0xa9, 0xc9, 0x08, 0xe8, 0x95, 0x80, 0xdf, 0x94, 0xfa, 0x75, 0x8f, 0x3f, 0xa6, 0x47, 0x07, 0xa7, 0xfc,
    0xf3, 0x73, 0x17, 0xba, 0x83, 0x59, 0x3c, 0x19, 0xe6, 0x85, 0x4f, 0xa8, 0x68, 0x6b, 0x81, 0xb2, 0x71,
    0x64, 0xda, 0x8b, 0xf8, 0xeb, 0x0f, 0x4b, 0x70, 0x56, 0x9d, 0x35, 0x1e, 0x24, 0x0e, 0x5e, 0x63, 0x58,
    0xd1, 0xa2, 0x25, 0x22, 0x7c, 0x3b, 0x01, 0x21, 0x78, 0x87, 0xd4, 0x00, 0x46, 0x57, 0x9f, 0xd3, 0x27,
    0x52, 0x4c, 0x36, 0x02, 0xe7, 0xa0, 0xc4, 0xc8, 0x9e, 0xea, 0xbf, 0x8a, 0xd2, 0x40, 0xc7, 0x38, 0xb5,
    0xa3, 0xf7, 0xf2, 0xce, 0xf9, 0x61, 0x15, 0xa1, 0xe0, 0xae, 0x5d, 0xa4, 0x9b, 0x34, 0x1a, 0x55, 0xad,
    0x93, 0x32, 0x30, 0xf5, 0x8c, 0xb1, 0xe3, 0x1d, 0xf6, 0xe2, 0x2e, 0x82, 0x66, 0xca, 0x60, 0xc0, 0x29,
    0x23, 0xab, 0x0d, 0x53, 0x4e, 0x6f, 0xd5, 0xdb, 0x37, 0x45, 0xde, 0xfd, 0x8e, 0x2f, 0x03, 0xff, 0x6a,
    0x72, 0x6d, 0x6c, 0x5b, 0x51, 0x8d, 0x1b, 0xaf, 0x92, 0xbb, 0xdd, 0xbc, 0x7f, 0x11, 0xd9, 0x5c, 0x41,
    0x1f, 0x10, 0x5a, 0xd8, 0x0a, 0xc1, 0x31, 0x88, 0xa5, 0xcd, 0x7b, 0xbd, 0x2d, 0x74, 0xd0, 0x12, 0xb8,
    0xe5, 0xb4, 0xb0, 0x89, 0x69, 0x97, 0x4a, 0x0c, 0x96, 0x77, 0x7e, 0x65, 0xb9, 0xf1, 0x09, 0xc5, 0x6e,
    0xc6, 0x84, 0x18, 0xf0, 0x7d, 0xec, 0x3a, 0xdc, 0x4d, 0x20, 0x79, 0xee, 0x5f, 0x3e, 0xd7, 0xcb, 0x39,
    0x48,
];

const FK: [u32; 4] = [0xa3b1_bac6, 0x56aa_3350, 0x677d_9197, 0xb270_22dc];

/// CK: byte `j` of word `i` is `(4 i + j) · 7 mod 256`.
const CK: [u32; ROUNDS] = {
    let mut words = [0; ROUNDS];
    let (mut at, mut byte) = (0, 0_u32);
    while at < 4 * ROUNDS {
        words[at / 4] = words[at / 4] << 8 | byte;
        byte = (byte + 7) % 256;
        at += 1;
    }
    words
};

/// The S-box as eight entries a word, entry `8 i + j` in byte `j` of word `i`.
const WIDE: [u64; 32] = {
    let mut words = [0; 32];
    let mut at = 0;
    while at < 256 {
        words[at / 8] |= (S_BOX[at] as u64) << (8 * (at % 8));
        at += 1;
    }
    words
};

/// All ones where `a == b`, else zero; for numbers below 2³¹.
#[inline(always)]
fn equal(a: u64, b: u64) -> u64 {
    ((a ^ b).wrapping_sub(1) >> 63).wrapping_neg()
}

/// The S-box on one byte: all 32 words are read, whatever the byte.
#[inline(always)]
fn substitute(byte: u32) -> u32 {
    let (row, column) = (u64::from(byte >> 3), byte & 7);
    let mut word = 0;
    for (at, entries) in (0..).zip(&WIDE) {
        word |= entries & equal(core::hint::black_box(at), row);
    }
    // A shift by a secret number is in constant time on every CPU that is built for.
    ((word >> (8 * column)) & 0xff) as u32
}

#[inline(always)]
fn tau(word: u32) -> u32 {
    word.to_be_bytes().iter().fold(0, |out, byte| out << 8 | substitute(u32::from(*byte)))
}

/// SM4 under one key; wiped on drop.
#[derive(Clone)]
pub(super) struct Sm4([u32; ROUNDS]);

impl KeySizeUser for Sm4 {
    type KeySize = U16;
}

impl BlockSizeUser for Sm4 {
    type BlockSize = U16;
}

impl ParBlocksSizeUser for Sm4 {
    type ParBlocksSize = U1;
}

impl AlgorithmName for Sm4 {
    fn write_alg_name(f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SM4")
    }
}

impl KeyInit for Sm4 {
    #[inline(never)]
    fn new(key: &Key<Self>) -> Self {
        let mut x = words(key.as_ref());
        for (word, fk) in x.iter_mut().zip(FK) {
            *word ^= fk;
        }
        let mut keys = [0; ROUNDS];
        for (key, ck) in keys.iter_mut().zip(CK) {
            let t = tau(x[1] ^ x[2] ^ x[3] ^ ck);
            *key = x[0] ^ t ^ t.rotate_left(13) ^ t.rotate_left(23);
            x = [x[1], x[2], x[3], *key];
        }
        x.zeroize();
        Sm4(keys)
    }
}

impl BlockCipherEncrypt for Sm4 {
    fn encrypt_with_backend(&self, f: impl BlockCipherEncClosure<BlockSize = Self::BlockSize>) {
        f.call(self);
    }
}

impl BlockCipherEncBackend for Sm4 {
    #[inline(never)]
    fn encrypt_block(&self, mut block: InOut<'_, '_, Block<Self>>) {
        let mut x = words(block.get_in().as_ref());
        for key in &self.0 {
            let t = tau(x[1] ^ x[2] ^ x[3] ^ key);
            let t = t ^ t.rotate_left(2) ^ t.rotate_left(10) ^ t.rotate_left(18) ^ t.rotate_left(24);
            x = [x[1], x[2], x[3], x[0] ^ t];
        }
        for (out, word) in block.get_out().chunks_exact_mut(4).zip(x.iter().rev()) {
            out.copy_from_slice(&word.to_be_bytes());
        }
        x.zeroize();
    }
}

fn words(block: &[u8; 16]) -> [u32; 4] {
    let mut words = [0; 4];
    for (word, bytes) in words.iter_mut().zip(block.as_chunks::<4>().0) {
        *word = u32::from_be_bytes(*bytes);
    }
    words
}

impl Drop for Sm4 {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for Sm4 {}

#[cfg(test)]
mod tests;
