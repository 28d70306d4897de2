//! Who may sign what: an institution's offline root signs key statements, each for one purpose and a span of time,
//! and every signed object carries the statement of its key.

use crate::cbor::{Defect, FormatError};
use crate::cose::{self, Unverified};
use crate::digest::{Primitives, SuiteId};
use crate::fields::{Reader, Writer};

const LABEL: &str = "msgpay key v1";
const WHAT: &str = "key statement";

/// What a key is for. A signature by a key of another purpose is no signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// Opens sealed entries.
    Seal,
    /// Signs order summaries and launch answers.
    Summary,
    /// Signs receipts.
    Receipt,
    /// Signs launch tokens.
    Launch,
    /// Signs the policy.
    Policy,
}

impl Purpose {
    /// All purposes.
    pub const ALL: [Self; 5] = [Self::Seal, Self::Summary, Self::Receipt, Self::Launch, Self::Policy];

    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Seal => "seal",
            Self::Summary => "summary",
            Self::Receipt => "receipt",
            Self::Launch => "launch",
            Self::Policy => "policy",
        }
    }

    /// The purpose of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.word() == word)
    }
}

/// What the root says of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStatement {
    /// Whose key it is.
    pub institution_id: String,
    /// What it is for.
    pub purpose: Purpose,
    /// Its number; later keys have larger ones.
    pub kid: u64,
    /// Its suite.
    pub suite: SuiteId,
    /// SEC1, uncompressed, 65 bytes.
    pub public_key: [u8; 65],
    /// Unix seconds, inclusive.
    pub not_before: u64,
    /// Unix seconds, exclusive.
    pub not_after: u64,
}

impl KeyStatement {
    /// Signs the statement with the institution's root.
    ///
    /// # Errors
    /// Whatever `sign` gives back.
    pub fn sign<E>(
        &self,
        root_suite: SuiteId,
        root_kid: u64,
        sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>,
    ) -> Result<Vec<u8>, E> {
        let payload = Writer::labelled(LABEL)
            .text(1, &self.institution_id)
            .text(2, self.purpose.word())
            .uint(3, self.kid)
            .uint(4, self.suite.number())
            .bytes(5, &self.public_key)
            .uint(6, self.not_before)
            .uint(7, self.not_after)
            .finish();
        cose::sign(root_suite, root_kid, None, payload, sign)
    }

    /// Itself, at a time at which the key is good.
    pub(crate) fn good_at(self, time: u64) -> Result<Self, Distrust> {
        let good = (self.not_before..self.not_after).contains(&time);
        if good { Ok(self) } else { Err(Distrust::KeyTime) }
    }

    fn read(payload: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open(WHAT, payload)?;
        r.label(LABEL)?;
        let statement = Self {
            institution_id: r.text(1, 64)?,
            purpose: Purpose::from_word(&r.text(2, 16)?).ok_or(r.refuse(Defect::Value(2)))?,
            kid: r.uint(3)?,
            suite: r.suite(4)?,
            public_key: r.fixed(5)?,
            not_before: r.uint(6)?,
            not_after: r.uint(7)?,
        };
        r.finish()?;
        Ok(statement)
    }
}

/// Why a signed object is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Distrust {
    /// Malformed.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The object carries no key statement, or one that no pinned root of this institution has signed.
    #[error("no root pinned for this institution has signed the key")]
    Root,
    /// The key is for another purpose or institution than this object needs.
    #[error("the key is not for this purpose")]
    Purpose,
    /// Made in another suite than the launch, its key, its root or the policy allows: a downgrade, or a mix.
    #[error("made in another suite than is allowed here")]
    Suite,
    /// The key is not yet or no longer good at this time, or withdrawn by policy.
    #[error("the key is outside its time")]
    KeyTime,
    /// The signature does not fit.
    #[error("the signature does not fit")]
    Signature,
}

impl Distrust {
    /// Whether it is about suites: of another than is allowed here, or of one that is not known here.
    #[must_use]
    pub const fn is_of_suite(&self) -> bool {
        matches!(self, Self::Suite | Self::Format(FormatError { defect: Defect::Suite(_), .. }))
    }
}

/// A root that is pinned for an institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// Its number.
    pub kid: u64,
    /// Its suite.
    pub suite: SuiteId,
    /// SEC1, uncompressed.
    pub public_key: [u8; 65],
    /// Other suites whose keys it may vouch for. Empty unless whoever pins it says so: a chain is as strong as its
    /// weaker suite.
    pub vouches_for: Vec<SuiteId>,
}

impl Root {
    /// A root that vouches for keys of its own suite only.
    #[must_use]
    pub const fn of(kid: u64, suite: SuiteId, public_key: [u8; 65]) -> Self {
        Self { kid, suite, public_key, vouches_for: Vec::new() }
    }

    fn may_vouch_for(&self, suite: SuiteId) -> bool {
        self.suite == suite || self.vouches_for.contains(&suite)
    }
}

/// The roots pinned for **one** institution: two overlap at rotation. All objects of one launch are opened with the
/// roots of the institution that the user chose, so that another pinned institution cannot speak for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roots {
    /// Whose roots they are.
    pub institution_id: String,
    /// The pinned keys.
    pub pinned: Vec<Root>,
    only: Option<SuiteId>,
}

impl Roots {
    /// The roots of an institution, for objects of any suite.
    #[must_use]
    pub fn of(institution_id: impl Into<String>, pinned: Vec<Root>) -> Self {
        Self { institution_id: institution_id.into(), pinned, only: None }
    }

    /// The same roots for objects of one suite: everything of one launch is opened by what this gives.
    #[must_use]
    pub fn only(&self, suite: SuiteId) -> Self {
        Self { only: Some(suite), ..self.clone() }
    }

    /// Verifies a key statement for a purpose and a time.
    ///
    /// # Errors
    /// [`Distrust`].
    pub fn open_statement(
        &self,
        crypto: &dyn Primitives,
        bytes: &[u8],
        purpose: Purpose,
        now: u64,
    ) -> Result<KeyStatement, Distrust> {
        self.open_statement_for_any_time(crypto, bytes, purpose)?.good_at(now)
    }

    /// Verifies a key statement for a purpose and leaves its time to the caller: for the institution itself, which
    /// holds keys whose time is yet to come. Danger: never believe another party's key by this.
    ///
    /// # Errors
    /// [`Distrust`], never [`Distrust::KeyTime`].
    pub fn open_statement_for_any_time(
        &self,
        crypto: &dyn Primitives,
        bytes: &[u8],
        purpose: Purpose,
    ) -> Result<KeyStatement, Distrust> {
        let object = Unverified::read(WHAT, bytes)?;
        let root = self
            .pinned
            .iter()
            .find(|root| root.kid == object.kid() && root.suite == object.suite())
            .filter(|_| object.statement().is_none())
            .ok_or(Distrust::Root)?;
        let payload = object
            .verified(|suite, message, signature| crypto.verify(suite, &root.public_key, message, signature))
            .ok_or(Distrust::Root)?;
        let statement = KeyStatement::read(&payload)?;
        if statement.institution_id != self.institution_id || statement.purpose != purpose {
            return Err(Distrust::Purpose);
        }
        let allowed =
            root.may_vouch_for(statement.suite) && self.only.is_none_or(|only| only == statement.suite);
        if allowed { Ok(statement) } else { Err(Distrust::Suite) }
    }

    /// Verifies a signed object whose key must be of `purpose`; gives its payload and the key's statement.
    ///
    /// # Errors
    /// [`Distrust`].
    pub fn open(
        &self,
        crypto: &dyn Primitives,
        what: &'static str,
        bytes: &[u8],
        purpose: Purpose,
        now: u64,
    ) -> Result<(Vec<u8>, KeyStatement), Distrust> {
        let (payload, statement) = self.open_for_any_time(crypto, what, bytes, purpose)?;
        Ok((payload, statement.good_at(now)?))
    }

    /// As [`Roots::open`], the key's time left to the caller: for objects that say when they were signed.
    pub(crate) fn open_for_any_time(
        &self,
        crypto: &dyn Primitives,
        what: &'static str,
        bytes: &[u8],
        purpose: Purpose,
    ) -> Result<(Vec<u8>, KeyStatement), Distrust> {
        let object = Unverified::read(what, bytes)?;
        let statement = object.statement().ok_or(Distrust::Root)?;
        let statement = self.open_statement_for_any_time(crypto, statement, purpose)?;
        if statement.suite != object.suite() {
            return Err(Distrust::Suite);
        }
        if statement.kid != object.kid() {
            return Err(Distrust::Purpose);
        }
        let payload = object
            .verified(|suite, message, signature| {
                crypto.verify(suite, &statement.public_key, message, signature)
            })
            .ok_or(Distrust::Signature)?;
        Ok((payload, statement))
    }
}

/// A key that signs, with its statement: what the institution's side holds.
pub trait Signer {
    /// Why it could not sign.
    type Error;
    /// Suite of the key.
    fn suite(&self) -> SuiteId;
    /// Its number.
    fn kid(&self) -> u64;
    /// Its root-signed statement.
    fn statement(&self) -> &[u8];
    /// Signs a message: 64 bytes, r‖s.
    ///
    /// # Errors
    /// When the key cannot be used.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Self::Error>;

    /// A signed object around `payload`.
    ///
    /// # Errors
    /// When the key cannot be used.
    fn sign_object(&self, payload: Vec<u8>) -> Result<Vec<u8>, Self::Error> {
        cose::sign(self.suite(), self.kid(), Some(self.statement()), payload, |message| self.sign(message))
    }
}

#[cfg(test)]
mod tests;
