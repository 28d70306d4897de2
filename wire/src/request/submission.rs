//! What a payment or a password setting submits: the sealed entries under the device's signature.

use crate::cbor::{Defect, FormatError, Value};
use crate::entry::{ENVELOPE_BYTES_MAX, EntryPurpose, Envelope};
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
}

impl Submission {
    /// The body.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let packaged = self
            .packaged
            .iter()
            .map(|p| {
                Value::Array(vec![Value::Text(p.purpose.word().to_owned()), Value::Bytes(p.envelope.clone())])
            })
            .collect();
        Writer::new()
            .text(1, &self.pay_order_no)
            .bytes(2, &self.server_nonce)
            .value(3, Value::Array(packaged))
            .bytes(4, &self.evidence)
            .bytes(5, &self.device_signature)
            .finish()
    }

    /// Reads a body. A PIN stands alone in its request: beside a card number, the two would be together (ISO 9564).
    ///
    /// # Errors
    /// [`FormatError`]; [`Defect::PinNotAlone`] for a PIN beside any other entry.
    pub fn read(bytes: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open("submission", bytes)?;
        let pay_order_no = r.text(1, 64)?;
        let server_nonce = r.fixed(2)?;
        let packaged = r
            .array(3, ENVELOPES_MAX)?
            .into_iter()
            .map(read_packaged)
            .collect::<Option<Vec<_>>>()
            .filter(|all| !all.is_empty())
            .ok_or(r.refuse(Defect::Type(3)))?;
        if packaged.len() > 1 && packaged.iter().any(Packaged::holds_a_pin) {
            return Err(r.refuse(Defect::PinNotAlone));
        }
        let submission = Self {
            pay_order_no,
            server_nonce,
            packaged,
            evidence: r.bytes(4, EVIDENCE_BYTES_MAX)?,
            device_signature: r.fixed::<64>(5)?.to_vec(),
        };
        r.finish()?;
        Ok(submission)
    }
}

fn read_packaged(value: Value) -> Option<Packaged> {
    let mut parts = value.into_array().ok()?.into_iter();
    let (word, envelope) = (parts.next()?.into_text().ok()?, parts.next()?.into_bytes().ok()?);
    if parts.next().is_some() || envelope.len() > ENVELOPE_BYTES_MAX {
        return None;
    }
    Some(Packaged { purpose: EntryPurpose::from_word(&word)?, envelope })
}
