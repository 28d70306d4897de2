//! The thread on which the host is called.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        mpsc::{self, Sender},
    },
    thread,
    time::Duration,
};

use msgpay_sdk_core::HostFault;

use crate::fault::HostFailure;

/// How long a capability may take.
const CALL_MS_MAX: u64 = 10_000;

type Job = Box<dyn FnOnce() + Send>;

thread_local! {
    /// Set on a desk's own thread.
    static HERE: Cell<bool> = const { Cell::new(false) };
}

/// Whether this is a thread on which the host is being called: a session must not be called from there, since the
/// session is waiting for it.
pub(crate) fn in_host() -> bool {
    HERE.get()
}

/// One thread for all calls to one host, one at a time. A call that does not come back in time is given up, and with it
/// its thread; the next call gets a new one. Threads that are stuck at once are few: no more are opened then.
pub(super) struct Desk {
    patience: Duration,
    open: Mutex<Open>,
}

struct Open {
    jobs: Sender<Job>,
    stuck: usize,
}

const STUCK_MAX: usize = 4;

impl Desk {
    pub(super) fn open() -> Result<Self, HostFault> {
        Self::with_patience(Duration::from_millis(CALL_MS_MAX))
    }

    fn with_patience(patience: Duration) -> Result<Self, HostFault> {
        Ok(Self { patience, open: Mutex::new(Open { jobs: thread()?, stuck: 0 }) })
    }

    /// Calls the host. `None` when it failed, threw, panicked or took too long.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        call: impl FnOnce() -> Result<T, HostFailure> + Send + 'static,
    ) -> Option<T> {
        let answer = Arc::new(Mutex::new(None));
        let place = Arc::clone(&answer);
        let done = self.done(Box::new(move || {
            if let Ok(Ok(value)) = catch_unwind(AssertUnwindSafe(call)) {
                *locked(&place) = Some(value);
            }
        }));
        if done { locked(&answer).take() } else { None }
    }

    /// Whether the job ended in time. Not generic: what waits is compiled once, not for each type of answer.
    fn done(&self, job: Job) -> bool {
        let ended = Arc::new((Mutex::new(false), Condvar::new()));
        let tell = Arc::clone(&ended);
        let told = Box::new(move || {
            job();
            *locked(&tell.0) = true;
            tell.1.notify_one();
        });
        let mut open = locked(&self.open);
        if open.jobs.send(told).is_err() {
            return false;
        }
        let waited = ended.1.wait_timeout_while(locked(&ended.0), self.patience, |ended| !*ended);
        let in_time = *waited.unwrap_or_else(PoisonError::into_inner).0;
        if !in_time {
            open.stuck += 1;
            if open.stuck < STUCK_MAX
                && let Ok(jobs) = thread()
            {
                open.jobs = jobs;
            }
        }
        in_time
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends with its desk, or when the call that it is stuck in comes back.
fn thread() -> Result<Sender<Job>, HostFault> {
    let (jobs, to_do) = mpsc::channel::<Job>();
    let run = move || {
        HERE.set(true);
        while let Ok(job) = to_do.recv() {
            job();
        }
    };
    thread::Builder::new().name("msgpay-host".to_owned()).spawn(run).map_err(|_| HostFault::System)?;
    Ok(jobs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk() -> Desk {
        Desk::with_patience(Duration::from_millis(50)).unwrap()
    }

    #[test]
    fn an_answer_comes_back_from_a_thread_of_its_own() {
        let here = thread::current().id();
        assert!(!in_host());
        let there = desk().ask(|| Ok((in_host(), thread::current().id()))).unwrap();
        assert!(there.0 && there.1 != here);
    }

    #[test]
    fn a_host_that_fails_or_panics_gives_nothing_and_the_next_call_is_answered() {
        let desk = desk();
        assert_eq!(desk.ask::<()>(|| Err(HostFailure::Failed)), None);
        assert_eq!(desk.ask::<()>(|| panic!("planted")), None);
        assert_eq!(desk.ask(|| Ok(7)), Some(7));
    }

    #[test]
    fn a_host_that_never_returns_is_given_up() {
        let desk = desk();
        let (release, held) = mpsc::channel::<()>();
        assert_eq!(desk.ask::<()>(move || held.recv().map_err(|_| HostFailure::Failed)), None);
        assert_eq!(desk.ask(|| Ok(7)), Some(7));
        drop(release);
    }

    #[test]
    fn threads_that_are_stuck_are_few() {
        let desk = desk();
        let mut held = Vec::new();
        for _ in 0..STUCK_MAX {
            let (release, stuck) = mpsc::channel::<()>();
            held.push(release);
            assert_eq!(desk.ask::<()>(move || stuck.recv().map_err(|_| HostFailure::Failed)), None);
        }
        assert_eq!(desk.ask(|| Ok(7)), None, "no further thread is opened");
    }
}
