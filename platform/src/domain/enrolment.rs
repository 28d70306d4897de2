//! A device's biometric key: taken when it signs the request itself and the wallet's password allows it.

use msgpay_wire::{
    Primitives, SuiteId,
    entry::EntryPurpose,
    factors::{biometric_kid, biometric_message},
    problem::Code,
    request::{Enrolment, Submission, Touched},
};

use super::{Answer, PayError, Payments, Refusal, Verdict, payments::Claimed};
use crate::{
    keys::BuiltIn,
    store::{BiometricKey, Device, Enrolled, Work},
};

impl Payments {
    /// Takes a device's biometric key in the place of the one before.
    ///
    /// # Errors
    /// [`PayError`].
    pub async fn enrol_biometric(&self, device: &Device, request: Enrolment) -> Result<Answer, PayError> {
        let (this, device) = (self.clone(), device.clone());
        tokio::spawn(async move { this.enrol(&device, request).await }).await.map_err(|_| PayError::Lost)?
    }

    async fn enrol(&self, device: &Device, request: Enrolment) -> Result<Answer, PayError> {
        let Enrolment { submission, suite, public_key } = request;
        let [entry] = submission.packaged.as_slice() else {
            return Ok(Answer::Refused(Refusal::at_door(Code::Malformed)));
        };
        let claimed = match self.claim(device, &submission, Work::Biometric).await? {
            Ok(claimed) => claimed,
            Err(refusal) => return Ok(Answer::Refused(refusal)),
        };
        let key = BiometricKey { kid: biometric_kid(&BuiltIn, suite, &public_key), suite, public_key };
        if !self.allows_key(&claimed, &key) {
            return self.refuse(&claimed, Code::Suite, None).await;
        }
        if !touched(&claimed, &submission, &key) {
            return self.refuse(&claimed, Code::Biometric, None).await;
        }
        let claimed = match self.password_is_right(claimed, entry).await? {
            Ok(claimed) => claimed,
            Err(answer) => return Ok(answer),
        };
        let receipt = self.signed_receipt(&claimed.record, &claimed.digest, Verdict::Success, None, None)?;
        match self.store.enrol(&claimed.record, key, receipt).await? {
            Enrolled::Done(receipt) | Enrolled::Overtaken(receipt) => Ok(Answer::concluded(receipt)),
            Enrolled::KeyTaken => self.refuse(&claimed, Code::Biometric, None).await,
            Enrolled::Stopped => self.refuse(&claimed, Code::NotAllowed, None).await,
        }
    }

    fn allows_key(&self, claimed: &Claimed, key: &BiometricKey) -> bool {
        SuiteId::from_number(claimed.record.suite)
            .is_some_and(|suite| self.rules.policy.allows_device(key.suite, suite))
    }

    /// Why the factors of a payment do not do: held to what our own record says that this launch was offered, and to the
    /// key that this device has enrolled. Nothing is counted by then.
    pub(super) async fn factors_refused(
        &self,
        claimed: &Claimed,
        request: &Submission,
    ) -> Result<Option<Code>, PayError> {
        if !claimed.record.ways.iter().any(|way| way.is(&request.factors())) {
            return Ok(Some(Code::Factors));
        }
        if request.biometric.is_none() {
            return Ok(None);
        }
        let key = self.store.biometric_key(&claimed.record.device_id).await?;
        let fits = key.is_some_and(|key| self.allows_key(claimed, &key) && touched(claimed, request, &key));
        Ok((!fits).then_some(Code::Biometric))
    }
}

/// Whether the key signed this request.
fn touched(claimed: &Claimed, request: &Submission, key: &BiometricKey) -> bool {
    let (Some(Touched { kid, signature }), Some(suite)) =
        (&request.biometric, SuiteId::from_number(claimed.record.suite))
    else {
        return false;
    };
    let message = biometric_message(suite, &key.kid, &claimed.digest);
    *kid == key.kid && BuiltIn.verify(key.suite, &key.public_key, &message, signature)
}

/// Whether a request carries the entries of its work, and a biometric signature only where one may be.
pub(super) fn has_form(request: &Submission, work: Work) -> bool {
    let entries: Vec<_> = request.packaged.iter().map(|p| p.purpose).collect();
    match work {
        Work::Payment => matches!(entries.as_slice(), [] | [EntryPurpose::Password]),
        Work::Password => {
            entries == [EntryPurpose::PasswordNew, EntryPurpose::PasswordRepeat]
                && request.biometric.is_none()
        }
        Work::Biometric => entries == [EntryPurpose::Password] && request.biometric.is_some(),
    }
}
