//! The reader of deterministic CBOR: a value has one encoding, and only that one is read.

use msgpay_wire::cbor;

/// What is read writes the same bytes, and cannot nest deeper than it may.
pub fn run(data: &[u8]) {
    if let Ok(value) = cbor::decode("fuzz", data) {
        assert_eq!(cbor::encode(&value), data);
        assert!(depth(&value) <= 9, "nesting is bounded");
    }
}

fn depth(value: &cbor::Value) -> usize {
    let inner = match value {
        cbor::Value::Array(items) => items.iter().map(depth).max(),
        cbor::Value::Map(members) => members.iter().map(|(key, value)| depth(key).max(depth(value))).max(),
        _ => None,
    };
    1 + inner.unwrap_or(0)
}
