//! Single-use server nonces: issued with what was shown, consumed by one request, or voided.
//!
//! The record kept here, never the message, says which order digest, key and purpose an envelope is opened for.

use sqlx::{Row, sqlite::SqliteRow};

use super::{Store, StoreError, Tx, audit, receipts};
use crate::domain::{OrderStatus, Receipt, was_paid};

/// A nonce lives three minutes at most (sdk-interface: launches).
const NONCE_MS_MAX: i64 = 180_000;
const PAYMENT: &str = "PAYMENT";
const PASSWORD: &str = "PASSWORD";

/// A launch about to be signed.
#[derive(Debug, Clone)]
pub struct NewLaunch {
    /// The single-use nonce.
    pub nonce: [u8; 16],
    /// To whom it is given.
    pub device_id: String,
    /// For which order.
    pub pay_order_no: String,
    /// Digest of the summary's bytes.
    pub order_digest: [u8; 32],
    /// The summary's bytes as they are shown and signed.
    pub summary: Vec<u8>,
    /// Digest of the launch token.
    pub token_digest: [u8; 32],
    /// The handset's nonce.
    pub client_nonce: [u8; 16],
    /// Suite of the launch.
    pub suite: u64,
    /// Key that the envelope must be sealed to.
    pub kid: u64,
    /// Unix ms; cut to three minutes from now.
    pub expires_at_ms: i64,
}

/// A password setting about to be signed.
#[derive(Debug, Clone)]
pub struct NewSetup {
    /// The single-use nonce.
    pub nonce: [u8; 16],
    /// To whom it is given.
    pub device_id: String,
    /// `S…`.
    pub setup_no: String,
    /// Digest of the password summary's bytes.
    pub order_digest: [u8; 32],
    /// The password summary's bytes.
    pub summary: Vec<u8>,
    /// Digest of no token at all.
    pub token_digest: [u8; 32],
    /// The handset's nonce.
    pub client_nonce: [u8; 16],
    /// Suite.
    pub suite: u64,
    /// Key that both envelopes must be sealed to.
    pub kid: u64,
    /// Unix ms; cut to three minutes from now.
    pub expires_at_ms: i64,
}

/// What became of a launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issued {
    /// The nonce is good until then.
    Done {
        /// Unix ms.
        expires_at_ms: i64,
    },
    /// No such order, or no such device.
    Unknown,
    /// The order is another person's.
    NotYours,
    /// The order is paid.
    Paid,
    /// The order is closed or has expired.
    Closed,
    /// A payment of it is under way.
    InProgress,
    /// The wallet has no password yet: set one first.
    NoPassword,
    /// The wallet's password is locked.
    Locked,
    /// No identity check is open that would allow setting a password, or the device is stopped.
    NotAllowed,
}

/// What was recorded when a nonce was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchRecord {
    /// The nonce.
    pub nonce: [u8; 16],
    /// Whether it stands for a password setting (else for a payment).
    pub sets_password: bool,
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
    /// Records a launch, when order, device and password allow it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn issue_launch(&self, l: NewLaunch) -> Result<Issued, StoreError> {
        self.writer().write(move |mut tx| Box::pin(async move { issue(&mut tx, &l).await })).await
    }

    /// Records the setting of a password, when an identity check is open.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn issue_setup(&self, s: NewSetup) -> Result<Issued, StoreError> {
        self.writer().write(move |mut tx| Box::pin(async move { issue_setup(&mut tx, s).await })).await
    }

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

    /// Concludes a consumed nonce with a refusal; nothing was begun for it. `right_password` gives the counted
    /// try back: the password was right, something else was not. Gives the receipt that holds.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn refuse(
        &self,
        record: &LaunchRecord,
        receipt: Receipt,
        right_password: bool,
    ) -> Result<Receipt, StoreError> {
        let record = record.clone();
        self.writer()
            .write(move |mut tx| {
                Box::pin(async move {
                    if right_password {
                        super::passwords::forgive(&mut tx, &record.wallet_id).await?;
                    }
                    let f = &receipt.fields;
                    let actor = format!("device:{}", f.device_id);
                    audit::note(&mut tx, &actor, "REFUSE", &f.subject_no, &f.reason).await?;
                    receipts::keep(&mut tx, &record.nonce, &receipt).await
                })
            })
            .await
    }
}

async fn issue(tx: &mut Tx<'_>, l: &NewLaunch) -> Result<Issued, StoreError> {
    let row = sqlx::query(
        "SELECT o.status, o.expire_at, o.user_id AS payer, w.user_id AS owner, d.status AS device, w.status AS wallet,
                p.phc IS NOT NULL AS has_password, p.locks, p.locked_until
         FROM device_key d JOIN wallet w ON w.id = d.wallet_id
         JOIN pay_order o ON o.pay_order_no = ?1 LEFT JOIN password_state p ON p.user_id = w.user_id
         WHERE d.device_id = ?2",
    )
    .bind(&l.pay_order_no)
    .bind(&l.device_id)
    .fetch_optional(&mut *tx.conn)
    .await?;
    let Some(row) = row else { return Ok(Issued::Unknown) };
    let status =
        OrderStatus::from_word(row.try_get("status")?).ok_or(StoreError::Damaged("pay_order.status"))?;
    if row.try_get::<&str, _>("payer")? != row.try_get::<&str, _>("owner")? {
        return Ok(Issued::NotYours);
    }
    if row.try_get::<&str, _>("device")? != "ACTIVE" || row.try_get::<&str, _>("wallet")? != "ACTIVE" {
        return Ok(Issued::NotAllowed);
    }
    match status {
        paid if was_paid(paid) => return Ok(Issued::Paid),
        OrderStatus::Paying => return Ok(Issued::InProgress),
        OrderStatus::WaitPay if row.try_get::<i64, _>("expire_at")? > tx.now_ms => {}
        _ => return Ok(Issued::Closed),
    }
    if !row.try_get::<bool, _>("has_password")? {
        return Ok(Issued::NoPassword);
    }
    if super::passwords::is_locked(row.try_get("locks")?, row.try_get("locked_until")?, tx.now_ms) {
        return Ok(Issued::Locked);
    }
    insert(tx, PAYMENT, l).await
}

async fn issue_setup(tx: &mut Tx<'_>, s: NewSetup) -> Result<Issued, StoreError> {
    let allowed: Option<(bool,)> = sqlx::query_as(
        "SELECT p.may_set AND d.status = 'ACTIVE' AND w.status = 'ACTIVE' FROM device_key d
         JOIN wallet w ON w.id = d.wallet_id JOIN password_state p ON p.user_id = w.user_id WHERE d.device_id = ?1",
    )
    .bind(&s.device_id)
    .fetch_optional(&mut *tx.conn)
    .await?;
    if allowed != Some((true,)) {
        return Ok(Issued::NotAllowed);
    }
    let launch = NewLaunch {
        nonce: s.nonce,
        device_id: s.device_id,
        pay_order_no: s.setup_no,
        order_digest: s.order_digest,
        summary: s.summary,
        token_digest: s.token_digest,
        client_nonce: s.client_nonce,
        suite: s.suite,
        kid: s.kid,
        expires_at_ms: s.expires_at_ms,
    };
    insert(tx, PASSWORD, &launch).await
}

async fn insert(tx: &mut Tx<'_>, purpose: &str, l: &NewLaunch) -> Result<Issued, StoreError> {
    let expires_at_ms = l.expires_at_ms.min(tx.now_ms + NONCE_MS_MAX);
    let number = |n: u64| i64::try_from(n).map_err(|_| StoreError::Damaged("server_nonce"));
    sqlx::query(
        "INSERT INTO server_nonce(nonce, purpose, device_id, wallet_id, subject_no, order_digest, summary, token_digest,
           client_nonce, suite, kid, issued_at, expires_at, state)
         SELECT ?1, ?2, device_id, wallet_id, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'FRESH' FROM device_key
         WHERE device_id = ?3",
    )
    .bind(l.nonce.as_slice())
    .bind(purpose)
    .bind(&l.device_id)
    .bind(&l.pay_order_no)
    .bind(l.order_digest.as_slice())
    .bind(&l.summary)
    .bind(l.token_digest.as_slice())
    .bind(l.client_nonce.as_slice())
    .bind(number(l.suite)?)
    .bind(number(l.kid)?)
    .bind(tx.now_ms)
    .bind(expires_at_ms)
    .execute(&mut *tx.conn)
    .await?;
    let action = if purpose == PAYMENT { "LAUNCH" } else { "PASSWORD_SETUP" };
    audit::note(tx, &format!("device:{}", l.device_id), action, &l.pay_order_no, "ISSUED").await?;
    Ok(Issued::Done { expires_at_ms })
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
    Ok(LaunchRecord {
        nonce: super::bytes(row, "nonce")?,
        sets_password: row.try_get::<&str, _>("purpose")? == PASSWORD,
        device_id: row.try_get("device_id")?,
        wallet_id: row.try_get("wallet_id")?,
        subject_no: row.try_get("subject_no")?,
        order_digest: super::bytes(row, "order_digest")?,
        client_nonce: super::bytes(row, "client_nonce")?,
        suite: super::count(row, "suite")?,
        kid: super::count(row, "kid")?,
        expires_at_ms: row.try_get("expires_at")?,
        counted: super::count(row, "counted")?,
        state,
    })
}
