use super::model::{self, Model};
use super::verdicts::Verdicts;
use crate::cargo::Workspace;
use std::collections::BTreeSet;
use std::path::PathBuf;

fn folder() -> PathBuf {
    Workspace::find().unwrap().root.join("docs/security/models")
}

fn models() -> Vec<Model> {
    model::all(&folder()).unwrap()
}

/// The verifier was asked about exactly these texts, held every promise and broke every control.
#[test]
fn every_model_has_the_verdict_that_it_foretells() {
    let verdicts = Verdicts::read(&folder()).unwrap();
    let complaints = verdicts.complaints(&models());
    assert!(complaints.is_empty(), "run `cargo xtask prove --record`: {complaints:#?}");
}

/// Control: a changed text, another verdict, a model more and a model less are each seen.
#[test]
fn control_a_verdict_on_another_text_is_none() {
    let mut verdicts = Verdicts::read(&folder()).unwrap();
    let mut models = models();
    models[0].text.push('\n');
    assert_eq!(verdicts.complaints(&models).len(), 1);
    let promise = models.iter().skip(1).find(|model| model.control.is_none()).unwrap().name.clone();
    verdicts.verdict.get_mut(&promise).unwrap().found = "c1".to_owned();
    assert_eq!(verdicts.complaints(&models).len(), 2);
    models.pop();
    verdicts.verdict.remove(&promise);
    let complaints = verdicts.complaints(&models);
    assert!(
        complaints.contains(&format!("{promise}: no verdict")) && complaints.len() == 3,
        "{complaints:?}"
    );
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
