//! What the host gives: keystore, vault and, for tests, a clock. Each call goes out on a thread of its own and has a
//! deadline, so that a capability that never returns, throws, or calls back harms no session.

mod desk;

use std::sync::Arc;

use msgpay_sdk_core as core;

use self::desk::Desk;
pub(crate) use self::desk::in_host;
use crate::{
    clock::PhoneClock,
    fault::HostFailure,
    values::{KeyGuard, Suite},
};

/// The phone's key store (Android Keystore, Secure Enclave): private keys never come out. Called on a thread of the
/// library's; a call that takes over ten seconds counts as failed.
#[uniffi::export(with_foreign)]
pub trait KeystoreHost: Send + Sync {
    /// Makes a key of `suite` under `name`, replacing one of that name, usable only as `guard` says; gives its public
    /// point, 65 bytes, SEC1 uncompressed. It must not make one of another suite or under a weaker guard.
    ///
    /// # Errors
    /// Whatever is thrown counts as failed, unread.
    fn make_key(&self, name: String, suite: Suite, guard: KeyGuard) -> Result<Vec<u8>, HostFailure>;

    /// Signs `message` by the device key `name`, in the key's own suite: 64 bytes, `r ‖ s`. Never asked of a key under
    /// [`KeyGuard::Biometric`].
    ///
    /// # Errors
    /// Whatever is thrown counts as failed, unread.
    fn sign(&self, name: String, message: Vec<u8>) -> Result<Vec<u8>, HostFailure>;

    /// Removes a key; removing what is not there is fine.
    ///
    /// # Errors
    /// Whatever is thrown counts as failed, unread.
    fn forget_key(&self, name: String) -> Result<(), HostFailure>;
}

/// Keeps small records by name, on this handset only, out of backups. One `MsgPay` for a vault at a time.
#[uniffi::export(with_foreign)]
pub trait VaultHost: Send + Sync {
    /// Writes a record, durably: an open request has to survive the process.
    ///
    /// # Errors
    /// Whatever is thrown counts as failed, unread.
    fn put(&self, name: String, record: Vec<u8>) -> Result<(), HostFailure>;

    /// Reads a record; nothing when there is none.
    ///
    /// # Errors
    /// Whatever is thrown counts as failed, unread.
    fn record(&self, name: String) -> Result<Option<Vec<u8>>, HostFailure>;

    /// Removes a record; removing what is not there is fine.
    ///
    /// # Errors
    /// Whatever is thrown counts as failed, unread.
    fn remove(&self, name: String) -> Result<(), HostFailure>;

    /// The names of all records.
    ///
    /// # Errors
    /// Whatever is thrown counts as failed, unread.
    fn names(&self) -> Result<Vec<String>, HostFailure>;
}

/// Another clock than the system's. For tests: each press asks it.
#[uniffi::export(with_foreign)]
pub trait ClockHost: Send + Sync {
    /// Unix time in milliseconds.
    ///
    /// # Errors
    /// A clock that fails counts as if all time were over.
    fn unix_ms(&self) -> Result<i64, HostFailure>;

    /// Milliseconds since any start, counting while the phone sleeps; not negative.
    ///
    /// # Errors
    /// A clock that fails counts as if all time were over.
    fn boot_ms(&self) -> Result<i64, HostFailure>;
}

/// The capabilities of one handset.
#[derive(uniffi::Record)]
pub struct Phone {
    /// Holds the keys.
    pub keystore: Arc<dyn KeystoreHost>,
    /// Keeps the records.
    pub vault: Arc<dyn VaultHost>,
    /// Nothing for the system's own.
    pub clock: Option<Arc<dyn ClockHost>>,
}

impl Phone {
    pub(crate) fn into_core(self) -> Result<core::Host, core::HostFault> {
        let desk = Arc::new(Desk::open()?);
        let clock: Arc<dyn core::Clock> = match self.clock {
            Some(host) => Arc::new(AskedClock { host, desk: desk.clone() }),
            None => Arc::new(PhoneClock::start()),
        };
        Ok(core::Host {
            keystore: Arc::new(AskedKeystore { host: self.keystore, desk: desk.clone() }),
            vault: Arc::new(AskedVault { host: self.vault, desk }),
            clock,
        })
    }
}

struct AskedKeystore {
    host: Arc<dyn KeystoreHost>,
    desk: Arc<Desk>,
}

impl AskedKeystore {
    fn ask<T: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn KeystoreHost) -> Result<T, HostFailure> + Send + 'static,
    ) -> Result<T, core::HostFault> {
        let host = self.host.clone();
        self.desk.ask(move || call(&*host)).ok_or(core::HostFault::Keystore)
    }
}

impl core::Keystore for AskedKeystore {
    fn make_key(
        &self,
        name: &str,
        suite: core::SuiteId,
        guard: core::Guard,
    ) -> Result<[u8; 65], core::HostFault> {
        let (name, suite, guard) = (name.to_owned(), suite.into(), guard.into());
        let point = self.ask(move |host| host.make_key(name, suite, guard))?;
        point.try_into().map_err(|_| core::HostFault::Keystore)
    }

    fn sign(&self, name: &str, message: &[u8]) -> Result<[u8; 64], core::HostFault> {
        let (name, message) = (name.to_owned(), message.to_vec());
        let signature = self.ask(move |host| host.sign(name, message))?;
        signature.try_into().map_err(|_| core::HostFault::Keystore)
    }

    fn forget_key(&self, name: &str) -> Result<(), core::HostFault> {
        let name = name.to_owned();
        self.ask(move |host| host.forget_key(name))
    }
}

struct AskedVault {
    host: Arc<dyn VaultHost>,
    desk: Arc<Desk>,
}

impl AskedVault {
    fn ask<T: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn VaultHost) -> Result<T, HostFailure> + Send + 'static,
    ) -> Result<T, core::HostFault> {
        let host = self.host.clone();
        self.desk.ask(move || call(&*host)).ok_or(core::HostFault::Vault)
    }
}

impl core::Vault for AskedVault {
    fn put(&self, name: &str, record: &[u8]) -> Result<(), core::HostFault> {
        let (name, record) = (name.to_owned(), record.to_vec());
        self.ask(move |host| host.put(name, record))
    }

    fn record(&self, name: &str) -> Result<Option<Vec<u8>>, core::HostFault> {
        let name = name.to_owned();
        self.ask(move |host| host.record(name))
    }

    fn remove(&self, name: &str) -> Result<(), core::HostFault> {
        let name = name.to_owned();
        self.ask(move |host| host.remove(name))
    }

    fn names(&self) -> Result<Vec<String>, core::HostFault> {
        self.ask(|host| host.names())
    }
}

struct AskedClock {
    host: Arc<dyn ClockHost>,
    desk: Arc<Desk>,
}

/// No clock fails softly: what is typed is wiped, and nothing is taken for fresh.
impl core::Clock for AskedClock {
    fn unix_ms(&self) -> i64 {
        let host = self.host.clone();
        self.desk.ask(move || host.unix_ms()).unwrap_or(i64::MAX)
    }

    fn monotonic_ms(&self) -> u64 {
        self.boot_ms()
    }

    fn boot_ms(&self) -> u64 {
        let host = self.host.clone();
        self.desk.ask(move || host.boot_ms()).and_then(|ms| u64::try_from(ms).ok()).unwrap_or(u64::MAX)
    }
}
