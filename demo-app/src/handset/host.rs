//! What a phone gives the SDK, played by a folder on this machine: a key store and a vault.
//!
//! A real phone keeps a P-256 device key in hardware; here it lies in a file of this demonstration's own folder, as an
//! SM2 key does in any phone. A tap stands for the finger that releases a biometric key.

use std::path::{Path, PathBuf};

use msgpay_crypto::SigningKey;
use msgpay_sdk_core::{Confirmation, Guard, HostFault, Keystore, SuiteId, Vault};
use msgpay_suites::of_wire;

/// Keys as PEM files, one each.
pub struct FileKeystore {
    folder: PathBuf,
    /// Those that only a finger releases.
    guarded: PathBuf,
}

impl FileKeystore {
    /// Opens the store below `folder`; keys made earlier are found again.
    ///
    /// # Errors
    /// [`HostFault::Keystore`] when the folder cannot be made.
    pub fn open(folder: &Path) -> Result<Self, HostFault> {
        let (folder, guarded) = (folder.join("keys"), folder.join("biometric"));
        for folder in [&folder, &guarded] {
            std::fs::create_dir_all(folder).map_err(|_| HostFault::Keystore)?;
        }
        Ok(Self { folder, guarded })
    }

    /// Names hold slashes: as a file name they are written in hex.
    fn file(&self, name: &str, guard: Guard) -> PathBuf {
        let folder = if guard == Guard::Biometric { &self.guarded } else { &self.folder };
        folder.join(hex::encode(name))
    }

    /// The finger is on the phone: its prompt signs what a session asked for.
    ///
    /// # Errors
    /// [`HostFault::Keystore`] when there is no such key.
    pub fn touched(&self, asked: &Confirmation) -> Result<[u8; 64], HostFault> {
        sign(&self.file(&asked.key_name, Guard::Biometric), &asked.message)
    }
}

fn sign(file: &Path, message: &[u8]) -> Result<[u8; 64], HostFault> {
    let pem = std::fs::read_to_string(file).map_err(|_| HostFault::Keystore)?;
    let pem = zeroize::Zeroizing::new(pem);
    // The file names its curve: a key reads as one suite's only.
    let read = |suite| SigningKey::from_pkcs8_pem(of_wire(suite), &pem).ok();
    let key = SuiteId::ALL.into_iter().find_map(read).ok_or(HostFault::Keystore)?;
    key.sign(message).map_err(|_| HostFault::Keystore)
}

impl Keystore for FileKeystore {
    fn make_key(&self, name: &str, suite: SuiteId, guard: Guard) -> Result<[u8; 65], HostFault> {
        let key = SigningKey::make(of_wire(suite)).map_err(|_| HostFault::Keystore)?;
        let pem = key.pkcs8_pem().map_err(|_| HostFault::Keystore)?;
        let written = pem
            .expose(|bytes| write_durably(&self.file(name, guard), bytes))
            .map_err(|_| HostFault::Keystore)?;
        written.map_err(|_| HostFault::Keystore)?;
        Ok(key.public_key())
    }

    fn sign(&self, name: &str, message: &[u8]) -> Result<[u8; 64], HostFault> {
        sign(&self.file(name, Guard::Device), message)
    }

    fn forget_key(&self, name: &str) -> Result<(), HostFault> {
        let files = [Guard::Device, Guard::Biometric].map(|guard| self.file(name, guard));
        files.iter().try_for_each(|file| remove(file)).map_err(|_| HostFault::Keystore)
    }
}

/// Records as files, one each.
pub struct FolderVault {
    folder: PathBuf,
}

impl FolderVault {
    /// Opens the vault below `folder`.
    ///
    /// # Errors
    /// [`HostFault::Vault`] when the folder cannot be made.
    pub fn open(folder: &Path) -> Result<Self, HostFault> {
        let folder = folder.join("vault");
        std::fs::create_dir_all(&folder).map_err(|_| HostFault::Vault)?;
        Ok(Self { folder })
    }

    /// Names hold slashes: as a file name they are written in hex.
    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(hex::encode(name))
    }
}

impl Vault for FolderVault {
    fn put(&self, name: &str, record: &[u8]) -> Result<(), HostFault> {
        write_durably(&self.file(name), record).map_err(|_| HostFault::Vault)
    }

    fn record(&self, name: &str) -> Result<Option<Vec<u8>>, HostFault> {
        match std::fs::read(self.file(name)) {
            Ok(record) => Ok(Some(record)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(_) => Err(HostFault::Vault),
        }
    }

    fn remove(&self, name: &str) -> Result<(), HostFault> {
        remove(&self.file(name)).map_err(|_| HostFault::Vault)
    }

    fn names(&self) -> Result<Vec<String>, HostFault> {
        let files = std::fs::read_dir(&self.folder).map_err(|_| HostFault::Vault)?;
        let mut names = Vec::new();
        for file in files {
            let file = file.map_err(|_| HostFault::Vault)?;
            let name = file.file_name().into_string().map_err(|_| HostFault::Vault)?;
            // A half-written file of an earlier end has another form and is no record.
            if let Ok(bytes) = hex::decode(&name) {
                names.push(String::from_utf8(bytes).map_err(|_| HostFault::Vault)?);
            }
        }
        Ok(names)
    }
}

/// Removes a file; one that is not there is removed already.
fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Writes beside the file, to the disk, then takes its place: whole or not at all. Only the owner reads it.
fn write_durably(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let beside = path.with_extension("writing");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    // The new name is durable when its folder is.
    #[cfg(unix)]
    std::fs::File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests;
