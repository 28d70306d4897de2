//! What lies between a PIN's digits and its block (ISO 9564-1 format 4), each of which gives the PIN away.

use aes::Aes256;
use aes::cipher::{BlockCipherDecrypt, KeyInit};

/// The account of the examined entry, as its account field: seven digits more than twelve, then zeros.
const ACCOUNT: [u8; 16] = [0x71, 0x23, 0x45, 0x67, 0x89, 0x01, 0x23, 0x45, 0x67, 0x89, 0, 0, 0, 0, 0, 0];

/// A block, taken apart.
pub struct Unpacked {
    /// Values of the digits.
    pub digits: Vec<u8>,
    /// The PIN field, the first encryption, and the same with the account in it.
    pub intermediate: [[u8; 16]; 3],
}

/// Takes a block apart; `None` for what is not of this format.
#[must_use]
pub fn unpack(key: &[u8; 32], block: &[u8]) -> Option<Unpacked> {
    let cipher = Aes256::new(key.into());
    let decrypt = |bytes: [u8; 16]| -> [u8; 16] {
        let mut block = bytes.into();
        cipher.decrypt_block(&mut block);
        block.into()
    };
    let with_account = decrypt(block.try_into().ok()?);
    let first = std::array::from_fn(|at| with_account[at] ^ ACCOUNT[at]);
    let field = decrypt(first);
    let nibbles: Vec<u8> = field[..8].iter().flat_map(|byte| [byte >> 4, byte & 15]).collect();
    let count = usize::from(nibbles[1]);
    let good = nibbles[0] == 4 && count <= 12 && nibbles[2 + count..].iter().all(|nibble| *nibble == 0xA);
    good.then(|| Unpacked {
        digits: nibbles[2..2 + count].to_vec(),
        intermediate: [field, first, with_account],
    })
}
