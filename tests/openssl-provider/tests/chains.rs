//! Whole chains, password records and signatures between processes: one with the built-in provider, one with the
//! second provider installed in its place.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::io::Write;
use std::process::{Command, Stdio};

const PROVIDERS: [&str; 2] = ["built-in", "openssl"];
const SUITES: [&str; 2] = ["1", "2"];

/// What one end prints, or its error.
fn walk(arguments: &[&str], input: &str) -> Result<String, String> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_walk"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // An end that fails early does not read.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    if output.status.success() {
        Ok(String::from_utf8(output.stdout).unwrap())
    } else {
        Err(String::from_utf8(output.stderr).unwrap().trim().to_owned())
    }
}

/// The same hexadecimal digits but for the last one.
fn with_another_end(digits: &str) -> String {
    let (kept, last) = digits.split_at(digits.len() - 1);
    format!("{kept}{}", if last == "0" { "1" } else { "0" })
}

/// Every ordered pair of providers, in every suite.
fn each(mut test: impl FnMut(&str, &str, &str)) {
    for suite in SUITES {
        for one in PROVIDERS {
            for other in PROVIDERS {
                test(suite, one, other);
            }
        }
    }
}

fn public(provider: &str, suite: &str) -> String {
    walk(&[provider, suite, "public"], "").unwrap().trim().to_owned()
}

#[test]
fn a_chain_of_one_provider_opens_with_the_other() {
    each(|suite, sealer, opener| {
        let lines = walk(&[sealer, suite, "seal", &public(opener, suite)], "").unwrap();
        let opened = walk(&[opener, suite, "open"], &lines);
        assert_eq!(opened.as_deref(), Ok("press after press\n"), "suite {suite}, {sealer} to {opener}");
    });
}

/// The control: one altered bit anywhere, or two presses exchanged.
#[test]
fn an_altered_chain_opens_with_neither() {
    each(|suite, sealer, opener| {
        let lines = walk(&[sealer, suite, "seal", &public(opener, suite)], "").unwrap();
        let lines = lines.lines().map(str::to_owned).collect::<Vec<_>>();
        for at in 0..lines.len() {
            let mut altered = lines.clone();
            altered[at] = with_another_end(&lines[at]);
            let opened = walk(&[opener, suite, "open"], &altered.join("\n"));
            assert_eq!(opened, Err("NotOpened".to_owned()), "suite {suite}, {sealer} to {opener}, line {at}");
        }
        let mut exchanged = lines.clone();
        exchanged.swap(3, 4);
        assert_eq!(walk(&[opener, suite, "open"], &exchanged.join("\n")), Err("NotOpened".to_owned()));
    });
}

#[test]
fn a_chain_of_the_other_suite_is_refused() {
    for (provider, sealed, opened) in [("built-in", "1", "2"), ("openssl", "1", "2"), ("openssl", "2", "1")] {
        let lines = walk(&[provider, sealed, "seal", &public(provider, sealed)], "").unwrap();
        assert_eq!(walk(&[provider, opened, "open"], &lines), Err("NotOpened".to_owned()));
        let key = public(provider, opened);
        assert_eq!(walk(&[provider, sealed, "seal", &key], ""), Err("BadKey".to_owned()));
    }
}

#[test]
fn a_password_record_of_one_provider_serves_the_other() {
    each(|suite, maker, judge| {
        let record = walk(&[maker, suite, "record"], "").unwrap();
        let answer = walk(&[judge, suite, "verify", record.trim()], "");
        assert_eq!(answer.as_deref(), Ok("Right\n"), "suite {suite}, {maker} to {judge}");
    });
    // The control: the pepper's MAC is the suite's.
    let record = walk(&["openssl", "1", "record"], "").unwrap();
    assert_eq!(walk(&["openssl", "2", "verify", record.trim()], ""), Err("BadRecord".to_owned()));
}

#[test]
fn a_signature_of_one_provider_holds_with_the_other() {
    each(|suite, signer, judge| {
        let signature = walk(&[signer, suite, "sign"], "").unwrap();
        let key = public(judge, suite);
        let held = walk(&[judge, suite, "check", &key, signature.trim()], "");
        assert_eq!(held.as_deref(), Ok(""), "suite {suite}, {signer} to {judge}");
        let other = walk(&[judge, suite, "check", &key, &with_another_end(signature.trim())], "");
        assert_eq!(other, Err("BadSignature".to_owned()));
    });
}
