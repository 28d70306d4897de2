//! RFC 9421 for the merchant: signs calls and answers of notices, verifies answers and notices.

use std::sync::Arc;

use msgpay_crypto::SigningKey;
use msgpay_wire::{
    digest::{Digest, Primitives, SuiteId},
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

/// Hash and verification of the one suite that Annex C is spoken in here.
pub(super) struct International;

impl Primitives for International {
    fn hash(&self, _: SuiteId, bytes: &[u8]) -> Digest {
        msgpay_crypto::SuiteId::International.suite().hash(bytes)
    }

    fn verify(&self, _: SuiteId, public_key: &[u8], message: &[u8], signature: &[u8]) -> bool {
        msgpay_crypto::SuiteId::International.suite().verify(public_key, message, signature).is_ok()
    }
}

/// The platform's keys by name.
pub(super) type TrustedKeys = [(String, [u8; 65])];

impl Signing {
    /// A signed request: its message, with which the answer is verified.
    pub(super) fn request(
        &self,
        url: &str,
        body: &[u8],
        extra: Vec<(String, String)>,
        now_s: i64,
    ) -> Result<Message, CannotSign> {
        let mut fields = content_fields(body);
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
        let message = Message::answer(200, content_fields(body), notice);
        let claims = self.claims(Tag::NotifyAnswer, now_s)?;
        let made = sign_answer(&message, &claims, |base| self.sign(base))?;
        let mut fields = message.fields;
        fields.push(("signature-input".to_owned(), made.signature_input));
        fields.push(("signature".to_owned(), made.signature));
        Ok(fields)
    }

    fn claims(&self, tag: Tag, now_s: i64) -> Result<Claims<'_>, CannotSign> {
        Ok(Claims { tag, keyid: &self.key_id, created: now_s, nonce: msgpay_crypto::random::make()? })
    }

    fn sign(&self, base: &[u8]) -> Result<Vec<u8>, CannotSign> {
        Ok(self.key.sign(base)?.to_vec())
    }
}

fn content_fields(body: &[u8]) -> Vec<(String, String)> {
    let digest = International.hash(SuiteId::International, body);
    vec![
        ("content-type".to_owned(), "application/json".to_owned()),
        ("content-digest".to_owned(), content_digest(&digest)),
    ]
}

/// Who signed, and the nonce that must be new.
pub(super) struct Verified {
    pub(super) keyid: String,
    pub(super) nonce: String,
}

/// Verifies a message of the platform: digest of `body`, key, tag, coverage, window and signature.
pub(super) fn verify(
    keys: &TrustedKeys,
    message: &Message,
    body: &[u8],
    tag: Tag,
    now_s: i64,
) -> Result<Verified, Refusal> {
    check_content_digest(&International, message, body)?;
    let signed = Signed::read(message)?;
    let (_, key) = keys.iter().find(|(keyid, _)| *keyid == signed.keyid).ok_or(Refusal::Signature)?;
    signed.verify(&International, message, tag, key, now_s)?;
    Ok(Verified { keyid: signed.keyid, nonce: signed.nonce })
}
