//! Threads for work that is measured in tens of milliseconds and mebibytes.
//!
//! The bound is at the door: who is admitted is served, who is not has lost nothing. So a flood of logins costs
//! its senders a 503 and nobody else a payment.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use msgpay_crypto::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// Waiting work at most, in milliseconds.
const QUEUE_MS_MAX: usize = 2_000;
/// What one request costs, rounded up from the 18 ms measured for Argon2id at 19 MiB.
const COST_MS: usize = 25;

type Work = Box<dyn FnOnce() + Send>;

pub(super) struct Threads {
    work: mpsc::Sender<Work>,
    rooms: Arc<Semaphore>,
}

impl Threads {
    pub(super) fn start(workers: usize) -> std::io::Result<Self> {
        let (work, inbox) = mpsc::channel::<Work>();
        let inbox = Arc::new(Mutex::new(inbox));
        for number in 0..workers {
            let inbox = Arc::clone(&inbox);
            std::thread::Builder::new().name(format!("factors-{number}")).spawn(move || {
                loop {
                    let next = inbox.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    match next {
                        // A defect in one piece of work costs its own answer, never the thread.
                        Ok(work) => drop(catch_unwind(AssertUnwindSafe(work))),
                        Err(_) => return, // the last sender is gone
                    }
                }
            })?;
        }
        Ok(Self { work, rooms: Arc::new(Semaphore::new(workers * QUEUE_MS_MAX / COST_MS)) })
    }

    pub(super) fn admit(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.rooms).try_acquire_owned().ok()
    }

    /// Runs `work` on one of the threads. Dropping the future does not stop it.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        let job: Work = Box::new(move || drop(reply.send(work())));
        self.work.send(job).map_err(|_| Error::RoomBroken)?;
        answer.await.map_err(|_| Error::RoomBroken)
    }
}
