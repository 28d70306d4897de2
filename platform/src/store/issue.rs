//! Issuing a server nonce: when order, device and password allow it, together with what was shown.

use msgpay_wire::factors::Way;
use sqlx::Row;

use super::{Store, StoreError, Tx, Work, audit, passwords};
use crate::domain::{OrderStatus, was_paid};

/// A nonce lives three minutes at most.
const NONCE_MS_MAX: i64 = 180_000;

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
    /// How the payment may be proven. None for a setting.
    pub ways: Vec<Way>,
}

/// A setting about to be signed, of a password or a biometric key.
#[derive(Debug, Clone)]
pub struct NewSetup {
    /// The single-use nonce.
    pub nonce: [u8; 16],
    /// To whom it is given.
    pub device_id: String,
    /// `S…`.
    pub setup_no: String,
    /// Digest of the summary's bytes.
    pub order_digest: [u8; 32],
    /// The summary's bytes.
    pub summary: Vec<u8>,
    /// Digest of no token at all.
    pub token_digest: [u8; 32],
    /// The handset's nonce.
    pub client_nonce: [u8; 16],
    /// Suite.
    pub suite: u64,
    /// Key that its envelopes must be sealed to.
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
        /// Serial of the policy that goes with it: the time in seconds, and never less than one before.
        policy_serial: u64,
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
    /// The merchant, the device or its wallet is stopped.
    Stopped,
    /// No identity check is open that would allow setting a password, or the device is stopped.
    NotAllowed,
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

    /// Records the enrolment of a biometric key, when the wallet's password, which has to allow it, is set and not locked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn issue_enrolment(&self, s: NewSetup) -> Result<Issued, StoreError> {
        self.writer().write(move |mut tx| Box::pin(async move { issue_enrolment(&mut tx, s).await })).await
    }
}

async fn issue(tx: &mut Tx<'_>, l: &NewLaunch) -> Result<Issued, StoreError> {
    let row = sqlx::query(
        "SELECT o.status, o.expire_at, o.user_id AS payer, w.user_id AS owner, d.status AS device, w.status AS wallet, m.status AS merchant,
                p.phc IS NOT NULL AS has_password, p.locks, p.locked_until
         FROM device_key d JOIN wallet w ON w.id = d.wallet_id
         JOIN pay_order o ON o.pay_order_no = ?1 JOIN merchant m ON m.id = o.merchant_id LEFT JOIN password_state p ON p.user_id = w.user_id
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
    match status {
        paid if was_paid(paid) => return Ok(Issued::Paid),
        OrderStatus::Paying => return Ok(Issued::InProgress),
        OrderStatus::WaitPay if row.try_get::<i64, _>("expire_at")? > tx.now_ms => {}
        _ => return Ok(Issued::Closed),
    }
    for party in ["merchant", "device", "wallet"] {
        if row.try_get::<&str, _>(party)? != "ACTIVE" {
            return Ok(Issued::Stopped);
        }
    }
    if !row.try_get::<bool, _>("has_password")? {
        return Ok(Issued::NoPassword);
    }
    if passwords::is_locked(row.try_get("locks")?, row.try_get("locked_until")?, tx.now_ms) {
        return Ok(Issued::Locked);
    }
    insert(tx, Work::Payment, l).await
}

async fn issue_setup(tx: &mut Tx<'_>, s: NewSetup) -> Result<Issued, StoreError> {
    let until: Option<(i64,)> = sqlx::query_as(
        "SELECT p.may_set_until FROM device_key d JOIN wallet w ON w.id = d.wallet_id
         JOIN password_state p ON p.user_id = w.user_id AND p.may_set = d.device_id
         WHERE d.device_id = ?1 AND d.status = 'ACTIVE' AND w.status = 'ACTIVE' AND p.may_set_until > ?2",
    )
    .bind(&s.device_id)
    .bind(tx.now_ms)
    .fetch_optional(&mut *tx.conn)
    .await?;
    let Some((until_ms,)) = until else { return Ok(Issued::NotAllowed) };
    let expires_at_ms = s.expires_at_ms.min(until_ms);
    insert(tx, Work::Password, &NewSetup { expires_at_ms, ..s }.into()).await
}

async fn issue_enrolment(tx: &mut Tx<'_>, s: NewSetup) -> Result<Issued, StoreError> {
    let row = sqlx::query(
        "SELECT d.status AS device, w.status AS wallet, p.phc IS NOT NULL AS has_password, p.locks, p.locked_until
         FROM device_key d JOIN wallet w ON w.id = d.wallet_id LEFT JOIN password_state p ON p.user_id = w.user_id
         WHERE d.device_id = ?1",
    )
    .bind(&s.device_id)
    .fetch_optional(&mut *tx.conn)
    .await?;
    let Some(row) = row else { return Ok(Issued::Unknown) };
    for party in ["device", "wallet"] {
        if row.try_get::<&str, _>(party)? != "ACTIVE" {
            return Ok(Issued::Stopped);
        }
    }
    if !row.try_get::<bool, _>("has_password")? {
        return Ok(Issued::NoPassword);
    }
    if passwords::is_locked(row.try_get("locks")?, row.try_get("locked_until")?, tx.now_ms) {
        return Ok(Issued::Locked);
    }
    insert(tx, Work::Biometric, &s.into()).await
}

impl From<NewSetup> for NewLaunch {
    fn from(s: NewSetup) -> Self {
        Self {
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
            ways: Vec::new(),
        }
    }
}

async fn insert(tx: &mut Tx<'_>, work: Work, l: &NewLaunch) -> Result<Issued, StoreError> {
    let expires_at_ms = l.expires_at_ms.min(tx.now_ms + NONCE_MS_MAX);
    let ways: String = l.ways.iter().map(|way| way.words().collect::<Vec<_>>().join(" ") + ";").collect();
    let number = |n: u64| i64::try_from(n).map_err(|_| StoreError::Damaged("server_nonce"));
    sqlx::query(
        "INSERT INTO server_nonce(nonce, purpose, device_id, wallet_id, subject_no, order_digest, summary, token_digest,
           client_nonce, suite, kid, issued_at, expires_at, state, ways)
         SELECT ?1, ?2, device_id, wallet_id, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'FRESH', ?13 FROM device_key
         WHERE device_id = ?3",
    )
    .bind(l.nonce.as_slice())
    .bind(work.word())
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
    .bind(ways)
    .execute(&mut *tx.conn)
    .await?;
    let action = match work {
        Work::Payment => "LAUNCH",
        Work::Password => "PASSWORD_SETUP",
        Work::Biometric => "BIOMETRIC_SETUP",
    };
    audit::note(tx, &format!("device:{}", l.device_id), action, &l.pay_order_no, "ISSUED").await?;
    Ok(Issued::Done { expires_at_ms, policy_serial: policy_serial(tx).await? })
}

async fn policy_serial(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let row = sqlx::query(
        "INSERT INTO policy_serial(one, serial) VALUES (1, ?1)
         ON CONFLICT(one) DO UPDATE SET serial = max(serial, excluded.serial) RETURNING serial",
    )
    .bind(tx.now_ms.div_euclid(1000))
    .fetch_one(&mut *tx.conn)
    .await?;
    Ok(super::count(&row, "serial")?)
}
