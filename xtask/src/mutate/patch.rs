//! A mutation: a unified diff of one product line, headed by what it breaks and which tests notice.
//!
//! ```text
//! M3: the receipt's verdict is not looked at
//! Red: msgpay-sdk-core::lib::session::tests::a_link_becomes_a_signed_receipt
//!
//! --- a/sdk-core/src/session/verdict.rs
//! +++ b/sdk-core/src/session/verdict.rs
//! @@ …
//! ```

use crate::cargo::Workspace;
use std::path::PathBuf;
use std::process::Command;

/// The rooms that make up the product.
const PRODUCT: [&str; 6] = ["wire", "messaging", "crypto", "sdk-core", "platform", "demo-app"];

/// A mutation as its file has it.
#[derive(Debug)]
pub(super) struct Patch {
    /// The file's name without its ending.
    pub(super) name: String,
    /// The promise that it breaks.
    pub(super) id: String,
    /// What it breaks, in words.
    pub(super) breaks: String,
    /// Tests that must notice, each of them.
    pub(super) red: Vec<String>,
    /// The product file that it changes, from the root of the checkout.
    pub(super) file: String,
    pub(super) path: PathBuf,
}

impl Patch {
    /// Reads `tests/mutations/NAME.patch`.
    pub(super) fn read(workspace: &Workspace, name: &str) -> Result<Self, String> {
        let path = workspace.root.join("tests/mutations").join(format!("{name}.patch"));
        let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        Self::parse(name, &text, path).map_err(|why| format!("mutation {name}: {why}"))
    }

    pub(super) fn parse(name: &str, text: &str, path: PathBuf) -> Result<Self, String> {
        let (head, diff) = text.split_once("\n--- a/").ok_or("it holds no diff")?;
        let (first, rest) = head.split_once('\n').ok_or("it names no test")?;
        let (id, breaks) = first.split_once(": ").ok_or("its first line is not `ID: what it breaks`")?;
        let red: Vec<String> =
            rest.lines().filter_map(|line| line.strip_prefix("Red: ")).map(str::to_owned).collect();
        if red.is_empty() {
            return Err("it names no test on a `Red: ` line".into());
        }
        let mut lines = diff.lines();
        let file = lines.next().unwrap_or_default().to_owned();
        if lines.next() != Some(&format!("+++ b/{file}")) {
            return Err("it changes more than one file".into());
        }
        is_product(&file)?;
        let (mut out, mut into) = (0, 0);
        for line in lines {
            match line.as_bytes().first() {
                Some(b'-') => out += 1,
                Some(b'+') => into += 1,
                Some(b' ' | b'@') | None => {}
                Some(_) => return Err(format!("`{line}` is no line of a unified diff")),
            }
        }
        if out > 1 || into > 1 || out + into == 0 {
            return Err(format!("it takes {out} lines and puts {into}, not one of each at the most"));
        }
        let (name, id, breaks) = (name.to_owned(), id.to_owned(), breaks.to_owned());
        Ok(Self { name, id, breaks, red, file, path })
    }

    /// Whether it is this promise's, and its tests are among those that the promise claims.
    pub(super) fn fits(&self, id: &str, claims: &[&String]) -> Result<(), String> {
        if self.id != id {
            return Err(format!("mutation {} is of {}, not of {id}", self.name, self.id));
        }
        match self.red.iter().find(|test| !claims.contains(test)) {
            Some(test) => Err(format!("mutation {}: {id} does not claim {test}", self.name)),
            None => Ok(()),
        }
    }

    /// `git apply OPTIONS` of this patch in `root`.
    pub(super) fn git_apply(&self, root: &std::path::Path, options: &[&str]) -> Result<(), String> {
        let mut git = Command::new("git");
        // A copy under `target` is no checkout of its own: without a ceiling git would look at the outer one.
        git.current_dir(root).env("GIT_CEILING_DIRECTORIES", root.parent().unwrap_or(root));
        let answer = git.arg("apply").args(options).arg(&self.path).output();
        let answer = answer.map_err(|e| format!("git does not start: {e}"))?;
        if answer.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&answer.stderr);
        Err(format!("mutation {} does not apply: {}", self.name, said.trim().replace('\n', "; ")))
    }
}

/// Refuses what is no product code. A model of the protocol is what is promised of it.
fn is_product(file: &str) -> Result<(), String> {
    if file.starts_with("docs/security/models/") && file.ends_with(".vp") {
        return Ok(());
    }
    let mut parts = file.split('/');
    let room = parts.next().unwrap_or_default();
    let source = PRODUCT.contains(&room) && parts.next() == Some("src") && file.ends_with(".rs");
    let test = file.split('/').any(|part| matches!(part, "tests" | "tests.rs" | "testing" | "testing.rs"));
    if source && !test { Ok(()) } else { Err(format!("{file} is no file of the product")) }
}
