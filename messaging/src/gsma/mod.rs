//! The GSMA Chatbot message JSON (RCC.07 §3.6.10, as the China Telecom and China Unicom specification
//! V1.0.4 prints it, p49–66).
//!
//! Types mirror the JSON one to one. Reading is liberal where live senders are known to be (a missing
//! `application` is a browser, unknown members are skipped); what may be *sent* is decided by
//! [`crate::rules`] and the schemas, not here.

mod action;
mod card;
mod menu;
mod response;

pub use action::{
    Action, ActionSuggestion, Application, CalendarAction, CalendarEvent, ComposeAction, DeviceAction, Dial,
    DialerAction, Empty, EnrichedCall, Location, MapAction, OpenUrl, Recording, RecordingType,
    SettingsAction, ShowLocation, TextMessage, UrlAction, ViewMode,
};
pub use card::{
    Alignment, CardContent, CardLayout, CardWidth, Carousel, CarouselLayout, FontStyle, GeneralPurposeCard,
    Media, MediaHeight, Message, Orientation,
};
pub use menu::{Menu, MenuEntry, MenuRoot, SubMenu};
pub use response::{DeviceSpecifics, Response, SharedData};

use serde::{Deserialize, Serialize};

/// `application/vnd.gsma.botmessage.v1.0+json`: a card, Chatbot to user.
pub const BOT_MESSAGE: &str = "application/vnd.gsma.botmessage.v1.0+json";
/// `application/vnd.gsma.botsuggestion.v1.0+json`: a chip list, Chatbot to user.
pub const BOT_SUGGESTION: &str = "application/vnd.gsma.botsuggestion.v1.0+json";
/// `application/vnd.gsma.botsuggestion.response.v1.0+json`: a tap, user to Chatbot.
pub const BOT_RESPONSE: &str = "application/vnd.gsma.botsuggestion.response.v1.0+json";
/// `application/vnd.gsma.botsharedclientdata.v1.0+json`: device data, user to Chatbot.
pub const BOT_SHARED_DATA: &str = "application/vnd.gsma.botsharedclientdata.v1.0+json";
/// `application/vnd.gsma.rcs-ft-http`: file information, both ways (the JSON dialect's name).
pub const FILE_TRANSFER: &str = "application/vnd.gsma.rcs-ft-http";
/// `text/plain`, both ways.
pub const TEXT: &str = "text/plain";

/// The root object: exactly one of the four members.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Root {
    /// A card or a carousel.
    Message(Message),
    /// A chip list, 1 to 11.
    Suggestions(Vec<Suggestion>),
    /// A tap on a reply or an action.
    Response(Response),
    /// Device data.
    SharedData(SharedData),
}

/// What a Chatbot gets back when the user taps, ≤ 2048 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Postback {
    /// The text handed back unchanged.
    pub data: String,
}

/// A suggested reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reply {
    /// The button's words, ≤ 25 bytes of UTF-8.
    pub display_text: String,
    /// What comes back with the tap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postback: Option<Postback>,
}

/// A button or chip: a reply, or an action of the client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Suggestion {
    /// Sends the words back into the conversation.
    Reply(Reply),
    /// Makes the client do something, and tells the Chatbot of it.
    Action(ActionSuggestion),
}

impl Suggestion {
    /// A reply with a postback.
    #[must_use]
    pub fn reply(display_text: impl Into<String>, data: impl Into<String>) -> Self {
        let postback = Some(Postback { data: data.into() });
        Self::Reply(Reply { display_text: display_text.into(), postback })
    }

    /// An `openUrl` action with a postback.
    #[must_use]
    pub fn open(display_text: impl Into<String>, url: OpenUrl, data: impl Into<String>) -> Self {
        Self::Action(ActionSuggestion {
            display_text: display_text.into(),
            postback: Some(Postback { data: data.into() }),
            action: Action::UrlAction(UrlAction::OpenUrl(url)),
        })
    }

    /// The button's words.
    #[must_use]
    pub fn display_text(&self) -> &str {
        match self {
            Self::Reply(reply) => &reply.display_text,
            Self::Action(action) => &action.display_text,
        }
    }

    /// The postback text, if the button has one.
    #[must_use]
    pub fn postback(&self) -> Option<&str> {
        let postback = match self {
            Self::Reply(reply) => &reply.postback,
            Self::Action(action) => &action.postback,
        };
        postback.as_ref().map(|p| p.data.as_str())
    }

    /// The address that a tap opens, for an `openUrl` action.
    #[must_use]
    pub fn url(&self) -> Option<&OpenUrl> {
        match self {
            Self::Action(ActionSuggestion { action: Action::UrlAction(UrlAction::OpenUrl(url)), .. }) => {
                Some(url)
            }
            _ => None,
        }
    }

    /// What the client sends when the user taps this button (RCC.07 §3.6.10.4).
    #[must_use]
    pub fn tapped(&self) -> Response {
        let echo = Reply {
            display_text: self.display_text().to_owned(),
            postback: self.postback().map(|data| Postback { data: data.to_owned() }),
        };
        match self {
            Self::Reply(_) => Response::Reply(echo),
            Self::Action(_) => Response::Action(echo),
        }
    }
}
