//! The one signed answer to one request. What was stored first is what is said ever after.

use sqlx::{FromRow, Row, SqliteExecutor, sqlite::SqliteRow};

use super::{StoreError, Tx};
use crate::domain::{Receipt, ReceiptFields, Verdict};

/// Stores a receipt for a nonce, unless one is there; gives the one that holds.
pub(super) async fn keep(
    tx: &mut Tx<'_>,
    nonce: &[u8; 16],
    receipt: &Receipt,
) -> Result<Receipt, StoreError> {
    let f = &receipt.fields;
    sqlx::query(
        "INSERT INTO receipt(nonce, subject_no, request_digest, outcome, reason, at, attempt, tries_left, cose)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
    )
    .bind(nonce.as_slice())
    .bind(&f.subject_no)
    .bind(f.request_digest.as_slice())
    .bind(f.verdict.word())
    .bind(&f.reason)
    .bind(f.at_ms)
    .bind(i64::try_from(f.attempt).map_err(|_| StoreError::Damaged("attempt"))?)
    .bind(f.tries_left)
    .bind(&receipt.cose)
    .execute(&mut *tx.conn)
    .await?;
    find(&mut *tx.conn, nonce).await?.ok_or(StoreError::Damaged("receipt"))
}

/// The receipt of a nonce, if its request is concluded.
pub(super) async fn find(
    db: impl SqliteExecutor<'_>,
    nonce: &[u8; 16],
) -> Result<Option<Receipt>, StoreError> {
    Ok(sqlx::query_as(
        "SELECT r.*, n.suite, n.device_id, n.order_digest FROM receipt r JOIN server_nonce n ON n.nonce = r.nonce
         WHERE r.nonce = ?1",
    )
    .bind(nonce.as_slice())
    .fetch_optional(db)
    .await?)
}

impl FromRow<'_, SqliteRow> for Receipt {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let verdict = Verdict::from_word(row.try_get("outcome")?)
            .ok_or_else(|| sqlx::Error::ColumnNotFound("outcome".to_owned()))?;
        Ok(Self {
            fields: ReceiptFields {
                suite: super::count(row, "suite")?,
                device_id: row.try_get("device_id")?,
                subject_no: row.try_get("subject_no")?,
                order_digest: super::bytes(row, "order_digest")?,
                request_digest: super::bytes(row, "request_digest")?,
                verdict,
                reason: row.try_get("reason")?,
                at_ms: row.try_get("at")?,
                attempt: super::count(row, "attempt")?,
                tries_left: row.try_get("tries_left")?,
            },
            cose: row.try_get("cose")?,
        })
    }
}
