//! Deterministic CBOR (RFC 8949 §4.2.1) over `ciborium`: one value has one encoding, and only that one is read.

pub use ciborium::Value;

/// Levels of nesting that are read at the most.
const DEPTH_MAX: usize = 8;

/// What is wrong with bytes that were to be one of our messages. The sender is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {defect}")]
pub struct FormatError {
    /// The message that was being read.
    pub what: &'static str,
    /// What is wrong with it.
    pub defect: Defect,
}

/// One way in which a message is malformed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    /// Not CBOR, not the deterministic form, or bytes behind its end.
    #[error("not deterministic CBOR")]
    Encoding,
    /// Another kind of message.
    #[error("another label than this message carries")]
    Label,
    /// A mandatory member is absent.
    #[error("member {0} is missing")]
    Missing(u64),
    /// A member has another type or length than it must have.
    #[error("member {0} has the wrong type or length")]
    Type(u64),
    /// A member has the right type and a value that is not allowed.
    #[error("member {0} has a value that is not allowed")]
    Value(u64),
    /// A member names a suite that this version does not know. It is refused, never read as another.
    #[error("member {0} names a suite that is not known here")]
    Suite(u64),
    /// A member that this message does not have.
    #[error("member {0} is not known")]
    Unknown(u64),
    /// The signature structure around the message is malformed.
    #[error("not the COSE_Sign1 form of this protocol")]
    Cose,
    /// A PIN beside another entry of one request.
    #[error("a PIN stands beside another entry")]
    PinNotAlone,
    /// The link is not a `msgpay://v1/pay` link.
    #[error("not a payment link")]
    Link,
}

/// The one encoding of `value`: map keys sorted by their encoded bytes, shortest heads.
#[must_use]
pub fn encode(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Map(members) => {
            let mut sorted: Vec<(Vec<u8>, &Value)> = members.iter().map(|(k, v)| (encode(k), v)).collect();
            sorted.sort_by(|a, b| a.0.cmp(&b.0));
            head(5, sorted.len() as u64, out);
            for (key, member) in sorted {
                out.extend_from_slice(&key);
                write(member, out);
            }
        }
        Value::Array(items) => {
            head(4, items.len() as u64, out);
            for item in items {
                write(item, out);
            }
        }
        Value::Tag(tag, inner) => {
            head(6, *tag, out);
            write(inner, out);
        }
        leaf => {
            // A leaf goes into memory, which cannot fail; were it to, the bytes would be refused by `decode`.
            let written = ciborium::into_writer(leaf, &mut *out);
            debug_assert!(written.is_ok());
        }
    }
}

/// A text as it stands, for messages that must not pass through [`Value`] (which would copy them).
pub(crate) fn text(text: &str, out: &mut Vec<u8>) {
    head(3, text.len() as u64, out);
    out.extend_from_slice(text.as_bytes());
}

/// Bytes as they stand.
pub(crate) fn bytes(bytes: &[u8], out: &mut Vec<u8>) {
    head(2, bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

/// A CBOR head in its shortest form (RFC 8949 §3).
pub(crate) fn head(major: u8, argument: u64, out: &mut Vec<u8>) {
    let major = major << 5;
    let bytes = argument.to_be_bytes();
    match argument {
        0..=23 => out.push(major | bytes[7]),
        24..=0xff => out.extend_from_slice(&[major | 24, bytes[7]]),
        0x100..=0xffff => {
            out.push(major | 25);
            out.extend_from_slice(&bytes[6..]);
        }
        0x1_0000..=0xffff_ffff => {
            out.push(major | 26);
            out.extend_from_slice(&bytes[4..]);
        }
        _ => {
            out.push(major | 27);
            out.extend_from_slice(&bytes);
        }
    }
}

/// Reads the one encoding of a value; anything else (order, repeats, long heads, indefinite lengths, trailing
/// bytes, deep nesting) is [`Defect::Encoding`].
///
/// # Errors
/// [`FormatError`] naming `what`.
pub fn decode(what: &'static str, bytes: &[u8]) -> Result<Value, FormatError> {
    let refused = FormatError { what, defect: Defect::Encoding };
    let value: Value =
        ciborium::de::from_reader_with_recursion_limit(bytes, DEPTH_MAX).map_err(|_| refused)?;
    if encode(&value) == bytes && keys_unique(&value) { Ok(value) } else { Err(refused) }
}

fn keys_unique(value: &Value) -> bool {
    match value {
        Value::Map(members) => {
            let mut keys: Vec<Vec<u8>> = members.iter().map(|(key, _)| encode(key)).collect();
            keys.sort();
            keys.windows(2).all(|pair| pair[0] != pair[1])
                && members.iter().all(|(key, member)| keys_unique(key) && keys_unique(member))
        }
        Value::Array(items) => items.iter().all(keys_unique),
        Value::Tag(_, inner) => keys_unique(inner),
        _ => true,
    }
}

#[cfg(test)]
mod tests;
