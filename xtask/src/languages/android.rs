//! `cargo xtask android`: what an Android team is handed, in `target/android`.

use super::kotlin::{self, NEEDS};
use super::{Ground, Language, run};
use crate::cargo::{self, Workspace};
use crate::clock::Stopwatch;
use crate::setup::Machine;
use crate::shipped::{self, Abi, Kit, Transport};
use crate::{Stop, Verdict, say};
use std::path::{Path, PathBuf};

/// Options of `cargo xtask android`.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Maven's rooms that are handed out, and what of each.
const HANDED: [(&str, &str, &[&str]); 3] = [
    ("sdk", "msgpay-android", &[".aar", "-sources.jar"]),
    ("core", "msgpay-core", &[".jar", "-sources.jar"]),
    ("desktop", "msgpay-desktop", &[".jar", "-sources.jar"]),
];

/// Builds the libraries for phones, generates the Kotlin line to them, packs and documents.
///
/// # Errors
/// When something is missing or does not build.
pub(crate) fn command(_: &Args) -> Result<Verdict, Stop> {
    crate::setup::c_compiler()?;
    let watch = Stopwatch::start();
    let workspace = Workspace::find()?;
    let kit = Kit::find(&workspace)?;
    let abis = || Abi::ALL.into_iter().filter(|abi| abi.is_android());
    let mut needs = [&shipped::NEEDS[..], &NEEDS].concat();
    needs.extend(abis().flat_map(Abi::needs));
    let machine = Machine::set_up(&workspace.root, &workspace.make_kept()?, &needs);
    if let Some(missing) = machine.missing(&needs) {
        return Err(missing);
    }
    for abi in abis() {
        shipped::build(&workspace, &kit, abi, Transport::Host)?;
    }
    let library = desktop_library(&workspace)?;
    let ground = Ground { workspace: &workspace, library, demo: Path::new("") };
    let sources = Language::Kotlin.sources_in(
        &workspace,
        &ground.library,
        &workspace.target.join("android/generated"),
    )?;
    let rooms = workspace.root.join("android");
    forget(&rooms)?;
    let mut maven = kotlin::maven(&ground, &sources, "package");
    maven
        // Tests are not even compiled: they name the library's own transport.
        .args(["-Dmaven.test.skip", "-Phandout", "--projects", "core,desktop,sdk"])
        .arg(kotlin::property("msgpay.shipped", &workspace.target.join("shipped/host")))
        // The library's own transport is not in the libraries that are packed.
        .arg(kotlin::property("msgpay.net", &rooms.join("core/src/none")));
    run(maven, &workspace.kept().join("android.log"), "Maven")?;
    let place = workspace.target.join("android");
    for file in hand_over(&rooms, &place)? {
        say::out(&file.display().to_string());
    }
    say::out(&format!("the libraries inside are {}; {:.0} s", kit.said(), watch.seconds()));
    Ok(Verdict::AllWell)
}

/// Classes of an earlier state would be packed along, and bytes would not be equal.
fn forget(rooms: &Path) -> Result<(), Stop> {
    for (room, ..) in HANDED {
        let made = rooms.join(room).join("target");
        if made.is_dir() {
            std::fs::remove_dir_all(&made).map_err(|e| format!("{} stays: {e}", made.display()))?;
        }
    }
    Ok(())
}

/// The library of this machine with the same names inside as those for phones: what is generated from it fits them.
fn desktop_library(workspace: &Workspace) -> Result<PathBuf, Stop> {
    let target = workspace.target.join("android/desktop");
    let mut build = cargo::command(&workspace.root);
    build
        .args(["build", "--locked", "--package", "msgpay-bindings", "--lib", "--no-default-features"])
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_PROFILE_DEV_DEBUG", "0");
    run(build, &workspace.kept().join("android-desktop.log"), "library of this machine")?;
    Ok(target.join("debug/libmsgpay.so"))
}

/// Copies what is handed out; gives the paths.
fn hand_over(rooms: &Path, place: &Path) -> Result<Vec<PathBuf>, Stop> {
    let mut files = Vec::new();
    for (room, name, ends) in HANDED {
        let made = rooms.join(room).join("target");
        for end in ends {
            let file = format!("{name}-0.1.0{end}");
            let to = place.join(&file);
            std::fs::copy(made.join(&file), &to).map_err(|e| format!("{file} was not made: {e}"))?;
            files.push(to);
        }
        let pages = made.join("dokka");
        if !pages.join("index.html").is_file() {
            return Err(format!("no API documents of {room}: {} has no index.html", pages.display()));
        }
        files.push(pages.join("index.html"));
    }
    Ok(files)
}
