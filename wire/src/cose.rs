//! COSE_Sign1 (RFC 9052 §4.2) as this protocol uses it: untagged, empty external data, no unprotected headers,
//! protected header `{1: alg, 4: kid}` and, on everything but a key statement, `-70002: key statement`.

use coset::{
    CborSerializable, CoseSign1, CoseSign1Builder, HeaderBuilder, Label, RegisteredLabelWithPrivate, iana,
};

use crate::cbor::{self, Defect, FormatError, Value};
use crate::digest::SuiteId;

/// Private header label (below −65536, RFC 9052 §11.2) that carries the root-signed statement of the signing key.
pub const KEY_STATEMENT_HEADER: i64 = -70_002;

/// Private algorithm number of SM2 with SM3 (below −65536, RFC 9052 §11.2), the identity of Z_A being the default of
/// GM/T 0009.
pub const ALG_SM2_SM3: i64 = -70_001;

/// Header label of the algorithm (RFC 9052 §3.1).
const ALG_HEADER: u64 = 1;

/// Bytes of a signed object at the most.
const BYTES_MAX: usize = 16 * 1024;

fn algorithm(suite: SuiteId) -> RegisteredLabelWithPrivate<iana::Algorithm> {
    match suite {
        SuiteId::International => RegisteredLabelWithPrivate::Assigned(iana::Algorithm::ES256),
        SuiteId::Guomi => RegisteredLabelWithPrivate::PrivateUse(ALG_SM2_SM3),
        // Fully specified (RFC 9864), unlike EdDSA, -8.
        SuiteId::Curve25519 => RegisteredLabelWithPrivate::Assigned(iana::Algorithm::Ed25519),
    }
}

fn header(suite: SuiteId, kid: u64, statement: Option<&[u8]>) -> coset::Header {
    let mut header = HeaderBuilder::new().key_id(kid.to_be_bytes().to_vec()).build();
    header.alg = Some(algorithm(suite));
    if let Some(statement) = statement {
        header.rest.push((Label::Int(KEY_STATEMENT_HEADER), Value::Bytes(statement.to_vec())));
    }
    header
}

/// Signs `payload`. `statement` is absent only where the institution's root itself signs.
///
/// # Errors
/// Whatever `sign` gives back; it receives the `Sig_structure` and returns 64 bytes, r‖s.
pub fn sign<E>(
    suite: SuiteId,
    kid: u64,
    statement: Option<&[u8]>,
    payload: Vec<u8>,
    sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>,
) -> Result<Vec<u8>, E> {
    let signed = CoseSign1Builder::new()
        .protected(header(suite, kid, statement))
        .payload(payload)
        .try_create_signature(b"", sign)?
        .build();
    // Serialising into memory fails only for nesting that this header does not have.
    Ok(signed.to_vec().unwrap_or_default())
}

/// A COSE_Sign1 whose form was checked and whose signature was not. Nothing of it may be believed before
/// [`crate::trust::Roots::open`] has verified it.
#[derive(Clone)]
pub struct Unverified {
    suite: SuiteId,
    kid: u64,
    statement: Option<Vec<u8>>,
    payload: Vec<u8>,
    signature: Vec<u8>,
    to_be_signed: Vec<u8>,
}

impl Unverified {
    /// Reads the form.
    ///
    /// # Errors
    /// [`Defect::Cose`], [`Defect::Encoding`]; [`Defect::Suite`] for an algorithm of no suite.
    pub fn read(what: &'static str, bytes: &[u8]) -> Result<Self, FormatError> {
        let refused = FormatError { what, defect: Defect::Cose };
        if bytes.len() > BYTES_MAX {
            return Err(refused);
        }
        cbor::decode(what, bytes)?;
        let object = CoseSign1::from_slice(bytes).map_err(|_| refused)?;
        let protected = &object.protected.header;
        let suite = SuiteId::ALL
            .into_iter()
            .find(|suite| protected.alg == Some(algorithm(*suite)))
            .ok_or(FormatError { what, defect: Defect::Suite(ALG_HEADER) })?;
        let kid = <[u8; 8]>::try_from(protected.key_id.as_slice()).map_err(|_| refused)?;
        let statement = match protected.rest.as_slice() {
            [] => None,
            [(Label::Int(KEY_STATEMENT_HEADER), Value::Bytes(statement))] => Some(statement.clone()),
            _ => return Err(refused),
        };
        let kid = u64::from_be_bytes(kid);
        // What else a COSE header may say (crit, content type, iv…) has no place here.
        // And what it says has one encoding: the header is a byte string within, which no other check looks into.
        let bytes = header(suite, kid, statement.as_deref()).to_vec().map_err(|_| refused)?;
        let plain = object.unprotected.is_empty()
            && object.protected.original_data.as_deref() == Some(bytes.as_slice());
        let payload = object.payload.clone().filter(|_| plain).ok_or(refused)?;
        Ok(Self {
            suite,
            kid,
            statement,
            payload,
            to_be_signed: object.tbs_data(b""),
            signature: object.signature,
        })
    }

    /// The suite that the header names.
    #[must_use]
    pub const fn suite(&self) -> SuiteId {
        self.suite
    }
    /// The key id that the header names.
    #[must_use]
    pub const fn kid(&self) -> u64 {
        self.kid
    }
    /// The statement of the signing key.
    #[must_use]
    pub fn statement(&self) -> Option<&[u8]> {
        self.statement.as_deref()
    }
    /// The payload, not yet believed.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }
    /// Verifies with a key; gives the payload.
    pub(crate) fn verified(self, verify: impl FnOnce(SuiteId, &[u8], &[u8]) -> bool) -> Option<Vec<u8>> {
        verify(self.suite, &self.to_be_signed, &self.signature).then_some(self.payload)
    }
}

#[cfg(test)]
mod tests;
