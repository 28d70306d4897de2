//! The payer's factors as the institution handles them: sealed entries opened, passwords verified and set.
//!
//! Order digest, server nonce, key and purpose come from our own record, never from the message. What is opened
//! lives in secret pages and is handled in the clean room, on threads of its own: password stretching costs about
//! 20 ms and 19 MiB each and must not stall anything else.

mod open;
mod threads;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use msgpay_crypto::{Error, MacKey, OpeningKey, SecretPage, password};
use tokio::sync::OwnedSemaphorePermit;

use open::End;
pub use open::{Opening, StillSealed, Unopened};
use threads::Threads;

/// Digits of a wallet password.
const DIGITS: usize = 6;

/// Holds the private seal keys.
pub trait SealKeys: Send + Sync {
    /// The key of that number, while it may still open; `None` for an unknown or withdrawn one.
    fn opening_key(&self, kid: u64) -> Option<Arc<OpeningKey>>;
}

/// Room on the threads for one request; taken before anything of the request is used up.
pub struct Permit {
    _room: OwnedSemaphorePermit,
}

/// What became of a new password.
#[derive(Clone, PartialEq, Eq)]
pub enum NewPassword {
    /// Its record, to be stored.
    Record(String),
    /// The two entries differ.
    Differ,
    /// It is too easy, or not six digits.
    Weak,
}

/// Without the record.
impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Record(_) => "Record(..)",
            Self::Differ => "Differ",
            Self::Weak => "Weak",
        })
    }
}

/// The door to all of it. Cheap to clone.
#[derive(Clone)]
pub struct Factors(Arc<Inner>);

struct Inner {
    keys: Arc<dyn SealKeys>,
    pepper: Arc<MacKey>,
    threads: Threads,
    unopened: [AtomicU64; Unopened::ALL.len()],
}

impl Factors {
    /// Starts the threads: `workers`, or one less than there are cores, at least one. The pepper comes from
    /// outside the database.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn start(keys: Arc<dyn SealKeys>, pepper: MacKey, workers: Option<usize>) -> std::io::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let workers = workers.unwrap_or(cores.saturating_sub(1)).max(1);
        let (pepper, threads) = (Arc::new(pepper), Threads::start(workers)?);
        Ok(Self(Arc::new(Inner { keys, pepper, threads, unopened: Default::default() })))
    }

    /// Room for one more request, or `None` when two seconds of work are waiting already.
    pub fn admit(&self) -> Option<Permit> {
        self.0.threads.admit().map(|room| Permit { _room: room })
    }

    /// Opens one sealed entry into a secret page, or says why it does not open: for our own figures
    /// ([`Factors::unopened`]), log and audit, never for an answer.
    ///
    /// # Errors
    /// When this machine can't handle secrets; never for what was sent.
    pub async fn open(&self, _room: &Permit, entry: Opening) -> Result<Result<SecretPage, Unopened>, Error> {
        let key = self.0.keys.opening_key(entry.kid());
        let opened = self
            .0
            .threads
            .run(move || key.map_or(Err(Unopened::WrongKey.into()), |key| entry.open(&key)))
            .await?;
        match opened {
            Ok(page) => Ok(Ok(page)),
            Err(End::Own(error)) => Err(error),
            Err(End::Sent(unopened)) => {
                self.count(unopened);
                Ok(Err(unopened))
            }
        }
    }

    fn count(&self, unopened: Unopened) {
        if let Some(figure) = self.0.unopened.get(unopened as usize) {
            figure.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many entries did not open since the start, and why.
    pub fn unopened(&self) -> Vec<(Unopened, u64)> {
        let figures = self.0.unopened.iter().map(|figure| figure.load(Ordering::Relaxed));
        Unopened::ALL.into_iter().zip(figures).collect()
    }

    /// Verifies an opened password against its record.
    ///
    /// # Errors
    /// [`Error::BadRecord`] and what this machine can't do.
    pub async fn verify(
        &self,
        _room: &Permit,
        wallet_id: &str,
        phc: String,
        password: SecretPage,
    ) -> Result<password::Answer, Error> {
        let (pepper, wallet) = (Arc::clone(&self.0.pepper), wallet_id.to_owned());
        self.0.threads.run(move || password::verify(&pepper, wallet.as_bytes(), &phc, &password)).await?
    }

    /// Judges two entries of a new password and makes its record.
    ///
    /// # Errors
    /// What this machine can't do.
    pub async fn make(
        &self,
        _room: &Permit,
        wallet_id: &str,
        new: SecretPage,
        repeat: SecretPage,
    ) -> Result<NewPassword, Error> {
        let (pepper, wallet) = (Arc::clone(&self.0.pepper), wallet_id.to_owned());
        self.0
            .threads
            .run(move || {
                if !new.same(&repeat)? {
                    return Ok(NewPassword::Differ);
                }
                match password::judge(&new, DIGITS)? {
                    password::Judgement::Good => {
                        password::make_record(&pepper, wallet.as_bytes(), &new).map(NewPassword::Record)
                    }
                    _ => Ok(NewPassword::Weak),
                }
            })
            .await?
    }
}

#[cfg(test)]
mod tests;
