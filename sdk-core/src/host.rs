//! What the core asks of the phone. A capability answers with bytes that prove something, never with a yes.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use msgpay_wire::SuiteId;

use crate::failure::HostFault;

/// The capabilities of one handset, shared by its sessions.
#[derive(Clone)]
pub struct Host {
    /// Holds the device keys.
    pub keystore: Arc<dyn Keystore>,
    /// Keeps small records.
    pub vault: Arc<dyn Vault>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Host")
    }
}

/// When a key may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Whenever the application asks: the device key.
    Device,
    /// Only with a live biometric, for each single use, and no more once another finger or face is enrolled in the phone
    /// (Android: `setUserAuthenticationRequired` for strong biometrics without a time window; iOS: `biometryCurrentSet`).
    /// The core never calls [`Keystore::sign`] for it: a session asks by a step, and the host's own prompt releases it.
    Biometric,
}

/// The phone's key store (Android Keystore, Secure Enclave): private keys never come out.
///
/// Keys have names, given by the core: `device/…` and `biometric/…`, one per institution and activation or enrolment, so that a second institution, or an
/// activation that fails, leaves the keys of the others as they are.
pub trait Keystore: Send + Sync {
    /// Makes a key of `suite` under `name`, replacing one of that name, and gives its public point: SEC1 uncompressed,
    /// 65 bytes. P-256 is what phones keep in hardware; SM2 lies in software, in the application's own vault, and so does the
    /// pair of Ed25519 and X25519 (`0x40`, then both halves).
    ///
    /// # Errors
    /// [`HostFault::Keystore`] when the phone cannot make one of that suite under that guard. It must not make one of
    /// another suite, or under a weaker guard.
    fn make_key(&self, name: &str, suite: SuiteId, guard: Guard) -> Result<[u8; 65], HostFault>;

    /// Signs `message` by the key `name` in the key's own suite: ECDSA P-256 with SHA-256, SM2 with SM3 and the
    /// identity `1234567812345678`, or Ed25519; `r ‖ s`.
    ///
    /// # Errors
    /// [`HostFault::Keystore`] when there is no such key or it may not be used now; always for one under
    /// [`Guard::Biometric`].
    fn sign(&self, name: &str, message: &[u8]) -> Result<[u8; 64], HostFault>;

    /// Removes a key; removing what is not there is fine.
    ///
    /// # Errors
    /// [`HostFault::Keystore`] when it is still there.
    fn forget_key(&self, name: &str) -> Result<(), HostFault>;
}

/// Keeps small records by name (`wallet/…`, `open/…`, `policy/…`), on this handset only, out of backups.
///
/// Records hold wallet and device ids and the numbers of open requests, nothing that opens an entry. They are plain
/// for now; sealing them to the device comes with the vault's own chapter, without a change of this trait.
///
/// One `MsgPay` for a vault at a time is the host's duty: records are read and then written.
pub trait Vault: Send + Sync {
    /// Writes a record. It must be durable when this returns: an open request has to survive the process.
    ///
    /// # Errors
    /// [`HostFault::Vault`] when it is not on disk.
    fn put(&self, name: &str, record: &[u8]) -> Result<(), HostFault>;

    /// Reads a record, `None` when there is none.
    ///
    /// # Errors
    /// [`HostFault::Vault`] when it cannot be read.
    fn record(&self, name: &str) -> Result<Option<Vec<u8>>, HostFault>;

    /// Removes a record; removing what is not there is fine.
    ///
    /// # Errors
    /// [`HostFault::Vault`] when it is still there.
    fn remove(&self, name: &str) -> Result<(), HostFault>;

    /// The names of all records.
    ///
    /// # Errors
    /// [`HostFault::Vault`] when they cannot be listed.
    fn names(&self) -> Result<Vec<String>, HostFault>;
}

/// The one door to time.
pub trait Clock: Send + Sync {
    /// Unix time in milliseconds, as the phone believes.
    fn unix_ms(&self) -> i64;

    /// Milliseconds of a clock that never goes back, from any start.
    fn monotonic_ms(&self) -> u64;

    /// The same, counting while the phone sleeps as well (`CLOCK_BOOTTIME`, `elapsedRealtime`, `mach_continuous_time`):
    /// how long a nonce or an open keypad has lived. A host that has no such clock leaves it as it is.
    fn boot_ms(&self) -> u64 {
        self.monotonic_ms()
    }
}

/// The system's own clocks.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    start: std::time::Instant,
}

impl SystemClock {
    /// A clock whose monotonic time starts now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the door to time")]
    pub fn start() -> Self {
        Self { start: std::time::Instant::now() }
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the door to time")]
    fn unix_ms(&self) -> i64 {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn monotonic_ms(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// A request that a session wants sent, complete: signed, with its headers. Send it as it is, once.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Whose server, and so whose pins.
    pub institution: String,
    /// Always `POST` so far.
    pub method: &'static str,
    /// Absolute `https` address.
    pub url: String,
    /// Headers beside those of the connection.
    pub headers: Vec<(String, String)>,
    /// The body, `application/cbor`.
    pub body: Vec<u8>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({} {}, {} bytes)", self.method, self.url, self.body.len())
    }
}

/// What came back, not believed yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The `content-type` header, empty when absent.
    pub content_type: String,
    /// The body, at most [`Answer::BODY_BYTES_MAX`].
    pub body: Vec<u8>,
}

impl Answer {
    /// Larger bodies are not read on.
    pub const BODY_BYTES_MAX: usize = 64 * 1024;
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({}, {} bytes)", self.status, self.body.len())
    }
}

/// No answer came: refused, cut, timed out, a server that is not pinned. Why does not matter to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no answer came")]
pub struct NoAnswer;

/// A boxed future, so that a transport can be a trait object.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Answer, NoAnswer>> + Send + 'a>>;

/// Carries one request to the institution and its answer back, over a connection pinned to that institution.
///
/// It must not follow redirects and must not send a request twice.
pub trait Transport: Send + Sync {
    /// Sends and waits for the whole answer, bounded in time and size.
    fn send(&self, request: Request) -> Sending<'_>;

    /// Waits, for the time that an institution asks for between questions.
    fn pause(&self, ms: u64) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}
