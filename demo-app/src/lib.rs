//! A whole 5G-message payment on one machine, every party over its own sockets.
//!
//! | room | who |
//! |---|---|
//! | [`handset`] | messaging client and payment SDK |
//! | [`maap`] | the operator (a simulator: it lies outside the system) |
//! | [`merchant`] | business platform and Chatbot |
//! | [`stage`] | raises all of them, and the platform as a process |
//! | [`scenario`] | a simulated user plays, the records are judged |
//! | [`person`] | how the simulated user reads key faces |
//! | [`web`], [`view`] | the page |
//! | [`recorder`], [`net`] | the plaintext tee at every endpoint |
//!
//! Nothing here decides about a payment: what belongs to a party lives in its own crate.

pub mod clock;
pub mod fault;
pub mod net;
pub mod recorder;
pub mod view;

pub mod maap;
pub mod merchant;

pub mod handset;
pub mod person;
pub mod scenario;
pub mod stage;

pub mod web;

pub mod cli;

/// Freed memory is wiped: what a library forgot to wipe does not stay.
#[global_allocator]
static HEAP: msgpay_crypto::heap::WipingHeap = msgpay_crypto::heap::WipingHeap;
