//! The institution's side of a password: records that a stolen database does not open, and judgements. Only
//! verdicts leave the clean room.
//!
//! ```text
//! peppered = HMAC(pepper, "msgpay password v1" ‖ u64 length of context ‖ context ‖ password)
//! record   = Argon2id(peppered, salt, m = 19456 KiB, t = 2, p = 1), 32 bytes      RFC 9106
//! ```
//! The pepper lies outside the database; the context (a wallet id) keeps a record from serving another
//! wallet.

mod judge;
mod record;

pub use judge::{Judgement, judge};

use crate::{
    Error, MacKey, SecretPage,
    classify::{self, Reason},
    random, room,
    secret::{self, Backing, Lock, Region},
};
use argon2::{Algorithm, Argon2, Params, Version};
use record::Record;
use zeroize::Zeroizing;

/// The answer to a try.
#[must_use = "a wrong password has to be counted"]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The password is the one of the record.
    Right,
    /// It is not.
    Wrong,
}

/// Makes the record to be stored for `password`, with a fresh salt. About 20 ms and 19 MiB: run it on threads
/// of its own, of a bounded number.
///
/// # Errors
/// [`Error::NoSecretMemory`], [`Error::NoRandomness`], [`Error::Wiped`].
pub fn make_record(pepper: &MacKey, context: &[u8], password: &SecretPage) -> Result<String, Error> {
    let mut record = Record { pepper: pepper.id()?, salt: random::make()?, hash: [0; 32] };
    let mut blocks = blocks()?;
    room::run(|| stretch(pepper, context, password, &record.salt, &mut blocks, &mut record.hash))??;
    classify::public(&mut record.hash, Reason::Stored);
    Ok(record.write())
}

/// Tries `password` against a record. Constant time in the password; the same cost whether right or wrong.
///
/// # Errors
/// [`Error::BadRecord`] for what is no record, or one of another pepper; those of [`make_record`].
pub fn verify(pepper: &MacKey, context: &[u8], record: &str, password: &SecretPage) -> Result<Answer, Error> {
    let record = Record::read(record)?;
    if record.pepper != pepper.id()? {
        return Err(Error::BadRecord);
    }
    let mut blocks = blocks()?;
    room::run(|| {
        let mut hash = Zeroizing::new([0; 32]);
        stretch(pepper, context, password, &record.salt, &mut blocks, &mut hash)?;
        Ok(if secret::same(&*hash, &record.hash) { Answer::Right } else { Answer::Wrong })
    })?
}

/// Whether a record was made with this pepper; its password stays out of it.
///
/// # Errors
/// [`Error::BadRecord`] for what is no record.
pub fn is_made_with(pepper: &MacKey, record: &str) -> Result<bool, Error> {
    Ok(Record::read(record)?.pepper == pepper.id()?)
}

fn params() -> Result<Params, Error> {
    Params::new(record::MEMORY_KIB, record::PASSES, record::LANES, Some(32)).map_err(|_| Error::RoomBroken)
}

/// Argon2's working memory: kept from dumps and forks and wiped, but too large to lock or to hide.
fn blocks() -> Result<Region, Error> {
    Region::make(params()?.block_count() * size_of::<argon2::Block>(), Lock::No, Backing::Anonymous)
}

#[inline(never)]
fn stretch(
    pepper: &MacKey,
    context: &[u8],
    password: &SecretPage,
    salt: &[u8; 16],
    blocks: &mut Region,
    out: &mut [u8; 32],
) -> Result<(), Error> {
    let mut peppered = Zeroizing::new([0; 32]);
    let length = u64::try_from(context.len()).map_err(|_| Error::Misused)?.to_be_bytes();
    pepper.mac_into(&[b"msgpay password v1", &length, context, password.bytes()?], &mut peppered)?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params()?)
        .hash_password_into_with_memory(&*peppered, salt, out, blocks.as_blocks())
        .map_err(|_| Error::RoomBroken)
}

#[cfg(test)]
mod tests;
