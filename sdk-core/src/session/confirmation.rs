//! A biometric key's signature: asked of the host, known by the key that is on record.
//!
//! Nothing biometric comes this way, neither a picture nor a yes: the phone judges the finger or face, and what it then
//! releases is one signature over one request.

use std::fmt;

use msgpay_wire::{
    Digest, Primitives as _,
    factors::{biometric_kid, biometric_message},
    request::{self, Touched},
};

use super::submission::Submission;
use crate::{records::BiometricKey, trust::Crypto};

/// What the biometric key is to sign. Show the phone's own prompt for that key, sign exactly `message` by it (as
/// [`Keystore::sign`](crate::Keystore::sign) would), and give the 64 bytes to the session.
#[derive(Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// Name of the key in the host's keystore, made under [`Guard::Biometric`](crate::Guard::Biometric).
    pub key_name: String,
    /// The bytes to sign. They begin with a label of their own and bind this one request.
    pub message: Vec<u8>,
    /// Whether the payer may type the password instead.
    pub or_password: bool,
}

impl fmt::Debug for Confirmation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Confirmation")
    }
}

impl BiometricKey {
    /// Which key, as requests name it.
    #[must_use]
    pub fn kid(&self) -> [u8; 32] {
        biometric_kid(&Crypto, self.suite, &self.public_key)
    }
}

/// The proof that the biometric key signed this request. Only [`Unconfirmed::confirmed`] makes it.
pub(super) struct Confirmed {
    key: BiometricKey,
    signature: [u8; 64],
}

/// A request that has all but the biometric.
pub(super) struct Unconfirmed {
    submission: Submission,
    key: BiometricKey,
    kid: Digest,
    /// What the key and the device sign.
    request_digest: Digest,
}

impl Confirmed {
    /// As the request carries it.
    pub(super) fn touched(&self) -> Touched {
        Touched { kid: self.key.kid(), signature: self.signature }
    }

    /// The request that brings this very key to the institution.
    pub(super) fn enrolment(&self, submission: request::Submission) -> request::Enrolment {
        request::Enrolment { submission, suite: self.key.suite, public_key: self.key.public_key }
    }

    pub(super) fn key(&self) -> &BiometricKey {
        &self.key
    }
}

impl Unconfirmed {
    pub(super) fn new(submission: Submission, key: BiometricKey) -> Self {
        let kid = key.kid();
        let request_digest = submission.request_digest(Some(&kid));
        Self { submission, key, kid, request_digest }
    }

    pub(super) fn key_name(&self) -> &str {
        &self.key.name
    }

    /// What the host is asked for.
    pub(super) fn confirmation(&self, or_password: bool) -> Confirmation {
        Confirmation { key_name: self.key.name.clone(), message: self.message(), or_password }
    }

    /// Takes a signature that is this key's over this request; gives everything back when it is none.
    pub(super) fn confirmed(self, signature: [u8; 64]) -> Result<Submission, Box<Self>> {
        let Self { key, .. } = &self;
        if !Crypto.verify(key.suite, &key.public_key, &self.message(), &signature) {
            return Err(Box::new(self));
        }
        let confirmed = Some(Confirmed { key: self.key, signature });
        Ok(Submission { confirmed, ..self.submission })
    }

    /// The request without the biometric: to go another way.
    pub(super) fn into_submission(self) -> Submission {
        self.submission
    }

    pub(super) fn submission(&self) -> &Submission {
        &self.submission
    }

    fn message(&self) -> Vec<u8> {
        biometric_message(self.submission.launched.answer.suite, &self.kid, &self.request_digest)
    }
}
