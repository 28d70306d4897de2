//! One writer with group commit: every piece of work runs in its own savepoint, one COMMIT carries a batch.
//!
//! `synchronous=FULL` costs one flush per COMMIT, whatever is in it; many writers that each flush stall each
//! other for seconds. So there is one, and what waits meanwhile goes together.
//!
//! Dropping the future of [`Writer::write`] doesn't undo the work: it may run all the same. Whoever loses the
//! answer reads the natural key again.

use std::panic::AssertUnwindSafe;

use futures_util::{FutureExt, future::BoxFuture};
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use super::StoreError;
use crate::clock::SharedClock;

/// Pieces of work under one COMMIT at most.
const BATCH_MAX: usize = 256;
/// Pieces of work that may wait; more callers wait at the door.
const WAITING_MAX: usize = 1024;
/// Tries to begin while another process writes; SQLite itself waits up to five seconds in each.
const BEGIN_TRIES: usize = 3;

/// What a piece of work may use: the connection inside its savepoint, and the one time that holds for it.
pub(crate) struct Tx<'c> {
    pub(crate) conn: &'c mut SqliteConnection,
    pub(crate) now_ms: i64,
}

#[derive(Clone)]
pub(crate) struct Writer(mpsc::Sender<Box<dyn Job>>);

impl Writer {
    /// Takes the connection; the writer ends when the last handle is gone and its queue is empty.
    pub(crate) fn start(conn: SqliteConnection, clock: SharedClock) -> Self {
        let (jobs, inbox) = mpsc::channel(WAITING_MAX);
        tokio::spawn(serve(conn, inbox, clock));
        Self(jobs)
    }

    /// Runs `work` in a savepoint. `Ok` keeps what it wrote and answers after the COMMIT; `Err` undoes it.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(Tx<'c>) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Work { work: Some(work), result: None, reply });
        self.0.send(job).await.map_err(|_| StoreError::Stopped)?;
        answer.await.map_err(|_| StoreError::Unsettled)?
    }
}

trait Job: Send {
    /// Does the work; whether to keep it.
    fn run<'c>(&'c mut self, tx: Tx<'c>) -> BoxFuture<'c, bool>;
    /// Answers the caller, once the batch's fate is known.
    fn reply(self: Box<Self>, committed: bool);
}

struct Work<T, F> {
    work: Option<F>,
    result: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Work<T, F>
where
    T: Send + 'static,
    F: for<'c> FnOnce(Tx<'c>) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
{
    fn run<'c>(&'c mut self, tx: Tx<'c>) -> BoxFuture<'c, bool> {
        Box::pin(async move {
            if let Some(work) = self.work.take() {
                self.result = Some(work(tx).await);
            }
            matches!(self.result, Some(Ok(_)))
        })
    }

    fn reply(self: Box<Self>, committed: bool) {
        let answer = match self.result {
            Some(Err(refused)) => Err(refused),
            Some(Ok(kept)) if committed => Ok(kept),
            _ => Err(StoreError::Unsettled),
        };
        // A caller that went away needs no answer.
        drop(self.reply.send(answer));
    }
}

async fn serve(mut conn: SqliteConnection, mut inbox: mpsc::Receiver<Box<dyn Job>>, clock: SharedClock) {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    while inbox.recv_many(&mut batch, BATCH_MAX).await > 0 {
        let outcome = commit(&mut conn, &mut batch, &clock).await;
        if let Err(error) = &outcome {
            tracing::error!(
                event = "batch_not_committed",
                reason = super::words(error),
                count = batch.len() as u64
            );
        }
        for job in batch.drain(..) {
            job.reply(outcome.is_ok());
        }
    }
}

async fn commit(
    conn: &mut SqliteConnection,
    batch: &mut [Box<dyn Job>],
    clock: &SharedClock,
) -> Result<(), sqlx::Error> {
    // IMMEDIATE: a deferred transaction that upgrades can meet SQLITE_BUSY at once, without waiting.
    let mut tries = 1;
    let mut tx = loop {
        match conn.begin_with("BEGIN IMMEDIATE").await {
            Ok(begun) => break begun,
            Err(_) if tries < BEGIN_TRIES => tries += 1,
            Err(error) => return Err(error),
        }
    };
    for job in batch {
        let mut savepoint = tx.begin().await?;
        // A defect in one piece of work undoes that one and no other.
        let run = AssertUnwindSafe(job.run(Tx { conn: &mut savepoint, now_ms: clock.now_ms() }));
        let keep = run.catch_unwind().await.unwrap_or(false);
        if keep { savepoint.commit().await? } else { savepoint.rollback().await? }
    }
    tx.commit().await
}
