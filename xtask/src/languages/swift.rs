//! Swift in a root of its own: Debian 12 has no Swift, so `ios/swift-root.sh` makes a small system that has.

use super::{Count, Ground, LIMIT};
use crate::cargo;
use crate::child::{self, End, Output};
use crate::setup::Need;
use std::path::Path;
use std::process::Command;

pub(crate) const NEEDS: [Need; 3] = [
    Need::Program(&["debootstrap"], "debootstrap"),
    Need::File("/usr/share/keyrings/debian-archive-keyring.gpg", "debian-archive-keyring"),
    Need::Program(&["unshare"], "util-linux"),
];

pub(super) fn test(ground: &Ground<'_>, sources: &Path, log: &Path) -> (End, Option<Count>) {
    let mut swift = in_root(ground, sources);
    swift.args(["sh", "-c", "swift build --build-tests && ./check.sh && swift test --disable-swift-testing"]);
    let end = child::run(swift, &Output::Together(log), "swift", LIMIT);
    (end, count(&child::read_lossy(log)))
}

/// Builds the program that is timed, and runs it.
pub(super) fn cost(ground: &Ground<'_>, sources: &Path, log: &Path, figures: &Path) -> End {
    let mut build = in_root(ground, sources);
    build.args(["swift", "build", "--configuration", "release", "--product", "msgpay-cost"]);
    if let End::Failure(how) = child::run(build, &Output::Together(log), "swift", LIMIT) {
        return End::Failure(format!("swift build: {how}"));
    }
    let mut swift = in_root(ground, sources);
    swift.arg(".build/release/msgpay-cost").arg(ground.demo);
    child::run(swift, &Output::Apart { out: figures, err: log }, "swift", LIMIT)
}

/// `ios/swift.sh`, to be given a command.
fn in_root(ground: &Ground<'_>, sources: &Path) -> Command {
    let mut swift = Command::new("bash");
    cargo::forget_outer_cargo(&mut swift);
    swift
        .current_dir(&ground.workspace.root)
        .arg("ios/swift.sh")
        .arg(sources)
        .arg(&ground.library)
        .arg("--")
        .env("MSGPAY_SWIFT_ROOT", ground.workspace.kept().join("swift-root"))
        .env("MSGPAY_DEMO", ground.demo);
    swift
}

/// XCTest's last word: `Executed 12 tests, with 1 test skipped and 2 failures (0 unexpected) in …`.
fn count(log: &str) -> Option<Count> {
    let words = log.lines().rev().find_map(|line| line.trim().strip_prefix("Executed "))?;
    let before = |what: &str| {
        let mut words = words.split([' ', ',']).filter(|word| !word.is_empty()).collect::<Vec<_>>();
        words.reverse();
        let at = words.iter().position(|word| word.starts_with(what))?;
        words.get(at..)?.iter().find_map(|word| word.parse::<usize>().ok())
    };
    let all = words.split_once(' ')?.0.parse::<usize>().ok()?;
    let (failed, skipped) = (before("failure")?, before("skipped").unwrap_or(0));
    Some(Count { passed: all.checked_sub(failed + skipped)?, failed, skipped })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_sum_counts() {
        let log = "\t Executed 2 tests, with 0 failures (0 unexpected) in 0.1 (0.1) seconds\n\
                   \t Executed 12 tests, with 1 test skipped and 2 failures (0 unexpected) in 3.5 (3.5) seconds\n";
        assert_eq!(count(log), Some(Count { passed: 9, failed: 2, skipped: 1 }));
        let one = "Executed 1 test, with 0 failures (0 unexpected) in 0.1 (0.1) seconds";
        assert_eq!(count(one), Some(Count { passed: 1, failed: 0, skipped: 0 }));
        assert_eq!(count("error: no such module"), None);
    }
}
