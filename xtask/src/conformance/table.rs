//! The table of promises, read from `tests/conformance.toml`.

use crate::Stop;
use crate::cargo::Workspace;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The places where a promise can be kept: handset SDK, platform, institution role, merchant side, messaging
/// client, wire formats, the two phone systems, a documented process, the project's own proofs.
const PLACES: [&str; 10] = ["SDK", "PLAT", "INST", "MER", "CLI", "WIRE", "ANDROID", "IOS", "DOC", "PROOF"];
const LEVELS: [&str; 4] = ["shall", "should", "may", "own"];

/// All promises, in the order of the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    #[serde(rename = "promise")]
    pub(crate) promises: Vec<Promise>,
}

/// One row of the checklist.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Promise {
    pub(crate) id: String,
    /// Of the standard, or empty for the project's own promises.
    pub(crate) clause: String,
    pub(crate) level: String,
    pub(crate) en: String,
    pub(crate) zh: String,
    /// What breaks it; needed once a place claims a test.
    pub(crate) mutation: Option<Mutation>,
    /// Tests by place, each `crate::target::test name`; an empty list is "not yet".
    pub(crate) places: BTreeMap<String, Vec<String>>,
}

/// Patches of `tests/mutations` by name.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Mutation {
    /// One for the promise, whose tests may be of any place.
    One(String),
    /// One for each of these places, whose tests are of that place.
    ByPlace(BTreeMap<String, String>),
}

impl Promise {
    /// Every mutation by its name, with the tests among which its own have to be.
    pub(crate) fn mutations(&self) -> Vec<(&str, Vec<&String>)> {
        match &self.mutation {
            None => Vec::new(),
            Some(Mutation::One(name)) => vec![(name, self.places.values().flatten().collect())],
            Some(Mutation::ByPlace(names)) => {
                let of = |place: &String| self.places.get(place).into_iter().flatten().collect();
                names.iter().map(|(place, name)| (name.as_str(), of(place))).collect()
            }
        }
    }
}

impl Table {
    /// The checkout's own table.
    pub(crate) fn of(workspace: &Workspace) -> Result<Self, Stop> {
        read(&workspace.root.join("tests/conformance.toml"))
    }

    /// Every claimed test, once.
    pub(crate) fn claims(&self) -> Vec<String> {
        let mut claims: Vec<String> =
            self.promises.iter().flat_map(|promise| promise.places.values().flatten().cloned()).collect();
        claims.sort();
        claims.dedup();
        claims
    }
}

fn read(path: &Path) -> Result<Table, Stop> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
    parse(&text).map_err(|why| format!("{}: {why}", path.display()))
}

fn parse(text: &str) -> Result<Table, String> {
    let table: Table = toml::from_str(text).map_err(|e| e.to_string())?;
    let mut ids = std::collections::BTreeSet::new();
    for promise in &table.promises {
        let id = &promise.id;
        if !ids.insert(id) {
            return Err(format!("{id} is there twice"));
        }
        if promise.en.trim().is_empty() || promise.zh.trim().is_empty() {
            return Err(format!("{id} is not worded in both languages"));
        }
        if !LEVELS.contains(&promise.level.as_str()) {
            return Err(format!("{id}: `{}` is none of the levels {LEVELS:?}", promise.level));
        }
        if promise.clause.is_empty() && promise.level != "own" {
            return Err(format!("{id} names no clause"));
        }
        if promise.places.is_empty() {
            return Err(format!("{id} names no place"));
        }
        if let Some(place) = promise.places.keys().find(|place| !PLACES.contains(&place.as_str())) {
            return Err(format!("{id}: `{place}` is none of the places {PLACES:?}"));
        }
        if let Some(Mutation::ByPlace(names)) = &promise.mutation
            && let Some(place) = names.keys().find(|place| !promise.places.contains_key(*place))
        {
            return Err(format!("{id}: a mutation of `{place}`, which it does not name"));
        }
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::{Table, parse};
    use crate::cargo::Workspace;

    const ROW: &str = "[[promise]]\nid = \"M3\"\nclause = \"5.1.3\"\nlevel = \"shall\"\nen = \"e\"\nzh = \"z\"\n\
                       [promise.places]\nSDK = [\"a::lib::t\"]\nPLAT = []\n";

    #[test]
    fn the_projects_table_is_whole() {
        let table = Table::of(&Workspace::find().unwrap()).unwrap();
        for id in [
            "M1", "M4c", "M9", "F1.1", "F10.2", "FA", "L4", "S1.5", "S2.5", "P2", "T7.6", "T8.6", "C4", "B14",
        ] {
            assert!(table.promises.iter().any(|promise| promise.id == id), "{id} is missing");
        }
        assert_eq!(table.promises.len(), 93);
    }

    #[test]
    fn a_mutation_is_of_the_promise_or_of_a_place() {
        let row = |mutation: &str| {
            parse(
                &ROW.replace("id =", &format!("{mutation}\nid ="))
                    .replace("PLAT = []", "PLAT = [\"b::lib::t\"]"),
            )
        };
        let names = |table: &Table| -> Vec<(String, usize)> {
            let mutations = table.promises[0].mutations();
            mutations.into_iter().map(|(name, claims)| (name.to_owned(), claims.len())).collect()
        };
        assert_eq!(names(&row("mutation = \"M3\"").unwrap()), [("M3".to_owned(), 2)]);
        let by_place = row("mutation = { SDK = \"M3-SDK\", PLAT = \"M3-PLAT\" }").unwrap();
        assert_eq!(names(&by_place), [("M3-PLAT".to_owned(), 1), ("M3-SDK".to_owned(), 1)]);
    }

    #[test]
    fn a_good_row_reads_and_each_defect_is_refused() {
        assert_eq!(parse(ROW).unwrap().claims(), ["a::lib::t"]);
        let twice = format!("{ROW}{ROW}");
        let defects = [
            (twice.as_str(), "twice"),
            (&ROW.replace("zh = \"z\"", "zh = \"\""), "both languages"),
            (&ROW.replace("shall", "must"), "levels"),
            (&ROW.replace("5.1.3", ""), "no clause"),
            (&ROW.replace("PLAT", "PLATE"), "places"),
            (&ROW.replace("SDK = [\"a::lib::t\"]\nPLAT = []\n", ""), "no place"),
            (&ROW.replace("id =", "colour = 1\nid ="), "colour"),
            (&ROW.replace("id =", "mutation = { INST = \"M3\" }\nid ="), "does not name"),
        ];
        for (text, why) in defects {
            let refused = parse(text).unwrap_err();
            assert!(refused.contains(why), "{refused}");
        }
    }
}
