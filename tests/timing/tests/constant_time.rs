//! No branch and no address depends on a secret: every operation on one, run by valgrind's memcheck with the secrets
//! marked as undefined, in the optimised code that ships. Once with the processor's AES, once with the software's.
//!
//! A report is a failure, with its frames, unless `declassified.toml` names its line with a reason. Beside it, each
//! control does one thing wrong and has to be reported; and each result has to carry the mark, or nothing was watched.
#![expect(clippy::unwrap_used, reason = "a tool that is missing fails the test")]

mod memcheck;

use memcheck::{Build, Report};
use std::collections::BTreeSet;

/// Judges one build: the paths that ran, and what was found.
fn judge(build: Build, paths: &str) {
    let run = memcheck::run(build, &["run"]);
    assert!(run.lines[0].contains(paths), "other paths than wanted ran: {}", run.lines[0]);
    let cases: Vec<serde_json::Value> = run.objects().filter(|line| line["case"].is_string()).collect();
    assert!(cases.len() > 20, "{:?}", run.lines);
    for case in &cases {
        assert_eq!(case["error"], "", "{case}");
        assert!(case["marked"].as_u64().unwrap() > 0, "nothing was watched: {case}");
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
