//! Orders, and the result cards that belong to them.

use msgpay_messaging::{address::TelUri, cards::Goods};
use sqlx::{Row as _, sqlite::SqliteRow};

use super::{Store, StoreError};

/// How an order stands, as far as the merchant knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderState {
    /// Written down; the platform has not answered yet.
    New,
    /// The platform waits for the payment.
    WaitPay,
    /// Paid.
    Success,
    /// Finally failed.
    Fail,
    /// Closed unpaid.
    Closed,
}

impl OrderState {
    const ALL: [Self; 5] = [Self::New, Self::WaitPay, Self::Success, Self::Fail, Self::Closed];

    /// The word in the database, which is the platform's `orderStatus` word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "NEW",
            Self::WaitPay => "WAIT_PAY",
            Self::Success => "SUCCESS",
            Self::Fail => "FAIL",
            Self::Closed => "CLOSED",
        }
    }

    pub(super) fn read(word: &str) -> Result<Self, sqlx::Error> {
        let unknown = || sqlx::Error::Decode(format!("no such state: {word}").into());
        Self::ALL.into_iter().find(|state| state.word() == word).ok_or_else(unknown)
    }

    /// Whether it may still be paid.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::New | Self::WaitPay)
    }
}

/// An order, for those who look from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderView {
    /// The merchant's number.
    pub order_no: String,
    /// The platform's number, once it answered.
    pub pay_order_no: Option<String>,
    /// What was bought.
    pub goods_name: String,
    /// For how much, fen.
    pub amount_fen: i64,
    /// How it stands.
    pub state: OrderState,
    /// When it was paid, Unix seconds.
    pub paid_at: Option<i64>,
    /// When the operator took the result card, Unix seconds.
    pub told_at: Option<i64>,
}

#[derive(Debug, Clone)]
pub(in crate::merchant) struct Order {
    pub(in crate::merchant) order_no: String,
    pub(in crate::merchant) order_date: String,
    pub(in crate::merchant) tel: TelUri,
    pub(in crate::merchant) conversation: String,
    pub(in crate::merchant) goods_no: String,
    pub(in crate::merchant) goods_name: String,
    pub(in crate::merchant) amount_fen: i64,
    pub(in crate::merchant) state: OrderState,
    pub(in crate::merchant) created_at: i64,
    pub(in crate::merchant) expires_at: i64,
    pub(in crate::merchant) pay_order_no: Option<String>,
    pub(in crate::merchant) create_date: Option<String>,
    pub(in crate::merchant) paid_at: Option<i64>,
}

impl Order {
    pub(super) fn read(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let tel: String = row.try_get("tel")?;
        Ok(Self {
            order_no: row.try_get("order_no")?,
            order_date: row.try_get("order_date")?,
            tel: TelUri::parse(&tel).map_err(|error| sqlx::Error::Decode(error.into()))?,
            conversation: row.try_get("conversation")?,
            goods_no: row.try_get("goods_no")?,
            goods_name: row.try_get("goods_name")?,
            amount_fen: row.try_get("amount_fen")?,
            state: OrderState::read(row.try_get("state")?)?,
            created_at: row.try_get("created_at")?,
            expires_at: row.try_get("expires_at")?,
            pay_order_no: row.try_get("pay_order_no")?,
            create_date: row.try_get("create_date")?,
            paid_at: row.try_get("paid_at")?,
        })
    }
}

/// A new order's own part.
pub(in crate::merchant) struct Fresh<'a> {
    pub(in crate::merchant) order_no: String,
    pub(in crate::merchant) order_date: String,
    pub(in crate::merchant) tel: &'a TelUri,
    pub(in crate::merchant) conversation: &'a str,
    pub(in crate::merchant) goods: &'a Goods,
    pub(in crate::merchant) expires_at: i64,
}

/// What a result did to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::merchant) enum Settled {
    /// It is settled now, and its card is due.
    Now,
    /// It was settled alike before.
    Before,
    /// It was settled otherwise before; nothing changed.
    Otherwise,
}

impl Store {
    /// The user's open order of these goods: the one that stands, or `fresh`. An open one with less than
    /// `left_s` to live is given up first.
    pub(in crate::merchant) async fn open_order(
        &self,
        fresh: Fresh<'_>,
        left_s: i64,
    ) -> Result<Order, StoreError> {
        let now = self.clock.now_s();
        let mut tx = self.pool.begin().await?;
        sqlx::query(
            "UPDATE orders SET given_up = 1
             WHERE tel = ? AND goods_no = ? AND state IN ('NEW', 'WAIT_PAY') AND expires_at < ?",
        )
        .bind(fresh.tel.as_str())
        .bind(&fresh.goods.number)
        .bind(now.saturating_add(left_s))
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "INSERT INTO orders (order_no, order_date, tel, conversation, goods_no, goods_name, amount_fen,
                                 state, created_at, expires_at, next_poll_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, 'NEW', ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(&fresh.order_no)
        .bind(&fresh.order_date)
        .bind(fresh.tel.as_str())
        .bind(fresh.conversation)
        .bind(&fresh.goods.number)
        .bind(&fresh.goods.name)
        .bind(fresh.goods.price_fen)
        .bind(now)
        .bind(fresh.expires_at)
        .bind(now.saturating_add(super::due::POLL_AFTER_S[0]))
        .execute(&mut *tx)
        .await?;
        let row = sqlx::query(
            "SELECT * FROM orders WHERE tel = ? AND goods_no = ? AND state IN ('NEW', 'WAIT_PAY') AND given_up = 0",
        )
        .bind(fresh.tel.as_str())
        .bind(&fresh.goods.number)
        .fetch_one(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Order::read(&row)?)
    }

    /// The order of this number, the merchant's or the platform's, if it is this user's.
    pub(in crate::merchant) async fn order_of(
        &self,
        number: &str,
        tel: &TelUri,
    ) -> Result<Option<Order>, StoreError> {
        let row = sqlx::query("SELECT * FROM orders WHERE (order_no = ?1 OR pay_order_no = ?1) AND tel = ?2")
            .bind(number)
            .bind(tel.as_str())
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.as_ref().map(Order::read).transpose()?)
    }

    /// The order of this number of the merchant's.
    pub(in crate::merchant) async fn order(&self, order_no: &str) -> Result<Option<Order>, StoreError> {
        let row = sqlx::query("SELECT * FROM orders WHERE order_no = ?")
            .bind(order_no)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.as_ref().map(Order::read).transpose()?)
    }

    /// The user's newest order; with `unpaid` the newest that may still be paid and is not given up.
    pub(in crate::merchant) async fn newest(
        &self,
        tel: &TelUri,
        unpaid: bool,
    ) -> Result<Option<Order>, StoreError> {
        let row = sqlx::query(
            "SELECT * FROM orders WHERE tel = ?1
               AND (NOT ?2 OR (state IN ('NEW', 'WAIT_PAY') AND given_up = 0 AND expires_at > ?3))
             ORDER BY created_at DESC, rowid DESC LIMIT 1",
        )
        .bind(tel.as_str())
        .bind(unpaid)
        .bind(self.clock.now_s())
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.as_ref().map(Order::read).transpose()?)
    }

    /// Notes the platform's number. `false` if the order already has another one: the answer is then about
    /// something else and nothing changes.
    pub(in crate::merchant) async fn accepted(
        &self,
        order_no: &str,
        pay_order_no: &str,
        create_date: &str,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE orders SET pay_order_no = ?2, create_date = ?3,
                               state = CASE state WHEN 'NEW' THEN 'WAIT_PAY' ELSE state END
             WHERE order_no = ?1 AND (pay_order_no IS NULL OR pay_order_no = ?2)",
        )
        .bind(order_no)
        .bind(pay_order_no)
        .bind(create_date)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// The user gave an unpaid order up.
    pub(in crate::merchant) async fn give_up(&self, order_no: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE orders SET given_up = 1 WHERE order_no = ?")
            .bind(order_no)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Writes a final result and, in the same transaction, that its card is due. An order is settled once.
    pub(in crate::merchant) async fn settle(
        &self,
        order_no: &str,
        result: OrderState,
        paid_at: Option<i64>,
        card_ids: (String, String),
    ) -> Result<Settled, StoreError> {
        let mut tx = self.pool.begin().await?;
        let done = sqlx::query(
            "UPDATE orders SET state = ?, paid_at = ? WHERE order_no = ? AND state IN ('NEW', 'WAIT_PAY')",
        )
        .bind(result.word())
        .bind(paid_at)
        .bind(order_no)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            let now: Option<String> = sqlx::query_scalar("SELECT state FROM orders WHERE order_no = ?")
                .bind(order_no)
                .fetch_optional(&mut *tx)
                .await?;
            let same = now.as_deref() == Some(result.word());
            return Ok(if same { Settled::Before } else { Settled::Otherwise });
        }
        sqlx::query("INSERT INTO card (order_no, kind, message_id, contribution_id) VALUES (?, ?, ?, ?)")
            .bind(order_no)
            .bind(result.word())
            .bind(card_ids.0)
            .bind(card_ids.1)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(Settled::Now)
    }

    /// All orders, oldest first.
    pub(in crate::merchant) async fn orders(&self) -> Result<Vec<OrderView>, StoreError> {
        let rows = sqlx::query(
            "SELECT orders.*, (SELECT sent_at FROM card WHERE card.order_no = orders.order_no) AS told_at
             FROM orders ORDER BY created_at, rowid",
        )
        .fetch_all(&self.pool)
        .await?;
        let read = |row: &SqliteRow| {
            let order = Order::read(row)?;
            Ok::<_, sqlx::Error>(OrderView {
                order_no: order.order_no,
                pay_order_no: order.pay_order_no,
                goods_name: order.goods_name,
                amount_fen: order.amount_fen,
                state: order.state,
                paid_at: order.paid_at,
                told_at: row.try_get("told_at")?,
            })
        };
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }
}
