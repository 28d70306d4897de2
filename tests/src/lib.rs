//! Promises that are held across rooms, and the readers of the house's own sources that hold its shape.
//!
//! ```text
//! source         Rust files with comments and literals blanked out
//! arrows         which room may depend on which
//! doors          what has one place only: time, randomness, HTTP clients
//! layers         the order of the modules inside a room
//! manners        what no file may contain, and how long it may be
//! annex_c        the field tables of the standard as data
//! institution    a stand-in for the platform, from the formats alone
//! handset        a stand-in for the phone around the real core
//! play           a payment on the real stage, as far as it goes
//! program        where the built programs lie
//! second_opener  opens an entry as docs/protocol.md has it, without any code of ours
//! ```
//!
//! What this crate does *not* do: nothing imports it, and nothing in it is part of the product.

pub mod source;

pub mod arrows;
pub mod doors;
pub mod layers;
pub mod manners;

pub mod annex_c;
pub mod handset;
pub mod institution;
pub mod play;
pub mod program;
pub mod second_opener;
