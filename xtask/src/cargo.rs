//! Where the workspace is, and a cargo that behaves as if a person had called it.

use crate::Stop;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The checkout's paths.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
}

impl Workspace {
    /// Asks cargo where the workspace and its target directory are.
    pub(crate) fn find() -> Result<Self, Stop> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here.parent().ok_or("xtask lies outside a workspace")?.to_owned();
        let mut ask = command(&root);
        ask.args(["metadata", "--format-version", "1", "--no-deps"]);
        let answer = ask.output().map_err(|e| format!("cargo does not start: {e}"))?;
        if !answer.status.success() {
            let why = String::from_utf8_lossy(&answer.stderr);
            return Err(format!("cargo metadata failed: {}", why.trim()));
        }
        let metadata: serde_json::Value =
            serde_json::from_slice(&answer.stdout).map_err(|e| format!("cargo metadata is not JSON: {e}"))?;
        let target =
            metadata["target_directory"].as_str().ok_or("cargo metadata names no target directory")?;
        Ok(Self { root, target: target.into() })
    }

    /// Where these commands keep logs and results.
    pub(crate) fn kept(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// Makes the folder of [`Workspace::kept`].
    pub(crate) fn make_kept(&self) -> Result<PathBuf, Stop> {
        let kept = self.kept();
        std::fs::create_dir_all(&kept).map_err(|e| format!("cannot make {}: {e}", kept.display()))?;
        Ok(kept)
    }
}

/// `cargo` in `directory`, without the variables that the outer `cargo run` set: build scripts watch some of
/// them and would rebuild half of the graph.
pub(crate) fn command(directory: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    forget_outer_cargo(&mut cargo);
    cargo.current_dir(directory).env("CARGO_TERM_COLOR", "never");
    cargo
}

/// Takes the outer `cargo run`'s per-package variables away from `command`.
pub(crate) fn forget_outer_cargo(command: &mut Command) {
    const EXACT: [&str; 5] = [
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_CRATE_NAME",
        "CARGO_BIN_NAME",
        "CARGO_PRIMARY_PACKAGE",
    ];
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if EXACT.contains(&text.as_ref()) || text.starts_with("CARGO_PKG_") {
            command.env_remove(&name);
        }
    }
}

/// Whether `cargo <subcommand>` is installed.
pub(crate) fn has(root: &Path, subcommand: &str) -> bool {
    let mut ask = command(root);
    ask.args([subcommand, "--version"]);
    ask.output().is_ok_and(|answer| answer.status.success())
}
