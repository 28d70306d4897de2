//! The messages app: conversations, messages, cards and what can be tapped in them.

use serde::{Deserialize, Serialize};

use super::Text;

/// One conversation with a Chatbot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chat {
    /// Stable id, for instance the Chatbot's SIP URI.
    pub id: String,
    /// Name as the operator's directory has it.
    pub name: String,
    /// The operator vouches for this Chatbot (verified, not expired, in service).
    pub verified: bool,
    /// Who vouches, shown under the name.
    pub verified_by: Text,
    /// Oldest first.
    pub messages: Vec<Message>,
    /// Chips under the last message.
    pub chips: Vec<Chip>,
    /// The other side is preparing an answer.
    pub typing: bool,
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Unique within the chat.
    pub id: String,
    /// Written by the person (right side) or by the Chatbot (left side).
    pub mine: bool,
    /// Unix milliseconds.
    pub at_ms: u64,
    /// How far the person's own message came; ignored for the Chatbot's.
    pub status: Status,
    /// Content.
    pub body: MessageBody,
}

/// How far a sent message came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not yet taken by the operator.
    Sending,
    /// Taken by the operator.
    #[default]
    Sent,
    /// At the Chatbot.
    Delivered,
    /// Read by the Chatbot.
    Read,
    /// Not sent.
    Failed,
}

/// Content of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MessageBody {
    /// Plain text, shown as it came.
    Text {
        /// The text.
        text: String,
    },
    /// A GSMA general purpose card.
    Card {
        /// Title; for payments the state and the amount.
        title: String,
        /// Lines separated by `\n`.
        description: String,
        /// Picture at the top, 16:9, drawn by the page from its own small set.
        picture: Option<Picture>,
        /// Stacked buttons.
        buttons: Vec<Chip>,
    },
}

/// Pictures that the page can draw by itself, so that nothing is loaded from elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Picture {
    /// Latte gift box.
    Latte,
    /// Bag of beans.
    Beans,
    /// Pastry.
    Pastry,
    /// The shop's front.
    Shop,
}

/// A suggested reply or action; the handset keeps what it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chip {
    /// The message that carries this suggestion.
    pub message: String,
    /// Its place in that message's list of suggestions.
    pub index: usize,
    /// Label as it came (at most 25 bytes from a strict sender).
    pub label: String,
    /// What kind of thing happens: decides the look only.
    pub action: ChipAction,
    /// False once it cannot be used any more (already chosen, order closed): drawn faint, not tappable.
    pub enabled: bool,
}

/// What a suggestion does, for the eye.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChipAction {
    /// Sends a reply.
    #[default]
    Reply,
    /// Opens the payment SDK: the one money action of a card.
    Pay,
    /// Opens a page.
    Link,
}
