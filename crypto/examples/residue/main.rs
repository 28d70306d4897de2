//! What an operation on a secret leaves behind in memory and registers, primitive by primitive: bare, and in the clean
//! room with the wiping heap. Each runs in a process of its own, which stops itself right behind the operation and is
//! read from outside.
//!
//! `residue table` prints the table of docs/security/residue.md; `residue write FILE` writes it there.
//! `residue check FILE` runs everything again and holds the file's verdicts against what was found.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "printing what was found is its job")]

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod cases;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod inmate;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod table;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod warden;

use std::process::ExitCode;

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["inmate", name, way] => inmate::run(name, *way == "room"),
        ["table"] => table::make().map(|table| println!("{}", table.text)),
        ["write", file] => table::write(file),
        ["check", file] => table::check(file),
        _ => Err("table | write FILE | check FILE".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
fn main() -> ExitCode {
    eprintln!("registers are read on Linux on x86_64 only");
    ExitCode::FAILURE
}
