//! What operations on secrets leave behind: nothing in the clean room, and `docs/security/residue.md` says the truth
//! about both columns. The program runs each operation in a process of its own and reads it from outside; it lies in
//! `crypto/examples/residue`, since no other room may hold the unsafe code that this takes.
#![expect(clippy::unwrap_used, reason = "a program that cannot be built fails the test")]

use std::path::{Path, PathBuf};
use std::process::Command;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// The example, built in the profile of this test.
fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let profile = own.ancestors().nth(2).unwrap();
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CARGO_PKG_")) {
        cargo.env_remove(name);
    }
    let built = cargo
        .current_dir(workspace())
        .env_remove("CARGO_MANIFEST_DIR")
        .env_remove("CARGO_MANIFEST_PATH")
        .args([
            "build",
            "--quiet",
            "--package",
            "msgpay-crypto",
            "--example",
            "residue",
            "--features",
            "curve25519",
        ])
        .args(profile.ends_with("release").then_some("--release"))
        .arg("--target-dir")
        .arg(profile.parent().unwrap())
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    profile.join("examples").join("residue")
}

fn check(file: &Path) -> Result<(), String> {
    let answer = Command::new(program()).arg("check").arg(file).output().unwrap();
    if answer.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&answer.stderr).into_owned()) }
}

#[test]
fn nothing_is_left_in_the_room_and_the_table_is_true() {
    check(&workspace().join("docs/security/residue.md")).unwrap();
}

/// The control: a document that claims less than is found, and one that claims more, are told so.
#[test]
fn control_a_false_table_is_found_out() {
    let text = std::fs::read_to_string(workspace().join("docs/security/residue.md")).unwrap();
    let stack = "| a copy on the stack | Rust | input | input | nothing |";
    let digest = "| SHA-256 | sha2 | input, output | input, output | nothing |";
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for (name, row, false_row) in [
        ("less.md", stack, "| a copy on the stack | Rust | input | nothing | nothing |"),
        ("more.md", stack, "| a copy on the stack | Rust | input | input | input |"),
        ("other.md", digest, "| SHA-256 | sha2 | input, output | output | nothing |"),
        ("gone.md", digest, ""),
        ("sums.md", "in the room, 0 of ", "in the room, 1 of "),
    ] {
        assert!(text.contains(row), "{row}");
        let file = folder.join(name);
        std::fs::write(&file, text.replace(row, false_row)).unwrap();
        let found = row.split('|').nth(1).map_or("in the room, 0 of", str::trim);
        assert!(check(&file).unwrap_err().contains(found), "{name}");
    }
}
