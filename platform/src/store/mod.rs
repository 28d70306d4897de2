//! The platform's book: SQLite behind a handful of business transactions.
//!
//! ```text
//! writer     one writer, a savepoint per piece of work, group commit
//! merchants  merchants and their keys            people     users, wallets, devices, activation codes
//! orders     Tx A: create; find; expire          issue, launches  single-use server nonces
//! passwords  counting, locking, setting          biometrics  keys of devices, taken and ended
//! attempts   Tx B: begin, Tx C: settle, and what is due
//! receipts   the one signed answer per request   ledger     double entry
//! outbox     notices to merchants                audit      events, sealed into a chain of blocks
//! nonces     nonces of HTTP signatures           mobile     mobile numbers at rest
//! ```
//!
//! Each transaction is one piece of work of the one writer; its guards are in its statements or in the schema.
//! Readers see committed data only and can't write. Nothing here speaks to a bank, a merchant or a handset.

use std::{path::Path, sync::Arc, time::Duration};

use sqlx::{
    Connection, Row, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous},
};
use tokio::sync::Notify;

use crate::{clock::SharedClock, private};

mod attempts;
mod audit;
mod biometrics;
mod contradictions;
mod issue;
mod launches;
mod ledger;
mod merchants;
mod mobile;
mod nonces;
mod orders;
mod outbox;
mod passwords;
mod people;
mod receipts;
mod writer;

pub use attempts::{Begun, DueAttempt, NewAttempt, Settled};
pub(crate) use attempts::{CHECKS_MS, new_attempt};
pub use audit::{AuditEvent, AuditFault};
pub use biometrics::{BiometricKey, Enrolled};
pub use issue::{Issued, NewLaunch, NewSetup};
pub use launches::{Consumed, LaunchRecord, NonceState, Work};
pub use merchants::{KeyAdded, Merchant, MerchantKey, NewMerchant};
pub use mobile::MobileKey;
pub use orders::{Created, HttpNonce, NewOrder, OrderQuery};
pub use outbox::{DeliveryResult, Notice};
pub use passwords::{Counted, PasswordStored};
pub use people::{Activated, Activation, Device, Wallet};
pub(crate) use writer::Tx;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");
const READERS: u32 = 4;
const BUSY_MS_MAX: u64 = 5_000;

/// Why the book did not answer. The platform's own fault in every case: the caller may ask again.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused a statement; nothing of this transaction was kept.
    #[error("the database refused: {}", words(.0))]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the database's schema cannot be brought up to date: is it a newer program's file?")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// Whether it was committed is not known: read the natural key again.
    #[error("the outcome of a write is not known: read it again")]
    Unsettled,
    /// The writer has ended; the process is going down.
    #[error("the store is closed")]
    Stopped,
    /// A row does not hold what the program wrote there.
    #[error("damaged data in {0}: run `msgpay-platform check`")]
    Damaged(&'static str),
    /// A key file is missing, unreadable or not 32 bytes.
    #[error(
        "the key file for mobile numbers cannot be read: it must be there, 32 bytes, readable for its owner"
    )]
    KeyFile,
    /// The system gives no randomness.
    #[error("the system gives no randomness")]
    NoRandomness,
}

impl From<msgpay_crypto::Error> for StoreError {
    fn from(_: msgpay_crypto::Error) -> Self {
        Self::NoRandomness
    }
}

/// A failure of the database in own words: a dependency's text never reaches a log.
pub(crate) fn words(error: &sqlx::Error) -> &'static str {
    use sqlx::error::ErrorKind;
    match error {
        sqlx::Error::Database(refused) => match (refused.kind(), refused.code().as_deref()) {
            (ErrorKind::UniqueViolation, _) => "the row exists already",
            (ErrorKind::ForeignKeyViolation, _) => "it refers to a row that does not exist",
            (ErrorKind::NotNullViolation | ErrorKind::CheckViolation, _) => {
                "a guard of the schema does not hold"
            }
            (_, Some("5" | "261" | "517" | "6")) => "another process holds it; try again",
            (_, Some("13")) => "the disk is full; make room",
            (_, Some("8")) => "the file may not be written; check its owner",
            (_, Some("1811")) => "rows of this table are append only",
            (_, Some("14")) => "the file can't be opened; check path and owner",
            (_, Some("11" | "26")) => "the file is damaged or no database; restore it",
            _ => "a statement failed",
        },
        sqlx::Error::Io(io) if io.kind() == std::io::ErrorKind::PermissionDenied => {
            "others may read the file, or we may not: make it the owner's alone (chmod 600)"
        }
        sqlx::Error::Io(_) => "the file can't be reached",
        sqlx::Error::PoolTimedOut => "every reader is busy",
        sqlx::Error::RowNotFound => "a row that must exist does not",
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::ColumnNotFound(_) => {
            "a row does not hold what it should"
        }
        _ => "the connection failed",
    }
}

/// The open book. Cheap to clone; all clones share one writer.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    writer: writer::Writer,
    read: SqlitePool,
    clock: SharedClock,
    mobile: Arc<MobileKey>,
    outbox_ready: Notify,
}

impl Store {
    /// Opens or makes the database file and brings its schema up to date.
    ///
    /// # Errors
    /// When the file can't be opened or migrated.
    pub async fn open(path: &Path, clock: SharedClock, mobile: MobileKey) -> Result<Self, StoreError> {
        owned_alone(path)?;
        let mut writer = SqliteConnection::connect_with(&options(path)).await?;
        MIGRATIONS.run(&mut writer).await?;
        let read = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options(path).create_if_missing(false).read_only(true))
            .await?;
        Ok(Self(Arc::new(Inner {
            writer: writer::Writer::start(writer, clock.clone()),
            read,
            clock,
            mobile: Arc::new(mobile),
            outbox_ready: Notify::new(),
        })))
    }

    /// The clock by which this book judges.
    pub fn clock(&self) -> &SharedClock {
        &self.0.clock
    }

    /// Wakes after a commit of this process that wrote a notice. A hint only: another process may write too.
    pub fn outbox_ready(&self) -> &Notify {
        &self.0.outbox_ready
    }

    pub(crate) fn read(&self) -> &SqlitePool {
        &self.0.read
    }

    fn writer(&self) -> &writer::Writer {
        &self.0.writer
    }

    fn mobile(&self) -> &Arc<MobileKey> {
        &self.0.mobile
    }
}

/// The database and the files beside it are the owner's alone, from their first moment.
pub(crate) fn owned_alone(path: &Path) -> Result<(), sqlx::Error> {
    private::create(path)?;
    for end in ["", "-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(end);
        if private::is_open_to_others(Path::new(&file))? {
            return Err(sqlx::Error::Io(std::io::ErrorKind::PermissionDenied.into()));
        }
    }
    Ok(())
}

/// WAL and a flush per commit: what was answered survives a power cut.
pub(crate) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_millis(BUSY_MS_MAX))
}

/// A column of exactly `N` bytes.
fn bytes<const N: usize>(row: &SqliteRow, column: &'static str) -> Result<[u8; N], sqlx::Error> {
    let held: &[u8] = row.try_get(column)?;
    held.try_into().map_err(|wrong: std::array::TryFromSliceError| sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: Box::new(wrong),
    })
}

/// The suite of a key, kept as the `alg` of its HTTP signatures.
fn suite(row: &SqliteRow) -> Result<msgpay_wire::SuiteId, sqlx::Error> {
    let held: &str = row.try_get("alg")?;
    msgpay_wire::httpsig::suite_of_alg(held).ok_or_else(|| sqlx::Error::ColumnDecode {
        index: "alg".to_owned(),
        source: "an algorithm that is not known".into(),
    })
}

/// A number that is never negative where it is stored.
fn count(row: &SqliteRow, column: &'static str) -> Result<u64, sqlx::Error> {
    let held: i64 = row.try_get(column)?;
    u64::try_from(held)
        .map_err(|wrong| sqlx::Error::ColumnDecode { index: column.to_owned(), source: Box::new(wrong) })
}

#[cfg(test)]
mod tests;
