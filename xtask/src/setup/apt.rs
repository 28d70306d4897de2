//! Debian's packages, as root or by `sudo -n`.

use super::on_path;
use crate::say;
use std::path::Path;
use std::process::{Command, Stdio};

/// Installs `packages`; the error says why that could not be tried, or where its log is.
pub(super) fn install(packages: &[&str], log: &Path) -> Result<(), String> {
    let Some(root) = as_root() else {
        return Err(format!("no right to install: sudo apt-get install -y {}", packages.join(" ")));
    };
    if on_path("apt-get").is_none() {
        return Err("no apt-get to install from".into());
    }
    say::note(&format!("         installing {} (apt-get, log in {})", packages.join(", "), log.display()));
    let steps: [&[&str]; 2] =
        [&["apt-get", "update"], &["apt-get", "install", "-y", "--no-install-recommends"]];
    let mut text = Vec::new();
    let mut done = true;
    for (step, packages) in steps.into_iter().zip([&[][..], packages]) {
        let words: Vec<&str> = root
            .iter()
            .copied()
            .chain(["env", "DEBIAN_FRONTEND=noninteractive"])
            .chain(step.iter().copied())
            .chain(packages.iter().copied())
            .collect();
        let Some((program, arguments)) = words.split_first() else { continue };
        match Command::new(program).args(arguments).stdin(Stdio::null()).output() {
            Ok(answer) => {
                done = answer.status.success();
                text.extend([answer.stdout, answer.stderr].concat());
            }
            Err(e) => {
                done = false;
                text.extend(format!("{program}: {e}\n").into_bytes());
            }
        }
    }
    if let Err(e) = std::fs::write(log, text) {
        say::note(&format!("         the log {} cannot be written: {e}", log.display()));
    }
    if done { Ok(()) } else { Err(format!("apt-get failed, see {}", log.display())) }
}

/// The words to put before a command so that it runs as root: none, `sudo -n`, or there is no way.
fn as_root() -> Option<Vec<&'static str>> {
    let id = Command::new("id").arg("-u").output().ok()?;
    if id.stdout.trim_ascii() == b"0" {
        return Some(Vec::new());
    }
    let sudo = Command::new("sudo").args(["-n", "true"]).stdin(Stdio::null()).output().ok()?;
    sudo.status.success().then(|| vec!["sudo", "-n"])
}
