//! `cargo xtask api`, and the test that `bindings/API.md` is what the library exports.

use super::{Ground, generator, run};
use crate::cargo::{self, Workspace};
use crate::child::{self, End, Output};
use crate::{Stop, Verdict, say};
use std::path::Path;

const PAGE: &str = "bindings/API.md";

/// Options of `cargo xtask api`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Says whether the page is as it should be, and writes nothing
    #[arg(long)]
    check: bool,
}

/// Builds the library and writes the page.
///
/// # Errors
/// When the library or the generator does not build.
pub(crate) fn command(args: &Args) -> Result<Verdict, Stop> {
    let workspace = Workspace::find()?;
    let log = workspace.make_kept()?.join("api.log");
    let mut build = cargo::command(&workspace.root);
    // The whole workspace: the library is then the one that the tests load.
    build.args(["build", "--workspace", "--locked"]);
    run(build, &log, "library")?;
    let ground = Ground::of(&workspace, Path::new(""));
    if args.check {
        let same = check(&ground)?;
        say::out(if same {
            "bindings/API.md is what the library exports"
        } else {
            "bindings/API.md is stale"
        });
        return Ok(if same { Verdict::AllWell } else { Verdict::SomethingFailed });
    }
    let page = workspace.root.join(PAGE);
    std::fs::write(&page, page_of(&ground)?).map_err(|e| format!("{}: {e}", page.display()))?;
    say::out(&page.display().to_string());
    Ok(Verdict::AllWell)
}

/// Whether the page that is kept is what the library exports.
///
/// # Errors
/// When the generator does not build or cannot read the library.
pub(super) fn check(ground: &Ground<'_>) -> Result<bool, Stop> {
    let kept = std::fs::read_to_string(ground.workspace.root.join(PAGE)).unwrap_or_default();
    Ok(kept == page_of(ground)?)
}

fn page_of(ground: &Ground<'_>) -> Result<String, Stop> {
    let workspace = ground.workspace;
    let mut command = std::process::Command::new(generator(workspace)?);
    cargo::forget_outer_cargo(&mut command);
    command.arg("api").arg(&ground.library);
    let (page, log) = (workspace.kept().join("API.md"), workspace.kept().join("api.log"));
    match child::run(
        command,
        &Output::Apart { out: &page, err: &log },
        "list of the exported names",
        super::LIMIT,
    ) {
        End::Success => std::fs::read_to_string(&page).map_err(|e| e.to_string()),
        End::Failure(how) => Err(format!("{how}, see {}", log.display())),
    }
}
