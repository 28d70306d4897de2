//! What each party received on the wire.

use serde::{Deserialize, Serialize};

use super::{Blob, Text};

/// Who takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The person.
    User,
    /// 终端: messaging client and payment SDK.
    Handset,
    /// 运营商: 5GMC and MaaP.
    Maap,
    /// 商户: business platform and Chatbot.
    Merchant,
    /// 支付机构: 5G message payment platform.
    Platform,
    /// The bank channel behind the platform.
    Bank,
}

/// One message as its reader received it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// 1, 2, 3… within a run.
    pub seq: u64,
    /// Milliseconds since the run began.
    pub at_ms: u64,
    /// Step of the standard, as `B.3(2)`; none for set-up and housekeeping.
    pub step: Option<String>,
    /// Sender.
    pub from: Party,
    /// Receiver.
    pub to: Party,
    /// Whose bytes these are; usually `to`.
    pub reader: Party,
    /// A short title.
    pub what: Text,
    /// HTTP start line and headers, a line each; empty when there are none.
    pub head: String,
    /// Content type of the body (`application/json`, `application/cbor`, `text/plain`…).
    pub media: String,
    /// Body as read.
    pub body: Blob,
    /// Parts of the body that are sealed.
    pub sealed: Vec<SealedSpan>,
}

/// A sealed part of a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedSpan {
    /// First byte within the body.
    pub start: usize,
    /// Bytes.
    pub len: usize,
    /// What is in it.
    pub what: Text,
    /// The reader holds the key that opens it.
    pub opens: bool,
}
