use super::patch::Patch;
use super::play::Seen;
use super::{Outcome, judge};
use crate::cargo::Workspace;
use crate::conformance::Table;
use std::path::PathBuf;

const GOOD: &str = "M3: the door stands open\nRed: a::lib::t\n\n--- a/wire/src/door.rs\n+++ b/wire/src/door.rs\n\
                    @@ -1,3 +1,3 @@\n a\n-shut\n+open\n b\n";

fn parse(text: &str) -> Result<Patch, String> {
    Patch::parse("M3", text, PathBuf::new())
}

#[test]
fn a_good_patch_reads_and_each_defect_is_refused() {
    let patch = parse(GOOD).unwrap();
    assert_eq!((patch.id.as_str(), patch.file.as_str()), ("M3", "wire/src/door.rs"));
    assert_eq!(patch.breaks, "the door stands open");
    patch.fits("M3", &[&"a::lib::t".to_owned()]).unwrap();
    assert!(patch.fits("M4", &[&"a::lib::t".to_owned()]).is_err());
    assert!(patch.fits("M3", &[&"a::lib::other".to_owned()]).is_err());
    let defects = [
        (GOOD.replace("Red: ", "Green: "), "no test"),
        (GOOD.replace("--- a/", "*** a/"), "no diff"),
        (GOOD.replace("M3: the", "the"), "first line"),
        (GOOD.replace("+open", "+open\n+wide"), "puts 2"),
        (GOOD.replace("-shut\n+open\n", ""), "takes 0"),
        (GOOD.replace("wire/src/door.rs", "wire/tests/door.rs"), "no file of the product"),
        (GOOD.replace("wire/src/door.rs", "wire/src/door/tests.rs"), "no file of the product"),
        (GOOD.replace("wire/src/door.rs", "tests/src/door.rs"), "no file of the product"),
        (GOOD.replace("+++ b/wire", "+++ b/crypto"), "more than one file"),
        (format!("{GOOD}--- a/wire/src/wall.rs\n+++ b/wire/src/wall.rs\n"), "takes 2"),
        (format!("{GOOD}diff --git"), "unified"),
    ];
    for (text, why) in defects {
        let refused = parse(&text).unwrap_err();
        assert!(refused.contains(why), "{refused}");
    }
}

/// The drift alarm: every promise that claims a test has a mutation of one product line, and it still applies.
#[test]
fn every_claimed_promise_has_a_mutation_that_applies() {
    let workspace = Workspace::find().unwrap();
    let table = Table::of(&workspace).unwrap();
    let mut named = Vec::new();
    for promise in &table.promises {
        let claims_none = promise.places.values().all(Vec::is_empty);
        assert!(
            claims_none || promise.mutation.is_some(),
            "{} claims tests and names no mutation",
            promise.id
        );
        for (name, claims) in promise.mutations() {
            let patch = Patch::read(&workspace, name).unwrap();
            patch.git_apply(&workspace.root, &["--check"]).unwrap();
            if !claims_none {
                patch.fits(&promise.id, &claims).unwrap();
            }
            named.push(name.to_owned());
        }
    }
    assert!(named.len() >= 12, "{named:?}");
    let folder = std::fs::read_dir(workspace.root.join("tests/mutations")).unwrap();
    for file in folder {
        let file = file.unwrap().path();
        let name = file.file_stem().and_then(|stem| stem.to_str()).unwrap().to_owned();
        assert!(named.contains(&name), "no promise names {}", file.display());
    }
}

/// And the alarm rings: a patch whose line is gone does not apply.
#[test]
fn a_patch_of_a_line_that_is_gone_does_not_apply() {
    let workspace = Workspace::find().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gone.patch");
    let text = GOOD.replace("wire/src/door.rs", "wire/src/lib.rs");
    std::fs::write(&path, &text).unwrap();
    let patch = Patch::parse("gone", &text, path).unwrap();
    let refused = patch.git_apply(&workspace.root, &["--check"]).unwrap_err();
    assert!(refused.contains("does not apply"), "{refused}");
}

#[test]
fn each_test_that_a_patch_names_has_to_turn_red() {
    let red = || ("a::lib::t", Seen::Red);
    assert!(matches!(judge(vec![red(), ("a::lib::u", Seen::Red)]), Outcome::Red(tests) if tests.len() == 2));
    for other in [Seen::Green, Seen::Neither("does not exist".into())] {
        let judged = judge(vec![red(), ("a::lib::u", other)]);
        assert!(matches!(judged, Outcome::Unproven(why) if why.contains("a::lib::u")));
    }
}
