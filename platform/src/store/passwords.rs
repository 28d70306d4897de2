//! The state of a wallet's password: counting tries before they are verified, locking, setting.
//!
//! A try is counted in a commit of its own, by one conditional statement, so that parallel guesses can't beat
//! the limit. The lock is written together with the fifth count: a crash before the verdict leaves it locked.

use std::fmt;

use sqlx::Row;

use super::{LaunchRecord, Store, StoreError, Tx, audit, biometrics, receipts};
use crate::domain::Receipt;

/// Wrong passwords in a row until the lock.
const TRIES: u32 = 5;
const LOCK_MS: i64 = 30 * 60_000;
/// The second lock in a row stays until the password is reset through an identity check.
const LOCKS_MAX: i64 = 2;

/// What became of a claim to try a password.
#[derive(Clone, PartialEq, Eq)]
pub enum Counted {
    /// Counted; verify against this record now.
    Try {
        /// The stored record.
        phc: String,
        /// Tries left if this one is wrong.
        tries_left: u32,
        /// Which counted try at this subject it is, from 1.
        number: u64,
        /// The row of tries it stands in; for [`Store::take_back`].
        streak: i64,
    },
    /// Locked: nothing was counted and nothing may be verified.
    Locked,
    /// No password is set.
    NotSet,
}

/// Without the record.
impl fmt::Debug for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Try { phc: _, tries_left, number, streak } => f
                .debug_struct("Try")
                .field("tries_left", tries_left)
                .field("number", number)
                .field("streak", streak)
                .finish_non_exhaustive(),
            Self::Locked => f.write_str("Locked"),
            Self::NotSet => f.write_str("NotSet"),
        }
    }
}

/// What became of a new password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordStored {
    /// Stored; this receipt holds.
    Done(Receipt),
    /// The identity check behind it was used by another setting meanwhile; this receipt holds, if any.
    NotAllowed(Option<Receipt>),
}

impl Store {
    /// Counts a try at the wallet's password, unless it is locked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count_attempt(&self, record: &LaunchRecord) -> Result<Counted, StoreError> {
        let (nonce, wallet_id, device_id) =
            (record.nonce, record.wallet_id.clone(), record.device_id.clone());
        self.writer()
            .write(move |mut tx| {
                Box::pin(async move {
                    let counted = count(&mut tx, &wallet_id, &device_id, &nonce).await?;
                    let outcome = match &counted {
                        Counted::Try { tries_left, .. } => format!("COUNTED {tries_left}"),
                        Counted::Locked => "LOCKED".to_owned(),
                        Counted::NotSet => "NOT_SET".to_owned(),
                    };
                    audit::note(
                        &mut tx,
                        &format!("device:{device_id}"),
                        "PASSWORD_TRY",
                        &wallet_id,
                        &outcome,
                    )
                    .await?;
                    Ok(counted)
                })
            })
            .await
    }

    /// Takes a counted try back that the platform itself failed to judge: nothing was learned by it. The lock that came
    /// with it goes too. Once its row of tries is over, there is nothing to take back.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_back(&self, record: &LaunchRecord, streak: i64) -> Result<(), StoreError> {
        let (wallet_id, device_id) = (record.wallet_id.clone(), record.device_id.clone());
        self.writer()
            .write(move |mut tx| {
                Box::pin(async move {
                    take_back(&mut tx, &wallet_id, streak).await?;
                    let actor = format!("device:{device_id}");
                    audit::note(&mut tx, &actor, "PASSWORD_TRY", &wallet_id, "TAKEN_BACK").await
                })
            })
            .await
    }

    /// Some wallet's password record, if there is one: to see whether the pepper is theirs.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn some_password_record(&self) -> Result<Option<String>, StoreError> {
        let sql = "SELECT phc FROM password_state WHERE phc IS NOT NULL ORDER BY set_at DESC LIMIT 1";
        Ok(sqlx::query_scalar(sql).fetch_optional(self.read()).await?)
    }

    /// Stores a new password's record, uses the identity check up, opens every lock, and concludes the nonce,
    /// all at once.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_password(
        &self,
        record: &LaunchRecord,
        phc: String,
        receipt: Receipt,
    ) -> Result<PasswordStored, StoreError> {
        let record = record.clone();
        self.writer()
            .write(move |mut tx| Box::pin(async move { set(&mut tx, &record, &phc, &receipt).await }))
            .await
    }
}

pub(super) fn is_locked(locks: Option<i64>, locked_until: Option<i64>, now_ms: i64) -> bool {
    locks.unwrap_or(0) >= LOCKS_MAX || locked_until.is_some_and(|until| until > now_ms)
}

/// A device that tries the old password has done with the identity check that would let it set a new one.
async fn count(
    tx: &mut Tx<'_>,
    wallet_id: &str,
    device_id: &str,
    nonce: &[u8; 16],
) -> Result<Counted, StoreError> {
    let row = sqlx::query(
        "UPDATE password_state SET
           may_set = CASE WHEN may_set <> ?6 THEN may_set END,
           may_set_until = CASE WHEN may_set <> ?6 THEN may_set_until END,
           fails = CASE WHEN fails >= ?2 THEN 1 ELSE fails + 1 END,
           streak = CASE WHEN fails >= ?2 THEN streak + 1 ELSE streak END,
           locked_until = CASE WHEN fails + 1 = ?2 THEN ?3 + ?4 ELSE NULL END,
           locks = CASE WHEN fails + 1 = ?2 THEN locks + 1 ELSE locks END
         WHERE user_id = (SELECT user_id FROM wallet WHERE id = ?1) AND phc IS NOT NULL
           AND (locked_until IS NULL OR (locked_until <= ?3 AND locks < ?5))
         RETURNING phc, fails, streak",
    )
    .bind(wallet_id)
    .bind(TRIES)
    .bind(tx.now_ms)
    .bind(LOCK_MS)
    .bind(LOCKS_MAX)
    .bind(device_id)
    .fetch_optional(&mut *tx.conn)
    .await?;
    if let Some(row) = row {
        let fails: u32 = row.try_get("fails")?;
        return Ok(Counted::Try {
            phc: row.try_get("phc")?,
            tries_left: TRIES.saturating_sub(fails),
            number: number(tx, nonce).await?,
            streak: row.try_get("streak")?,
        });
    }
    let (set,): (bool,) = sqlx::query_as(
        "SELECT EXISTS(SELECT 1 FROM password_state p JOIN wallet w ON w.user_id = p.user_id
                       WHERE w.id = ?1 AND p.phc IS NOT NULL)",
    )
    .bind(wallet_id)
    .fetch_one(&mut *tx.conn)
    .await?;
    Ok(if set { Counted::Locked } else { Counted::NotSet })
}

/// Gives a request its number among the attempts at its subject, from 1.
pub(super) async fn number(tx: &mut Tx<'_>, nonce: &[u8; 16]) -> Result<u64, StoreError> {
    let numbered = sqlx::query(
        "UPDATE server_nonce SET counted = 1 + (SELECT count(*) FROM server_nonce n
           WHERE n.subject_no = server_nonce.subject_no AND n.counted > 0) WHERE nonce = ?1 RETURNING counted",
    )
    .bind(nonce.as_slice())
    .fetch_one(&mut *tx.conn)
    .await?;
    Ok(super::count(&numbered, "counted")?)
}

/// Whether a wallet's password is locked now.
pub(super) async fn locked(tx: &mut Tx<'_>, wallet_id: &str) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "SELECT p.locks, p.locked_until FROM password_state p JOIN wallet w ON w.user_id = p.user_id WHERE w.id = ?1",
    )
    .bind(wallet_id)
    .fetch_one(&mut *tx.conn)
    .await?;
    Ok(is_locked(row.try_get("locks")?, row.try_get("locked_until")?, tx.now_ms))
}

async fn take_back(tx: &mut Tx<'_>, wallet_id: &str, streak: i64) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE password_state SET fails = fails - 1,
           locked_until = CASE WHEN fails < ?3 THEN locked_until END,
           locks = CASE WHEN fails < ?3 THEN locks ELSE locks - 1 END
         WHERE user_id = (SELECT user_id FROM wallet WHERE id = ?1) AND streak = ?2 AND fails > 0",
    )
    .bind(wallet_id)
    .bind(streak)
    .bind(TRIES)
    .execute(&mut *tx.conn)
    .await?;
    Ok(())
}

/// The password was right: the row of wrong ones is broken.
pub(super) async fn forgive(tx: &mut Tx<'_>, wallet_id: &str) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE password_state SET fails = 0, streak = streak + 1, locked_until = NULL, locks = 0
         WHERE user_id = (SELECT user_id FROM wallet WHERE id = ?1)",
    )
    .bind(wallet_id)
    .execute(&mut *tx.conn)
    .await?;
    Ok(())
}

async fn set(
    tx: &mut Tx<'_>,
    record: &LaunchRecord,
    phc: &str,
    receipt: &Receipt,
) -> Result<PasswordStored, StoreError> {
    let held = receipts::find(&mut *tx.conn, &record.nonce).await?;
    if held.is_some() {
        return Ok(PasswordStored::NotAllowed(held));
    }
    let done = sqlx::query(
        "UPDATE password_state SET phc = ?2, fails = 0, streak = streak + 1, locked_until = NULL, locks = 0,
           may_set = NULL, may_set_until = NULL, set_at = ?3
         WHERE user_id = (SELECT w.user_id FROM wallet w JOIN device_key d ON d.wallet_id = w.id
                          WHERE w.id = ?1 AND d.device_id = ?4 AND w.status = 'ACTIVE' AND d.status = 'ACTIVE')
           AND may_set = ?4 AND may_set_until > ?3",
    )
    .bind(&record.wallet_id)
    .bind(phc)
    .bind(tx.now_ms)
    .bind(&record.device_id)
    .execute(&mut *tx.conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(PasswordStored::NotAllowed(None));
    }
    biometrics::end_all(tx, &record.wallet_id).await?;
    let actor = format!("device:{}", record.device_id);
    audit::note(tx, &actor, "PASSWORD_SET", &record.wallet_id, "OK").await?;
    Ok(PasswordStored::Done(receipts::keep(tx, &record.nonce, receipt).await?))
}
