//! Single-use server nonces: issued with what was shown, consumed by one request, or voided.
//!
//! The record kept here, never the message, says which order digest, key and purpose an envelope is opened for.

use msgpay_wire::factors::Way;
use sqlx::{Row, sqlite::SqliteRow};

use super::{AuditEvent, Store, StoreError, Tx, audit, receipts};
use crate::{
    domain::{OrderStatus, Receipt},
    factors::StillSealed,
};

/// What a nonce stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// A payment.
    Payment,
    /// The setting of a password.
    Password,
    /// The enrolment of a biometric key.
    Biometric,
}

impl Work {
    const ALL: [Self; 3] = [Self::Payment, Self::Password, Self::Biometric];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Payment => "PAYMENT",
            Self::Password => "PASSWORD",
            Self::Biometric => "BIOMETRIC",
        }
    }
}

/// What was recorded when a nonce was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchRecord {
    /// The nonce.
    pub nonce: [u8; 16],
    /// What it stands for.
    pub work: Work,
    /// How a payment may be proven: what this launch was offered.
    pub ways: Vec<Way>,
    /// To whom it was given.
    pub device_id: String,
    /// The device's wallet.
    pub wallet_id: String,
    /// payOrderNo or setupNo.
    pub subject_no: String,
    /// Digest of what was shown.
    pub order_digest: [u8; 32],
    /// The handset's nonce at launch.
    pub client_nonce: [u8; 16],
    /// Suite.
    pub suite: u64,
    /// Key that envelopes must be sealed to.
    pub kid: u64,
    /// Issued at, unix ms.
    pub issued_at_ms: i64,
    /// Good until, unix ms.
    pub expires_at_ms: i64,
    /// Which counted try at its subject it led to, from 1; 0 for none.
    pub counted: u64,
    /// Where it stands.
    pub state: NonceState,
}

/// Where a nonce stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NonceState {
    /// No request has used it.
    Fresh,
    /// One request has used it, and is not concluded.
    Consumed {
        /// Digest of that request.
        request_digest: [u8; 32],
        /// When, unix ms.
        at_ms: i64,
        /// The attempt that was begun for it.
        attempt_no: Option<String>,
    },
    /// Concluded: this is the answer, now and ever.
    Concluded(Receipt),
}

/// What became of a request's claim on its nonce.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consumed {
    /// It is this request's now; `order` says how the order stands, for payments.
    Yours {
        /// Status of the order at this moment, and its amount in fen.
        order: Option<(OrderStatus, i64)>,
    },
    /// Used, voided, expired, or given to another device or subject.
    Refused,
}

impl Store {
    /// The record of a nonce.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn launch(&self, nonce: &[u8; 16]) -> Result<Option<LaunchRecord>, StoreError> {
        let row = sqlx::query("SELECT * FROM server_nonce WHERE nonce = ?1")
            .bind(nonce.as_slice())
            .fetch_optional(self.read())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let receipt = receipts::find(self.read(), nonce).await?;
        Ok(Some(record(&row, receipt)?))
    }

    /// Claims a fresh nonce for one request, atomically and for good.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn consume_nonce(
        &self,
        record: &LaunchRecord,
        request_digest: [u8; 32],
    ) -> Result<Consumed, StoreError> {
        let record = record.clone();
        self.writer()
            .write(move |mut tx| Box::pin(async move { consume(&mut tx, &record, &request_digest).await }))
            .await
    }

    /// Concludes a nonce as void: a fresh one, or one whose request stopped before `stale_ms` (unix ms) without
    /// beginning an attempt. Gives the receipt that holds, or `None` while the request may still go on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn void_nonce(
        &self,
        record: &LaunchRecord,
        receipt: Receipt,
        stale_ms: i64,
    ) -> Result<Option<Receipt>, StoreError> {
        let nonce = record.nonce;
        self.writer()
            .write(move |mut tx| Box::pin(async move { void(&mut tx, &nonce, &receipt, stale_ms).await }))
            .await
    }

    /// Concludes a consumed nonce with a refusal; nothing was begun for it. Entries that did not open are noted with
    /// their reason beside it. Gives the receipt that holds.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn refuse(
        &self,
        record: &LaunchRecord,
        receipt: Receipt,
        sealed: Vec<StillSealed>,
    ) -> Result<Receipt, StoreError> {
        let record = record.clone();
        self.writer()
            .write(move |mut tx| {
                Box::pin(async move {
                    let f = &receipt.fields;
                    let actor = format!("device:{}", f.device_id);
                    for entry in sealed {
                        audit::write(&mut tx, &still_sealed(&actor, &receipt, entry)).await?;
                    }
                    audit::note(&mut tx, &actor, "REFUSE", &f.subject_no, &f.reason).await?;
                    receipts::keep(&mut tx, &record.nonce, &receipt).await
                })
            })
            .await
    }
}

/// The event of an entry that did not open: which one, and why, by their words; nothing of what was in it.
fn still_sealed(actor: &str, receipt: &Receipt, entry: StillSealed) -> AuditEvent {
    AuditEvent {
        actor: actor.to_owned(),
        action: "ENTRY_UNOPENED".to_owned(),
        object: receipt.fields.subject_no.clone(),
        outcome: entry.why.word().to_owned(),
        req_hash: Some(receipt.fields.request_digest),
        body: entry.purpose.word().to_owned(),
    }
}

async fn consume(tx: &mut Tx<'_>, r: &LaunchRecord, digest: &[u8; 32]) -> Result<Consumed, StoreError> {
    let done = sqlx::query(
        "UPDATE server_nonce SET state = 'CONSUMED', request_digest = ?4, consumed_at = ?5
         WHERE nonce = ?1 AND device_id = ?2 AND subject_no = ?3 AND state = 'FRESH' AND expires_at > ?5",
    )
    .bind(r.nonce.as_slice())
    .bind(&r.device_id)
    .bind(&r.subject_no)
    .bind(digest.as_slice())
    .bind(tx.now_ms)
    .execute(&mut *tx.conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(Consumed::Refused);
    }
    let order: Option<(String, i64, i64)> =
        sqlx::query_as("SELECT status, expire_at, amount_fen FROM pay_order WHERE pay_order_no = ?1")
            .bind(&r.subject_no)
            .fetch_optional(&mut *tx.conn)
            .await?;
    let order = order.and_then(|(name, expire_at, fen)| match OrderStatus::from_word(&name)? {
        OrderStatus::WaitPay if expire_at <= tx.now_ms => Some((OrderStatus::Closed, fen)),
        other => Some((other, fen)),
    });
    Ok(Consumed::Yours { order })
}

async fn void(
    tx: &mut Tx<'_>,
    nonce: &[u8; 16],
    receipt: &Receipt,
    stale_ms: i64,
) -> Result<Option<Receipt>, StoreError> {
    if let Some(held) = receipts::find(&mut *tx.conn, nonce).await? {
        return Ok(Some(held));
    }
    let fresh = sqlx::query(
        "UPDATE server_nonce SET state = 'VOID', request_digest = ?2, consumed_at = ?3 WHERE nonce = ?1 AND state = 'FRESH'",
    )
    .bind(nonce.as_slice())
    .bind(receipt.fields.request_digest.as_slice())
    .bind(tx.now_ms)
    .execute(&mut *tx.conn)
    .await?;
    if fresh.rows_affected() == 0 {
        let stopped: Option<(i64,)> = sqlx::query_as(
            "SELECT 1 FROM server_nonce WHERE nonce = ?1 AND state = 'CONSUMED' AND attempt_no IS NULL AND consumed_at <= ?2",
        )
        .bind(nonce.as_slice())
        .bind(stale_ms)
        .fetch_optional(&mut *tx.conn)
        .await?;
        if stopped.is_none() {
            return Ok(None);
        }
    }
    let actor = format!("device:{}", receipt.fields.device_id);
    audit::note(tx, &actor, "VOID", &receipt.fields.subject_no, "VOID").await?;
    Ok(Some(receipts::keep(tx, nonce, receipt).await?))
}

fn record(row: &SqliteRow, receipt: Option<Receipt>) -> Result<LaunchRecord, StoreError> {
    let state = match (receipt, row.try_get::<&str, _>("state")?) {
        (Some(receipt), _) => NonceState::Concluded(receipt),
        (None, "FRESH") => NonceState::Fresh,
        (None, "CONSUMED") => NonceState::Consumed {
            request_digest: super::bytes(row, "request_digest")?,
            at_ms: row.try_get("consumed_at")?,
            attempt_no: row.try_get("attempt_no")?,
        },
        _ => return Err(StoreError::Damaged("server_nonce.state")),
    };
    let word: &str = row.try_get("purpose")?;
    let work = Work::ALL.into_iter().find(|work| work.word() == word);
    let work = work.ok_or(StoreError::Damaged("server_nonce.purpose"))?;
    let ways = row.try_get::<&str, _>("ways")?.split_terminator(';').map(|way| Way::of_words(way.split(' ')));
    let ways = ways.collect::<Option<Vec<_>>>();
    Ok(LaunchRecord {
        nonce: super::bytes(row, "nonce")?,
        work,
        ways: ways.ok_or(StoreError::Damaged("server_nonce.ways"))?,
        device_id: row.try_get("device_id")?,
        wallet_id: row.try_get("wallet_id")?,
        subject_no: row.try_get("subject_no")?,
        order_digest: super::bytes(row, "order_digest")?,
        client_nonce: super::bytes(row, "client_nonce")?,
        suite: super::count(row, "suite")?,
        kid: super::count(row, "kid")?,
        issued_at_ms: row.try_get("issued_at")?,
        expires_at_ms: row.try_get("expires_at")?,
        counted: super::count(row, "counted")?,
        state,
    })
}
