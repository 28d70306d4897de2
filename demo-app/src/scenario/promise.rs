//! What is promised of every payment, judged from the databases and from recorded bytes alone.

use std::path::{Path, PathBuf};

use serde::Serialize;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, Row as _, SqliteConnection};

/// A promise and whether it held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Promise {
    /// Its name, stable.
    pub name: &'static str,
    /// Whether it held.
    pub held: bool,
    /// What was seen, for people; absent from JSON when it held.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub seen: String,
}

impl Promise {
    /// A promise judged.
    #[must_use]
    pub fn judged(name: &'static str, held: bool, seen: impl Into<String>) -> Self {
        Self { name, held, seen: if held { String::new() } else { seen.into() } }
    }
}

/// What the books say at the end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Books {
    /// Every order: number, status, fen, time of the settle commit in Unix milliseconds.
    pub orders: Vec<OrderRow>,
    /// Debits that the bank has made, in fen.
    pub debits: Vec<i64>,
    /// What the bank account holds now, in fen.
    pub balance_fen: i64,
    /// Movements of the platform's ledger that were posted, in fen.
    pub posted: Vec<i64>,
}

/// An order in the platform's book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRow {
    /// `payOrderNo`.
    pub pay_order_no: String,
    /// `orderStatus`.
    pub status: String,
    /// Fen.
    pub amount_fen: i64,
    /// Unix milliseconds of the settle commit.
    pub paid_at_ms: Option<i64>,
}

/// Where the databases lie.
#[derive(Debug, Clone)]
pub struct BookFiles {
    /// The platform's.
    pub platform: PathBuf,
    /// The simulated bank's.
    pub bank: PathBuf,
}

async fn open(path: &Path) -> sqlx::Result<SqliteConnection> {
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path).read_only(true)).await
}

impl Books {
    /// Reads both databases, not through the platform's own code.
    ///
    /// # Errors
    /// When a database cannot be read.
    pub async fn read(files: &BookFiles, account: &str) -> sqlx::Result<Self> {
        let mut platform = open(&files.platform).await?;
        let orders = sqlx::query(
            "SELECT pay_order_no, status, amount_fen, paid_at FROM pay_order ORDER BY created_at",
        )
        .fetch_all(&mut platform)
        .await?
        .iter()
        .map(|row| {
            Ok(OrderRow {
                pay_order_no: row.try_get(0)?,
                status: row.try_get(1)?,
                amount_fen: row.try_get(2)?,
                paid_at_ms: row.try_get(3)?,
            })
        })
        .collect::<sqlx::Result<Vec<_>>>()?;
        let posted: Vec<(i64,)> =
            sqlx::query_as("SELECT amount_fen FROM transfer WHERE kind IN ('POSTED', 'POST')")
                .fetch_all(&mut platform)
                .await?;
        platform.close().await?;
        let mut bank = open(&files.bank).await?;
        let debits: Vec<(i64,)> =
            sqlx::query_as("SELECT amount_fen FROM bank_debit WHERE account_id = ?1 AND status = 'DEBITED'")
                .bind(account)
                .fetch_all(&mut bank)
                .await?;
        let (balance_fen,): (i64,) = sqlx::query_as("SELECT balance_fen FROM bank_account WHERE id = ?1")
            .bind(account)
            .fetch_one(&mut bank)
            .await?;
        bank.close().await?;
        Ok(Self {
            orders,
            debits: debits.into_iter().map(|(fen,)| fen).collect(),
            balance_fen,
            posted: posted.into_iter().map(|(fen,)| fen).collect(),
        })
    }

    /// How often the bank was debited for one order, by the attempts that the platform keeps of it.
    ///
    /// # Errors
    /// When a database cannot be read.
    pub async fn debits_of(files: &BookFiles, pay_order_no: &str) -> sqlx::Result<usize> {
        let mut platform = open(&files.platform).await?;
        let attempts: Vec<(String,)> =
            sqlx::query_as("SELECT attempt_no FROM pay_attempt WHERE pay_order_no = ?1")
                .bind(pay_order_no)
                .fetch_all(&mut platform)
                .await?;
        platform.close().await?;
        let mut bank = open(&files.bank).await?;
        let mut debits = 0;
        for (attempt_no,) in attempts {
            let (count,): (i64,) = sqlx::query_as(
                "SELECT count(*) FROM bank_debit WHERE attempt_no = ?1 AND status = 'DEBITED'",
            )
            .bind(attempt_no)
            .fetch_one(&mut bank)
            .await?;
            debits += usize::try_from(count).unwrap_or(usize::MAX);
        }
        bank.close().await?;
        Ok(debits)
    }

    /// Orders that are paid.
    #[must_use]
    pub fn paid(&self) -> Vec<&OrderRow> {
        self.orders.iter().filter(|order| order.status == "SUCCESS").collect()
    }

    /// The promises that hold of any books, whatever went wrong: every paid order was debited exactly once and posted
    /// exactly once, nothing else was debited, and the account holds what is left.
    #[must_use]
    pub fn money_promises(&self, opened_fen: i64, paid_expected: usize) -> Vec<Promise> {
        let sorted = |mut all: Vec<i64>| {
            all.sort_unstable();
            all
        };
        let paid = sorted(self.paid().iter().map(|order| order.amount_fen).collect());
        let seen = format!("{self:?}");
        let taken: i64 = self.debits.iter().sum();
        vec![
            Promise::judged("paid as often as expected", paid.len() == paid_expected, seen.clone()),
            Promise::judged(
                "one debit for each paid order",
                sorted(self.debits.clone()) == paid,
                seen.clone(),
            ),
            Promise::judged(
                "one posting for each paid order",
                sorted(self.posted.clone()) == paid,
                seen.clone(),
            ),
            Promise::judged("the account holds what is left", self.balance_fen == opened_fen - taken, seen),
        ]
    }
}

/// Where a secret stands in what somebody received.
///
/// A password is a run of digits of its own length: inside a longer run of digits (an order number, a time) it says
/// nothing, so only a whole run counts.
#[must_use]
pub fn finds_digits(bytes: &[u8], digits: &str) -> bool {
    let wanted = digits.as_bytes();
    bytes.windows(wanted.len()).enumerate().any(|(at, window)| {
        let before = at.checked_sub(1).is_some_and(|i| bytes[i].is_ascii_digit());
        let after = bytes.get(at + wanted.len()).is_some_and(u8::is_ascii_digit);
        window == wanted && !before && !after
    })
}

/// Whether `needle` stands anywhere in `bytes`.
#[must_use]
pub fn finds(bytes: &[u8], needle: &[u8]) -> bool {
    !needle.is_empty() && bytes.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests;
