//! The reference 5G message payment platform of a payment institution (T/CAICI 92-2024).
//!
//! ```text
//! cli ── serve ── annex_c (merchants) ─┐
//!           ├──── sdk (handsets) ──────┼── http: TLS, limits, signatures, problem+json
//!           ├──── notify (C.3) ────────┘
//!           └──── domain: payments ── factors, bank, store (SQLite, one writer), check
//! ```
//!
//! It trusts no merchant, no handset and no clock but its own.

pub mod clock;
pub mod config;
pub mod ids;
pub mod log;
pub mod mask;
mod private;

pub mod keys;
pub mod pki;
pub mod tls;

pub mod bank;
pub mod check;
pub mod domain;
pub mod factors;
pub mod store;

pub mod annex_c;
pub mod http;
pub mod notify;
pub mod platform;
pub mod sdk;

pub mod cli;
pub mod serve;
