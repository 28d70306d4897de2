//! What the verifier said of each model, kept beside the models and tied to their very texts: a model that changes
//! has no verdict until `cargo xtask prove --record` has run again.

use super::Answer;
use super::model::Model;
use crate::Stop;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// The record's file, in the folder of the models.
const FILE: &str = "verdicts.toml";
const HEADER: &str = "# Written by `cargo xtask prove --record`: what the verifier found in each model. `text` is the SHA-256 of the\n\
                      # text that it was given; `found` is its code, per query the kind and 1 for an attack, 0 for none.\n\n";

/// All verdicts, by the model's name.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Verdicts {
    /// Name and version that the program gave.
    pub(super) verifier: String,
    pub(super) verdict: BTreeMap<String, Verdict>,
}

/// What was found in one text.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Verdict {
    pub(super) sessions: u32,
    pub(super) text: String,
    pub(super) found: String,
}

impl Verdicts {
    /// Of one run over all models.
    pub(super) fn of(verifier: String, answers: &[Answer]) -> Self {
        let verdict = |answer: &Answer| {
            let Model { name, text, sessions, .. } = &answer.model;
            let verdict = Verdict { sessions: *sessions, text: digest(text), found: answer.found.clone() };
            (name.clone(), verdict)
        };
        Self { verifier, verdict: answers.iter().map(verdict).collect() }
    }

    /// Reads the record.
    ///
    /// # Errors
    /// When it is not there or is none.
    pub(super) fn read(folder: &Path) -> Result<Self, Stop> {
        let path = folder.join(FILE);
        let text =
            std::fs::read_to_string(&path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
        toml::from_str(&text).map_err(|e| format!("{FILE}: {e}"))
    }

    /// Writes the record.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn write(&self, folder: &Path) -> Result<(), Stop> {
        let path = folder.join(FILE);
        let text = toml::to_string(self).map_err(|e| format!("{FILE}: {e}"))?;
        std::fs::write(&path, format!("{HEADER}{text}"))
            .map_err(|e| format!("cannot write {}: {e}", path.display()))
    }

    /// What is wrong between these models and their verdicts, one line each.
    pub(super) fn complaints(&self, models: &[Model]) -> Vec<String> {
        let of_model = |model: &Model| {
            let name = &model.name;
            let Some(verdict) = self.verdict.get(name) else {
                return Some(format!("{name}: no verdict"));
            };
            if verdict.text != digest(&model.text) || verdict.sessions != model.sessions {
                return Some(format!("{name}: the verdict is on another text"));
            }
            (!model.expects(&verdict.found)).then(|| format!("{name}: {} was found", verdict.found))
        };
        let strays = self.verdict.keys().filter(|name| models.iter().all(|model| model.name != **name));
        let strays = strays.map(|name| format!("{name}: a verdict on no model"));
        models.iter().filter_map(of_model).chain(strays).collect()
    }
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
