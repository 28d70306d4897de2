//! A bank card's PIN as an ISO 9564-1 format 4 block, inside a sealed entry.
//!
//! ```text
//! PIN field      4 N P P P P … A … A  R R R R R R R R      N digits, filled with A to 8 bytes, 8 random bytes
//! account field  M D D … D 0 … 0                           M = digits − 12, the digits, filled with 0 to 16 bytes
//! block          E(E(PIN field) ⊕ account field)
//! layout member  [kind, 16, block]                         sealed like any layout
//! ```
//! ISO 9564-1:2017 §9.4.2.5. E is AES-256 under a key that the caller expands from the chain for one entry.

use super::{HEAD, Typed};
use crate::{
    Error, SecretPage,
    classify::{self, Reason},
    random,
};
use aes::{
    Aes256,
    cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, BlockSizeUser, KeyInit, consts::U16},
};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq, ConstantTimeGreater, ConstantTimeLess};
use zeroize::Zeroizing;

/// Bytes of a block.
pub const BLOCK_BYTES: usize = 16;
/// Digits of a PIN.
pub const DIGITS: core::ops::RangeInclusive<usize> = 4..=12;
/// Digits of an account number.
pub const ACCOUNT_DIGITS: core::ops::RangeInclusive<usize> = 12..=19;

/// The format's number.
const FORMAT: u8 = 4;
/// What follows the digits.
const FILL: u8 = 0xA;
/// Nibbles that hold the PIN, its length and its filling.
const NIBBLES: usize = 16;

/// Packs the digits of `typed` into a block for `account` (12 to 19 ASCII digits) under `key`. Gives the plaintext of
/// the layout member; the digits are wiped.
///
/// # Errors
/// [`Error::Misused`] for a PIN or an account of another length, [`Error::NoRandomness`], [`Error::Wiped`].
#[expect(clippy::needless_pass_by_value, reason = "what was packed is gone")]
pub fn seal_block(typed: Typed, key: &SecretPage, kind: u8, account: &[u8]) -> Result<SecretPage, Error> {
    let account = account_field(account)?;
    if !DIGITS.contains(&typed.len()) {
        return Err(Error::Misused);
    }
    SecretPage::try_make_with(HEAD + BLOCK_BYTES, |out| {
        let mut fill = Zeroizing::new([0; 8]);
        random::fill(&mut *fill)?;
        let (head, block) = out.split_at_mut(HEAD);
        head.copy_from_slice(&[kind, 16]);
        let block: &mut [u8; BLOCK_BYTES] = block.try_into().map_err(|_| Error::Misused)?;
        pin_field(typed.bytes()?, &fill, block);
        encipher(&Aes256::new(key.array::<32>()?.into()), &account, block);
        Ok(HEAD + BLOCK_BYTES)
    })
}

/// Opens what [`seal_block`] made, and gives the digits in a page.
///
/// # Errors
/// [`Error::BadEntry`] for another kind, key or account, and for what is not of this format; [`Error::Misused`] for
/// an account of another length; [`Error::Wiped`].
pub fn open_block(
    member: &SecretPage,
    key: &SecretPage,
    kind: u8,
    account: &[u8],
) -> Result<SecretPage, Error> {
    let account = account_field(account)?;
    SecretPage::try_make_with(*DIGITS.end(), |out| {
        let (head, sealed) = member.bytes()?.split_at_checked(HEAD).ok_or(Error::BadEntry)?;
        let mut block = Zeroizing::new([0; BLOCK_BYTES]);
        block.copy_from_slice(sealed.get(..BLOCK_BYTES).ok_or(Error::BadEntry)?);
        let head = [head[0], head[1]].map(|byte| classify::public_byte(byte, Reason::Head));
        if head != [kind, 16] || sealed.len() != BLOCK_BYTES {
            return Err(Error::BadEntry);
        }
        decipher(&Aes256::new(key.array::<32>()?.into()), &account, &mut block);
        digits_of(&block, out)
    })
}

/// Whether the clean room's caller may name this account: `M`, the digits, zeros.
fn account_field(account: &[u8]) -> Result<[u8; BLOCK_BYTES], Error> {
    let digits = account.iter().all(u8::is_ascii_digit) && ACCOUNT_DIGITS.contains(&account.len());
    let more =
        u8::try_from(account.len().wrapping_sub(*ACCOUNT_DIGITS.start())).map_err(|_| Error::Misused)?;
    if !digits {
        return Err(Error::Misused);
    }
    let mut field = [0; BLOCK_BYTES];
    let nibbles = core::iter::once(more).chain(account.iter().map(|digit| digit & 0x0F));
    nibbles.enumerate().for_each(|(at, nibble)| put(&mut field, at, nibble));
    Ok(field)
}

#[inline(never)]
fn pin_field(digits: &[u8], fill: &[u8; 8], out: &mut [u8; BLOCK_BYTES]) {
    out.fill(0);
    put(out, 0, FORMAT);
    put(out, 1, u8::try_from(digits.len()).unwrap_or_default());
    let filled = digits.iter().map(|digit| digit & 0x0F).chain(core::iter::repeat(FILL));
    filled.take(NIBBLES - 2).zip(2..).for_each(|(nibble, at)| put(out, at, nibble));
    out[NIBBLES / 2..].copy_from_slice(fill);
}

/// Ors a nibble into its place, the first one high.
fn put(field: &mut [u8; BLOCK_BYTES], at: usize, nibble: u8) {
    if let Some(byte) = field.get_mut(at / 2) {
        *byte |= if at.is_multiple_of(2) { nibble << 4 } else { nibble };
    }
}

/// Writes the digits to `out` (zero at first) and gives their number; looks at every nibble whatever they are.
#[inline(never)]
fn digits_of(field: &[u8; BLOCK_BYTES], out: &mut [u8]) -> Result<usize, Error> {
    let count = field[0] & 0x0F;
    let mut good = (field[0] >> 4).ct_eq(&FORMAT) & !count.ct_lt(&4) & !count.ct_gt(&12);
    for at in 0..NIBBLES - 2 {
        let byte = field[1 + at / 2];
        let nibble = if at.is_multiple_of(2) { byte >> 4 } else { byte & 0x0F };
        let at_digit = u8::try_from(at).map_err(|_| Error::Misused)?.ct_lt(&count);
        good &= Choice::conditional_select(&nibble.ct_eq(&FILL), &nibble.ct_lt(&10), at_digit);
        if let Some(place) = out.get_mut(at) {
            place.conditional_assign(&(b'0' + nibble), at_digit);
        }
    }
    if classify::public_bit(good.into(), Reason::Refused) {
        Ok(usize::from(classify::public_byte(count, Reason::Length)))
    } else {
        Err(Error::BadEntry)
    }
}

#[inline(never)]
fn encipher<C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>>(
    cipher: &C,
    account: &[u8; BLOCK_BYTES],
    block: &mut [u8; BLOCK_BYTES],
) {
    let block: &mut Block<C> = block.into();
    cipher.encrypt_block(block);
    block.iter_mut().zip(account).for_each(|(byte, with)| *byte ^= with);
    cipher.encrypt_block(block);
}

#[inline(never)]
fn decipher<C: BlockCipherDecrypt + BlockSizeUser<BlockSize = U16>>(
    cipher: &C,
    account: &[u8; BLOCK_BYTES],
    block: &mut [u8; BLOCK_BYTES],
) {
    let block: &mut Block<C> = block.into();
    cipher.decrypt_block(block);
    block.iter_mut().zip(account).for_each(|(byte, with)| *byte ^= with);
    cipher.decrypt_block(block);
}

#[cfg(test)]
mod tests;
