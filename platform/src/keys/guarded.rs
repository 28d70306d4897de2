//! Key files are their owner's alone.

use std::path::Path;

use super::{KeyError, manifest::Manifest};
use crate::private;

/// Refuses a key directory in which somebody else may read a private key.
pub(super) fn guarded(dir: &Path, manifest: &Manifest) -> Result<(), KeyError> {
    let signing = manifest.key.iter().map(|entry| &entry.file);
    let http = manifest.http.iter().map(|entry| &entry.file);
    for file in signing.chain(http).chain([&manifest.pepper, &manifest.mobile]) {
        let path = dir.join(file);
        match private::is_open_to_others(&path) {
            Ok(false) => {}
            Ok(true) => return Err(KeyError::OpenToOthers { path }),
            Err(reason) => return Err(KeyError::Unreadable { path, reason }),
        }
    }
    Ok(())
}
