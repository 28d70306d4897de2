//! The biometric keys of devices: one each, taken by the password, ended with the device or another password.

use msgpay_wire::{Digest, SuiteId, httpsig::alg};
use sqlx::{FromRow, sqlite::SqliteRow};

use super::{LaunchRecord, Store, StoreError, Tx, audit, passwords, receipts};
use crate::domain::Receipt;

/// A device's biometric key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BiometricKey {
    /// Which key, as requests name it.
    pub kid: Digest,
    /// Its suite.
    pub suite: SuiteId,
    /// SEC1 uncompressed, 65 bytes.
    pub public_key: [u8; 65],
}

/// What became of an enrolment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Enrolled {
    /// Taken; this receipt holds.
    Done(Receipt),
    /// Concluded meanwhile (voided): this receipt holds.
    Overtaken(Receipt),
    /// The key is a device's, or another device's biometric key.
    KeyTaken,
    /// The device or its wallet was stopped meanwhile.
    Stopped,
}

impl Store {
    /// The biometric key of a device, if it has one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn biometric_key(&self, device_id: &str) -> Result<Option<BiometricKey>, StoreError> {
        let sql = "SELECT kid, alg, public_key FROM biometric_key WHERE device_id = ?1";
        Ok(sqlx::query_as(sql).bind(device_id).fetch_optional(self.read()).await?)
    }

    /// Takes a device's new biometric key in the place of the one before, breaks the row of wrong passwords (this one was
    /// right), and concludes the nonce, all at once.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn enrol(
        &self,
        record: &LaunchRecord,
        key: BiometricKey,
        receipt: Receipt,
    ) -> Result<Enrolled, StoreError> {
        let record = record.clone();
        self.writer()
            .write(move |mut tx| Box::pin(async move { enrol(&mut tx, &record, &key, &receipt).await }))
            .await
    }
}

async fn enrol(
    tx: &mut Tx<'_>,
    record: &LaunchRecord,
    key: &BiometricKey,
    receipt: &Receipt,
) -> Result<Enrolled, StoreError> {
    passwords::forgive(tx, &record.wallet_id).await?;
    if let Some(held) = receipts::find(&mut *tx.conn, &record.nonce).await? {
        return Ok(Enrolled::Overtaken(held));
    }
    let taken: (bool,) = sqlx::query_as(
        "SELECT EXISTS(SELECT 1 FROM device_key WHERE public_key = ?1)
             OR EXISTS(SELECT 1 FROM biometric_key WHERE public_key = ?1 AND device_id <> ?2)",
    )
    .bind(key.public_key.as_slice())
    .bind(&record.device_id)
    .fetch_one(&mut *tx.conn)
    .await?;
    if taken.0 {
        return Ok(Enrolled::KeyTaken);
    }
    let done = sqlx::query(
        "INSERT INTO biometric_key(device_id, kid, alg, public_key, made_at)
         SELECT d.device_id, ?2, ?3, ?4, ?5 FROM device_key d JOIN wallet w ON w.id = d.wallet_id
         WHERE d.device_id = ?1 AND d.status = 'ACTIVE' AND w.status = 'ACTIVE'
         ON CONFLICT(device_id) DO UPDATE SET kid = ?2, alg = ?3, public_key = ?4, made_at = ?5",
    )
    .bind(&record.device_id)
    .bind(key.kid.as_slice())
    .bind(alg(key.suite))
    .bind(key.public_key.as_slice())
    .bind(tx.now_ms)
    .execute(&mut *tx.conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(Enrolled::Stopped);
    }
    let actor = format!("device:{}", record.device_id);
    audit::note(tx, &actor, "BIOMETRIC_ENROL", &record.wallet_id, "OK").await?;
    Ok(Enrolled::Done(receipts::keep(tx, &record.nonce, receipt).await?))
}

/// Whoever knew the password that is no more may have enrolled a key by it.
pub(super) async fn end_all(tx: &mut Tx<'_>, wallet_id: &str) -> Result<(), StoreError> {
    let ended = sqlx::query(
        "DELETE FROM biometric_key WHERE device_id IN (SELECT device_id FROM device_key WHERE wallet_id = ?1)",
    )
    .bind(wallet_id)
    .execute(&mut *tx.conn)
    .await?;
    if ended.rows_affected() > 0 {
        audit::note(tx, "platform", "BIOMETRIC_END", wallet_id, "PASSWORD_SET").await?;
    }
    Ok(())
}

impl FromRow<'_, SqliteRow> for BiometricKey {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            kid: super::bytes(row, "kid")?,
            suite: super::suite(row)?,
            public_key: super::bytes(row, "public_key")?,
        })
    }
}
