//! Builds the program as it would ship, runs it under valgrind, and reads what memcheck says.

use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, OnceLock};

/// Which ciphers the program has.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Build {
    /// Those of the processor, where it has them.
    Processor,
    /// Those of the software, as on a processor without AES.
    Software,
}

/// Exit code that valgrind gives when it has reported something.
const REPORTED: i32 = 9;

/// Where subtle turns a `CtOption` into an `Option` or opens it.
const CT_OPTION: [&str; 3] =
    ["subtle-2.6.1/src/lib.rs:663", "subtle-2.6.1/src/lib.rs:701", "subtle-2.6.1/src/lib.rs:816"];

/// In the path of the standard library's source, and of a library's from the registry.
const STANDARD: &str = "/library/";
const REGISTRY: &str = "/registry/src/";

/// One report: what, and the frames from the innermost on.
pub(crate) struct Report {
    pub(crate) what: String,
    pub(crate) frames: Vec<String>,
}

/// What a run said.
pub(crate) struct Run {
    pub(crate) lines: Vec<String>,
    pub(crate) reports: Vec<Report>,
}

/// A line of a library that may depend on a secret.
#[derive(Debug, Deserialize)]
pub(crate) struct Declassified {
    at: String,
    within: String,
    why: String,
}

impl Report {
    /// For a person: what, and the first frames.
    pub(crate) fn text(&self) -> String {
        let frames: Vec<&str> = self.frames.iter().map(String::as_str).take(12).collect();
        format!("{}\n    {}", self.what, frames.join("\n    "))
    }

    /// The innermost frame that is neither of the standard library nor a conversion of subtle's `CtOption`.
    fn place(&self) -> &str {
        let owned =
            |frame: &&String| !frame.contains(STANDARD) && !CT_OPTION.iter().any(|line| is_at(frame, line));
        self.frames.iter().find(owned).map_or("", String::as_str)
    }
}

/// Whether a frame lies at a line, named by its library.
fn is_at(frame: &str, line: &str) -> bool {
    frame
        .strip_suffix(')')
        .and_then(|frame| frame.strip_suffix(line))
        .is_some_and(|rest| rest.ends_with(" ("))
}

impl Declassified {
    pub(crate) fn covers(&self, report: &Report) -> bool {
        let here = self.at == "*" || is_at(report.place(), &self.at);
        here && report.frames.iter().any(|frame| frame.contains(&self.within))
    }
}

impl Run {
    /// The lines of the program's own output, as JSON.
    pub(crate) fn objects(&self) -> impl Iterator<Item = serde_json::Value> {
        self.lines.iter().map(|line| serde_json::from_str(line).unwrap())
    }
}

/// The list, each entry with its reason.
pub(crate) fn declassified() -> Vec<Declassified> {
    #[derive(Deserialize)]
    struct File {
        library: Vec<Declassified>,
    }
    let text = std::fs::read_to_string(package().join("declassified.toml")).unwrap();
    let list = toml::from_str::<File>(&text).unwrap().library;
    assert!(list.iter().all(|line| line.why.len() > 10 && !line.within.is_empty() && !line.at.is_empty()));
    list
}

/// Runs the program under memcheck.
pub(crate) fn run(build: Build, words: &[&str]) -> Run {
    let program = program(build);
    let answer = Command::new("valgrind")
        .args(["-q", "--tool=memcheck", "--track-origins=no", "--error-limit=no", "--leak-check=no"])
        .args([
            "--read-inline-info=yes",
            "--fullpath-after=",
            "--num-callers=40",
            &format!("--error-exitcode={REPORTED}"),
        ])
        .arg(format!("--suppressions={}", package().join("room.supp").display()))
        .arg(&program)
        .args(words)
        .output()
        .unwrap_or_else(|e| panic!("valgrind does not start ({e}): apt-get install valgrind"));
    let reports = read(&String::from_utf8_lossy(&answer.stderr));
    // A case that fails says so in its line; what else ends the program is a fault of this test.
    let wanted = if reports.is_empty() { 0 } else { REPORTED };
    assert_eq!(answer.status.code(), Some(wanted), "{}", tail(&answer));
    Run { lines: lines(&answer), reports }
}

/// Runs the program as it is.
pub(crate) fn plain(build: Build, words: &[&str]) -> Vec<String> {
    let answer = Command::new(program(build)).args(words).output().unwrap();
    assert!(answer.status.success(), "{}", tail(&answer));
    lines(&answer)
}

fn lines(answer: &Output) -> Vec<String> {
    String::from_utf8_lossy(&answer.stdout).lines().map(str::to_owned).collect()
}

fn tail(answer: &Output) -> String {
    let text = [&answer.stdout[..], &answer.stderr[..]].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    text.chars().skip(text.chars().count().saturating_sub(4000)).collect()
}

/// Reports in memcheck's text: a line that says what, then `at` and `by` with a frame each.
fn read(text: &str) -> Vec<Report> {
    let mut reports: Vec<Report> = Vec::new();
    for line in text.lines() {
        let Some((_, said)) = line.strip_prefix("==").and_then(|rest| rest.split_once("== ")) else {
            continue;
        };
        let said = said.trim();
        if let Some(frame) = said.strip_prefix("at 0x").or_else(|| said.strip_prefix("by 0x")) {
            if let (Some(report), Some((_, frame))) = (reports.last_mut(), frame.split_once(": ")) {
                report.frames.push(named_by_library(frame));
            }
        } else if !said.is_empty() {
            reports.push(Report { what: said.to_owned(), frames: Vec::new() });
        }
    }
    // Notes about an address, or that more reports will be shorter, have no frames.
    reports.retain(|report| !report.frames.is_empty());
    reports
}

/// A frame whose path begins at the library with its version, not at where the registry lies.
fn named_by_library(frame: &str) -> String {
    let Some((function, path)) = frame.rsplit_once(" (") else { return frame.to_owned() };
    let library = path.split_once(REGISTRY).and_then(|(_, rest)| rest.split_once('/'));
    format!("{function} ({}", library.map_or(path, |(_, library)| library))
}

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The built program. One build at a time: cargo would only wait for itself.
fn program(build: Build) -> PathBuf {
    static BUILT: [OnceLock<PathBuf>; 2] = [const { OnceLock::new() }; 2];
    static ONE: Mutex<()> = Mutex::new(());
    BUILT[build as usize]
        .get_or_init(|| {
            let _one = ONE.lock().unwrap();
            make(build)
        })
        .clone()
}

fn make(build: Build) -> PathBuf {
    let own = std::env::current_exe().unwrap();
    // target/<profile>/deps/<this test>
    let target = own.ancestors().nth(3).unwrap().to_owned();
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(package()).args(["build", "--quiet", "--profile", "timing", "--bin", "constant_time"]);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CARGO_PKG_")) {
        cargo.env_remove(name);
    }
    cargo.env_remove("CARGO_MANIFEST_DIR").env_remove("CARGO_MANIFEST_PATH");
    let target = match build {
        Build::Processor => {
            cargo.args(["--features", "valgrind"]).env_remove("RUSTFLAGS");
            target
        }
        Build::Software => {
            cargo.args(["--features", "valgrind"]);
            let flags = r#"--cfg aes_backend="soft" --cfg polyval_backend="soft" --cfg curve25519_dalek_backend="serial""#;
            cargo.env("RUSTFLAGS", flags);
            target.join("software")
        }
    };
    let built = cargo.arg("--target-dir").arg(&target).output().unwrap();
    assert!(built.status.success(), "{}", tail(&built));
    target.join("timing").join("constant_time")
}

#[test]
fn reports_are_read_and_judged_by_their_line() {
    let text = "==7== Conditional jump or move depends on uninitialised value(s)\n\
                ==7==    at 0x1: from<x> (/home/registry/src/index-1/subtle-2.6.1/src/lib.rs:663)\n\
                ==7==    by 0x2: branch (/rustc/1/library/core/src/result.rs:9)\n\
                ==7==    by 0x3: ecdsa::hazmat::sign (/home/registry/src/index-1/ecdsa-0.17.0/src/hazmat.rs:118)\n\
                ==7==    by 0x4: main (/home/msgpay/main.rs:1)\n\
                ==7== \n\
                ==7== Use of uninitialised value of size 8\n\
                ==7==    at 0x5: main (/home/msgpay/main.rs:2)\n\
                ==7== \n";
    let reports = read(text);
    assert_eq!((reports.len(), reports[0].frames.len()), (2, 4));
    let line =
        |at: &str, within: &str| Declassified { at: at.into(), within: within.into(), why: String::new() };
    assert!(line("ecdsa-0.17.0/src/hazmat.rs:118", "main").covers(&reports[0]));
    assert!(!line("ecdsa-0.17.0/src/hazmat.rs:118", "main").covers(&reports[1]));
    // Another line, another library with a line of that name, another place, or the line of a caller does not cover it.
    assert!(!line("ecdsa-0.17.0/src/hazmat.rs:119", "main").covers(&reports[0]));
    assert!(!line("sm2-0.14.0/src/hazmat.rs:118", "main").covers(&reports[0]));
    assert!(!line("src/hazmat.rs:118", "main").covers(&reports[0]));
    assert!(!line("ecdsa-0.17.0/src/hazmat.rs:118", "sm2").covers(&reports[0]));
    assert!(!line("/home/msgpay/main.rs:1", "main").covers(&reports[0]));
}
