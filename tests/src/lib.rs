//! Promises that are held across rooms, and the readers of the house's own sources that hold its shape.
//!
//! ```text
//! source   Rust files with comments and literals blanked out
//! arrows   which room may depend on which
//! layers   the order of the modules inside a room
//! doors    what has one place only: time, randomness, HTTP clients
//! manners  what no file may contain, and how long it may be
//! ```
//!
//! What this crate does *not* do: nothing imports it, and nothing in it is part of the product.

pub mod source;

pub mod arrows;
pub mod doors;
pub mod layers;
pub mod manners;
