//! `cargo xtask conformance`: T/CAICI 92-2024 clause by clause, as the executed tests have it.
//!
//! The table is `tests/conformance.toml`. A place (SDK, PLAT, …) of an id passes when every test that it claims
//! has run and passed; an id passes when all its places do. A place that claims nothing is "not yet".
//! `--mutate` asks the other way round: whether the tests would notice.

mod judged;
mod table;

pub(crate) use judged::Judged;
pub(crate) use table::Table;

use crate::cargo::Workspace;
use crate::child;
use crate::libtest::Ended;
use crate::parts::labs;
use crate::results::{self, Results};
use crate::{Stop, Verdict, mutate, say, scenario, setup, suite};

/// Options of `cargo xtask conformance`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Prints one JSON document: an array of `{"id", "status", "places", "mutation", "tests"}`
    #[arg(long)]
    json: bool,
    /// Runs the claimed tests even when results of these very sources are at hand
    #[arg(long)]
    run: bool,
    /// Breaks each promise by its patch of tests/mutations in a copy, and proves that its tests turn red
    #[arg(long, conflicts_with = "run")]
    mutate: bool,
    /// With --mutate: this promise only; may be given more than once
    #[arg(long, value_name = "ID", requires = "mutate")]
    only: Vec<String>,
}

/// Runs the command.
///
/// # Errors
/// When the table or the build is broken.
pub(crate) fn command(args: &Args) -> Result<Verdict, Stop> {
    if args.mutate {
        return mutate::command(&args.only, args.json);
    }
    setup::c_compiler()?;
    let workspace = Workspace::find()?;
    workspace.make_kept()?;
    let judged = judge(&workspace, args.run)?;
    say::out(if args.json { judged.json().to_string() } else { text(&judged) }.trim_end());
    for problem in judged.problems() {
        say::note(&problem);
    }
    Ok(if judged.problems().is_empty() { Verdict::AllWell } else { Verdict::SomethingFailed })
}

/// Judges by recorded results when they are of these sources and hold every claim; else runs what is claimed.
pub(crate) fn judge(workspace: &Workspace, run: bool) -> Result<Judged, Stop> {
    let table = Table::of(workspace)?;
    let fingerprint = results::fingerprint(&workspace.root)?;
    let recorded = Results::read(workspace).filter(|recorded| recorded.fingerprint == fingerprint);
    let judged = Judged::by(&table, &recorded.unwrap_or_default().tests);
    if !run && !judged.has_unproven() {
        return Ok(judged);
    }
    let mut fresh = Results { fingerprint, tests: Vec::new() };
    run_claimed(workspace, &table.claims(), &mut fresh)?;
    Ok(Judged::by(&table, &fresh.tests))
}

/// Judges by these results and no others.
pub(crate) fn judge_recorded(workspace: &Workspace, recorded: &Results) -> Result<Judged, Stop> {
    let table = Table::of(workspace)?;
    Ok(Judged::by(&table, &recorded.tests))
}

/// Builds the workspace and runs just the claimed tests.
fn run_claimed(workspace: &Workspace, claims: &[String], fresh: &mut Results) -> Result<(), Stop> {
    say::note("no results of these sources at hand: running the claimed tests");
    let built = suite::build(workspace).map_err(|log| {
        say::note(&child::tail(&log, 60));
        format!("the build failed, see {}", log.display())
    })?;
    let needs: Vec<setup::Need> = labs::LABS.iter().flat_map(|lab| lab.needs).copied().collect();
    let machine = setup::Machine::set_up(&workspace.root, &workspace.kept(), &needs);
    for binary in &built.tests {
        let wanted: Vec<String> = claims
            .iter()
            .filter_map(|claim| claim.strip_prefix(binary.id.as_str())?.strip_prefix("::").map(str::to_owned))
            .collect();
        if wanted.is_empty() {
            continue;
        }
        let ran = suite::run(workspace, binary, Some(&wanted), machine.python.as_deref());
        let (passed, failed) = ran.sums();
        say::note(&format!(
            "  {:<40} {passed:>4} passed {failed:>3} failed {:>6.1} s",
            ran.binary, ran.seconds
        ));
        if failed > 0 {
            say::note(&suite::explain(&ran));
        }
        fresh.take(ran.records);
    }
    if claims.iter().any(|claim| claim.starts_with(scenario::BINARY))
        && let Some(program) = suite::program(&built, "msgpay-demo")
    {
        let played = scenario::play(workspace, program);
        let passed = played.records.iter().filter(|record| record.result == Ended::Ok).count();
        say::note(&format!("  {:<40} {passed:>4} of {} passed", scenario::BINARY, played.records.len()));
        fresh.take(played.records);
    }
    if claims.iter().any(|claim| claim.contains("::doc::")) {
        for ran in suite::run_doc(workspace) {
            fresh.take(ran.records);
        }
    }
    Ok(())
}

/// The report for people.
pub(crate) fn text(judged: &Judged) -> String {
    format!("{}\n{}\n", say::table(&judged.rows()), judged.sums())
}
