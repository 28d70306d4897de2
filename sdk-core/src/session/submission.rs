//! A request that can pay. It does not compile without the three proofs.

use msgpay_wire::{
    Digest,
    entry::EntryPurpose,
    request::{self, RequestParts},
};

use super::{Core, confirmation::Confirmed, launched::Launched, review::Reviewed};
use crate::{
    environment::Cleared,
    failure::HostFault,
    host::Request,
    keypad::{Parcel, SealedEntry},
    records::OpenRequest,
    trust::Crypto,
};

/// Where the request goes.
#[derive(Clone, Copy)]
pub(super) enum Call {
    /// `POST /sdk/v1/payments`.
    Payment,
    /// `POST /sdk/v1/passwords`.
    Password,
    /// `POST /sdk/v1/biometrics`: the key that has confirmed goes with it.
    Biometric,
}

impl Call {
    fn path(self) -> &'static str {
        match self {
            Self::Payment => "/sdk/v1/payments",
            Self::Password => "/sdk/v1/passwords",
            Self::Biometric => "/sdk/v1/biometrics",
        }
    }
}

/// The proof that the factors are sealed for this launch. Only [`Packaged::add`] puts one in.
#[derive(Default)]
pub(super) struct Packaged(Parcel);

impl Packaged {
    /// Adds a sealed entry; `false` when it was made for another purpose, nonce or order, or may
    /// not join what is there.
    #[must_use]
    pub(super) fn add(&mut self, sealed: SealedEntry, purpose: EntryPurpose, launched: &Launched) -> bool {
        let answer = &launched.answer;
        self.0.add(sealed, purpose, &answer.server_nonce, &answer.summary_digest)
    }

    /// Whether nothing was typed yet.
    pub(super) fn is_empty(&self) -> bool {
        self.0.packaged().is_empty()
    }
}

/// All that a request needs, proven.
pub(super) struct Submission {
    pub(super) call: Call,
    pub(super) subject_no: String,
    pub(super) launched: Launched,
    pub(super) reviewed: Reviewed,
    pub(super) cleared: Cleared,
    pub(super) packaged: Packaged,
    /// The biometric key has signed it, where the way needs that.
    pub(super) confirmed: Option<Confirmed>,
}

impl Submission {
    pub(super) fn institution(&self) -> &str {
        &self.launched.membership.institution
    }

    pub(super) fn took_too_long(&self, core: &Core) -> bool {
        self.launched.took_too_long(&*core.host.clock)
    }

    /// What the keys sign and a receipt answers; `kid` is the biometric key's that signs as well.
    pub(super) fn request_digest(&self, kid: Option<&Digest>) -> Digest {
        let (answer, membership) = (&self.launched.answer, &self.launched.membership);
        let parts = RequestParts {
            suite: answer.suite,
            device_id: &membership.device_id,
            wallet_id: &membership.wallet_id,
            order_digest: self.reviewed.order_digest(),
            packaged: self.packaged.0.packaged(),
            biometric: kid,
            evidence: &[],
            server_nonce: &answer.server_nonce,
        };
        request::request_digest(&Crypto, &parts)
    }

    /// The device key signs the request digest, and then the HTTP request. Nothing has left yet.
    pub(super) fn sign(&self, core: &Core) -> Result<(OpenRequest, Request), HostFault> {
        let (answer, membership) = (&self.launched.answer, &self.launched.membership);
        let biometric = self.confirmed.as_ref().map(Confirmed::touched);
        let request_digest = self.request_digest(biometric.as_ref().map(|touched| &touched.kid));
        let signature =
            core.host.keystore.sign(&membership.key_name, &request::device_message(&request_digest))?;
        let body = request::Submission {
            pay_order_no: self.subject_no.clone(),
            server_nonce: answer.server_nonce,
            packaged: self.packaged.0.packaged().to_vec(),
            evidence: Vec::new(),
            device_signature: signature.to_vec(),
            biometric,
        };
        let body = match (self.call, &self.confirmed) {
            (Call::Biometric, Some(confirmed)) => confirmed.enrolment(body).encode(),
            _ => body.encode(),
        };
        let open = OpenRequest {
            institution: membership.institution.clone(),
            subject_no: self.subject_no.clone(),
            suite: answer.suite,
            device_id: membership.device_id.clone(),
            key_name: membership.key_name.clone(),
            key_suite: membership.key_suite,
            server_nonce: answer.server_nonce,
            order_digest: *self.reviewed.order_digest(),
            request_digest,
            receipt_kid_min: self.cleared.receipt_kid_min(),
            issued_s: self.launched.issued_s(),
        };
        let request = core.signed(&open.institution, open.device(), self.call.path(), body)?;
        Ok((open, request))
    }
}
