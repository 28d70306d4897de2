//! The setting of a password across the line.

use std::sync::{Arc, Mutex};

use msgpay_sdk_core as core;

use crate::{
    exchange::{self, Answer, Request},
    fault::{CallFault, MsgPayError, call},
    keypad::{NativeEntry, NativeSealedEntry, turn},
    outcome::PasswordOutcome,
    review::PasswordReview,
};

/// What the setting of a password wants now.
#[derive(uniffi::Enum)]
pub enum PasswordStep {
    /// Send this once, then call `answered`.
    Send {
        /// The request.
        request: Request,
    },
    /// Show this, then call `accept` or `cancel`.
    Review {
        /// Whose password it is.
        review: PasswordReview,
    },
    /// Have it typed, then call `entered`; the entry's purpose tells the first from the second.
    EnterPassword {
        /// What is to be typed.
        entry: Arc<NativeEntry>,
    },
    /// The end.
    Concluded {
        /// The outcome.
        outcome: PasswordOutcome,
    },
}

/// A session that sets a password.
#[derive(uniffi::Object)]
pub struct NativePasswordSetup {
    session: Mutex<Session>,
}

struct Session {
    setup: core::PasswordSetup,
    shown: Option<core::PasswordReview>,
}

impl NativePasswordSetup {
    pub(crate) fn of(setup: core::PasswordSetup) -> Arc<Self> {
        Arc::new(Self { session: Mutex::new(Session { setup, shown: None }) })
    }
}

#[uniffi::export]
impl NativePasswordSetup {
    /// What is to be done now.
    ///
    /// # Errors
    /// `Call(AnswerExpected)`, `Host`.
    pub fn step(&self) -> Result<PasswordStep, MsgPayError> {
        let mut session = turn(&self.session)?;
        Ok(match session.setup.step()? {
            core::SetupStep::Send(request) => PasswordStep::Send { request: request.into() },
            core::SetupStep::Review(review) => {
                let shown = PasswordReview::from(&review);
                session.shown = Some(review);
                PasswordStep::Review { review: shown }
            }
            core::SetupStep::EnterPassword(entry) => {
                PasswordStep::EnterPassword { entry: NativeEntry::of(entry) }
            }
            core::SetupStep::Concluded(outcome) => PasswordStep::Concluded { outcome: outcome.into() },
        })
    }

    /// The answer to the request that was given out, or nothing when none came.
    ///
    /// # Errors
    /// `Call(OutOfTurn)`, `Host`.
    pub fn answered(&self, answer: Option<Answer>) -> Result<(), MsgPayError> {
        Ok(turn(&self.session)?.setup.answered(exchange::answer(answer))?)
    }

    /// The user saw whose password it is and wants to set it.
    ///
    /// # Errors
    /// `Call(OutOfTurn)`, `Call(OtherSession)`.
    pub fn accept(&self, review: &PasswordReview) -> Result<(), MsgPayError> {
        let mut session = turn(&self.session)?;
        let Session { setup, shown } = &mut *session;
        let shown = shown.as_ref().ok_or(call(CallFault::OutOfTurn))?;
        if PasswordReview::from(shown) != *review {
            return Err(call(CallFault::OtherSession));
        }
        Ok(setup.accept(shown)?)
    }

    /// One of the two entries was typed and sealed.
    ///
    /// # Errors
    /// `Call(OutOfTurn)`, `Call(OtherSession)`.
    pub fn entered(&self, sealed: &NativeSealedEntry) -> Result<(), MsgPayError> {
        let mut session = turn(&self.session)?;
        Ok(session.setup.entered(sealed.take()?)?)
    }

    /// Turns back. Gives the outcome.
    ///
    /// # Errors
    /// `Call(FromHost)`, `Call(Broken)`.
    pub fn cancel(&self) -> Result<PasswordOutcome, MsgPayError> {
        Ok(turn(&self.session)?.setup.cancel().into())
    }
}
