//! The static library, by cargo: with the standard library built from its own sources, for size.

use super::abi::{Abi, Transport};
use super::kit::Kit;
use crate::cargo::{self, Workspace};
use crate::child::{self, End, Output};
use crate::{Stop, say};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// From nothing, on a slow machine.
const LIMIT: Duration = Duration::from_secs(3600);

/// Told to the compiler for every crate, those of the standard library too. ADR 41 says what each costs and saves.
const FLAGS: [&str; 5] = [
    // Where in the sources a panic was, and what `{:?}` prints: nobody reads it on a phone.
    "-Zlocation-detail=none",
    "-Zfmt-debug=none",
    // Unwinding happens at calls only, and only through what can unwind.
    "-Zuse-sync-unwind=yes",
    "-Cforce-unwind-tables=no",
    // A piece of code that is shared has an entry in the unwinder's tables: it must save more than that.
    "-Cllvm-args=-outliner-benefit-threshold=24",
];

/// Builds it; gives its path, which the next build of another transport writes over.
///
/// # Errors
/// With the log to read.
pub(super) fn build(
    workspace: &Workspace,
    kit: &Kit,
    abi: Abi,
    transport: Transport,
) -> Result<PathBuf, Stop> {
    let target_dir = workspace.target.join("shipped").join("cargo");
    let log = workspace.make_kept()?.join(format!("shipped-{}-{}.log", transport.word(), abi.folder()));
    let mut command = cargo::command(&workspace.root);
    command
        .args(["rustc", "--locked", "--package", "msgpay-bindings", "--lib", "--crate-type", "staticlib"])
        .args(["--no-default-features", "--profile", "shipped", "--target", abi.target()])
        .args(["-Zbuild-std=std,panic_unwind"])
        .arg("-Zbuild-std-features=optimize_for_size,panic-unwind,backtrace-trace-only");
    if transport == Transport::Own {
        command.args(["--features", "net"]);
    }
    let variable = abi.target().replace('-', "_");
    command
        .env("CARGO_TARGET_DIR", &target_dir)
        // The standard library's sources ask for it, and so do the flags that begin with Z.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}"))
        .env_remove("RUSTFLAGS")
        .env(format!("CC_{variable}"), &kit.clang)
        .env(format!("AR_{variable}"), &kit.ar)
        .env(format!("CFLAGS_{variable}"), kit.c_flags(abi))
        // Steady names in what C leaves behind.
        .env("SOURCE_DATE_EPOCH", "0");
    if abi == Abi::Ios {
        command.env("SDKROOT", kit.ios_root()?);
    }
    let label = format!("shipped {} {}", transport.word(), abi.folder());
    match child::run(command, &Output::Together(&log), &label, LIMIT) {
        End::Success => found(&target_dir.join(abi.target()).join("shipped")),
        End::Failure(how) => {
            say::note(&child::tail(&log, 40));
            Err(format!("{label}: {how}, see {}", log.display()))
        }
    }
}

fn found(folder: &Path) -> Result<PathBuf, Stop> {
    let archive = folder.join("libmsgpay.a");
    if archive.is_file() { Ok(archive) } else { Err(format!("{} was not made", archive.display())) }
}
