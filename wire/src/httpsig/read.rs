//! Reading and judging a signed message.

use sfv::{BareItem, Item, ListEntry};

use super::base::{Covered, base};
use super::{LABEL, Message, Refusal, Tag, WINDOW_S, alg, digest_name, must_cover, suite_of_alg};
use crate::digest::{Primitives, SuiteId};

/// A signature that was read and not yet verified. `keyid` chooses the key; nothing else of it may be believed.
#[derive(Clone)]
pub struct Signed {
    base: String,
    signature: Vec<u8>,
    covered: Vec<Covered>,
    alg: String,
    tag: String,
    /// Which key is claimed to have signed.
    pub keyid: String,
    /// 128 bits as text, never to be seen again from this key.
    pub nonce: String,
    /// Unix seconds.
    pub created: i64,
    /// Unix seconds.
    pub expires: i64,
}

impl Signed {
    /// Reads the signature [`LABEL`] of a message.
    ///
    /// # Errors
    /// [`Refusal::Malformed`], [`Refusal::Missing`], [`Refusal::Repeated`].
    pub fn read(message: &Message) -> Result<Self, Refusal> {
        let inputs = message.dictionary("signature-input")?;
        let signatures = message.dictionary("signature")?;
        let Some(ListEntry::InnerList(list)) = inputs.get(LABEL) else { return Err(Refusal::Missing) };
        let Some(ListEntry::Item(Item { bare_item: BareItem::ByteSequence(signature), .. })) =
            signatures.get(LABEL)
        else {
            return Err(Refusal::Missing);
        };
        let text = |key: &str| match list.params.get(key) {
            Some(BareItem::String(text)) => Ok(text.as_str().to_owned()),
            Some(_) => Err(Refusal::Malformed),
            None => Err(Refusal::Missing),
        };
        let number = |key: &str| match list.params.get(key) {
            Some(BareItem::Integer(number)) => Ok(i64::from(*number)),
            Some(_) => Err(Refusal::Malformed),
            None => Err(Refusal::Missing),
        };
        let (base, covered) = base(message, list)?;
        let signed = Self {
            base,
            signature: signature.clone(),
            covered,
            alg: text("alg")?,
            tag: text("tag")?,
            keyid: text("keyid")?,
            nonce: text("nonce")?,
            created: number("created")?,
            expires: number("expires")?,
        };
        if !(16..=64).contains(&signed.nonce.len()) || !(1..=128).contains(&signed.keyid.len()) {
            return Err(Refusal::Malformed);
        }
        Ok(signed)
    }

    /// The suite that the signature claims by its `alg`, to answer in; `None` for one that is not known.
    #[must_use]
    pub fn suite(&self) -> Option<SuiteId> {
        suite_of_alg(&self.alg)
    }

    /// Judges everything but the nonce's novelty: tag, coverage, window, algorithm, signature. `key` is the registered
    /// key with its suite: what the message says of its algorithm must agree with it. The digest is the caller's to
    /// check first ([`check_content_digest`]); the nonce the caller's to spend afterwards.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn verify(
        &self,
        crypto: &dyn Primitives,
        message: &Message,
        tag: Tag,
        (suite, public_key): (SuiteId, &[u8]),
        now: i64,
    ) -> Result<(), Refusal> {
        if self.tag != tag.word() {
            return Err(Refusal::Tag);
        }
        if self.alg != alg(suite) {
            return Err(Refusal::Suite);
        }
        self.covers(message)?;
        let lives = self.expires.saturating_sub(self.created);
        let fresh = (0..=WINDOW_S).contains(&lives)
            && now >= self.created.saturating_sub(WINDOW_S)
            && now <= self.expires;
        if !fresh {
            return Err(Refusal::Window);
        }
        if crypto.verify(suite, public_key, self.base.as_bytes(), &self.signature) {
            Ok(())
        } else {
            Err(Refusal::Signature)
        }
    }

    fn covers(&self, message: &Message) -> Result<(), Refusal> {
        let has =
            |name: &str, of_request: bool| self.covered.iter().any(|(n, r)| n == name && *r == of_request);
        let required: &[(&str, bool)] = if message.request.is_some() {
            &[
                ("@status", false),
                ("content-type", false),
                ("content-digest", false),
                ("@method", true),
                ("@target-uri", true),
                ("content-digest", true),
                ("signature;sig1", true),
            ]
        } else {
            &[("@method", false), ("@target-uri", false), ("content-type", false), ("content-digest", false)]
        };
        let all = required.iter().all(|(name, of_request)| has(name, *of_request))
            && message
                .fields
                .iter()
                .filter(|(name, _)| must_cover(name))
                .all(|(name, _)| has(&name.to_ascii_lowercase(), false));
        if all { Ok(()) } else { Err(Refusal::NotCovered) }
    }
}

/// Checks `Content-Digest` against a body: the digest of the key's suite is there (suites 1 and 3 have the same),
/// and every one that we know fits.
///
/// # Errors
/// [`Refusal::Missing`], [`Refusal::Malformed`], [`Refusal::Digest`]; [`Refusal::Suite`] when there is only another
/// hash's.
pub fn check_content_digest(
    crypto: &dyn Primitives,
    suite: SuiteId,
    message: &Message,
    body: &[u8],
) -> Result<(), Refusal> {
    let mut seen = Vec::new();
    for (name, value) in &message.dictionary("content-digest")? {
        let ListEntry::Item(Item { bare_item: BareItem::ByteSequence(value), .. }) = value else {
            return Err(Refusal::Malformed);
        };
        if let Some(of) = SuiteId::ALL.into_iter().find(|of| digest_name(*of) == name.as_str()) {
            if value.as_slice() != crypto.hash(of, body) {
                return Err(Refusal::Digest);
            }
            seen.push(digest_name(of));
        }
    }
    match seen.as_slice() {
        [] => Err(Refusal::Missing),
        names if names.contains(&digest_name(suite)) => Ok(()),
        _ => Err(Refusal::Suite),
    }
}
