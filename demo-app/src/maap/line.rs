//! The handset's end of the simulator's interface: what the messaging client calls.

use msgpay_messaging::{
    address::{ChatbotUri, TelUri},
    gsma::{self, Message, Response, Root, Suggestion},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    net::{Answer, Call, CallFailed, Caller, Stream},
    recorder::Party,
};

/// Why a call of the handset failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// The operator can't be reached or broke off; try again.
    #[error("the network is out of reach")]
    Network(#[from] CallFailed),
    /// The operator refused; its words.
    #[error("the operator refused ({status}): {words}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Its words.
        words: String,
    },
    /// The operator answered something else than its interface says.
    #[error("the operator's answer is not of its interface")]
    Answer,
}

/// What a user sends.
#[derive(Debug, Clone, PartialEq)]
pub enum Say {
    /// Words.
    Text(String),
    /// A tap on a button ([`Suggestion::tapped`]).
    Tap(Response),
}

/// An uplink that the operator took.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Accepted {
    /// Its name; `status` events carry it.
    pub message_id: String,
    /// Its conversation.
    pub conversation_id: String,
    /// Its contribution.
    pub contribution_id: String,
}

/// A message of a Chatbot.
#[derive(Debug, Clone, PartialEq)]
pub struct Downlink {
    /// Its place in the line's events.
    pub seq: usize,
    /// Who sent it.
    pub chatbot: ChatbotUri,
    /// Its name.
    pub message_id: String,
    /// Its conversation.
    pub conversation_id: String,
    /// Its contribution: the `inReplyTo` of an answer.
    pub contribution_id: String,
    /// The uplink that it answers.
    pub in_reply_to: Option<String>,
    /// `payment` for everything about a payment.
    pub traffic_type: Option<String>,
    /// When the operator took it, Unix milliseconds.
    pub received_at_ms: i64,
    /// What it says.
    pub parts: Vec<DownlinkPart>,
}

/// A part of a message.
#[derive(Debug, Clone, PartialEq)]
pub enum DownlinkPart {
    /// Words.
    Text(String),
    /// A card or carousel.
    Card(Box<Message>),
    /// Chips.
    Chips(Vec<Suggestion>),
    /// Something that this client can't show.
    Other {
        /// Its MIME type.
        content_type: String,
    },
}

/// Something that came down the line.
#[derive(Debug, Clone, PartialEq)]
pub enum LineEvent {
    /// A message.
    Message(Box<Downlink>),
    /// What became of an uplink of ours.
    Status {
        /// Which.
        message_id: String,
        /// Whether the Chatbot has it.
        delivered: bool,
    },
}

/// A Chatbot as the user sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatbotCard {
    /// Its name.
    pub name: String,
    /// One sentence about it.
    pub description: String,
    /// The operator vouches for it.
    pub verified: bool,
    /// Who does.
    pub verified_by: String,
    /// Until when, RFC 3339.
    pub verified_until: String,
    /// 0 in service.
    pub status: u64,
    /// Its categories.
    pub categories: Vec<String>,
}

impl ChatbotCard {
    /// Whether its payment buttons may be shown: verified, not expired at `now_s`, in service, and allowed
    /// to send messages of a payment.
    #[must_use]
    pub fn may_ask_for_payment(&self, now_s: i64) -> bool {
        use time::{OffsetDateTime, format_description::well_known::Rfc3339};
        let until = OffsetDateTime::parse(&self.verified_until, &Rfc3339);
        let alive = until.is_ok_and(|until| now_s <= until.unix_timestamp());
        let paying = self.categories.iter().any(|category| category == "Payment");
        self.verified && alive && self.status == 0 && paying
    }
}

/// A handset's line to the operator.
#[derive(Clone)]
pub struct HandsetLine {
    caller: Caller,
    root: String,
    tel: TelUri,
    authorization: String,
}

impl HandsetLine {
    /// A line for the SIM of `tel`; `root_url` as of [`Maap::root_url`](super::Maap::root_url).
    #[must_use]
    pub fn new(caller: Caller, root_url: &str, tel: TelUri, sim_token: &str) -> Self {
        Self {
            caller,
            root: format!("{root_url}/handset/v1"),
            tel,
            authorization: format!("Bearer {sim_token}"),
        }
    }

    /// Comes on the air.
    ///
    /// # Errors
    /// [`LineError`].
    pub async fn register(&self) -> Result<(), LineError> {
        let body = json!({"tel": self.tel}).to_string();
        self.talk(Call::post_json(format!("{}/registrations", self.root), body)).await.map(drop)
    }

    /// Sends something to a Chatbot. The same `message_id` again is the same message, so a failed call may
    /// be repeated.
    ///
    /// # Errors
    /// [`LineError`].
    pub async fn say(
        &self,
        message_id: &str,
        chatbot: &ChatbotUri,
        conversation_id: &str,
        in_reply_to: Option<&str>,
        what: Say,
    ) -> Result<Accepted, LineError> {
        let content = match what {
            Say::Text(text) => json!({"text": text}),
            Say::Tap(tap) => json!({"response": tap}),
        };
        let mut body = json!({
            "messageId": message_id,
            "chatbot": chatbot,
            "conversationId": conversation_id,
            "content": content,
        });
        if let Some(answered) = in_reply_to {
            body["inReplyTo"] = json!(answered);
        }
        let call = Call::post_json(format!("{}/messages", self.root), body.to_string());
        let answer = self.talk(call).await?;
        serde_json::from_slice(&answer.body).map_err(|_| LineError::Answer)
    }

    /// Reports that the user saw a message.
    ///
    /// # Errors
    /// [`LineError`].
    pub async fn displayed(&self, message_id: &str) -> Result<(), LineError> {
        let body = json!({"messageId": message_id, "status": "displayed"}).to_string();
        self.talk(Call::post_json(format!("{}/reports", self.root), body)).await.map(drop)
    }

    /// What users are told about a Chatbot.
    ///
    /// # Errors
    /// [`LineError`].
    pub async fn chatbot(&self, chatbot: &ChatbotUri) -> Result<ChatbotCard, LineError> {
        let url = format!("{}/chatbots/{}", self.root, chatbot.path_segment());
        let answer = self.talk(Call::get(url)).await?;
        let info: Value = serde_json::from_slice(&answer.body).map_err(|_| LineError::Answer)?;
        let details = &info["botinfo"]["pcc"]["org-details"];
        let verification = &info["bot-verification"]["verification-info"];
        let text = |value: &Value| value.as_str().map(str::to_owned).ok_or(LineError::Answer);
        let categories = details["category-list"]["category-entry"].as_array().ok_or(LineError::Answer)?;
        Ok(ChatbotCard {
            name: text(&details["name"]["name-entry"]["display-name"])?,
            description: text(&details["org-description"])?,
            verified: verification["verified"].as_bool().ok_or(LineError::Answer)?,
            verified_by: text(&verification["verified-by"])?,
            verified_until: text(&verification["expires"])?,
            status: info["status"].as_u64().ok_or(LineError::Answer)?,
            categories: categories.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        })
    }

    /// Listens from behind event `after` (0 from the beginning). Messages kept while the handset was out of
    /// reach come first. When the stream ends, listen again from the last `seq`.
    ///
    /// # Errors
    /// [`LineError`].
    pub async fn listen(&self, after: usize) -> Result<LineEvents, LineError> {
        let call = Call::get(format!("{}/messages?after={after}", self.root))
            .header("authorization", self.authorization.as_str())
            .header("accept", "text/event-stream");
        let stream = self.caller.stream(Party::Maap, call).await?;
        match stream.status() {
            200 => Ok(LineEvents { stream, buffer: Vec::new() }),
            status => Err(LineError::Refused { status, words: String::new() }),
        }
    }

    async fn talk(&self, call: Call) -> Result<Answer, LineError> {
        let call = call.header("authorization", self.authorization.as_str());
        let answer = self.caller.call(Party::Maap, call).await?;
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let words = body["error"].as_str().unwrap_or_default().to_owned();
        Err(LineError::Refused { status: answer.status, words })
    }
}

/// Server-sent events of one line (WHATWG HTML §9.2, the part of it that the operator uses).
pub struct LineEvents {
    stream: Stream,
    buffer: Vec<u8>,
}

impl LineEvents {
    /// The next event; `None` when the operator ends the stream.
    ///
    /// # Errors
    /// [`LineError::Network`] when the line breaks.
    pub async fn next(&mut self) -> Result<Option<LineEvent>, LineError> {
        loop {
            while let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\n\n") {
                let block: Vec<u8> = self.buffer.drain(..end + 2).collect();
                if let Some(event) = read_event(&String::from_utf8_lossy(&block)) {
                    return Ok(Some(event));
                }
            }
            match self.stream.piece().await? {
                Some(piece) => self.buffer.extend_from_slice(&piece),
                None => return Ok(None),
            }
        }
    }
}

fn read_event(block: &str) -> Option<LineEvent> {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::trim_start);
    let data: Value = serde_json::from_str(field("data:")?).ok()?;
    let text = |name: &str| data[name].as_str().map(str::to_owned);
    match field("event:")? {
        "message" => Some(LineEvent::Message(Box::new(Downlink {
            seq: usize::try_from(data["seq"].as_u64()?).ok()?,
            chatbot: ChatbotUri::parse(data["chatbot"].as_str()?).ok()?,
            message_id: text("messageId")?,
            conversation_id: text("conversationId")?,
            contribution_id: text("contributionId")?,
            in_reply_to: text("inReplyTo"),
            traffic_type: text("trafficType"),
            received_at_ms: data["receivedAtMs"].as_i64()?,
            parts: data["parts"].as_array()?.iter().map(read_part).collect(),
        }))),
        "status" => Some(LineEvent::Status {
            message_id: text("messageId")?,
            delivered: data["status"] == "delivered",
        }),
        _ => None,
    }
}

fn read_part(part: &Value) -> DownlinkPart {
    let content_type = part["contentType"].as_str().unwrap_or_default();
    let root = || serde_json::from_value::<Root>(part["content"].clone());
    match content_type {
        gsma::TEXT => DownlinkPart::Text(part["content"].as_str().unwrap_or_default().to_owned()),
        gsma::BOT_MESSAGE | gsma::BOT_SUGGESTION => match root() {
            Ok(Root::Message(card)) => DownlinkPart::Card(Box::new(card)),
            Ok(Root::Suggestions(chips)) => DownlinkPart::Chips(chips),
            _ => DownlinkPart::Other { content_type: content_type.to_owned() },
        },
        _ => DownlinkPart::Other { content_type: content_type.to_owned() },
    }
}
