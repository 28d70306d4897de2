//! Messages as no dialect in particular: what a Chatbot sends ([`Outbound`]) and receives ([`Inbound`]).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    address::{ChatbotUri, TelUri},
    dialect_a,
    gsma::{Message, Response, SharedData, Suggestion},
    rules::{self, Defects},
};

/// The three names of a message. The caller makes them (UUIDs); this crate has no randomness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageIds {
    /// Names this message; repeating it is how receivers know a duplicate.
    pub message_id: String,
    /// Names the conversation.
    pub conversation_id: String,
    /// Names this contribution; an answer's `inReplyTo` points at it.
    pub contribution_id: String,
}

/// `trafficType` (CPIM `maap.Traffic-Type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Traffic {
    /// Marketing.
    Advertisement,
    /// Everything about a payment.
    Payment,
    /// Paid content.
    Premium,
    /// Subscribed content.
    Subscription,
    /// Codes and tokens.
    Token,
}

/// Which delivery states the Chatbot wants to hear of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Report {
    /// Taken by the network.
    Sent,
    /// Could not be delivered.
    Failed,
    /// On the device.
    Delivered,
    /// Seen.
    Displayed,
    /// Went out as a short message.
    DeliveredToNetwork,
}

/// One part of a message to a user.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Words, ≤ 2000 characters.
    Text(String),
    /// A card or carousel.
    Card(Box<Message>),
    /// A chip list, 1 to 11; always after the other part.
    Chips(Vec<Suggestion>),
    /// A file: the file-information array.
    File(Value),
}

/// A message to users, not yet fit to leave. See [`Outbound::validate`].
#[derive(Debug, Clone, PartialEq)]
pub struct Outbound {
    /// Its names.
    pub ids: MessageIds,
    /// The contribution that it answers.
    pub in_reply_to: Option<String>,
    /// To whom; a payment message goes to exactly one.
    pub to: Vec<TelUri>,
    /// From which Chatbot.
    pub from: ChatbotUri,
    /// What the Chatbot's version tag says, `+g.gsma.rcs.botversion="#=1"`.
    pub bot_version: String,
    /// One or two parts.
    pub parts: Vec<Part>,
    /// What it is about.
    pub traffic: Option<Traffic>,
    /// Which reports are wanted.
    pub reports: Vec<Report>,
    /// Keep it for a device that is offline.
    pub store: bool,
    /// Words of the short message for devices without 5G messages; `None` sends none.
    pub sms: Option<String>,
}

/// The version tag of a Chatbot of version 1.
pub const BOT_VERSION_1: &str = "+g.gsma.rcs.botversion=\"#=1\"";

impl Outbound {
    /// Checks the message against the operators' schema and the rules of [`crate::rules`]: the only way to
    /// something that can be sent.
    ///
    /// # Errors
    /// Every defect found, so that the author mends them at once. The message itself is dropped: mend the
    /// code that built it.
    pub fn validate(self) -> Result<Validated, Defects> {
        let body = dialect_a::body_of(&self);
        rules::check_outbound(&body)?;
        Ok(Validated { outbound: self, body })
    }
}

/// Proof that a message met the schema and every rule. Only this can be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Validated {
    outbound: Outbound,
    body: Value,
}

impl Validated {
    /// The message.
    #[must_use]
    pub fn outbound(&self) -> &Outbound {
        &self.outbound
    }

    /// What was checked: the message as dialect A's JSON.
    pub(crate) fn body(&self) -> &Value {
        &self.body
    }
}

/// What a user sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Words, or a `geo:` location.
    Text(String),
    /// A tap on a reply or an action.
    Tap(Response),
    /// Device data.
    Shared(SharedData),
    /// A file: the file-information array.
    File(Value),
}

/// A message from a user.
#[derive(Debug, Clone, PartialEq)]
pub struct Inbound {
    /// Its names. Duplicates have the same `message_id`.
    pub ids: MessageIds,
    /// The contribution that it answers, if the client said so.
    pub in_reply_to: Option<String>,
    /// From whom.
    pub from: TelUri,
    /// To which Chatbot.
    pub to: ChatbotUri,
    /// When the operator took it, RFC 3339; not signed, so only for display.
    pub date_time: Option<String>,
    /// What was sent; at least one.
    pub contents: Vec<Content>,
}

impl Inbound {
    /// The postback text of the first tap, if the client sent one.
    #[must_use]
    pub fn postback(&self) -> Option<&str> {
        self.contents.iter().find_map(|content| match content {
            Content::Tap(Response::Reply(tap) | Response::Action(tap)) => {
                tap.postback.as_ref().map(|p| p.data.as_str())
            }
            _ => None,
        })
    }

    /// The words of the first text part.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.contents.iter().find_map(|content| match content {
            Content::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }
}
