use super::model::{self, Model};
use crate::cargo::Workspace;
use std::collections::BTreeSet;

fn models() -> Vec<Model> {
    model::all(&Workspace::find().unwrap().root.join("docs/security/models")).unwrap()
}

/// Every control still finds the text that it changes, and differs from its promise.
#[test]
fn every_control_derives_from_its_promise() {
    let models = models();
    let names: BTreeSet<&str> = models.iter().map(|model| model.name.as_str()).collect();
    assert_eq!(names.len(), models.len(), "names are given once");
    let promises: Vec<&Model> = models.iter().filter(|model| model.control.is_none()).collect();
    assert!(promises.len() >= 15 && models.len() >= 2 * promises.len());
    for control in &models {
        if let Some(said) = &control.control {
            let promise = promises.iter().find(|promise| promise.name == said.of).unwrap();
            assert_ne!(body(promise), body(control), "{}", control.name);
        }
    }
}

fn body(model: &Model) -> &str {
    model.text.split_once("attacker[active]").unwrap().1
}

#[test]
fn a_promise_holds_without_attacks_and_a_control_with_just_its_own() {
    let models = models();
    let promise = models.iter().find(|model| model.control.is_none()).unwrap();
    assert!(promise.expects("c0c0"));
    assert!(!promise.expects("c0c1") && !promise.expects(""));
    let control = models.iter().find(|model| model.name == "press-key-not-wiped").unwrap();
    assert!(control.expects("c0c1"));
    assert!(!control.expects("c0c0") && !control.expects("c1c1"));
}
