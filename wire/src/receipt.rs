//! The institution's signed word about one request. Nothing else concludes a payment.

use crate::cbor::{Defect, FormatError};
use crate::digest::{Digest, Primitives, SuiteId};
use crate::fields::{Reader, Writer};
use crate::trust::{Distrust, KeyStatement, Purpose, Roots};

const LABEL: &str = "msgpay receipt v1";
const WHAT: &str = "receipt";

/// A reader's clock may be slow by so much, in seconds.
pub const SKEW_S: u64 = 300;

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The money moved (or the password was set).
    Success,
    /// It did not, and this request never will.
    Fail,
    /// The request was never taken and now never can be.
    Void,
}

impl Verdict {
    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Success => "SUCCESS",
            Self::Fail => "FAIL",
            Self::Void => "VOID",
        }
    }
    /// The verdict of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Success, Self::Fail, Self::Void].into_iter().find(|v| v.word() == word)
    }
}

/// A receipt. It fits exactly one request: one that binds another request concludes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Who says so.
    pub institution_id: String,
    /// Suite of the request.
    pub suite: SuiteId,
    /// The device that asked.
    pub device_id: String,
    /// The order, or the number of a password setting.
    pub pay_order_no: String,
    /// Digest of the summary that the user saw.
    pub order_digest: Digest,
    /// Digest of the request.
    pub request_digest: Digest,
    /// How it ended.
    pub verdict: Verdict,
    /// A code of [`crate::problem`] for [`Verdict::Fail`], empty otherwise.
    pub reason: String,
    /// Unix seconds.
    pub time: u64,
    /// Which attempt at this order it was, from 1; 0 when none was counted.
    pub attempt: u64,
    /// Password tries left, where the reason is a wrong password.
    pub tries_left: Option<u64>,
}

impl Receipt {
    /// The payload that the `receipt` key signs.
    #[must_use]
    pub fn payload(&self) -> Vec<u8> {
        Writer::labelled(LABEL)
            .text(1, &self.institution_id)
            .uint(2, self.suite.number())
            .text(3, &self.device_id)
            .text(4, &self.pay_order_no)
            .bytes(5, &self.order_digest)
            .bytes(6, &self.request_digest)
            .text(7, self.verdict.word())
            .text(8, &self.reason)
            .uint(9, self.time)
            .uint(10, self.attempt)
            .uint_if(11, self.tries_left)
            .finish()
    }

    fn read(payload: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open(WHAT, payload)?;
        r.label(LABEL)?;
        let receipt = Self {
            institution_id: r.text(1, 64)?,
            suite: r.suite(2)?,
            device_id: r.text(3, 64)?,
            pay_order_no: r.text(4, 64)?,
            order_digest: r.fixed(5)?,
            request_digest: r.fixed(6)?,
            verdict: Verdict::from_word(&r.text(7, 16)?).ok_or(r.refuse(Defect::Value(7)))?,
            reason: r.text_or_empty(8, 16)?,
            time: r.uint(9)?,
            attempt: r.uint(10)?,
            tries_left: r.uint_optional(11)?,
        };
        r.finish()?;
        Ok(receipt)
    }

    /// Verifies a receipt under an institution's roots; the caller compares what it binds with its own request.
    ///
    /// The key is judged at the receipt's own time: a receipt stays good when its key has run out since. `now` is the
    /// reader's clock, Unix seconds; a receipt from beyond it and [`SKEW_S`] is refused.
    ///
    /// # Errors
    /// [`Distrust`].
    pub fn open(
        crypto: &dyn Primitives,
        roots: &Roots,
        bytes: &[u8],
        now: u64,
    ) -> Result<(Self, KeyStatement), Distrust> {
        let (payload, statement) = roots.open_for_any_time(crypto, WHAT, bytes, Purpose::Receipt)?;
        let receipt = Self::read(&payload)?;
        if receipt.institution_id != roots.institution_id {
            return Err(Distrust::Purpose);
        }
        if receipt.suite != statement.suite {
            return Err(Distrust::Suite);
        }
        if receipt.time > now.saturating_add(SKEW_S) {
            return Err(Distrust::KeyTime);
        }
        let statement = statement.good_at(receipt.time)?;
        Ok((receipt, statement))
    }
}
