//! Nonces of HTTP message signatures: good once per key id within the window of ±300 s, kept at least 10 minutes.

use super::{Store, StoreError, Tx};

/// A bucket's length; two whole buckets are kept beside the current one.
const BUCKET_MS: i64 = 600_000;

impl Store {
    /// Uses a nonce up. `false`: this key has used it before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn use_http_nonce(&self, key_id: &str, nonce: &str) -> Result<bool, StoreError> {
        let (key_id, nonce) = (key_id.to_owned(), nonce.to_owned());
        self.writer()
            .write(move |mut tx| Box::pin(async move { use_once(&mut tx, &key_id, &nonce).await }))
            .await
    }

    /// Forgets nonces that no window can reach any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn purge(&self) -> Result<(), StoreError> {
        self.writer()
            .write(|tx| {
                Box::pin(async move {
                    sqlx::query("DELETE FROM nonce WHERE bucket < ?1")
                        .bind(tx.now_ms.div_euclid(BUCKET_MS) - 2)
                        .execute(&mut *tx.conn)
                        .await?;
                    Ok(())
                })
            })
            .await
    }
}

pub(super) async fn use_once(tx: &mut Tx<'_>, key_id: &str, nonce: &str) -> Result<bool, StoreError> {
    // The bucket is part of the key only for the purge; a nonce seen in an earlier bucket is still a replay.
    let done = sqlx::query(
        "WITH v(bucket, key_id, nonce) AS (VALUES (?1, ?2, ?3))
         INSERT INTO nonce(bucket, key_id, nonce) SELECT bucket, key_id, nonce FROM v
         WHERE NOT EXISTS(SELECT 1 FROM nonce n WHERE n.key_id = v.key_id AND n.nonce = v.nonce)",
    )
    .bind(tx.now_ms.div_euclid(BUCKET_MS))
    .bind(key_id)
    .bind(nonce)
    .execute(&mut *tx.conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
