//! The four kinds of sessions, as one.

use std::sync::Arc;

use msgpay::{
    ActivationOutcome, ActivationStep, Answer, BiometricReview, Confirmation, EnrolmentOutcome,
    EnrolmentStep, MsgPayError, NativeActivation, NativeEnrolment, NativeEntry, NativePasswordSetup,
    NativePayment, NativeSealedEntry, Outcome, PasswordOutcome, PasswordReview, PasswordStep, PaymentStep,
    Reason, Request, Review,
};

use crate::scenario::Ends;

pub(crate) enum Session {
    Pay(Arc<NativePayment>),
    Password(Arc<NativePasswordSetup>),
    Enrol(Arc<NativeEnrolment>),
    Activate(Arc<NativeActivation>),
}

pub(crate) enum Step {
    Send(Request),
    Review(Shown),
    EnterPassword(Arc<NativeEntry>),
    ConfirmBiometric(Confirmation),
    Working(u64),
    Unresolved,
    Concluded(Ends),
}

pub(crate) enum Shown {
    Order(Review),
    Password(PasswordReview),
    Biometric(BiometricReview),
}

impl Session {
    pub(crate) fn step(&self) -> Result<Step, MsgPayError> {
        Ok(match self {
            Self::Pay(session) => match session.step()? {
                PaymentStep::Send { request } => Step::Send(request),
                PaymentStep::Review { review } => Step::Review(Shown::Order(review)),
                PaymentStep::EnterPassword { entry } => Step::EnterPassword(entry),
                PaymentStep::ConfirmBiometric { confirmation } => Step::ConfirmBiometric(confirmation),
                PaymentStep::Working { retry_after_ms } => Step::Working(retry_after_ms),
                PaymentStep::Unresolved { .. } => Step::Unresolved,
                PaymentStep::Concluded { outcome } => Step::Concluded(paid(&outcome)),
            },
            Self::Password(session) => match session.step()? {
                PasswordStep::Send { request } => Step::Send(request),
                PasswordStep::Review { review } => Step::Review(Shown::Password(review)),
                PasswordStep::EnterPassword { entry } => Step::EnterPassword(entry),
                PasswordStep::Concluded { outcome } => Step::Concluded(set(&outcome)),
            },
            Self::Enrol(session) => match session.step()? {
                EnrolmentStep::Send { request } => Step::Send(request),
                EnrolmentStep::Review { review } => Step::Review(Shown::Biometric(review)),
                EnrolmentStep::EnterPassword { entry } => Step::EnterPassword(entry),
                EnrolmentStep::ConfirmBiometric { confirmation } => Step::ConfirmBiometric(confirmation),
                EnrolmentStep::Concluded { outcome } => Step::Concluded(enrolled(&outcome)),
            },
            Self::Activate(session) => match session.step()? {
                ActivationStep::Send { request } => Step::Send(request),
                ActivationStep::Concluded { outcome } => Step::Concluded(activated(&outcome)),
            },
        })
    }

    pub(crate) fn answered(&self, answer: Option<Answer>) -> Result<(), MsgPayError> {
        match self {
            Self::Pay(session) => session.answered(answer),
            Self::Password(session) => session.answered(answer),
            Self::Enrol(session) => session.answered(answer),
            Self::Activate(session) => session.answered(answer),
        }
    }

    pub(crate) fn accept(&self, shown: &Shown) -> Result<(), MsgPayError> {
        match (self, shown) {
            (Self::Pay(session), Shown::Order(review)) => session.accept(review),
            (Self::Password(session), Shown::Password(review)) => session.accept(review),
            (Self::Enrol(session), Shown::Biometric(review)) => session.accept(review),
            _ => unreachable!("a session shows its own"),
        }
    }

    pub(crate) fn entered(&self, sealed: &NativeSealedEntry) -> Result<(), MsgPayError> {
        match self {
            Self::Pay(session) => session.entered(sealed),
            Self::Password(session) => session.entered(sealed),
            Self::Enrol(session) => session.entered(sealed),
            Self::Activate(_) => unreachable!("an activation asks for no password"),
        }
    }

    pub(crate) fn confirmed(&self, signature: &[u8]) -> Result<(), MsgPayError> {
        match self {
            Self::Pay(session) => session.confirmed(signature),
            Self::Enrol(session) => session.confirmed(signature),
            _ => unreachable!("it asks for no biometric"),
        }
    }

    /// The payment that this is.
    pub(crate) fn payment(&self) -> &NativePayment {
        match self {
            Self::Pay(session) => session,
            _ => unreachable!("only a payment has this answer"),
        }
    }

    pub(crate) fn cancel(&self) -> Result<Ends, MsgPayError> {
        Ok(match self {
            Self::Pay(session) => paid(&session.cancel()?),
            Self::Password(session) => set(&session.cancel()?),
            Self::Enrol(session) => enrolled(&session.cancel()?),
            Self::Activate(_) => unreachable!("no step of an activation asks"),
        })
    }
}

fn paid(outcome: &Outcome) -> Ends {
    match outcome {
        Outcome::Paid { .. } => ends("paid", None),
        Outcome::NotPaid { reason } => ends("not_paid", Some(reason)),
        Outcome::Cancelled => ends("cancelled", None),
        Outcome::Unresolved { .. } => ends("unresolved", None),
    }
}

fn set(outcome: &PasswordOutcome) -> Ends {
    match outcome {
        PasswordOutcome::Set { .. } => ends("set", None),
        PasswordOutcome::NotSet { reason } => ends("not_set", Some(reason)),
        PasswordOutcome::Cancelled => ends("cancelled", None),
        PasswordOutcome::Unresolved => ends("unresolved", None),
    }
}

fn enrolled(outcome: &EnrolmentOutcome) -> Ends {
    match outcome {
        EnrolmentOutcome::Enrolled { .. } => ends("enrolled", None),
        EnrolmentOutcome::NotEnrolled { reason } => ends("not_enrolled", Some(reason)),
        EnrolmentOutcome::Cancelled => ends("cancelled", None),
        EnrolmentOutcome::Unresolved => ends("unresolved", None),
    }
}

fn activated(outcome: &ActivationOutcome) -> Ends {
    match outcome {
        ActivationOutcome::Activated { .. } => ends("activated", None),
        ActivationOutcome::NotActivated { reason } => ends("not_activated", Some(reason)),
    }
}

fn ends(outcome: &str, reason: Option<&Reason>) -> Ends {
    Ends {
        outcome: Some(outcome.to_owned()),
        error: None,
        todo: reason.map(|reason| snake(&format!("{:?}", reason.todo))),
        why: reason.map(|reason| snake(&format!("{:?}", reason.why))),
        tries_left: reason.and_then(|reason| reason.tries_left),
    }
}

/// The file's word for a thrown error.
pub(crate) fn error(error: MsgPayError) -> Ends {
    let word = match error {
        MsgPayError::Config { fault } => format!("config.{}", snake(&format!("{fault:?}"))),
        MsgPayError::Call { fault } => format!("call.{}", snake(&format!("{fault:?}"))),
        MsgPayError::Host { fault } => format!("host.{}", snake(&format!("{fault:?}"))),
        MsgPayError::Keypad { fault, .. } => format!("keypad.{}", snake(&format!("{fault:?}"))),
    };
    Ends { error: Some(word), ..Ends::default() }
}

/// `WrongPassword` is `wrong_password`; what a variant holds is left out.
fn snake(name: &str) -> String {
    let name = name.split(' ').next().unwrap_or(name);
    let mut word = String::new();
    for (at, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && at > 0 {
            word.push('_');
        }
        word.push(letter.to_ascii_lowercase());
    }
    word
}
