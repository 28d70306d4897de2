//! The faces' test with all of its views: what it prints of each, and its verdict.

use crate::cargo::{self, Workspace};
use crate::child::{self, End, Output};
use crate::libtest::{self, Ended};
use crate::parts::{Part, labs};
use crate::setup::Machine;
use crate::{Stop, Verdict, say};

const TEST: &str = "a_stranger_reads_the_faces";

/// Runs it.
///
/// # Errors
/// When the reader is not there, or the test did not run.
pub(super) fn read(workspace: &Workspace, json: bool) -> Result<Verdict, Stop> {
    let kept = workspace.make_kept()?;
    let needs = labs::of(Part::Faces).map_or(&[][..], |lab| lab.needs);
    if let Some(missing) = Machine::set_up(&workspace.root, &kept, needs).missing(needs) {
        return Err(missing);
    }
    let (out, err) = (kept.join("faces-all.out"), kept.join("faces-all.err"));
    let mut test = cargo::command(&workspace.root);
    test.env("MSGPAY_FACES", "all").args(["test", "--package", "msgpay-tests", "--test", "faces", "--"]);
    test.args(["--exact", "--show-output", "--color", "never", TEST]);
    say::note("building, drawing and reading 31,200 faces …");
    let end = child::run(test, &Output::Apart { out: &out, err: &err }, "faces", super::LIMIT);
    let text = child::read_lossy(&out);
    let ended = libtest::read(&text).ok().and_then(|tests| tests.first().map(|(_, ended)| *ended));
    let good = match (end, ended) {
        (End::Success, Some(Ended::Ok)) => true,
        (End::Failure(_), Some(Ended::Failed)) => false,
        _ => return Err(format!("the test did not run, see {}", err.display())),
    };
    let shares: Vec<&str> = text.lines().filter(|line| line.contains(" of ")).collect();
    if json {
        say::out(&serde_json::json!({ "good": good, "read": shares }).to_string());
    } else {
        say::out(&shares.join("\n"));
    }
    if !good {
        say::note(&child::tail(&err, 20));
    }
    Ok(if good { Verdict::AllWell } else { Verdict::SomethingFailed })
}
