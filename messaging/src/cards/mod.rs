//! The cards of a payment in mode 3 (T/CAICI 92 Annex B.3) and of picking goods before it.
//!
//! A title is state and amount; a description payee, goods, order tail and deadline; the first button is
//! the one money action with the amount in it; the last one cancels. Amounts are `i64` fen, times Unix
//! seconds shown in UTC+8.

mod goods;
mod pay;
mod result;

pub use goods::{Goods, goods_card};
pub use pay::PayCard;
pub use result::{AlreadyPaidCard, ClosedCard, FailedCard, SuccessCard};

use time::{OffsetDateTime, UtcOffset, macros::format_description};

use crate::{
    address::{ChatbotUri, TelUri},
    gsma::{CardContent, Message, Suggestion},
    model::{BOT_VERSION_1, MessageIds, Outbound, Part, Report, Traffic},
    postback::{Postback, PostbackKeys, Verb},
};

/// What surrounds a card: its names and addresses.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// Names of the message, made by the caller.
    pub ids: MessageIds,
    /// The uplink that it answers.
    pub in_reply_to: Option<String>,
    /// To whom.
    pub to: TelUri,
    /// From which Chatbot.
    pub from: ChatbotUri,
}

impl Envelope {
    /// A card of a payment: traffic type `payment`, kept for a device that is offline, with an optional
    /// short message for devices without 5G messages and optional chips below.
    #[must_use]
    pub fn payment(self, card: CardContent, sms: Option<String>, chips: Vec<Suggestion>) -> Outbound {
        self.outbound(Part::Card(Box::new(Message::card(card))), chips, Some(Traffic::Payment), sms)
    }

    /// Words about a payment, with optional chips below.
    #[must_use]
    pub fn payment_words(self, words: impl Into<String>, chips: Vec<Suggestion>) -> Outbound {
        self.outbound(Part::Text(words.into()), chips, Some(Traffic::Payment), None)
    }

    /// A card or carousel that is not about a payment (yet).
    #[must_use]
    pub fn plain(self, message: Message, chips: Vec<Suggestion>) -> Outbound {
        self.outbound(Part::Card(Box::new(message)), chips, None, None)
    }

    fn outbound(
        self,
        first: Part,
        chips: Vec<Suggestion>,
        traffic: Option<Traffic>,
        sms: Option<String>,
    ) -> Outbound {
        let mut parts = vec![first];
        if !chips.is_empty() {
            parts.push(Part::Chips(chips));
        }
        let mut reports = vec![Report::Sent, Report::Delivered, Report::Displayed, Report::Failed];
        if sms.is_some() {
            reports.push(Report::DeliveredToNetwork);
        }
        Outbound {
            ids: self.ids,
            in_reply_to: self.in_reply_to,
            to: vec![self.to],
            from: self.from,
            bot_version: BOT_VERSION_1.to_owned(),
            parts,
            traffic,
            reports,
            store: true,
            sms,
        }
    }
}

/// Signs the postbacks of one card: about one order or goods, for one subscriber, until one time.
#[derive(Debug, Clone, Copy)]
pub struct Buttons<'a> {
    /// The keys.
    pub keys: &'a PostbackKeys,
    /// Who may tap.
    pub sender: &'a TelUri,
    /// What the buttons are about.
    pub reference: &'a str,
    /// Last second at which a tap counts, Unix time.
    pub expires: u64,
}

impl Buttons<'_> {
    /// The postback text of a verb.
    #[must_use]
    pub fn data(&self, verb: Verb) -> String {
        self.data_about(verb, self.reference)
    }

    /// A reply button.
    #[must_use]
    pub fn reply(&self, words: impl Into<String>, verb: Verb) -> Suggestion {
        Suggestion::reply(words, self.data(verb))
    }

    fn data_about(&self, verb: Verb, reference: &str) -> String {
        let claims = Postback {
            verb,
            reference: reference.to_owned(),
            argument: String::new(),
            expires: self.expires,
        };
        self.keys.issue(&claims, self.sender)
    }
}

/// An amount in words of digits: `12850` fen is `128.50`.
#[must_use]
pub fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

fn beijing(unix: u64) -> OffsetDateTime {
    let utc = i64::try_from(unix)
        .ok()
        .and_then(|unix| OffsetDateTime::from_unix_timestamp(unix).ok())
        .unwrap_or(OffsetDateTime::UNIX_EPOCH);
    utc.to_offset(UtcOffset::from_hms(8, 0, 0).unwrap_or(UtcOffset::UTC))
}

/// `15:45`, UTC+8.
#[must_use]
pub fn hour_minute(unix: u64) -> String {
    beijing(unix).format(format_description!("[hour]:[minute]")).unwrap_or_default()
}

/// `2026-11-22 15:32:07`, UTC+8.
#[must_use]
pub fn date_time(unix: u64) -> String {
    beijing(unix)
        .format(format_description!("[year]-[month]-[day] [hour]:[minute]:[second]"))
        .unwrap_or_default()
}

/// The last four characters of an order number.
fn tail(number: &str) -> &str {
    let skip = number.chars().count().saturating_sub(4);
    number.char_indices().nth(skip).map_or("", |(at, _)| &number[at..])
}

/// `P202611220000000731` as `P20261122…0731`.
fn shortened(number: &str) -> String {
    if number.chars().count() <= 14 {
        return number.to_owned();
    }
    let head: String = number.chars().take(9).collect();
    format!("{head}…{}", tail(number))
}

#[cfg(test)]
mod tests;
