//! `cargo xtask bench`: what the keypad's cryptography costs, as ratios within one run, so that the figures of two
//! machines can be compared; what the line to other languages adds to it; whether its time tells slots apart; and what takes too long for the test command.

mod faces;
mod ffi;
mod keypad;
mod timing;

use crate::cargo::{self, Workspace};
use crate::child::{self, End, Output};
use crate::{Stop, Verdict, say, setup};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(3600);

/// Options of `cargo xtask bench`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: Option<What>,
    /// Prints one JSON document
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Clone, Copy, clap::Subcommand)]
enum What {
    /// What a press and a whole entry cost beside their parts, in both suites (the default)
    Keypad,
    /// What a press through Kotlin and through Swift costs beside one in Rust, against a bare call across the line
    Ffi,
    /// Welch's t between two classes of secrets: a statistic to look at, not a verdict
    Timing,
    /// Every scale and theme of the faces, each read as often as all of them in the test command; some ten minutes
    Faces,
}

/// Runs the command.
///
/// # Errors
/// When the benchmark does not build or does not print its figures.
pub(crate) fn command(args: &Args) -> Result<Verdict, Stop> {
    setup::c_compiler()?;
    let workspace = Workspace::find()?;
    match args.what.unwrap_or(What::Keypad) {
        What::Keypad => keypad::judge(&program(&workspace, "keypad_cost")?, args.json),
        What::Ffi => ffi::judge(&ffi::measure(&workspace)?, args.json),
        What::Timing => timing::show(&program(&workspace, "welch")?, args.json),
        What::Faces => faces::read(&workspace, args.json),
    }
}

/// Builds a program of `msgpay-timing` in release, runs it, and gives what it printed: one JSON object a line.
fn program(workspace: &Workspace, name: &str) -> Result<Vec<serde_json::Value>, Stop> {
    let kept = workspace.make_kept()?;
    let (figures, log) = (kept.join(format!("{name}.json")), kept.join(format!("{name}.log")));
    let mut bench = cargo::command(&workspace.root);
    bench.args(["run", "--release", "--package", "msgpay-timing", "--bin", name]);
    say::note("building and measuring in release …");
    if let End::Failure(how) = child::run(bench, &Output::Apart { out: &figures, err: &log }, "bench", LIMIT)
    {
        say::note(&child::tail(&log, 40));
        return Err(format!("the benchmark failed: {how}, see {}", log.display()));
    }
    objects(&child::read_lossy(&figures))
}

fn objects(text: &str) -> Result<Vec<serde_json::Value>, Stop> {
    text.lines().map(|line| serde_json::from_str(line).map_err(|e| format!("`{line}`: {e}"))).collect()
}
