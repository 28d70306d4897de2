//! Why keys cannot be used, made or withdrawn.

use std::path::PathBuf;

/// Why the institution's keys can't be used. The operator's fault.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file is missing or unreadable.
    #[error("cannot read {path}: {reason}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
    /// `keys.toml` does not parse; it holds nothing secret.
    #[error("{path} is not a key manifest: {reason}")]
    Manifest {
        /// Which.
        path: PathBuf,
        /// Position and complaint.
        reason: Box<toml::de::Error>,
    },
    /// An entry of the manifest does not hold together.
    #[error("key {kid}: {reason}")]
    Entry {
        /// The key's number.
        kid: u64,
        /// What is wrong.
        reason: &'static str,
    },
    /// The private key file is no key, or not of its statement's suite.
    #[error("{path} is not a private key of its suite in PEM PKCS#8 (or, a pepper, 32 bytes)")]
    NotAKey {
        /// Which.
        path: PathBuf,
    },
    /// A private key that others may read.
    #[error("others may read {path}: make it the owner's alone (chmod 600), and think about a new key")]
    OpenToOthers {
        /// Which.
        path: PathBuf,
    },
    /// Development keys in another mode.
    #[error(
        "these are development keys (their root lies beside them); they are refused outside mode \"dev\""
    )]
    Development,
    /// The statements name another institution than the configuration.
    #[error("the keys belong to institution {found}, the configuration says {configured}")]
    OtherInstitution {
        /// In the manifest.
        found: String,
        /// In `platform.toml`.
        configured: String,
    },
    /// No key of a purpose is good at the moment.
    #[error(
        "no {purpose} key of suite {suite} is good at this time; make one and have the root sign its statement"
    )]
    NoneLive {
        /// Which purpose.
        purpose: &'static str,
        /// Which suite, by its word.
        suite: &'static str,
    },
    /// A key that is to be withdrawn is not in the manifest, or the only good one of its kind.
    #[error("key {key} cannot be withdrawn: {reason}")]
    Withdraw {
        /// The key's number, or its `keyid`.
        key: String,
        /// Why.
        reason: &'static str,
    },
    /// The HTTP key in use ends before a new one would begin.
    #[error("the {suite} HTTP key in use ends before the new one would sign; announce it for a shorter time")]
    Gap {
        /// Which suite, by its word.
        suite: &'static str,
    },
    /// A key that was withdrawn while the platform served is in the manifest again.
    #[error("key {key} was withdrawn while this platform served, and stays so; make another one")]
    Returned {
        /// The key's number, or its `keyid`.
        key: String,
    },
    /// Another pepper or key for mobile numbers, which a running platform does not change.
    #[error("pepper and mobile key are taken up at a start only; they name other files than at this one's")]
    Restart,
    /// A key can't be made or used.
    #[error("cryptography failed: {0}")]
    Crypto(#[from] msgpay_crypto::Error),
    /// A file can't be written.
    #[error(transparent)]
    File(#[from] crate::pki::PkiError),
}

impl KeyError {
    /// For the log: our own words, file and number; nothing of a dependency's text. `check` says the whole of it.
    pub fn log_words(&self) -> String {
        let file = |path: &std::path::Path| {
            path.file_name().map_or_else(|| "a file".to_owned(), |name| name.to_string_lossy().into_owned())
        };
        match self {
            Self::Unreadable { path, .. } => format!("cannot read {}", file(path)),
            Self::Manifest { path, .. } => format!("{} is not a key manifest", file(path)),
            Self::NotAKey { path } => format!("{} is not a private key of its suite", file(path)),
            Self::Crypto(_) => "cryptography failed".to_owned(),
            Self::File(_) => "a file cannot be written".to_owned(),
            own => own.to_string(),
        }
    }
}
