//! A copy of the work tree that may be broken, with a target directory of its own that stays warm.

use super::patch::Patch;
use crate::Stop;
use crate::cargo::Workspace;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The copy, under `target/xtask/<name>`.
pub(crate) struct Copy {
    original: PathBuf,
    workspace: Workspace,
}

impl Copy {
    /// Brings the copy to the state of the work tree: every tracked file, and no other. What is the same already is
    /// left alone, so that cargo rebuilds only what changed.
    pub(crate) fn make(workspace: &Workspace, name: &str) -> Result<Self, Stop> {
        let place = workspace.make_kept()?.join(name);
        let copy = Self {
            original: workspace.root.clone(),
            workspace: Workspace { root: place.join("tree"), target: place.join("target") },
        };
        copy.workspace.make_kept()?;
        let tracked = tracked(&workspace.root)?;
        for file in &tracked {
            copy.bring(file)?;
        }
        let mut there = Vec::new();
        gather(&copy.workspace.root, &mut there).map_err(|e| format!("cannot read the copy: {e}"))?;
        for stale in there {
            let name = stale.strip_prefix(&copy.workspace.root).unwrap_or(&stale);
            if !tracked.contains(name) {
                std::fs::remove_file(&stale)
                    .map_err(|e| format!("cannot remove {}: {e}", stale.display()))?;
            }
        }
        Ok(copy)
    }

    /// Where it lies and is built.
    pub(crate) fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// Applies the patch.
    pub(super) fn apply(&self, patch: &Patch) -> Result<(), String> {
        patch.git_apply(&self.workspace.root, &[])
    }

    /// Makes the file of the patch as it was.
    pub(super) fn take_back(&self, patch: &Patch) -> Result<(), Stop> {
        self.bring(Path::new(&patch.file))
    }

    /// One file, unless it is the same already. A file that is tracked but gone from the work tree goes.
    fn bring(&self, file: &Path) -> Result<(), Stop> {
        let (from, to) = (self.original.join(file), self.workspace.root.join(file));
        let said = |e: std::io::Error| format!("cannot copy {}: {e}", from.display());
        let Ok(bytes) = std::fs::read(&from) else {
            return match std::fs::remove_file(&to) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(said(e)),
                _ => Ok(()),
            };
        };
        if std::fs::read(&to).is_ok_and(|there| there == bytes) {
            return Ok(());
        }
        std::fs::create_dir_all(to.parent().unwrap_or(&to)).map_err(said)?;
        std::fs::write(&to, bytes).map_err(said)
    }
}

/// The files under version control, from the root of the checkout.
fn tracked(root: &Path) -> Result<BTreeSet<PathBuf>, Stop> {
    let answer = Command::new("git").current_dir(root).args(["ls-files", "-z"]).output();
    let answer = answer.map_err(|e| format!("git does not start: {e}"))?;
    if !answer.status.success() {
        return Err(format!("git ls-files: {}", String::from_utf8_lossy(&answer.stderr).trim()));
    }
    let names = String::from_utf8(answer.stdout).map_err(|_| "a file's name is no UTF-8")?;
    Ok(names.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from).collect())
}

fn gather(directory: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() { gather(&entry.path(), files)? } else { files.push(entry.path()) }
    }
    Ok(())
}
