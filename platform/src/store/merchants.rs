//! Merchants and the keys that speak for them; two live keys of one merchant are a rotation under way.

use msgpay_wire::{SuiteId, httpsig::alg};
use sqlx::{FromRow, Row, sqlite::SqliteRow};

use super::{Store, StoreError, Tx, audit};

/// Live keys of one merchant at most (T/CAICI 92 §6.3.1(1): expiry and rotation).
const LIVE_KEYS_MAX: i64 = 2;

/// A merchant to be taken in.
#[derive(Debug, Clone)]
pub struct NewMerchant {
    /// Merchant number, as Annex C's `merchantId`.
    pub id: String,
    /// The registered name: what a payer is shown.
    pub name: String,
    /// `host` or `host:port` that notices may go to.
    pub notify_host_allow: String,
    /// Set when this merchant cannot sign its notice answers.
    pub lenient: bool,
}

/// A merchant as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merchant {
    /// Merchant number.
    pub id: String,
    /// The registered name.
    pub name: String,
    /// Whether it may order.
    pub active: bool,
    /// `host` or `host:port` that notices may go to.
    pub notify_host_allow: String,
    /// Set when this merchant cannot sign its notice answers.
    pub lenient: bool,
    /// Notices under way at one time at most.
    pub conc_limit: u32,
}

/// A key that speaks for a merchant, tied to one client certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MerchantKey {
    /// `keyid` of its HTTP signatures.
    pub key_id: String,
    /// Whom it speaks for.
    pub merchant_id: String,
    /// Its suite.
    pub suite: SuiteId,
    /// SEC1 uncompressed, 65 bytes.
    pub public_key: Vec<u8>,
    /// SHA-256 of the client certificate's DER.
    pub cert_sha256: [u8; 32],
    /// Good from, unix ms.
    pub not_before_ms: i64,
    /// Good until, unix ms.
    pub not_after_ms: i64,
    /// Withdrawn at, unix ms.
    pub revoked_at_ms: Option<i64>,
}

/// What became of a new key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyAdded {
    /// It is stored.
    Added,
    /// Two keys are live already: revoke one first.
    TooManyLive,
    /// This key id exists: choose another.
    Taken,
    /// There is no such merchant.
    NoMerchant,
}

impl Store {
    /// Takes a merchant in, with its payable account. `false` when the number is taken.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add_merchant(&self, m: NewMerchant) -> Result<bool, StoreError> {
        self.writer().write(move |mut tx| Box::pin(async move { add(&mut tx, &m).await })).await
    }

    /// Adds a key, unless two are live.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add_merchant_key(&self, k: MerchantKey) -> Result<KeyAdded, StoreError> {
        self.writer().write(move |mut tx| Box::pin(async move { add_key(&mut tx, &k).await })).await
    }

    /// Withdraws a key at once. `false` when there is none, or it was withdrawn already.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn revoke_merchant_key(&self, key_id: &str) -> Result<bool, StoreError> {
        let key_id = key_id.to_owned();
        self.writer()
            .write(move |mut tx| {
                Box::pin(async move {
                    let done = sqlx::query(
                        "UPDATE merchant_key SET revoked_at = ?2 WHERE key_id = ?1 AND revoked_at IS NULL",
                    )
                    .bind(&key_id)
                    .bind(tx.now_ms)
                    .execute(&mut *tx.conn)
                    .await?
                    .rows_affected();
                    audit::note(&mut tx, "operator", "MERCHANT_KEY_REVOKE", &key_id, "OK").await?;
                    Ok(done == 1)
                })
            })
            .await
    }

    /// A merchant by its number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn merchant(&self, id: &str) -> Result<Option<Merchant>, StoreError> {
        let sql =
            "SELECT id, name, status, notify_host_allow, lenient, conc_limit FROM merchant WHERE id = ?1";
        Ok(sqlx::query_as(sql).bind(id).fetch_optional(self.read()).await?)
    }

    /// The suite, one of `allowed`, of the merchant's newest key that is good now: what the merchant is spoken to in.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn merchant_suite(&self, id: &str, allowed: &[SuiteId]) -> Result<Option<SuiteId>, StoreError> {
        let sql = "SELECT alg FROM merchant_key WHERE merchant_id = ?1 AND revoked_at IS NULL
                   AND not_before <= ?2 AND not_after > ?2 ORDER BY not_before DESC, rowid DESC";
        let now_ms = self.clock().now_ms();
        let rows = sqlx::query(sql).bind(id).bind(now_ms).fetch_all(self.read()).await?;
        let suites = rows.iter().map(super::suite).collect::<Result<Vec<_>, _>>()?;
        Ok(suites.into_iter().find(|suite| allowed.contains(suite)))
    }

    /// A key by its id, whatever its state.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn merchant_key(&self, key_id: &str) -> Result<Option<MerchantKey>, StoreError> {
        let sql =
            "SELECT key_id, merchant_id, alg, public_key, cert_sha256, not_before, not_after, revoked_at
                   FROM merchant_key WHERE key_id = ?1";
        Ok(sqlx::query_as(sql).bind(key_id).fetch_optional(self.read()).await?)
    }
}

async fn add(tx: &mut Tx<'_>, m: &NewMerchant) -> Result<bool, StoreError> {
    let made = sqlx::query(
        "INSERT INTO merchant(id, name, status, notify_host_allow, lenient, created_at)
         VALUES (?1, ?2, 'ACTIVE', ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    )
    .bind(&m.id)
    .bind(&m.name)
    .bind(&m.notify_host_allow)
    .bind(m.lenient)
    .bind(tx.now_ms)
    .execute(&mut *tx.conn)
    .await?
    .rows_affected();
    if made == 0 {
        return Ok(false);
    }
    super::ledger::payable(tx, &m.id).await?;
    audit::note(tx, "operator", "MERCHANT_ADD", &m.id, "OK").await?;
    Ok(true)
}

async fn add_key(tx: &mut Tx<'_>, k: &MerchantKey) -> Result<KeyAdded, StoreError> {
    let (merchants, live, taken): (i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM merchant WHERE id = ?1),
                (SELECT count(*) FROM merchant_key WHERE merchant_id = ?1 AND revoked_at IS NULL AND not_after > ?3),
                (SELECT count(*) FROM merchant_key WHERE key_id = ?2)",
    )
    .bind(&k.merchant_id)
    .bind(&k.key_id)
    .bind(tx.now_ms)
    .fetch_one(&mut *tx.conn)
    .await?;
    match (merchants, taken) {
        (0, _) => return Ok(KeyAdded::NoMerchant),
        (_, 1..) => return Ok(KeyAdded::Taken),
        _ if live >= LIVE_KEYS_MAX => return Ok(KeyAdded::TooManyLive),
        _ => {}
    }
    sqlx::query(
        "INSERT INTO merchant_key(key_id, merchant_id, alg, public_key, cert_sha256, not_before, not_after)
         VALUES (?1, ?2, ?7, ?3, ?4, ?5, ?6)",
    )
    .bind(&k.key_id)
    .bind(&k.merchant_id)
    .bind(&k.public_key)
    .bind(k.cert_sha256.as_slice())
    .bind(k.not_before_ms)
    .bind(k.not_after_ms)
    .bind(alg(k.suite))
    .execute(&mut *tx.conn)
    .await?;
    audit::note(tx, "operator", "MERCHANT_KEY_ADD", &k.key_id, "OK").await?;
    Ok(KeyAdded::Added)
}

impl FromRow<'_, SqliteRow> for Merchant {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            name: row.try_get("name")?,
            active: row.try_get::<&str, _>("status")? == "ACTIVE",
            notify_host_allow: row.try_get("notify_host_allow")?,
            lenient: row.try_get("lenient")?,
            conc_limit: row.try_get("conc_limit")?,
        })
    }
}

impl FromRow<'_, SqliteRow> for MerchantKey {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            key_id: row.try_get("key_id")?,
            merchant_id: row.try_get("merchant_id")?,
            suite: super::suite(row)?,
            public_key: row.try_get("public_key")?,
            cert_sha256: super::bytes(row, "cert_sha256")?,
            not_before_ms: row.try_get("not_before")?,
            not_after_ms: row.try_get("not_after")?,
            revoked_at_ms: row.try_get("revoked_at")?,
        })
    }
}
