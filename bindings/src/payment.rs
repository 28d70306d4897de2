//! A payment across the line.

use std::sync::{Arc, Mutex};

use msgpay_sdk_core as core;

use crate::{
    bridge::PagePayment,
    exchange::{self, Answer, Request},
    fault::{CallFault, MsgPayError, call},
    keypad::{NativeEntry, NativeSealedEntry, turn},
    outcome::Outcome,
    review::{Confirmation, Review},
};

/// What a payment wants now. Asking again gives the same, but a request is given out once.
#[derive(uniffi::Enum)]
pub enum PaymentStep {
    /// Send this once, then call `answered`.
    Send {
        /// The request.
        request: Request,
    },
    /// Show this, then call `accept` or `cancel`.
    Review {
        /// The order.
        review: Review,
    },
    /// Have the password typed, then call `entered` or `cancel`.
    EnterPassword {
        /// What is to be typed.
        entry: Arc<NativeEntry>,
    },
    /// Have the phone's own prompt release the key, then call `confirmed`, `by_password`, `biometric_lost` or `cancel`.
    ConfirmBiometric {
        /// What is to be signed.
        confirmation: Confirmation,
    },
    /// The institution works on it: call `resolve` after this time.
    Working {
        /// Milliseconds to wait.
        retry_after_ms: u64,
    },
    /// The request may have paid and no answer came. Only `resolve` goes on.
    Unresolved {
        /// The institution.
        institution: String,
        /// The order.
        pay_order_no: String,
    },
    /// The end.
    Concluded {
        /// The outcome.
        outcome: Outcome,
    },
}

/// A payment session. Once it is concluded it takes any call and does nothing.
#[derive(uniffi::Object)]
pub struct NativePayment {
    session: Mutex<Session>,
}

struct Session {
    payment: Kept,
    /// The last review that was given out.
    shown: Option<core::Review>,
}

/// Where a payment is kept.
enum Kept {
    Here(Box<core::Payment>),
    /// In the bridge of a web view, whose page has its part in it.
    InPage(PagePayment),
}

impl Kept {
    fn with<T>(&mut self, use_it: impl FnOnce(&mut core::Payment) -> T) -> Result<T, MsgPayError> {
        match self {
            Self::Here(payment) => Ok(use_it(payment)),
            Self::InPage(payment) => payment.with(use_it),
        }
    }
}

impl NativePayment {
    pub(crate) fn of(payment: core::Payment) -> Arc<Self> {
        Self::keep(Kept::Here(Box::new(payment)))
    }

    pub(crate) fn in_page(payment: PagePayment) -> Arc<Self> {
        Self::keep(Kept::InPage(payment))
    }

    fn keep(payment: Kept) -> Arc<Self> {
        Arc::new(Self { session: Mutex::new(Session { payment, shown: None }) })
    }

    fn with<T, E: Into<MsgPayError>>(
        &self,
        use_it: impl FnOnce(&mut core::Payment) -> Result<T, E>,
    ) -> Result<T, MsgPayError> {
        turn(&self.session)?.payment.with(use_it)?.map_err(Into::into)
    }
}

#[uniffi::export]
impl NativePayment {
    /// What is to be done now.
    ///
    /// # Errors
    /// `Call(AnswerExpected)`; `Host`: nothing was given out, and the step can be asked for again.
    pub fn step(&self) -> Result<PaymentStep, MsgPayError> {
        let mut session = turn(&self.session)?;
        let step = match session.payment.with(core::Payment::step) {
            // The page has turned it back.
            Err(MsgPayError::Call { fault: CallFault::Closed }) => {
                return Ok(PaymentStep::Concluded { outcome: Outcome::Cancelled });
            }
            step => step??,
        };
        Ok(match step {
            core::Step::Send(request) => PaymentStep::Send { request: request.into() },
            core::Step::Review(review) => {
                let shown = Review::from(&review);
                session.shown = Some(review);
                PaymentStep::Review { review: shown }
            }
            core::Step::EnterPassword(entry) => {
                let entry = match &session.payment {
                    Kept::Here(_) => NativeEntry::of(entry),
                    Kept::InPage(payment) => NativeEntry::in_page(entry, payment.desk()),
                };
                PaymentStep::EnterPassword { entry }
            }
            core::Step::ConfirmBiometric(confirmation) => {
                PaymentStep::ConfirmBiometric { confirmation: confirmation.into() }
            }
            core::Step::Working { retry_after_ms } => PaymentStep::Working { retry_after_ms },
            core::Step::Unresolved { institution, pay_order_no } => {
                PaymentStep::Unresolved { institution, pay_order_no }
            }
            core::Step::Concluded(outcome) => PaymentStep::Concluded { outcome: outcome.into() },
        })
    }

    /// The answer to the request that was given out, or nothing when none came.
    ///
    /// # Errors
    /// `Call(OutOfTurn)`; `Host` when the vault failed at a launch: the session is then cancelled.
    pub fn answered(&self, answer: Option<Answer>) -> Result<(), MsgPayError> {
        self.with(|payment| payment.answered(exchange::answer(answer)))
    }

    /// The user saw this order and wants to pay it.
    ///
    /// # Errors
    /// `Call(OutOfTurn)`; `Call(OtherSession)` for another review than the one that was given out.
    pub fn accept(&self, review: &Review) -> Result<(), MsgPayError> {
        let mut session = turn(&self.session)?;
        let Session { payment, shown } = &mut *session;
        let shown = shown.as_ref().ok_or(call(CallFault::OutOfTurn))?;
        if Review::from(shown) != *review {
            return Err(call(CallFault::OtherSession));
        }
        Ok(payment.with(|payment| payment.accept(shown))??)
    }

    /// The password was typed and sealed.
    ///
    /// # Errors
    /// `Call(OutOfTurn)`, `Call(OtherSession)`.
    pub fn entered(&self, sealed: &NativeSealedEntry) -> Result<(), MsgPayError> {
        let sealed = sealed.take()?;
        self.with(|payment| payment.entered(sealed))
    }

    /// The biometric key has signed: 64 bytes, `r ‖ s`.
    ///
    /// # Errors
    /// `Call(OutOfTurn)`; `Call(OtherSession)` for a signature by another key or over another message.
    pub fn confirmed(&self, signature: &[u8]) -> Result<(), MsgPayError> {
        let signature = signature.try_into().map_err(|_| call(CallFault::SignatureShape))?;
        self.with(|payment| payment.confirmed(signature))
    }

    /// The payer types the password instead, where the institution's rules let him.
    ///
    /// # Errors
    /// `Call(OutOfTurn)`, `Call(NoOtherWay)`.
    pub fn by_password(&self) -> Result<(), MsgPayError> {
        self.with(core::Payment::by_password)
    }

    /// The phone no longer has the biometric key: another finger or face was enrolled. Goes on by password where the
    /// rules let it.
    ///
    /// # Errors
    /// `Call(OutOfTurn)`, `Host`.
    pub fn biometric_lost(&self) -> Result<(), MsgPayError> {
        self.with(core::Payment::biometric_lost)
    }

    /// Asks about a request whose result is not known.
    ///
    /// # Errors
    /// `Call(OutOfTurn)` when nothing is open.
    pub fn resolve(&self) -> Result<(), MsgPayError> {
        self.with(core::Payment::resolve)
    }

    /// Turns back. Gives the outcome: what has left cannot be called back and is then `Unresolved`.
    ///
    /// # Errors
    /// `Call(FromHost)`, `Call(Broken)`.
    pub fn cancel(&self) -> Result<Outcome, MsgPayError> {
        match turn(&self.session)?.payment.with(core::Payment::cancel) {
            Err(MsgPayError::Call { fault: CallFault::Closed }) => Ok(Outcome::Cancelled),
            outcome => Ok(outcome?.into()),
        }
    }
}
