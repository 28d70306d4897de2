//! The simulated user: sees what the phone shows, reads key faces as pictures, taps. Knows a password and nothing else.

use std::time::Duration;

use tokio::sync::{mpsc, watch};

use crate::person::{Picture, Reader};
use crate::view::{
    ChipAction, EntryPurpose, Keypad, Message, MessageBody, Outcome, OutcomeState, Review, Sheet,
    SlotFunction, Tap, View,
};

/// Longest wait for anything to appear.
const PATIENCE: Duration = Duration::from_secs(45);

/// What the user met that it cannot go on from.
#[derive(Debug, thiserror::Error)]
pub enum Stuck {
    /// Something did not appear in time.
    #[error("waited in vain for {0}")]
    Waited(&'static str),
    /// The phone is gone.
    #[error("the phone is off")]
    Off,
    /// The key faces could not be read.
    #[error("the key faces could not be read")]
    Unreadable,
    /// The phone shows something else than expected.
    #[error("expected {expected}, saw {seen}")]
    Other {
        /// What was to be seen.
        expected: &'static str,
        /// What was seen.
        seen: String,
    },
}

/// A user with a phone in hand.
pub struct User {
    view: watch::Receiver<View>,
    taps: mpsc::Sender<Tap>,
    reader: Reader,
    /// Layouts that the user read, ten digits in slot order: what nobody but the institution may ever see.
    pub layouts_read: Vec<String>,
}

impl User {
    /// Takes a phone.
    #[must_use]
    pub fn new(view: watch::Receiver<View>, taps: mpsc::Sender<Tap>) -> Self {
        Self { view, taps, reader: Reader::new(), layouts_read: Vec::new() }
    }

    /// Takes another phone, or the same one after its restart.
    pub fn takes(&mut self, view: watch::Receiver<View>, taps: mpsc::Sender<Tap>) {
        self.view = view;
        self.taps = taps;
    }

    /// Waits until the phone shows something.
    ///
    /// # Errors
    /// [`Stuck`].
    pub async fn sees<T>(
        &mut self,
        what: &'static str,
        find: impl Fn(&View) -> Option<T>,
    ) -> Result<T, Stuck> {
        let waited = tokio::time::timeout(PATIENCE, async {
            loop {
                if let Some(found) = find(&self.view.borrow_and_update()) {
                    return Ok(found);
                }
                self.view.changed().await.map_err(|_| Stuck::Off)?;
            }
        });
        waited.await.map_err(|_| Stuck::Waited(what))?
    }

    /// Taps.
    ///
    /// # Errors
    /// [`Stuck::Off`].
    pub async fn taps(&self, tap: Tap) -> Result<(), Stuck> {
        self.taps.send(tap).await.map_err(|_| Stuck::Off)
    }

    /// First start: types the code that came, sets the password on two keypads, closes the sheet.
    ///
    /// # Errors
    /// [`Stuck`].
    pub async fn sets_up(&mut self, password: &str) -> Result<(), Stuck> {
        let code = self
            .sees("the activation code", |view| match &view.phone.sheet {
                Sheet::Activate(activate) => activate.suggested.clone(),
                _ => None,
            })
            .await?;
        self.taps(Tap::Activate { code }).await?;
        self.types(EntryPurpose::New, password).await?;
        self.types(EntryPurpose::Repeat, password).await?;
        let end = self.result().await?;
        if end.state != OutcomeState::PasswordSet {
            return Err(Stuck::Other {
                expected: "a password set",
                seen: format!("{:?} {:?}", end.state, end.problem),
            });
        }
        self.closes().await
    }

    /// Closes the sheet.
    ///
    /// # Errors
    /// [`Stuck`].
    pub async fn closes(&mut self) -> Result<(), Stuck> {
        self.taps(Tap::Done).await?;
        self.sees_the_chat().await
    }

    /// Waits until no sheet covers the chat.
    ///
    /// # Errors
    /// [`Stuck`].
    pub async fn sees_the_chat(&mut self) -> Result<(), Stuck> {
        self.sees("the chat", |view| matches!(view.phone.sheet, Sheet::Hidden).then_some(())).await
    }

    /// Asks the Chatbot, picks the goods number `choice`, and waits for the card to pay.
    ///
    /// # Errors
    /// [`Stuck`].
    pub async fn orders(&mut self, choice: usize) -> Result<Message, Stuck> {
        let known = self.cards_with(ChipAction::Reply).len();
        self.taps(Tap::Say { chat: String::new(), text: "我想买咖啡".to_owned() }).await?;
        let goods = self
            .sees("goods", |view| {
                let cards = cards_with(view, ChipAction::Reply);
                (cards.len() > known).then_some(cards)
            })
            .await?;
        let picked = goods[known..].get(choice % (goods.len() - known)).cloned();
        let picked = picked.ok_or(Stuck::Waited("goods"))?;
        self.picks(&picked).await
    }

    /// Taps the order button of a goods card, also one of long ago.
    ///
    /// # Errors
    /// [`Stuck`].
    pub async fn picks(&mut self, goods: &Message) -> Result<Message, Stuck> {
        let before = self.cards_with(ChipAction::Pay).len();
        self.taps(Tap::Suggestion { message: goods.id.clone(), index: 0 }).await?;
        self.sees("a card to pay", |view| cards_with(view, ChipAction::Pay).get(before).cloned()).await
    }

    /// Cards on the screen whose first button does this.
    #[must_use]
    pub fn cards_with(&self, action: ChipAction) -> Vec<Message> {
        cards_with(&self.view.borrow(), action)
    }

    /// Taps a card's pay button and reads what the sheet shows.
    ///
    /// # Errors
    /// [`Stuck`].
    pub async fn opens(&mut self, card: &Message) -> Result<Review, Stuck> {
        self.taps(Tap::Suggestion { message: card.id.clone(), index: 0 }).await?;
        self.reviews().await
    }

    /// Reads what the sheet shows.
    ///
    /// # Errors
    /// [`Stuck`].
    pub async fn reviews(&mut self) -> Result<Review, Stuck> {
        self.sees("the order to review", |view| match &view.phone.sheet {
            Sheet::Review(review) => Some(review.clone()),
            _ => None,
        })
        .await
    }

    /// Accepts the order and types the password.
    ///
    /// # Errors
    /// [`Stuck`].
    pub async fn pays(&mut self, password: &str) -> Result<(), Stuck> {
        self.taps(Tap::Accept).await?;
        self.types(EntryPurpose::Pay, password).await
    }

    /// Accepts the order and gives the finger.
    ///
    /// # Errors
    /// [`Stuck`].
    pub async fn touches(&mut self) -> Result<(), Stuck> {
        self.taps(Tap::Accept).await?;
        self.touch().await
    }

    async fn touch(&mut self) -> Result<(), Stuck> {
        self.sees("the prompt for a finger", |view| {
            matches!(view.phone.sheet, Sheet::Touch(_)).then_some(())
        })
        .await?;
        self.taps(Tap::Touch).await
    }

    /// Enrols a finger by the password, and closes the sheet.
    ///
    /// # Errors
    /// [`Stuck`].
    pub async fn enrols(&mut self, password: &str) -> Result<(), Stuck> {
        self.taps(Tap::Enrol).await?;
        self.types(EntryPurpose::Enrol, password).await?;
        self.touch().await?;
        let end = self.result().await?;
        if end.state != OutcomeState::BiometricSet {
            let seen = format!("{:?} {:?}", end.state, end.problem);
            return Err(Stuck::Other { expected: "a finger enrolled", seen });
        }
        self.closes().await
    }

    /// Types on the keypad, finding each digit by its picture, and confirms.
    ///
    /// # Errors
    /// [`Stuck`].
    pub async fn types(&mut self, purpose: EntryPurpose, digits: &str) -> Result<(), Stuck> {
        let keypad = self.keypad(purpose).await?;
        let layout = self.reads(&keypad)?;
        for digit in digits.bytes() {
            let at = layout.iter().position(|(read, _)| *read == digit - b'0').ok_or(Stuck::Unreadable)?;
            self.taps(Tap::Key { slot: layout[at].1 }).await?;
        }
        let opening = keypad.opening;
        let wanted = digits.len();
        self.sees("the dots", |view| match &view.phone.sheet {
            Sheet::Keypad(keypad) => (keypad.opening == opening && keypad.entered == wanted).then_some(()),
            _ => None,
        })
        .await?;
        self.taps(Tap::Confirm).await
    }

    /// The keypad that is shown for a purpose.
    ///
    /// # Errors
    /// [`Stuck`].
    pub async fn keypad(&mut self, purpose: EntryPurpose) -> Result<Keypad, Stuck> {
        self.sees("the keypad", |view| match &view.phone.sheet {
            Sheet::Keypad(keypad) if keypad.purpose == purpose && keypad.ready => Some(keypad.clone()),
            _ => None,
        })
        .await
    }

    /// Reads every face: digit and slot.
    fn reads(&mut self, keypad: &Keypad) -> Result<Vec<(u8, u8)>, Stuck> {
        let keys: Vec<_> = keypad
            .slots
            .iter()
            .filter(|slot| slot.function == SlotFunction::Character)
            .filter_map(|slot| slot.face.as_ref().map(|face| (slot.id, face)))
            .collect();
        let seen = |size: u32| usize::try_from(size).unwrap_or(0);
        let pictures = keys
            .iter()
            .map(|(_, face)| Picture::from_alpha(seen(face.w), seen(face.h), &face.alpha.0))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| Stuck::Unreadable)?;
        let reading = self.reader.read_keypad(&pictures).map_err(|_| Stuck::Unreadable)?;
        let layout: Vec<(u8, u8)> =
            reading.digits.iter().copied().zip(keys.iter().map(|(id, _)| *id)).collect();
        let mut in_slot_order = layout.clone();
        in_slot_order.sort_by_key(|(_, slot)| *slot);
        self.layouts_read.push(in_slot_order.iter().map(|(digit, _)| char::from(b'0' + digit)).collect());
        Ok(layout)
    }

    /// The end of what was begun: a result that is not waiting for anything.
    ///
    /// # Errors
    /// [`Stuck`].
    pub async fn result(&mut self) -> Result<Outcome, Stuck> {
        self.sees("a result", |view| match &view.phone.sheet {
            Sheet::Result(outcome) if !outcome.busy => Some(outcome.clone()),
            _ => None,
        })
        .await
    }

    /// A result that is final: asks again as long as it is not known, as the screen invites to.
    ///
    /// # Errors
    /// [`Stuck`].
    pub async fn settled(&mut self) -> Result<Outcome, Stuck> {
        for _ in 0..5 {
            let outcome = self.result().await?;
            if outcome.state != OutcomeState::Unresolved {
                return Ok(outcome);
            }
            self.taps(Tap::Query).await?;
            self.sees("the query to begin", |view| match &view.phone.sheet {
                Sheet::Result(outcome) if !outcome.busy && outcome.state == OutcomeState::Unresolved => None,
                _ => Some(()),
            })
            .await?;
        }
        Err(Stuck::Waited("a known result"))
    }

    /// Waits for a card of the Chatbot whose title begins so, beyond the first `known`.
    ///
    /// # Errors
    /// [`Stuck`].
    pub async fn told(&mut self, title: &'static str, known: usize) -> Result<Message, Stuck> {
        self.sees(title, |view| cards_titled(view, title).get(known).cloned()).await
    }

    /// How many such cards are on the screen.
    #[must_use]
    pub fn count_told(&self, title: &str) -> usize {
        cards_titled(&self.view.borrow(), title).len()
    }
}

fn cards_with(view: &View, action: ChipAction) -> Vec<Message> {
    messages(view, |body| match body {
        MessageBody::Card { buttons, title, .. } => {
            // A result card also has reply buttons, but no goods in its title.
            let result = title.starts_with("支付") || title.starts_with("待支付") || title.contains("订单");
            buttons.first().is_some_and(|b| b.action == action && b.enabled)
                && (action == ChipAction::Pay || !result)
        }
        MessageBody::Text { .. } => false,
    })
}

fn cards_titled(view: &View, start: &str) -> Vec<Message> {
    messages(view, |body| match body {
        MessageBody::Card { title, .. } => title.starts_with(start),
        MessageBody::Text { .. } => false,
    })
}

fn messages(view: &View, wanted: impl Fn(&MessageBody) -> bool) -> Vec<Message> {
    view.phone
        .chats
        .iter()
        .flat_map(|chat| &chat.messages)
        .filter(|m| !m.mine && wanted(&m.body))
        .cloned()
        .collect()
}
