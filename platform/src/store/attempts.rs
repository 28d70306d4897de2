//! Tx B begins an attempt, Tx C settles it; what the bank has not answered stays UNKNOWN until it has.

use msgpay_wire::SuiteId;
use sqlx::Row;

use super::{LaunchRecord, Store, StoreError, Tx, audit, ledger, ledger::Resolution, passwords, receipts};
use crate::{
    domain::{OrderStatus, Receipt, Verdict, was_paid},
    ids,
};

/// After these delays the bank is asked again; then a person has to.
pub(crate) const CHECK_MS: [i64; 6] = [5_000, 10_000, 30_000, 60_000, 300_000, 1_800_000];
/// All of them one after the other.
pub(crate) const CHECKS_MS: i64 =
    CHECK_MS[0] + CHECK_MS[1] + CHECK_MS[2] + CHECK_MS[3] + CHECK_MS[4] + CHECK_MS[5];

/// An attempt about to be begun, its factors known to hold.
#[derive(Debug, Clone)]
pub struct NewAttempt {
    /// The bank's idempotency id for it.
    pub attempt_no: String,
    /// Through which institution's channel.
    pub institution: String,
    /// When to ask the bank again should this process die, ms from now.
    pub check_after_ms: i64,
    /// Whether the password was among the factors, and right.
    pub by_password: bool,
}

/// What became of an attempt's beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// The order is being paid by this attempt: ask the bank now.
    Yes {
        /// What to debit.
        amount_fen: i64,
        /// Whom to debit.
        bank_account: String,
        /// Which attempt at the order it is, from 1.
        number: u64,
    },
    /// The wallet's password is locked, which locks what is paid without it too.
    Locked,
    /// Another attempt has paid it.
    AlreadyPaid,
    /// Another attempt is under way.
    InProgress,
    /// Closed or expired.
    Closed,
    /// The merchant, the device or its wallet was stopped meanwhile.
    Stopped,
    /// The request was concluded meanwhile (voided): this receipt holds.
    Overtaken(Receipt),
}

/// What became of a settlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// Settled now; this receipt holds.
    Now(Receipt),
    /// Settled before, by another caller; this receipt holds.
    Before(Receipt),
}

/// An attempt whose outcome nobody has told yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueAttempt {
    /// Its number.
    pub attempt_no: String,
    /// The nonce of the request behind it.
    pub server_nonce: [u8; 16],
    /// How often the bank was asked, this time included.
    pub checks: u32,
}

impl Store {
    /// Tx B: order WAIT_PAY → PAYING while it has not expired, attempt SUBMITTED, transfer PENDING. By password: it was
    /// right, and whatever comes of it, the count of wrong ones is reset. Without one nothing is reset, and nothing
    /// begins while the password is locked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn begin(&self, record: &LaunchRecord, attempt: NewAttempt) -> Result<Begun, StoreError> {
        let record = record.clone();
        self.writer()
            .write(move |mut tx| Box::pin(async move { begin(&mut tx, &record, &attempt).await }))
            .await
    }

    /// Tx C: attempt, transfer, order, notice, receipt and audit, all or nothing.
    /// The receipt's verdict decides; `bank_ref` is the bank's word for a success.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn settle(
        &self,
        attempt_no: &str,
        bank_ref: Option<String>,
        receipt: Receipt,
    ) -> Result<Settled, StoreError> {
        let attempt_no = attempt_no.to_owned();
        let paid = receipt.fields.verdict == Verdict::Success;
        let settled = self
            .writer()
            .write(move |mut tx| {
                Box::pin(async move { settle(&mut tx, &attempt_no, bank_ref.as_deref(), &receipt).await })
            })
            .await?;
        if paid {
            self.outbox_ready().notify_one();
        }
        Ok(settled)
    }

    /// SUBMITTED → UNKNOWN: the bank did not answer. Never a failure.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn mark_unknown(&self, attempt_no: &str) -> Result<(), StoreError> {
        let attempt_no = attempt_no.to_owned();
        self.writer().write(move |mut tx| Box::pin(async move { unknown(&mut tx, &attempt_no).await })).await
    }

    /// Claims attempts that are due for a question to the bank, and plans the next one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn due_attempts(&self, most: u32) -> Result<Vec<DueAttempt>, StoreError> {
        self.writer().write(move |mut tx| Box::pin(async move { due(&mut tx, most).await })).await
    }

    /// Makes attempts without an answer due now: at start nobody else is waiting for the bank. Those that were left
    /// to a person are among them, so that whoever has mended the line to the bank starts the platform again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn adopt_orphans(&self) -> Result<u64, StoreError> {
        self.writer()
            .write(|tx| {
                Box::pin(async move {
                    let done = sqlx::query(
                        "UPDATE pay_attempt SET next_check_at = ?1 WHERE status = 'SUBMITTED' AND next_check_at > ?1
                           OR status IN('SUBMITTED','UNKNOWN') AND next_check_at IS NULL",
                    )
                    .bind(tx.now_ms)
                    .execute(&mut *tx.conn)
                    .await?;
                    Ok(done.rows_affected())
                })
            })
            .await
    }

    /// Suites in which receipts are still owed for attempts that have no outcome.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn suites_of_open_attempts(&self) -> Result<Vec<SuiteId>, StoreError> {
        let rows = sqlx::query(
            "SELECT DISTINCT n.suite FROM pay_attempt a JOIN server_nonce n ON n.nonce = a.server_nonce
             WHERE a.status IN('SUBMITTED','UNKNOWN')",
        )
        .fetch_all(self.read())
        .await?;
        let suite =
            |row| SuiteId::from_number(super::count(row, "suite")?).ok_or(StoreError::Damaged("suite"));
        rows.iter().map(suite).collect()
    }

    /// The attempt of that number, while it has no outcome; for an answer that the bank gives by itself.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_attempt(&self, attempt_no: &str) -> Result<Option<DueAttempt>, StoreError> {
        let row = sqlx::query(
            "SELECT attempt_no, server_nonce, checks FROM pay_attempt
             WHERE attempt_no = ?1 AND status IN('SUBMITTED','UNKNOWN')",
        )
        .bind(attempt_no)
        .fetch_optional(self.read())
        .await?;
        row.as_ref().map(due_attempt).transpose()
    }
}

async fn begin(tx: &mut Tx<'_>, record: &LaunchRecord, a: &NewAttempt) -> Result<Begun, StoreError> {
    // Here and nowhere later: the bank's word may come after other tries, which it must not forgive.
    if a.by_password {
        passwords::forgive(tx, &record.wallet_id).await?;
    }
    if let Some(held) = receipts::find(&mut *tx.conn, &record.nonce).await? {
        return Ok(Begun::Overtaken(held));
    }
    if !a.by_password && passwords::locked(tx, &record.wallet_id).await? {
        return Ok(Begun::Locked);
    }
    let order = sqlx::query(
        "UPDATE pay_order SET status = 'PAYING', version = version + 1
         WHERE pay_order_no = ?1 AND status = 'WAIT_PAY' AND expire_at > ?2
           AND EXISTS(SELECT 1 FROM merchant WHERE id = merchant_id AND status = 'ACTIVE')
           AND EXISTS(SELECT 1 FROM device_key d JOIN wallet w ON w.id = d.wallet_id
                      WHERE d.device_id = ?3 AND w.id = ?4 AND d.status = 'ACTIVE' AND w.status = 'ACTIVE')
         RETURNING order_date, merchant_id, amount_fen",
    )
    .bind(&record.subject_no)
    .bind(tx.now_ms)
    .bind(&record.device_id)
    .bind(&record.wallet_id)
    .fetch_optional(&mut *tx.conn)
    .await?;
    let Some(order) = order else { return standing(tx, &record.subject_no).await };
    let (order_date, merchant_id): (String, String) =
        (order.try_get("order_date")?, order.try_get("merchant_id")?);
    let amount_fen: i64 = order.try_get("amount_fen")?;
    // With a password it has its number from the count.
    let number = if a.by_password { record.counted } else { passwords::number(tx, &record.nonce).await? };
    sqlx::query(
        "INSERT INTO pay_attempt(attempt_no, order_date, pay_order_no, seq, institution, mode, wallet_id, amount_fen, status,
           server_nonce, next_check_at, created_at)
         SELECT ?1, ?2, ?3, counted, ?4, 'NATIVE', wallet_id, ?5, 'SUBMITTED', nonce, ?7, ?8 FROM server_nonce
         WHERE nonce = ?6",
    )
    .bind(&a.attempt_no)
    .bind(order_date)
    .bind(&record.subject_no)
    .bind(&a.institution)
    .bind(amount_fen)
    .bind(record.nonce.as_slice())
    .bind(tx.now_ms + a.check_after_ms)
    .bind(tx.now_ms)
    .execute(&mut *tx.conn)
    .await?;
    ledger::pend(tx, &a.attempt_no, &a.institution, &merchant_id, amount_fen).await?;
    let tied = sqlx::query(
        "UPDATE server_nonce SET attempt_no = ?2 WHERE nonce = ?1 AND state = 'CONSUMED' AND attempt_no IS NULL",
    )
    .bind(record.nonce.as_slice())
    .bind(&a.attempt_no)
    .execute(&mut *tx.conn)
    .await?;
    if tied.rows_affected() != 1 {
        return Err(StoreError::Damaged("server_nonce"));
    }
    let (bank_account,): (String,) = sqlx::query_as("SELECT bank_account FROM wallet WHERE id = ?1")
        .bind(&record.wallet_id)
        .fetch_one(&mut *tx.conn)
        .await?;
    let actor = format!("device:{}", record.device_id);
    audit::note(tx, &actor, "BEGIN", &a.attempt_no, "SUBMITTED").await?;
    Ok(Begun::Yes { amount_fen, bank_account, number })
}

async fn standing(tx: &mut Tx<'_>, pay_order_no: &str) -> Result<Begun, StoreError> {
    let (name, expire_at): (String, i64) =
        sqlx::query_as("SELECT status, expire_at FROM pay_order WHERE pay_order_no = ?1")
            .bind(pay_order_no)
            .fetch_one(&mut *tx.conn)
            .await?;
    Ok(match OrderStatus::from_word(&name) {
        Some(status) if was_paid(status) => Begun::AlreadyPaid,
        Some(OrderStatus::Paying) => Begun::InProgress,
        Some(OrderStatus::WaitPay) if expire_at > tx.now_ms => Begun::Stopped,
        _ => Begun::Closed,
    })
}

async fn settle(
    tx: &mut Tx<'_>,
    attempt_no: &str,
    bank_ref: Option<&str>,
    receipt: &Receipt,
) -> Result<Settled, StoreError> {
    let paid = receipt.fields.verdict == Verdict::Success;
    let status = if paid { "SUCCESS" } else { "FAIL" };
    let attempt = sqlx::query(
        "UPDATE pay_attempt SET status = ?2, reason = ?3, inst_ref = ?4, settled_at = ?5, next_check_at = NULL
         WHERE attempt_no = ?1 AND status IN('SUBMITTED','UNKNOWN')
         RETURNING order_date, pay_order_no, server_nonce",
    )
    .bind(attempt_no)
    .bind(status)
    .bind(&receipt.fields.reason)
    .bind(bank_ref)
    .bind(tx.now_ms)
    .fetch_optional(&mut *tx.conn)
    .await?;
    let Some(attempt) = attempt else {
        let row = sqlx::query("SELECT server_nonce FROM pay_attempt WHERE attempt_no = ?1")
            .bind(attempt_no)
            .fetch_one(&mut *tx.conn)
            .await?;
        let held = receipts::find(&mut *tx.conn, &super::bytes(&row, "server_nonce")?).await?;
        return Ok(Settled::Before(held.ok_or(StoreError::Damaged("receipt"))?));
    };
    let (order_date, pay_order_no): (String, String) =
        (attempt.try_get("order_date")?, attempt.try_get("pay_order_no")?);
    ledger::resolve(tx, attempt_no, if paid { Resolution::Post } else { Resolution::Void }).await?;
    let order = sqlx::query(
        "UPDATE pay_order SET version = version + 1,
           status = CASE WHEN ?3 THEN 'SUCCESS' WHEN expire_at <= ?4 THEN 'CLOSED' ELSE 'WAIT_PAY' END,
           paid_attempt = CASE WHEN ?3 THEN ?5 END, paid_at = CASE WHEN ?3 THEN ?4 END
         WHERE order_date = ?1 AND pay_order_no = ?2 AND status = 'PAYING' RETURNING merchant_id, status",
    )
    .bind(order_date)
    .bind(&pay_order_no)
    .bind(paid)
    .bind(tx.now_ms)
    .bind(attempt_no)
    .fetch_optional(&mut *tx.conn)
    .await?
    .ok_or(StoreError::Damaged("pay_order.status"))?;
    let held = receipts::keep(tx, &super::bytes(&attempt, "server_nonce")?, receipt).await?;
    if held != *receipt {
        // Someone signed another word about this request: keep neither the money nor the lie.
        return Err(StoreError::Damaged("receipt"));
    }
    if paid {
        super::outbox::put(tx, &pay_order_no, order.try_get("merchant_id")?).await?;
    }
    audit::note(tx, "platform", "SETTLE", attempt_no, status).await?;
    audit::note(tx, "platform", "ORDER", &pay_order_no, order.try_get("status")?).await?;
    Ok(Settled::Now(held))
}

async fn unknown(tx: &mut Tx<'_>, attempt_no: &str) -> Result<(), StoreError> {
    let marked = sqlx::query(
        "UPDATE pay_attempt SET status = 'UNKNOWN', next_check_at = ?2 WHERE attempt_no = ?1 AND status = 'SUBMITTED'",
    )
    .bind(attempt_no)
    .bind(tx.now_ms + CHECK_MS[0])
    .execute(&mut *tx.conn)
    .await?;
    if marked.rows_affected() == 1 {
        audit::note(tx, "platform", "UNKNOWN", attempt_no, "UNKNOWN").await?;
    }
    Ok(())
}

async fn due(tx: &mut Tx<'_>, most: u32) -> Result<Vec<DueAttempt>, StoreError> {
    let rows = sqlx::query(
        "UPDATE pay_attempt SET checks = checks + 1, next_check_at = ?1 + CASE checks
             WHEN 0 THEN ?3 WHEN 1 THEN ?4 WHEN 2 THEN ?5 WHEN 3 THEN ?6 WHEN 4 THEN ?7 END
         WHERE attempt_no IN (SELECT attempt_no FROM pay_attempt WHERE status IN('SUBMITTED','UNKNOWN')
                              AND next_check_at <= ?1 ORDER BY next_check_at LIMIT ?2)
         RETURNING attempt_no, server_nonce, checks, next_check_at",
    )
    .bind(tx.now_ms)
    .bind(most)
    .bind(CHECK_MS[1])
    .bind(CHECK_MS[2])
    .bind(CHECK_MS[3])
    .bind(CHECK_MS[4])
    .bind(CHECK_MS[5])
    .fetch_all(&mut *tx.conn)
    .await?;
    for row in &rows {
        if row.try_get::<Option<i64>, _>("next_check_at")?.is_none() {
            audit::note(tx, "platform", "HUMAN_QUEUE", row.try_get("attempt_no")?, "LAST_CHECK").await?;
        }
    }
    rows.iter().map(due_attempt).collect()
}

fn due_attempt(row: &sqlx::sqlite::SqliteRow) -> Result<DueAttempt, StoreError> {
    Ok(DueAttempt {
        attempt_no: row.try_get("attempt_no")?,
        server_nonce: super::bytes(row, "server_nonce")?,
        checks: row.try_get("checks")?,
    })
}

/// A fresh attempt number, for a payment by password.
///
/// # Errors
/// When the system gives no randomness.
pub(crate) fn new_attempt(institution: &str, check_after_ms: i64) -> Result<NewAttempt, StoreError> {
    let (attempt_no, institution) = (ids::attempt_no()?, institution.to_owned());
    Ok(NewAttempt { attempt_no, institution, check_after_ms, by_password: true })
}
