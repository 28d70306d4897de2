//! The biometric key: enrolled by the password, released by a tap that stands for the finger.

use msgpay_sdk_core::{EnrolmentOutcome, EnrolmentStep, Misuse, Step};

use super::super::{sheet, words};
use super::Actor;
use super::drive::Driven;
use crate::view::{self, Sheet, Text};

impl Actor {
    pub(super) fn enrol(&mut self) {
        let busy =
            matches!(self.view.borrow().phone.sheet, Sheet::Working(_) | Sheet::Review(_) | Sheet::Keypad(_));
        if busy {
            return;
        }
        match self.msgpay.enrol_biometric(&self.institution) {
            Ok(enrolment) => {
                self.close_sheet();
                self.enrolment = Some(enrolment);
                self.show(sheet::working(&self.name, None, Text::new("正在准备", "Preparing")));
                self.drive_enrolment();
            }
            Err(_) => self.phone_failed(),
        }
    }

    pub(super) fn drive_enrolment(&mut self) {
        let Some(mut enrolment) = self.enrolment.take() else { return self.phone_failed() };
        let (transport, done) = (self.transport.clone(), self.done.clone());
        tokio::spawn(async move {
            let step = enrolment.advance(&*transport).await;
            // A closed channel means that the phone was switched off.
            let _off = done.send(Driven::Enrolment(Box::new(enrolment), step)).await;
        });
    }

    pub(super) fn enrolment_step(&mut self, step: Result<EnrolmentStep, Misuse>) {
        match step {
            Ok(EnrolmentStep::Review(review)) => {
                // The keypad's own header shows institution, number and what the key will allow.
                let yuan = format!("{}.{:02}", review.alone_fen_max / 100, review.alone_fen_max % 100);
                self.setup_name = Some(Text::new(
                    format!("{} {} · 免密 ¥{yuan} 以内", self.name.zh, review.mobile_masked),
                    format!("{} {} · no password up to ¥{yuan}", self.name.en, review.mobile_masked),
                ));
                if let Some(enrolment) = &mut self.enrolment
                    && enrolment.accept(&review).is_ok()
                {
                    self.next_entry();
                }
            }
            Ok(EnrolmentStep::EnterPassword(_)) => self.next_entry(),
            Ok(EnrolmentStep::ConfirmBiometric(_)) => self.show_touch(false),
            Ok(EnrolmentStep::Concluded(outcome)) => self.enrolled(&outcome),
            Ok(EnrolmentStep::Send(_)) | Err(_) => self.phone_failed(),
        }
    }

    fn enrolled(&mut self, outcome: &EnrolmentOutcome) {
        self.enrolment = None;
        let (state, at_ms, problem) = match outcome {
            EnrolmentOutcome::Enrolled(receipt) => {
                (view::OutcomeState::BiometricSet, sheet::signed_at_ms(receipt), None)
            }
            EnrolmentOutcome::NotEnrolled(reason) => {
                let at_ms = reason.receipt.as_ref().and_then(sheet::signed_at_ms);
                (view::OutcomeState::NotPaid, at_ms, Some(words::problem(reason)))
            }
            EnrolmentOutcome::Cancelled => return self.close_sheet(),
            EnrolmentOutcome::Unresolved => return self.enrol(),
        };
        let institution = self.name.clone();
        self.show(Sheet::Result(view::Outcome { institution, state, at_ms, problem, ..Default::default() }));
    }

    /// The phone's own prompt.
    pub(super) fn show_touch(&mut self, or_password: bool) {
        let order = self.order.clone().filter(|_| self.payment.is_some());
        self.show(Sheet::Touch(view::Touch { institution: self.name.clone(), order, or_password }));
    }

    /// An accepted order wants its first factor.
    pub(super) fn next_factor(&mut self) {
        match self.payment.as_mut().map(msgpay_sdk_core::Payment::step) {
            Some(Ok(Step::ConfirmBiometric(asked))) => self.show_touch(asked.or_password),
            _ => self.next_entry(),
        }
    }

    /// The finger is on the phone. A key that the phone no longer has is forgotten, and the payment goes on without.
    pub(super) fn touch(&mut self) {
        if let Some(payment) = &mut self.payment {
            let Ok(Step::ConfirmBiometric(asked)) = payment.step() else { return };
            let taken = match self.keystore.touched(&asked) {
                Ok(signature) => payment.confirmed(signature),
                Err(_) => payment.biometric_lost(),
            };
            if taken.is_err() {
                return self.phone_failed();
            }
            self.show_submitting();
            return self.drive_payment();
        }
        let Some(enrolment) = &mut self.enrolment else { return };
        let Ok(EnrolmentStep::ConfirmBiometric(asked)) = enrolment.step() else { return };
        let signature = self.keystore.touched(&asked);
        if signature.is_ok_and(|signature| enrolment.confirmed(signature).is_ok()) {
            self.show_submitting();
            self.drive_enrolment();
        } else {
            self.phone_failed();
        }
    }

    pub(super) fn type_instead(&mut self) {
        if let Some(payment) = &mut self.payment
            && payment.by_password().is_ok()
        {
            self.next_entry();
        }
    }
}
