//! The Python program `tests/interop/peer.py`, asked line by line.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// `tests/interop`.
pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("interop")
}

/// The interpreter, with the folder's own modules and no compiled leavings beside them.
pub(crate) fn python() -> Command {
    let mut command = Command::new(std::env::var_os("MSGPAY_PYTHON").unwrap_or_else(|| "python3".into()));
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// A running peer. It ends when it is dropped.
pub(crate) struct Peer {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Peer {
    pub(crate) fn start() -> Self {
        let mut child = python()
            .arg(folder().join("peer.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("MSGPAY_PYTHON names no Python, and there is no python3");
        let to = child.stdin.take().unwrap();
        let from = BufReader::new(child.stdout.take().unwrap());
        Self { child, to, from }
    }

    /// One request and its answer; `Err` holds why it was refused.
    pub(crate) fn ask(&mut self, request: &str, mut given: Value) -> Result<Value, String> {
        given["request"] = json!(request);
        let line = writeln!(self.to, "{given}").and_then(|()| self.to.flush()).and_then(|()| {
            let mut line = String::new();
            self.from.read_line(&mut line).map(|_| line)
        });
        let answer: Value = serde_json::from_str(&line.unwrap_or_default())
            .expect("the peer ended: MSGPAY_PYTHON needs the packages of tests/interop/requirements.txt");
        match answer["refused"].as_str() {
            Some(why) => Err(why.to_owned()),
            None => Ok(answer),
        }
    }

    /// One byte string of an answer that must not be a refusal.
    pub(crate) fn bytes(&mut self, request: &str, given: Value, name: &str) -> Vec<u8> {
        let answer = self.ask(request, given).unwrap();
        hex::decode(answer[name].as_str().unwrap()).unwrap()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ended = self.child.kill().and_then(|()| self.child.wait());
    }
}
