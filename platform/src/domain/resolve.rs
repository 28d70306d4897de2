//! What became of a request whose answer was lost.
//!
//! A request that never came is voided in the same step, so that it can't pay when it comes after all. Until a
//! receipt is given, the handset must not try again.

use msgpay_wire::problem::Code;

use super::{Answer, PayError, Payments, Refusal, Verdict, payments::RETRY_MS};
use crate::store::{Device, NonceState};

impl Payments {
    /// Tells the outcome of the request with that nonce and digest, or voids it.
    ///
    /// # Errors
    /// [`PayError`].
    pub async fn resolve(
        &self,
        device: &Device,
        subject_no: &str,
        server_nonce: &[u8; 16],
        request_digest: &[u8; 32],
    ) -> Result<Answer, PayError> {
        let record = self
            .store
            .launch(server_nonce)
            .await?
            .filter(|record| record.device_id == device.device_id && record.subject_no == subject_no);
        let Some(record) = record else { return Ok(Answer::Refused(Refusal::at_door(Code::NonceSpent))) };
        let other = || Ok(Answer::Refused(Refusal::at_door(Code::NonceSpent)));
        match &record.state {
            NonceState::Concluded(receipt) if receipt.fields.request_digest == *request_digest => {
                return Ok(Answer::Receipt(receipt.clone()));
            }
            NonceState::Consumed { request_digest: held, attempt_no, .. } if held == request_digest => {
                if attempt_no.is_some() {
                    return Ok(Answer::Working { retry_after_ms: RETRY_MS });
                }
            }
            NonceState::Fresh => {}
            // Another request used this nonce: about the one that is asked for there is nothing to say.
            NonceState::Concluded(_) | NonceState::Consumed { .. } => return other(),
        }
        let receipt = self.signed_receipt(&record, request_digest, Verdict::Void, None, None)?;
        let stale = self.store.clock().now_ms() - self.rules.stale_ms;
        Ok(match self.store.void_nonce(&record, receipt, stale).await? {
            Some(held) if held.fields.request_digest == *request_digest => Answer::Receipt(held),
            Some(_) => return other(),
            None => Answer::Working { retry_after_ms: RETRY_MS },
        })
    }
}
