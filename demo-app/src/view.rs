//! What the page shows ([`View`]) and what the person does there ([`Tap`]).
//!
//! The page is a pair of eyes and a finger: it draws a `View` and sends `Tap`s. It decides nothing about
//! a payment, holds no secret, and never learns which character a key carries, because nothing here says so:
//! a key is a slot number, a place and a picture.
//!
//! JSON: structs as objects, enums tagged by `"kind"`, names in `snake_case`, money in fen, times in Unix
//! milliseconds, bytes in standard base64. Every sentence comes in two languages ([`Text`]); the page shows one.

mod chat;
mod sheet;
mod tap;
mod trace;

pub use chat::{Chat, Chip, ChipAction, Message, MessageBody, Picture, Status};
pub use sheet::{
    Activate, EntryPurpose, Face, Keypad, Order, Outcome, OutcomeState, Problem, Review, Sheet, Slot,
    SlotFunction, Touch, Working,
};
pub use tap::Tap;
pub use trace::{Party, Record, SealedSpan};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A sentence in Chinese and in English. The page shows one of them, never both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Both wordings of one sentence.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// A text that is the same in both languages: a name, an order number.
    pub fn same(text: impl Into<String>) -> Self {
        let zh = text.into();
        Self { en: zh.clone(), zh }
    }
}

/// Bytes; base64 in JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blob(pub Vec<u8>);

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        STANDARD.decode(text).map(Self).map_err(serde::de::Error::custom)
    }
}

/// Everything the page draws.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// The phone.
    pub phone: Phone,
    /// What each party received on the wire, oldest first. Only ever grows within one run.
    pub trace: Vec<Record>,
    /// The switches that make something go wrong.
    pub faults: Vec<Fault>,
    /// Counts restarts: when it changes, the page forgets the trace it had.
    pub run: u64,
}

/// The handset's screen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// The person's own number, masked: `199****1234`.
    pub number: String,
    /// Conversations, newest first. The page opens the first one by itself.
    pub chats: Vec<Chat>,
    /// The payment SDK's sheet over the chat.
    pub sheet: Sheet,
    /// A banner that drops from the top, as for an SMS; gone when `None`.
    pub banner: Option<Banner>,
}

/// A short notice from the top edge, as an SMS would show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Banner {
    /// Sender, for instance `1069 9990 0002`.
    pub from: String,
    /// Text.
    pub text: Text,
}

/// A switch that makes something go wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Name, as `--fault` takes it.
    pub name: String,
    /// Short label.
    pub label: Text,
    /// One sentence: what happens when it is on.
    pub sentence: Text,
    /// Now on.
    pub on: bool,
}
