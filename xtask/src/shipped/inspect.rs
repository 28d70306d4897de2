//! Looks through a library, and through the controls that have to be refused.

use super::checks::{self, CHECKS, Check, Control, DESCRIPTIONS, Subject};
use super::kit::quiet;
use super::link::{self, Other};
use super::look::look;
use super::{Kit, Library, page, run, standin};
use crate::Stop;
use crate::cargo::Workspace;
use object::read::archive::ArchiveFile;
use object::{BinaryFormat, Object, ObjectSymbol};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What came of it.
pub(crate) struct Report {
    /// Each check with its control, and what was wrong.
    pub(crate) rows: Vec<(&'static str, Option<String>)>,
}

impl Report {
    /// Checks that held, control included, and those that did not.
    pub(crate) fn sums(&self) -> (usize, usize) {
        let failed = self.rows.iter().filter(|(_, wrong)| wrong.is_some()).count();
        (self.rows.len() - failed, failed)
    }
}

/// Looks through `library`.
///
/// # Errors
/// When a file cannot be read, or a control cannot be linked.
pub(crate) fn inspect(workspace: &Workspace, kit: &Kit, library: &Library) -> Result<Report, Stop> {
    let foreign = checks::foreign(&workspace.root, &standin::sysroot()?);
    let mut wanted = around_calls(&library.archive)?;
    wanted.extend(page::functions(&workspace.root, library.transport)?);
    if !library.abi.is_android() {
        return of_archive(library, &foreign, &wanted);
    }
    let work = library.archive.with_file_name("controls");
    std::fs::create_dir_all(&work).map_err(|e| format!("cannot make {}: {e}", work.display()))?;
    let mut rows = Vec::new();
    for (at, check) in CHECKS.iter().enumerate() {
        let wrong = judged(check, &library.path, &wanted, &foreign)?;
        let control = control(kit, library, check, &work.join(at.to_string()), &foreign)?;
        let refused = judged(check, &control, &wanted, &foreign)?;
        let blind = refused.is_none().then(|| "its control is not refused".to_owned());
        rows.push((check.name, wrong.or(blind)));
    }
    if run::can(library.abi) {
        rows.push(("runs here, and a panic inside is caught", runs(kit, library, &work)?));
    }
    Ok(Report { rows })
}

/// Runs the same link with relocations that this machine's loader can read, and once more without the table by which the
/// unwinder finds its way.
fn runs(kit: &Kit, library: &Library, work: &Path) -> Result<Option<String>, Stop> {
    let run = |name: &str, flags: &[&str]| {
        let file = work.join(name);
        link::link(kit, library.abi, &library.archive, &file, &Other { flags, ..Other::default() })?;
        run::run(library.abi, &file, &work.join("run"))
    };
    let readable = "--pack-dyn-relocs=none";
    if let Some(wrong) = run("readable.so", &[readable])? {
        return Ok(Some(wrong));
    }
    let refused = run("no-table.so", &[readable, "--no-eh-frame-hdr"])?;
    Ok(refused.is_none().then(|| "its control runs, too".to_owned()))
}

/// A static library is linked by the application: it and the image that such a link leaves are looked at. The static
/// library is the control: it still has everything that the image must not have.
fn of_archive(library: &Library, foreign: &[String], wanted: &BTreeSet<String>) -> Result<Report, Stop> {
    let (archive, image) = (read(&library.path)?, read(&library.weighed())?);
    let judge = |bytes: &[u8], foreign: &[String]| {
        let held: Vec<&str> =
            foreign.iter().map(String::as_str).filter(|it| checks::holds(bytes, it)).collect();
        (!held.is_empty()).then(|| format!("holds {}", held.join(", ")))
    };
    let blind = |refused: Option<String>| refused.is_none().then(|| "its control is not refused".to_owned());
    let exports = |bytes: &[u8]| globals(bytes).map(|names| checks::differ("exports", &names, wanted));
    let but_descriptions: Vec<String> = foreign.iter().filter(|it| *it != DESCRIPTIONS).cloned().collect();
    let rows = vec![
        (
            "an image exports what bindings/API.md names, and nothing else that can be called",
            match exports(&image)? {
                None => blind(checks::differ("exports", &all_globals(&library.path)?, wanted)),
                wrong => wrong,
            },
        ),
        ("an image holds no path of the build, no helper of tests, no key of development", {
            judge(&image, foreign).or_else(|| blind(judge(&archive, foreign)))
        }),
        ("nor does the library, but for descriptions that no link keeps", {
            judge(&archive, &but_descriptions).or_else(|| blind(judge(&archive, foreign)))
        }),
    ];
    Ok(Report { rows })
}

fn judged(
    check: &Check,
    path: &Path,
    wanted: &BTreeSet<String>,
    foreign: &[String],
) -> Result<Option<String>, Stop> {
    let (seen, bytes) = (look(path)?, read(path)?);
    Ok((check.judge)(&Subject { seen: &seen, bytes: &bytes, wanted, foreign }))
}

/// Links what the check has to refuse.
fn control(
    kit: &Kit,
    library: &Library,
    check: &Check,
    stem: &Path,
    foreign: &[String],
) -> Result<PathBuf, Stop> {
    let out = stem.with_extension("so");
    let link = |other: Other<'_>| link::link(kit, library.abi, &library.archive, &out, &other);
    match check.control {
        Control::Flags(flags) => link(Other { flags, ..Other::default() })?,
        Control::AllExports => link(Other { all_exports: true, ..Other::default() })?,
        Control::ForeignLibrary => {
            let source = source(stem, ".globl nobody_has_this\nnobody_has_this:\n.byte 0\n")?;
            let no_phone_has = stem.with_file_name("libforeign.so");
            let mut clang = kit.clang_for(library.abi);
            clang
                .args(["-shared", "-nostdlib", "-Wl,-soname,libforeign.so", "-o"])
                .arg(&no_phone_has)
                .arg(format!("--ld-path={}", standin::on_path(&kit.linker).display()))
                .arg(source);
            quiet(clang)?;
            link(Other { flags: &["--no-as-needed"], objects: &[&no_phone_has], ..Other::default() })?;
        }
        Control::Planted(assembly, flags) => {
            let source = source(stem, &checks::planted(assembly, foreign, library.abi.is_64()))?;
            let object = stem.with_extension("o");
            let mut clang = kit.clang_for(library.abi);
            clang.args(["-c", "-o"]).arg(&object).arg(source);
            quiet(clang)?;
            link(Other { flags, objects: &[&object], ..Other::default() })?;
        }
    }
    Ok(out)
}

fn source(stem: &Path, text: &str) -> Result<PathBuf, Stop> {
    let path = stem.with_extension("s");
    std::fs::write(&path, text).map_err(|e| format!("cannot write {}: {e}", path.display()))?;
    Ok(path)
}

/// What a static library holds for the bindings beside the functions that the page names: buffers, futures, and the
/// coming and going of objects.
fn around_calls(archive: &Path) -> Result<BTreeSet<String>, Stop> {
    let named = |name: &str| ["method_", "constructor_", "func_"].iter().any(|kind| name.starts_with(kind));
    let ours = |name: &String| match name.strip_prefix("uniffi_msgpay_fn_") {
        Some(function) => !named(function),
        None => name.starts_with("ffi_msgpay_"),
    };
    Ok(all_globals(archive)?.into_iter().filter(ours).collect())
}

/// All that a static library offers to a linker.
fn all_globals(archive: &Path) -> Result<BTreeSet<String>, Stop> {
    let said = |e: object::read::Error| format!("{}: {e}", archive.display());
    let bytes = read(archive)?;
    let mut names = BTreeSet::new();
    for member in ArchiveFile::parse(&*bytes).map_err(said)?.members() {
        let data = member.and_then(|member| member.data(&*bytes)).map_err(said)?;
        // A member that is no object (a compiler's notes) offers nothing.
        names.extend(globals(data).unwrap_or_default());
    }
    Ok(names)
}

/// All that an object offers to a linker, without the underscore that Apple's systems put before a name.
fn globals(bytes: &[u8]) -> Result<BTreeSet<String>, Stop> {
    let object = object::File::parse(bytes).map_err(|e| format!("no object: {e}"))?;
    let prefix = if object.format() == BinaryFormat::MachO { "_" } else { "" };
    let defined = object.symbols().filter(|symbol| symbol.is_definition() && symbol.is_global());
    let name = |symbol: object::Symbol<'_, '_>| {
        let name = symbol.name().ok()?;
        Some(name.strip_prefix(prefix).unwrap_or(name).to_owned())
    };
    Ok(defined.filter_map(name).collect())
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, Stop> {
    std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))
}
