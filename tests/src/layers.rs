//! The order of the modules inside a room.
//!
//! `lib.rs` lists its modules in groups separated by blank lines. A module uses its own group and the groups
//! above it. A group under a comment that says `never each other` holds modules that may not use one another.

use crate::source::{Source, code_only};
use std::collections::BTreeMap;

/// The words that mark a group of independent modules.
pub const APART: &str = "never each other";

/// The groups of a `lib.rs`.
#[derive(Debug, Default)]
pub struct Layers {
    /// The number of each module's group, from the top.
    layer: BTreeMap<String, usize>,
    /// Groups whose modules may not use each other.
    apart: Vec<usize>,
    /// Names that `lib.rs` re-exports, with the module that has them.
    exported: BTreeMap<String, String>,
}

impl Layers {
    /// Reads the `mod` and `use` lines of a `lib.rs`.
    pub fn of(lib: &str) -> Self {
        let mut layers = Self::default();
        let (mut group, mut fresh) = (0, true);
        for line in lib.lines() {
            if line.trim().is_empty() {
                fresh = true;
            } else if line.starts_with("//") {
                if line.contains(APART) {
                    layers.apart.push(group + 1);
                }
            } else if let Some(module) = module_of(line) {
                if fresh {
                    group += 1;
                    fresh = false;
                }
                layers.layer.insert(module, group);
            }
        }
        for (path, names) in uses(&code_only(lib)) {
            for name in names {
                layers.exported.insert(name, path.clone());
            }
        }
        layers
    }

    /// How many modules there are.
    pub fn modules(&self) -> usize {
        self.layer.len()
    }

    /// Whether `module` lies in a group whose modules may not use each other.
    pub fn stands_apart(&self, module: &str) -> bool {
        self.layer.get(module).is_some_and(|group| self.apart.contains(group))
    }

    /// Every use that reaches down, or sideways where that is refused; a line each. Tests may use everything.
    pub fn broken(&self, sources: &[Source]) -> Vec<String> {
        let mut broken = Vec::new();
        for source in sources {
            let Some((module, depth)) = place_of(&source.path) else { continue };
            let Some(own) = self.layer.get(&module) else {
                broken.push(format!("{}: lib.rs has no module {module}", source.path));
                continue;
            };
            for used in roots(&without_tests(&source.code), depth) {
                let used = self.exported.get(&used).unwrap_or(&used);
                let Some(other) = self.layer.get(used) else { continue };
                if *used == module {
                    continue;
                }
                if other > own {
                    broken
                        .push(format!("{}: {module} must not use {used}, which lies below it", source.path));
                } else if other == own && self.apart.contains(own) {
                    broken.push(format!("{}: {module} and {used} must not use each other", source.path));
                }
            }
        }
        broken
    }
}

/// `mod x;`, `pub mod x;`, `pub(crate) mod x;`.
fn module_of(line: &str) -> Option<String> {
    let (before, name) = line.split_once("mod ")?;
    let fits = matches!(before.trim(), "" | "pub" | "pub(crate)");
    fits.then(|| name.strip_suffix(';').map(str::to_owned)).flatten()
}

/// Module and depth of a file below `src`: `room/src/keypad/seal.rs` is (`keypad`, 1). Tests have no place.
fn place_of(path: &str) -> Option<(String, usize)> {
    let (_, inside) = path.split_once("src/")?;
    let parts: Vec<&str> = inside.split('/').collect();
    let file = parts.last()?.strip_suffix(".rs")?;
    if file == "tests" || parts.contains(&"tests") || (parts.len() == 1 && (file == "lib" || file == "main"))
    {
        return None;
    }
    let module = if parts.len() == 1 { file } else { parts[0] };
    let depth = parts.len() - 1 - usize::from(file == "mod");
    Some((module.to_owned(), depth))
}

/// The code before an inline `mod tests {`.
fn without_tests(code: &str) -> String {
    match code.find("\nmod tests {") {
        Some(at) => code[..at].to_owned(),
        None => code.to_owned(),
    }
}

/// First names after the crate's root in a file that lies `depth` below a top module: `crate::x` and, where it
/// climbs that high, `super::…::x`.
fn roots(code: &str, depth: usize) -> Vec<String> {
    let climb = "super::".repeat(depth + 1);
    let mut roots = names_after(code, "crate::");
    roots.extend(names_after(code, &climb));
    roots
}

fn names_after(code: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let free = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':' || c == '$');
        let rest = &code[at + prefix.len()..];
        if free && !rest.starts_with("super") {
            names.extend(first_names(rest));
        }
    }
    names
}

/// The first name of a path, or of each path in a `{…}`.
fn first_names(rest: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let Some(inside) = rest.strip_prefix('{') else { return vec![word(rest)] };
    let (mut depth, mut start, mut names) = (0_usize, 0, Vec::new());
    for (at, c) in inside.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' if depth == 0 => {
                names.push(word(&inside[start..at]));
                start = at + 1;
            }
            '}' => {
                names.push(word(&inside[start..at]));
                break;
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// `pub use module::path::{A, B};` lines as (module, exported names).
fn uses(code: &str) -> Vec<(String, Vec<String>)> {
    let mut uses = Vec::new();
    for statement in code.split(';') {
        let Some((_, path)) = statement.split_once("use ") else { continue };
        let path = path.trim().trim_start_matches("crate::").trim_start_matches("self::");
        let Some((module, rest)) = path.split_once("::") else { continue };
        let names = rest.split([',', '{', '}']).filter_map(|name| {
            let name = name.rsplit(" as ").next()?.rsplit("::").next()?.trim();
            (!name.is_empty()).then(|| name.to_owned())
        });
        uses.push((module.trim().to_owned(), names.collect()));
    }
    uses
}

#[cfg(test)]
mod tests;
