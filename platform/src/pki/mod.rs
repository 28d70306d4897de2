//! The development world's keys and certificates.

pub mod files;
pub mod issue;
/// .
#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    /// A file could not be read or written.
    #[error("{path}: {reason}")]
    File {
        /// Which.
        path: std::path::PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
    /// The directory has something in it.
    #[error("{path} is not empty; give a new directory")]
    NotEmpty {
        /// Which.
        path: std::path::PathBuf,
    },
    /// A time that no certificate can carry.
    #[error("the validity is empty or outside what a certificate can carry")]
    Validity,
    /// Certificate making failed.
    #[error("cannot make a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
}
