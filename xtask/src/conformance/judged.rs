//! The table held against results.

use super::table::Table;
use crate::libtest::Ended;
use crate::results::Record;
use std::collections::{BTreeMap, HashMap};

/// What the results say of a place or an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Passed,
    Failed,
    NotYet,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotYet => "not yet",
        }
    }
}

/// One id, judged.
struct Id {
    id: String,
    clause: String,
    zh: String,
    en: String,
    mutations: Vec<String>,
    places: BTreeMap<String, Status>,
    tests: Vec<String>,
}

impl Id {
    /// Fails with any place, passes with all.
    fn status(&self) -> Status {
        let any = |wanted| self.places.values().any(|status| *status == wanted);
        match (any(Status::Failed), any(Status::NotYet)) {
            (true, _) => Status::Failed,
            (false, true) => Status::NotYet,
            (false, false) => Status::Passed,
        }
    }
}

/// A claim that its test does not bear out.
struct Broken {
    id: String,
    place: String,
    test: String,
    /// None when the test did not run or does not exist.
    ended: Option<Ended>,
}

/// The whole table, judged.
pub(crate) struct Judged {
    ids: Vec<Id>,
    broken: Vec<Broken>,
}

impl Judged {
    /// Holds the table against these results.
    pub(crate) fn by(table: &Table, results: &[Record]) -> Self {
        let ended: HashMap<String, Ended> =
            results.iter().map(|record| (record.claim(), record.result)).collect();
        let mut judged = Self { ids: Vec::new(), broken: Vec::new() };
        for promise in &table.promises {
            let mut places = BTreeMap::new();
            for (place, tests) in &promise.places {
                let mut status = if tests.is_empty() { Status::NotYet } else { Status::Passed };
                for test in tests {
                    let ended = ended.get(test).copied();
                    if ended != Some(Ended::Ok) {
                        status = Status::Failed;
                        let (id, place) = (promise.id.clone(), place.clone());
                        judged.broken.push(Broken { id, place, test: test.clone(), ended });
                    }
                }
                places.insert(place.clone(), status);
            }
            let mut tests: Vec<String> = promise.places.values().flatten().cloned().collect();
            tests.sort();
            tests.dedup();
            let (id, clause) = (promise.id.clone(), promise.clause.clone());
            let mutations = promise.mutations().into_iter().map(|(name, _)| name.to_owned()).collect();
            let (zh, en) = (promise.zh.clone(), promise.en.clone());
            judged.ids.push(Id { id, clause, zh, en, mutations, places, tests });
        }
        judged
    }

    /// What makes the report fail, a line each.
    pub(crate) fn problems(&self) -> Vec<String> {
        let line = |broken: &Broken| {
            let what = match broken.ended {
                None => "did not run or does not exist",
                Some(Ended::Ignored) => "is ignored",
                Some(Ended::Failed | Ended::Ok) => "failed",
            };
            format!("{}/{}: {} {what}", broken.id, broken.place, broken.test)
        };
        self.broken.iter().map(line).collect()
    }

    /// Whether a claimed test has no result.
    pub(crate) fn has_unproven(&self) -> bool {
        self.broken.iter().any(|broken| broken.ended.is_none())
    }

    /// Whether something is broken, and all of it only for want of results of tests that begin in one of these
    /// ways.
    pub(crate) fn only_unproven_of(&self, prefixes: &[String]) -> bool {
        let begins = |broken: &Broken| prefixes.iter().any(|prefix| broken.test.starts_with(prefix));
        let missing = |broken: &Broken| broken.ended.is_none() && begins(broken);
        !self.broken.is_empty() && self.broken.iter().all(missing)
    }

    /// The table for people.
    pub(crate) fn rows(&self) -> Vec<Vec<String>> {
        let mut rows =
            vec![["id", "clause", "status", "places", "mutations", "", ""].map(str::to_owned).to_vec()];
        for id in &self.ids {
            let places: Vec<String> =
                id.places.iter().map(|(place, status)| format!("{place} {}", status.word())).collect();
            let status = id.status().word().to_owned();
            let mutations = id.mutations.join(", ");
            let (zh, en) = (id.zh.clone(), id.en.clone());
            rows.push(vec![id.id.clone(), id.clause.clone(), status, places.join(", "), mutations, zh, en]);
        }
        rows
    }

    /// `12 passed, 0 failed, 88 not yet; places: 20 passed, …`
    pub(crate) fn sums(&self) -> String {
        let ids: Vec<Status> = self.ids.iter().map(Id::status).collect();
        let places: Vec<Status> = self.ids.iter().flat_map(|id| id.places.values().copied()).collect();
        let count = |statuses: &[Status]| {
            let of = |wanted| statuses.iter().filter(|status| **status == wanted).count();
            format!(
                "{} passed, {} failed, {} not yet",
                of(Status::Passed),
                of(Status::Failed),
                of(Status::NotYet)
            )
        };
        format!("ids: {}; places: {}", count(&ids), count(&places))
    }

    /// The report for machines.
    pub(crate) fn json(&self) -> serde_json::Value {
        let id = |id: &Id| {
            let places: BTreeMap<&str, &str> =
                id.places.iter().map(|(place, status)| (place.as_str(), status.word())).collect();
            serde_json::json!({
                "id": id.id, "clause": id.clause, "status": id.status().word(), "places": places,
                "mutations": id.mutations, "tests": id.tests,
            })
        };
        self.ids.iter().map(id).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Judged, Status};
    use crate::conformance::table::{Promise, Table};
    use crate::libtest::Ended;
    use crate::results::Record;

    fn table(places: &[(&str, &[&str])]) -> Table {
        let places = places
            .iter()
            .map(|(place, tests)| {
                ((*place).to_owned(), tests.iter().map(|test| (*test).to_owned()).collect())
            })
            .collect();
        let text = |text: &str| text.to_owned();
        let (id, clause, level) = (text("M3"), text("5.1.3"), text("shall"));
        Table {
            promises: vec![Promise {
                id,
                clause,
                level,
                en: text("e"),
                zh: text("z"),
                mutation: None,
                places,
            }],
        }
    }

    fn results(ended: &[(&str, Ended)]) -> Vec<Record> {
        let record = |(test, result): &(&str, Ended)| Record {
            binary: "a::lib".into(),
            test: (*test).to_owned(),
            result: *result,
        };
        ended.iter().map(record).collect()
    }

    #[test]
    fn passes_when_every_place_does() {
        let table = table(&[("SDK", &["a::lib::one"]), ("PLAT", &["a::lib::two"])]);
        let judged = Judged::by(&table, &results(&[("one", Ended::Ok), ("two", Ended::Ok)]));
        assert_eq!(judged.ids[0].status(), Status::Passed);
        assert!(judged.problems().is_empty());
        assert_eq!(judged.json()[0]["status"], "passed");
    }

    #[test]
    fn an_empty_place_leaves_the_id_not_yet_and_is_no_problem() {
        let table = table(&[("SDK", &["a::lib::one"]), ("PLAT", &[])]);
        let judged = Judged::by(&table, &results(&[("one", Ended::Ok)]));
        assert_eq!(judged.json()[0]["status"], "not yet");
        assert_eq!(judged.json()[0]["places"]["SDK"], "passed");
        assert!(judged.problems().is_empty());
    }

    #[test]
    fn a_claim_without_a_result_fails() {
        let table = table(&[("SDK", &["a::lib::absent"])]);
        let judged = Judged::by(&table, &results(&[("one", Ended::Ok)]));
        assert_eq!(judged.json()[0]["status"], "failed");
        assert!(judged.has_unproven());
        assert!(judged.problems()[0].contains("did not run"));
        assert!(judged.only_unproven_of(&["b::lib::".into(), "a::lib::".into()]));
        assert!(!judged.only_unproven_of(&["b::lib::".into()]));
        assert!(!judged.only_unproven_of(&[]));
    }

    #[test]
    fn failed_and_ignored_tests_fail_their_place() {
        for ended in [Ended::Failed, Ended::Ignored] {
            let table = table(&[("SDK", &["a::lib::one"]), ("PLAT", &[])]);
            let judged = Judged::by(&table, &results(&[("one", ended)]));
            assert_eq!(judged.json()[0]["status"], "failed");
            assert!(!judged.has_unproven());
        }
    }
}
