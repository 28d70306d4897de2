//! The fuzz targets: each reads bytes that a stranger may have sent or altered, and holds what it read against the bytes.
//!
//! A target is a plain function, so that cargo-fuzz (`fuzz_targets/`) and the smoke test on stable Rust
//! (`tests/tests/decoders`) run the same. A target that ends without a panic has found nothing.

pub mod annex_c;
pub mod bridge;
pub mod cbor;
pub mod config;
pub mod encapsulation;
pub mod entry;
pub mod http_signature;
pub mod keys;
pub mod link;
pub mod messages;
pub mod opened;
pub mod postback;
pub mod record;
pub mod requests;
pub mod signed;
pub mod vault;

/// A target's name, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// Every target by the name of its file in `fuzz_targets/` and of its folder in `seeds/`.
pub const ALL: [Target; 16] = [
    ("annex_c", annex_c::run),
    ("bridge", bridge::run),
    ("cbor", cbor::run),
    ("config", config::run),
    ("encapsulation", encapsulation::run),
    ("entry", entry::run),
    ("http_signature", http_signature::run),
    ("keys", keys::run),
    ("link", link::run),
    ("messages", messages::run),
    ("opened", opened::run),
    ("postback", postback::run),
    ("record", record::run),
    ("requests", requests::run),
    ("signed", signed::run),
    ("vault", vault::run),
];
