//! A new password: two entries, opened and judged here, since the handset cannot.

use msgpay_wire::{problem::Code, request::Submission};

use super::{Answer, PayError, Payments, Refusal, Verdict};
use crate::{
    factors::NewPassword,
    store::{Device, PasswordStored, Work},
};

impl Payments {
    /// Sets the wallet's password from two sealed entries, once per identity check.
    ///
    /// # Errors
    /// [`PayError`].
    pub async fn set_password(&self, device: &Device, request: Submission) -> Result<Answer, PayError> {
        let (this, device) = (self.clone(), device.clone());
        tokio::spawn(async move { this.set(&device, &request).await }).await.map_err(|_| PayError::Lost)?
    }

    async fn set(&self, device: &Device, request: &Submission) -> Result<Answer, PayError> {
        let [new, repeat] = request.packaged.as_slice() else {
            return Ok(Answer::Refused(Refusal::at_door(Code::Malformed)));
        };
        let claimed = match self.claim(device, request, Work::Password).await? {
            Ok(claimed) => claimed,
            Err(refusal) => return Ok(Answer::Refused(refusal)),
        };
        let (new, repeat) = match (self.open(&claimed, new).await?, self.open(&claimed, repeat).await?) {
            (Ok(new), Ok(repeat)) => (new, repeat),
            (new, repeat) => {
                let sealed = [new.err(), repeat.err()].into_iter().flatten().collect();
                return self.refuse_sealed(&claimed, sealed).await;
            }
        };
        let made = self.factors.make(&claimed.permit, &claimed.record.wallet_id, new, repeat).await?;
        let phc = match made {
            NewPassword::Record(phc) => phc,
            NewPassword::Differ => return self.refuse(&claimed, Code::PasswordsDiffer, None).await,
            NewPassword::Weak => return self.refuse(&claimed, Code::WeakPassword, None).await,
        };
        let receipt = self.signed_receipt(&claimed.record, &claimed.digest, Verdict::Success, None, None)?;
        match self.store.set_password(&claimed.record, phc, receipt).await? {
            PasswordStored::Done(receipt) | PasswordStored::NotAllowed(Some(receipt)) => {
                Ok(Answer::concluded(receipt))
            }
            PasswordStored::NotAllowed(None) => self.refuse(&claimed, Code::PasswordState, None).await,
        }
    }
}
