//! What a page and the bridge say to each other: JSON, versioned, small, and nothing that is not named here.

use serde::{Deserialize, Serialize};

/// Version of the messages.
const VERSION: u64 = 1;
/// Bytes of a message from a page at the most.
pub(super) const MESSAGE_BYTES_MAX: usize = 4096;
/// Characters of a message's id.
const ID_LENGTH: std::ops::RangeInclusive<usize> = 8..=64;

/// A message from a page, not judged yet.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Incoming {
    v: u64,
    id: String,
    #[serde(rename = "do")]
    what: String,
    launch: Option<String>,
}

/// What a page asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Call {
    /// Begin with this launch link.
    Open(String),
    /// Leave: what is typed is wiped, and a payment that was not submitted turned back.
    Close,
    /// Take all characters back.
    Clear,
    /// Confirm.
    Submit,
}

/// Why a message came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum BridgeFault {
    /// The sender is not the top-level document of a listed origin, or is one that was left. It gets no answer.
    #[error("the sender is not a listed top-level origin")]
    Origin,
    /// Longer than a message may be.
    #[error("the message is too long")]
    TooLong,
    /// Not a message of this version, or with something in it that no message has.
    #[error("not a message of this version")]
    Message,
    /// This id was used before.
    #[error("a message with this id came before")]
    Replayed,
    /// One entry at a time.
    #[error("an entry is open already")]
    Busy,
    /// Nothing is open that this call could mean.
    #[error("nothing is open")]
    NotOpen,
    /// Not as many characters as are needed.
    #[error("the entry is not complete")]
    Incomplete,
    /// The entry was wiped; begin anew.
    #[error("the entry was wiped")]
    Wiped,
    /// An earlier request for this order was sent and its result is not known: nothing was sent now, and the order
    /// must not be offered anew.
    #[error("an earlier request for this order is unresolved")]
    Unresolved,
    /// The handset could not do it; nothing was sent, and nothing will be.
    #[error("the handset could not do it")]
    Failed,
}

/// Reads a message: its id, and what it asks for.
pub(super) fn read(text: &str) -> Result<(String, Call), BridgeFault> {
    if text.len() > MESSAGE_BYTES_MAX {
        return Err(BridgeFault::TooLong);
    }
    let Incoming { v, id, what, launch } = serde_json::from_str(text).map_err(|_| BridgeFault::Message)?;
    let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if v != VERSION || !plain || !ID_LENGTH.contains(&id.len()) {
        return Err(BridgeFault::Message);
    }
    let call = match (what.as_str(), launch) {
        ("open", Some(link)) => Call::Open(link),
        ("close", None) => Call::Close,
        ("clear", None) => Call::Clear,
        ("submit", None) => Call::Submit,
        _ => return Err(BridgeFault::Message),
    };
    Ok((id, call))
}

/// What the page is told. There is no more to know: a number of characters, and bytes for the institution.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outgoing<'a> {
    v: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    re: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<BridgeFault>,
}

const SILENT: Outgoing<'static> =
    Outgoing { v: VERSION, re: None, event: None, length: None, token: None, error: None };

/// Done.
pub(super) fn done(id: &str) -> String {
    text(&Outgoing { re: Some(id), ..SILENT })
}

/// Refused; without an id where none could be read.
pub(super) fn refused(id: Option<&str>, fault: BridgeFault) -> String {
    text(&Outgoing { re: id, error: Some(fault), ..SILENT })
}

/// The answer to a submission.
pub(super) fn token(id: &str, token: &str) -> String {
    text(&Outgoing { re: Some(id), token: Some(token), ..SILENT })
}

/// How many characters are entered; `None` when nothing is open any more.
pub(super) fn state(length: Option<usize>) -> String {
    let event = if length.is_some() { "typing" } else { "closed" };
    text(&Outgoing { event: Some(event), length, ..SILENT })
}

fn text(message: &Outgoing<'_>) -> String {
    // A struct of texts and numbers is always JSON.
    serde_json::to_string(message).unwrap_or_default()
}
