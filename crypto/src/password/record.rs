//! The stored form of a password: `$argon2id$v=19$m=19456,t=2,p=1,keyid=<hex>$<salt, hex>$<hash, hex>`, after
//! the PHC string format, with hexadecimal in place of its base64. Other costs are another version and are
//! refused here.

use crate::Error;

/// Memory in KiB.
pub(super) const MEMORY_KIB: u32 = 19_456;
/// Passes over it.
pub(super) const PASSES: u32 = 2;
/// Lanes.
pub(super) const LANES: u32 = 1;

/// A record, taken apart. None of it is secret by itself; the hash is worth a search for whoever has the
/// pepper.
pub(super) struct Record {
    pub(super) pepper: [u8; 4],
    pub(super) salt: [u8; 16],
    pub(super) hash: [u8; 32],
}

impl Record {
    pub(super) fn write(&self) -> String {
        format!("{}{}${}${}", head(), write_hex(&self.pepper), write_hex(&self.salt), write_hex(&self.hash))
    }

    pub(super) fn read(text: &str) -> Result<Self, Error> {
        let mut fields = text.strip_prefix(&head()).ok_or(Error::BadRecord)?.split('$');
        let mut field = || fields.next().ok_or(Error::BadRecord);
        let record =
            Record { pepper: read_hex(field()?)?, salt: read_hex(field()?)?, hash: read_hex(field()?)? };
        if fields.next().is_some() { Err(Error::BadRecord) } else { Ok(record) }
    }
}

fn head() -> String {
    format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES},keyid=")
}

fn write_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Lower-case hexadecimal of exactly `N` bytes.
fn read_hex<const N: usize>(text: &str) -> Result<[u8; N], Error> {
    let digit = |d: u8| match d {
        b'0'..=b'9' => Ok(d - b'0'),
        b'a'..=b'f' => Ok(d - b'a' + 10),
        _ => Err(Error::BadRecord),
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return Err(Error::BadRecord);
    }
    let mut bytes = [0; N];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Ok(bytes)
}
