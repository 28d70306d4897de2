//! The road of one payment request. Each check leaves a value that the next step takes:
//!
//! ```text
//! signed    own record found, device key's signature over the request digest   nothing counted, nonce untouched
//! signable  a receipt key lasts until the bank's last word, whatever it is      nothing counted, nonce untouched
//! claimed   nonce used up by compare-and-set                                    from here every answer is a receipt
//! touched   the factors are those of a way that was recorded with the nonce,
//!           the biometric key's signature over the request digest holds         nothing counted
//! opened    the envelope opens under our own record                             what fails before here is never counted;
//!                                                                               why, log and audit alone know
//! counted   one more try, in a commit of its own; without an entry none is
//! verified  the password is right
//! begun     Tx B, then the bank
//! settled   Tx C
//! ```

use std::{sync::Arc, time::Duration};

use msgpay_crypto::{SecretPage, password};
use msgpay_wire::{
    Primitives, SuiteId,
    problem::Code,
    request::{Packaged, RequestParts, Submission, device_message, request_digest},
};

use super::{
    Answer, Fault, OrderStatus, PayError, Receipt, ReceiptFields, Refusal, Rules, Signer, Verdict, enrolment,
    was_paid,
};
use crate::{
    bank::{Channel, Debit, Debited},
    factors::{Factors, Opening, Permit, StillSealed},
    keys::BuiltIn,
    store::{
        self, Begun, Consumed, Counted, Device, LaunchRecord, NewAttempt, NonceState, Settled, Store, Work,
    },
};

/// A handset asks again after this.
pub(super) const RETRY_MS: u64 = 1_000;
/// Requests to the bank that surely did not arrive are sent so often in all.
const SENDS_MAX: u32 = 3;
/// A dead process's attempt is asked about this long after the bank's deadline.
const ORPHAN_MS: i64 = 5_000;

/// The payment service. Cheap to clone.
#[derive(Clone)]
pub struct Payments {
    pub(super) store: Store,
    pub(super) bank: Arc<dyn Channel>,
    pub(super) factors: Factors,
    pub(super) signer: Arc<dyn Signer>,
    pub(super) rules: Arc<Rules>,
}

/// The device's signature over this request holds; the record behind its nonce is ours.
pub(super) struct Signed {
    pub(super) record: LaunchRecord,
    pub(super) digest: [u8; 32],
}

/// The nonce is used up by this request; there is room to verify it.
pub(super) struct Claimed {
    pub(super) record: LaunchRecord,
    pub(super) digest: [u8; 32],
    pub(super) permit: Permit,
    order: Option<(OrderStatus, i64)>,
}

impl Payments {
    /// Puts the service together. Spawn [`run`](Self::run) beside it.
    pub fn new(
        store: Store,
        bank: Arc<dyn Channel>,
        factors: Factors,
        signer: Arc<dyn Signer>,
        rules: Rules,
    ) -> Self {
        Self { store, bank, factors, signer, rules: Arc::new(rules) }
    }

    /// Takes a payment request to its end, whether or not the caller stays to hear it.
    ///
    /// # Errors
    /// [`PayError`]: the platform's own fault; the handset has to `resolve`.
    pub async fn submit(&self, device: &Device, request: Submission) -> Result<Answer, PayError> {
        let (this, device) = (self.clone(), device.clone());
        // A handset that hangs up must not stop a debit half-way.
        tokio::spawn(async move { this.pay(&device, &request).await }).await.map_err(|_| PayError::Lost)?
    }

    pub(super) async fn pay(&self, device: &Device, request: &Submission) -> Result<Answer, PayError> {
        let claimed = match self.claim(device, request, Work::Payment).await? {
            Ok(claimed) => claimed,
            Err(refusal) => return Ok(Answer::Refused(refusal)),
        };
        if let Some(code) = self.payable(&claimed) {
            return self.refuse(&claimed, code, None).await;
        }
        if let Some(code) = self.factors_refused(&claimed, request).await? {
            return self.refuse(&claimed, code, None).await;
        }
        match request.packaged.first() {
            None => self.debit(claimed, false).await,
            Some(entry) => match self.password_is_right(claimed, entry).await? {
                Ok(claimed) => self.debit(claimed, true).await,
                Err(answer) => Ok(answer),
            },
        }
    }

    /// Opens the entry, counts the try, verifies the password; or gives the answer that concludes the request.
    pub(super) async fn password_is_right(
        &self,
        claimed: Claimed,
        entry: &Packaged,
    ) -> Result<Result<Claimed, Answer>, PayError> {
        let password = match self.open(&claimed, entry).await? {
            Ok(password) => password,
            Err(sealed) => return self.refuse_sealed(&claimed, vec![sealed]).await.map(Err),
        };
        let (phc, tries_left, number, streak) = match self.store.count_attempt(&claimed.record).await? {
            Counted::Try { phc, tries_left, number, streak } => (phc, tries_left, number, streak),
            Counted::Locked => return self.refuse(&claimed, Code::Locked, None).await.map(Err),
            Counted::NotSet => return self.refuse(&claimed, Code::PasswordState, None).await.map(Err),
        };
        self.rules.faults.reach(Fault::AfterCount);
        let claimed = Claimed { record: LaunchRecord { counted: number, ..claimed.record }, ..claimed };
        let judged = self.factors.verify(&claimed.permit, &claimed.record.wallet_id, phc, password).await;
        let verdict = match judged {
            Ok(verdict) => verdict,
            Err(own) => {
                self.store.take_back(&claimed.record, streak).await?;
                return Err(own.into());
            }
        };
        if verdict == password::Answer::Wrong {
            let code = if tries_left == 0 { Code::Locked } else { Code::WrongPassword };
            return self.refuse(&claimed, code, Some(tries_left)).await.map(Err);
        }
        Ok(Ok(claimed))
    }

    /// All factors hold: Tx B, the bank, Tx C. Only a right password is forgiven its wrong ones.
    async fn debit(&self, mut claimed: Claimed, by_password: bool) -> Result<Answer, PayError> {
        let wait = i64::try_from(self.rules.bank_deadline_ms).unwrap_or(ORPHAN_MS);
        let attempt = store::new_attempt(&self.rules.institution, wait.saturating_add(ORPHAN_MS))?;
        let attempt = NewAttempt { by_password, ..attempt };
        let attempt_no = attempt.attempt_no.clone();
        let (amount_fen, account) = match self.store.begin(&claimed.record, attempt).await? {
            Begun::Yes { amount_fen, bank_account, number } => {
                claimed.record.counted = number;
                (amount_fen, bank_account)
            }
            Begun::Locked => return self.refuse(&claimed, Code::Locked, None).await,
            Begun::Overtaken(receipt) => return Ok(Answer::concluded(receipt)),
            Begun::AlreadyPaid => return self.refuse(&claimed, Code::AlreadyPaid, None).await,
            Begun::InProgress => return self.refuse(&claimed, Code::InProgress, None).await,
            Begun::Closed => return self.refuse(&claimed, Code::Closed, None).await,
            Begun::Stopped => return self.refuse(&claimed, Code::NotAllowed, None).await,
        };
        // The clean-room thread is free for the next one while the bank thinks.
        let Claimed { record, digest, permit, .. } = claimed;
        drop(permit);
        self.rules.faults.reach(Fault::AfterBegin);
        let answer = self.ask(Debit { attempt_no: attempt_no.clone(), account, amount_fen }).await;
        self.rules.faults.reach(Fault::AfterBankBeforeSettle);
        let receipt = match answer {
            Debited::Approved { bank_ref } => {
                self.conclude(&attempt_no, &record, &digest, Ok(bank_ref)).await?
            }
            Debited::Declined(decline) => {
                self.conclude(&attempt_no, &record, &digest, Err(decline.code())).await?
            }
            Debited::NotSent => self.conclude(&attempt_no, &record, &digest, Err(Code::Channel)).await?,
            Debited::Unknown => {
                self.store.mark_unknown(&attempt_no).await?;
                return Ok(Answer::Working { retry_after_ms: RETRY_MS });
            }
        };
        self.rules.faults.reach(Fault::AfterSettleBeforeReply);
        Ok(Answer::concluded(receipt))
    }

    /// Asks the bank within the deadline. What surely did not arrive is sent again under the same number;
    /// silence is UNKNOWN, never a failure.
    async fn ask(&self, debit: Debit) -> Debited {
        let deadline = Duration::from_millis(self.rules.bank_deadline_ms);
        let tries = async {
            for _ in 1..SENDS_MAX {
                match self.bank.debit(debit.clone()).await {
                    Debited::NotSent => {}
                    answer => return answer,
                }
            }
            self.bank.debit(debit).await
        };
        tokio::time::timeout(deadline, tries).await.unwrap_or(Debited::Unknown)
    }

    /// Tx C with a signed receipt: the bank's reference, or why not. Gives the receipt that holds.
    pub(super) async fn conclude(
        &self,
        attempt_no: &str,
        record: &LaunchRecord,
        digest: &[u8; 32],
        outcome: Result<String, Code>,
    ) -> Result<Receipt, PayError> {
        let (verdict, code) = match &outcome {
            Ok(_) => (Verdict::Success, None),
            Err(code) => (Verdict::Fail, Some(*code)),
        };
        let receipt = self.signed_receipt(record, digest, verdict, code, None)?;
        match self.store.settle(attempt_no, outcome.ok(), receipt).await? {
            Settled::Now(receipt) => Ok(receipt),
            Settled::Before(held) => {
                self.compare(attempt_no, verdict == Verdict::Success).await?;
                Ok(held)
            }
        }
    }

    /// Form, record and signature; then room on the threads; then the nonce. A refusal here concludes nothing.
    pub(super) async fn claim(
        &self,
        device: &Device,
        request: &Submission,
        work: Work,
    ) -> Result<Result<Claimed, Refusal>, PayError> {
        let signed = match self.signed(device, request, work).await? {
            Ok(signed) => signed,
            Err(code) => return Ok(Err(Refusal::at_door(code))),
        };
        let busy = || Refusal { retry_after_ms: Some(RETRY_MS), ..Refusal::at_door(Code::Unavailable) };
        if !self.signable(&signed.record) {
            tracing::error!(event = "receipt_key_ends", reason = "make one and have the root sign it");
            return Ok(Err(busy()));
        }
        let Some(permit) = self.factors.admit() else { return Ok(Err(busy())) };
        let Signed { record, digest } = signed;
        match self.store.consume_nonce(&record, digest).await? {
            Consumed::Refused => Ok(Err(Refusal::at_door(Code::NonceSpent))),
            Consumed::Yours { order } => {
                self.rules.faults.reach(Fault::AfterConsume);
                Ok(Ok(Claimed { record, digest, permit, order }))
            }
        }
    }

    /// Whether what is begun now can be concluded: nobody is debited without a receipt.
    fn signable(&self, record: &LaunchRecord) -> bool {
        let now_ms = self.store.clock().now_ms();
        let wait = i64::try_from(self.rules.bank_deadline_ms).unwrap_or(i64::MAX);
        let until_ms = now_ms.saturating_add(wait).saturating_add(ORPHAN_MS + store::CHECKS_MS);
        self.signer.lasts(record.suite, now_ms, until_ms)
    }

    async fn signed(
        &self,
        device: &Device,
        request: &Submission,
        work: Work,
    ) -> Result<Result<Signed, Code>, PayError> {
        if !device.active {
            return Ok(Err(Code::NotAllowed));
        }
        if !enrolment::has_form(request, work) {
            return Ok(Err(Code::Malformed));
        }
        let record = self.store.launch(&request.server_nonce).await?.filter(|record| {
            record.device_id == device.device_id
                && record.subject_no == request.pay_order_no
                && record.work == work
                && record.state == NonceState::Fresh
        });
        let Some(record) = record else { return Ok(Err(Code::NonceSpent)) };
        let Some(suite) = SuiteId::from_number(record.suite) else { return Ok(Err(Code::NonceSpent)) };
        if !self.rules.policy.allows_device(device.suite, suite) {
            return Ok(Err(Code::Suite));
        }
        let digest = request_digest(
            &BuiltIn,
            &RequestParts {
                suite,
                device_id: &device.device_id,
                wallet_id: &record.wallet_id,
                order_digest: &record.order_digest,
                packaged: &request.packaged,
                biometric: request.biometric.as_ref().map(|touched| &touched.kid),
                evidence: &request.evidence,
                server_nonce: &record.nonce,
            },
        );
        let message = device_message(&digest);
        // In the device key's own suite, which the policy allows for this one.
        if !BuiltIn.verify(device.suite, &device.public_key, &message, &request.device_signature) {
            return Ok(Err(Code::Signature));
        }
        Ok(Ok(Signed { record, digest }))
    }

    fn payable(&self, claimed: &Claimed) -> Option<Code> {
        match claimed.order {
            None => Some(Code::OrderUnknown),
            Some((status, _)) if was_paid(status) => Some(Code::AlreadyPaid),
            Some((OrderStatus::Paying, _)) => Some(Code::InProgress),
            Some((OrderStatus::WaitPay, fen)) => {
                self.rules.fen_max.is_some_and(|most| fen > most).then_some(Code::Limit)
            }
            Some(_) => Some(Code::Closed),
        }
    }

    /// Opens an entry under our own record. Why it does not open is said in our log, and in the audit trail by
    /// [`refuse_sealed`](Self::refuse_sealed); what was opened on the way to the reason is wiped and told nowhere.
    pub(super) async fn open(
        &self,
        claimed: &Claimed,
        entry: &Packaged,
    ) -> Result<Result<SecretPage, StillSealed>, PayError> {
        let (record, purpose) = (&claimed.record, entry.purpose);
        let opening = Opening::of(record, purpose, &self.rules.modes, entry.envelope.clone());
        let opened = self.factors.open(&claimed.permit, opening).await?;
        Ok(opened.map_err(|why| {
            tracing::warn!(
                event = "entry_unopened",
                reason = why.word(),
                device = record.device_id.as_str(),
                order = record.subject_no.as_str(),
            );
            StillSealed { purpose, why }
        }))
    }

    /// Concludes a claimed request whose entries did not all open: one answer, whatever the reason.
    pub(super) async fn refuse_sealed(
        &self,
        claimed: &Claimed,
        sealed: Vec<StillSealed>,
    ) -> Result<Answer, PayError> {
        self.conclude_refused(claimed, Code::Unopenable, None, sealed).await
    }

    /// Concludes a claimed request with a signed FAIL.
    pub(super) async fn refuse(
        &self,
        claimed: &Claimed,
        code: Code,
        tries_left: Option<u32>,
    ) -> Result<Answer, PayError> {
        self.conclude_refused(claimed, code, tries_left, Vec::new()).await
    }

    async fn conclude_refused(
        &self,
        claimed: &Claimed,
        code: Code,
        tries_left: Option<u32>,
        sealed: Vec<StillSealed>,
    ) -> Result<Answer, PayError> {
        let (record, digest) = (&claimed.record, &claimed.digest);
        let receipt = self.signed_receipt(record, digest, Verdict::Fail, Some(code), tries_left)?;
        Ok(Answer::concluded(self.store.refuse(record, receipt, sealed).await?))
    }

    pub(super) fn signed_receipt(
        &self,
        record: &LaunchRecord,
        digest: &[u8; 32],
        verdict: Verdict,
        code: Option<Code>,
        tries_left: Option<u32>,
    ) -> Result<Receipt, PayError> {
        let fields = ReceiptFields {
            suite: record.suite,
            device_id: record.device_id.clone(),
            subject_no: record.subject_no.clone(),
            order_digest: record.order_digest,
            request_digest: *digest,
            verdict,
            reason: code.map_or_else(String::new, |code| code.code().to_owned()),
            // A clock that was set back must not conclude a request before its nonce was issued: no handset believes that.
            at_ms: self.store.clock().now_ms().max(record.issued_at_ms),
            attempt: record.counted,
            tries_left,
        };
        let cose = self.signer.sign_receipt(&fields)?;
        Ok(Receipt { fields, cose })
    }
}
