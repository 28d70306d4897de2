//! `cargo xtask shipped`.

use super::{Abi, Kit, Library, NEEDS, Transport, build, inspect, run};
use crate::cargo::Workspace;
use crate::mutate::Copy;
use crate::setup::{Machine, Need};
use crate::{Stop, Verdict, say};
use std::path::Path;

/// Options of `cargo xtask shipped`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    choice: Choice,
    /// Builds each a second time, from a copy of the tree in another folder, and compares the bytes
    #[arg(long)]
    twice: bool,
}

/// Which libraries.
#[derive(clap::Args)]
pub(crate) struct Choice {
    /// This processor only; may be given more than once
    #[arg(long, value_name = "NAME")]
    abi: Vec<Abi>,
    /// With this transport only
    #[arg(long, value_name = "WHOSE")]
    transport: Option<Transport>,
}

impl Choice {
    /// Sets the machine up, for `more` too, and builds them.
    ///
    /// # Errors
    /// When something is missing that cannot be installed, or does not build.
    pub(crate) fn build(
        &self,
        workspace: &Workspace,
        kit: &Kit,
        more: &[Need],
    ) -> Result<Vec<Library>, Stop> {
        let abis = || Abi::ALL.into_iter().filter(|abi| self.abi.is_empty() || self.abi.contains(abi));
        let mut needs = [&NEEDS, more].concat();
        needs.extend(abis().flat_map(Abi::needs));
        let machine = Machine::set_up(&workspace.root, &workspace.make_kept()?, &needs);
        if let Some(missing) = machine.missing(&needs) {
            return Err(missing);
        }
        let mut libraries = Vec::new();
        for abi in abis() {
            for transport in
                Transport::ALL.into_iter().filter(|one| self.transport.is_none_or(|it| it == *one))
            {
                libraries.push(build(workspace, kit, abi, transport)?);
            }
        }
        Ok(libraries)
    }
}

/// Runs the command.
///
/// # Errors
/// When a library cannot be built or read.
pub(crate) fn command(args: &Args) -> Result<Verdict, Stop> {
    crate::setup::c_compiler()?;
    let workspace = Workspace::find()?;
    let kit = Kit::find(&workspace)?;
    let libraries = args.choice.build(&workspace, &kit, &run::NEEDS)?;
    let (mut held, mut failed) = (0, 0);
    for library in &libraries {
        let report = inspect(&workspace, &kit, library)?;
        say::out(&format!("{}, {} transport", library.abi.folder(), library.transport.word()));
        for (name, wrong) in &report.rows {
            let end = wrong.as_ref().map_or_else(|| "held".to_owned(), |wrong| format!("FAILED: {wrong}"));
            say::out(&format!("  {name}: {end}"));
        }
        let (well, wrong) = report.sums();
        (held, failed) = (held + well, failed + wrong);
        if args.twice {
            let differs = same_again(&workspace, &kit, library)?;
            let end = differs.as_ref().map_or("held".to_owned(), |differs| format!("FAILED: {differs}"));
            say::out(&format!("  built again in another folder, byte for byte the same: {end}"));
            (held, failed) = if differs.is_none() { (held + 1, failed) } else { (held, failed + 1) };
        }
        say::out(&format!("  {}", library.path.display()));
    }
    say::out(&format!("{} libraries, {held} checks held, {failed} failed; {}", libraries.len(), kit.said()));
    Ok(if failed == 0 { Verdict::AllWell } else { Verdict::SomethingFailed })
}

/// What the test command needs for [`test`].
pub(crate) const TEST_NEEDS: [Need; 9] = [
    NEEDS[0],
    NEEDS[1],
    NEEDS[2],
    NEEDS[3],
    Abi::Arm64.needs()[0],
    Abi::Arm64.needs()[1],
    run::NEEDS[0],
    run::NEEDS[1],
    run::NEEDS[2],
];

/// Builds and looks through the library of most phones, the smaller one, and weighs it: how much held, and what did
/// not.
///
/// # Errors
/// When it cannot be built or read.
pub(crate) fn test(workspace: &Workspace) -> Result<(usize, Vec<String>), Stop> {
    let kit = Kit::find(workspace)?;
    let library = build(workspace, &kit, Abi::Arm64, Transport::Host)?;
    let mut rows = inspect(workspace, &kit, &library)?.rows;
    rows.push(("within its budget", crate::size::over(workspace, &library)?));
    let wrong =
        |(name, wrong): &(&str, Option<String>)| wrong.as_ref().map(|wrong| format!("{name}: {wrong}"));
    let wrong: Vec<String> = rows.iter().filter_map(wrong).collect();
    Ok((rows.len() - wrong.len(), wrong))
}

/// Builds the library from a copy of the tree; says how it differs, if it does.
///
/// # Errors
/// When it does not build.
pub(crate) fn same_again(
    workspace: &Workspace,
    kit: &Kit,
    library: &Library,
) -> Result<Option<String>, Stop> {
    let copy = Copy::make(workspace, "shipped-again")?;
    let again = build(copy.workspace(), kit, library.abi, library.transport)?;
    differ(&library.path, &again.path)
}

fn differ(one: &Path, other: &Path) -> Result<Option<String>, Stop> {
    let (a, b) = (super::inspect::read(one)?, super::inspect::read(other)?);
    if a == b {
        return Ok(None);
    }
    let at = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    Ok(Some(format!("{} and {} bytes, the first other one at {at}", a.len(), b.len())))
}

#[cfg(test)]
mod tests {
    use super::differ;

    #[test]
    fn one_other_byte_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        };
        let (one, same, other) = (file("a", b"abc"), file("b", b"abc"), file("c", b"abd"));
        assert_eq!(differ(&one, &same).unwrap(), None);
        assert!(differ(&one, &other).unwrap().unwrap().contains("at 2"));
        assert!(differ(&one, &file("d", b"ab")).unwrap().is_some());
    }
}
