//! The biometric key at the institution of the tests, and the finger of the tests' person.

use msgpay_wire::{
    Digest, Primitives as _,
    factors::{biometric_kid, biometric_message},
    problem::Code,
    receipt::Verdict,
    request::{Enrolment, Setup, Submission},
    summary::BiometricSummary,
};

use super::{
    PASSWORD, World,
    desk::{now_s, refused},
    house::{House, WALLET},
    type_in,
};
use crate::{
    Answer, BiometricEnrolment, Confirmation, EnrolmentOutcome, EnrolmentStep, Request, SuiteId,
    trust::Crypto,
};

impl House {
    pub(super) fn begin_enrolment(&self, request: &Request) -> Answer {
        let asked = Setup::read(&request.body).unwrap();
        let summary = BiometricSummary {
            institution_id: self.id.clone(),
            wallet_id: WALLET.into(),
            setup_no: "S2".into(),
            mobile_masked: "199****1234".into(),
            expires: now_s(&self.clock) + 180,
            alone_fen_max: 20_000,
        };
        self.hand_out("S2", Crypto.hash(self.suite, b""), asked.client_nonce, summary.encode())
    }

    pub(super) fn enrol(&self, body: &[u8]) -> Answer {
        let Enrolment { submission: asked, suite, public_key } = Enrolment::read(body).unwrap();
        let (order_digest, request_digest) = match self.taken(&asked) {
            Ok(digests) => digests,
            Err(code) => return refused(code, None),
        };
        let mut receipt = self.receipt(&asked, order_digest, request_digest);
        let opened = self.opened(&asked, order_digest).unwrap();
        let [(_, typed)] = opened.as_slice() else { panic!("one entry") };
        if !self.touched_by((suite, public_key), &asked, &request_digest) {
            (receipt.verdict, receipt.reason) = (Verdict::Fail, Code::Biometric.code().to_owned());
        } else if self.is_right(&mut receipt, typed) {
            self.state().biometric = Some((suite, public_key));
        }
        self.finish(&asked, receipt)
    }

    /// Why the factors of a payment do not do, if they do not: by the policy, and by the key that was taken.
    pub(super) fn factors_refused(&self, asked: &Submission, request_digest: &Digest) -> Option<Code> {
        if !self.state().orders.contains_key(&asked.pay_order_no) {
            return None;
        }
        let (ways, key) = {
            let state = self.state();
            (state.policy.clone().unwrap().ways, state.biometric)
        };
        if !ways.iter().any(|way| way.is(&asked.factors())) {
            return Some(Code::Factors);
        }
        let touched = key.is_some_and(|key| self.touched_by(key, asked, request_digest));
        (asked.biometric.is_some() && !touched).then_some(Code::Biometric)
    }

    fn touched_by(&self, key: (SuiteId, [u8; 65]), asked: &Submission, request_digest: &Digest) -> bool {
        let Some(touched) = &asked.biometric else { return false };
        let kid = biometric_kid(&Crypto, key.0, &key.1);
        let message = biometric_message(self.suite, &kid, request_digest);
        touched.kid == kid && Crypto.verify(key.0, &key.1, &message, &touched.signature)
    }
}

impl World {
    /// Ready, and a biometric key enrolled; the policy lists these ways.
    pub(crate) fn enrolled(ways: &[msgpay_wire::factors::Way]) -> Self {
        let world = Self::ready();
        assert!(matches!(world.enrol(PASSWORD), EnrolmentOutcome::Enrolled(_)));
        world.allow(ways);
        world
    }

    pub(crate) fn allow(&self, ways: &[msgpay_wire::factors::Way]) {
        self.house.state().policy.as_mut().unwrap().ways = ways.to_vec();
    }

    /// The finger is on the phone.
    pub(crate) fn touch(&self, confirmation: &Confirmation) -> [u8; 64] {
        self.keystore.touched(&confirmation.key_name, &confirmation.message).unwrap()
    }

    /// A whole enrolment with this password.
    pub(crate) fn enrol(&self, password: &[u8]) -> EnrolmentOutcome {
        self.enrol_on(&mut self.msgpay.enrol_biometric("WALLET_A").unwrap(), password)
    }

    pub(crate) fn enrol_on(&self, session: &mut BiometricEnrolment, password: &[u8]) -> EnrolmentOutcome {
        loop {
            match session.step().unwrap() {
                EnrolmentStep::Send(request) => session.answered(Ok(self.house.serve(&request))).unwrap(),
                EnrolmentStep::Review(review) => session.accept(&review).unwrap(),
                EnrolmentStep::EnterPassword(entry) => session.entered(type_in(entry, password)).unwrap(),
                EnrolmentStep::ConfirmBiometric(asked) => session.confirmed(self.touch(&asked)).unwrap(),
                EnrolmentStep::Concluded(outcome) => return outcome,
            }
        }
    }
}
