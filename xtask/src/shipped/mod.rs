//! The native libraries that go to phones: built for size, linked here, looked through before anybody packs them.

mod abi;
mod archive;
mod checks;
mod command;
mod inspect;
mod kit;
mod link;
mod look;
mod page;
mod run;
mod standin;

use crate::cargo::Workspace;
use crate::clock::Stopwatch;
use crate::{Stop, say};
use std::path::PathBuf;

pub(crate) use abi::{Abi, Transport};
pub(crate) use command::{Args, Choice, TEST_NEEDS, command, test};
pub(crate) use inspect::inspect;
pub(crate) use kit::{Kit, NEEDS};

/// A library that was built.
#[derive(Clone, Debug)]
pub(crate) struct Library {
    pub(crate) abi: Abi,
    pub(crate) transport: Transport,
    /// What is shipped: `target/shipped/<host|own>/<abi>/libmsgpay.so`, for iOS `libmsgpay.a`.
    pub(crate) path: PathBuf,
    /// The same link with every name kept, for measuring and for reading a crash; absent for iOS.
    pub(crate) named: Option<PathBuf>,
    /// What it was linked from.
    pub(crate) archive: PathBuf,
}

impl Library {
    /// What an application has of it: the file, or for iOS the image that is left of the static library.
    pub(crate) fn weighed(&self) -> PathBuf {
        if self.abi.is_android() {
            self.path.clone()
        } else {
            self.path.with_file_name("named").join("image")
        }
    }
}

/// Builds a library.
///
/// # Errors
/// What could not be done, with the log to read.
pub(crate) fn build(
    workspace: &Workspace,
    kit: &Kit,
    abi: Abi,
    transport: Transport,
) -> Result<Library, Stop> {
    let watch = Stopwatch::start();
    let built = archive::build(workspace, kit, abi, transport)?;
    let folder = workspace.target.join("shipped").join(transport.word()).join(abi.folder());
    let names = folder.join("named");
    std::fs::create_dir_all(&names).map_err(|e| format!("cannot make {}: {e}", names.display()))?;
    // The next build of another transport writes over the one that cargo has made.
    let archive = if abi.is_android() { names.join("libmsgpay.a") } else { folder.join("libmsgpay.a") };
    std::fs::copy(&built, &archive).map_err(|e| format!("cannot write {}: {e}", archive.display()))?;
    let library = if abi.is_android() {
        let (path, named) = (folder.join("libmsgpay.so"), names.join("libmsgpay.so"));
        link::link(kit, abi, &archive, &path, &link::Other::default())?;
        link::link(kit, abi, &archive, &named, &link::Other { named: true, ..link::Other::default() })?;
        Library { abi, transport, path, named: Some(named), archive }
    } else {
        link::image(&archive, &names.join("image"))?;
        Library { abi, transport, path: archive.clone(), named: None, archive }
    };
    say::note(&format!("         {} ({:.0} s)", library.path.display(), watch.seconds()));
    Ok(library)
}
