//! Users, their wallets and devices, and the activation codes that bring them together.

use std::{fmt, sync::Arc};

use msgpay_wire::{SuiteId, httpsig::alg};
use sqlx::{FromRow, Row, sqlite::SqliteRow};

use super::{MobileKey, Store, StoreError, Tx, audit, audit::sha256};
use crate::ids;

/// How long an activation code is good.
const CODE_MS_MAX: i64 = 15 * 60_000;
/// How long after its activation a device may set the wallet's password without the old one.
const MAY_SET_MS_MAX: i64 = 10 * 60_000;

/// A code to be told to the person whose identity was checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Activation {
    /// `XXXX-XXXX-XXXX`; only its digest is stored.
    pub code: String,
    /// Good until, unix ms.
    pub expires_at_ms: i64,
    /// The wallet that the device will speak for.
    pub wallet_id: String,
}

/// Without the code.
impl fmt::Debug for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code: _, expires_at_ms, wallet_id } = self;
        f.debug_struct("Activation")
            .field("expires_at_ms", expires_at_ms)
            .field("wallet_id", wallet_id)
            .finish_non_exhaustive()
    }
}

/// What became of a code and a device key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Activated {
    /// The device speaks for the wallet. The same code with the same key gives the same answer again.
    Done {
        /// The device's id, new or as given before.
        device_id: String,
        /// The wallet.
        wallet_id: String,
    },
    /// There is no such code.
    UnknownCode,
    /// It came too late.
    Expired,
    /// It was used with another key.
    Used,
    /// This key belongs to a device already.
    KeyTaken,
}

/// A device that may speak for a wallet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its id, also its `keyid`.
    pub device_id: String,
    /// The wallet it speaks for.
    pub wallet_id: String,
    /// The wallet's owner.
    pub user_id: String,
    /// Suite of its key.
    pub suite: SuiteId,
    /// SEC1 uncompressed, 65 bytes.
    pub public_key: Vec<u8>,
    /// Neither it nor its wallet is stopped.
    pub active: bool,
}

/// A wallet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wallet {
    /// Its id.
    pub wallet_id: String,
    /// Its owner.
    pub user_id: String,
    /// The bank's name for the account that is debited.
    pub bank_account: String,
    /// What the payer is shown as the source of the money.
    pub funding_text: String,
    /// Whether it may pay.
    pub active: bool,
}

const WALLET: &str =
    "SELECT id AS wallet_id, user_id, bank_account, funding_text, status FROM wallet WHERE id = ?1";

impl Store {
    /// Makes an activation code after an identity check, with user and wallet when they are new. A used code
    /// also lets the device it activates set the wallet's password once, within ten minutes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn make_activation(
        &self,
        mobile_no: &str,
        bank_account: &str,
        funding_text: &str,
    ) -> Result<Activation, StoreError> {
        let key = Arc::clone(self.mobile());
        let given = (mobile_no.to_owned(), bank_account.to_owned(), funding_text.to_owned());
        self.writer()
            .write(move |mut tx| {
                Box::pin(async move {
                    let (mobile_no, bank_account, funding_text) = given;
                    let user_id = user(&mut tx, &key, &mobile_no).await?;
                    let wallet_id = wallet(&mut tx, &user_id, &bank_account, &funding_text).await?;
                    let code = ids::activation_code()?;
                    let expires_at_ms = tx.now_ms + CODE_MS_MAX;
                    sqlx::query(
                        "INSERT INTO activation_code(code_hash, wallet_id, created_at, expires_at) VALUES (?1, ?2, ?3, ?4)",
                    )
                    .bind(code_hash(&code).as_slice())
                    .bind(&wallet_id)
                    .bind(tx.now_ms)
                    .bind(expires_at_ms)
                    .execute(&mut *tx.conn)
                    .await?;
                    audit::note(&mut tx, "operator", "ACTIVATION_CODE", &wallet_id, "OK").await?;
                    Ok(Activation { code, expires_at_ms, wallet_id })
                })
            })
            .await
    }

    /// Uses a code up for a device key. Whether the device holds that key is checked before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn activate(
        &self,
        code: &str,
        suite: SuiteId,
        device_public_key: &[u8],
    ) -> Result<Activated, StoreError> {
        let (hash, key) = (code_hash(code), device_public_key.to_owned());
        self.writer()
            .write(move |mut tx| Box::pin(async move { activate(&mut tx, &hash, suite, &key).await }))
            .await
    }

    /// A device by its id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn device(&self, device_id: &str) -> Result<Option<Device>, StoreError> {
        let sql =
            "SELECT d.device_id, d.wallet_id, w.user_id, d.alg, d.public_key, d.status, w.status AS wallet_status
                   FROM device_key d JOIN wallet w ON w.id = d.wallet_id WHERE d.device_id = ?1";
        Ok(sqlx::query_as(sql).bind(device_id).fetch_optional(self.read()).await?)
    }

    /// A wallet by its id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn wallet(&self, wallet_id: &str) -> Result<Option<Wallet>, StoreError> {
        Ok(sqlx::query_as(WALLET).bind(wallet_id).fetch_optional(self.read()).await?)
    }

    /// The wallet of a mobile number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn wallet_of_mobile(&self, mobile_no: &str) -> Result<Option<Wallet>, StoreError> {
        let sql = "SELECT w.id AS wallet_id, w.user_id, w.bank_account, w.funding_text, w.status
                   FROM wallet w JOIN app_user u ON u.id = w.user_id WHERE u.mobile_hmac = ?1";
        let index = self.mobile().index(mobile_no);
        Ok(sqlx::query_as(sql).bind(index.as_slice()).fetch_optional(self.read()).await?)
    }

    /// 32 bytes that stand for a mobile number; they say nothing without the key file outside the database.
    pub fn mobile_index(&self, mobile_no: &str) -> [u8; 32] {
        self.mobile().index(mobile_no)
    }

    /// A user's mobile number, opened.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn mobile_of(&self, user_id: &str) -> Result<Option<String>, StoreError> {
        let row = sqlx::query("SELECT mobile_enc FROM app_user WHERE id = ?1")
            .bind(user_id)
            .fetch_optional(self.read())
            .await?;
        row.map(|r| self.mobile().open(user_id, r.try_get("mobile_enc")?)).transpose()
    }
}

/// The user of a mobile number, made when it is new: an order may come before its payer's activation.
pub(super) async fn user(tx: &mut Tx<'_>, key: &MobileKey, mobile_no: &str) -> Result<String, StoreError> {
    let index = key.index(mobile_no);
    let held: Option<(String,)> = sqlx::query_as("SELECT id FROM app_user WHERE mobile_hmac = ?1")
        .bind(index.as_slice())
        .fetch_optional(&mut *tx.conn)
        .await?;
    if let Some((id,)) = held {
        return Ok(id);
    }
    let id = ids::user_id()?;
    sqlx::query("INSERT INTO app_user(id, mobile_hmac, mobile_enc, created_at) VALUES (?1, ?2, ?3, ?4)")
        .bind(&id)
        .bind(index.as_slice())
        .bind(key.seal(&id, mobile_no)?)
        .bind(tx.now_ms)
        .execute(&mut *tx.conn)
        .await?;
    Ok(id)
}

async fn wallet(tx: &mut Tx<'_>, user_id: &str, account: &str, funding: &str) -> Result<String, StoreError> {
    sqlx::query(
        "INSERT INTO wallet(id, user_id, bank_account, funding_text, status, created_at)
         VALUES (?1, ?2, ?3, ?4, 'ACTIVE', ?5) ON CONFLICT(user_id) DO NOTHING",
    )
    .bind(ids::wallet_id()?)
    .bind(user_id)
    .bind(account)
    .bind(funding)
    .bind(tx.now_ms)
    .execute(&mut *tx.conn)
    .await?;
    let (id,): (String,) = sqlx::query_as("SELECT id FROM wallet WHERE user_id = ?1")
        .bind(user_id)
        .fetch_one(&mut *tx.conn)
        .await?;
    Ok(id)
}

async fn activate(
    tx: &mut Tx<'_>,
    hash: &[u8; 32],
    suite: SuiteId,
    key: &[u8],
) -> Result<Activated, StoreError> {
    let code = sqlx::query(
        "SELECT c.wallet_id, c.expires_at, c.device_id, w.user_id, d.public_key FROM activation_code c
         JOIN wallet w ON w.id = c.wallet_id LEFT JOIN device_key d ON d.device_id = c.device_id
         WHERE c.code_hash = ?1",
    )
    .bind(hash.as_slice())
    .fetch_optional(&mut *tx.conn)
    .await?;
    let Some(code) = code else { return Ok(Activated::UnknownCode) };
    let wallet_id: String = code.try_get("wallet_id")?;
    if let Some(device_id) = code.try_get::<Option<String>, _>("device_id")? {
        // The answer was lost and the same device asks again.
        let same = code.try_get::<Option<&[u8]>, _>("public_key")? == Some(key);
        return Ok(if same { Activated::Done { device_id, wallet_id } } else { Activated::Used });
    }
    if code.try_get::<i64, _>("expires_at")? <= tx.now_ms {
        return Ok(Activated::Expired);
    }
    let device_id = ids::device_id()?;
    let made = sqlx::query(
        "INSERT INTO device_key(device_id, wallet_id, alg, public_key, status, created_at)
         SELECT ?1, ?2, ?5, ?3, 'ACTIVE', ?4 WHERE NOT EXISTS(SELECT 1 FROM biometric_key WHERE public_key = ?3)
         ON CONFLICT(public_key) DO NOTHING",
    )
    .bind(&device_id)
    .bind(&wallet_id)
    .bind(key)
    .bind(tx.now_ms)
    .bind(alg(suite))
    .execute(&mut *tx.conn)
    .await?;
    if made.rows_affected() == 0 {
        return Ok(Activated::KeyTaken);
    }
    let used = sqlx::query(
        "UPDATE activation_code SET used_at = ?2, device_id = ?3 WHERE code_hash = ?1 AND used_at IS NULL AND expires_at > ?2",
    )
    .bind(hash.as_slice())
    .bind(tx.now_ms)
    .bind(&device_id)
    .execute(&mut *tx.conn)
    .await?;
    if used.rows_affected() != 1 {
        return Err(StoreError::Damaged("activation_code"));
    }
    sqlx::query(
        "INSERT INTO password_state(user_id, may_set, may_set_until) VALUES (?1, ?2, ?3)
         ON CONFLICT(user_id) DO UPDATE SET may_set = ?2, may_set_until = ?3",
    )
    .bind(code.try_get::<String, _>("user_id")?)
    .bind(&device_id)
    .bind(tx.now_ms + MAY_SET_MS_MAX)
    .execute(&mut *tx.conn)
    .await?;
    audit::note(tx, &format!("device:{device_id}"), "ACTIVATE", &wallet_id, "OK").await?;
    Ok(Activated::Done { device_id, wallet_id })
}

fn code_hash(code: &str) -> [u8; 32] {
    sha256(format!("msgpay activation code v1:{}", ids::plain_code(code)).as_bytes())
}

impl FromRow<'_, SqliteRow> for Device {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let active = |column| Ok::<_, sqlx::Error>(row.try_get::<&str, _>(column)? == "ACTIVE");
        Ok(Self {
            device_id: row.try_get("device_id")?,
            wallet_id: row.try_get("wallet_id")?,
            user_id: row.try_get("user_id")?,
            suite: super::suite(row)?,
            public_key: row.try_get("public_key")?,
            active: active("status")? && active("wallet_status")?,
        })
    }
}

impl FromRow<'_, SqliteRow> for Wallet {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            wallet_id: row.try_get("wallet_id")?,
            user_id: row.try_get("user_id")?,
            bank_account: row.try_get("bank_account")?,
            funding_text: row.try_get("funding_text")?,
            active: row.try_get::<&str, _>("status")? == "ACTIVE",
        })
    }
}
