//! Promises as files, controls derived from them.

use crate::Stop;
use serde::Deserialize;
use std::path::Path;

/// Where a model's body begins; the comments before it are a promise's own.
const BODY: &str = "attacker[active]";

/// A text for the verifier.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) name: String,
    pub(super) text: String,
    /// Parallel sessions of each party.
    pub(super) sessions: u32,
    /// None for a promise.
    pub(super) control: Option<Control>,
}

/// A promise with one binding dropped.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Control {
    name: String,
    /// The promise.
    pub(super) of: String,
    /// What is dropped, in words.
    pub(super) drops: String,
    #[serde(default)]
    change: Vec<(String, String)>,
    queries: Option<Vec<String>>,
    /// The verifier's code.
    pub(super) result: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Controls {
    control: Vec<Control>,
}

impl Model {
    /// A promise holds when no query has an attack, a control when just the foretold ones have.
    pub(super) fn expects(&self, found: &str) -> bool {
        match &self.control {
            None => !found.contains('1') && found.contains('0'),
            Some(control) => found == control.result,
        }
    }
}

/// All promises, each followed by its controls.
pub(super) fn all(folder: &Path) -> Result<Vec<Model>, Stop> {
    let read = |path: &Path| {
        std::fs::read_to_string(path).map_err(|e| format!("cannot read {}: {e}", path.display()))
    };
    let controls = toml::from_str::<Controls>(&read(&folder.join("controls.toml"))?);
    let mut controls = controls.map_err(|e| format!("controls.toml: {e}"))?.control;
    let entries = std::fs::read_dir(folder).map_err(|e| format!("cannot read {}: {e}", folder.display()))?;
    let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "vp"));
    files.sort();
    let mut models = Vec::new();
    for path in files {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = read(&path)?;
        let sessions = if text.contains("// Sessions: 1\n") { 1 } else { 2 };
        let own: Vec<Control> = controls.extract_if(.., |control| control.of == name).collect();
        if own.is_empty() {
            return Err(format!("promise {name} has no control"));
        }
        let derived: Result<Vec<Model>, Stop> =
            own.into_iter().map(|control| derive(&text, sessions, control)).collect();
        models.push(Model { name, text, sessions, control: None });
        models.extend(derived?);
    }
    match controls.first() {
        Some(stray) => Err(format!("control {}: there is no promise {}", stray.name, stray.of)),
        None => Ok(models),
    }
}

/// The promise's text with the control's changes.
pub(super) fn derive(promise: &str, sessions: u32, control: Control) -> Result<Model, Stop> {
    let name = control.name.clone();
    let (_, body) = promise.split_once(BODY).ok_or(format!("{} has no attacker", control.of))?;
    let mut body = body.to_owned();
    for (old, new) in &control.change {
        if !body.contains(old) {
            return Err(format!("control {name}: `{old}` is not in {}", control.of));
        }
        body = body.replace(old, new);
    }
    if let Some(queries) = &control.queries {
        let (before, _) = body.split_once("queries[").ok_or(format!("{} asks nothing", control.of))?;
        body = format!("{before}queries[\n\t{}\n]\n", queries.join("\n\t"));
    }
    if !control.result.contains('1') {
        return Err(format!("control {name} foretells no attack"));
    }
    let text = format!("// {name}: {} without {}.\n{BODY}{body}", control.of, control.drops);
    Ok(Model { name, text, sessions, control: Some(control) })
}
