//! What no file of the house may contain, and how long it may be.

use crate::source::{Source, lines_with};

/// Longest file of a product's `src`, tests beside it not counted.
pub const LINES_MAX: usize = 400;

/// Files that are longer, each with its limit and its reason.
const LONGER: [(&str, usize, &str); 0] = [];

/// Rooms that may hold `unsafe`.
const MAY_BE_UNSAFE: [&str; 2] = ["crypto/", "bindings/"];

/// Words that no code may contain, with what to do instead.
const NEVER: [(&str, &str); 6] = [
    ("#[ignore", "a test runs or is not there"),
    ("todo!", "finish it or leave it out"),
    ("unimplemented!", "finish it or leave it out"),
    ("#[allow", "use #[expect(lint, reason = \"…\")]"),
    ("#![allow", "use #![expect(lint, reason = \"…\")]"),
    ("extern crate", "name it in the manifest"),
];

/// `unsafe` where it may not be.
pub fn unsafe_outside(sources: &[Source]) -> Vec<String> {
    let held = |source: &&Source| !MAY_BE_UNSAFE.iter().any(|room| source.path.starts_with(room));
    let line = |source: &Source| {
        let path = source.path.clone();
        lines_with(&source.code, "unsafe").into_iter().map(move |line| format!("{path}:{line}: unsafe"))
    };
    sources.iter().filter(held).flat_map(line).collect()
}

/// Packages that have not taken the workspace's lints, by manifest path and text.
pub fn without_lints(manifests: &[(String, String)]) -> Vec<String> {
    let bad = |(path, text): &&(String, String)| {
        let inherits = text.replace("\r\n", "\n").contains("[lints]\nworkspace = true");
        let own = MAY_BE_UNSAFE.iter().any(|room| path.starts_with(room))
            && text.contains("unsafe_code = \"deny\"");
        !inherits && !own
    };
    manifests
        .iter()
        .filter(bad)
        .map(|(path, _)| format!("{path} does not take the workspace's lints"))
        .collect()
}

/// Words of [`NEVER`].
pub fn forbidden_words(sources: &[Source]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources {
        for (word, instead) in NEVER {
            for line in lines_with(&source.code, word) {
                found.push(format!("{}:{line}: {word}: {instead}", source.path));
            }
        }
    }
    found
}

/// Product files that are too long, and exceptions that are no longer needed.
pub fn too_long(sources: &[Source]) -> Vec<String> {
    too_long_but(sources, &LONGER)
}

/// [`too_long`] with these exceptions.
pub fn too_long_but(sources: &[Source], longer: &[(&str, usize, &str)]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| is_product(&source.path)) {
        let lines = source.text.lines().count();
        let named = longer.iter().find(|(path, ..)| *path == source.path);
        let limit = named.map_or(LINES_MAX, |(_, limit, _)| *limit);
        if lines > limit {
            found.push(format!(
                "{}: {lines} lines, at most {limit}: give a second job its own file",
                source.path
            ));
        } else if named.is_some() && lines <= LINES_MAX {
            found.push(format!("{}: {lines} lines need no exception", source.path));
        }
    }
    for (path, _, reason) in longer {
        if !sources.iter().any(|source| source.path == *path) {
            found.push(format!("{path}: an exception for a file that is not there"));
        }
        if reason.trim().is_empty() {
            found.push(format!("{path}: an exception without its reason"));
        }
    }
    found
}

fn is_product(path: &str) -> bool {
    let is_test = path.ends_with("/tests.rs") || path.contains("/tests/") || path.starts_with("tests/");
    path.contains("/src/") && !is_test
}

/// Input, output and time in a room that is only formats.
pub fn impure(sources: &[Source]) -> Vec<String> {
    const WORDS: [&str; 8] = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::thread",
        "SystemTime",
        "Instant",
        "std::io::stdin",
    ];
    let mut found = Vec::new();
    for source in sources {
        for word in WORDS {
            for line in lines_with(&source.code, word) {
                found.push(format!("{}:{line}: {word}", source.path));
            }
        }
    }
    found
}
