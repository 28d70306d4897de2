//! The chat: what arrives, what is said, what a tapped suggestion does.

use super::super::ClientFailed;
use super::super::client::{Arrived, pays};
use super::Actor;
use crate::view::{self, MessageBody, Status};

impl Actor {
    pub(super) fn arrived(&mut self, arrived: Arrived) {
        match arrived {
            Arrived::Message { message, chips, offers } => {
                self.offers.push((message.id.clone(), offers));
                self.view.send_modify(|view| {
                    if let Some(chat) = view.phone.chats.first_mut() {
                        chat.typing = false;
                        chat.messages.push(message);
                        chat.chips = chips;
                    }
                });
            }
            Arrived::Status { message, status } => self.set_status(&message, status),
        }
    }

    pub(super) async fn say(&mut self, text: String) {
        if text.trim().is_empty() || text.chars().count() > 2000 {
            return;
        }
        let sent = self.client.say(&text).await;
        self.mine(sent, text);
    }

    pub(super) async fn suggested(&mut self, message: &str, index: usize) {
        let offers = self.offers.iter().find(|(id, _)| id == message).map(|(_, offers)| offers);
        let Some(offer) = offers.and_then(|offers| offers.get(index)).cloned() else { return };
        let whole = message.split('#').next().unwrap_or(message);
        if pays(&offer) {
            if let Some(open) = offer.url() {
                self.launch(open.url.clone());
            }
            // The report that the button was tapped is a courtesy to the Chatbot; nothing hangs on it.
            let _report = self.client.tapped(whole, &offer).await;
            return;
        }
        let sent = self.client.tapped(whole, &offer).await;
        self.mine(sent, offer.display_text().to_owned());
    }

    fn mine(&mut self, sent: Result<String, ClientFailed>, text: String) {
        let at_ms = self.now_ms();
        let (id, status) = match sent {
            Ok(id) => (id, Status::Sent),
            Err(_) => (format!("unsent-{at_ms}"), Status::Failed),
        };
        let message = view::Message { id, mine: true, at_ms, status, body: MessageBody::Text { text } };
        self.view.send_modify(|view| {
            if let Some(chat) = view.phone.chats.first_mut() {
                chat.messages.push(message);
                chat.chips.clear();
            }
        });
    }

    fn set_status(&self, id: &str, status: Status) {
        self.view.send_modify(|view| {
            let mut messages = view.phone.chats.iter_mut().flat_map(|chat| &mut chat.messages);
            if let Some(message) = messages.find(|message| message.id == id) {
                message.status = status;
            }
        });
    }
}
