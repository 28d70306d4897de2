//! The memory laboratory: the SDK's keypad runs in a process of its own, its memory is dumped from outside
//! between key presses and at every exit edge, and searched for all that was typed and all that opens it.
//!
//! ```text
//! dump      what another process's memory and registers hold now
//! search    many patterns in many dumps, only what changed is looked at again
//! canary    what is typed, and every dress that it may wear
//! tour      which keys are explored on the way, and the same of that
//! speech    copies of what the keys say, and what it was made with
//! eye       the layout, read from its pictures
//! derive    every secret of an entry, recomputed with the institution's private key
//! pin       what lies between a PIN's digits and its block
//! schedule  key schedules and keyed states as libraries keep them
//! subject   the laboratory program under examination, fed one press at a time
//! follow    memory that follows the last press
//! oracle    tries every window of a dump as a key against what was sealed before it
//! find      the open entry in a dump
//! wanted    what is looked for in one entry
//! findings  what can be found, and when
//! opening   a process with an open keypad whose layout can be told from chance
//! exam      one examination: phases, expectations, findings
//! guest     the SDK in another language, in an application's process
//! control   the product with one line more that leaks, built beside it
//! table     findings as lines, CSV and JSON
//! ```
//!
//! What this crate does *not* do: nothing of it is part of the product, and nothing imports it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a laboratory that cannot look has failed its test"
)]

pub mod dump;
pub mod search;

pub mod canary;
pub mod derive;
pub mod eye;
pub mod pin;
pub mod schedule;
pub mod speech;
pub mod tour;

pub mod subject;

pub mod follow;
pub mod oracle;

pub mod find;
pub mod findings;
pub mod wanted;

pub mod exam;
pub mod guest;
mod opening;

pub mod control;
pub mod table;
