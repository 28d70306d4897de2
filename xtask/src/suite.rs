//! Builds the workspace once and runs its test binaries one by one, each with its own output files, so that
//! every test's end is known by name.

use crate::cargo::{self, Workspace};
use crate::child::{self, End, Output};
use crate::clock::Stopwatch;
use crate::libtest::{self, Ended};
use crate::results::Record;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// A test binary that hangs is ended after this long.
const BINARY_LIMIT: Duration = Duration::from_secs(480);
/// The same for a build from nothing on a slow machine.
const BUILD_LIMIT: Duration = Duration::from_secs(3600);

/// What one build of the workspace gave.
pub(crate) struct Built {
    pub(crate) tests: Vec<Binary>,
    /// Name and path of each program.
    pub(crate) programs: Vec<(String, PathBuf)>,
}

/// A test binary.
pub(crate) struct Binary {
    /// `crate::target`, as in [`Record::binary`].
    pub(crate) id: String,
    executable: PathBuf,
    manifest: PathBuf,
}

/// How a test binary ended.
pub(crate) struct Ran {
    pub(crate) binary: String,
    pub(crate) records: Vec<Record>,
    /// Set when the binary did not end as its tests' results say it should.
    pub(crate) trouble: Option<String>,
    pub(crate) seconds: f64,
    pub(crate) output: PathBuf,
    pub(crate) errors: PathBuf,
}

impl Ran {
    pub(crate) fn count(&self, wanted: Ended) -> usize {
        self.records.iter().filter(|record| record.result == wanted).count()
    }

    /// Passed, failed: a binary in trouble is a failure of its own, and so is an ignored test.
    pub(crate) fn sums(&self) -> (usize, usize) {
        let failed = self.count(Ended::Failed) + self.count(Ended::Ignored);
        (self.count(Ended::Ok), if failed == 0 { usize::from(self.trouble.is_some()) } else { failed })
    }
}

/// Builds libraries, programs, tests and examples of every package in one go.
///
/// # Errors
/// The path of the log when the build fails.
pub(crate) fn build(workspace: &Workspace) -> Result<Built, PathBuf> {
    let kept = workspace.kept();
    let (messages, log) = (kept.join("build.json"), kept.join("build.log"));
    let mut build = cargo::command(&workspace.root);
    build.args(["build", "--workspace", "--all-targets", "--message-format", "json-render-diagnostics"]);
    let output = Output::Apart { out: &messages, err: &log };
    match child::run(build, &output, "build", BUILD_LIMIT) {
        End::Success => Ok(built(&child::read_lossy(&messages))),
        End::Failure(_) => Err(log),
    }
}

fn built(messages: &str) -> Built {
    let mut built = Built { tests: Vec::new(), programs: Vec::new() };
    for message in messages.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()) {
        let (Some(executable), Some(manifest)) =
            (message["executable"].as_str(), message["manifest_path"].as_str())
        else {
            continue;
        };
        let name = message["target"]["name"].as_str().unwrap_or_default();
        let kind = message["target"]["kind"][0].as_str().unwrap_or_default();
        if message["profile"]["test"] == true {
            let package = package_of(message["package_id"].as_str().unwrap_or_default());
            let target = match kind {
                "test" => name.to_owned(),
                "bin" => format!("bin/{name}"),
                "example" => format!("example/{name}"),
                "bench" => continue,
                _ => "lib".to_owned(),
            };
            let id = format!("{package}::{target}");
            built.tests.push(Binary { id, executable: executable.into(), manifest: manifest.into() });
        } else if kind == "bin" {
            built.programs.push((name.to_owned(), executable.into()));
        }
    }
    built.tests.sort_by(|one, other| one.id.cmp(&other.id));
    built
}

/// The package's name in a cargo package id: `…/wire#msgpay-wire@0.1.0`, or `…/wire#0.1.0` when the folder has
/// the package's name.
fn package_of(id: &str) -> &str {
    let (url, fragment) = id.rsplit_once('#').unwrap_or(("", id));
    match fragment.rsplit_once('@') {
        Some((name, _)) => name,
        None => url.rsplit('/').next().unwrap_or(url),
    }
}

/// Runs one binary: all of its tests, or those of `only`. `python` has the packages of the tests' requirements.
pub(crate) fn run(
    workspace: &Workspace,
    binary: &Binary,
    only: Option<&[String]>,
    python: Option<&Path>,
) -> Ran {
    let watch = Stopwatch::start();
    let file = binary.id.replace(['/', ':'], "-");
    let (output, errors) =
        (workspace.kept().join(format!("{file}.out")), workspace.kept().join(format!("{file}.err")));
    let mut command = Command::new(&binary.executable);
    cargo::forget_outer_cargo(&mut command);
    let directory = binary.manifest.parent().unwrap_or(&workspace.root);
    command
        .current_dir(directory)
        .env("CARGO_MANIFEST_DIR", directory)
        .env("CARGO_MANIFEST_PATH", &binary.manifest)
        // Tests across rooms run the built programs; they need not build them again.
        .env("MSGPAY_BUILT", "1")
        .args(["--color", "never"]);
    if let Some(python) = python {
        command.env("MSGPAY_PYTHON", python);
    }
    if let Some(names) = only {
        command.arg("--exact").args(names);
    }
    let end = child::run(command, &Output::Apart { out: &output, err: &errors }, &binary.id, BINARY_LIMIT);
    let read = libtest::read(&child::read_lossy(&output));
    judge(binary.id.clone(), end, read, watch, (output, errors))
}

/// Runs the documentation's examples of every crate.
pub(crate) fn run_doc(workspace: &Workspace) -> Vec<Ran> {
    let watch = Stopwatch::start();
    let log = workspace.kept().join("doc.log");
    let mut command = cargo::command(&workspace.root);
    command.args(["test", "--workspace", "--doc", "--no-fail-fast"]);
    let end = child::run(command, &Output::Together(&log), "documentation examples", BUILD_LIMIT);
    let sections = libtest::doc_sections(&child::read_lossy(&log));
    let mut ran: Vec<Ran> = Vec::new();
    for (name, text) in sections {
        let id = format!("{}::doc", name.replace('_', "-"));
        let read = libtest::read(&text);
        let failed =
            read.as_ref().map_or(true, |tests| tests.iter().any(|(_, ended)| *ended == Ended::Failed));
        let end = if failed { End::Failure("an example failed".into()) } else { End::Success };
        ran.push(judge(id, end, read, watch, (log.clone(), log.clone())));
    }
    if let End::Failure(why) = end
        && ran.iter().all(|ran| ran.trouble.is_none())
    {
        let end = End::Failure(why);
        ran.push(judge("doc".into(), end, Ok(Vec::new()), watch, (log.clone(), log)));
    }
    ran
}

/// Tests of what is not there without the features that the workspace's own programs switch on.
pub(crate) fn run_plain(workspace: &Workspace) -> Ran {
    let watch = Stopwatch::start();
    let kept = workspace.kept();
    let (out, err) = (kept.join("plain.out"), kept.join("plain.err"));
    let mut command = cargo::command(&workspace.root);
    command.args([
        "test",
        "--package",
        "msgpay-crypto",
        "--lib",
        "--",
        "suite::absent",
        "named_by_number",
        "suite::international",
    ]);
    let output = Output::Apart { out: &out, err: &err };
    let end = child::run(command, &output, "without features", BUILD_LIMIT);
    let read = libtest::read(&child::read_lossy(&out));
    let read = match read {
        Ok(tests) if tests.len() < 2 => Err("a test is missing".to_owned()),
        read => read,
    };
    judge("msgpay-crypto::plain".into(), end, read, watch, (out, err))
}

fn judge(
    binary: String,
    end: End,
    read: Result<Vec<(String, Ended)>, String>,
    watch: Stopwatch,
    (output, errors): (PathBuf, PathBuf),
) -> Ran {
    let (tests, unreadable) = match read {
        Ok(tests) => (tests, None),
        Err(why) => (Vec::new(), Some(why)),
    };
    let trouble = match (end, unreadable) {
        (End::Failure(how), Some(why)) => Some(format!("{how}; {why}")),
        (End::Failure(how), None) => Some(how),
        (End::Success, unreadable) => unreadable,
    };
    let records =
        tests.into_iter().map(|(test, result)| Record { binary: binary.clone(), test, result }).collect();
    Ran { binary, records, trouble, seconds: watch.seconds(), output, errors }
}

/// What a person needs to see of a binary that failed.
pub(crate) fn explain(ran: &Ran) -> String {
    let mut text = format!("{}: {}\n", ran.binary, ran.trouble.as_deref().unwrap_or("a test was ignored"));
    for record in ran.records.iter().filter(|record| record.result != Ended::Ok) {
        text.push_str(&format!("  {} {:?}\n", record.test, record.result).to_lowercase());
    }
    text.push_str(&child::tail(&ran.output, 60));
    if ran.errors != ran.output {
        text.push('\n');
        text.push_str(&child::tail(&ran.errors, 20));
    }
    text
}

/// The program called `name` among those that were built.
pub(crate) fn program<'a>(built: &'a Built, name: &str) -> Option<&'a Path> {
    built.programs.iter().find(|(known, _)| known == name).map(|(_, path)| path.as_path())
}

#[cfg(test)]
mod tests {
    use super::{built, package_of, program};

    #[test]
    fn package_ids_of_both_shapes() {
        assert_eq!(package_of("path+file:///x/wire#msgpay-wire@0.1.0"), "msgpay-wire");
        assert_eq!(package_of("path+file:///x/xtask#0.1.0"), "xtask");
    }

    #[test]
    fn finds_tests_and_programs_among_cargos_messages() {
        let message = |kind: &str, name: &str, test: bool| {
            format!(
                r#"{{"package_id":"path+file:///x/wire#msgpay-wire@0.1.0","manifest_path":"/x/wire/Cargo.toml",
                "target":{{"kind":["{kind}"],"name":"{name}"}},"profile":{{"test":{test}}},"executable":"/t/{name}"}}"#
            )
            .replace('\n', "")
        };
        let lines = [
            message("lib", "msgpay_wire", true),
            message("test", "fixtures", true),
            message("bin", "tool", true),
            message("bin", "tool", false),
            r#"{"reason":"build-finished","success":true}"#.to_owned(),
        ];
        let built = built(&lines.join("\n"));
        let ids: Vec<&str> = built.tests.iter().map(|binary| binary.id.as_str()).collect();
        assert_eq!(ids, ["msgpay-wire::bin/tool", "msgpay-wire::fixtures", "msgpay-wire::lib"]);
        assert_eq!(program(&built, "tool").unwrap().to_str(), Some("/t/tool"));
        assert!(program(&built, "absent").is_none());
    }
}
