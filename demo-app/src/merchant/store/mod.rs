//! The merchant's orders and memory in SQLite: one connection, so its transactions come one after another.

mod due;
mod orders;
mod seen;

pub use orders::{OrderState, OrderView};

use std::path::Path;

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::clock::SharedClock;

pub(super) use due::DueCard;
pub(super) use orders::{Fresh, Order, Settled};
pub(super) use seen::Seen;

/// The database failed. The machine is at fault; the merchant answers "again later".
#[derive(Debug, thiserror::Error)]
#[error("the merchant's database failed")]
pub struct StoreError(#[from] sqlx::Error);

pub(super) struct Store {
    pool: SqlitePool,
    clock: SharedClock,
}

impl Store {
    /// Opens `merchant.sqlite` in `folder`, making both if missing.
    pub(super) async fn open(folder: &Path, clock: SharedClock) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder).map_err(sqlx::Error::Io)?;
        let options = SqliteConnectOptions::new()
            .filename(folder.join("merchant.sqlite"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        sqlx::raw_sql(include_str!("schema.sql")).execute(&pool).await?;
        Ok(Self { pool, clock })
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}
