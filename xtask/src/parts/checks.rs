//! The parts themselves.

use super::report::Report;
use super::{Ground, Part, labs, memory_table};
use crate::child::{self, End, Output};
use crate::languages::{self, Language};
use crate::setup::Need;
use crate::{cargo, conformance, cross, libtest::Ended, say, scenario, shipped, suite};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(3600);
/// Test binaries that run at once: many wait for sockets and clocks of their own most of the time. The laboratories' do
/// not, and share what they build.
const AT_ONCE: usize = 2;

pub(super) fn fmt(ground: &Ground) -> Report {
    if !cargo::has(&ground.workspace.root, "fmt") {
        return Report::not_run("no rustfmt: rustup component add rustfmt");
    }
    tool(ground, "fmt", &["fmt", "--all", "--check", "--", "--color", "never"])
}

pub(super) fn clippy(ground: &Ground) -> Report {
    if !cargo::has(&ground.workspace.root, "clippy") {
        return Report::not_run("no clippy: rustup component add clippy");
    }
    tool(ground, "clippy", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
}

pub(super) fn deny(ground: &Ground) -> Report {
    if !cargo::has(&ground.workspace.root, "deny") {
        return Report::not_run("no cargo-deny: cargo install --locked cargo-deny");
    }
    tool(ground, "deny", &["deny", "--workspace", "check", "bans", "licenses", "sources"])
}

fn tool(ground: &Ground, name: &str, arguments: &[&str]) -> Report {
    let log = ground.workspace.kept().join(format!("{name}.log"));
    let mut command = cargo::command(&ground.workspace.root);
    command.args(arguments);
    match child::run(command, &Output::Together(&log), name, LIMIT) {
        End::Success => Report::check(true, ""),
        End::Failure(how) => {
            say::note(&child::tail(&log, 60));
            Report::check(false, format!("{how}, see {}", log.display()))
        }
    }
}

pub(super) fn build(ground: &mut Ground) -> Report {
    match built(ground) {
        Ok(_) => Report::check(true, ""),
        Err(log) => {
            say::note(&child::tail(&log, 60));
            Report::check(false, format!("see {}", log.display()))
        }
    }
}

/// The build, made when first asked for.
fn built(ground: &mut Ground) -> Result<&suite::Built, std::path::PathBuf> {
    let workspace = &ground.workspace;
    ground.built.get_or_insert_with(|| suite::build(workspace)).as_ref().map_err(Clone::clone)
}

pub(super) fn tests(ground: &mut Ground) -> Report {
    ground.ran.push(Part::Tests);
    if built(ground).is_err() {
        return Report::not_run("the build failed");
    }
    let mut ran = run_binaries(ground, AT_ONCE, |id| !labs::has(id));
    say::note("         documentation examples");
    for doc in suite::run_doc(&ground.workspace) {
        show(&doc);
        ran.push(doc);
    }
    let plain = suite::run_plain(&ground.workspace);
    show(&plain);
    ran.push(plain);
    keep(ground, &ran)
}

/// Runs the test binaries of a lab, if the machine has what they need.
pub(super) fn lab(ground: &mut Ground, part: Part) -> Report {
    ground.ran.push(part);
    let Some(lab) = labs::of(part) else { return Report::check(false, "there is no such lab") };
    if let Some(missing) = ground.machine.missing(lab.needs) {
        return Report::not_run(missing);
    }
    if built(ground).is_err() {
        return Report::not_run("the build failed");
    }
    let kept = ground.workspace.kept();
    if part == Part::Memory
        && let Err(stop) = memory_table::forget(&kept.join("memory"))
    {
        return Report::check(false, stop);
    }
    let ran = run_binaries(ground, 1, |id| lab.binaries.contains(&id));
    if ran.len() != lab.binaries.len() {
        return Report::check(false, format!("not all of {} were built", lab.binaries.join(", ")));
    }
    let report = keep(ground, &ran);
    if part == Part::Memory
        && let Err(stop) =
            memory_table::show(&kept.join("memory"), &["off", "on"], ground.only.contains(&Part::Memory))
    {
        say::note(&format!("         {stop}"));
        return Report::tests(report.passed, report.failed + 1, stop);
    }
    report
}

/// Runs crypto on other processors. Each step that could not run is named; when it is one that runs something, the part
/// has not passed.
pub(super) fn cross(ground: &Ground) -> Report {
    if let Some(missing) = ground.machine.missing(&labs::CROSS_NEEDS) {
        return Report::not_run(missing);
    }
    steps(cross::run(&ground.workspace, &ground.workspace.kept().join("cross")))
}

/// Runs what Miri interprets.
pub(super) fn miri(ground: &Ground) -> Report {
    if let Some(missing) = ground.machine.missing(&[Need::Miri]) {
        return Report::not_run(missing);
    }
    steps(cross::interpreted(&ground.workspace, &ground.workspace.kept().join("cross")))
}

/// Builds and looks through what goes into most phones.
pub(super) fn shipped(ground: &Ground) -> Report {
    if let Some(missing) = ground.machine.missing(&shipped::TEST_NEEDS) {
        return Report::not_run(missing);
    }
    match shipped::test(&ground.workspace) {
        Ok((held, wrong)) => Report::tests(held, wrong.len(), wrong.join("; ")),
        Err(stop) => Report::check(false, stop),
    }
}

/// Runs the tests of a language of the SDK.
pub(super) fn language(ground: &mut Ground, language: Language, needs: &[Need]) -> Report {
    if let Some(missing) = ground.machine.missing(needs) {
        return Report::not_run(missing);
    }
    if built(ground).is_err() {
        return Report::not_run("the build failed");
    }
    let Some(Ok(built)) = &ground.built else { return Report::not_run("the build failed") };
    let Some(demo) = suite::program(built, "msgpay-demo") else {
        return Report::check(false, "the workspace builds no program msgpay-demo");
    };
    match language.test(&languages::Ground::of(&ground.workspace, demo)) {
        Ok(count) if count.skipped > 0 => {
            let note = format!("{} skipped, which counts as failed", count.skipped);
            Report::tests(count.passed, count.failed + count.skipped, note)
        }
        Ok(count) if count.failed > 0 => Report::tests(count.passed, count.failed, ""),
        Ok(count) => guest(ground, language, count.passed),
        Err(stop) => Report::check(false, stop),
    }
}

/// After a language's own tests: dumps of its program, searched for what was typed.
fn guest(ground: &mut Ground, language: Language, passed: usize) -> Report {
    let folder = ground.workspace.kept().join(format!("memory-{}", language.word()));
    if let Err(stop) = memory_table::forget(&folder) {
        return Report::check(false, stop);
    }
    let binary = labs::guest(language);
    let ran = run_binaries(ground, 1, |id| id == binary);
    if ran.is_empty() {
        return Report::check(false, format!("{binary} was not built"));
    }
    let report = keep(ground, &ran);
    // Only plain memory: on a phone there is no other.
    match memory_table::show(&folder, &["off"], true) {
        Ok(()) => Report::tests(passed + report.passed, report.failed, ""),
        Err(stop) => Report::tests(passed + report.passed, report.failed + 1, stop),
    }
}

fn steps(steps: Result<Vec<cross::Step>, crate::Stop>) -> Report {
    let steps = match steps {
        Ok(steps) => steps,
        Err(stop) => return Report::check(false, stop),
    };
    let (mut passed, mut failed, mut not_run, mut unproven) = (0, 0, Vec::new(), false);
    for step in steps {
        let said = match step.outcome {
            cross::Outcome::Passed(count) => {
                passed += count;
                format!("{count:>4} passed")
            }
            cross::Outcome::Failed(why) => {
                failed += 1;
                format!("FAILED: {why}")
            }
            cross::Outcome::NotRun(why) => {
                unproven |= step.runs;
                let said = format!("NOT RUN: {why}");
                not_run.push(format!("{}: {why}", step.name));
                said
            }
        };
        say::note(&format!("         {:<40} {said} {:>6.1} s", step.name, step.seconds));
    }
    let note = if not_run.is_empty() { String::new() } else { format!("not run: {}", not_run.join(", ")) };
    if unproven && failed == 0 { Report::partly(passed, note) } else { Report::tests(passed, failed, note) }
}

/// Runs the wanted binaries, so many at once; gives them in the order in which they were built.
fn run_binaries(ground: &Ground, at_once: usize, wanted: impl Fn(&str) -> bool) -> Vec<suite::Ran> {
    let Some(Ok(built)) = &ground.built else { return Vec::new() };
    let binaries: Vec<_> = built.tests.iter().filter(|binary| wanted(&binary.id)).collect();
    let (workspace, python) = (&ground.workspace, ground.machine.python.as_deref());
    let (next, ran) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                while let at = next.fetch_add(1, Ordering::Relaxed)
                    && let Some(binary) = binaries.get(at)
                {
                    let one = suite::run(workspace, binary, None, python);
                    show(&one);
                    ran.lock().unwrap_or_else(PoisonError::into_inner).push((at, one));
                }
            });
        }
    });
    let mut ran = ran.into_inner().unwrap_or_else(PoisonError::into_inner);
    ran.sort_by_key(|(at, _)| *at);
    ran.into_iter().map(|(_, one)| one).collect()
}

fn show(ran: &suite::Ran) {
    let (passed, failed) = ran.sums();
    say::note(&format!(
        "         {:<40} {passed:>4} passed {failed:>3} failed {:>6.1} s",
        ran.binary, ran.seconds
    ));
    if failed > 0 {
        say::note(&suite::explain(ran));
    }
}

/// Records what ran and sums it up.
fn keep(ground: &mut Ground, ran: &[suite::Ran]) -> Report {
    for one in ran {
        ground.results.take(one.records.clone());
    }
    if let Err(stop) = ground.results.write(&ground.workspace) {
        return Report::check(false, stop);
    }
    let (passed, failed) = ran.iter().map(suite::Ran::sums).fold((0, 0), |(a, b), (c, d)| (a + c, b + d));
    let ignored: usize = ran.iter().map(|one| one.count(Ended::Ignored)).sum();
    let note = if ignored > 0 { format!("{ignored} ignored, which counts as failed") } else { String::new() };
    Report::tests(passed, failed, note)
}

pub(super) fn scenario(ground: &mut Ground) -> Report {
    ground.ran.push(Part::Scenario);
    if built(ground).is_err() {
        return Report::not_run("the build failed");
    }
    let Some(Ok(built)) = &ground.built else { return Report::not_run("the build failed") };
    let Some(program) = suite::program(built, "msgpay-demo") else {
        return Report::check(false, "the workspace builds no program msgpay-demo");
    };
    let played = scenario::play(&ground.workspace, program);
    let failed: Vec<&str> =
        played.records.iter().filter(|r| r.result != Ended::Ok).map(|r| r.test.as_str()).collect();
    let passed = played.records.len() - failed.len();
    let failures = if failed.is_empty() { usize::from(played.trouble.is_some()) } else { failed.len() };
    if failures > 0 {
        say::note(&child::tail(&played.log, 40));
    }
    let note = match (&played.trouble, failed.is_empty()) {
        (Some(trouble), true) => trouble.clone(),
        (_, false) => format!("failed: {}", failed.join(", ")),
        (None, true) => String::new(),
    };
    ground.results.take(played.records);
    if let Err(stop) = ground.results.write(&ground.workspace) {
        return Report::check(false, stop);
    }
    Report::tests(passed, failures, note)
}

/// Judges what the parts before it have recorded; called alone, it finds or makes results itself.
pub(super) fn conformance(ground: &mut Ground) -> Report {
    let judged = if ground.ran.contains(&Part::Tests) {
        conformance::judge_recorded(&ground.workspace, &ground.results)
    } else {
        conformance::judge(&ground.workspace, false)
    };
    let judged = match judged {
        Ok(judged) => judged,
        Err(stop) => return Report::check(false, stop),
    };
    let log = ground.workspace.kept().join("conformance.log");
    if let Err(e) = std::fs::write(&log, conformance::text(&judged)) {
        return Report::check(false, format!("cannot write {}: {e}", log.display()));
    }
    let problems = judged.problems();
    // A lab whose tools are not there leaves its claims unproven: that is "not run", never "passed".
    let closed: Vec<String> = labs::LABS
        .iter()
        .filter(|lab| ground.machine.missing(lab.needs).is_some())
        .flat_map(|lab| lab.binaries)
        .map(|binary| format!("{binary}::"))
        .collect();
    if !ground.only.contains(&Part::Conformance) && judged.only_unproven_of(&closed) {
        return Report::not_run(format!("{} claims of tests that could not run", problems.len()));
    }
    for problem in &problems {
        say::note(&format!("         {problem}"));
    }
    Report::check(problems.is_empty(), format!("{}, see {}", judged.sums(), log.display()))
}
