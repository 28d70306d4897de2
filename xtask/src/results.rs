//! What ran and how it ended, kept in `target/xtask/results.json` beside a fingerprint of the sources.

use crate::Stop;
use crate::cargo::Workspace;
use crate::libtest::Ended;
use serde::{Deserialize, Serialize};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// One executed test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// `crate::target`, e.g. `msgpay-wire::lib`, `msgpay-tests::arrows`, `msgpay-wire::doc`.
    pub(crate) binary: String,
    /// The name that the harness prints.
    pub(crate) test: String,
    pub(crate) result: Ended,
}

impl Record {
    /// The name by which the conformance table claims this test.
    pub(crate) fn claim(&self) -> String {
        format!("{}::{}", self.binary, self.test)
    }
}

/// All results of one run of the suite.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Results {
    /// Of the sources that were tested, see [`fingerprint`].
    pub(crate) fingerprint: String,
    pub(crate) tests: Vec<Record>,
}

impl Results {
    /// The last recorded results, if there are any.
    pub(crate) fn read(workspace: &Workspace) -> Option<Self> {
        let text = std::fs::read(workspace.kept().join("results.json")).ok()?;
        serde_json::from_slice(&text).ok()
    }

    pub(crate) fn write(&self, workspace: &Workspace) -> Result<(), Stop> {
        let path = workspace.make_kept()?.join("results.json");
        let text = serde_json::to_vec_pretty(self).map_err(|e| format!("results: {e}"))?;
        std::fs::write(&path, text).map_err(|e| format!("cannot write {}: {e}", path.display()))
    }

    /// Replaces what is known of the binaries in `newer` by `newer`.
    pub(crate) fn take(&mut self, newer: Vec<Record>) {
        self.tests.retain(|old| !newer.iter().any(|new| new.binary == old.binary));
        self.tests.extend(newer);
    }
}

/// A hash over path and content of every file of the checkout that can change a result: all but `target`,
/// version control, and documents.
pub(crate) fn fingerprint(root: &Path) -> Result<String, Stop> {
    let mut files = Vec::new();
    gather(root, &mut files).map_err(|e| format!("cannot read the sources: {e}"))?;
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.strip_prefix(root).unwrap_or(&file).hash(&mut hasher);
        std::fs::read(&file).map_err(|e| format!("cannot read {}: {e}", file.display()))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn gather(directory: &Path, files: &mut Vec<std::path::PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let kind = entry.file_type()?;
        if kind.is_dir() && !name.starts_with('.') && name != "target" && name != "node_modules" {
            gather(&entry.path(), files)?;
        } else if kind.is_file() && !name.ends_with(".md") {
            files.push(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
