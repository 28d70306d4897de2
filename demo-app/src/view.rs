//! What the page shows ([`View`]) and what the person does there ([`Tap`]).
//!
//! The page is a pair of eyes and a finger: it draws a `View` and sends `Tap`s. It decides nothing about
//! a payment, holds no secret, and never learns which character a key carries, because nothing here says so:
//! a key is a slot number, a place and a picture.
//!
//! JSON: structs as objects, enums tagged by `"kind"`, names in `snake_case`, money in fen, times in Unix
//! milliseconds, bytes in standard base64. Every sentence comes in two languages ([`Text`]); the page shows one.

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

/// A short notice from the top edge, as an SMS would show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Banner {
    /// Sender, for instance `1069 9990 0002`.
    pub from: String,
    /// Text.
    pub text: Text,
}

/// The SDK's sheet. One sheet changes its content; it never jumps to a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Sheet {
    /// Down.
    #[default]
    Hidden,
    /// First start: link this phone by an activation code.
    Activate(Activate),
    /// What will be paid, as the institution signed it.
    Review(Review),
    /// Password entry on the SDK's own keypad.
    Keypad(Keypad),
    /// Waiting for an answer.
    Working(Working),
    /// The end of a payment or of the set-up, or a state that is not known yet.
    Result(Outcome),
}

/// Activation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activate {
    /// Institution's registered name.
    pub institution: Text,
    /// Characters of a code.
    pub length: usize,
    /// A code that a text message brought, offered above the field as phones do.
    pub suggested: Option<String>,
    /// An attempt is under way.
    pub busy: bool,
    /// Why the last attempt did not work.
    pub problem: Option<Problem>,
}

/// The order as the institution signed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Fen.
    pub amount_fen: i64,
    /// Registered name of the payee.
    pub payee: String,
    /// Name that the merchant gives itself, when it differs.
    pub claimed: Option<String>,
    /// What for.
    pub item: String,
    /// Last characters of the payment order number.
    pub order_tail: String,
    /// Unix milliseconds.
    pub expires_at_ms: u64,
    /// How it is paid: `示例钱包余额`.
    pub funding: String,
}

/// Review of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Institution's registered name.
    pub institution: Text,
    /// The order.
    pub order: Order,
    /// Why this screen is shown again.
    pub problem: Option<Problem>,
}

/// The keypad: slots and pictures, no labels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keypad {
    /// Institution's registered name.
    pub institution: Text,
    /// What the entry is for.
    pub purpose: EntryPurpose,
    /// The order, when it is a payment.
    pub order: Option<Order>,
    /// Changes whenever the keypad is opened anew with another shuffle.
    pub opening: u64,
    /// Every key.
    pub slots: Vec<Slot>,
    /// Characters entered so far; which ones nobody here knows.
    pub entered: usize,
    /// Characters wanted.
    pub wanted: usize,
    /// Taps are taken. False while the entry is being sealed.
    pub ready: bool,
    /// For instance the tries left after a wrong password.
    pub problem: Option<Problem>,
}

/// What an entry is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryPurpose {
    /// Authorise a payment.
    #[default]
    Pay,
    /// Choose a password.
    New,
    /// The same again.
    Repeat,
}

/// One key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Slot number, what a press sends.
    pub id: u8,
    /// From the top, 0-based.
    pub row: u8,
    /// From the left, 0-based.
    pub col: u8,
    /// Columns covered.
    pub span: u8,
    /// What the key does.
    pub function: SlotFunction,
    /// Picture for character keys.
    pub face: Option<Face>,
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotFunction {
    /// Enters its character.
    Character,
    /// Takes the last one back.
    Delete,
    /// Takes all back.
    Clear,
    /// Ends the entry.
    Confirm,
}

/// An 8-bit alpha picture, row by row, `w * h` bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Face {
    /// Pixels.
    pub w: u32,
    /// Pixels.
    pub h: u32,
    /// Coverage, 0 = nothing, 255 = full ink.
    pub alpha: Blob,
}

/// Waiting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Working {
    /// Institution's registered name.
    pub institution: Text,
    /// What is being waited for.
    pub text: Text,
    /// The order, when it is a payment.
    pub order: Option<Order>,
}

/// The end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Institution's registered name; it signed what is shown, unless the state is not known.
    pub institution: Text,
    /// Which end.
    pub state: OutcomeState,
    /// The order, when it was a payment.
    pub order: Option<Order>,
    /// Unix milliseconds, from the receipt.
    pub at_ms: Option<u64>,
    /// For `NotPaid` and `Unresolved`: what happened, whether money moved, what to do.
    pub problem: Option<Problem>,
    /// A query is under way: the button waits.
    pub busy: bool,
    /// "Try again" is sensible: `Tap::Retry` starts a new launch of the same order.
    pub can_retry: bool,
}

/// Which end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeState {
    /// Signed receipt SUCCESS.
    Paid,
    /// Signed receipt FAIL or VOID, or a refusal before anything was sent.
    NotPaid,
    /// No answer: may be asked about, never sent again.
    #[default]
    Unresolved,
    /// The password is set (receipt SUCCESS of a set-up).
    PasswordSet,
}

/// What went wrong, in the order a payer asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What happened, with the money's state: `密码不正确，未扣款`.
    pub what: Text,
    /// What to do now.
    pub todo: Text,
    /// Code of the institution, when there is one (`5G-3001`).
    pub code: Option<String>,
}

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

/// What the person does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Tap {
    /// Writes a message.
    Say {
        /// Chat id.
        chat: String,
        /// At most 2000 characters.
        text: String,
    },
    /// Taps a chip or a card's button.
    Suggestion {
        /// Message id.
        message: String,
        /// Place in its list.
        index: usize,
    },
    /// Enters the activation code.
    Activate {
        /// The code.
        code: String,
    },
    /// Review: go on.
    Accept,
    /// Presses a character key.
    Key {
        /// Slot number.
        slot: u8,
    },
    /// Takes one character back.
    Delete,
    /// Takes all back.
    Clear,
    /// Ends the entry.
    Confirm,
    /// Closes the sheet before the end.
    Cancel,
    /// Result: asks the institution what became of an unresolved payment.
    Query,
    /// Result: pays the same order again.
    Retry,
    /// Result: closes the sheet.
    Done,
    /// The banner was read.
    DismissBanner,
    /// Turns a fault on or off.
    SetFault {
        /// Name.
        name: String,
        /// New state.
        on: bool,
    },
    /// Starts the whole story again.
    Restart,
}
