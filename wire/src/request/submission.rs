//! What a payment or a setting submits: the sealed entries under the device's signature, and the biometric key's.

use crate::cbor::{Defect, FormatError, Value};
use crate::digest::{Digest, SuiteId};
use crate::entry::{ENVELOPE_BYTES_MAX, EntryPurpose, Envelope};
use crate::factors::Factor;
use crate::fields::{Reader, Writer};

/// Sealed environment evidence at the most, in bytes.
pub const EVIDENCE_BYTES_MAX: usize = 8 * 1024;
/// Envelopes in one request at the most.
pub const ENVELOPES_MAX: usize = 4;

/// A sealed entry with what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packaged {
    /// What the entry is for.
    pub purpose: EntryPurpose,
    /// [`crate::entry::Envelope`] bytes.
    pub envelope: Vec<u8>,
}

impl Packaged {
    /// Whether it is a PIN, by the word beside the envelope or by the envelope's own: either would do to bring one in.
    fn holds_a_pin(&self) -> bool {
        let sealed =
            || Envelope::read(&self.envelope).is_ok_and(|sealed| sealed.purpose == EntryPurpose::Pin);
        self.purpose == EntryPurpose::Pin || sealed()
    }
}

/// The biometric key's signature over [`crate::factors::biometric_message`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touched {
    /// Which key: [`crate::factors::biometric_kid`].
    pub kid: Digest,
    /// In the key's own suite, r‖s.
    pub signature: [u8; 64],
}

/// `POST /sdk/v1/payments` and `POST /sdk/v1/passwords`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// The order, or the number of a password setting.
    pub pay_order_no: String,
    /// The single-use nonce of the launch.
    pub server_nonce: [u8; 16],
    /// The sealed factors, in order.
    pub packaged: Vec<Packaged>,
    /// Sealed environment evidence; may be empty.
    pub evidence: Vec<u8>,
    /// The device key's signature over [`super::device_message`].
    pub device_signature: Vec<u8>,
    /// The biometric key's, where it signs.
    pub biometric: Option<Touched>,
}

impl Submission {
    /// The body.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        self.members().finish()
    }

    /// What the payer proves with: the device's key signs every request.
    #[must_use]
    pub fn factors(&self) -> Vec<Factor> {
        let password = (!self.packaged.is_empty()).then_some(Factor::Password);
        let biometric = self.biometric.as_ref().map(|_| Factor::Biometric);
        [Some(Factor::Device), password, biometric].into_iter().flatten().collect()
    }

    fn members(&self) -> Writer {
        let packaged = self
            .packaged
            .iter()
            .map(|p| {
                Value::Array(vec![Value::Text(p.purpose.word().to_owned()), Value::Bytes(p.envelope.clone())])
            })
            .collect();
        let members = Writer::new()
            .text(1, &self.pay_order_no)
            .bytes(2, &self.server_nonce)
            .value(3, Value::Array(packaged))
            .bytes(4, &self.evidence)
            .bytes(5, &self.device_signature);
        match &self.biometric {
            Some(touched) => {
                let parts = [touched.kid.as_slice(), touched.signature.as_slice()];
                members.value(6, Value::Array(parts.map(|part| Value::Bytes(part.to_vec())).to_vec()))
            }
            None => members,
        }
    }

    /// Reads a body. A PIN stands alone in its request: beside a card number, the two would be together (ISO 9564).
    /// Without any entry there is the biometric key's signature.
    ///
    /// # Errors
    /// [`FormatError`]; [`Defect::PinNotAlone`] for a PIN beside any other entry.
    pub fn read(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open("submission", bytes)?;
        let submission = Self::take(&mut r)?;
        r.finish()?;
        Ok(submission)
    }

    fn take(r: &mut Reader) -> Result<Self, FormatError> {
        let pay_order_no = r.text(1, 64)?;
        let server_nonce = r.fixed(2)?;
        let packaged = r
            .array(3, ENVELOPES_MAX)?
            .into_iter()
            .map(read_packaged)
            .collect::<Option<Vec<_>>>()
            .ok_or(r.refuse(Defect::Type(3)))?;
        if packaged.len() > 1 && packaged.iter().any(Packaged::holds_a_pin) {
            return Err(r.refuse(Defect::PinNotAlone));
        }
        let (evidence, device_signature) = (r.bytes(4, EVIDENCE_BYTES_MAX)?, r.fixed::<64>(5)?.to_vec());
        let biometric = match r.optional(6) {
            Some(value) => Some(read_touched(value).ok_or(r.refuse(Defect::Type(6)))?),
            None => None,
        };
        if packaged.is_empty() && biometric.is_none() {
            return Err(r.refuse(Defect::Type(3)));
        }
        Ok(Self { pay_order_no, server_nonce, packaged, evidence, device_signature, biometric })
    }
}

/// `POST /sdk/v1/biometrics`: a submission with the new key, which has signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The password, the device's signature, and the new key's: it is held, and a finger was there.
    pub submission: Submission,
    /// Suite of the new key.
    pub suite: SuiteId,
    /// The new key.
    pub public_key: [u8; 65],
}

impl Enrolment {
    /// The body.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        self.submission.members().uint(7, self.suite.number()).bytes(8, &self.public_key).finish()
    }

    /// Reads a body.
    ///
    /// # Errors
    /// As [`Submission::read`]; [`Defect::Missing`] without the new key's signature.
    pub fn read(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open("biometric enrolment", bytes)?;
        let submission = Submission::take(&mut r)?;
        if submission.biometric.is_none() {
            return Err(r.refuse(Defect::Missing(6)));
        }
        let enrolment = Self { submission, suite: r.suite(7)?, public_key: r.fixed(8)? };
        r.finish()?;
        Ok(enrolment)
    }
}

fn read_touched(value: Value) -> Option<Touched> {
    let [kid, signature] = <[Value; 2]>::try_from(value.into_array().ok()?).ok()?;
    let (kid, signature) = (kid.into_bytes().ok()?, signature.into_bytes().ok()?);
    Some(Touched { kid: kid.try_into().ok()?, signature: signature.try_into().ok()? })
}

fn read_packaged(value: Value) -> Option<Packaged> {
    let mut parts = value.into_array().ok()?.into_iter();
    let (word, envelope) = (parts.next()?.into_text().ok()?, parts.next()?.into_bytes().ok()?);
    if parts.next().is_some() || envelope.len() > ENVELOPE_BYTES_MAX {
        return None;
    }
    Some(Packaged { purpose: EntryPurpose::from_word(&word)?, envelope })
}
