//! The enrolment of a biometric key across the line.

use std::sync::{Arc, Mutex};

use msgpay_sdk_core as core;

use crate::{
    exchange::{self, Answer, Request},
    fault::{CallFault, MsgPayError, call},
    keypad::{NativeEntry, NativeSealedEntry, turn},
    outcome::EnrolmentOutcome,
    review::{BiometricReview, Confirmation},
};

/// What the enrolment of a biometric key wants now.
#[derive(uniffi::Enum)]
pub enum EnrolmentStep {
    /// Send this once, then call `answered`.
    Send {
        /// The request.
        request: Request,
    },
    /// Show this, then call `accept` or `cancel`.
    Review {
        /// Whose key it is, and what it may do.
        review: BiometricReview,
    },
    /// Have the password typed, then call `entered` or `cancel`.
    EnterPassword {
        /// What is to be typed.
        entry: Arc<NativeEntry>,
    },
    /// Have the phone's own prompt release the new key, then call `confirmed` or `cancel`.
    ConfirmBiometric {
        /// What is to be signed.
        confirmation: Confirmation,
    },
    /// The end.
    Concluded {
        /// The outcome.
        outcome: EnrolmentOutcome,
    },
}

/// A session that enrols a biometric key.
#[derive(uniffi::Object)]
pub struct NativeEnrolment {
    session: Mutex<Session>,
}

struct Session {
    enrolment: core::BiometricEnrolment,
    shown: Option<core::BiometricReview>,
}

impl NativeEnrolment {
    pub(crate) fn of(enrolment: core::BiometricEnrolment) -> Arc<Self> {
        Arc::new(Self { session: Mutex::new(Session { enrolment, shown: None }) })
    }
}

#[uniffi::export]
impl NativeEnrolment {
    /// What is to be done now.
    ///
    /// # Errors
    /// `Call(AnswerExpected)`, `Host`.
    pub fn step(&self) -> Result<EnrolmentStep, MsgPayError> {
        let mut session = turn(&self.session)?;
        Ok(match session.enrolment.step()? {
            core::EnrolmentStep::Send(request) => EnrolmentStep::Send { request: request.into() },
            core::EnrolmentStep::Review(review) => {
                let shown = BiometricReview::from(&review);
                session.shown = Some(review);
                EnrolmentStep::Review { review: shown }
            }
            core::EnrolmentStep::EnterPassword(entry) => {
                EnrolmentStep::EnterPassword { entry: NativeEntry::of(entry) }
            }
            core::EnrolmentStep::ConfirmBiometric(confirmation) => {
                EnrolmentStep::ConfirmBiometric { confirmation: confirmation.into() }
            }
            core::EnrolmentStep::Concluded(outcome) => EnrolmentStep::Concluded { outcome: outcome.into() },
        })
    }

    /// The answer to the request that was given out, or nothing when none came.
    ///
    /// # Errors
    /// `Call(OutOfTurn)`, `Host`.
    pub fn answered(&self, answer: Option<Answer>) -> Result<(), MsgPayError> {
        Ok(turn(&self.session)?.enrolment.answered(exchange::answer(answer))?)
    }

    /// The user saw whose key it is and wants to enrol it.
    ///
    /// # Errors
    /// `Call(OutOfTurn)`, `Call(OtherSession)`.
    pub fn accept(&self, review: &BiometricReview) -> Result<(), MsgPayError> {
        let mut session = turn(&self.session)?;
        let Session { enrolment, shown } = &mut *session;
        let shown = shown.as_ref().ok_or(call(CallFault::OutOfTurn))?;
        if BiometricReview::from(shown) != *review {
            return Err(call(CallFault::OtherSession));
        }
        Ok(enrolment.accept(shown)?)
    }

    /// The password was typed and sealed.
    ///
    /// # Errors
    /// `Call(OutOfTurn)`, `Call(OtherSession)`.
    pub fn entered(&self, sealed: &NativeSealedEntry) -> Result<(), MsgPayError> {
        let mut session = turn(&self.session)?;
        Ok(session.enrolment.entered(sealed.take()?)?)
    }

    /// The new key has signed: 64 bytes, `r ‖ s`.
    ///
    /// # Errors
    /// `Call(OutOfTurn)`, `Call(OtherSession)`.
    pub fn confirmed(&self, signature: &[u8]) -> Result<(), MsgPayError> {
        let signature = signature.try_into().map_err(|_| call(CallFault::SignatureShape))?;
        Ok(turn(&self.session)?.enrolment.confirmed(signature)?)
    }

    /// Turns back. Gives the outcome.
    ///
    /// # Errors
    /// `Call(FromHost)`, `Call(Broken)`.
    pub fn cancel(&self) -> Result<EnrolmentOutcome, MsgPayError> {
        Ok(turn(&self.session)?.enrolment.cancel().into())
    }
}
