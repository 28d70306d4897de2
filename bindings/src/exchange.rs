//! What goes to the institution and comes back.

use msgpay_sdk_core as core;

/// A header of a request.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Header {
    /// Its name, small letters.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A request, complete and signed. Send it as it is, once, over a connection pinned to that institution.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Request {
    /// Whose server, and so whose pins.
    pub institution: String,
    /// Always `POST` so far.
    pub method: String,
    /// Absolute `https` address.
    pub url: String,
    /// Headers beside those of the connection.
    pub headers: Vec<Header>,
    /// The body, `application/cbor`.
    pub body: Vec<u8>,
}

impl From<core::Request> for Request {
    fn from(request: core::Request) -> Self {
        let headers = request.headers.into_iter().map(|(name, value)| Header { name, value });
        Self {
            institution: request.institution,
            method: request.method.to_owned(),
            url: request.url,
            headers: headers.collect(),
            body: request.body,
        }
    }
}

/// What came back, not believed yet.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Answer {
    /// HTTP status; what is none counts as no answer.
    pub status: i32,
    /// The `content-type` header, empty when absent.
    pub content_type: String,
    /// The body, at most 65,536 bytes; a longer one counts as no answer.
    pub body: Vec<u8>,
}

/// What the core takes: an answer, or that none came.
pub(crate) fn answer(answer: Option<Answer>) -> Result<core::Answer, core::NoAnswer> {
    let Answer { status, content_type, body } = answer.ok_or(core::NoAnswer)?;
    if body.len() > core::Answer::BODY_BYTES_MAX {
        return Err(core::NoAnswer);
    }
    let status = u16::try_from(status).map_err(|_| core::NoAnswer)?;
    Ok(core::Answer { status, content_type, body })
}
