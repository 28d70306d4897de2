//! `cargo xtask prove`: the protocol's symbolic models against an active attacker, on demand.
//!
//! Each file of `docs/security/models` is a promise: the verifier must find no attack. Each entry of `controls.toml`
//! there is a promise with one binding dropped: the verifier must find just the attacks that the entry foretells, so
//! that a promise that holds is more than a tool that finds nothing.

mod model;
mod tool;
mod verdicts;

use crate::cargo::Workspace;
use crate::clock::Stopwatch;
use crate::{Stop, Verdict, say};
use model::Model;
use std::path::Path;
use std::process::{Command, Stdio};
use verdicts::Verdicts;

/// Options of `cargo xtask prove`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Prints one JSON document: an array of `{"name", "of", "drops", "expected", "found", "as_expected", "seconds"}`
    #[arg(long)]
    json: bool,
    /// This promise or control only; may be given more than once
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Keeps the verdicts beside the models, tied to their texts; all must be as expected
    #[arg(long, conflicts_with = "only")]
    record: bool,
}

/// What the verifier said of one model.
struct Answer {
    model: Model,
    found: String,
    seconds: f64,
}

impl Answer {
    fn as_expected(&self) -> bool {
        self.model.expects(&self.found)
    }
}

/// Runs the command.
///
/// # Errors
/// When the verifier cannot be had, or a model cannot be read.
pub(crate) fn command(args: &Args) -> Result<Verdict, Stop> {
    let workspace = Workspace::find()?;
    let kept = workspace.make_kept()?;
    let models_folder = workspace.root.join("docs/security/models");
    let mut models = model::all(&models_folder)?;
    models.retain(|model| args.only.is_empty() || args.only.contains(&model.name));
    if models.is_empty() {
        return Err("no promise or control has that name".into());
    }
    let verifier = tool::verifier(&kept)?;
    let folder = kept.join("models");
    std::fs::create_dir_all(&folder).map_err(|e| format!("cannot make {}: {e}", folder.display()))?;
    let mut answers = Vec::new();
    for model in models {
        let watch = Stopwatch::start();
        let found = verify(&verifier, &folder, &model)?;
        let answer = Answer { model, found, seconds: watch.seconds() };
        let word = if answer.as_expected() { "as expected" } else { "NOT AS EXPECTED" };
        say::note(&format!("  {:<32} {word} {:>6.1} s", answer.model.name, answer.seconds));
        answers.push(answer);
    }
    say::out(if args.json { json(&answers).to_string() } else { say::table(&rows(&answers)) }.trim_end());
    let good = answers.iter().filter(|answer| answer.as_expected()).count();
    say::note(&format!("{good} of {} as expected", answers.len()));
    if good < answers.len() {
        return Ok(Verdict::SomethingFailed);
    }
    if args.record {
        Verdicts::of(tool::version(&verifier)?, &answers).write(&models_folder)?;
    } else if args.only.is_empty() {
        let models: Vec<Model> = answers.into_iter().map(|answer| answer.model).collect();
        let complaints = Verdicts::read(&models_folder)?.complaints(&models);
        if !complaints.is_empty() {
            say::note(&format!(
                "the record is of other texts, keep this run's with --record: {complaints:?}"
            ));
            return Ok(Verdict::SomethingFailed);
        }
    }
    Ok(Verdict::AllWell)
}

/// The verifier's result code: per query its kind and 1 for an attack, 0 for none.
fn verify(verifier: &Path, folder: &Path, model: &Model) -> Result<String, Stop> {
    let file = folder.join(format!("{}.vp", model.name));
    std::fs::write(&file, &model.text).map_err(|e| format!("cannot write {}: {e}", file.display()))?;
    let mut command = Command::new(verifier);
    command.args(["verify", "--result-code", "--sessions", &model.sessions.to_string()]).arg(&file);
    let answer =
        command.stdin(Stdio::null()).output().map_err(|e| format!("the verifier does not start: {e}"))?;
    let said = String::from_utf8_lossy(&answer.stdout);
    let code = said.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let is_code = code.len() >= 2 && code.bytes().all(|byte| b"01acefu".contains(&byte));
    if is_code {
        return Ok(code.to_owned());
    }
    let why = String::from_utf8_lossy(&answer.stderr);
    Err(format!("{} says nothing of {}: {}", verifier.display(), file.display(), why.trim()))
}

fn rows(answers: &[Answer]) -> Vec<Vec<String>> {
    let mut rows = vec![["model", "of", "found", "", "what it drops"].map(str::to_owned).to_vec()];
    for answer in answers {
        let (of, drops) = match &answer.model.control {
            Some(control) => (control.of.clone(), control.drops.clone()),
            None => ("promise".to_owned(), String::new()),
        };
        let word = match (answer.as_expected(), answer.model.control.is_some()) {
            (true, false) => "holds",
            (true, true) => "fails, as it must",
            (false, _) => "NOT AS EXPECTED",
        };
        rows.push(vec![answer.model.name.clone(), of, answer.found.clone(), word.to_owned(), drops]);
    }
    rows
}

fn json(answers: &[Answer]) -> serde_json::Value {
    let one = |answer: &Answer| {
        let control = answer.model.control.as_ref();
        serde_json::json!({
            "name": answer.model.name, "of": control.map(|control| &control.of),
            "drops": control.map(|control| &control.drops), "expected": control.map(|control| &control.result),
            "found": answer.found, "as_expected": answer.as_expected(), "seconds": answer.seconds,
        })
    };
    answers.iter().map(one).collect()
}

#[cfg(test)]
mod tests;
