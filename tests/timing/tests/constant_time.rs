//! No branch and no address depends on a secret: every operation on one, run by valgrind's memcheck with the secrets
//! marked as undefined, in the optimised code that ships. Once with the processor's AES, once with the software's.
//!
//! A report is a failure, with its frames, unless `declassified.toml` names its line with a reason. Beside it, each
//! control does one thing wrong and has to be reported; and what comes out of each case (its result, or the verdict that
//! is let out) has to depend on what went in marked, or nothing was watched.
#![expect(clippy::unwrap_used, reason = "a tool that is missing fails the test")]

mod memcheck;

use memcheck::{Build, Report};
use msgpay_crypto::SuiteId;
use msgpay_sdk_core::Kind;
use std::collections::BTreeSet;

/// What is run in every suite.
const IN_EVERY_SUITE: [&str; 10] =
    ["key", "sign", "mac", "expand", "encapsulate", "decapsulate", "seal", "open", "refuse", "password"];
/// What is run once.
const ONCE: [&str; 10] = [
    "resolve 10 slots",
    "resolve 11 slots",
    "resolve 94 slots",
    "review CardNumber",
    "review IdNumber",
    "compare pages",
    "compare bytes",
    "judge",
    "form",
    "unpack",
];
/// What memcheck runs: it knows no SHA-NI, on whatever processor.
const HASH: &str = r#""sha256":"software""#;

/// Every case, by name: each operation in each suite, the keypad of each kind in each suite, and the rest.
fn cases() -> Vec<String> {
    let of_suite = |suite: &SuiteId| {
        let suite = *suite;
        let operations = IN_EVERY_SUITE.iter().map(move |name| format!("{name} {suite:?}"));
        operations.chain(Kind::ALL.into_iter().map(move |kind| format!("press {suite:?} {kind:?}")))
    };
    let once = ONCE.iter().map(|name| (*name).to_owned());
    SuiteId::ALL.iter().flat_map(of_suite).chain(once).collect()
}

/// Judges one build: the paths that ran, and what was found.
fn judge(build: Build, paths: &str) {
    let run = memcheck::run(build, &["run"]);
    let first = &run.lines[0];
    assert!(first.contains(paths) && first.contains(HASH), "other paths than wanted ran: {first}");
    let seen: Vec<serde_json::Value> = run.objects().filter(|line| line["case"].is_string()).collect();
    let names: Vec<&str> = seen.iter().map(|case| case["case"].as_str().unwrap()).collect();
    assert_eq!(names, cases(), "other cases than wanted ran");
    for case in &seen {
        assert_eq!(case["error"], "", "{case}");
        let marked = case["marked"].as_array().unwrap();
        let watched = marked.iter().all(|marked| marked["much"].as_u64().unwrap() > 0);
        assert!(!marked.is_empty() && watched, "nothing was watched: {case}");
    }
    let list = memcheck::declassified();
    let undeclared: BTreeSet<String> = run
        .reports
        .iter()
        .filter(|report| !list.iter().any(|line| line.covers(report)))
        .map(Report::text)
        .collect();
    assert!(
        undeclared.is_empty(),
        "{} places depend on a secret:\n{}",
        undeclared.len(),
        undeclared.into_iter().collect::<Vec<_>>().join("\n")
    );
    // Memcheck reports a line that depends on a secret even if the case as a whole works: so the list is exact.
    for line in &list {
        assert!(
            run.reports.iter().any(|report| line.covers(report)),
            "declassified.toml names a line that nothing reaches: {line:?}"
        );
    }
}

#[test]
fn no_branch_or_address_depends_on_a_secret_with_the_processors_aes() {
    judge(Build::Processor, r#""aes":"AES-NI","polyval":"PCLMULQDQ""#);
}

#[test]
fn no_branch_or_address_depends_on_a_secret_with_aes_in_software() {
    judge(Build::Software, r#""aes":"software","polyval":"software""#);
}

#[test]
fn control_every_planted_leak_is_reported() {
    let names = memcheck::plain(Build::Processor, &["controls"]);
    assert!(names.len() >= 6, "{names:?}");
    for name in names {
        let run = memcheck::run(Build::Processor, &["control", &name]);
        let wanted = format!("controls::{}", name.replace('-', "_"));
        let found =
            run.reports.iter().find(|report| report.frames.iter().any(|frame| frame.contains(&wanted)));
        assert!(found.is_some(), "the leak `{name}` was not reported in {wanted}");
        let list = memcheck::declassified();
        assert!(!run.reports.iter().all(|report| list.iter().any(|line| line.covers(report))), "{name}");
    }
}
