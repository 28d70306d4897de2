//! What a part says at its end, and the summary of all.

/// How a part ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    Failed,
    /// It could not run; never counted as passed.
    NotRun,
}

/// A part's end.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) name: String,
    pub(crate) outcome: Outcome,
    /// Tests that passed and failed; a part without tests of its own is one check.
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) note: String,
    pub(crate) seconds: f64,
}

impl Report {
    /// A part that is one check.
    pub(crate) fn check(good: bool, note: impl Into<String>) -> Self {
        Self::tests(usize::from(good), usize::from(!good), note)
    }

    /// A part of many tests; none at all is a failure.
    pub(crate) fn tests(passed: usize, failed: usize, note: impl Into<String>) -> Self {
        let (outcome, failed) = match (passed, failed) {
            (0, 0) => (Outcome::Failed, 1),
            (_, 0) => (Outcome::Passed, 0),
            (_, failed) => (Outcome::Failed, failed),
        };
        Self { name: String::new(), outcome, passed, failed, note: note.into(), seconds: 0.0 }
    }

    /// A part that could not run, and the one line that says why.
    pub(crate) fn not_run(why: impl Into<String>) -> Self {
        let outcome = Outcome::NotRun;
        Self { name: String::new(), outcome, passed: 0, failed: 0, note: why.into(), seconds: 0.0 }
    }

    /// A part of which something could not run: what passed is counted, the part as a whole is not called passed.
    pub(crate) fn partly(passed: usize, note: impl Into<String>) -> Self {
        Self { passed, ..Self::not_run(note) }
    }

    /// The part in one line.
    pub(crate) fn line(&self) -> String {
        let note = if self.note.is_empty() { String::new() } else { format!(" ({})", self.note) };
        format!("{} {}{note}", self.name, self.word())
    }

    fn word(&self) -> &'static str {
        match self.outcome {
            Outcome::Passed => "passed",
            Outcome::Failed => "FAILED",
            Outcome::NotRun => "NOT RUN",
        }
    }
}

/// The summary's table.
pub(crate) fn rows(reports: &[Report]) -> Vec<Vec<String>> {
    let head = ["part", "result", "seconds", "passed", "failed", ""].map(str::to_owned).to_vec();
    let row = |report: &Report| {
        vec![
            report.name.clone(),
            report.word().to_owned(),
            format!("{:.1}", report.seconds),
            report.passed.to_string(),
            report.failed.to_string(),
            report.note.clone(),
        ]
    };
    std::iter::once(head).chain(reports.iter().map(row)).collect()
}

/// The line that machines read.
pub(crate) fn last_line(reports: &[Report]) -> String {
    let (passed, failed) = sums(reports);
    format!("{passed} passed, {failed} failed")
}

/// The summary for machines.
pub(crate) fn json(reports: &[Report]) -> serde_json::Value {
    let (passed, failed) = sums(reports);
    let parts: Vec<serde_json::Value> = reports
        .iter()
        .map(|report| {
            let result = match report.outcome {
                Outcome::Passed => "passed",
                Outcome::Failed => "failed",
                Outcome::NotRun => "not run",
            };
            serde_json::json!({
                "name": report.name, "result": result, "seconds": (report.seconds * 10.0).round() / 10.0,
                "passed": report.passed, "failed": report.failed, "note": report.note,
            })
        })
        .collect();
    serde_json::json!({"parts": parts, "passed": passed, "failed": failed})
}

fn sums(reports: &[Report]) -> (usize, usize) {
    reports.iter().fold((0, 0), |(passed, failed), report| (passed + report.passed, failed + report.failed))
}

#[cfg(test)]
mod tests {
    use super::{Outcome, Report, json, last_line};

    #[test]
    fn a_part_that_did_not_run_counts_on_neither_side() {
        let reports = [Report::tests(7, 2, ""), Report::not_run("no Chromium"), Report::check(true, "")];
        assert_eq!(last_line(&reports), "8 passed, 2 failed");
        assert_eq!(json(&reports)["parts"][1]["result"], "not run");
        let partly = [Report::partly(7, "no Miri"), Report::check(true, "")];
        assert_eq!(last_line(&partly), "8 passed, 0 failed");
        assert_eq!(json(&partly)["parts"][0]["result"], "not run");
    }

    #[test]
    fn no_test_at_all_is_a_failure() {
        let nothing = Report::tests(0, 0, "");
        assert_eq!((nothing.outcome, nothing.failed), (Outcome::Failed, 1));
    }
}
