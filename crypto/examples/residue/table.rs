//! The table: every case bare and in the room, and what of it the document has to say.

use crate::cases::{self, Case};
use crate::warden;

const START: &str = "<!-- begin residue -->";
const END: &str = "<!-- end residue -->";

/// The table and what was found against the rules.
pub(crate) struct Table {
    pub(crate) text: String,
    broken: Vec<String>,
}

/// What was found of a case.
fn found(case: &Case, in_room: bool) -> Result<Vec<&'static str>, String> {
    let seen = warden::look(case, in_room)?;
    let sought = cases::sought(case, &seen.home)?;
    let mut names = Vec::new();
    for (name, secret) in sought {
        // In either order of bytes, and by halves: a register or a limb holds no more.
        let reversed: Vec<u8> = secret.iter().rev().copied().collect();
        let there = secret.chunks_exact(16).chain(reversed.chunks_exact(16)).any(|half| seen.holds(half));
        if there {
            names.push(name);
        }
    }
    Ok(names)
}

/// Runs every case both ways.
///
/// # Errors
/// When a process cannot be looked at.
pub(crate) fn make() -> Result<Table, String> {
    let mut text =
        format!("{START}\n| operation | by | sought | bare | in the room |\n|---|---|---|---|---|\n");
    let mut broken = Vec::new();
    let (mut left, mut in_room, mut of) = (0, 0, 0);
    for case in cases::ALL {
        let (bare, room) = (found(case, false)?, found(case, true)?);
        if !room.is_empty() {
            broken.push(format!("{}: the room leaves {}", case.name, room.join(", ")));
        }
        of += 1;
        left += usize::from(!bare.is_empty());
        in_room += usize::from(!room.is_empty());
        let say = |names: &[&str]| if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
        let sought = cases::names(case).join(", ");
        text.push_str(&format!(
            "| {} | {} | {sought} | {} | {} |\n",
            case.name,
            case.by,
            say(&bare),
            say(&room)
        ));
    }
    text.push_str(&format!("\nBare, {left} of {of} leave something; in the room, {in_room} of {of}.\n{END}"));
    // A search that finds nothing anywhere searches nothing.
    if left < 15 {
        broken.push(format!("bare, only {left} of {of} leave anything: is it looked for at all?"));
    }
    for control in cases::CONTROLS {
        if !text
            .lines()
            .any(|row| row.starts_with(&format!("| {control} |")) && row.contains("| input | nothing |"))
        {
            broken.push(format!("the control `{control}` was not found bare"));
        }
    }
    Ok(Table { text, broken })
}

/// Puts the table in its place in `file`.
///
/// # Errors
/// When the file has no such place, and what [`make`] gives.
pub(crate) fn write(file: &str) -> Result<(), String> {
    let (before, _, after) = parts(file)?;
    let table = make()?;
    std::fs::write(file, [before, table.text, after].concat()).map_err(|e| e.to_string())?;
    if table.broken.is_empty() { Ok(()) } else { Err(table.broken.join("\n")) }
}

/// Holds `file` against a new run: the room leaves nothing, each control was found, and what each case leaves is what is
/// written.
///
/// # Errors
/// What differs.
pub(crate) fn check(file: &str) -> Result<(), String> {
    let (_, said, _) = parts(file)?;
    let table = make()?;
    let mut broken = table.broken;
    let differ: Vec<String> = differ(&said, &table.text).collect();
    if !differ.is_empty() {
        broken.push(format!("{file} says otherwise (cargo run -p msgpay-crypto --features curve25519 --example residue -- write {file}):"));
        broken.extend(differ);
    }
    if broken.is_empty() { Ok(()) } else { Err(broken.join("\n")) }
}

/// Lines of the one that the other does not have: rows, and the sums below them.
fn differ(said: &str, found: &str) -> impl Iterator<Item = String> {
    let lines = |text: &str| -> Vec<String> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("<!--"));
        lines.map(str::to_owned).collect()
    };
    let (said, found) = (lines(said), lines(found));
    let beside = |lines: Vec<String>, others: &[String], word: &str| -> Vec<String> {
        lines
            .into_iter()
            .filter(|line| !others.contains(line))
            .map(|line| format!("{word}: {line}"))
            .collect()
    };
    let gone = beside(said.clone(), &found, "written");
    gone.into_iter().chain(beside(found, &said, "now"))
}

fn parts(file: &str) -> Result<(String, String, String), String> {
    let text = std::fs::read_to_string(file).map_err(|e| format!("{file}: {e}"))?;
    let missing = || format!("{file} has no place for the table");
    let (before, rest) = text.split_once(START).ok_or_else(missing)?;
    let (said, after) = rest.split_once(END).ok_or_else(missing)?;
    Ok((before.to_owned(), said.to_owned(), after.to_owned()))
}
