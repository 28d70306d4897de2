//! Runs the tests of the table by name in the copy.

use super::copy::Copy;
use crate::cargo;
use crate::child::{self, End, Output};
use crate::libtest::{self, Ended};
use crate::scenario;
use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

const BUILD_LIMIT: Duration = Duration::from_secs(3600);
const TEST_LIMIT: Duration = Duration::from_secs(300);

/// How a test ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Seen {
    Green,
    Red,
    /// It did not build, did not run or does not exist: that proves nothing.
    Neither(String),
}

/// Every claim and how it ended.
pub(super) fn all<'a>(copy: &Copy, claims: &[&'a str]) -> BTreeMap<&'a str, Seen> {
    claims.iter().map(|claim| (*claim, one(copy, claim))).collect()
}

/// One claim: builds what it needs, then runs that test alone.
pub(super) fn one(copy: &Copy, claim: &str) -> Seen {
    let played = match claim.strip_prefix(scenario::BINARY).and_then(|rest| rest.strip_prefix("::")) {
        Some(test) => play_scenario(copy, test),
        None => play_test(copy, claim),
    };
    played.unwrap_or_else(Seen::Neither)
}

/// `crate::lib::name`, `crate::bin/program::name` or `crate::integration test::name`.
fn play_test(copy: &Copy, claim: &str) -> Result<Seen, String> {
    let mut parts = claim.splitn(3, "::");
    let (Some(package), Some(target), Some(test)) = (parts.next(), parts.next(), parts.next()) else {
        return Err("is not `crate::target::test`".into());
    };
    let target: Vec<&str> = match (target, target.strip_prefix("bin/")) {
        ("doc", _) => return Err("examples of the documentation are not run by name".into()),
        ("lib", _) => vec!["--lib"],
        (_, Some(program)) => vec!["--bin", program],
        (integration, None) => vec!["--test", integration],
    };
    let words = [&["test", "--package", package][..], &target].concat();
    build(copy, &[&words[..], &["--no-run"]].concat())?;
    let (output, errors) =
        (copy.workspace().kept().join("test.out"), copy.workspace().kept().join("test.err"));
    let mut command = in_copy(copy);
    command.args(&words).args(["--", "--exact", "--color", "never", test]);
    let end = child::run(command, &Output::Apart { out: &output, err: &errors }, test, TEST_LIMIT);
    let ran = libtest::read(&child::read_lossy(&output)).map_err(|why| match end {
        End::Failure(how) => format!("{how}; {why}"),
        End::Success => why,
    })?;
    match ran.iter().find(|(name, _)| name == test).map(|(_, ended)| *ended) {
        Some(Ended::Ok) => Ok(Seen::Green),
        Some(Ended::Failed) => Ok(Seen::Red),
        Some(Ended::Ignored) => Err("is ignored".into()),
        None => Err("does not exist".into()),
    }
}

/// `scenario` or `scenario/fault`, by the demo program.
fn play_scenario(copy: &Copy, test: &str) -> Result<Seen, String> {
    build(copy, &["build", "--package", "msgpay-demo"])?;
    let (name, rest) = test.split_once('/').map_or((test, None), |(name, rest)| (name, Some(rest)));
    // `native/guomi/fault`: the suite stands before the fault, and alone it is no fault.
    let (suite, fault) = match rest.map(|rest| rest.split_once('/').unwrap_or((rest, ""))) {
        Some((suite @ ("guomi" | "curve25519"), fault)) => {
            (Some(suite), Some(fault).filter(|fault| !fault.is_empty()))
        }
        _ => (None, rest),
    };
    let (output, errors) =
        (copy.workspace().kept().join("test.out"), copy.workspace().kept().join("test.err"));
    let mut command = Command::new(copy.workspace().target.join("debug/msgpay-demo"));
    cargo::forget_outer_cargo(&mut command);
    command.current_dir(&copy.workspace().root).args(["scenario", name, "--json"]);
    if let Some(suite) = suite {
        command.args(["--suite", suite]);
    }
    if let Some(fault) = fault {
        command.args(["--fault", fault]);
    }
    let end = child::run(command, &Output::Apart { out: &output, err: &errors }, test, TEST_LIMIT);
    let records = scenario::outcomes(&child::read_lossy(&output));
    match (records.iter().find(|record| record.test == test).map(|record| record.result), end) {
        (Some(Ended::Ok), End::Success) => Ok(Seen::Green),
        (Some(_), _) => Ok(Seen::Red),
        // The program gave up on the way: the payment did not come to its end.
        (None, End::Failure(how)) if !child::read_lossy(&output).is_empty() => {
            crate::say::note(&format!("  {test}: {how}"));
            Ok(Seen::Red)
        }
        (None, _) => Err("the scenario did not start".into()),
    }
}

fn build(copy: &Copy, words: &[&str]) -> Result<(), String> {
    let log = copy.workspace().kept().join("build.log");
    let mut command = in_copy(copy);
    command.args(words);
    match child::run(command, &Output::Together(&log), "build", BUILD_LIMIT) {
        End::Success => Ok(()),
        End::Failure(_) => Err(format!("does not build:\n{}", child::tail(&log, 30))),
    }
}

fn in_copy(copy: &Copy) -> Command {
    let mut command = cargo::command(&copy.workspace().root);
    command.env("CARGO_TARGET_DIR", &copy.workspace().target);
    command
}
