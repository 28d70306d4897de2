//! Runs a program with its output in a file, a sign of life every half minute, and a limit.

use crate::clock::Stopwatch;
use crate::say;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// How a program ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Exit code 0.
    Success,
    /// Any other end; the text says which.
    Failure(String),
}

/// Where a program's output goes.
pub(crate) enum Output<'a> {
    /// Both streams, in order, into one file.
    Together(&'a Path),
    /// Standard output and standard error, each into its own file.
    Apart { out: &'a Path, err: &'a Path },
}

/// Runs `command`, prints `… label 30 s` while it works, and ends it after `limit`.
pub(crate) fn run(mut command: Command, output: &Output<'_>, label: &str, limit: Duration) -> End {
    let streams = match output {
        Output::Together(both) => File::create(both).and_then(|out| out.try_clone().map(|err| (out, err))),
        Output::Apart { out, err } => {
            File::create(out).and_then(|out| File::create(err).map(|err| (out, err)))
        }
    };
    let (out, err) = match streams {
        Ok(streams) => streams,
        Err(e) => return End::Failure(format!("its log cannot be written: {e}")),
    };
    command.stdin(Stdio::null()).stdout(out).stderr(err);
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(e) => return End::Failure(format!("{} does not start: {e}", command.get_program().display())),
    };
    let watch = Stopwatch::start();
    let mut next_sign = 30;
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return End::Success,
            Ok(Some(status)) => return End::Failure(status.to_string()),
            Ok(None) => {}
            Err(e) => return End::Failure(format!("cannot be waited for: {e}")),
        }
        if watch.elapsed() > limit {
            let ended = child.kill().and_then(|()| child.wait());
            let how = if ended.is_ok() { "ended" } else { "could not be ended" };
            return End::Failure(format!("still running after {} s, {how}", limit.as_secs()));
        }
        if watch.elapsed().as_secs() >= next_sign {
            say::note(&format!("         … {label} {next_sign} s"));
            next_sign += 30;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The last `lines` lines of a log, for a person who has to see what went wrong.
pub(crate) fn tail(log: &Path, lines: usize) -> String {
    let text = read_lossy(log);
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

/// A log's text; bytes that are no text are replaced, a missing log is empty.
pub(crate) fn read_lossy(log: &Path) -> String {
    std::fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}
