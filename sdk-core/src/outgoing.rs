//! A request as it leaves: CBOR, with its digest and the device's signature over method, address, type and digest.

use msgpay_wire::{
    SuiteId,
    httpsig::{self, Claims, Message, Refusal, Tag},
};

use crate::{
    config::Institution,
    failure::HostFault,
    host::{Host, Request},
    records::Device,
    trust::Crypto,
};

const CBOR: &str = "application/cbor";
const METHOD: &str = "POST";

/// A request that no device signs: activation, where the device is not known yet.
pub(crate) fn unsigned(institution: &Institution, suite: SuiteId, path: &str, body: Vec<u8>) -> Request {
    let digest = httpsig::content_digest(&Crypto, suite, &body);
    Request {
        institution: institution.id.clone(),
        method: METHOD,
        url: format!("{}{path}", institution.base_url),
        headers: vec![("content-type".to_owned(), CBOR.to_owned()), ("content-digest".to_owned(), digest)],
        body,
    }
}

/// The same, signed by the device key in its own suite (RFC 9421, `tag="msgpay-device"`).
pub(crate) fn signed(
    institution: &Institution,
    device: Device<'_>,
    path: &str,
    body: Vec<u8>,
    host: &Host,
) -> Result<Request, HostFault> {
    let mut request = unsigned(institution, device.suite, path, body);
    let claims = Claims {
        tag: Tag::Device,
        keyid: device.id,
        suite: device.suite,
        created: host.clock.unix_ms().div_euclid(1_000),
        nonce: nonce()?,
    };
    let message = Message::request(METHOD, &request.url, request.headers.clone());
    let headers = httpsig::sign_request(&message, &claims, |base| {
        host.keystore.sign(device.key, base).map(|signature| signature.to_vec()).map_err(NotSigned::Host)
    });
    let headers = headers.map_err(|not_signed| match not_signed {
        NotSigned::Host(fault) => fault,
        NotSigned::Form => HostFault::Vault,
    })?;
    request.headers.push(("signature-input".to_owned(), headers.signature_input));
    request.headers.push(("signature".to_owned(), headers.signature));
    Ok(request)
}

/// 128 fresh bits.
pub(crate) fn nonce() -> Result<[u8; 16], HostFault> {
    msgpay_crypto::random::make().map_err(|_| HostFault::System)
}

/// A name that no key has yet.
pub(crate) fn key_name(what: &str, institution: &str) -> Result<String, HostFault> {
    let end: String = nonce()?.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{what}/{institution}/{end}"))
}

enum NotSigned {
    Host(HostFault),
    /// A device id that cannot stand in a header; it came from a signed answer, so the vault's record is damaged.
    Form,
}

impl From<Refusal> for NotSigned {
    fn from(_: Refusal) -> Self {
        Self::Form
    }
}
