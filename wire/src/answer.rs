//! The answer to a launch: one signature over everything that the handset is handed.

use crate::cbor::FormatError;
use crate::digest::{Digest, Primitives, SuiteId};
use crate::fields::{Reader, Writer};
use crate::trust::{Distrust, KeyStatement, Purpose, Roots};

const LABEL: &str = "msgpay launch answer v1";
const WHAT: &str = "launch answer";

/// What ties summary, policy, seal key and nonce to one launch of one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchAnswer {
    /// Digest of the launch token (of the empty string for a password setting).
    pub token_digest: Digest,
    /// The nonce that the handset sent.
    pub client_nonce: [u8; 16],
    /// The device that asked.
    pub device_id: String,
    /// The order digest.
    pub summary_digest: Digest,
    /// Digest of the signed policy.
    pub policy_digest: Digest,
    /// Digest of the seal key's statement.
    pub seal_statement_digest: Digest,
    /// Single-use; issued for this device and this order digest.
    pub server_nonce: [u8; 16],
    /// Unix seconds, at most three minutes ahead.
    pub expires: u64,
    /// Who answers.
    pub institution_id: String,
    /// Whose wallet.
    pub wallet_id: String,
    /// Suite of the payment.
    pub suite: SuiteId,
}

impl LaunchAnswer {
    /// The payload that the `summary` key signs.
    #[must_use]
    pub fn payload(&self) -> Vec<u8> {
        Writer::labelled(LABEL)
            .bytes(1, &self.token_digest)
            .bytes(2, &self.client_nonce)
            .text(3, &self.device_id)
            .bytes(4, &self.summary_digest)
            .bytes(5, &self.policy_digest)
            .bytes(6, &self.seal_statement_digest)
            .bytes(7, &self.server_nonce)
            .uint(8, self.expires)
            .text(9, &self.institution_id)
            .text(10, &self.wallet_id)
            .uint(11, self.suite.number())
            .finish()
    }

    fn read(payload: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open(WHAT, payload)?;
        r.label(LABEL)?;
        let answer = Self {
            token_digest: r.fixed(1)?,
            client_nonce: r.fixed(2)?,
            device_id: r.text(3, 64)?,
            summary_digest: r.fixed(4)?,
            policy_digest: r.fixed(5)?,
            seal_statement_digest: r.fixed(6)?,
            server_nonce: r.fixed(7)?,
            expires: r.uint(8)?,
            institution_id: r.text(9, 64)?,
            wallet_id: r.text(10, 64)?,
            suite: r.suite(11)?,
        };
        r.finish()?;
        Ok(answer)
    }

    /// Verifies an answer under an institution's roots; the caller compares every digest, nonce and id with its own.
    ///
    /// # Errors
    /// [`Distrust`].
    pub fn open(
        crypto: &dyn Primitives,
        roots: &Roots,
        bytes: &[u8],
        now: u64,
    ) -> Result<(Self, KeyStatement), Distrust> {
        let (payload, statement) = roots.open(crypto, WHAT, bytes, Purpose::Summary, now)?;
        let answer = Self::read(&payload)?;
        if answer.institution_id != roots.institution_id {
            return Err(Distrust::Purpose);
        }
        if answer.suite != statement.suite {
            return Err(Distrust::Suite);
        }
        Ok((answer, statement))
    }
}

/// The HTTP body around a launch answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchBody {
    /// Signed [`LaunchAnswer`].
    pub answer: Vec<u8>,
    /// [`crate::summary::Summary`] or [`crate::summary::PasswordSummary`].
    pub summary: Vec<u8>,
    /// Signed [`crate::policy::Policy`].
    pub policy: Vec<u8>,
    /// Signed [`KeyStatement`] of the seal key.
    pub seal_statement: Vec<u8>,
}

impl LaunchBody {
    /// The body's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Writer::new()
            .bytes(1, &self.answer)
            .bytes(2, &self.summary)
            .bytes(3, &self.policy)
            .bytes(4, &self.seal_statement)
            .finish()
    }

    /// Reads a body.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn read(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open("launch body", bytes)?;
        let body = Self {
            answer: r.bytes(1, 4096)?,
            summary: r.bytes(2, 4096)?,
            policy: r.bytes(3, 4096)?,
            seal_statement: r.bytes(4, 2048)?,
        };
        r.finish()?;
        Ok(body)
    }
}
