//! Secret memory, the clean room, and the cryptographic suites.
//!
//! ```text
//! random   the one door of randomness
//! classify what is secret and what becomes public, said to valgrind
//! secret   locked pages that are born in place, wiped on drop, silent
//! room     the clean room: an operation on a secret has a stack of its own, wiped after it with registers
//! suite    one trait per family of algorithms: hash, verify, sign, MAC, seal, open
//! key      private keys that never leave their page
//! chain    the write-only chain: what was sealed cannot be opened by who sealed it
//! entry    slots and a layout become characters, inside the clean room
//! password the institution's side: stretched records, judgements, comparisons
//! ```
//!
//! What this crate does *not* do: it knows no payment, no message format, no clock, no network and no file.
//! Nothing here prints a secret: no secret type has `Debug`, `Clone` or `==`.

pub mod classify;
pub mod error;
mod once;

pub mod random;
pub mod secret;

pub mod heap;
pub mod room;

pub mod suite;

pub mod key;

pub mod chain;
pub mod entry;
pub mod password;

mod holds;
#[cfg(test)]
mod testing;

pub use chain::{OpenChain, SealChain};
pub use error::Error;
pub use key::{MacKey, OpeningKey, SigningKey};
pub use secret::SecretPage;
pub use suite::{Suite, SuiteId};
