//! A keystore in a folder, for an application's own tests on a machine that has no phone's. Feature `desktop`: it is in
//! no library that a phone gets.

use std::{
    collections::BTreeMap,
    io::{Error, ErrorKind},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use msgpay_crypto::SigningKey;
use msgpay_sdk_core::SuiteId;
use msgpay_suites::of_wire;

use crate::{
    fault::{HostFailure, MsgPayError},
    keypad::NativeKeypad,
    values::{KeyGuard, Suite},
};

/// Keys as files of a folder, mode 0600. What a phone keeps in hardware lies open here.
#[derive(uniffi::Object)]
pub struct DesktopKeystore {
    folder: PathBuf,
    /// Whose keys ask for a finger; a process that starts anew finds them by their files.
    guards: Mutex<BTreeMap<String, KeyGuard>>,
}

#[uniffi::export]
impl DesktopKeystore {
    /// Opens the folder, making it where it is not there; keys made earlier are found again.
    ///
    /// # Errors
    /// When it cannot be made.
    #[uniffi::constructor]
    pub fn open(folder: &str) -> Result<Arc<Self>, HostFailure> {
        let folder = PathBuf::from(folder);
        std::fs::create_dir_all(&folder).map_err(|_| HostFailure::Failed)?;
        Ok(Arc::new(Self { folder, guards: Mutex::default() }))
    }

    /// As [`crate::KeystoreHost::make_key`].
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn make_key(&self, name: &str, suite: Suite, guard: KeyGuard) -> Result<Vec<u8>, HostFailure> {
        let suite = match suite {
            Suite::International => SuiteId::International,
            Suite::Guomi => SuiteId::Guomi,
            Suite::Curve25519 => SuiteId::Curve25519,
        };
        let key = SigningKey::make(of_wire(suite)).map_err(|_| HostFailure::Failed)?;
        let pem = key.pkcs8_pem().map_err(|_| HostFailure::Failed)?;
        let written = pem.expose(|bytes| write(&self.file(name), bytes)).map_err(|_| HostFailure::Failed)?;
        written.map_err(|_| HostFailure::Failed)?;
        self.guards.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), guard);
        Ok(key.public_key().to_vec())
    }

    /// As [`crate::KeystoreHost::sign`], and what stands for the phone's prompt too: a key under
    /// [`KeyGuard::Biometric`] signs as if a finger were laid on.
    ///
    /// # Errors
    /// When there is no such key.
    pub fn sign(&self, name: &str, message: &[u8]) -> Result<Vec<u8>, HostFailure> {
        let pem = std::fs::read_to_string(self.file(name)).map_err(|_| HostFailure::Failed)?;
        // The file names its curve: a key reads as one suite's only.
        let read = |suite| SigningKey::from_pkcs8_pem(of_wire(suite), &pem).ok();
        let key = SuiteId::ALL.into_iter().find_map(read).ok_or(HostFailure::Failed)?;
        key.sign(message).map(|signature| signature.to_vec()).map_err(|_| HostFailure::Failed)
    }

    /// As [`crate::KeystoreHost::forget_key`].
    ///
    /// # Errors
    /// When the file is still there.
    pub fn forget_key(&self, name: &str) -> Result<(), HostFailure> {
        match std::fs::remove_file(self.file(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(HostFailure::Failed),
            _ => Ok(()),
        }
    }

    /// What a phone does when another finger or face is enrolled: the keys that ask for one are gone.
    ///
    /// # Errors
    /// When one is still there.
    pub fn enrol_another_finger(&self) -> Result<(), HostFailure> {
        let guards = std::mem::take(&mut *self.guards.lock().unwrap_or_else(PoisonError::into_inner));
        for (name, guard) in guards {
            if guard == KeyGuard::Biometric {
                self.forget_key(&name)?;
            }
        }
        Ok(())
    }
}

/// A stopwatch inside the library: what a press costs without the line to a language.
#[derive(uniffi::Object)]
pub struct DesktopStopwatch;

#[uniffi::export]
impl DesktopStopwatch {
    /// Makes one.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::new(Self)
    }

    /// A bare call in the shape of a press: a number goes in, it or an error comes out.
    ///
    /// # Errors
    /// None.
    pub fn same(&self, number: u8) -> Result<u32, MsgPayError> {
        Ok(number.into())
    }

    /// Presses one slot in Rust and takes it back: nanoseconds of the press, with one reading of the clock in it.
    ///
    /// # Errors
    /// `Keypad`.
    #[expect(clippy::disallowed_methods, reason = "a stopwatch: no decision rests on it")]
    pub fn press_ns(&self, keypad: &NativeKeypad, slot: u8) -> Result<i64, MsgPayError> {
        keypad.press_ns(slot, std::time::Instant::now)
    }
}

impl DesktopKeystore {
    /// Names hold slashes: a file's is in hex.
    fn file(&self, name: &str) -> PathBuf {
        let hex: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
        self.folder.join(hex)
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
    let beside = path.with_extension("writing");
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)
}
