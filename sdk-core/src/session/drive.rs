//! Runs a session through a transport until a person is needed. The session itself stays without any I/O.

use super::{
    Activation, ActivationOutcome, ActivationStep, BiometricEnrolment, EnrolmentStep, PasswordSetup, Payment,
    SetupStep, Step,
};
use crate::{failure::Misuse, host::Transport};

/// Questions about one request in a row before the person is told that the result is not known yet.
const QUESTIONS_MAX: u32 = 5;

/// First wait after a lost answer; doubled each time.
const LOST_MS_MIN: u64 = 500;

impl Payment {
    /// Sends and asks until the next step is for a person: `Review`, `EnterPassword`, `ConfirmBiometric`, `Concluded`, or
    /// `Working` and `Unresolved` when five questions in a row gave no result. Calling it again then asks on.
    ///
    /// Dropping the future while a request is in flight loses its answer: call [`Payment::answered`] with
    /// [`NoAnswer`](crate::NoAnswer), and the session asks about it.
    ///
    /// # Errors
    /// As [`Payment::step`] and [`Payment::answered`].
    pub async fn advance(&mut self, transport: &dyn Transport) -> Result<Step, Misuse> {
        let mut asked = 0;
        loop {
            match self.step()? {
                Step::Send(request) => self.answered(transport.send(request).await)?,
                Step::Working { retry_after_ms } if asked < QUESTIONS_MAX => {
                    transport.pause(retry_after_ms).await;
                    asked += 1;
                    self.resolve()?;
                }
                Step::Unresolved { .. } if asked < QUESTIONS_MAX => {
                    transport.pause(LOST_MS_MIN << asked).await;
                    asked += 1;
                    self.resolve()?;
                }
                step => return Ok(step),
            }
        }
    }
}

impl PasswordSetup {
    /// Sends until the next step is for a person.
    ///
    /// # Errors
    /// As [`PasswordSetup::step`] and [`PasswordSetup::answered`].
    pub async fn advance(&mut self, transport: &dyn Transport) -> Result<SetupStep, Misuse> {
        loop {
            match self.step()? {
                SetupStep::Send(request) => self.answered(transport.send(request).await)?,
                step => return Ok(step),
            }
        }
    }
}

impl BiometricEnrolment {
    /// Sends until the next step is for a person.
    ///
    /// # Errors
    /// As [`BiometricEnrolment::step`] and [`BiometricEnrolment::answered`].
    pub async fn advance(&mut self, transport: &dyn Transport) -> Result<EnrolmentStep, Misuse> {
        loop {
            match self.step()? {
                EnrolmentStep::Send(request) => self.answered(transport.send(request).await)?,
                step => return Ok(step),
            }
        }
    }
}

impl Activation {
    /// Sends and gives the outcome.
    ///
    /// # Errors
    /// As [`Activation::step`] and [`Activation::answered`].
    pub async fn advance(&mut self, transport: &dyn Transport) -> Result<ActivationOutcome, Misuse> {
        loop {
            match self.step()? {
                ActivationStep::Send(request) => self.answered(transport.send(request).await)?,
                ActivationStep::Concluded(outcome) => return Ok(outcome),
            }
        }
    }
}
