//! `cargo xtask test`: every check that a change must pass, in the order in which they are cheap to fail.

mod checks;
pub(crate) mod labs;
mod memory_table;
mod report;

use crate::cargo::Workspace;
use crate::clock::Stopwatch;
use crate::languages::{KOTLIN_NEEDS, Language, SWIFT_NEEDS};
use crate::results::Results;
use crate::setup::Machine;
use crate::suite::Built;
use crate::{Stop, Verdict, say, setup, shipped};
use clap::ValueEnum;
use report::{Outcome, Report};

/// Options of `cargo xtask test`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Runs this part only; may be given more than once
    #[arg(long, value_name = "NAME")]
    only: Vec<Part>,
    /// Lists the parts
    #[arg(long)]
    list: bool,
    /// Prints the summary as one JSON document
    #[arg(long)]
    json: bool,
}

/// A part of the test command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// cargo fmt --check
    Fmt,
    /// cargo clippy on every target, warnings are errors
    Clippy,
    /// libraries, programs, tests and examples
    Build,
    /// every test of every crate that needs no more than a toolchain, and the documentation's examples
    Tests,
    /// dumps of the SDK's and the platform's memory, searched for what was typed
    Memory,
    /// constant time under valgrind, residue of every primitive
    Timing,
    /// what independent programs open, verify and make
    Interop,
    /// key faces, read by a stranger
    Faces,
    /// crypto on other processors, emulated; its registers read by a debugger
    Cross,
    /// the entry's logic over pages, interpreted by Miri
    Miri,
    /// the library for most phones: built for size, looked through, run, weighed
    Shipped,
    /// the SDK in Kotlin: built by Maven, against a real platform
    Kotlin,
    /// the SDK in Swift: built in a root that has Swift, against a real platform
    Swift,
    /// a payment by clicks in a real Chromium
    Browser,
    /// every scenario with every fault, over real sockets
    Scenario,
    /// the clauses of T/CAICI 92-2024 against the tests that have just run
    Conformance,
    /// licences, sources, advisories and bans of the dependencies (cargo-deny)
    Deny,
}

impl Part {
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    fn help(self) -> String {
        let value = self.to_possible_value();
        value.and_then(|value| value.get_help().map(ToString::to_string)).unwrap_or_default()
    }
}

/// What the parts share.
pub(crate) struct Ground {
    pub(crate) workspace: Workspace,
    pub(crate) results: Results,
    /// Made by the first part that needs it; the error is the log of a failed build.
    pub(crate) built: Option<Result<Built, std::path::PathBuf>>,
    /// Which of the parts whose results conformance reads have run in this call.
    pub(crate) ran: Vec<Part>,
    /// What the machine has, after the set-up.
    pub(crate) machine: Machine,
    /// Parts asked for by name.
    pub(crate) only: Vec<Part>,
}

/// Runs the command.
///
/// # Errors
/// When a tool without which nothing can run is missing, or a part asked for by `--only` cannot run.
pub(crate) fn command(args: &Args) -> Result<Verdict, Stop> {
    if args.list {
        list(args.json);
        return Ok(Verdict::AllWell);
    }
    setup::c_compiler()?;
    let workspace = Workspace::find()?;
    let kept = workspace.make_kept()?;
    let parts: Vec<Part> = Part::value_variants()
        .iter()
        .copied()
        .filter(|part| args.only.is_empty() || args.only.contains(part))
        .collect();
    let mut ground = Ground {
        results: Results::read(&workspace).unwrap_or_default(),
        workspace,
        built: None,
        ran: Vec::new(),
        machine: Machine::default(),
        only: args.only.clone(),
    };
    let fingerprint = crate::results::fingerprint(&ground.workspace.root)?;
    if ground.results.fingerprint != fingerprint {
        ground.results = Results { fingerprint, tests: Vec::new() };
    }
    let needs: Vec<setup::Need> = parts.iter().flat_map(|part| needs(*part)).copied().collect();
    ground.machine = Machine::set_up(&ground.workspace.root, &kept, &needs);
    let reports = run(&parts, &mut ground);
    say_summary(&reports, args.json);
    if let Some(report) = reports.iter().find(|report| report.outcome == Outcome::NotRun)
        && !args.only.is_empty()
    {
        return Err(format!("{} did not run: {}", report.name, report.note));
    }
    let failed = reports.iter().any(|report| report.outcome == Outcome::Failed);
    Ok(if failed { Verdict::SomethingFailed } else { Verdict::AllWell })
}

fn needs(part: Part) -> &'static [setup::Need] {
    match part {
        Part::Cross => &labs::CROSS_NEEDS,
        Part::Miri => &[setup::Need::Miri],
        Part::Shipped => &shipped::TEST_NEEDS,
        Part::Kotlin => &KOTLIN_NEEDS,
        Part::Swift => &SWIFT_NEEDS,
        other => labs::of(other).map_or(&[], |lab| lab.needs),
    }
}

fn run(parts: &[Part], ground: &mut Ground) -> Vec<Report> {
    let whole = Stopwatch::start();
    let mut reports = Vec::new();
    for part in parts {
        say::note(&format!("[{:>4.0} s] {} …", whole.seconds(), part.name()));
        let watch = Stopwatch::start();
        let mut report = match part {
            Part::Fmt => checks::fmt(ground),
            Part::Clippy => checks::clippy(ground),
            Part::Build => checks::build(ground),
            Part::Tests => checks::tests(ground),
            Part::Memory | Part::Timing | Part::Interop | Part::Faces | Part::Browser => {
                checks::lab(ground, *part)
            }
            Part::Cross => checks::cross(ground),
            Part::Miri => checks::miri(ground),
            Part::Shipped => checks::shipped(ground),
            Part::Kotlin => checks::language(ground, Language::Kotlin, &KOTLIN_NEEDS),
            Part::Swift => checks::language(ground, Language::Swift, &SWIFT_NEEDS),
            Part::Scenario => checks::scenario(ground),
            Part::Conformance => checks::conformance(ground),
            Part::Deny => checks::deny(ground),
        };
        report.name = part.name();
        report.seconds = watch.seconds();
        say::note(&format!("[{:>4.0} s] {}", whole.seconds(), report.line()));
        reports.push(report);
    }
    reports
}

fn list(json: bool) {
    let parts = Part::value_variants();
    if json {
        let names: Vec<_> =
            parts.iter().map(|part| serde_json::json!({"name": part.name(), "what": part.help()})).collect();
        say::out(&serde_json::Value::from(names).to_string());
    } else {
        let rows: Vec<Vec<String>> = parts.iter().map(|part| vec![part.name(), part.help()]).collect();
        say::out(say::table(&rows).trim_end());
    }
}

fn say_summary(reports: &[Report], json: bool) {
    if json {
        say::out(&report::json(reports).to_string());
        return;
    }
    say::out("");
    say::out(say::table(&report::rows(reports)).trim_end());
    say::out("");
    say::out(&report::last_line(reports));
}
