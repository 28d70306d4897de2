//! The verifier: Verifpal, from the registry.

use crate::child::{self, End, Output};
use crate::{Stop, say};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

const VERSION: &str = "1.6.7";
/// Names a verifier that is installed elsewhere.
const VARIABLE: &str = "MSGPAY_VERIFPAL";
const LIMIT: Duration = Duration::from_secs(3600);

/// The verifier's program: the one that the variable names, one on the path, one that was built before, or one that
/// is built now into the folder of these commands.
pub(super) fn verifier(kept: &Path) -> Result<PathBuf, Stop> {
    if let Some(named) = std::env::var_os(VARIABLE) {
        let named = PathBuf::from(named);
        return if runs(&named) {
            Ok(named)
        } else {
            Err(format!("{VARIABLE}: {} does not run", named.display()))
        };
    }
    let own = kept.join("verifpal/bin/verifpal");
    for known in [PathBuf::from("verifpal"), own.clone()] {
        if runs(&known) {
            return Ok(known);
        }
    }
    install(kept)?;
    if runs(&own) { Ok(own) } else { Err(format!("{} was installed and does not run", own.display())) }
}

/// What the program says of itself.
pub(super) fn version(program: &Path) -> Result<String, Stop> {
    let mut ask = Command::new(program);
    let answer = ask.arg("--version").stdin(Stdio::null()).output();
    let answer = answer.map_err(|e| format!("the verifier does not start: {e}"))?;
    Ok(String::from_utf8_lossy(&answer.stdout).trim().to_owned())
}

fn runs(program: &Path) -> bool {
    let mut ask = Command::new(program);
    ask.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    ask.status().is_ok_and(|status| status.success())
}

/// It asks for a compiler newer than this project's; the nightly builds it, whatever its manifest says.
fn install(kept: &Path) -> Result<(), Stop> {
    let log = kept.join("verifpal.log");
    say::note(&format!("installing verifpal {VERSION} (some minutes; log in {})", log.display()));
    let folder = kept.join("verifpal");
    let mut install = Command::new("rustup");
    // The toolchain of the outer `cargo run` would win over the one that is asked for.
    for name in ["RUSTUP_TOOLCHAIN", "CARGO", "RUSTC", "CARGO_TARGET_DIR"] {
        install.env_remove(name);
    }
    install.args(["run", "nightly", "cargo", "install", "--locked", "--ignore-rust-version"]);
    install.args(["verifpal", "--version", VERSION, "--root"]).arg(&folder);
    install.arg("--target-dir").arg(folder.join("target")).current_dir(kept);
    match child::run(install, &Output::Together(&log), "verifpal", LIMIT) {
        End::Success => Ok(()),
        End::Failure(how) => {
            say::note(&child::tail(&log, 20));
            Err(format!(
                "verifpal could not be installed ({how}): it needs a nightly compiler and the crates registry; \
                 or name one in {VARIABLE}"
            ))
        }
    }
}
