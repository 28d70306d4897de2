//! The command line. [`run`] is the whole program, so that another program can be it under another name.

pub mod args;
mod commands;
mod serve;

use std::{ffi::OsString, io::Write, path::Path, process::ExitCode, sync::Arc};

use clap::Parser as _;

use crate::{
    bank::BankError,
    check::CheckError,
    clock::{SharedClock, SystemClock},
    config::{Config, ConfigError},
    keys::KeyError,
    pki::PkiError,
    serve::{Opened, StartError},
    store::StoreError,
};
use args::{Bank, Cli, Command, Merchant};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Done: exit code 0.
    Good,
    /// Done, and there are findings: exit code 1.
    Findings,
}

/// Why a command did not do its work. Exit code 1; the text says whose fault it is and what to do.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Bank(#[from] BankError),
    #[error(transparent)]
    Check(#[from] CheckError),
    #[error("cannot write: {0}")]
    Output(#[from] std::io::Error),
    #[error("{0}")]
    Refused(String),
}

impl From<PkiError> for Failure {
    fn from(error: PkiError) -> Self {
        Self::Keys(error.into())
    }
}

/// Run the program: parse `args` (the first is the program's name), write results to `out`.
///
/// Log lines and complaints go to standard error. Exit codes: 0 done, 1 a problem was found or met, 2 usage.
pub fn run(args: impl IntoIterator<Item = OsString>, out: &mut dyn Write) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(usage) => return explain(&usage, out),
    };
    match start(&cli, out) {
        Ok(End::Good) => ExitCode::SUCCESS,
        Ok(End::Findings) => ExitCode::from(1),
        Err(failure) => {
            if cli.json {
                let line = serde_json::json!({ "error": failure.to_string() });
                let _ = writeln!(out, "{line}");
            }
            let _ = writeln!(std::io::stderr(), "msgpay-platform: {failure}");
            ExitCode::from(1)
        }
    }
}

fn explain(usage: &clap::Error, out: &mut dyn Write) -> ExitCode {
    let text = usage.render();
    if usage.use_stderr() {
        let _ = write!(std::io::stderr(), "{text}");
        ExitCode::from(2)
    } else {
        let _ = write!(out, "{text}");
        ExitCode::SUCCESS
    }
}

fn start(cli: &Cli, out: &mut dyn Write) -> Result<End, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(dispatch(cli, Arc::new(SystemClock), out));
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    ended
}

async fn dispatch(cli: &Cli, clock: SharedClock, out: &mut dyn Write) -> Result<End, Failure> {
    let mut say = Say { json: cli.json, out };
    match &cli.command {
        Command::Serve(args) => serve::serve(args, clock, &mut say).await,
        Command::DevPki(args) => commands::dev_pki(args, &clock, &mut say),
        Command::Check(on) => commands::check(open(&on.config, &clock).await?, &mut say).await,
        Command::Merchant { command: Merchant::Add(args) } => {
            commands::merchant_add(args, open(&args.on.config, &clock).await?, &mut say).await
        }
        Command::Keys { command } => commands::keys(command, &clock, &mut say),
        Command::Activate(args) => {
            commands::activate(args, open(&args.on.config, &clock).await?, &mut say).await
        }
        Command::Bank { command: Bank::Open(args) } => {
            commands::bank_open(args, open(&args.on.config, &clock).await?, &mut say).await
        }
        Command::Bank { command: Bank::Behave(args) } => {
            commands::bank_behave(args, open(&args.on.config, &clock).await?, &mut say).await
        }
    }
}

async fn open(path: &Path, clock: &SharedClock) -> Result<Opened, Failure> {
    let config = Config::read(path)?;
    Ok(Opened::open(&config, clock).await?)
}

/// Where results go: a JSON object, or words.
struct Say<'a> {
    json: bool,
    out: &'a mut dyn Write,
}

impl Say<'_> {
    fn result(&mut self, object: &serde_json::Value, words: &str) -> Result<(), Failure> {
        if self.json {
            writeln!(self.out, "{object}")?
        } else {
            writeln!(self.out, "{words}")?
        }
        self.out.flush()?;
        Ok(())
    }
}
