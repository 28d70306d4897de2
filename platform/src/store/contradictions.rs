//! When the bank says something else than it said before: the first word holds, and a person has to look.

use super::{Store, StoreError, audit};

impl Store {
    /// How an attempt was settled: whether with a debit; `None` while it has no outcome, or for an unknown number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn settled_as(&self, attempt_no: &str) -> Result<Option<bool>, StoreError> {
        let sql = "SELECT status = 'SUCCESS' FROM pay_attempt
                   WHERE attempt_no = ?1 AND status IN('SUCCESS','FAIL')";
        Ok(sqlx::query_scalar(sql).bind(attempt_no).fetch_optional(self.read()).await?)
    }

    /// Puts an attempt before a person: the bank's word contradicts the one that was settled.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn note_contradiction(&self, attempt_no: &str) -> Result<(), StoreError> {
        let attempt_no = attempt_no.to_owned();
        self.writer()
            .write(move |mut tx| {
                Box::pin(async move {
                    audit::note(&mut tx, "platform", "HUMAN_QUEUE", &attempt_no, "CONTRADICTION").await
                })
            })
            .await
    }
}
