//! What is due: result cards to send, open orders to ask about.

use sqlx::{Row as _, sqlite::SqliteRow};

use super::{Order, OrderState, Store, StoreError};

/// Waits after the order before each question, seconds (30 s, 1, 3, 10, 30 min); later every half hour, and
/// once just after the order has run out.
pub(super) const POLL_AFTER_S: [i64; 5] = [30, 60, 180, 600, 1_800];

/// A result card that is not sent yet.
pub(in crate::merchant) struct DueCard {
    pub(in crate::merchant) order: Order,
    pub(in crate::merchant) kind: OrderState,
    pub(in crate::merchant) message_id: String,
    pub(in crate::merchant) contribution_id: String,
}

impl Store {
    /// Cards to send, oldest first; those refused twenty times are left to people.
    pub(in crate::merchant) async fn due_cards(&self) -> Result<Vec<DueCard>, StoreError> {
        let rows = sqlx::query(
            "SELECT orders.*, card.kind, card.message_id, card.contribution_id
             FROM card JOIN orders USING (order_no)
             WHERE card.sent_at IS NULL AND card.tries < 20 ORDER BY card.rowid",
        )
        .fetch_all(&self.pool)
        .await?;
        let read = |row: &SqliteRow| {
            Ok::<_, sqlx::Error>(DueCard {
                order: Order::read(row)?,
                kind: OrderState::read(row.try_get("kind")?)?,
                message_id: row.try_get("message_id")?,
                contribution_id: row.try_get("contribution_id")?,
            })
        };
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// Notes how a try to send a card ended.
    pub(in crate::merchant) async fn card_tried(
        &self,
        message_id: &str,
        sent: bool,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE card SET tries = tries + 1, sent_at = CASE WHEN ?2 THEN ?3 END WHERE message_id = ?1",
        )
        .bind(message_id)
        .bind(sent)
        .bind(self.clock.now_s())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Notes what the operator says became of a card; others' messages are passed over.
    pub(in crate::merchant) async fn card_delivery(
        &self,
        message_id: &str,
        status: &str,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE card SET delivery = ? WHERE message_id = ?")
            .bind(status)
            .bind(message_id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Open orders to be asked about now; each is due again by the ladder afterwards.
    pub(in crate::merchant) async fn due_polls(&self) -> Result<Vec<Order>, StoreError> {
        let rows = sqlx::query(
            "SELECT * FROM orders WHERE state IN ('NEW', 'WAIT_PAY') AND pay_order_no IS NOT NULL
               AND next_poll_at <= ? ORDER BY created_at",
        )
        .bind(self.clock.now_s())
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.iter().map(Order::read).collect::<Result<_, _>>()?)
    }

    /// Notes that an order was asked about. Without an answer it is due again in two seconds.
    pub(in crate::merchant) async fn polled(&self, order: &Order, answered: bool) -> Result<(), StoreError> {
        let now = self.clock.now_s();
        let ladder = POLL_AFTER_S.map(|after| order.created_at.saturating_add(after));
        let next =
            ladder.into_iter().chain([order.expires_at.saturating_add(5)]).filter(|at| *at > now).min();
        let next = match (answered, next) {
            (false, _) => now.saturating_add(2),
            (true, Some(next)) => next,
            (true, None) => now.saturating_add(POLL_AFTER_S[4]),
        };
        sqlx::query("UPDATE orders SET polls = polls + 1, next_poll_at = ? WHERE order_no = ?")
            .bind(next)
            .bind(&order.order_no)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Makes every open order due: after a start nobody knows what was missed.
    pub(in crate::merchant) async fn ask_about_everything_open(&self) -> Result<(), StoreError> {
        sqlx::query("UPDATE orders SET next_poll_at = ? WHERE state IN ('NEW', 'WAIT_PAY')")
            .bind(self.clock.now_s())
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
