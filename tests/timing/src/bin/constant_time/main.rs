//! Runs every operation on a secret with the secrets marked, for valgrind's memcheck to watch:
//! `valgrind -q --error-exitcode=9 constant_time run`.
//!
//! `run` prints one JSON object a line and a case: how many reports memcheck made in it, and what depended on its
//! secrets at its end (a nought would mean that nothing was watched). `control NAME` does one thing wrong and
//! has to be reported; `controls` lists them.
#![expect(clippy::print_stdout, reason = "printing what it saw is its job")]

mod cases;
mod controls;

use msgpay_crypto::classify;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["controls"] => controls::ALL.iter().for_each(|(name, _)| println!("{name}")),
        ["control", wanted] => match controls::ALL.iter().find(|(name, _)| name == wanted) {
            Some((_, work)) => println!("{}", work()),
            None => return ExitCode::from(2),
        },
        ["run"] if classify::watched() => return run(),
        _ => return ExitCode::from(2),
    }
    ExitCode::SUCCESS
}

fn run() -> ExitCode {
    println!(
        r#"{{"paths":{{"aes":"{}","polyval":"{}","sha256":"{}"}}}}"#,
        if aes::hardware_accelerated() { "AES-NI" } else { "software" },
        polyval(),
        if std::arch::is_x86_feature_detected!("sha") { "SHA-NI" } else { "software" },
    );
    let mut whole = true;
    for case in cases::all() {
        let before = classify::reports();
        let outcome = (case.work)();
        let reports = classify::reports() - before;
        let (marked, error) = match outcome {
            Ok(marked) => (marked, String::new()),
            Err(error) => (Vec::new(), error),
        };
        whole &= error.is_empty();
        let marked: Vec<String> =
            marked.iter().map(|(what, much)| format!(r#"{{"what":"{what}","much":{much}}}"#)).collect();
        println!(
            r#"{{"case":"{}","reports":{reports},"marked":[{}],"error":"{error}"}}"#,
            case.name,
            marked.join(",")
        );
    }
    for (why, times) in classify::uses() {
        println!(r#"{{"reason":"{why:?}","times":{times}}}"#);
    }
    if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Polyval takes carry-less multiplication where it finds it, unless it was built without.
#[expect(unexpected_cfgs, reason = "the second build sets it, for the crate polyval")]
fn polyval() -> &'static str {
    let carry_less = std::arch::is_x86_feature_detected!("pclmulqdq");
    if carry_less && !cfg!(polyval_backend = "soft") { "PCLMULQDQ" } else { "software" }
}
