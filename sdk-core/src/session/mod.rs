//! Sessions: state machines without any input or output of their own.
//!
//! A session gives out what it wants ([`Step`]): a request to send, a summary to show, a password to have typed, a
//! message that a biometric key is to sign. It consumes its state with every answer, so that it can be stepped, killed
//! and replayed in microseconds. Payments need three proofs on their way: the summary was shown (`Reviewed`), the policy
//! is met (`Cleared`), the factors are sealed for this launch (`Packaged`); and where the policy's way needs it, the
//! biometric key's signature (`Confirmed`).

mod activation;
mod confirmation;
mod drive;
mod enrolment;
mod entering;
mod launched;
mod link;
mod payment;
mod review;
mod setup;
mod submission;
#[cfg(test)]
mod tests;
mod verdict;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub use activation::{Activation, ActivationOutcome, ActivationStep};
pub use confirmation::Confirmation;
pub use enrolment::{BiometricEnrolment, EnrolmentStep};
pub use payment::{Payment, Step};
pub use review::{BiometricReview, PasswordReview, Review};
pub use setup::{PasswordSetup, SetupStep};

use msgpay_wire::SuiteId;

use crate::{
    config::{Config, Institution},
    failure::{HostFault, Misuse},
    host::{Host, Request},
    outgoing,
    records::{BiometricKey, Device, Membership, OpenPayment, OpenRequest},
    trust,
};

/// The payment SDK of one application: opens sessions. Cheap to clone.
#[derive(Clone)]
pub struct MsgPay {
    core: Arc<Core>,
}

/// What all sessions share.
pub(crate) struct Core {
    pub(crate) config: Config,
    pub(crate) host: Host,
    /// Held while a record is read and then changed by what was read: sessions may run side by side.
    records: Mutex<()>,
}

impl MsgPay {
    /// Takes the institutions that the application trusts and the capabilities of the phone.
    ///
    /// Danger: one `MsgPay` for a vault at a time, cloned where more are needed. Two that were opened on the same vault,
    /// in one process or in two, do not wait for each other: both may give out a request for one order, and the record
    /// of the first is lost.
    #[must_use]
    pub fn open(config: Config, host: Host) -> Self {
        Self { core: Arc::new(Core { config, host, records: Mutex::new(()) }) }
    }

    /// Pays by a card's `msgpay://` link. A link that is not genuine is not an error but the session's outcome.
    ///
    /// If an earlier request for the same order is still open, the session asks about that one and does not pay.
    ///
    /// # Errors
    /// [`Misuse::Host`] when the vault or the system fails.
    pub fn launch(&self, link: &str) -> Result<Payment, Misuse> {
        Payment::launch(self.core.clone(), link)
    }

    /// Asks an institution about a request that got no answer, also after the process died.
    ///
    /// # Errors
    /// [`Misuse::NothingOpen`], [`Misuse::Host`].
    pub fn resolve(&self, institution: &str, pay_order_no: &str) -> Result<Payment, Misuse> {
        Payment::resume(self.core.clone(), institution, pay_order_no)
    }

    /// The orders whose last request has no verified receipt yet: ask about each with [`MsgPay::resolve`].
    ///
    /// # Errors
    /// [`Misuse::Host`].
    pub fn unresolved(&self) -> Result<Vec<OpenPayment>, Misuse> {
        Ok(OpenRequest::all(&*self.core.host.vault)?)
    }

    /// Activates this handset at an institution by the code that it gave: makes a new device key.
    ///
    /// # Errors
    /// [`Misuse::UnknownInstitution`], [`Misuse::Host`].
    pub fn activate(&self, institution: &str, code: &str) -> Result<Activation, Misuse> {
        Activation::begin(self.core.clone(), institution, code)
    }

    /// Sets the wallet's password: reviewed, typed twice on two keypads, judged by the institution.
    ///
    /// # Errors
    /// [`Misuse::UnknownInstitution`], [`Misuse::NotActivated`], [`Misuse::Host`].
    pub fn set_password(&self, institution: &str) -> Result<PasswordSetup, Misuse> {
        PasswordSetup::begin(self.core.clone(), institution)
    }

    /// Enrols a biometric key: reviewed, allowed by the password, held by the phone for a live finger or face. One that
    /// was enrolled before is replaced.
    ///
    /// # Errors
    /// [`Misuse::UnknownInstitution`], [`Misuse::NotActivated`], [`Misuse::Host`].
    pub fn enrol_biometric(&self, institution: &str) -> Result<BiometricEnrolment, Misuse> {
        BiometricEnrolment::begin(self.core.clone(), institution)
    }

    /// Forgets the biometric key of an institution on this handset: the phone has given it up, or the payer wants it no
    /// more. Payments then go the ways without it, until another is enrolled.
    ///
    /// # Errors
    /// [`Misuse::Host`] when the vault fails.
    pub fn forget_biometric(&self, institution: &str) -> Result<(), Misuse> {
        Ok(self.core.forget_biometric(institution, |_| true)?)
    }

    /// Who this handset is at an institution; `None` before activation.
    ///
    /// # Errors
    /// [`Misuse::Host`].
    pub fn membership(&self, institution: &str) -> Result<Option<Membership>, Misuse> {
        Ok(Membership::find(&*self.core.host.vault, institution)?)
    }
}

impl fmt::Debug for MsgPay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MsgPay")
    }
}

/// The suite where the handset chooses: before a launch has named one.
fn first_suite(institution: &Institution) -> Result<SuiteId, Misuse> {
    institution.suites.first().copied().ok_or(Misuse::UnknownInstitution)
}

impl Core {
    fn institution(&self, id: &str) -> Result<&Institution, Misuse> {
        self.config.institution(id).ok_or(Misuse::UnknownInstitution)
    }

    /// One session at a time changes which requests are open, what was seen of a policy, and which key is in use.
    fn alone(&self) -> MutexGuard<'_, ()> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now_s(&self) -> u64 {
        trust::now_s(&*self.host.clock)
    }

    /// Takes the biometric key out of the record, then out of the keystore, if it is the one that is meant.
    fn forget_biometric(
        &self,
        institution: &str,
        meant: impl Fn(&BiometricKey) -> bool,
    ) -> Result<(), HostFault> {
        let _alone = self.alone();
        let vault = &*self.host.vault;
        let Some(membership) = Membership::find(vault, institution)? else { return Ok(()) };
        let Some(key) = membership.biometric.clone().filter(meant) else { return Ok(()) };
        Membership { biometric: None, ..membership }.keep(vault)?;
        // It stays where the keystore cannot remove it now; no session asks for it again.
        let _stays = self.host.keystore.forget_key(&key.name);
        Ok(())
    }

    /// A request signed by the device key.
    fn signed(
        &self,
        institution: &str,
        device: Device<'_>,
        path: &str,
        body: Vec<u8>,
    ) -> Result<Request, HostFault> {
        // The id comes from this configuration; only a changed configuration under an old record lacks it.
        let institution = self.config.institution(institution).ok_or(HostFault::Vault)?;
        outgoing::signed(institution, device, path, body, &self.host)
    }
}
