//! Where the development files lie and how they are written.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use super::PkiError;

/// Write a file that everybody may read. Refuses to overwrite.
pub(crate) fn write_public(path: &Path, bytes: &[u8]) -> Result<(), PkiError> {
    write(path, bytes, 0o644)
}

/// Write a file that only its owner may read. Refuses to overwrite.
pub(crate) fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), PkiError> {
    write(path, bytes, 0o600)
}

fn write(path: &Path, bytes: &[u8], mode: u32) -> Result<(), PkiError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let done = options.open(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    done.map_err(|reason| PkiError::File { path: path.to_owned(), reason })
}

/// Write beside a file, to the disk, then take its place: whole or not at all.
pub(crate) fn replace_public(path: &Path, bytes: &[u8]) -> Result<(), PkiError> {
    let beside = path.with_extension("writing");
    let fail = |reason| PkiError::File { path: path.to_owned(), reason };
    match std::fs::remove_file(&beside) {
        Err(reason) if reason.kind() != std::io::ErrorKind::NotFound => return Err(fail(reason)),
        _ => {}
    }
    write_public(&beside, bytes)?;
    std::fs::rename(&beside, path).map_err(fail)
}

/// Read a text file.
pub(crate) fn read(path: &Path) -> Result<String, PkiError> {
    std::fs::read_to_string(path).map_err(|reason| PkiError::File { path: path.to_owned(), reason })
}

/// Make a directory that must not exist yet, or must be empty.
pub(crate) fn make_empty_dir(path: &Path) -> Result<(), PkiError> {
    let fail = |reason| PkiError::File { path: path.to_owned(), reason };
    std::fs::create_dir_all(path).map_err(fail)?;
    if std::fs::read_dir(path).map_err(fail)?.next().is_some() {
        return Err(PkiError::NotEmpty { path: path.to_owned() });
    }
    Ok(())
}

/// The files of one party (a merchant, MaaP) in the development world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyFiles {
    /// `parties/NAME`.
    pub dir: PathBuf,
    /// TLS client certificate, PEM.
    pub client_certificate: PathBuf,
    /// Its key, PEM PKCS#8.
    pub client_key: PathBuf,
    /// TLS server certificate for loopback, PEM.
    pub server_certificate: PathBuf,
    /// Its key, PEM PKCS#8.
    pub server_key: PathBuf,
    /// Message-signing key (RFC 9421), PEM PKCS#8.
    pub signing_key: PathBuf,
    /// Its public half, PEM SubjectPublicKeyInfo.
    pub signing_public: PathBuf,
}

impl PartyFiles {
    pub(crate) fn under(pki: &Path, name: &str) -> Self {
        let dir = pki.join("parties").join(name);
        Self {
            client_certificate: dir.join("client.pem"),
            client_key: dir.join("client.key"),
            server_certificate: dir.join("server.pem"),
            server_key: dir.join("server.key"),
            signing_key: dir.join("signing.key"),
            signing_public: dir.join("signing.pub.pem"),
            dir,
        }
    }
}
