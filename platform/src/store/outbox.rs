//! Notices to merchants: written with the settlement, claimed by lease, delivered at least once.
//!
//! No transaction is open while a notice travels. A crash ends the lease and the notice goes again, under the
//! same notify id.

use sqlx::{FromRow, Row, sqlite::SqliteRow};

use super::{Store, StoreError, Tx, audit};
use crate::ids;

/// What lies under lease is counted once for each merchant: while one is down its queue grows long, and this runs on
/// the one writer, several times a second. ?1 now, ?2 notices at most, ?3 lease; ms.
pub(super) const CLAIM: &str = "UPDATE outbox SET lease_until = ?1 + ?3, attempt = attempt + 1 WHERE id IN (
    SELECT id FROM (
      SELECT o.id, o.next_at, m.conc_limit, coalesce(l.n, 0) AS busy,
        row_number() OVER (PARTITION BY o.merchant_id ORDER BY o.next_at, o.id) AS place
      FROM outbox o JOIN merchant m ON m.id = o.merchant_id
      LEFT JOIN (SELECT merchant_id, count(*) AS n FROM outbox WHERE lease_until > ?1 GROUP BY merchant_id) l
        ON l.merchant_id = o.merchant_id
      WHERE o.next_at <= ?1 AND (o.lease_until IS NULL OR o.lease_until <= ?1))
    WHERE place + busy <= conc_limit ORDER BY next_at LIMIT ?2)
  RETURNING id, notify_id, topic, agg, merchant_id, attempt";

/// A notice under lease. Its body is built from the order when it is sent, so no mobile number lies here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Row id.
    pub outbox_id: i64,
    /// `Msgpay-Notify-Id`: the same in every attempt.
    pub notify_id: String,
    /// `PAY` or `REFUND`.
    pub topic: String,
    /// The order it tells of.
    pub pay_order_no: String,
    /// To whom.
    pub merchant_id: String,
    /// Which attempt this is, from 1.
    pub attempt: u32,
}

/// How one delivery went.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeliveryResult {
    /// HTTP status, when there was an answer.
    pub http: Option<u16>,
    /// `noticeResult`, when there was one.
    pub notice_result: Option<String>,
    /// How long it took.
    pub ms: i64,
    /// Own words about what went wrong; never a dependency's text.
    pub err: Option<String>,
}

impl Store {
    /// Claims notices that are due, the oldest first, each merchant within its own limit of notices under way.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn claim_outbox(&self, most: u32, lease_ms: i64) -> Result<Vec<Notice>, StoreError> {
        self.writer()
            .write(move |tx| {
                Box::pin(async move {
                    Ok(sqlx::query_as(CLAIM)
                        .bind(tx.now_ms)
                        .bind(most)
                        .bind(lease_ms)
                        .fetch_all(&mut *tx.conn)
                        .await?)
                })
            })
            .await
    }

    /// The merchant took the notice: it leaves the outbox, a delivery row stays.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn notice_done(&self, n: &Notice, r: &DeliveryResult) -> Result<(), StoreError> {
        let (n, r) = (n.clone(), r.clone());
        self.writer()
            .write(move |mut tx| {
                Box::pin(async move {
                    log(&mut tx, &n, &r, true).await?;
                    remove(&mut tx, &n).await?;
                    audit::note(&mut tx, "platform", "NOTICE", &n.pay_order_no, "DELIVERED").await
                })
            })
            .await
    }

    /// Not taken: again at `next_at_ms`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn notice_retry(
        &self,
        n: &Notice,
        r: &DeliveryResult,
        next_at_ms: i64,
    ) -> Result<(), StoreError> {
        let (n, r) = (n.clone(), r.clone());
        self.writer()
            .write(move |mut tx| {
                Box::pin(async move {
                    log(&mut tx, &n, &r, false).await?;
                    // Only the lease's own holder: a late worker must not push back what another has claimed since.
                    sqlx::query(
                        "UPDATE outbox SET next_at = ?2, lease_until = NULL WHERE id = ?1 AND attempt = ?3",
                    )
                    .bind(n.outbox_id)
                    .bind(next_at_ms)
                    .bind(n.attempt)
                    .execute(&mut *tx.conn)
                    .await?;
                    Ok(())
                })
            })
            .await
    }

    /// Given up: it lies among the dead letters until a person sends it again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn notice_dead(&self, n: &Notice, r: &DeliveryResult, why: &str) -> Result<(), StoreError> {
        let (n, r, why) = (n.clone(), r.clone(), why.to_owned());
        self.writer()
            .write(move |mut tx| {
                Box::pin(async move {
                    log(&mut tx, &n, &r, false).await?;
                    sqlx::query(
                        "INSERT INTO dead_letter(outbox_id, notify_id, topic, agg, merchant_id, attempt, created_at, dead_at, why)
                         SELECT id, notify_id, topic, agg, merchant_id, attempt, created_at, ?2, ?3 FROM outbox WHERE id = ?1",
                    )
                    .bind(n.outbox_id)
                    .bind(tx.now_ms)
                    .bind(&why)
                    .execute(&mut *tx.conn)
                    .await?;
                    remove(&mut tx, &n).await?;
                    audit::note(&mut tx, "platform", "NOTICE", &n.pay_order_no, "DEAD").await
                })
            })
            .await
    }

    /// Sends dead letters again: one, or all. Gives how many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn redrive(&self, outbox_id: Option<i64>) -> Result<u64, StoreError> {
        let done = self
            .writer()
            .write(move |mut tx| {
                Box::pin(async move {
                    sqlx::query(
                        "INSERT INTO outbox(notify_id, topic, agg, merchant_id, created_at, next_at)
                         SELECT notify_id, topic, agg, merchant_id, created_at, ?2 FROM dead_letter
                         WHERE ?1 IS NULL OR outbox_id = ?1",
                    )
                    .bind(outbox_id)
                    .bind(tx.now_ms)
                    .execute(&mut *tx.conn)
                    .await?;
                    let gone = sqlx::query("DELETE FROM dead_letter WHERE ?1 IS NULL OR outbox_id = ?1")
                        .bind(outbox_id)
                        .execute(&mut *tx.conn)
                        .await?
                        .rows_affected();
                    audit::note(&mut tx, "operator", "REDRIVE", "outbox", &gone.to_string()).await?;
                    Ok(gone)
                })
            })
            .await?;
        self.outbox_ready().notify_one();
        Ok(done)
    }
}

/// Writes the notice of a paid order, inside its settlement.
pub(super) async fn put(tx: &mut Tx<'_>, pay_order_no: &str, merchant_id: &str) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO outbox(notify_id, topic, agg, merchant_id, created_at, next_at) VALUES (?1, 'PAY', ?2, ?3, ?4, ?4)",
    )
    .bind(ids::notify_id()?)
    .bind(pay_order_no)
    .bind(merchant_id)
    .bind(tx.now_ms)
    .execute(&mut *tx.conn)
    .await?;
    Ok(())
}

async fn log(tx: &mut Tx<'_>, n: &Notice, r: &DeliveryResult, done: bool) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO delivery(outbox_id, notify_id, agg, attempt, at, http, notice_result, ms, err, done)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )
    .bind(n.outbox_id)
    .bind(&n.notify_id)
    .bind(&n.pay_order_no)
    .bind(n.attempt)
    .bind(tx.now_ms)
    .bind(r.http)
    .bind(&r.notice_result)
    .bind(r.ms)
    .bind(&r.err)
    .bind(done)
    .execute(&mut *tx.conn)
    .await?;
    Ok(())
}

async fn remove(tx: &mut Tx<'_>, n: &Notice) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM outbox WHERE id = ?1").bind(n.outbox_id).execute(&mut *tx.conn).await?;
    Ok(())
}

impl FromRow<'_, SqliteRow> for Notice {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            outbox_id: row.try_get("id")?,
            notify_id: row.try_get("notify_id")?,
            topic: row.try_get("topic")?,
            pay_order_no: row.try_get("agg")?,
            merchant_id: row.try_get("merchant_id")?,
            attempt: row.try_get("attempt")?,
        })
    }
}
