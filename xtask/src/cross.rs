//! `crypto` on other CPUs and in an interpreter: its tests for aarch64 and 32-bit ARM under an emulator, the registers
//! of a process that has left the clean room read by a debugger, Miri, and what can only be compiled here.

mod proof;

use crate::Stop;
use crate::cargo::{self, Workspace};
use crate::child::{self, End, Output};
use crate::clock::Stopwatch;
use crate::libtest::{self, Ended};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const PACKAGE: &str = "msgpay-crypto";
/// One step, its build included.
const LIMIT: Duration = Duration::from_secs(600);

/// A CPU that is emulated.
#[derive(Debug)]
pub(crate) struct Cpu {
    target: &'static str,
    linker: &'static str,
    emulator: &'static str,
    /// Where the C library of that CPU lies.
    root: &'static str,
    /// Tests that say nothing on this CPU, with the reason.
    skipped: &'static [(&'static str, &'static str)],
}

const CPUS: [Cpu; 2] = [
    Cpu {
        target: "aarch64-unknown-linux-gnu",
        linker: "aarch64-linux-gnu-gcc",
        emulator: "qemu-aarch64",
        root: "/usr/aarch64-linux-gnu",
        skipped: &[],
    },
    Cpu {
        target: "armv7-unknown-linux-gnueabihf",
        linker: "arm-linux-gnueabihf-gcc",
        emulator: "qemu-arm",
        root: "/usr/arm-linux-gnueabihf",
        skipped: &[
            (
                "chain::tests::control_a_step_outside_the_room",
                "its key lies there in pieces shorter than searched",
            ),
            ("room::tests::fork::a_thread_that_ends_inside", "unwinding there stops at the stack switch"),
            (
                "room::tests::burn::a_foreign_stack_is_wiped_a_little",
                "the search's own frames write over all that its control leaves",
            ),
        ],
    },
];

/// Tests that an emulator of processes cannot run, with the reason.
const NOT_EMULATED: [(&str, &str); 9] = [
    ("secret::tests::system::", "starts itself again, which the kernel cannot do with a foreign program"),
    ("room::tests::hook::", "the same"),
    ("secret::tests::the_kernel_confirms_the_report", "the kernel's view is of the emulator's memory"),
    ("secret::tests::a_fork_loses_the_secret", "MADV_WIPEONFORK is granted and not done"),
    ("chain::tests::a_forked_child_seals_nothing", "the same"),
    ("entry::typed::tests::a_forks_child_finds_nothing", "the same"),
    ("room::tests::fork::a_child_", "the same, and a fork beside other threads can hang the emulator"),
    ("suite::", "arithmetic that knows no CPU, and far slower: it is run natively"),
    ("password::tests::a_", "the same"),
];

/// Tests that Miri interprets: logic over pages and slices. The others need the system, assembly or minutes.
const INTERPRETED: [&str; 5] = [
    "entry::tests::a_layout_is_a_permutation_of_its_alphabet",
    "entry::tests::a_press_beside_the_keys_is_refused",
    "entry::tests::an_alphabet_keeps_clear_of_the_commands",
    "entry::tests::commands_take_back",
    "random::tests::two_draws_differ",
];

/// Systems for which the crate is compiled and cannot be run here.
const COMPILED: [&str; 3] = ["aarch64-linux-android", "armv7-linux-androideabi", "aarch64-apple-ios"];

/// One thing that was tried.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) name: String,
    /// Whether it runs something, and does not only compile.
    pub(crate) runs: bool,
    pub(crate) outcome: Outcome,
    pub(crate) seconds: f64,
}

/// How it ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// So many tests or checks held.
    Passed(usize),
    /// What did not hold.
    Failed(String),
    /// What is missing on this machine.
    NotRun(String),
}

/// Runs all of it; logs go into the folder `logs`.
///
/// # Errors
/// When the folder cannot be made.
pub(crate) fn run(workspace: &Workspace, logs: &Path) -> Result<Vec<Step>, Stop> {
    make(logs)?;
    let mut steps = vec![timed("registers of this machine", || proof::native(workspace, logs))];
    for cpu in &CPUS {
        steps.push(timed(&format!("tests {}", cpu.target), || tests(workspace, logs, cpu)));
        steps.push(timed(&format!("registers {}", cpu.target), || proof::emulated(workspace, logs, cpu)));
    }
    for target in COMPILED {
        let step = timed(&format!("compiles for {target}"), || compiles(workspace, logs, target));
        steps.push(Step { runs: false, ..step });
    }
    Ok(steps)
}

/// What Miri interprets, a part of its own: it needs another toolchain.
///
/// # Errors
/// As [`run`].
pub(crate) fn interpreted(workspace: &Workspace, logs: &Path) -> Result<Vec<Step>, Stop> {
    make(logs)?;
    Ok(vec![timed("miri", || miri(workspace, logs))])
}

fn make(logs: &Path) -> Result<(), Stop> {
    std::fs::create_dir_all(logs).map_err(|e| format!("cannot make {}: {e}", logs.display()))
}

fn timed(name: &str, step: impl FnOnce() -> Outcome) -> Step {
    let watch = Stopwatch::start();
    let outcome = step();
    Step { name: name.to_owned(), runs: true, outcome, seconds: watch.seconds() }
}

impl Cpu {
    /// What of the CPU's tools is not there.
    fn missing(&self) -> Option<String> {
        let tools = [self.linker, self.emulator].into_iter().filter(|tool| !on_path(tool));
        let mut missing: Vec<String> = tools.map(str::to_owned).collect();
        if !Path::new(self.root).join("lib").is_dir() {
            missing.push(format!("the C library in {}", self.root));
        }
        if !has_target(self.target) {
            missing.push(format!("rustup target add {}", self.target));
        }
        (!missing.is_empty()).then(|| format!("no {}", missing.join(", ")))
    }

    /// A cargo that builds for this CPU.
    fn cargo(&self, workspace: &Workspace) -> Command {
        let variable = format!("CARGO_TARGET_{}", self.target.replace('-', "_").to_uppercase());
        let mut command = cargo::command(&workspace.root);
        command
            .env(format!("{variable}_LINKER"), self.linker)
            .env(format!("{variable}_RUNNER"), format!("{} -L {}", self.emulator, self.root));
        command
    }
}

fn tests(workspace: &Workspace, logs: &Path, cpu: &Cpu) -> Outcome {
    if let Some(missing) = cpu.missing() {
        return Outcome::NotRun(missing);
    }
    let name = format!("tests-{}", cpu.target);
    let test = || {
        let mut command = cpu.cargo(workspace);
        command.args(["test", "--package", PACKAGE, "--lib", "--target", cpu.target, "--"]);
        command
    };
    let mut list = test();
    list.arg("--list");
    let listed = logs.join(format!("{name}.list"));
    let output = Output::Apart { out: &listed, err: &logs.join(format!("{name}.list.err")) };
    if let End::Failure(how) = child::run(list, &output, &name, LIMIT) {
        return Outcome::Failed(format!("{how}, see {}", listed.display()));
    }
    let skips: Vec<&str> = NOT_EMULATED.iter().chain(cpu.skipped).map(|(name, _why)| *name).collect();
    let wanted = match not_skipped(&child::read_lossy(&listed), &skips) {
        Ok(wanted) => wanted,
        Err(why) => return Outcome::Failed(why),
    };
    let mut command = test();
    command.args(skips.iter().flat_map(|skip| ["--skip", skip]));
    judge_tests(command, logs, &name, &wanted)
}

/// The tests that a harness lists and no skip names. A skip that names none is stale: what it was for is gone, or has
/// another name and is run again.
fn not_skipped(list: &str, skips: &[&str]) -> Result<Vec<String>, String> {
    let all: Vec<&str> = list.lines().filter_map(|line| line.strip_suffix(": test")).collect();
    match skips.iter().find(|skip| !all.iter().any(|test| test.contains(**skip))) {
        Some(stale) => Err(format!("`{stale}` is skipped and names no test")),
        None => {
            let named = |test: &&&str| !skips.iter().any(|skip| test.contains(skip));
            Ok(all.iter().filter(named).map(|test| (*test).to_owned()).collect())
        }
    }
}

fn miri(workspace: &Workspace, logs: &Path) -> Outcome {
    // Not the cargo that runs this: `+nightly` is rustup's word.
    let mut command = Command::new("cargo");
    cargo::forget_outer_cargo(&mut command);
    for name in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN"] {
        command.env_remove(name);
    }
    command
        .current_dir(&workspace.root)
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_TARGET_DIR", workspace.target.join("miri"))
        .env("MIRIFLAGS", "-Zmiri-disable-isolation")
        .args(["+nightly", "miri", "test", "--package", PACKAGE, "--lib", "--", "--exact"])
        .args(INTERPRETED);
    judge_tests(command, logs, "miri", &INTERPRETED.map(str::to_owned))
}

/// Passed when just the wanted tests ran and each is ok.
fn judge_tests(command: Command, logs: &Path, name: &str, wanted: &[String]) -> Outcome {
    let (out, err) = (logs.join(format!("{name}.out")), logs.join(format!("{name}.err")));
    let end = child::run(command, &Output::Apart { out: &out, err: &err }, name, LIMIT);
    match (end, libtest::read(&child::read_lossy(&out))) {
        (End::Success, Ok(tests)) => match differs(&tests, wanted) {
            None => Outcome::Passed(tests.len()),
            Some(why) => Outcome::Failed(format!("{why}, see {}", out.display())),
        },
        (End::Failure(_), Ok(tests)) => {
            let failed = tests.iter().filter(|(_, ended)| *ended != Ended::Ok);
            let failed: Vec<&str> = failed.map(|(name, _)| name.as_str()).collect();
            Outcome::Failed(format!("{}, see {}", failed.join(", "), out.display()))
        }
        (End::Success, Err(why)) => Outcome::Failed(format!("{why}, see {}", out.display())),
        (End::Failure(how), Err(why)) => Outcome::Failed(format!("{how}; {why}, see {}", err.display())),
    }
}

/// What of the wanted tests is not there, or is there beside them.
fn differs(tests: &[(String, Ended)], wanted: &[String]) -> Option<String> {
    let passed: BTreeSet<&str> =
        tests.iter().filter(|(_, ended)| *ended == Ended::Ok).map(|(name, _)| name.as_str()).collect();
    let wanted: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
    let (more, less): (Vec<&str>, Vec<&str>) =
        (passed.difference(&wanted).copied().collect(), wanted.difference(&passed).copied().collect());
    match (wanted.is_empty(), more.is_empty() && less.is_empty()) {
        (true, _) => Some("no test is wanted".into()),
        (false, true) => None,
        (false, false) => {
            Some(format!("did not pass: [{}]; not expected: [{}]", less.join(", "), more.join(", ")))
        }
    }
}

fn compiles(workspace: &Workspace, logs: &Path, target: &str) -> Outcome {
    if !has_target(target) {
        return Outcome::NotRun(format!("rustup target add {target}"));
    }
    let mut command = cargo::command(&workspace.root);
    // ring and psm compile C and assembly for the target, which takes its vendor's kit. Nothing is linked here, so a
    // compiler that makes empty objects is enough to check the Rust of this crate.
    command.args(["check", "--package", PACKAGE, "--target", target]);
    let nothing = match proof::compiler_of_nothing(logs) {
        Ok(nothing) => nothing,
        Err(why) => return Outcome::Failed(why),
    };
    let variable = target.replace('-', "_");
    command.env(format!("CC_{variable}"), &nothing).env(format!("AR_{variable}"), &nothing);
    command.env("SDKROOT", logs);
    let log = logs.join(format!("check-{target}.log"));
    match child::run(command, &Output::Together(&log), target, LIMIT) {
        End::Success => Outcome::Passed(1),
        End::Failure(how) => Outcome::Failed(format!("{how}, see {}", log.display())),
    }
}

fn has_target(target: &str) -> bool {
    let asked = Command::new("rustc").args(["--print", "target-libdir", "--target", target]).output();
    asked.is_ok_and(|answer| Path::new(String::from_utf8_lossy(&answer.stdout).trim()).is_dir())
}

fn on_path(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// Where cargo puts an example.
fn example(workspace: &Workspace, target: Option<&str>, name: &str) -> PathBuf {
    let folder = target.map_or_else(|| workspace.target.clone(), |target| workspace.target.join(target));
    folder.join("debug/examples").join(name)
}

#[cfg(test)]
mod tests;
