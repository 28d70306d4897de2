//! What the handlers share: the institution's name, keys, book and payments, and the rules of each listener.

use std::sync::Arc;

use msgpay_crypto::OpeningKey;
use msgpay_wire::{
    SuiteId,
    receipt::Receipt,
    trust::{Purpose, Signer as _},
};

use crate::{
    clock::SharedClock,
    config::{Institution, Limits, Policy},
    domain::{self, Payments, ReceiptFields, SignError},
    factors::SealKeys,
    http::call::Authorities,
    keys::{InstitutionKeys, ring::KeyRing},
    store::Store,
};

/// What one listener accepts.
pub struct Rules {
    /// Size and time.
    pub limits: Limits,
    /// Whom it answers for.
    pub authorities: Authorities,
}

/// The platform as its handlers see it.
pub struct Platform {
    pub(crate) institution: Institution,
    pub(crate) policy: Policy,
    pub(crate) keys: Arc<KeyRing>,
    pub(crate) store: Store,
    pub(crate) payments: Payments,
    pub(crate) merchant: Rules,
    pub(crate) sdk: Rules,
}

impl Platform {
    /// Who this is.
    pub fn institution(&self) -> &Institution {
        &self.institution
    }
    /// What handsets may do.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }
    /// The institution's keys as they stand now. Keys that belong together come from one call.
    pub fn keys(&self) -> Arc<InstitutionKeys> {
        self.keys.in_use()
    }
    /// The book.
    pub fn store(&self) -> &Store {
        &self.store
    }
    /// The payments.
    pub fn payments(&self) -> &Payments {
        &self.payments
    }
    /// The clock by which everything here is judged.
    pub fn clock(&self) -> &SharedClock {
        self.store.clock()
    }
    /// The merchants' listener.
    pub fn merchant_rules(&self) -> &Rules {
        &self.merchant
    }
    /// The handsets' listener.
    pub fn sdk_rules(&self) -> &Rules {
        &self.sdk
    }
}

/// Signs receipts with the `receipt` key.
pub(crate) struct ReceiptSigner {
    pub(crate) institution_id: String,
    pub(crate) keys: Arc<KeyRing>,
}

impl domain::Signer for ReceiptSigner {
    fn sign_receipt(&self, fields: &ReceiptFields) -> Result<Vec<u8>, SignError> {
        let suite = SuiteId::from_number(fields.suite).ok_or(SignError)?;
        let at_s = fields.at_ms.div_euclid(1000);
        let receipt = Receipt {
            institution_id: self.institution_id.clone(),
            suite,
            device_id: fields.device_id.clone(),
            pay_order_no: fields.subject_no.clone(),
            order_digest: fields.order_digest,
            request_digest: fields.request_digest,
            verdict: fields.verdict,
            reason: fields.reason.clone(),
            time: u64::try_from(at_s).map_err(|_| SignError)?,
            attempt: fields.attempt,
            tries_left: fields.tries_left.map(u64::from),
        };
        // By the time that the receipt bears: at a takeover the clock, read again, would name the other key.
        let keys = self.keys.in_use();
        let key = keys.signer(Purpose::Receipt, suite, at_s).map_err(|_| SignError)?;
        key.sign_object(receipt.payload()).map_err(|_| SignError)
    }

    fn lasts(&self, suite: u64, from_ms: i64, until_ms: i64) -> bool {
        SuiteId::from_number(suite).is_some_and(|suite| {
            let keys = self.keys.in_use();
            keys.lasts(Purpose::Receipt, suite, from_ms.div_euclid(1000), until_ms.div_euclid(1000))
        })
    }
}

/// Opens entries sealed to a key that was good when it was handed out.
pub(crate) struct LiveSealKeys {
    pub(crate) keys: Arc<KeyRing>,
    pub(crate) clock: SharedClock,
}

impl SealKeys for LiveSealKeys {
    fn opening_key(&self, kid: u64) -> Option<Arc<OpeningKey>> {
        self.keys.in_use().seal_by_kid(kid, self.clock.now_s()).map(|seal| Arc::clone(&seal.key))
    }
}
