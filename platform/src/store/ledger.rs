//! Double entry: one immutable `transfer` row per movement, from a debited to a credited account.
//!
//! `FUNDING:<institution>` is what the bank channel owes us, `PAYABLE:<merchant>` is what we owe the merchant.
//! A payment begins as PENDING and is resolved once, by POST or by VOID; there is no balance column to race on.

use super::{StoreError, Tx};

const CURRENCY: &str = "CNY";

/// How a pending transfer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resolution {
    Post,
    Void,
}

/// Makes sure that the merchant has an account to be credited.
pub(super) async fn payable(tx: &mut Tx<'_>, merchant_id: &str) -> Result<String, StoreError> {
    account(tx, "PAYABLE", merchant_id).await
}

/// Notes an attempt's movement as pending.
pub(super) async fn pend(
    tx: &mut Tx<'_>,
    attempt_no: &str,
    institution: &str,
    merchant_id: &str,
    amount_fen: i64,
) -> Result<(), StoreError> {
    let debit = account(tx, "FUNDING", institution).await?;
    let credit = payable(tx, merchant_id).await?;
    sqlx::query(
        "INSERT INTO transfer(journal_id, leg, kind, debit, credit, amount_fen, ccy, at)
         VALUES (?1, 0, 'PENDING', ?2, ?3, ?4, ?5, ?6)",
    )
    .bind(attempt_no)
    .bind(debit)
    .bind(credit)
    .bind(amount_fen)
    .bind(CURRENCY)
    .bind(tx.now_ms)
    .execute(&mut *tx.conn)
    .await?;
    Ok(())
}

/// Resolves an attempt's pending movement; the schema refuses a second resolution.
pub(super) async fn resolve(tx: &mut Tx<'_>, attempt_no: &str, how: Resolution) -> Result<(), StoreError> {
    let kind = match how {
        Resolution::Post => "POST",
        Resolution::Void => "VOID",
    };
    let done = sqlx::query(
        "INSERT INTO transfer(journal_id, leg, kind, pending_id, debit, credit, amount_fen, ccy, at)
         SELECT journal_id, 1, ?2, id, debit, credit, amount_fen, ccy, ?3 FROM transfer
         WHERE journal_id = ?1 AND kind = 'PENDING'",
    )
    .bind(attempt_no)
    .bind(kind)
    .bind(tx.now_ms)
    .execute(&mut *tx.conn)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Damaged("transfer")) }
}

async fn account(tx: &mut Tx<'_>, kind: &str, owner: &str) -> Result<String, StoreError> {
    let id = format!("{kind}:{owner}");
    sqlx::query(
        "INSERT INTO account(id, owner, kind, ccy, no_overdraft) VALUES (?1, ?2, ?3, ?4, 0) ON CONFLICT DO NOTHING",
    )
    .bind(&id)
    .bind(owner)
    .bind(kind)
    .bind(CURRENCY)
    .execute(&mut *tx.conn)
    .await?;
    Ok(id)
}
