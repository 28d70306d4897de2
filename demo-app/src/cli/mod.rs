//! The command line: the page by default, scenarios, and the platform itself under another name.

mod prompt;
mod show;

use std::ffi::OsString;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use msgpay_wire::SuiteId;
use msgpay_wire::factors::Factor;

use crate::fault::Fault;
use crate::scenario::{self, BY_BIOMETRIC, SCENARIOS, Verdict, transcript::Line};
use crate::stage::Program;

/// A whole 5G-message payment on this machine: handset, operator, merchant, payment platform, bank.
#[derive(Debug, Parser)]
#[command(name = "msgpay-demo", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(flatten)]
    page: Page,
    #[command(subcommand)]
    command: Option<Command>,
}

/// The page in a browser: a phone, and beside it what each party saw.
#[derive(Debug, Args)]
struct Page {
    /// Where the page is served; loopback only.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Keep the data here; a temporary folder without it.
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// In which suite of algorithms all parties of a new folder speak: international, guomi or curve25519.
    #[arg(long, default_value = "international", value_parser = suite)]
    suite: SuiteId,
    /// Do not open a browser.
    #[arg(long)]
    no_open: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Plays a payment without a browser, over the same sockets, and judges what was recorded.
    Scenario(Scenario),
    /// All parties but the handset, for an application of one's own: told what to do by JSON objects, one a line.
    Stage(prompt::Options),
    /// The payment platform's own command line.
    #[command(hide = true, disable_help_flag = true)]
    Platform {
        /// Its arguments.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

#[derive(Debug, Args)]
struct Scenario {
    /// Which scenario.
    #[arg(default_value = "native", value_parser = SCENARIOS.map(|(name, _)| name))]
    name: String,
    /// What goes wrong; see --list.
    #[arg(long, value_parser = |name: &str| Fault::from_name(name).ok_or("no such fault; see --list"))]
    fault: Option<Fault>,
    /// In which suite of algorithms all parties speak: international, guomi or curve25519.
    #[arg(long, default_value = "international", value_parser = suite)]
    suite: SuiteId,
    /// What the simulated user proves a payment with: password or biometric.
    #[arg(long, default_value = "password", value_parser = factor, conflicts_with = "all")]
    factor: Factor,
    /// Gives the simulated user's choices.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Without a fault and with each of them in turn.
    #[arg(long, conflicts_with = "fault")]
    all: bool,
    /// Only say which scenarios and faults there are.
    #[arg(long, conflicts_with_all = ["all", "fault"])]
    list: bool,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
}

fn suite(word: &str) -> Result<SuiteId, &'static str> {
    SuiteId::from_word(word).ok_or("a suite is international, guomi or curve25519")
}

fn factor(word: &str) -> Result<Factor, &'static str> {
    let known = Factor::from_word(word).filter(|factor| *factor != Factor::Device);
    known.ok_or("a factor is password or biometric")
}

/// Runs the command line.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Some(Command::Platform { arguments }) = cli.command {
        let all = std::iter::once(OsString::from("msgpay-platform")).chain(arguments);
        return msgpay_platform::cli::run(all, &mut std::io::stdout());
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.to_string()),
    };
    match cli.command {
        Some(Command::Scenario(wanted)) => runtime.block_on(run_scenarios(&wanted)),
        Some(Command::Stage(options)) => match runtime.block_on(prompt::serve(options)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed(&error.to_string()),
        },
        _ => match runtime.block_on(show::page(cli.page)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed(&error.to_string()),
        },
    }
}

fn failed(why: &str) -> ExitCode {
    // A closed error stream leaves nothing to say it on.
    let _closed = writeln!(std::io::stderr(), "msgpay-demo: {why}");
    ExitCode::FAILURE
}

async fn run_scenarios(wanted: &Scenario) -> ExitCode {
    let mut out = std::io::stdout();
    if wanted.list {
        return list(wanted.json, &mut out).map_or_else(|e| failed(&e.to_string()), |()| ExitCode::SUCCESS);
    }
    if let Some(fault) = wanted.fault.filter(|_| wanted.factor == Factor::Biometric)
        && !BY_BIOMETRIC.contains(&fault)
    {
        return failed("this fault is about an entry; it cannot be played with --factor biometric");
    }
    let program = match Program::this_one() {
        Ok(program) => program,
        Err(error) => return failed(&error.to_string()),
    };
    let faults: Vec<Option<Fault>> = if wanted.all {
        std::iter::once(None).chain(Fault::ALL.into_iter().map(Some)).collect()
    } else {
        vec![wanted.fault]
    };
    let mut all_passed = true;
    for fault in faults {
        let mut lines = Vec::new();
        let keep = |line: &Line| lines.push(line.clone());
        let verdict =
            scenario::run_native(program.clone(), wanted.suite, wanted.seed, fault, wanted.factor, keep)
                .await;
        all_passed &= verdict.passed();
        if let Err(error) = tell(wanted.json, &lines, &verdict, &mut out) {
            return failed(&error.to_string());
        }
    }
    if all_passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn list(json: bool, out: &mut impl Write) -> std::io::Result<()> {
    if json {
        let all: Vec<_> = SCENARIOS
            .iter()
            .map(|(name, faults)| {
                serde_json::json!({ "name": name, "faults": faults.iter().map(|f| f.name()).collect::<Vec<_>>() })
            })
            .collect();
        return writeln!(out, "{}", serde_json::Value::Array(all));
    }
    for (name, faults) in SCENARIOS {
        writeln!(out, "{name}")?;
        for fault in faults {
            writeln!(out, "  --fault {:<24} {}", fault.name(), fault.sentence().en)?;
        }
    }
    Ok(())
}

fn tell(json: bool, lines: &[Line], verdict: &Verdict, out: &mut impl Write) -> std::io::Result<()> {
    if json {
        for line in lines {
            writeln!(out, "{}", serde_json::to_string(line)?)?;
        }
        return writeln!(out, "{}", serde_json::to_string(verdict)?);
    }
    let mut fault = verdict.fault.map(|fault| format!(", fault {fault}")).unwrap_or_default();
    if verdict.factor != Factor::Password.word() {
        fault = format!(", by {}{fault}", verdict.factor);
    }
    writeln!(out, "\n{}, suite {}{fault}", verdict.scenario, verdict.suite)?;
    for line in lines {
        let (party, to) = (format!("{:?}", line.party), format!("{:?}", line.to));
        writeln!(out, "  {:>7} ms  {:<6} {party:>8} → {to:<8}  {}", line.at_ms, line.step, line.what)?;
    }
    for promise in &verdict.promises {
        let (mark, seen) = if promise.held { ("held  ", "") } else { ("BROKEN", promise.seen.as_str()) };
        writeln!(out, "  {mark} {} {seen}", promise.name)?;
    }
    if let Some(broken) = &verdict.broken {
        writeln!(out, "  stopped: {broken}")?;
    }
    let told = verdict.told_after_ms.map(|ms| format!(", told after {ms} ms")).unwrap_or_default();
    writeln!(out, "{}, suite {}{fault}: {}{told}", verdict.scenario, verdict.suite, verdict.outcome)
}
