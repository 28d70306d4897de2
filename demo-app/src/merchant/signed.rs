//! RFC 9421 for the merchant: signs calls and answers of notices, verifies answers and notices.

use std::sync::Arc;

use msgpay_crypto::SigningKey;
use msgpay_suites::{Suites, of_key};
use msgpay_wire::{
    SuiteId,
    httpsig::{
        Claims, Message, Refusal, Signed, Tag, check_content_digest, content_digest, sign_answer,
        sign_request,
    },
};

/// The merchant's signing key.
#[derive(Clone)]
pub struct Signing {
    /// Its registered name.
    pub key_id: String,
    /// The key.
    pub key: Arc<SigningKey>,
}

/// Why a message can't be signed. The merchant's own machine is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum CannotSign {
    /// Key or randomness failed.
    #[error("the signing key or the system's randomness failed")]
    Crypto,
    /// The message lacks a part that must be covered.
    #[error("the message lacks a part that must be signed")]
    Message,
}

impl From<Refusal> for CannotSign {
    fn from(_: Refusal) -> Self {
        Self::Message
    }
}

impl From<msgpay_crypto::Error> for CannotSign {
    fn from(_: msgpay_crypto::Error) -> Self {
        Self::Crypto
    }
}

/// A key of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformKey {
    /// Its name in signatures.
    pub key_id: String,
    /// Its suite.
    pub suite: SuiteId,
    /// SEC1 uncompressed.
    pub public_key: [u8; 65],
}

impl Signing {
    /// A signed request: its message, with which the answer is verified.
    pub(super) fn request(
        &self,
        url: &str,
        body: &[u8],
        extra: Vec<(String, String)>,
        now_s: i64,
    ) -> Result<Message, CannotSign> {
        let mut fields = content_fields(self.suite()?, body);
        fields.extend(extra);
        let mut message = Message::request("POST", url, fields);
        let claims = self.claims(Tag::Request, now_s)?;
        let made = sign_request(&message, &claims, |base| self.sign(base))?;
        message.fields.push(("signature-input".to_owned(), made.signature_input));
        message.fields.push(("signature".to_owned(), made.signature));
        Ok(message)
    }

    /// The headers of a signed answer to a notice.
    pub(super) fn notice_answer(
        &self,
        notice: Message,
        body: &[u8],
        now_s: i64,
    ) -> Result<Vec<(String, String)>, CannotSign> {
        let message = Message::answer(200, content_fields(self.suite()?, body), notice);
        let claims = self.claims(Tag::NotifyAnswer, now_s)?;
        let made = sign_answer(&message, &claims, |base| self.sign(base))?;
        let mut fields = message.fields;
        fields.push(("signature-input".to_owned(), made.signature_input));
        fields.push(("signature".to_owned(), made.signature));
        Ok(fields)
    }

    fn claims(&self, tag: Tag, now_s: i64) -> Result<Claims<'_>, CannotSign> {
        let nonce = msgpay_crypto::random::make()?;
        Ok(Claims { tag, keyid: &self.key_id, suite: self.suite()?, created: now_s, nonce })
    }

    fn suite(&self) -> Result<SuiteId, CannotSign> {
        of_key(self.key.suite()).ok_or(CannotSign::Crypto)
    }

    fn sign(&self, base: &[u8]) -> Result<Vec<u8>, CannotSign> {
        Ok(self.key.sign(base)?.to_vec())
    }
}

fn content_fields(suite: SuiteId, body: &[u8]) -> Vec<(String, String)> {
    vec![
        ("content-type".to_owned(), "application/json".to_owned()),
        ("content-digest".to_owned(), content_digest(&Suites, suite, body)),
    ]
}

/// Who signed, in which suite, and the nonce that must be new.
pub(super) struct Verified {
    pub(super) keyid: String,
    pub(super) nonce: String,
    pub(super) suite: SuiteId,
}

/// Verifies a message of the platform: key, digest of `body` in the key's suite, tag, coverage, window and signature.
pub(super) fn verify(
    keys: &[PlatformKey],
    message: &Message,
    body: &[u8],
    tag: Tag,
    now_s: i64,
) -> Result<Verified, Refusal> {
    let signed = Signed::read(message)?;
    let key = keys.iter().find(|key| key.key_id == signed.keyid).ok_or(Refusal::Signature)?;
    check_content_digest(&Suites, key.suite, message, body)?;
    signed.verify(&Suites, message, tag, (key.suite, &key.public_key), now_s)?;
    Ok(Verified { keyid: signed.keyid, nonce: signed.nonce, suite: key.suite })
}
