//! The project's own commands: `cargo xtask test`, `cargo xtask conformance`, `cargo xtask bench`,
//! `cargo xtask prove`, `cargo xtask shipped`, `cargo xtask size`, `cargo xtask ios`.
//!
//! What CI runs is here, so that a developer's machine runs the same. Exit codes: 0 all is well,
//! 1 something failed, 2 the command could not do what was asked (wrong usage, a missing tool).

mod bench;
mod cargo;
mod child;
mod clock;
mod conformance;
mod cross;
mod ios;
mod languages;
mod libtest;
mod mutate;
mod parts;
mod prove;
mod results;
mod say;
mod scenario;
mod setup;
mod shipped;
mod size;
mod suite;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Commands of the MsgPay project.
#[derive(Parser)]
#[command(name = "cargo xtask", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sets the machine up, then runs formatting, lints, build, tests, browser, scenarios, conformance, deny
    Test(parts::Args),
    /// Reports T/CAICI 92-2024 clause by clause, from executed tests
    Conformance(conformance::Args),
    /// Measures the keypad's cryptography in a release build, as ratios
    Bench(bench::Args),
    /// Leaves the AAR, the desktop jar, sources and API documents in target/android
    Android(languages::android::Args),
    /// Writes `bindings/API.md`: all that the library exports to Kotlin and Swift
    Api(languages::api::Args),
    /// Leaves the Swift package for applications: sources, the device's library, DocC sources; prints their paths
    Ios,
    /// Checks the protocol's symbolic models with Verifpal: promises hold, controls fail (installs it when it may)
    Prove(prove::Args),
    /// Builds the native libraries that go to phones, and looks through each of them
    Shipped(shipped::Args),
    /// Builds the same and prints their sizes, by file and by crate, against the budget
    Size(size::Args),
}

/// Why a command could not do what was asked; the text says what is missing.
pub(crate) type Stop = String;

/// How a command ended when it could do what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    AllWell,
    SomethingFailed,
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Test(args) => parts::command(&args),
        Command::Conformance(args) => conformance::command(&args),
        Command::Bench(args) => bench::command(&args),
        Command::Android(args) => languages::android::command(&args),
        Command::Api(args) => languages::api::command(&args),
        Command::Ios => ios::command(),
        Command::Prove(args) => prove::command(&args),
        Command::Shipped(args) => shipped::command(&args),
        Command::Size(args) => size::command(&args),
    };
    match done {
        Ok(Verdict::AllWell) => ExitCode::SUCCESS,
        Ok(Verdict::SomethingFailed) => ExitCode::from(1),
        Err(stop) => {
            say::note(&format!("cannot go on: {stop}"));
            ExitCode::from(2)
        }
    }
}
