//! `cargo xtask conformance --mutate`: whether the tests that hold a promise would notice if it were broken.
//!
//! Each promise that claims a test names a patch of `tests/mutations`: one line of the product, changed so that the
//! promise no longer holds. In a copy of the work tree the tests that the patch names are green; with the patch each
//! of them must turn red. A patch that no longer applies is an error: the product has moved on from it.

mod copy;
mod patch;
mod play;

use crate::cargo::Workspace;
use crate::clock::Stopwatch;
use crate::conformance::Table;
use crate::{Stop, Verdict, say, setup};
pub(crate) use copy::Copy;
use patch::Patch;
use play::Seen;

/// What became of one mutation.
struct Proof<'a> {
    patch: &'a Patch,
    outcome: Outcome,
    seconds: f64,
}

/// Whether the mutation was noticed.
enum Outcome {
    /// By every test that it names.
    Red(Vec<String>),
    /// Not by all, or it could not be tried; says why.
    Unproven(String),
}

/// Proves the mutations of all promises, or of those in `only`.
///
/// # Errors
/// When the table, the copy or the build of the unmutated copy is broken.
pub(crate) fn command(only: &[String], json: bool) -> Result<Verdict, Stop> {
    setup::c_compiler()?;
    let workspace = Workspace::find()?;
    let table = Table::of(&workspace)?;
    let patches = wanted(&workspace, &table, only)?;
    let copy = Copy::make(&workspace, "mutate")?;
    let mut claims: Vec<&str> = patches.iter().flat_map(|patch| &patch.red).map(String::as_str).collect();
    claims.sort_unstable();
    claims.dedup();
    say::note(&format!(
        "{} tests on the unmutated copy in {}",
        claims.len(),
        copy.workspace().root.display()
    ));
    let green = play::all(&copy, &claims);
    for (claim, seen) in &green {
        if let Seen::Neither(why) = seen {
            say::note(&format!("  {claim}: {why}"));
        }
    }
    let mut proofs = Vec::new();
    for patch in &patches {
        say::note(&format!("{}: {}", patch.name, patch.breaks));
        let watch = Stopwatch::start();
        let unready = patch.red.iter().find(|claim| green.get(claim.as_str()) != Some(&Seen::Green));
        let outcome = match unready {
            Some(claim) => Outcome::Unproven(format!("{claim} is not green without it")),
            None => prove(&copy, patch)?,
        };
        let proof = Proof { patch, outcome, seconds: watch.seconds() };
        say::note(&format!("  {} {:.0} s", proof.word(), proof.seconds));
        proofs.push(proof);
    }
    Ok(report(&proofs, json))
}

/// The patches that the table names, each checked for its form.
fn wanted(workspace: &Workspace, table: &Table, only: &[String]) -> Result<Vec<Patch>, Stop> {
    let mut patches = Vec::new();
    for promise in &table.promises {
        if !only.is_empty() && !only.contains(&promise.id) {
            continue;
        }
        let claims_none = promise.places.values().all(Vec::is_empty);
        if promise.mutation.is_none() && !claims_none {
            return Err(format!("{} claims tests and names no mutation", promise.id));
        }
        for (name, claims) in promise.mutations() {
            // Of a promise that claims nothing yet only when it is asked for by name.
            if claims_none && only.is_empty() {
                continue;
            }
            let patch = Patch::read(workspace, name)?;
            if !claims_none {
                patch.fits(&promise.id, &claims)?;
            }
            patches.push(patch);
        }
    }
    match only.iter().find(|id| !patches.iter().any(|patch| patch.id == **id)) {
        Some(id) => Err(format!("{id} has no mutation, or there is no such id")),
        None => Ok(patches),
    }
}

/// Applies one patch, runs its tests, and takes it back.
fn prove(copy: &Copy, patch: &Patch) -> Result<Outcome, Stop> {
    if let Err(why) = copy.apply(patch) {
        return Ok(Outcome::Unproven(why));
    }
    let seen = patch.red.iter().map(|claim| (claim.as_str(), play::one(copy, claim))).collect();
    copy.take_back(patch)?;
    Ok(judge(seen))
}

/// Every test that a patch names has to be red: one that stays green holds less than the table says.
fn judge(seen: Vec<(&str, Seen)>) -> Outcome {
    let unmoved: Vec<String> = seen
        .iter()
        .filter_map(|(claim, seen)| match seen {
            Seen::Red => None,
            Seen::Green => Some(format!("{claim} did not notice it")),
            Seen::Neither(why) => Some(format!("{claim}: {why}")),
        })
        .collect();
    if unmoved.is_empty() {
        Outcome::Red(seen.into_iter().map(|(claim, _)| claim.to_owned()).collect())
    } else {
        Outcome::Unproven(unmoved.join("; "))
    }
}

impl Proof<'_> {
    fn word(&self) -> &str {
        match self.outcome {
            Outcome::Red(_) => "red",
            Outcome::Unproven(_) => "NOT PROVEN",
        }
    }

    fn notes(&self) -> String {
        match &self.outcome {
            Outcome::Red(tests) => tests.join(", "),
            Outcome::Unproven(why) => why.clone(),
        }
    }
}

fn report(proofs: &[Proof<'_>], json: bool) -> Verdict {
    if json {
        let document = |proof: &Proof<'_>| {
            let (red, why) = match &proof.outcome {
                Outcome::Red(tests) => (tests.clone(), None),
                Outcome::Unproven(why) => (Vec::new(), Some(why)),
            };
            serde_json::json!({
                "id": proof.patch.id, "mutation": proof.patch.name, "breaks": proof.patch.breaks,
                "file": proof.patch.file, "proven": why.is_none(), "red": red, "why": why, "seconds": proof.seconds,
            })
        };
        say::out(&proofs.iter().map(document).collect::<serde_json::Value>().to_string());
    } else {
        let head = ["id", "mutation", "tests", "breaks", ""].map(str::to_owned).to_vec();
        let row = |proof: &Proof<'_>| {
            let patch = proof.patch;
            vec![
                patch.id.clone(),
                patch.name.clone(),
                proof.word().to_owned(),
                patch.breaks.clone(),
                proof.notes(),
            ]
        };
        let rows: Vec<Vec<String>> = std::iter::once(head).chain(proofs.iter().map(row)).collect();
        say::out(say::table(&rows).trim_end());
    }
    let proven = proofs.iter().filter(|proof| matches!(proof.outcome, Outcome::Red(_))).count();
    say::note(&format!("{proven} of {} mutations turn every test red that they name", proofs.len()));
    if proven == proofs.len() { Verdict::AllWell } else { Verdict::SomethingFailed }
}

#[cfg(test)]
mod tests;
