//! HTTP Message Signatures (RFC 9421) with Content-Digest (RFC 9530): the profile of this protocol.
//!
//! Everything that moves money is under the signature, money headers included; the digest is over the raw bytes of
//! the body, because `orderAmount` is a JSON number and a re-serialiser would change it. The signature base is made
//! of the serialised form of what was parsed (RFC 9421 §2.5), so a sender's order of parameters is kept.

use sfv::{Dictionary, Parser};

use crate::digest::{Primitives, SuiteId};

mod base;
mod make;
mod read;

pub use make::{Claims, SignedHeaders, sign_answer, sign_request};
pub use read::{Signed, check_content_digest};

/// Label of the one signature of a message.
pub const LABEL: &str = "sig1";
/// `alg` of P-256 ECDSA with SHA-256, r‖s (RFC 9421 §3.3.4).
pub const ALG_P256: &str = "ecdsa-p256-sha256";
/// `alg` of SM2 with SM3, r‖s, the identity of Z_A being the default of GM/T 0009; a private name.
pub const ALG_SM2: &str = "sm2-sm3";
/// `alg` of Ed25519 (RFC 9421 §3.3.6).
pub const ALG_ED25519: &str = "ed25519";
/// Seconds that a signature lives at the most, and by which clocks may differ.
pub const WINDOW_S: i64 = 300;

/// `alg` of a suite's keys.
#[must_use]
pub const fn alg(suite: SuiteId) -> &'static str {
    match suite {
        SuiteId::International => ALG_P256,
        SuiteId::Guomi => ALG_SM2,
        SuiteId::Curve25519 => ALG_ED25519,
    }
}

/// The suite of an `alg`.
#[must_use]
pub fn suite_of_alg(text: &str) -> Option<SuiteId> {
    SuiteId::ALL.into_iter().find(|suite| alg(*suite) == text)
}

/// Name of a suite's hash in `Content-Digest`; `sm3` is a private one.
#[must_use]
pub const fn digest_name(suite: SuiteId) -> &'static str {
    match suite {
        SuiteId::International | SuiteId::Curve25519 => "sha-256",
        SuiteId::Guomi => "sm3",
    }
}

/// `tag` of a signature: who says what kind of message. A signature of one tag never passes for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tag {
    /// A merchant's call.
    Request,
    /// The platform's answer to it.
    Response,
    /// The platform's notice.
    Notify,
    /// The merchant's answer to it.
    NotifyAnswer,
    /// A handset's call.
    Device,
}

impl Tag {
    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Request => "msgpay-request",
            Self::Response => "msgpay-response",
            Self::Notify => "msgpay-notify",
            Self::NotifyAnswer => "msgpay-notify-answer",
            Self::Device => "msgpay-device",
        }
    }
}

/// Why a signed message is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// A signature header or component is malformed or outside the profile.
    #[error("a signature header is malformed")]
    Malformed,
    /// A signature header, parameter or covered field is missing.
    #[error("a signature header, parameter or covered field is missing")]
    Missing,
    /// A component is covered twice.
    #[error("a component is covered twice")]
    Repeated,
    /// Something that must be under the signature is not.
    #[error("a part that must be signed is not covered")]
    NotCovered,
    /// Made too long ago, in the future, or living too long.
    #[error("outside the time window")]
    Window,
    /// Another kind of message than this one.
    #[error("another tag")]
    Tag,
    /// Another algorithm, of signature or digest, than the key's suite has.
    #[error("another algorithm than the key's")]
    Suite,
    /// The digest does not fit the body.
    #[error("the content digest does not fit the body")]
    Digest,
    /// The signature does not fit.
    #[error("the signature does not fit")]
    Signature,
}

/// What is signed: a request, or an answer together with the request that it answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// Method of a request.
    pub method: Option<String>,
    /// Full URI of a request, as its receiver is reached: scheme, authority, path.
    pub target_uri: Option<String>,
    /// Status of an answer.
    pub status: Option<u16>,
    /// Header fields.
    pub fields: Vec<(String, String)>,
    /// The request that an answer belongs to.
    pub request: Option<Box<Message>>,
}

impl Message {
    /// A request.
    #[must_use]
    pub fn request(method: &str, target_uri: &str, fields: Vec<(String, String)>) -> Self {
        Self {
            method: Some(method.to_owned()),
            target_uri: Some(target_uri.to_owned()),
            fields,
            ..Self::default()
        }
    }

    /// An answer to `request`.
    #[must_use]
    pub fn answer(status: u16, fields: Vec<(String, String)>, request: Self) -> Self {
        Self { status: Some(status), fields, request: Some(Box::new(request)), ..Self::default() }
    }

    fn field(&self, name: &str) -> Result<String, Refusal> {
        let values: Vec<&str> =
            self.fields.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.trim()).collect();
        if values.is_empty() { Err(Refusal::Missing) } else { Ok(values.join(", ")) }
    }

    fn dictionary(&self, name: &str) -> Result<Dictionary, Refusal> {
        Parser::new(&self.field(name)?).parse::<Dictionary>().map_err(|_| Refusal::Malformed)
    }
}

/// Headers that move money or steer a notice: present means covered, always.
fn must_cover(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name == "idempotency-key"
        || name == "msgpay-expire"
        || name.starts_with("msgpay-notify-")
        || name.starts_with("msgpay-refund-")
}

/// `Content-Digest` of a body: `sha-256=:…:`, or `sm3=:…:`.
#[must_use]
pub fn content_digest(crypto: &dyn Primitives, suite: SuiteId, body: &[u8]) -> String {
    use base64::Engine as _;
    let digest = base64::engine::general_purpose::STANDARD.encode(crypto.hash(suite, body));
    format!("{}=:{digest}:", digest_name(suite))
}

#[cfg(test)]
mod tests;
