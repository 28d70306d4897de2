//! Files that only their owner may read: the books and the keys.

use std::{
    fs,
    io::{Error, ErrorKind},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

/// Creates an empty file with mode 0600, unless one is there; SQLite gives the files beside its database the same mode.
///
/// # Errors
/// What the system said.
pub(crate) fn create(path: &Path) -> Result<(), Error> {
    match fs::File::options().write(true).create_new(true).mode(0o600).open(path) {
        Err(there) if there.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

/// Whether somebody else than the owner may read or write a file. One that is not there, nobody may.
///
/// # Errors
/// What the system said.
pub(crate) fn is_open_to_others(path: &Path) -> Result<bool, Error> {
    match fs::metadata(path) {
        Ok(file) => Ok(file.permissions().mode() & 0o077 != 0),
        Err(gone) if gone.kind() == ErrorKind::NotFound => Ok(false),
        Err(reason) => Err(reason),
    }
}
