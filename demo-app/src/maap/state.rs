//! What the operator remembers while it runs.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use msgpay_messaging::{
    address::{ChatbotUri, TelUri},
    dialect_a::{Code, DeliveryStatus, SendAnswer},
    model::Report,
};
use serde_json::Value;
use tokio::sync::watch;

use super::{Faults, Registration, Subscriber};
use crate::{clock::SharedClock, net::Caller};

/// How long a Chatbot's token lives, seconds (V1.0.4 p10).
pub(super) const TOKEN_SECONDS: u64 = 7200;

pub(super) struct Shared {
    pub(super) clock: SharedClock,
    pub(super) caller: Caller,
    pub(super) name: String,
    state: Mutex<State>,
}

pub(super) struct State {
    pub(super) faults: Faults,
    pub(super) chatbots: HashMap<ChatbotUri, Chatbot>,
    pub(super) lines: HashMap<TelUri, Line>,
    /// Answers by Chatbot and message: a repeated send is answered, not delivered again.
    pub(super) sent: HashMap<(ChatbotUri, String), Sent>,
    /// Uplinks taken, by subscriber and message.
    pub(super) taken: HashMap<(TelUri, String), Value>,
}

pub(super) struct Chatbot {
    pub(super) contract: Registration,
    pub(super) notify_url: Option<String>,
    pub(super) token: Option<(String, u64)>,
    pub(super) menu: Option<Value>,
}

pub(super) struct Sent {
    pub(super) answer: SendAnswer,
    pub(super) to: Vec<TelUri>,
    pub(super) reports: Vec<Report>,
}

/// One subscriber's side.
pub(super) struct Line {
    pub(super) sim_token: String,
    pub(super) registered: bool,
    /// Streams open now; none means the handset is out of reach.
    pub(super) streams: usize,
    pub(super) events: Vec<Event>,
    pub(super) changed: watch::Sender<usize>,
}

/// Something for a handset.
#[derive(Clone)]
pub(super) struct Event {
    pub(super) kind: &'static str,
    pub(super) data: Value,
    /// For a message: whose, its id, whether it reached the handset, whether it was taken back.
    pub(super) message: Option<Pending>,
}

#[derive(Clone)]
pub(super) struct Pending {
    pub(super) chatbot: ChatbotUri,
    pub(super) message_id: String,
    pub(super) delivered: bool,
    pub(super) revoked: bool,
}

impl Shared {
    pub(super) fn new(
        clock: SharedClock,
        caller: Caller,
        name: String,
        chatbots: Vec<Registration>,
        subscribers: Vec<Subscriber>,
    ) -> Self {
        let chatbots = chatbots.into_iter().map(|contract| {
            (contract.uri.clone(), Chatbot { contract, notify_url: None, token: None, menu: None })
        });
        let lines = subscribers.into_iter().map(|Subscriber { tel, sim_token }| {
            let (changed, _) = watch::channel(0);
            (tel, Line { sim_token, registered: false, streams: 0, events: Vec::new(), changed })
        });
        let state = State {
            faults: Faults::default(),
            chatbots: chatbots.collect(),
            lines: lines.collect(),
            sent: HashMap::new(),
            taken: HashMap::new(),
        };
        Self { clock, caller, name, state: Mutex::new(state) }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now_s(&self) -> u64 {
        u64::try_from(self.clock.now_s()).unwrap_or(0)
    }
}

impl State {
    /// Who calls, by the SIM token in `Authorization: Bearer`.
    pub(super) fn subscriber(&self, headers: &http::HeaderMap) -> Option<TelUri> {
        let token = headers.get(http::header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
        self.lines.iter().find(|(_, line)| line.sim_token == token).map(|(tel, _)| tel.clone())
    }

    pub(super) fn push(&mut self, tel: &TelUri, event: Event) {
        if let Some(line) = self.lines.get_mut(tel) {
            line.events.push(event);
            line.changed.send_replace(line.events.len());
        }
    }
}

/// Whether a Chatbot asked to hear of a state.
pub(super) fn wanted(reports: &[Report], status: DeliveryStatus) -> bool {
    let report = match status {
        DeliveryStatus::Sent => Report::Sent,
        DeliveryStatus::Failed => Report::Failed,
        DeliveryStatus::Delivered => Report::Delivered,
        DeliveryStatus::Displayed => Report::Displayed,
        DeliveryStatus::DeliveredToNetwork => Report::DeliveredToNetwork,
        DeliveryStatus::RevokeOk | DeliveryStatus::RevokeFail => return true,
    };
    reports.contains(&report)
}

/// An answer with a code and no names.
pub(super) fn refused(code: Code, words: impl Into<String>) -> SendAnswer {
    SendAnswer {
        message_id: None,
        conversation_id: None,
        contribution_id: None,
        error_code: code.number(),
        error_message: words.into(),
    }
}
