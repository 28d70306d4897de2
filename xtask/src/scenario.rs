//! Plays every scenario with every fault through the demo program, some of them in the other suites and by the biometric
//! key, and reads the last lines.

use crate::cargo::{self, Workspace};
use crate::child::{self, End, Output};
use crate::libtest::Ended;
use crate::results::Record;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(600);
/// What [`Record::binary`] says of a scenario; the test is `scenario/fault`, or `scenario` without a fault; in another
/// suite than the international one `scenario/suite` and `scenario/suite/fault`; by another factor than the password its
/// word stands before the fault.
pub(crate) const BINARY: &str = "msgpay-demo::scenario";

/// What the scenarios gave.
pub(crate) struct Played {
    pub(crate) records: Vec<Record>,
    /// Set when the program's exit code and its outcomes do not agree, or there are none.
    pub(crate) trouble: Option<String>,
    pub(crate) log: PathBuf,
}

/// What is played in the other suites and by the biometric key: faults change little of it, so a few show that.
const CHOSEN: [&[&str]; 9] = [
    &["native", "--suite", "guomi"],
    &["native", "--suite", "guomi", "--fault", "lost-answer"],
    &["native", "--suite", "guomi", "--fault", "wrong-password"],
    &["native", "--suite", "guomi", "--fault", "mixed-suites"],
    &["native", "--suite", "curve25519"],
    &["native", "--suite", "curve25519", "--fault", "mixed-suites"],
    &["native", "--factor", "biometric"],
    &["native", "--factor", "biometric", "--fault", "institution-late"],
    &["native", "--suite", "guomi", "--factor", "biometric"],
];

/// Runs `msgpay-demo scenario --all --json`, then the chosen ones.
pub(crate) fn play(workspace: &Workspace, program: &Path) -> Played {
    let kept = workspace.kept();
    let log = kept.join("scenario.log");
    let mut records = Vec::new();
    let mut trouble = None;
    let all: &[&str] = &["--all"];
    for (at, chosen) in std::iter::once(all).chain(CHOSEN).enumerate() {
        let name =
            |end: &str| if at == 0 { format!("scenario.{end}") } else { format!("scenario-{at}.{end}") };
        let (transcript, log) = (kept.join(name("json")), kept.join(name("log")));
        let mut command = Command::new(program);
        cargo::forget_outer_cargo(&mut command);
        command.current_dir(&workspace.root).arg("scenario").args(chosen).arg("--json");
        let end = child::run(command, &Output::Apart { out: &transcript, err: &log }, "scenario", LIMIT);
        let played = outcomes(&child::read_lossy(&transcript));
        trouble = trouble.or_else(|| judge(&played, &end));
        records.extend(played);
    }
    Played { records, trouble, log }
}

fn judge(records: &[Record], end: &End) -> Option<String> {
    let failed = records.iter().any(|record| record.result == Ended::Failed);
    match end {
        End::Failure(how) => Some(how.clone()),
        End::Success if records.is_empty() => Some("it reported no outcome".into()),
        End::Success if failed => Some("it ended with 0 although an outcome is `failed`".into()),
        End::Success => None,
    }
}

/// The lines that close a scenario. A promise that did not hold makes it a failure, whatever it says itself.
pub(crate) fn outcomes(transcript: &str) -> Vec<Record> {
    let lines = transcript.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    lines
        .filter_map(|line| {
            let outcome = line["outcome"].as_str()?;
            let scenario = line["scenario"].as_str()?;
            let suite = line["suite"].as_str().filter(|suite| *suite != "international");
            let fault = line["fault"].as_str().filter(|fault| !fault.is_empty());
            let factor = line["factor"].as_str().filter(|factor| *factor != "password");
            let test =
                [Some(scenario), suite, factor, fault].into_iter().flatten().collect::<Vec<_>>().join("/");
            let promises = line["promises"].as_array()?;
            let held = !promises.is_empty() && promises.iter().all(|promise| promise["held"] == true);
            let result = if outcome == "passed" && held { Ended::Ok } else { Ended::Failed };
            Some(Record { binary: BINARY.into(), test, result })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{judge, outcomes};
    use crate::child::End;
    use crate::libtest::Ended;

    const TRANSCRIPT: &str = r#"
{"step":"B.3(1)","party":"merchant","what":"ordered","at_ms":3}
{"scenario":"native","fault":null,"outcome":"passed","told_after_ms":40,"promises":[{"name":"one debit","held":true}]}
{"scenario":"native","fault":"lost-answer","outcome":"passed","told_after_ms":40,"promises":[{"name":"one debit","held":false}]}
{"scenario":"native","fault":"empty","outcome":"passed","told_after_ms":40,"promises":[]}
"#;

    #[test]
    fn a_broken_or_absent_promise_is_a_failure() {
        let records = outcomes(TRANSCRIPT);
        let read: Vec<(&str, Ended)> = records.iter().map(|r| (r.test.as_str(), r.result)).collect();
        assert_eq!(
            read,
            [("native", Ended::Ok), ("native/lost-answer", Ended::Failed), ("native/empty", Ended::Failed)]
        );
        assert!(judge(&records, &End::Success).is_some());
        assert!(judge(&records[..1], &End::Success).is_none());
        assert!(judge(&[], &End::Success).is_some());
    }
}
