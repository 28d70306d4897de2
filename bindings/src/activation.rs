//! An activation across the line.

use std::sync::{Arc, Mutex};

use msgpay_sdk_core as core;

use crate::{
    exchange::{self, Answer, Request},
    fault::MsgPayError,
    keypad::turn,
    outcome::ActivationOutcome,
};

/// What an activation wants now.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum ActivationStep {
    /// Send this once, then call `answered`.
    Send {
        /// The request.
        request: Request,
    },
    /// The end, or the end of one try.
    Concluded {
        /// The outcome.
        outcome: ActivationOutcome,
    },
}

/// An activation session. Keep it for `again`: a new one makes a new key, and the code may be spent on the first.
#[derive(uniffi::Object)]
pub struct NativeActivation {
    session: Mutex<core::Activation>,
}

impl NativeActivation {
    pub(crate) fn of(activation: core::Activation) -> Arc<Self> {
        Arc::new(Self { session: Mutex::new(activation) })
    }
}

#[uniffi::export]
impl NativeActivation {
    /// What is to be done now.
    ///
    /// # Errors
    /// `Call(AnswerExpected)`, `Host`.
    pub fn step(&self) -> Result<ActivationStep, MsgPayError> {
        Ok(match turn(&self.session)?.step()? {
            core::ActivationStep::Send(request) => ActivationStep::Send { request: request.into() },
            core::ActivationStep::Concluded(outcome) => ActivationStep::Concluded { outcome: outcome.into() },
        })
    }

    /// The answer to the request that was given out, or nothing when none came.
    ///
    /// # Errors
    /// `Call(OutOfTurn)`, `Host`.
    pub fn answered(&self, answer: Option<Answer>) -> Result<(), MsgPayError> {
        Ok(turn(&self.session)?.answered(exchange::answer(answer))?)
    }

    /// Sends the same key and code once more.
    ///
    /// # Errors
    /// `Call(OutOfTurn)`.
    pub fn again(&self) -> Result<(), MsgPayError> {
        Ok(turn(&self.session)?.again()?)
    }
}
