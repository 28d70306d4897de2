//! What the institution of the tests says when it is asked about a request.

use msgpay_wire::{
    receipt::{Receipt, Verdict},
    request::{Resolve, SubmissionAnswer},
    trust::Purpose,
};

use super::{
    books::Done,
    desk::{good, now_s},
    house::{DEVICE, House},
};
use crate::Answer;

impl House {
    pub(super) fn resolve(&self, asked: &Resolve) -> Answer {
        let mut state = self.state();
        let slow = state.bank_slow;
        let nonce = state.nonces.get_mut(&asked.server_nonce).unwrap();
        let signed = match &nonce.result {
            Some(Done::Receipt(signed)) => signed.clone(),
            Some(Done::Working(_)) if slow => {
                return Answer {
                    status: 202,
                    ..good(SubmissionAnswer::Working { retry_after_ms: 400 }.encode())
                };
            }
            Some(Done::Working(receipt)) => self.sign(Purpose::Receipt, receipt.payload()),
            None => {
                let receipt = Receipt {
                    institution_id: self.id.clone(),
                    suite: self.suite,
                    device_id: DEVICE.into(),
                    pay_order_no: nonce.subject.clone(),
                    order_digest: nonce.order_digest,
                    request_digest: asked.request_digest,
                    verdict: Verdict::Void,
                    reason: String::new(),
                    time: now_s(&self.clock),
                    attempt: 0,
                    tries_left: None,
                };
                let signed = self.sign(Purpose::Receipt, receipt.payload());
                nonce.result = Some(Done::Receipt(signed.clone()));
                signed
            }
        };
        good(SubmissionAnswer::Receipt(signed).encode())
    }
}
