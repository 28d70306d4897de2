//! Running sessions beside the actor: each request goes out in a task, so that taps and messages go on.

use std::sync::Arc;

use msgpay_sdk_core::{
    Activation, ActivationOutcome, BiometricEnrolment, EnrolmentStep, Misuse, Outcome, PasswordSetup,
    Payment, SetupStep, Step, Transport, Why,
};
use tokio::sync::mpsc;

use super::super::sheet;
use super::Actor;
use crate::view::Text;

/// Questions after a submission before the person is asked to ask.
const QUESTIONS_MAX: u32 = 6;
/// First pause after a lost answer; doubles.
const LOST_MS: u64 = 400;

/// What a task brings back.
pub(super) enum Driven {
    Activation(Result<ActivationOutcome, Misuse>),
    Setup(Box<PasswordSetup>, Result<SetupStep, Misuse>),
    Enrolment(Box<BiometricEnrolment>, Result<EnrolmentStep, Misuse>),
    Payment(Box<Payment>, Result<Step, Misuse>),
    /// The payment's result is not known yet.
    NotKnown,
    /// Another activation code came.
    Code(String),
}

impl Actor {
    pub(super) fn drive_activation(&self, mut activation: Activation) {
        let (transport, done) = (self.transport.clone(), self.done.clone());
        tokio::spawn(async move {
            let outcome = activation.advance(&*transport).await;
            // A closed channel means that the phone was switched off.
            let _off = done.send(Driven::Activation(outcome)).await;
        });
    }

    pub(super) fn ask_for_another_code(&self) {
        let (asked, done) = ((self.another_code)(), self.done.clone());
        tokio::spawn(async move {
            if let Some(code) = asked.await {
                let _off = done.send(Driven::Code(code)).await;
            }
        });
    }

    /// Offers the new code on the sheet that says why the old one did not work.
    fn suggest_code(&self) {
        let code = self.code.clone();
        self.view.send_modify(|view| {
            if let crate::view::Sheet::Activate(activate) = &mut view.phone.sheet {
                activate.suggested = code;
            }
        });
    }

    pub(super) fn drive_setup(&mut self) {
        let Some(mut setup) = self.setup.take() else { return self.phone_failed() };
        let (transport, done) = (self.transport.clone(), self.done.clone());
        tokio::spawn(async move {
            let step = setup.advance(&*transport).await;
            let _off = done.send(Driven::Setup(Box::new(setup), step)).await;
        });
    }

    pub(super) fn drive_payment(&mut self) {
        let Some(mut payment) = self.payment.take() else { return self.phone_failed() };
        let (transport, done) = (self.transport.clone(), self.done.clone());
        tokio::spawn(async move {
            let step = advance(&mut payment, transport, &done).await;
            let _off = done.send(Driven::Payment(Box::new(payment), step)).await;
        });
    }

    pub(super) fn driven(&mut self, driven: Driven) {
        match driven {
            Driven::Activation(outcome) => self.activated(outcome),
            Driven::Setup(setup, step) => {
                self.setup = Some(*setup);
                self.setup_step(step);
            }
            Driven::Enrolment(enrolment, step) => {
                self.enrolment = Some(*enrolment);
                self.enrolment_step(step);
            }
            Driven::Code(code) => {
                self.code = Some(code);
                self.show_code();
                self.suggest_code();
            }
            Driven::NotKnown => self.show(sheet::unresolved(&self.name, self.order.clone(), true)),
            Driven::Payment(payment, step) => {
                self.payment = Some(*payment);
                self.payment_step(step);
            }
        }
    }

    fn payment_step(&mut self, step: Result<Step, Misuse>) {
        match step {
            Ok(Step::Review(review)) => {
                let order = sheet::order(&review);
                self.order = Some(order.clone());
                self.show(crate::view::Sheet::Review(crate::view::Review {
                    institution: self.name.clone(),
                    order,
                    problem: None,
                }));
            }
            Ok(Step::EnterPassword(_)) => self.next_entry(),
            Ok(Step::ConfirmBiometric(asked)) => self.show_touch(asked.or_password),
            Ok(Step::Concluded(outcome)) => {
                self.payment = None;
                if self.sets_up_first(&outcome) {
                    return;
                }
                match sheet::outcome(&self.name, self.order.clone(), &outcome) {
                    Some(end) => self.show(end),
                    None => self.close_sheet(),
                }
            }
            Ok(Step::Unresolved { .. } | Step::Working { .. }) => {
                self.show(sheet::unresolved(&self.name, self.order.clone(), false));
            }
            Ok(Step::Send(_)) | Err(_) => self.phone_failed(),
        }
    }

    /// A phone that was closed in the middle of its set-up is taken back to it, whatever was to be paid.
    fn sets_up_first(&mut self, outcome: &Outcome) -> bool {
        let Outcome::NotPaid(reason) = outcome else { return false };
        match &reason.why {
            Why::NotActivated => self.show_activation(false, None),
            Why::PasswordState => self.set_up_password(),
            _ => return false,
        }
        true
    }

    pub(super) fn retry(&mut self) {
        if let Some(link) = self.link.clone() {
            self.close_sheet();
            self.launch(link);
        }
    }

    pub(super) fn query(&mut self) {
        if let Some(payment) = &mut self.payment
            && payment.resolve().is_ok()
        {
            self.show(sheet::unresolved(&self.name, self.order.clone(), true));
            self.drive_payment();
        }
    }

    pub(super) fn show_submitting(&self) {
        let (order, text) = match &self.payment {
            Some(_) => (self.order.clone(), Text::new("正在支付", "Paying")),
            None => (None, Text::new("正在设置", "Setting up")),
        };
        self.show(sheet::working(&self.name, order, text));
    }
}

/// Sends and asks until a person is needed, and tells when a result is not known yet.
async fn advance(
    payment: &mut Payment,
    transport: Arc<dyn Transport>,
    done: &mpsc::Sender<Driven>,
) -> Result<Step, Misuse> {
    let mut asked = 0;
    loop {
        let pause_ms = match payment.step()? {
            Step::Send(request) => {
                payment.answered(transport.send(request).await)?;
                continue;
            }
            Step::Working { retry_after_ms } if asked < QUESTIONS_MAX => retry_after_ms,
            Step::Unresolved { .. } if asked < QUESTIONS_MAX => LOST_MS << asked,
            step => return Ok(step),
        };
        let _off = done.send(Driven::NotKnown).await;
        transport.pause(pause_ms).await;
        asked += 1;
        payment.resolve()?;
    }
}
