//! Brings a bare Debian or Ubuntu to where a part of the test command can run, when that is allowed.
//!
//! A part says what it needs; what is missing is installed in one go before the parts begin. What is then still
//! missing is said in one line, and the part counts as not run.

mod apt;
mod python;

use crate::say;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Something outside the workspace that a part needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Any one of these programs, and the Debian package that brings the first.
    Program(&'static [&'static str], &'static str),
    /// A file, and the Debian package that brings it.
    File(&'static str, &'static str),
    /// A font with Chinese characters.
    ChineseFont,
    /// A Python with the packages of `tests/requirements.txt`, in an environment of its own.
    Python,
    /// A target of the Rust toolchain.
    RustTarget(&'static str),
    /// The sources of the toolchain's standard library.
    RustSources,
    /// Miri of a nightly toolchain, with the sources that it interprets.
    Miri,
}

/// What was found.
#[derive(Default)]
pub(crate) struct Machine {
    /// The Python with the packages, when there is one.
    pub(crate) python: Option<PathBuf>,
    no_python: Option<String>,
    no_install: Option<String>,
}

/// Checks for a C compiler, without which nothing here builds.
pub(crate) fn c_compiler() -> Result<(), crate::Stop> {
    if std::env::var_os("CC").is_some() || on_path("cc").is_some() {
        return Ok(());
    }
    Err("no C compiler (ring and SQLite are built from C): apt-get install gcc libc6-dev".into())
}

impl Machine {
    /// Looks for all of it and installs what is missing when it may.
    pub(crate) fn set_up(root: &Path, kept: &Path, needs: &[Need]) -> Self {
        let mut machine = Self::default();
        let wants_python = needs.contains(&Need::Python);
        let mut packages: Vec<&str> =
            needs.iter().filter(|need| !machine.has(**need)).filter_map(|need| need.package()).collect();
        if wants_python && !python::can_make_environments() {
            packages.extend(python::DEBIAN_PACKAGES);
        }
        packages.sort_unstable();
        packages.dedup();
        if !packages.is_empty() {
            machine.no_install = apt::install(&packages, &kept.join("setup.log")).err();
        }
        for need in needs {
            if let Need::RustTarget(target) = need
                && !machine.has(*need)
            {
                say::note(&format!("         adding the Rust target {target}"));
                rustup(root, &["target", "add", target]);
            }
        }
        if needs.contains(&Need::RustSources) && !machine.has(Need::RustSources) {
            say::note("         adding the sources of Rust's standard library");
            rustup(root, &["component", "add", "rust-src"]);
        }
        if needs.contains(&Need::Miri) && !machine.has(Need::Miri) {
            say::note("         adding Miri to a nightly toolchain");
            rustup(root, &MIRI);
        }
        if wants_python {
            match python::environment(root, kept) {
                Ok(python) => machine.python = Some(python),
                Err(why) => machine.no_python = Some(why),
            }
        }
        machine
    }

    /// What of `needs` is missing, in one line.
    pub(crate) fn missing(&self, needs: &[Need]) -> Option<String> {
        let missing: Vec<String> = needs
            .iter()
            .filter(|need| !self.has(**need))
            .map(|need| match need {
                Need::Python => self.no_python.clone().unwrap_or_else(|| "no Python environment".into()),
                other => other.name(),
            })
            .collect();
        if missing.is_empty() {
            return None;
        }
        let why = self.no_install.as_deref().map(|why| format!(" ({why})")).unwrap_or_default();
        Some(format!("missing: {}{why}", missing.join(", ")))
    }

    fn has(&self, need: Need) -> bool {
        match need {
            Need::Program(names, _) => names.iter().any(|name| on_path(name).is_some()),
            Need::File(path, _) => Path::new(path).exists(),
            Need::ChineseFont => has_chinese_font(),
            Need::Python => self.python.is_some(),
            Need::RustTarget(target) => has_rust_target(target),
            Need::RustSources => has_rust_sources(),
            Need::Miri => has_miri(),
        }
    }
}

impl Need {
    fn package(self) -> Option<&'static str> {
        match self {
            Need::Program(_, package) | Need::File(_, package) => Some(package),
            Need::ChineseFont => Some("fonts-noto-cjk"),
            Need::Python | Need::RustTarget(_) | Need::RustSources | Need::Miri => None,
        }
    }

    fn name(self) -> String {
        match self {
            Need::Program(names, package) => {
                format!("{} (package {package})", names.first().copied().unwrap_or_default())
            }
            Need::File(path, package) => format!("{path} (package {package})"),
            Need::ChineseFont => "a Chinese font (package fonts-noto-cjk)".into(),
            Need::Python => "a Python environment".into(),
            Need::RustTarget(target) => format!("the Rust target {target} (rustup target add {target})"),
            Need::RustSources => {
                "the sources of Rust's standard library (rustup component add rust-src)".into()
            }
            Need::Miri => format!("Miri (rustup {})", MIRI.join(" ")),
        }
    }
}

/// Fontconfig comes with Chromium; the file is looked for as well because the package may have come alone.
fn has_chinese_font() -> bool {
    let listed = Command::new("fc-list").args([":lang=zh", "file"]).output();
    listed.is_ok_and(|answer| answer.status.success() && !answer.stdout.is_empty())
        || Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").is_file()
}

/// Whether the toolchain has the target's standard library.
fn has_rust_target(target: &str) -> bool {
    let asked = Command::new("rustc").args(["--print", "target-libdir", "--target", target]).output();
    asked.is_ok_and(|answer| {
        let directory = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
        let mut files = std::fs::read_dir(directory).into_iter().flatten().flatten();
        answer.status.success() && files.any(|file| file.file_name().to_string_lossy().starts_with("libcore"))
    })
}

/// Whether the toolchain has its own sources.
fn has_rust_sources() -> bool {
    let asked = Command::new("rustc").args(["--print", "sysroot"]).output();
    asked.is_ok_and(|answer| {
        let sysroot = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
        Path::new(&sysroot).join("lib/rustlib/src/rust/library/Cargo.lock").is_file()
    })
}

/// What rustup is asked for.
const MIRI: [&str; 8] = [
    "toolchain",
    "install",
    "nightly",
    "--profile",
    "minimal",
    "--no-self-update",
    "--component",
    "miri,rust-src",
];

fn has_miri() -> bool {
    // Not the toolchain of the cargo that runs this.
    let mut ask = Command::new("cargo");
    ask.env_remove("RUSTUP_TOOLCHAIN").args(["+nightly", "miri", "--version"]);
    ask.stdin(Stdio::null()).output().is_ok_and(|answer| answer.status.success())
}

/// Tries; whether it worked is seen by looking again.
fn rustup(root: &Path, arguments: &[&str]) {
    let added = Command::new("rustup")
        .args(arguments)
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !added.is_ok_and(|status| status.success()) {
        say::note(&format!("         rustup {} did not work", arguments.join(" ")));
    }
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|directory| directory.join(program)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::{Machine, Need, on_path};

    #[test]
    fn finds_programs_and_only_programs() {
        assert!(on_path("sh").is_some());
        assert!(on_path("no-such-program-anywhere").is_none());
    }

    #[test]
    fn what_is_missing_is_named_with_its_package() {
        let machine = Machine::default();
        let there = Need::Program(&["no-such-program", "sh"], "dash");
        assert_eq!(machine.missing(&[there]), None);
        let absent = Need::Program(&["no-such-program"], "some-package");
        let said = machine.missing(&[there, absent]).unwrap();
        assert!(said.contains("no-such-program") && said.contains("some-package"), "{said}");
    }
}
