//! A simulated bank with a book of its own: accounts with money that somebody put there, one row per debit.
//!
//! It goes on working when the platform hangs up, as a bank does. Told to misbehave through its file, it misbehaves
//! in time and in words, never in its book: balance ≥ 0 and one debit per attempt number hold in every statement.

use std::{path::Path, sync::Mutex, time::Duration};

use futures_util::future::BoxFuture;
use msgpay_crypto::random;
use sqlx::{Row, SqliteConnection, SqlitePool, sqlite::SqlitePoolOptions};
use tokio::sync::{mpsc, oneshot};

use super::{Behaviour, Callback, Channel, Debit, Debited, Decline, Queried};
use crate::clock::SharedClock;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/bank");
const CALLBACKS_WAITING_MAX: usize = 256;
/// Behaviour for every account that has none of its own.
const EVERY: &str = "*";

/// Why the simulated bank's book did not answer.
#[derive(Debug, thiserror::Error)]
pub enum BankError {
    /// The database refused.
    #[error("the simulated bank's database refused: {}", crate::store::words(.0))]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the simulated bank's schema cannot be brought up to date: is it a newer program's file?")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The system gives no randomness for a reference.
    #[error("the system gives no randomness")]
    NoRandomness,
    /// A row does not hold what the program wrote there.
    #[error("damaged data in the simulated bank's {0}")]
    Damaged(&'static str),
}

/// One row of the bank's book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankDebit {
    /// The attempt.
    pub attempt_no: String,
    /// The account.
    pub account: String,
    /// Fen.
    pub amount_fen: i64,
    /// Whether money was taken.
    pub debited: bool,
    /// The bank's reference, when it was.
    pub bank_ref: Option<String>,
}

/// The simulated bank. Cheap to clone.
#[derive(Clone)]
pub struct SimulatedBank {
    book: SqlitePool,
    clock: SharedClock,
    line: mpsc::Sender<Callback>,
    listener: std::sync::Arc<Mutex<Option<mpsc::Receiver<Callback>>>>,
}

impl SimulatedBank {
    /// Opens or makes the bank's file.
    ///
    /// # Errors
    /// [`BankError`].
    pub async fn open(path: &Path, clock: SharedClock) -> Result<Self, BankError> {
        crate::store::owned_alone(path)?;
        // One connection: the bank's book has one writer too.
        let book =
            SqlitePoolOptions::new().max_connections(1).connect_with(crate::store::options(path)).await?;
        MIGRATIONS.run(&book).await?;
        let (line, listener) = mpsc::channel(CALLBACKS_WAITING_MAX);
        Ok(Self { book, clock, line, listener: std::sync::Arc::new(Mutex::new(Some(listener))) })
    }

    /// Opens an account with money in it. `false`: it exists already, nothing was changed.
    ///
    /// # Errors
    /// [`BankError`].
    pub async fn open_account(&self, account: &str, fen: i64) -> Result<bool, BankError> {
        let done = sqlx::query(
            "INSERT INTO bank_account(id, opened_fen, balance_fen) VALUES (?1, ?2, ?2) ON CONFLICT DO NOTHING",
        )
        .bind(account)
        .bind(fen)
        .execute(&self.book)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Tells the bank how to behave towards an account (`*` for all), always or so often.
    ///
    /// # Errors
    /// [`BankError`].
    pub async fn behave(&self, account: &str, how: Behaviour, times: Option<u32>) -> Result<(), BankError> {
        sqlx::query(
            "INSERT OR REPLACE INTO behaviour(account_id, kind, ms, remaining) VALUES (?1, ?2, ?3, ?4)",
        )
        .bind(account)
        .bind(how.kind())
        .bind(i64::try_from(how.ms()).unwrap_or(i64::MAX))
        .bind(times)
        .execute(&self.book)
        .await?;
        Ok(())
    }

    /// An account's balance in fen.
    ///
    /// # Errors
    /// [`BankError`].
    pub async fn balance(&self, account: &str) -> Result<Option<i64>, BankError> {
        let row: Option<(i64,)> = sqlx::query_as("SELECT balance_fen FROM bank_account WHERE id = ?1")
            .bind(account)
            .fetch_optional(&self.book)
            .await?;
        Ok(row.map(|(fen,)| fen))
    }

    /// The whole book, for reconciliation.
    ///
    /// # Errors
    /// [`BankError`].
    pub async fn debits(&self) -> Result<Vec<BankDebit>, BankError> {
        let rows =
            sqlx::query("SELECT * FROM bank_debit ORDER BY at, attempt_no").fetch_all(&self.book).await?;
        rows.iter()
            .map(|row| {
                Ok(BankDebit {
                    attempt_no: row.try_get("attempt_no")?,
                    account: row.try_get("account_id")?,
                    amount_fen: row.try_get("amount_fen")?,
                    debited: row.try_get::<&str, _>("status")? == "DEBITED",
                    bank_ref: row.try_get("bank_ref")?,
                })
            })
            .collect()
    }

    /// Accounts whose balance is not what was put in less what was debited; must be empty.
    ///
    /// # Errors
    /// [`BankError`].
    pub async fn unbalanced(&self) -> Result<Vec<String>, BankError> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT id FROM bank_account a WHERE balance_fen <> opened_fen - (SELECT coalesce(sum(amount_fen), 0)
               FROM bank_debit d WHERE d.account_id = a.id AND d.status = 'DEBITED')",
        )
        .fetch_all(&self.book)
        .await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    async fn serve(self, debit: Debit) -> Result<Debited, BankError> {
        let how = self.behaviour(&debit.account).await?;
        self.note(&debit.attempt_no, &format!("debit:{how}")).await?;
        match how {
            Behaviour::Error => Ok(Debited::NotSent),
            Behaviour::Approve => self.enter(&debit, false).await,
            Behaviour::Decline => self.enter(&debit, true).await,
            Behaviour::Hang { ms } => {
                tokio::time::sleep(Duration::from_millis(ms)).await;
                let answer = self.enter(&debit, false).await;
                self.note(&debit.attempt_no, "woke:hang").await?;
                answer
            }
            Behaviour::Late { ms } => {
                let answer = self.enter(&debit, false).await;
                tokio::time::sleep(Duration::from_millis(ms)).await;
                answer
            }
            Behaviour::Twice => {
                self.enter(&debit, false).await?;
                let answer = self.enter(&debit, false).await?;
                for _ in 0..2 {
                    let word = self.look(&debit.attempt_no).await?;
                    // Nobody listening, or too slowly, is no concern of the bank's.
                    drop(self.line.try_send(Callback { attempt_no: debit.attempt_no.clone(), word }));
                }
                Ok(answer)
            }
        }
    }

    async fn behaviour(&self, account: &str) -> Result<Behaviour, BankError> {
        let mut tx = self.book.begin_with("BEGIN IMMEDIATE").await?;
        let row = sqlx::query(
            "SELECT account_id, kind, ms, remaining FROM behaviour WHERE account_id IN (?1, ?2) ORDER BY account_id = ?2 LIMIT 1",
        )
        .bind(account)
        .bind(EVERY)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { return Ok(Behaviour::Approve) };
        if row.try_get::<Option<i64>, _>("remaining")?.is_some() {
            let told: String = row.try_get("account_id")?;
            sqlx::query("UPDATE behaviour SET remaining = remaining - 1 WHERE account_id = ?1")
                .bind(&told)
                .execute(&mut *tx)
                .await?;
            sqlx::query("DELETE FROM behaviour WHERE account_id = ?1 AND remaining <= 0")
                .bind(&told)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        let ms: i64 = row.try_get("ms")?;
        Behaviour::stored(row.try_get("kind")?, ms.unsigned_abs()).ok_or(BankError::Damaged("behaviour"))
    }

    /// One entry per attempt number: what is there already is the answer.
    async fn enter(&self, debit: &Debit, decline: bool) -> Result<Debited, BankError> {
        let bank_ref =
            format!("B{}", hex::encode_upper(random::make::<12>().map_err(|_| BankError::NoRandomness)?));
        let mut tx = self.book.begin_with("BEGIN IMMEDIATE").await?;
        let word = match read(&mut tx, &debit.attempt_no, Some(debit)).await? {
            Queried::NotFound => {
                let reason = if decline { Some("REFUSED") } else { take(&mut tx, debit).await? };
                let status = if reason.is_some() { "DECLINED" } else { "DEBITED" };
                sqlx::query(
                    "INSERT INTO bank_debit(attempt_no, account_id, amount_fen, status, reason, bank_ref, at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )
                .bind(&debit.attempt_no)
                .bind(&debit.account)
                .bind(debit.amount_fen)
                .bind(status)
                .bind(reason)
                .bind(reason.is_none().then_some(bank_ref))
                .bind(self.clock.now_ms())
                .execute(&mut *tx)
                .await?;
                let word = read(&mut tx, &debit.attempt_no, Some(debit)).await?;
                tx.commit().await?;
                word
            }
            entered => entered,
        };
        Ok(match word {
            Queried::Debited { bank_ref } => Debited::Approved { bank_ref },
            Queried::Declined(decline) => Debited::Declined(decline),
            Queried::Cancelled => Debited::Declined(Decline::Refused),
            Queried::NotFound | Queried::Unknown => Debited::Unknown,
        })
    }

    async fn look(&self, attempt_no: &str) -> Result<Queried, BankError> {
        let mut conn = self.book.acquire().await?;
        read(&mut conn, attempt_no, None).await
    }

    async fn forbid(&self, attempt_no: &str) -> Result<Queried, BankError> {
        self.note(attempt_no, "cancel").await?;
        sqlx::query(
            "INSERT INTO bank_debit(attempt_no, account_id, amount_fen, status, at) VALUES (?1, '', 1, 'CANCELLED', ?2)
             ON CONFLICT DO NOTHING",
        )
        .bind(attempt_no)
        .bind(self.clock.now_ms())
        .execute(&self.book)
        .await?;
        self.look(attempt_no).await
    }

    async fn note(&self, attempt_no: &str, what: &str) -> Result<(), BankError> {
        sqlx::query("INSERT INTO bank_event(at, attempt_no, what) VALUES (?1, ?2, ?3)")
            .bind(self.clock.now_ms())
            .bind(attempt_no)
            .bind(what)
            .execute(&self.book)
            .await?;
        Ok(())
    }
}

/// Takes the money, or says why not.
async fn take(conn: &mut SqliteConnection, debit: &Debit) -> Result<Option<&'static str>, BankError> {
    let taken = sqlx::query(
        "UPDATE bank_account SET balance_fen = balance_fen - ?2 WHERE id = ?1 AND ?2 > 0 AND balance_fen >= ?2",
    )
    .bind(&debit.account)
    .bind(debit.amount_fen)
    .execute(&mut *conn)
    .await?;
    if taken.rows_affected() == 1 {
        return Ok(None);
    }
    let (known,): (bool,) = sqlx::query_as("SELECT EXISTS(SELECT 1 FROM bank_account WHERE id = ?1)")
        .bind(&debit.account)
        .fetch_one(&mut *conn)
        .await?;
    Ok(Some(if known { "BALANCE" } else { "ACCOUNT" }))
}

/// What the book says of an attempt; another account or amount under its number is declined.
async fn read(
    conn: &mut SqliteConnection,
    attempt_no: &str,
    asked: Option<&Debit>,
) -> Result<Queried, BankError> {
    let row = sqlx::query("SELECT * FROM bank_debit WHERE attempt_no = ?1")
        .bind(attempt_no)
        .fetch_optional(&mut *conn)
        .await?;
    let Some(row) = row else { return Ok(Queried::NotFound) };
    let status: &str = row.try_get("status")?;
    if status != "CANCELLED"
        && let Some(asked) = asked
        && (row.try_get::<&str, _>("account_id")? != asked.account
            || row.try_get::<i64, _>("amount_fen")? != asked.amount_fen)
    {
        return Ok(Queried::Declined(Decline::Refused));
    }
    Ok(match (status, row.try_get::<Option<&str>, _>("reason")?) {
        ("DEBITED", _) => {
            Queried::Debited { bank_ref: row.try_get::<Option<String>, _>("bank_ref")?.unwrap_or_default() }
        }
        ("CANCELLED", _) => Queried::Cancelled,
        (_, Some("BALANCE")) => Queried::Declined(Decline::Balance),
        (_, Some("ACCOUNT")) => Queried::Declined(Decline::Account),
        _ => Queried::Declined(Decline::Refused),
    })
}

impl Channel for SimulatedBank {
    fn debit(&self, debit: Debit) -> BoxFuture<'_, Debited> {
        let (answer, heard) = oneshot::channel();
        let bank = self.clone();
        // A bank finishes what it began, whether or not anyone still listens.
        tokio::spawn(async move {
            let word = bank.serve(debit).await.unwrap_or_else(|error| {
                tracing::error!(event = "simulated_bank_failed", reason = %error);
                Debited::Unknown
            });
            drop(answer.send(word));
        });
        Box::pin(async move { heard.await.unwrap_or(Debited::Unknown) })
    }

    fn query(&self, attempt_no: &str) -> BoxFuture<'_, Queried> {
        let attempt_no = attempt_no.to_owned();
        Box::pin(async move { self.look(&attempt_no).await.unwrap_or(Queried::Unknown) })
    }

    fn cancel(&self, attempt_no: &str) -> BoxFuture<'_, Queried> {
        let attempt_no = attempt_no.to_owned();
        Box::pin(async move { self.forbid(&attempt_no).await.unwrap_or(Queried::Unknown) })
    }

    fn callbacks(&self) -> Option<mpsc::Receiver<Callback>> {
        self.listener.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
    }
}
