//! `cargo xtask size`: how large the libraries for phones are, what is in them, and whether that is within the budget.

mod budget;
mod crates;

use crate::cargo::Workspace;
use crate::shipped::{Abi, Choice, Kit, Library, Transport};
use crate::{Stop, Verdict, say};
use budget::Budget;
use std::collections::BTreeMap;

/// Options of `cargo xtask size`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    choice: Choice,
    /// Prints one JSON document
    #[arg(long)]
    json: bool,
    /// Writes the sizes into the budget's history, with this reason
    #[arg(long, value_name = "WHY")]
    record: Option<String>,
}

/// A library's size beside its limit.
#[derive(serde::Serialize)]
struct Row {
    file: String,
    bytes: u64,
    limit: Option<u64>,
    /// As last recorded.
    before: Option<u64>,
}

impl Row {
    /// By how much it is over, if it is. A file without a limit is over by all of it.
    fn over(&self) -> Option<u64> {
        let limit = self.limit.unwrap_or(0);
        (self.bytes > limit).then(|| self.bytes - limit)
    }
}

/// Runs the command.
///
/// # Errors
/// When a library cannot be built or the budget cannot be read.
pub(crate) fn command(args: &Args) -> Result<Verdict, Stop> {
    crate::setup::c_compiler()?;
    let workspace = Workspace::find()?;
    let kit = Kit::find(&workspace)?;
    let mut budget = Budget::read(&workspace.root)?;
    let libraries = args.choice.build(&workspace, &kit, &[])?;
    let rows = rows(&budget, &libraries)?;
    let mut parts = BTreeMap::new();
    for library in libraries.iter().filter(|library| library.abi == Abi::Arm64) {
        if let Some(named) = &library.named {
            parts.insert(library.transport.word(), crates::of(&library.path, named)?);
        }
    }
    if args.json {
        let parts = serde_json::json!({"sizes": rows, "arm64_by_crate": parts, "link": kit.said()});
        say::out(&parts.to_string());
    } else {
        print(&rows, &parts);
        say::out(kit.said());
    }
    if let Some(why) = &args.record {
        budget.record(&workspace.root, why, &rows)?;
    }
    let over: Vec<&Row> = rows.iter().filter(|row| row.over().is_some()).collect();
    for row in &over {
        say::note(&format!("{} is over its budget by {} bytes", row.file, row.over().unwrap_or_default()));
    }
    Ok(if over.is_empty() { Verdict::AllWell } else { Verdict::SomethingFailed })
}

/// By how much the library is over its budget, if it is.
///
/// # Errors
/// When the budget or the file cannot be read.
pub(crate) fn over(workspace: &Workspace, library: &Library) -> Result<Option<String>, Stop> {
    let rows = rows(&Budget::read(&workspace.root)?, std::slice::from_ref(library))?;
    Ok(rows.iter().find_map(|row| row.over().map(|over| format!("{} bytes, {over} too many", row.bytes))))
}

/// The sizes of these libraries beside their limits.
///
/// # Errors
/// When a file cannot be looked at.
fn rows(budget: &Budget, libraries: &[Library]) -> Result<Vec<Row>, Stop> {
    let row = |library: &Library| {
        let file = name(library.abi, library.transport);
        let path = library.weighed();
        let size = std::fs::metadata(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let (limit, before) = (budget.limit(&file), budget.before(&file));
        Ok(Row { file, bytes: size.len(), limit, before })
    };
    libraries.iter().map(row).collect()
}

/// What a file is called in the budget.
fn name(abi: Abi, transport: Transport) -> String {
    format!("{}/{}", transport.word(), abi.folder())
}

fn print(rows: &[Row], parts: &BTreeMap<&str, Vec<crates::Part>>) {
    let cell = |number: Option<u64>| number.map_or_else(String::new, |number| number.to_string());
    let mut table = vec![["file", "bytes", "limit", "left", "recorded before"].map(str::to_owned).to_vec()];
    for row in rows {
        let left = row.over().map_or_else(
            || row.limit.map(|limit| (limit - row.bytes).to_string()).unwrap_or_default(),
            |over| format!("OVER by {over}"),
        );
        table.push(vec![row.file.clone(), row.bytes.to_string(), cell(row.limit), left, cell(row.before)]);
    }
    say::out(say::table(&table).trim_end());
    for (transport, parts) in parts {
        say::out(&format!("\n{}, {transport} transport, bytes by crate", Abi::Arm64.folder()));
        let lines: Vec<Vec<String>> =
            parts.iter().map(|part| vec![part.bytes.to_string(), part.name.clone()]).collect();
        say::out(say::table(&lines).trim_end());
    }
}
