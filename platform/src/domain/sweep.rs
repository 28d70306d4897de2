//! What happens without anybody asking: attempts without the bank's word, expiry, sealing of the audit trail.

use std::{future::Future, time::Duration};

use futures_util::future::join_all;
use msgpay_wire::problem::Code;

use super::{PayError, Payments, Receipt};
use crate::{
    bank::{Callback, Queried},
    store::{DueAttempt, NonceState},
};

const ROUND: Duration = Duration::from_millis(500);
const PURGE_EVERY: u32 = 120;
const BATCH: u32 = 32;

impl Payments {
    /// Sweeps until `stop` is ready. Spawn it once per process, after [`adopt_orphans`](crate::store::Store::adopt_orphans).
    pub async fn run(self, stop: impl Future<Output = ()> + Send) {
        let mut callbacks = self.bank.callbacks();
        let mut round = tokio::time::interval(ROUND);
        round.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut rounds: u32 = 0;
        tokio::pin!(stop);
        loop {
            let outcome = tokio::select! {
                () = &mut stop => return,
                called = async {
                    match &mut callbacks {
                        Some(line) => line.recv().await,
                        None => std::future::pending().await,
                    }
                } => match called {
                    Some(callback) => self.called_back(callback).await.map(|_| ()),
                    None => { callbacks = None; Ok(()) }
                },
                _ = round.tick() => {
                    rounds = rounds.wrapping_add(1);
                    self.round(rounds).await
                }
            };
            if let Err(error) = outcome {
                // The next one tries again.
                tracing::error!(event = "sweep_failed", reason = %error);
            }
        }
    }

    async fn round(&self, rounds: u32) -> Result<(), PayError> {
        self.sweep().await?;
        self.store.seal_audit().await?;
        if rounds % PURGE_EVERY == 1 {
            self.store.purge().await?;
        }
        Ok(())
    }

    /// One round: asks the bank about due attempts, closes expired orders. Gives how many attempts were settled.
    ///
    /// # Errors
    /// [`PayError`].
    pub async fn sweep(&self) -> Result<u64, PayError> {
        let due = self.store.due_attempts(BATCH).await?;
        // All at once: a bank that is silent costs a round one deadline, not one for each attempt.
        let words = join_all(due.iter().map(|attempt| self.inquire(attempt))).await;
        let mut settled = Ok(0);
        for (attempt, word) in due.iter().zip(words) {
            // What fails for one attempt must not cost the others their turn.
            match (self.told(attempt, word).await, &mut settled) {
                (Ok(now), Ok(count)) => *count += u64::from(now),
                (Err(error), Ok(_)) => settled = Err(error),
                (_, Err(_)) => {}
            }
        }
        self.store.expire_orders().await?;
        settled
    }

    /// Whether the bank's word settles the attempt.
    async fn told(&self, attempt: &DueAttempt, word: Queried) -> Result<bool, PayError> {
        if self.apply(attempt, word).await?.is_some() {
            return Ok(true);
        }
        self.store.mark_unknown(&attempt.attempt_no).await?;
        Ok(false)
    }

    /// The bank tells an outcome by itself, perhaps for the second time.
    pub(super) async fn called_back(&self, callback: Callback) -> Result<Option<Receipt>, PayError> {
        match self.store.open_attempt(&callback.attempt_no).await? {
            Some(attempt) => self.apply(&attempt, callback.word).await,
            None => {
                match callback.word {
                    Queried::Debited { .. } => self.compare(&callback.attempt_no, true).await?,
                    Queried::Declined(_) | Queried::Cancelled => {
                        self.compare(&callback.attempt_no, false).await?;
                    }
                    Queried::NotFound | Queried::Unknown => {}
                }
                Ok(None)
            }
        }
    }

    /// The bank's word about a settled attempt: a repetition is nothing, a contradiction is a person's matter. The
    /// receipt that was given stands.
    pub(super) async fn compare(&self, attempt_no: &str, debited: bool) -> Result<(), PayError> {
        if self.store.settled_as(attempt_no).await?.is_some_and(|held| held != debited) {
            tracing::error!(event = "bank_contradicts_itself", attempt = attempt_no);
            self.store.note_contradiction(attempt_no).await?;
        }
        Ok(())
    }

    /// Asks. Only after the bank has promised that it never will debit does "not found" become a failure.
    async fn inquire(&self, due: &DueAttempt) -> Queried {
        let deadline = Duration::from_millis(self.rules.bank_deadline_ms);
        let ask = async {
            match self.bank.query(&due.attempt_no).await {
                Queried::NotFound => self.bank.cancel(&due.attempt_no).await,
                word => word,
            }
        };
        tokio::time::timeout(deadline, ask).await.unwrap_or(Queried::Unknown)
    }

    async fn apply(&self, attempt: &DueAttempt, word: Queried) -> Result<Option<Receipt>, PayError> {
        let outcome = match word {
            Queried::Debited { bank_ref } => Ok(bank_ref),
            Queried::Declined(decline) => Err(decline.code()),
            Queried::Cancelled => Err(Code::Channel),
            Queried::NotFound | Queried::Unknown => return Ok(None),
        };
        let Some(record) = self.store.launch(&attempt.server_nonce).await? else { return Ok(None) };
        let NonceState::Consumed { request_digest, .. } = record.state else { return Ok(None) };
        self.conclude(&attempt.attempt_no, &record, &request_digest, outcome).await.map(Some)
    }
}
