//! Tx A, create an order; finding it again; expiry.

use std::{fmt, sync::Arc};

use sqlx::{Row, sqlite::SqliteRow};

use super::{MobileKey, Store, StoreError, Tx, audit, nonces, people};
use crate::{
    domain::{Order, OrderStatus, was_paid},
    ids,
};

const EXPIRY_MS_DEFAULT: i64 = 30 * 60_000;
const EXPIRY_MS_MIN: i64 = 60_000;
const EXPIRY_MS_MAX: i64 = 7 * 86_400_000;
const DAY_MS: i64 = 86_400_000;
const EXPIRE_BATCH: i64 = 500;

/// The nonce of the signed HTTP request that carries an order: used up in the order's own transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpNonce {
    /// `keyid` of the signature.
    pub key_id: String,
    /// `nonce` of the signature.
    pub nonce: String,
}

/// An order as a merchant places it (Annex C.1), checked for form.
#[derive(Clone, PartialEq, Eq)]
pub struct NewOrder {
    /// The request's nonce; `None` only where no request is behind it.
    pub http_nonce: Option<HttpNonce>,
    /// Whose order.
    pub merchant_id: String,
    /// The merchant's number: with the merchant's id the natural key.
    pub merchant_order_no: String,
    /// `yyyyMMdd`; today in China, or a day off.
    pub order_date: String,
    /// `transactionType`.
    pub transaction_type: String,
    /// `businessType`.
    pub business_type: String,
    /// Where the notice goes.
    pub bank_return_url: String,
    /// The name that the merchant claims.
    pub merchant_name: String,
    /// Fen, positive.
    pub amount_fen: i64,
    /// The payer's mobile number, 11 digits.
    pub mobile_no: String,
    /// `goodsNo`.
    pub goods_no: Option<String>,
    /// `goodsName`.
    pub goods_name: Option<String>,
    /// `goodsDescription`.
    pub goods_description: Option<String>,
    /// Unix ms; 30 minutes from now when absent, kept between 1 minute and 7 days.
    pub expire_at_ms: Option<i64>,
}

/// Without the payer's number and what was ordered.
impl fmt::Debug for NewOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewOrder")
            .field("merchant_id", &self.merchant_id)
            .field("merchant_order_no", &self.merchant_order_no)
            .field("amount_fen", &self.amount_fen)
            .finish_non_exhaustive()
    }
}

/// What became of an order request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    /// Stored now.
    New(Order),
    /// Stored before, with the same content: the same answer.
    Replay(Order),
    /// The number is taken by other content, or by the same under another date.
    Conflict,
    /// The same order, and it is paid.
    AlreadyPaid(Order),
    /// The same order, and it is closed or has expired.
    Closed(Order),
    /// The merchant is unknown or stopped.
    MerchantStopped,
    /// The HTTP signature's nonce was used before.
    NonceReplayed,
    /// `orderDate` is more than a day away from today.
    DateRefused,
}

/// Annex C.2: all five must fit one order.
#[derive(Clone, PartialEq, Eq)]
pub struct OrderQuery {
    /// Whose order; the caller's own id.
    pub merchant_id: String,
    /// The platform's number.
    pub pay_order_no: String,
    /// `createDate`.
    pub create_date: String,
    /// The merchant's number.
    pub merchant_order_no: String,
    /// The payer.
    pub mobile_no: String,
}

/// Without the payer's number.
impl fmt::Debug for OrderQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderQuery")
            .field("merchant_id", &self.merchant_id)
            .field("pay_order_no", &self.pay_order_no)
            .finish_non_exhaustive()
    }
}

const SELECT: &str = "SELECT o.*, m.name AS registered_name, u.mobile_enc FROM pay_order o
    JOIN merchant m ON m.id = o.merchant_id JOIN app_user u ON u.id = o.user_id WHERE o.pay_order_no = ?1";

impl Store {
    /// Stores an order once per natural key, however often and in parallel it is asked for.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn create_order(&self, o: NewOrder) -> Result<Created, StoreError> {
        let key = Arc::clone(self.mobile());
        self.writer().write(move |mut tx| Box::pin(async move { create(&mut tx, &key, &o).await })).await
    }

    /// An order by its number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn order(&self, pay_order_no: &str) -> Result<Option<Order>, StoreError> {
        let row = sqlx::query(SELECT).bind(pay_order_no).fetch_optional(self.read()).await?;
        row.map(|r| order(&r, self.mobile(), self.clock().now_ms())).transpose()
    }

    /// The order that Annex C.2 asks for; `None` unless every field fits.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find_order(&self, q: &OrderQuery) -> Result<Option<Order>, StoreError> {
        Ok(self.order(&q.pay_order_no).await?.filter(|o| {
            o.merchant_id == q.merchant_id
                && o.create_date == q.create_date
                && o.merchant_order_no == q.merchant_order_no
                && o.mobile_no == q.mobile_no
        }))
    }

    /// Closes unpaid orders past their expiry; gives how many. An order whose payment is under way stays.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn expire_orders(&self) -> Result<u64, StoreError> {
        self.writer().write(|mut tx| Box::pin(async move { expire(&mut tx).await })).await
    }
}

async fn create(tx: &mut Tx<'_>, key: &MobileKey, o: &NewOrder) -> Result<Created, StoreError> {
    if let Some(n) = &o.http_nonce
        && !nonces::use_once(tx, &n.key_id, &n.nonce).await?
    {
        return Ok(Created::NonceReplayed);
    }
    let active: Option<(String,)> = sqlx::query_as("SELECT status FROM merchant WHERE id = ?1")
        .bind(&o.merchant_id)
        .fetch_optional(&mut *tx.conn)
        .await?;
    if active.is_none_or(|(status,)| status != "ACTIVE") {
        return Ok(Created::MerchantStopped);
    }
    let fp = fingerprint(key, o);
    if let Some(held) = held(tx, key, o, &fp).await? {
        return Ok(held);
    }
    if !near(&o.order_date, tx.now_ms) {
        return Ok(Created::DateRefused);
    }
    let create_date = ids::china_date(tx.now_ms);
    let pay_order_no = ids::pay_order_no(&create_date)?;
    let claimed = sqlx::query(
        "INSERT INTO order_key(merchant_id, merchant_order_no, order_date, pay_order_no) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO NOTHING",
    )
    .bind(&o.merchant_id)
    .bind(&o.merchant_order_no)
    .bind(&o.order_date)
    .bind(&pay_order_no)
    .execute(&mut *tx.conn)
    .await?;
    if claimed.rows_affected() == 0 {
        return Err(StoreError::Damaged("order_key"));
    }
    let expiry = o.expire_at_ms.unwrap_or(tx.now_ms + EXPIRY_MS_DEFAULT);
    let user_id = people::user(tx, key, &o.mobile_no).await?;
    sqlx::query(
        "INSERT INTO pay_order(order_date, pay_order_no, merchant_id, merchant_order_no, fp, amount_fen, ccy, user_id,
           status, expire_at, created_at, transaction_type, business_type, bank_return_url, merchant_name,
           goods_no, goods_name, goods_description, create_date)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'CNY', ?7, 'WAIT_PAY', ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )
    .bind(&o.order_date)
    .bind(&pay_order_no)
    .bind(&o.merchant_id)
    .bind(&o.merchant_order_no)
    .bind(fp.as_slice())
    .bind(o.amount_fen)
    .bind(user_id)
    .bind(expiry.clamp(tx.now_ms + EXPIRY_MS_MIN, tx.now_ms + EXPIRY_MS_MAX))
    .bind(tx.now_ms)
    .bind(&o.transaction_type)
    .bind(&o.business_type)
    .bind(&o.bank_return_url)
    .bind(&o.merchant_name)
    .bind(&o.goods_no)
    .bind(&o.goods_name)
    .bind(&o.goods_description)
    .bind(create_date)
    .execute(&mut *tx.conn)
    .await?;
    audit::note(tx, &format!("merchant:{}", o.merchant_id), "ORDER_CREATE", &pay_order_no, "WAIT_PAY")
        .await?;
    Ok(Created::New(read(tx, key, &pay_order_no).await?.ok_or(StoreError::Damaged("pay_order"))?))
}

/// The answer for a natural key that is taken.
async fn held(
    tx: &mut Tx<'_>,
    key: &MobileKey,
    o: &NewOrder,
    fp: &[u8; 32],
) -> Result<Option<Created>, StoreError> {
    let row = sqlx::query(
        "SELECT o.fp, o.pay_order_no FROM order_key k
         JOIN pay_order o ON o.order_date = k.order_date AND o.pay_order_no = k.pay_order_no
         WHERE k.merchant_id = ?1 AND k.merchant_order_no = ?2",
    )
    .bind(&o.merchant_id)
    .bind(&o.merchant_order_no)
    .fetch_optional(&mut *tx.conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    if row.try_get::<&[u8], _>("fp")? != fp.as_slice() {
        return Ok(Some(Created::Conflict));
    }
    let order = read(tx, key, row.try_get("pay_order_no")?).await?.ok_or(StoreError::Damaged("order_key"))?;
    Ok(Some(match order.status {
        status if was_paid(status) => Created::AlreadyPaid(order),
        OrderStatus::Closed | OrderStatus::Fail => Created::Closed(order),
        _ => Created::Replay(order),
    }))
}

async fn read(tx: &mut Tx<'_>, key: &MobileKey, pay_order_no: &str) -> Result<Option<Order>, StoreError> {
    let row = sqlx::query(SELECT).bind(pay_order_no).fetch_optional(&mut *tx.conn).await?;
    row.map(|r| order(&r, key, tx.now_ms)).transpose()
}

async fn expire(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let closed = sqlx::query(
        "UPDATE pay_order SET status = 'CLOSED', version = version + 1 WHERE pay_order_no IN
           (SELECT pay_order_no FROM pay_order WHERE status = 'WAIT_PAY' AND expire_at <= ?1 ORDER BY expire_at LIMIT ?2)
         RETURNING pay_order_no",
    )
    .bind(tx.now_ms)
    .bind(EXPIRE_BATCH)
    .fetch_all(&mut *tx.conn)
    .await?;
    for row in &closed {
        audit::note(tx, "platform", "ORDER_EXPIRE", row.try_get("pay_order_no")?, "CLOSED").await?;
    }
    Ok(closed.len() as u64)
}

/// Digest of the business fields, not of the raw bytes: another spelling of the same order is the same order.
/// The number enters as its blind index, so that the digest can't be used to try numbers out.
fn fingerprint(key: &MobileKey, o: &NewOrder) -> [u8; 32] {
    let mut text = b"msgpay order fingerprint v1".to_vec();
    let mut part = |bytes: &[u8]| {
        text.extend((bytes.len() as u64).to_be_bytes());
        text.extend(bytes);
    };
    for field in [
        &o.merchant_id,
        &o.merchant_order_no,
        &o.order_date,
        &o.transaction_type,
        &o.business_type,
        &o.bank_return_url,
        &o.merchant_name,
    ] {
        part(field.as_bytes());
    }
    part(&o.amount_fen.to_be_bytes());
    part(&key.index(&o.mobile_no));
    for field in [&o.goods_no, &o.goods_name, &o.goods_description] {
        part(&[u8::from(field.is_some())]);
        part(field.as_deref().unwrap_or_default().as_bytes());
    }
    audit::sha256(&text)
}

fn near(order_date: &str, now_ms: i64) -> bool {
    [-DAY_MS, 0, DAY_MS].iter().any(|off| ids::china_date(now_ms + off) == order_date)
}

fn order(row: &SqliteRow, key: &MobileKey, now_ms: i64) -> Result<Order, StoreError> {
    let user_id: String = row.try_get("user_id")?;
    let stored =
        OrderStatus::from_word(row.try_get("status")?).ok_or(StoreError::Damaged("pay_order.status"))?;
    let expire_at_ms: i64 = row.try_get("expire_at")?;
    // Nothing can begin past the expiry, so it is closed, whether or not the sweep came by yet.
    let late = stored == OrderStatus::WaitPay && expire_at_ms <= now_ms;
    Ok(Order {
        pay_order_no: row.try_get("pay_order_no")?,
        create_date: row.try_get("create_date")?,
        merchant_id: row.try_get("merchant_id")?,
        merchant_order_no: row.try_get("merchant_order_no")?,
        order_date: row.try_get("order_date")?,
        transaction_type: row.try_get("transaction_type")?,
        business_type: row.try_get("business_type")?,
        bank_return_url: row.try_get("bank_return_url")?,
        merchant_name: row.try_get("merchant_name")?,
        registered_name: row.try_get("registered_name")?,
        amount_fen: row.try_get("amount_fen")?,
        ccy: row.try_get("ccy")?,
        mobile_no: key.open(&user_id, row.try_get("mobile_enc")?)?,
        user_id,
        goods_no: row.try_get("goods_no")?,
        goods_name: row.try_get("goods_name")?,
        goods_description: row.try_get("goods_description")?,
        status: if late { OrderStatus::Closed } else { stored },
        expire_at_ms,
        created_at_ms: row.try_get("created_at")?,
        paid_at_ms: row.try_get("paid_at")?,
        paid_attempt: row.try_get("paid_attempt")?,
    })
}
