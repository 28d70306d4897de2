//! The Kotlin and Swift rooms: their sources made from the built library, their own tests run against a real platform.

pub(crate) mod android;
pub(crate) mod api;
mod kotlin;
mod swift;

use crate::cargo::{self, Workspace};
use crate::child::{self, End, Output};
use crate::{Stop, say};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) use kotlin::NEEDS as KOTLIN_NEEDS;
pub(crate) use swift::NEEDS as SWIFT_NEEDS;

/// A first run brings a build tool's own packages along.
const LIMIT: Duration = Duration::from_secs(2400);

/// What the tests of a language stand on.
pub(crate) struct Ground<'a> {
    pub(crate) workspace: &'a Workspace,
    /// The library of this machine, with its symbols, from which the sources are made.
    pub(crate) library: PathBuf,
    /// The program that plays every party but the handset.
    pub(crate) demo: &'a Path,
}

impl<'a> Ground<'a> {
    /// After a build of the workspace.
    pub(crate) fn of(workspace: &'a Workspace, demo: &'a Path) -> Self {
        Self { workspace, library: workspace.target.join("debug/libmsgpay.so"), demo }
    }
}

/// How many tests ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    /// A test that skipped itself has shown nothing.
    pub(crate) skipped: usize,
}

/// A language of the SDK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Kotlin,
    Swift,
}

impl Language {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Kotlin => "kotlin",
            Self::Swift => "swift",
        }
    }

    /// Makes its sources and runs its tests.
    ///
    /// # Errors
    /// What could not be done, with the log to read.
    pub(crate) fn test(self, ground: &Ground<'_>) -> Result<Count, Stop> {
        let sources = self.sources(ground.workspace, &ground.library)?;
        if !api::check(ground)? {
            return Err("bindings/API.md is not what the library exports: `cargo xtask api` writes it anew"
                .to_owned());
        }
        let log = ground.workspace.kept().join(format!("{}.log", self.word()));
        let (end, count) = match self {
            Self::Kotlin => kotlin::test(ground, &sources, &log),
            Self::Swift => swift::test(ground, &sources, &log),
        };
        match (end, count) {
            (End::Success, Some(count)) if count.passed > 0 => Ok(count),
            (End::Failure(_), Some(count)) if count.failed > 0 => {
                say::note(&child::tail(&log, 60));
                Ok(count)
            }
            (end, _) => {
                say::note(&child::tail(&log, 60));
                let how = if let End::Failure(how) = end { how } else { "no test ran".to_owned() };
                Err(format!("{how}, see {}", log.display()))
            }
        }
    }

    /// Makes its sources, builds the program that is timed, and runs it; gives what it printed, one JSON object a line.
    ///
    /// # Errors
    /// What could not be done, with the log to read.
    pub(crate) fn cost(self, ground: &Ground<'_>) -> Result<String, Stop> {
        let sources = self.sources(ground.workspace, &ground.library)?;
        let kept = ground.workspace.kept();
        let (log, figures) =
            (kept.join(format!("cost-{}.log", self.word())), kept.join(format!("cost-{}.json", self.word())));
        let end = match self {
            Self::Kotlin => kotlin::cost(ground, &sources, &log, &figures),
            Self::Swift => swift::cost(ground, &sources, &log, &figures),
        };
        match end {
            End::Success => Ok(child::read_lossy(&figures)),
            End::Failure(how) => {
                say::note(&child::tail(&log, 60));
                Err(format!("{how}, see {}", log.display()))
            }
        }
    }

    /// Makes its sources from the library; gives their folder.
    fn sources(self, workspace: &Workspace, library: &Path) -> Result<PathBuf, Stop> {
        self.sources_in(workspace, library, &workspace.target.join("bindings").join(self.word()))
    }

    fn sources_in(self, workspace: &Workspace, library: &Path, folder: &Path) -> Result<PathBuf, Stop> {
        let generator = generator(workspace)?;
        let log = workspace.kept().join(format!("generate-{}.log", self.word()));
        let mut command = std::process::Command::new(generator);
        cargo::forget_outer_cargo(&mut command);
        command
            .current_dir(workspace.root.join("bindings"))
            .args(["generate", "--no-format", "--language", self.word(), "--out-dir"])
            .arg(folder)
            .arg(library);
        run(command, &log, "generator")?;
        Ok(folder.to_owned())
    }
}

/// Makes the Swift sources from a library, of whatever system; gives their folder.
///
/// # Errors
/// What could not be done, with the log to read.
pub(crate) fn swift_sources(workspace: &Workspace, library: &Path) -> Result<PathBuf, Stop> {
    Language::Swift.sources(workspace, library)
}

/// Builds the generator, a workspace of its own.
fn generator(workspace: &Workspace) -> Result<PathBuf, Stop> {
    let target = workspace.target.join("generator");
    let mut command = cargo::command(&workspace.root);
    command
        .args(["build", "--locked", "--manifest-path", "bindings/generator/Cargo.toml"])
        .env("CARGO_TARGET_DIR", &target);
    run(command, &workspace.kept().join("generator.log"), "generator of the bindings")?;
    Ok(target.join("debug/msgpay-bindings-generator"))
}

fn run(command: std::process::Command, log: &Path, label: &str) -> Result<(), Stop> {
    match child::run(command, &Output::Together(log), label, LIMIT) {
        End::Success => Ok(()),
        End::Failure(how) => {
            say::note(&child::tail(log, 60));
            Err(format!("{label}: {how}, see {}", log.display()))
        }
    }
}
