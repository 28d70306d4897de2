//! What the handset sends, and the digests that its device key signs.

use zeroize::Zeroizing;

use crate::cbor::{self, FormatError, Value};
use crate::digest::{Digest, Primitives, SuiteId, labelled};
use crate::factors::Factor;
use crate::fields::{Reader, Writer};
use crate::trust::{Distrust, KeyStatement, Purpose, Roots};

mod submission;

pub use submission::{ENVELOPES_MAX, EVIDENCE_BYTES_MAX, Enrolment, Packaged, Submission, Touched};

const LABEL_ACTIVATION: &str = "msgpay activation v1";

/// `POST /sdk/v1/activations`.
#[derive(Clone, PartialEq, Eq)]
pub struct Activation {
    /// Suite in which the institution is to answer.
    pub suite: SuiteId,
    /// Suite of the device's key: the same, or International where the policy lets hardware keys sign.
    pub device_suite: SuiteId,
    /// The code that the institution gave the user.
    pub code: Zeroizing<String>,
    /// The device's public key, SEC1 uncompressed.
    pub device_key: [u8; 65],
    /// The handset's nonce.
    pub client_nonce: [u8; 16],
    /// The device key's signature over [`Activation::message`].
    pub signature: Vec<u8>,
}

impl Activation {
    /// What the device key signs to prove that it is held:
    /// `["msgpay activation v1", code, key, nonce, suite, device suite]`. It holds the code.
    #[must_use]
    pub fn message(&self) -> Zeroizing<Vec<u8>> {
        let mut out = self.room();
        cbor::head(4, 6, &mut out);
        cbor::text(LABEL_ACTIVATION, &mut out);
        cbor::text(&self.code, &mut out);
        cbor::bytes(&self.device_key, &mut out);
        cbor::bytes(&self.client_nonce, &mut out);
        cbor::head(0, self.suite.number(), &mut out);
        cbor::head(0, self.device_suite.number(), &mut out);
        out
    }

    /// The body. It holds the code.
    #[must_use]
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut out = self.room();
        cbor::head(5, 6, &mut out);
        cbor::head(0, 1, &mut out);
        cbor::text(&self.code, &mut out);
        for (key, bytes) in
            [(2, &self.device_key[..]), (3, &self.client_nonce[..]), (4, self.signature.as_slice())]
        {
            cbor::head(0, key, &mut out);
            cbor::bytes(bytes, &mut out);
        }
        for (key, suite) in [(5, self.suite), (6, self.device_suite)] {
            cbor::head(0, key, &mut out);
            cbor::head(0, suite.number(), &mut out);
        }
        out
    }

    /// Room for all of it at once: a vector that grew would leave the code behind where it was.
    fn room(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(Vec::with_capacity(256 + self.code.len()))
    }

    /// Reads a body.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn read(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open("activation", bytes)?;
        let activation = Self {
            code: Zeroizing::new(r.text(1, 64)?),
            device_key: r.fixed(2)?,
            client_nonce: r.fixed(3)?,
            signature: r.fixed::<64>(4)?.to_vec(),
            suite: r.suite(5)?,
            device_suite: r.suite(6)?,
        };
        r.finish()?;
        Ok(activation)
    }
}

/// The signed answer to an activation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activated {
    /// Who answers.
    pub institution_id: String,
    /// The wallet, an opaque id.
    pub wallet_id: String,
    /// The device, an opaque id; `keyid` of its signatures.
    pub device_id: String,
    /// The nonce that the handset sent.
    pub client_nonce: [u8; 16],
    /// Hash of the device's public key.
    pub device_key_digest: Digest,
}

impl Activated {
    /// The payload that the `summary` key signs.
    #[must_use]
    pub fn payload(&self) -> Vec<u8> {
        Writer::labelled("msgpay activated v1")
            .text(1, &self.institution_id)
            .text(2, &self.wallet_id)
            .text(3, &self.device_id)
            .bytes(4, &self.client_nonce)
            .bytes(5, &self.device_key_digest)
            .finish()
    }

    /// Verifies an answer under an institution's roots; the caller compares nonce and key digest with its own.
    ///
    /// # Errors
    /// [`Distrust`].
    pub fn open(
        crypto: &dyn Primitives,
        roots: &Roots,
        bytes: &[u8],
        now: u64,
    ) -> Result<(Self, KeyStatement), Distrust> {
        let (payload, statement) = roots.open(crypto, "activation answer", bytes, Purpose::Summary, now)?;
        let mut r = Reader::open("activation answer", &payload)?;
        r.label("msgpay activated v1")?;
        let activated = Self {
            institution_id: r.text(1, 64)?,
            wallet_id: r.text(2, 64)?,
            device_id: r.text(3, 64)?,
            client_nonce: r.fixed(4)?,
            device_key_digest: r.fixed(5)?,
        };
        r.finish()?;
        if activated.institution_id != roots.institution_id {
            return Err(Distrust::Purpose);
        }
        Ok((activated, statement))
    }
}

/// `POST /sdk/v1/launches`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch {
    /// The signed launch token of the link.
    pub token: Vec<u8>,
    /// The handset's nonce.
    pub client_nonce: [u8; 16],
}

impl Launch {
    /// The body.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Writer::new().bytes(1, &self.token).bytes(2, &self.client_nonce).finish()
    }
    /// Reads a body.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn read(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open("launch", bytes)?;
        let launch = Self { token: r.bytes(1, 2048)?, client_nonce: r.fixed(2)? };
        r.finish()?;
        Ok(launch)
    }
}

/// `POST /sdk/v1/password-setups` and `POST /sdk/v1/biometric-setups`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// The handset's nonce.
    pub client_nonce: [u8; 16],
    /// Suite in which it is to be done.
    pub suite: SuiteId,
}

impl Setup {
    /// The body.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Writer::new().bytes(1, &self.client_nonce).uint(2, self.suite.number()).finish()
    }
    /// Reads a body.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn read(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open("setting", bytes)?;
        let setup = Self { client_nonce: r.fixed(1)?, suite: r.suite(2)? };
        r.finish()?;
        Ok(setup)
    }
}

/// Everything that a request digest binds.
#[derive(Debug, Clone, Copy)]
pub struct RequestParts<'a> {
    /// Suite of the request.
    pub suite: SuiteId,
    /// The device that sends it.
    pub device_id: &'a str,
    /// Whose wallet.
    pub wallet_id: &'a str,
    /// Digest of the summary that the user saw.
    pub order_digest: &'a Digest,
    /// The sealed factors, in order.
    pub packaged: &'a [Packaged],
    /// The biometric key that signs as well, if one does.
    pub biometric: Option<&'a Digest>,
    /// Sealed environment evidence.
    pub evidence: &'a [u8],
    /// The single-use nonce.
    pub server_nonce: &'a [u8; 16],
}

/// `H(["msgpay request v1", suite, device, wallet, order digest, factors, evidence digest, server nonce])`: what the
/// device signs and what a receipt answers. The factors are `[purpose, envelope digest]` for each entry and, last,
/// `["biometric", kid]` where that key signs too: neither can be taken away or put in.
#[must_use]
pub fn request_digest(crypto: &dyn Primitives, parts: &RequestParts<'_>) -> Digest {
    let digest = |bytes: &[u8]| Value::Bytes(crypto.hash(parts.suite, bytes).to_vec());
    let factor = |word: &str, digest| Value::Array(vec![Value::Text(word.to_owned()), digest]);
    let entries = parts.packaged.iter().map(|p| factor(p.purpose.word(), digest(&p.envelope)));
    let biometric = parts.biometric.map(|kid| factor(Factor::Biometric.word(), Value::Bytes(kid.to_vec())));
    let factors = entries.chain(biometric).collect();
    let bytes = labelled(
        "msgpay request v1",
        vec![
            parts.suite.number().into(),
            Value::Text(parts.device_id.to_owned()),
            Value::Text(parts.wallet_id.to_owned()),
            Value::Bytes(parts.order_digest.to_vec()),
            Value::Array(factors),
            digest(parts.evidence),
            Value::Bytes(parts.server_nonce.to_vec()),
        ],
    );
    crypto.hash(parts.suite, &bytes)
}

/// What the device key signs: `["msgpay device request v1", request digest]`.
#[must_use]
pub fn device_message(request_digest: &Digest) -> Vec<u8> {
    labelled("msgpay device request v1", vec![Value::Bytes(request_digest.to_vec())])
}

/// `POST /sdk/v1/payments/{payOrderNo}/resolve`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolve {
    /// The nonce of the request that got no answer.
    pub server_nonce: [u8; 16],
    /// Its digest.
    pub request_digest: Digest,
}

impl Resolve {
    /// The body.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Writer::new().bytes(1, &self.server_nonce).bytes(2, &self.request_digest).finish()
    }
    /// Reads a body.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn read(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open("resolve", bytes)?;
        let resolve = Self { server_nonce: r.fixed(1)?, request_digest: r.fixed(2)? };
        r.finish()?;
        Ok(resolve)
    }
}

/// The body that answers a submission or a resolve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmissionAnswer {
    /// HTTP 200: a signed [`crate::receipt::Receipt`].
    Receipt(Vec<u8>),
    /// HTTP 202: taken, result not known yet; resolve after this many milliseconds.
    Working {
        /// Milliseconds to wait.
        retry_after_ms: u64,
    },
}

impl SubmissionAnswer {
    /// The body.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Receipt(receipt) => Writer::new().bytes(1, receipt).finish(),
            Self::Working { retry_after_ms } => Writer::new().uint(2, *retry_after_ms).finish(),
        }
    }
    /// Reads a body.
    ///
    /// # Errors
    /// [`FormatError`].
    pub fn read(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open("payment answer", bytes)?;
        let answer = if r.has(1) {
            Self::Receipt(r.bytes(1, 4096)?)
        } else {
            Self::Working { retry_after_ms: r.uint(2)? }
        };
        r.finish()?;
        Ok(answer)
    }
}

#[cfg(test)]
mod tests;
