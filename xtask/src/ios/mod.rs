//! `cargo xtask ios`: the Swift package that an application takes, with the library for the device in it.
//!
//! What it leaves in `target/ios/MsgPay` can be added to Xcode by its path. The library for the simulator is made on a
//! Mac and added by the package's own `xcframework.sh`.

mod device;
mod package;
#[cfg(test)]
mod tests;

use crate::cargo::Workspace;
use crate::languages;
use crate::{Stop, Verdict, say};

/// Runs the command.
///
/// # Errors
/// When something is missing, or does not build.
pub(crate) fn command() -> Result<Verdict, Stop> {
    crate::setup::c_compiler()?;
    let workspace = Workspace::find()?;
    let library = device::library(&workspace)?;
    let generated = languages::swift_sources(&workspace, &library)?;
    let package = package::lay(&workspace, &library, &generated)?;
    let size =
        std::fs::metadata(&library).map_err(|e| format!("cannot read {}: {e}", library.display()))?.len();
    say::out(&format!("package          {}", package.display()));
    say::out(&format!("device library   {} ({} KB)", package.join(package::DEVICE).display(), size / 1000));
    say::out(&format!("DocC sources     {}", package.join(package::DOCS).display()));
    say::out(
        "not run: nothing here was built by Xcode; the simulator's library is made on a Mac (xcframework.sh)",
    );
    Ok(Verdict::AllWell)
}
