//! The bodies of T/CAICI 92 Annex C, field by field as its tables print them: names, types, required or not.
//!
//! Everything that the tables lack travels in HTTP headers (see `docs/protocol.md`), so the tables stay as they are.
//! `mobileNo` is a number in the query request only. Amounts are JSON numbers with two decimals, read from their raw
//! text and never through a float.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::money::{AmountError, Fen};

mod fields;
mod order;
mod query;

pub(crate) use fields::number_text;
pub use fields::reads_as_stored;
pub use order::{BusinessType, NewOrder, OrderAccepted, TransactionType};
pub use query::{OrderStatus, Query, QueryAnswer};

mod notify;
pub use notify::{Notice, NoticeAnswer};

/// Why a body is refused: the sender's fault, code 5G-1001.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Not JSON, a field missing, repeated, unknown, or of the wrong JSON type.
    #[error("not the JSON object of this interface: {0}")]
    Shape(ShapeError),
    /// A field's value is not allowed.
    #[error("{field}: {rule}")]
    Field {
        /// The field's name in Annex C.
        field: &'static str,
        /// What it must be.
        rule: &'static str,
    },
    /// The amount is not one.
    #[error("{field}: {why}")]
    Amount {
        /// The field's name in Annex C.
        field: &'static str,
        /// What is wrong with it.
        why: AmountError,
    },
}

/// What is wrong with the shape of a JSON body. Holds our words and field names, never the sender's values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// Not well-formed JSON, or not UTF-8, or bytes behind the object.
    #[error("not well-formed JSON")]
    Json,
    /// Well-formed, but a field is missing, unknown, repeated or of another type.
    #[error("a field is missing, unknown, repeated or of another type")]
    Fields,
}

pub(crate) fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, BodyError> {
    serde_json::from_slice(bytes).map_err(|error| {
        BodyError::Shape(if error.is_data() { ShapeError::Fields } else { ShapeError::Json })
    })
}

pub(crate) fn write<T: Serialize>(body: &T) -> Vec<u8> {
    // Structs of strings and raw numbers serialise into memory without fail.
    serde_json::to_vec(body).unwrap_or_default()
}

fn amount(field: &'static str, raw: &RawValue) -> Result<Fen, BodyError> {
    Fen::from_yuan_text(raw.get()).map_err(|why| BodyError::Amount { field, why })
}

fn raw_amount(fen: Fen) -> Box<RawValue> {
    // Digits, a point, two digits: always one JSON number.
    RawValue::from_string(fen.to_string()).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

#[cfg(test)]
mod tests;
