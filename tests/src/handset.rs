//! A phone around the real core: a software keystore, a vault in memory, a clock that stands.

use msgpay_crypto::SigningKey;
use msgpay_sdk_core::{Clock, Guard, Host, HostFault, Keystore, SuiteId, Vault};
use msgpay_suites::of_wire;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Capabilities of a test phone whose clock stands at `unix_s`.
pub fn host(unix_s: u64) -> Host {
    let unix_ms = i64::try_from(unix_s).unwrap_or(0) * 1_000;
    Host {
        keystore: Arc::new(SoftwareKeys::default()),
        vault: Arc::new(Records::default()),
        clock: Arc::new(Standing(unix_ms)),
    }
}

/// Device keys in memory.
#[derive(Default)]
struct SoftwareKeys(Mutex<BTreeMap<String, SigningKey>>);

impl Keystore for SoftwareKeys {
    fn make_key(&self, name: &str, suite: SuiteId, _: Guard) -> Result<[u8; 65], HostFault> {
        let key = SigningKey::make(of_wire(suite)).map_err(|_| HostFault::Keystore)?;
        let public = key.public_key();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), key);
        Ok(public)
    }

    fn sign(&self, name: &str, message: &[u8]) -> Result<[u8; 64], HostFault> {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.get(name).ok_or(HostFault::Keystore)?.sign(message).map_err(|_| HostFault::Keystore)
    }

    fn forget_key(&self, name: &str) -> Result<(), HostFault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        Ok(())
    }
}

/// Records in memory.
#[derive(Default)]
struct Records(Mutex<BTreeMap<String, Vec<u8>>>);

impl Records {
    fn with<T>(&self, act: impl FnOnce(&mut BTreeMap<String, Vec<u8>>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Vault for Records {
    fn put(&self, name: &str, record: &[u8]) -> Result<(), HostFault> {
        self.with(|all| all.insert(name.to_owned(), record.to_vec()));
        Ok(())
    }

    fn record(&self, name: &str) -> Result<Option<Vec<u8>>, HostFault> {
        Ok(self.with(|all| all.get(name).cloned()))
    }

    fn remove(&self, name: &str) -> Result<(), HostFault> {
        self.with(|all| all.remove(name));
        Ok(())
    }

    fn names(&self) -> Result<Vec<String>, HostFault> {
        Ok(self.with(|all| all.keys().cloned().collect()))
    }
}

/// A clock that stands.
struct Standing(i64);

impl Clock for Standing {
    fn unix_ms(&self) -> i64 {
        self.0
    }

    fn monotonic_ms(&self) -> u64 {
        1_000
    }
}
