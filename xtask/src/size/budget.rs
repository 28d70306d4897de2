//! The budget file, `bindings/size.json`: a limit for each file, and what the files were before.

use super::Row;
use crate::Stop;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Budget {
    /// Bytes at most, by file.
    limits: BTreeMap<String, u64>,
    /// The newest last.
    history: Vec<Record>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Record {
    /// The day of the commit that was measured.
    date: String,
    why: String,
    bytes: BTreeMap<String, u64>,
}

impl Budget {
    pub(super) fn read(root: &Path) -> Result<Self, Stop> {
        let path = path(root);
        let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))
    }

    pub(super) fn limit(&self, file: &str) -> Option<u64> {
        self.limits.get(file).copied()
    }

    /// The size that was recorded last.
    pub(super) fn before(&self, file: &str) -> Option<u64> {
        self.history.iter().rev().find_map(|record| record.bytes.get(file)).copied()
    }

    /// Adds a row to the history.
    pub(super) fn record(&mut self, root: &Path, why: &str, rows: &[Row]) -> Result<(), Stop> {
        let bytes = rows.iter().map(|row| (row.file.clone(), row.bytes)).collect();
        self.history.push(Record { date: day(root)?, why: why.to_owned(), bytes });
        let path = path(root);
        let text = serde_json::to_string_pretty(self).map_err(|e| format!("{}: {e}", path.display()))?;
        std::fs::write(&path, text + "\n").map_err(|e| format!("{}: {e}", path.display()))
    }
}

fn path(root: &Path) -> PathBuf {
    root.join("bindings").join("size.json")
}

/// The day of the newest commit.
fn day(root: &Path) -> Result<String, Stop> {
    let answer = Command::new("git").current_dir(root).args(["log", "-1", "--format=%cs"]).output();
    let answer = answer.map_err(|e| format!("git does not start: {e}"))?;
    let day = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
    if answer.status.success() && !day.is_empty() { Ok(day) } else { Err("git knows no commit".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_is_told_by_how_much_and_no_limit_is_none() {
        let text = r#"{"limits": {"host/a": 10}, "history": [
            {"date": "2026-01-01", "why": "x", "bytes": {"host/a": 8, "host/b": 1}},
            {"date": "2026-01-02", "why": "y", "bytes": {"host/a": 9}}]}"#;
        let budget: Budget = serde_json::from_str(text).unwrap();
        let row = |file: &str, bytes| Row {
            file: file.to_owned(),
            bytes,
            limit: budget.limit(file),
            before: budget.before(file),
        };
        assert_eq!(row("host/a", 10).over(), None);
        assert_eq!(row("host/a", 13).over(), Some(3));
        assert_eq!(row("host/a", 13).before, Some(9));
        assert_eq!(row("host/b", 5).over(), Some(5));
        assert_eq!(row("host/b", 5).before, Some(1));
    }
}
