//! Signing a message.

use sfv::{InnerList, ListEntry, Parser};

use super::base::{base, list_text};
use super::{LABEL, Message, Refusal, Tag, WINDOW_S, alg, must_cover};
use crate::digest::SuiteId;

/// What a signer states about its signature.
#[derive(Debug, Clone)]
pub struct Claims<'a> {
    /// What kind of message it is.
    pub tag: Tag,
    /// Which key signs.
    pub keyid: &'a str,
    /// Its suite.
    pub suite: SuiteId,
    /// Unix seconds.
    pub created: i64,
    /// 128 fresh random bits.
    pub nonce: [u8; 16],
}

/// The two headers to add to the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHeaders {
    /// `Signature-Input`.
    pub signature_input: String,
    /// `Signature`.
    pub signature: String,
}

/// Signs a request that already carries `Content-Type`, `Content-Digest` and its money headers; covers them all.
///
/// # Errors
/// [`Refusal`] when the message lacks a part; the signer's own error through `E`.
pub fn sign_request<E: From<Refusal>>(
    message: &Message,
    claims: &Claims<'_>,
    sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>,
) -> Result<SignedHeaders, E> {
    let mut covered: Vec<String> =
        ["@method", "@target-uri", "content-type", "content-digest"].map(quoted).to_vec();
    let mut money: Vec<String> = message
        .fields
        .iter()
        .map(|(name, _)| name.to_ascii_lowercase())
        .filter(|name| must_cover(name))
        .collect();
    money.sort();
    money.dedup();
    covered.extend(money.iter().map(|name| quoted(name)));
    sign_covered(message, &covered, claims, sign)
}

/// Signs an answer that carries `Content-Type` and `Content-Digest`, tied to the signed request that it answers.
///
/// # Errors
/// As [`sign_request`].
pub fn sign_answer<E: From<Refusal>>(
    message: &Message,
    claims: &Claims<'_>,
    sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>,
) -> Result<SignedHeaders, E> {
    let mut covered: Vec<String> = ["@status", "content-type", "content-digest"].map(quoted).to_vec();
    covered.extend(
        ["@method", "@target-uri", "content-digest", "signature"].map(|n| format!("{};req", quoted(n))),
    );
    if let Some(last) = covered.last_mut() {
        *last += &format!(";key=\"{LABEL}\"");
    }
    sign_covered(message, &covered, claims, sign)
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn sign_covered<E: From<Refusal>>(
    message: &Message,
    covered: &[String],
    claims: &Claims<'_>,
    sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>,
) -> Result<SignedHeaders, E> {
    use base64::Engine as _;
    let nonce: String = claims.nonce.iter().map(|byte| format!("{byte:02x}")).collect();
    let text = format!(
        "({});created={};keyid=\"{}\";alg=\"{}\";expires={};nonce=\"{nonce}\";tag=\"{}\"",
        covered.join(" "),
        claims.created,
        claims.keyid,
        alg(claims.suite),
        claims.created.saturating_add(WINDOW_S),
        claims.tag.word(),
    );
    let list = parse_list(&text)?;
    let (base, _) = base(message, &list)?;
    let signature = sign(base.as_bytes())?;
    Ok(SignedHeaders {
        signature_input: format!("{LABEL}={}", list_text(&list)?),
        signature: format!("{LABEL}=:{}:", base64::engine::general_purpose::STANDARD.encode(signature)),
    })
}

fn parse_list(text: &str) -> Result<InnerList, Refusal> {
    let parsed: sfv::List = Parser::new(text).parse().map_err(|_| Refusal::Malformed)?;
    match parsed.into_iter().next() {
        Some(ListEntry::InnerList(list)) => Ok(list),
        _ => Err(Refusal::Malformed),
    }
}
