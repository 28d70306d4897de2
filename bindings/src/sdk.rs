//! The SDK's door across the line.

use std::{collections::HashMap, sync::Arc};

use msgpay_sdk_core as core;

use crate::{
    activation::NativeActivation,
    bridge::NativeBridge,
    enrolment::NativeEnrolment,
    fault::{CallFault, MsgPayError, call},
    host::{Phone, in_host},
    password::NativePasswordSetup,
    payment::NativePayment,
    values::{Membership, OpenPayment},
};

/// The institutions that the application trusts, read and checked.
#[derive(uniffi::Object)]
pub struct NativeConfig {
    pub(crate) config: core::Config,
}

/// What a host's own transport needs of an institution.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Pins {
    /// The institution's id.
    pub institution: String,
    /// SHA-256 of the SubjectPublicKeyInfo of the server keys that are accepted.
    pub spki_sha256: Vec<Vec<u8>>,
    /// DER of the certificate authorities that the server's chain ends in.
    pub authorities: Vec<Vec<u8>>,
}

#[uniffi::export]
impl NativeConfig {
    /// Reads the file's text; `files` holds the bytes of each file that it names (`ca_cert`), by that name.
    ///
    /// # Errors
    /// `Config`.
    #[uniffi::constructor]
    pub fn read(text: &str, files: &HashMap<String, Vec<u8>>) -> Result<Arc<Self>, MsgPayError> {
        let config = core::Config::from_json(text, |name| files.get(name).cloned())?;
        Ok(Arc::new(Self { config }))
    }

    /// The ids of the institutions.
    pub fn institutions(&self) -> Vec<String> {
        self.config.institutions.iter().map(|institution| institution.id.clone()).collect()
    }

    /// For a transport of the host's own.
    pub fn pins(&self) -> Vec<Pins> {
        let pins = |institution: &core::Institution| Pins {
            institution: institution.id.clone(),
            spki_sha256: institution.spki_pins.iter().map(|pin| pin.to_vec()).collect(),
            authorities: institution.authorities.clone(),
        };
        self.config.institutions.iter().map(pins).collect()
    }
}

/// The payment SDK of one application: opens sessions. One for a vault at a time.
#[derive(uniffi::Object)]
pub struct NativeMsgPay {
    msgpay: core::MsgPay,
}

impl NativeMsgPay {
    /// Sessions read the vault through the host's thread; from inside the host nothing can be begun.
    fn free(&self) -> Result<&core::MsgPay, MsgPayError> {
        if in_host() { Err(call(CallFault::FromHost)) } else { Ok(&self.msgpay) }
    }
}

#[uniffi::export]
impl NativeMsgPay {
    /// Takes the institutions that the application trusts and the capabilities of the phone.
    ///
    /// # Errors
    /// `Host(System)` when the system gives no thread.
    #[uniffi::constructor]
    pub fn open(config: &NativeConfig, phone: Phone) -> Result<Arc<Self>, MsgPayError> {
        let host = phone.into_core()?;
        Ok(Arc::new(Self { msgpay: core::MsgPay::open(config.config.clone(), host) }))
    }

    /// Pays by a card's `msgpay://` link. A link that is not genuine is not an error but the session's outcome.
    ///
    /// # Errors
    /// `Host`.
    pub fn launch(&self, link: &str) -> Result<Arc<NativePayment>, MsgPayError> {
        Ok(NativePayment::of(self.free()?.launch(link)?))
    }

    /// The bridge of a web view, for the pages of these origins: exact `https://host[:port]`, no wildcards.
    ///
    /// # Errors
    /// `Call(NotAnOrigin)`.
    pub fn bridge(&self, origins: &[String]) -> Result<Arc<NativeBridge>, MsgPayError> {
        let origins: Vec<&str> = origins.iter().map(String::as_str).collect();
        let origins = core::Origins::read(&origins).map_err(|_| call(CallFault::NotAnOrigin))?;
        Ok(NativeBridge::of(core::Bridge::new(self.free()?.clone(), origins)))
    }

    /// Asks an institution about a request that got no answer, also after the process died.
    ///
    /// # Errors
    /// `Call(NothingOpen)`, `Host`.
    pub fn resolve(&self, institution: &str, pay_order_no: &str) -> Result<Arc<NativePayment>, MsgPayError> {
        Ok(NativePayment::of(self.free()?.resolve(institution, pay_order_no)?))
    }

    /// The orders whose last request has no verified receipt yet.
    ///
    /// # Errors
    /// `Host`.
    pub fn unresolved(&self) -> Result<Vec<OpenPayment>, MsgPayError> {
        Ok(self.free()?.unresolved()?.into_iter().map(Into::into).collect())
    }

    /// Activates this handset at an institution by the code that it gave.
    ///
    /// # Errors
    /// `Call(UnknownInstitution)`, `Host`.
    pub fn activate(&self, institution: &str, code: &str) -> Result<Arc<NativeActivation>, MsgPayError> {
        Ok(NativeActivation::of(self.free()?.activate(institution, code)?))
    }

    /// Sets the wallet's password.
    ///
    /// # Errors
    /// `Call(UnknownInstitution)`, `Call(NotActivated)`, `Host`.
    pub fn set_password(&self, institution: &str) -> Result<Arc<NativePasswordSetup>, MsgPayError> {
        Ok(NativePasswordSetup::of(self.free()?.set_password(institution)?))
    }

    /// Enrols a biometric key, by the password.
    ///
    /// # Errors
    /// `Call(UnknownInstitution)`, `Call(NotActivated)`, `Host`.
    pub fn enrol_biometric(&self, institution: &str) -> Result<Arc<NativeEnrolment>, MsgPayError> {
        Ok(NativeEnrolment::of(self.free()?.enrol_biometric(institution)?))
    }

    /// Forgets the biometric key of an institution on this handset.
    ///
    /// # Errors
    /// `Host`.
    pub fn forget_biometric(&self, institution: &str) -> Result<(), MsgPayError> {
        Ok(self.free()?.forget_biometric(institution)?)
    }

    /// Who this handset is at an institution; nothing before activation.
    ///
    /// # Errors
    /// `Host`.
    pub fn membership(&self, institution: &str) -> Result<Option<Membership>, MsgPayError> {
        Ok(self.free()?.membership(institution)?.map(Into::into))
    }
}
