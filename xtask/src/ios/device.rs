//! The static library for the device, without a transport of its own: requests go by the system's network.

use crate::Stop;
use crate::cargo::Workspace;
use crate::setup::Machine;
use crate::shipped::{self, Abi, Kit, NEEDS, Transport};
use std::path::PathBuf;

/// Builds it as the other phones' libraries are built; gives its path.
///
/// # Errors
/// What is missing, or what did not build, with the log to read.
pub(super) fn library(workspace: &Workspace) -> Result<PathBuf, Stop> {
    let needs = [NEEDS.as_slice(), Abi::Ios.needs()].concat();
    let machine = Machine::set_up(&workspace.root, &workspace.make_kept()?, &needs);
    if let Some(missing) = machine.missing(&needs) {
        return Err(missing);
    }
    Ok(shipped::build(workspace, &Kit::find(workspace)?, Abi::Ios, Transport::Host)?.path)
}
