//! What was seen before.

use super::{Store, StoreError};

/// A memory of names.
#[derive(Debug, Clone, Copy)]
pub(in crate::merchant) enum Seen {
    /// Uplinks by `messageId`, 7 days.
    Uplink,
    /// Notices by `Msgpay-Notify-Id`, 7 days.
    Notice,
    /// Nonces of the platform's keys, 10 minutes: longer than a signature lives.
    Nonce,
}

impl Seen {
    fn word(self) -> &'static str {
        match self {
            Self::Uplink => "uplink",
            Self::Notice => "notice",
            Self::Nonce => "nonce",
        }
    }

    fn seconds(self) -> i64 {
        match self {
            Self::Uplink | Self::Notice => 7 * 86_400,
            Self::Nonce => 660,
        }
    }
}

impl Store {
    /// Whether this name is new; it isn't from now on.
    pub(in crate::merchant) async fn first_time(&self, kind: Seen, name: &str) -> Result<bool, StoreError> {
        let now = self.clock.now_s();
        sqlx::query("DELETE FROM seen WHERE until < ?").bind(now).execute(&self.pool).await?;
        let done =
            sqlx::query("INSERT INTO seen (kind, name, until) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
                .bind(kind.word())
                .bind(name)
                .bind(now.saturating_add(kind.seconds()))
                .execute(&self.pool)
                .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Whether this name was seen; nothing changes.
    pub(in crate::merchant) async fn was_seen(&self, kind: Seen, name: &str) -> Result<bool, StoreError> {
        let found = sqlx::query("SELECT 1 FROM seen WHERE kind = ? AND name = ?")
            .bind(kind.word())
            .bind(name)
            .fetch_optional(&self.pool)
            .await?;
        Ok(found.is_some())
    }
}
