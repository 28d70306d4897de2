//! The memory laboratory's tables: what its tests leave in `target/xtask/memory` and in a folder for each language, for
//! people to read.

use crate::{Stop, say};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// One cell of a file.
struct Cell {
    setting: String,
    memory: String,
    phase: String,
    pattern: String,
    product: usize,
    control: usize,
}

/// Takes away what an earlier run left, so that no old cell stands for a new one.
///
/// # Errors
/// When a file cannot be removed.
pub(super) fn forget(folder: &Path) -> Result<(), Stop> {
    for path in files(folder)? {
        std::fs::remove_file(&path).map_err(|e| format!("cannot remove {}: {e}", path.display()))?;
    }
    Ok(())
}

/// Prints the table, pattern by phase for each keypad when `whole`, else one line each.
///
/// # Errors
/// What is not as it must be: a hit, or a keypad that was not examined with each of these kinds of memory.
pub(super) fn show(folder: &Path, memories: &[&str], whole: bool) -> Result<(), Stop> {
    let mut cells = Vec::new();
    for path in files(folder)? {
        let text =
            std::fs::read_to_string(&path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
        for line in text.lines().skip(1) {
            cells.push(cell(line).ok_or_else(|| format!("{}: `{line}` is no cell", path.display()))?);
        }
    }
    let mut settings: BTreeMap<(&str, &str), Vec<&Cell>> = BTreeMap::new();
    for cell in &cells {
        settings.entry((&cell.setting, &cell.memory)).or_default().push(cell);
    }
    for ((setting, memory), cells) in &settings {
        let hits: usize = cells.iter().map(|cell| cell.product).sum();
        let found = cells.iter().filter(|cell| cell.control > 0).count();
        say::note(&format!(
            "         {setting:<28} memfd_secret {memory:<3} {:>4} cells {hits:>3} hits, control found in {found}",
            cells.len()
        ));
        if whole {
            say::note(&matrix(cells));
        }
    }
    judge(&cells, memories)
}

fn judge(cells: &[Cell], memories: &[&str]) -> Result<(), Stop> {
    let examined = |memory: &str| -> BTreeSet<(&str, &str)> {
        let of = cells.iter().filter(|cell| cell.memory == memory);
        of.map(|cell| (cell.setting.as_str(), cell.phase.as_str())).collect()
    };
    let sets: Vec<_> = memories.iter().map(|memory| examined(memory)).collect();
    if sets.iter().any(|set| set.is_empty() || *set != sets[0]) {
        return Err(format!(
            "the table is not whole: not every keypad was examined with memfd_secret {}",
            memories.join(" and ")
        ));
    }
    match cells.iter().find(|cell| cell.product > 0) {
        Some(hit) => Err(format!("{} at {}: {} was found", hit.setting, hit.phase, hit.pattern)),
        None => Ok(()),
    }
}

fn cell(line: &str) -> Option<Cell> {
    let [kind, suite, memory, phase, pattern, product, control] =
        line.split(',').collect::<Vec<_>>().try_into().ok()?;
    Some(Cell {
        setting: format!("{kind} {suite}"),
        memory: memory.to_owned(),
        phase: phase.to_owned(),
        pattern: pattern.to_owned(),
        product: product.parse().ok()?,
        control: control.parse().ok()?,
    })
}

/// Patterns down, phases across: places found in the product, and `+` where the control was found.
fn matrix(cells: &[&Cell]) -> String {
    let mut phases: Vec<&str> = Vec::new();
    let mut patterns: BTreeMap<&str, BTreeMap<&str, (usize, usize)>> = BTreeMap::new();
    for cell in cells {
        if !phases.contains(&cell.phase.as_str()) {
            phases.push(&cell.phase);
        }
        let sums = patterns.entry(&cell.pattern).or_default().entry(&cell.phase).or_default();
        (sums.0, sums.1) = (sums.0 + cell.product, sums.1 + cell.control);
    }
    let mut text = format!("           {:<12}", "");
    for phase in &phases {
        let _ = write!(text, "{phase:>10}");
    }
    for (pattern, row) in &patterns {
        let _ = write!(text, "\n           {pattern:<12}");
        for phase in &phases {
            let shown = row.get(phase).map_or(String::new(), |(product, control)| {
                format!("{product}{}", if *control > 0 { "+" } else { " " })
            });
            let _ = write!(text, "{shown:>10}");
        }
    }
    text
}

fn files(folder: &Path) -> Result<Vec<std::path::PathBuf>, Stop> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder).map_err(|e| format!("cannot read {}: {e}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| format!("cannot read {}: {e}", folder.display()))?.path();
        if path.extension().is_some_and(|ending| ending == "csv") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::{cell, judge, matrix};

    fn cells(lines: &[&str]) -> Vec<super::Cell> {
        lines.iter().map(|line| cell(line).unwrap()).collect()
    }

    #[test]
    fn a_table_with_a_hit_or_without_one_kind_of_memory_is_refused() {
        let off = "numeric,guomi,off,pressed,slots,0,3";
        let on = "numeric,guomi,on,pressed,slots,0,3";
        let judge = |lines: &[&str]| judge(&cells(lines), &["off", "on"]);
        assert_eq!(judge(&[off, on]), Ok(()));
        assert_eq!(super::judge(&cells(&[off]), &["off"]), Ok(()));
        assert!(judge(&[off]).unwrap_err().contains("not whole"));
        assert!(judge(&[]).is_err());
        let hit = "numeric,guomi,on,pressed,slots,1,3";
        assert!(judge(&[off, hit]).unwrap_err().contains("slots was found"));
        assert!(cell("numeric,guomi,on,pressed,slots,x,3").is_none());
    }

    #[test]
    fn the_matrix_shows_hits_and_where_the_control_was_found() {
        let cells = cells(&["numeric,guomi,off,pressed,slots,0,3", "numeric,guomi,off,erased,slots,2,0"]);
        let text = matrix(&cells.iter().collect::<Vec<_>>());
        assert!(text.contains("pressed    erased") && text.contains("0+        2 "), "{text}");
    }
}
