//! The messaging client: from the operator's line to what the chat shows, and back.

use msgpay_messaging::address::ChatbotUri;
use msgpay_messaging::gsma::{CardContent, Suggestion};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::maap::{ChatbotCard, Downlink, DownlinkPart, HandsetLine, LineError, LineEvent, Say};
use crate::view::{self, Chip, ChipAction, MessageBody, Picture, Status, Text};

/// What a tapped suggestion does.
pub type Offer = Suggestion;

/// Something that arrived.
#[derive(Debug, Clone)]
pub enum Arrived {
    /// A message of the Chatbot.
    Message {
        /// As the chat shows it.
        message: view::Message,
        /// Chips under it.
        chips: Vec<Chip>,
        /// What its buttons, or chips, do; a chip's index counts in this list.
        offers: Vec<Offer>,
    },
    /// What became of a message of ours.
    Status {
        /// Its id.
        message: String,
        /// How far it came.
        status: Status,
    },
}

/// Why the messaging client cannot start or send.
#[derive(Debug, thiserror::Error)]
pub enum ClientFailed {
    /// The operator's line failed.
    #[error("{0}")]
    Line(#[from] LineError),
    /// The system has no randomness.
    #[error("no randomness")]
    Random,
}

/// Where the client talks: its line and the Chatbot.
pub struct Access {
    /// The line.
    pub line: HandsetLine,
    /// The Chatbot that this phone talks to.
    pub chatbot: ChatbotUri,
    /// Unix seconds now, for judging whether the Chatbot's verification has expired.
    pub now_s: i64,
}

/// A registered messaging client. Dropping it takes it off the air.
pub struct Client {
    line: HandsetLine,
    chatbot: ChatbotUri,
    card: ChatbotCard,
    conversation: String,
    listening: JoinHandle<()>,
}

impl Client {
    /// Comes on the air, looks the Chatbot up and listens; messages kept for this phone come first.
    ///
    /// # Errors
    /// [`ClientFailed`].
    pub async fn register(access: Access) -> Result<(Self, mpsc::Receiver<Arrived>), ClientFailed> {
        access.line.register().await?;
        let card = access.line.chatbot(&access.chatbot).await?;
        let pay_allowed = card.may_ask_for_payment(access.now_s);
        let conversation = crate::net::uuid().map_err(|_| ClientFailed::Random)?;
        let (arrive, arrivals) = mpsc::channel(64);
        let listening = tokio::spawn(listen(access.line.clone(), arrive, pay_allowed));
        let client = Self { line: access.line, chatbot: access.chatbot, card, conversation, listening };
        Ok((client, arrivals))
    }

    /// The empty chat with the Chatbot.
    #[must_use]
    pub fn chat(&self) -> view::Chat {
        view::Chat {
            id: self.chatbot.as_str().to_owned(),
            name: self.card.name.clone(),
            verified: self.card.verified,
            verified_by: Text::same(self.card.verified_by.clone()),
            ..Default::default()
        }
    }

    /// Says something; gives the message's id.
    ///
    /// # Errors
    /// [`ClientFailed`].
    pub async fn say(&self, text: &str) -> Result<String, ClientFailed> {
        self.send(None, Say::Text(text.to_owned())).await
    }

    /// Reports a tapped suggestion to the Chatbot; gives the message's id.
    ///
    /// # Errors
    /// [`ClientFailed`].
    pub async fn tapped(&self, message: &str, offer: &Offer) -> Result<String, ClientFailed> {
        self.send(Some(message), Say::Tap(offer.tapped())).await
    }

    async fn send(&self, in_reply_to: Option<&str>, what: Say) -> Result<String, ClientFailed> {
        let id = crate::net::uuid().map_err(|_| ClientFailed::Random)?;
        self.line.say(&id, &self.chatbot, &self.conversation, in_reply_to, what).await?;
        Ok(id)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// Listens for as long as somebody takes what arrives; a broken line is taken up again where it broke.
async fn listen(line: HandsetLine, arrive: mpsc::Sender<Arrived>, pay_allowed: bool) {
    let mut after = 0;
    while !arrive.is_closed() {
        if let Ok(mut events) = line.listen(after).await {
            while let Ok(Some(event)) = events.next().await {
                let arrived = match event {
                    LineEvent::Message(downlink) => {
                        after = downlink.seq;
                        let seen = downlink.message_id.clone();
                        let shown = shown(*downlink, pay_allowed);
                        // The report is a courtesy; a line that fails here fails the listening too.
                        let _report = line.displayed(&seen).await;
                        shown
                    }
                    LineEvent::Status { message_id, delivered } => {
                        let status = if delivered { Status::Delivered } else { Status::Failed };
                        vec![Arrived::Status { message: message_id, status }]
                    }
                };
                for arrived in arrived {
                    if arrive.send(arrived).await.is_err() {
                        return;
                    }
                }
            }
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
}

/// A message's parts as the chat shows them: a carousel is several cards, chips belong to the last part.
fn shown(downlink: Downlink, pay_allowed: bool) -> Vec<Arrived> {
    let at_ms = u64::try_from(downlink.received_at_ms).unwrap_or(0);
    let mut bodies: Vec<(MessageBody, Vec<Offer>)> = Vec::new();
    let mut chips = Vec::new();
    for part in downlink.parts {
        match part {
            DownlinkPart::Text(text) => bodies.push((MessageBody::Text { text }, Vec::new())),
            DownlinkPart::Card(message) => bodies.extend(message.contents().iter().map(card)),
            DownlinkPart::Chips(offered) => chips.extend(offered),
            DownlinkPart::Other { content_type } => {
                bodies.push((MessageBody::Text { text: format!("[{content_type}]") }, Vec::new()));
            }
        }
    }
    let last = bodies.len().saturating_sub(1);
    let mut arrived = Vec::new();
    for (at, (mut body, mut offers)) in bodies.into_iter().enumerate() {
        let id = if at == 0 { downlink.message_id.clone() } else { format!("{}#{at}", downlink.message_id) };
        if let MessageBody::Card { buttons, .. } = &mut body {
            *buttons = as_chips(&id, 0, &offers, pay_allowed);
        }
        let below = if at == last { as_chips(&id, offers.len(), &chips, pay_allowed) } else { Vec::new() };
        if at == last {
            offers.append(&mut chips);
        }
        let message = view::Message { id, mine: false, at_ms, status: Status::Sent, body };
        arrived.push(Arrived::Message { message, chips: below, offers });
    }
    arrived
}

fn card(content: &CardContent) -> (MessageBody, Vec<Offer>) {
    let offers = content.suggestions.clone().unwrap_or_default();
    let body = MessageBody::Card {
        title: content.title.clone().unwrap_or_default(),
        description: content.description.clone().unwrap_or_default(),
        picture: content.media.as_ref().map(|media| picture(&media.media_url)),
        buttons: Vec::new(),
    };
    (body, offers)
}

/// The page draws its own pictures: nothing is loaded from elsewhere.
fn picture(url: &str) -> Picture {
    let name = url.rsplit('/').next().unwrap_or_default();
    [
        ("latte", Picture::Latte),
        ("bean", Picture::Beans),
        ("cake", Picture::Pastry),
        ("pastry", Picture::Pastry),
    ]
    .into_iter()
    .find(|(part, _)| name.contains(part))
    .map_or(Picture::Shop, |(_, picture)| picture)
}

fn as_chips(message: &str, from: usize, offers: &[Offer], pay_allowed: bool) -> Vec<Chip> {
    offers
        .iter()
        .enumerate()
        .map(|(at, offer)| {
            let action = match offer {
                Suggestion::Reply(_) => ChipAction::Reply,
                Suggestion::Action(_) if pays(offer) => ChipAction::Pay,
                Suggestion::Action(_) => ChipAction::Link,
            };
            Chip {
                message: message.to_owned(),
                index: from + at,
                label: offer.display_text().to_owned(),
                action,
                enabled: action != ChipAction::Pay || pay_allowed,
            }
        })
        .collect()
}

/// Whether a suggestion hands a link to the payment SDK.
#[must_use]
pub(super) fn pays(offer: &Offer) -> bool {
    offer.url().is_some_and(|open| open.url.starts_with("msgpay://"))
}
