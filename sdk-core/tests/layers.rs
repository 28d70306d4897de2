//! The layers of `lib.rs`: a module uses only modules of the groups above its own.

#![expect(clippy::unwrap_used, reason = "a test's own functions may fail the test")]

use std::{collections::BTreeMap, fs, path::Path};

/// Module → number of its group, from the blank-line groups of `mod` lines in `lib.rs`.
fn layers(lib: &str) -> BTreeMap<String, usize> {
    let mut layers = BTreeMap::new();
    let mut group = 0;
    for line in lib.lines() {
        match line.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';')) {
            Some(name) => drop(layers.insert(name.to_owned(), group)),
            None if line.is_empty() => group += 1,
            None => {}
        }
    }
    layers
}

/// The modules that a source text reaches through `crate::`.
fn uses(source: &str) -> Vec<String> {
    let code: Vec<&str> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let mut found = Vec::new();
    for part in code.split("crate::").skip(1) {
        let Some(list) = part.strip_prefix('{') else {
            found.push(word(part));
            continue;
        };
        let mut depth = 0_u32;
        let mut item = String::new();
        for character in list.chars() {
            match character {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => found.push(word(&std::mem::take(&mut item))),
                _ if depth == 0 => item.push(character),
                _ => {}
            }
        }
        found.push(word(&item));
    }
    found.retain(|name| !name.is_empty());
    found
}

fn word(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn sources(path: &Path, into: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|end| end == "rs") {
            into.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

/// What a file may not use although it does.
fn against(layers: &BTreeMap<String, usize>, files: &[(String, String)]) -> Vec<String> {
    let mut found = Vec::new();
    for (file, source) in files {
        let inner = file.rsplit_once("/src/").map_or(file.as_str(), |(_, inner)| inner);
        let module = inner.split('/').next().unwrap().trim_end_matches(".rs");
        if inner.ends_with("tests.rs") || inner.contains("/tests/") || module == "testing" || module == "lib"
        {
            continue;
        }
        let own = layers[module];
        for used in uses(source) {
            if used != module && layers.get(&used).is_none_or(|layer| *layer >= own) {
                found.push(format!("{inner} uses crate::{used}"));
            }
        }
    }
    found
}

fn project() -> (BTreeMap<String, usize>, Vec<(String, String)>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    (layers(&fs::read_to_string(root.join("lib.rs")).unwrap()), files)
}

#[test]
fn modules_use_only_layers_above_their_own() {
    let (layers, files) = project();
    assert!(layers.len() >= 12, "{layers:?}");
    assert!(layers["failure"] < layers["host"] && layers["keypad"] < layers["session"]);
    assert_eq!(layers["keypad"], layers["environment"]);
    assert!(layers["session"] < layers["bridge"], "sessions know no web page");
    assert_eq!(against(&layers, &files), Vec::<String>::new());
}

#[test]
fn a_use_against_the_arrow_is_found() {
    let (layers, _) = project();
    let file = |source: &str| vec![("x/src/keypad/mod.rs".to_owned(), source.to_owned())];
    assert_eq!(against(&layers, &file("use crate::{face::{A, B}, session::Payment};")).len(), 1);
    assert_eq!(
        against(&layers, &file("use crate::environment::judge;")).len(),
        1,
        "features know not each other"
    );
    assert_eq!(against(&layers, &file("let x = crate::session::y();")).len(), 1);
    assert!(against(&layers, &file("use crate::{face::A, trust};\n// crate::session")).is_empty());
}

fn tree(arguments: &[&str]) -> String {
    let cargo = std::process::Command::new(env!("CARGO"))
        .args(["tree", "--offline", "-p", "msgpay-sdk-core", "-e", "normal", "--prefix", "none"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(cargo.status.success(), "{}", String::from_utf8_lossy(&cargo.stderr));
    String::from_utf8(cargo.stdout).unwrap()
}

/// A library that does not ask for suite 3 does not carry its curves.
#[test]
fn without_curve25519_none_of_its_crates_is_in_the_graph() {
    let curves = |tree: &str| tree.lines().filter(|line| line.contains("25519")).count();
    assert!(curves(&tree(&["--features", "curve25519"])) >= 3, "the measure sees them");
    assert_eq!(curves(&tree(&[])), 0);
}

/// `--no-default-features` is for hosts with a transport of their own: no HTTP, TLS or runtime comes with it.
#[test]
fn without_net_no_network_crate_is_in_the_graph() {
    let network = |tree: &str| {
        let names = tree.lines().filter_map(|line| line.split(' ').next());
        names.filter(|name| ["reqwest", "rustls", "tokio", "hyper"].contains(name)).count()
    };
    assert!(network(&tree(&[])) >= 3, "the measure sees them");
    assert_eq!(network(&tree(&["--no-default-features"])), 0);
}
