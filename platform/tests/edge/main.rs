//! The platform's edge over real TLS sockets, one file per group of promises.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod biometrics;
mod certificates;
mod command_line;
mod common;
mod downgrades;
mod entries;
mod limits;
mod notices;
mod order_bodies;
mod orders;
mod rotation;
mod rotation_process;
mod sdk_calls;
mod signatures;
mod starting;
mod suites;
mod unknown_suites;
