//! A payment page in a web view, across the line.
//!
//! ```text
//! page ── text ──► NativeBridge.receive ─► PageReaction      what the host does now
//!      ◄─ text ─── NativeBridge.messages                     what the page is told
//! PageReaction.Begin ─► NativePayment ─► NativeEntry ─► NativeKeypad    as in any other payment
//! ```
//! The payment and its keypad are the objects that every payment has; each of their calls may leave a text for the page
//! (a number of characters, never one of them). Two things the page does itself: it confirms the entry (`submit`), and it
//! carries the sealed request to the institution.

use std::sync::{Arc, Mutex};

use msgpay_sdk_core as core;

use crate::{
    fault::{CallFault, KeypadFault, MsgPayError, call},
    keypad::{Faces, Hand, turn, wipe},
    payment::NativePayment,
};

/// Who sends a message, as the web view says it, not the page.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PageSender {
    /// The serialised origin of the sending document, such as `https://shop.example`.
    pub origin: String,
    /// Whether it is the web view's own document, not one in a frame.
    pub top_level: bool,
    /// Which document it is: a number that the host counts up with every document that the web view loads.
    pub document: u64,
}

/// A text for one document. Hand it over only while that document is the one in the web view, and name the origin to
/// the web view where that can be done.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PageMessage {
    /// The origin that it is for.
    pub origin: String,
    /// The document that it is for.
    pub document: u64,
    /// JSON.
    pub text: String,
}

/// What the host does after a message of the page, besides handing over what [`NativeBridge::messages`] gives.
#[derive(uniffi::Enum)]
pub enum PageReaction {
    /// Nothing.
    Nothing,
    /// Nothing: the sender is not the top-level document of a listed origin, or was left. It is told nothing.
    Ignored,
    /// Takes the screens of an earlier payment away and drives this one, on screens of its own above the page.
    Begin {
        /// The payment.
        payment: Arc<NativePayment>,
    },
    /// Takes the keypad away: the entry was wiped. The session asks for its entry again.
    Wiped {
        /// Why.
        fault: KeypadFault,
    },
    /// Takes the screens away. The payment tells what is left to do: a page that has the sealed request may carry it to
    /// the institution; `answered` with nothing, then `resolve` learns what came of it.
    End,
    /// Takes the screens away: the page that opened the entry is gone.
    Left,
}

/// The bridge of one web view. Dropping it wipes what is open, unless a payment that it began is still held.
#[derive(uniffi::Object)]
pub struct NativeBridge {
    page: Arc<Mutex<Page>>,
}

/// What a bridge, its payment and its keypad share.
struct Page {
    bridge: core::Bridge,
    /// The newest payment's own place.
    payment: Place,
    /// The newest keypad's faces: they go with it.
    faces: Faces,
    told: Vec<core::ToPage>,
}

/// Where a payment lives once the bridge no longer has it. Each payment has its own: two that share one are the same.
type Place = Arc<Mutex<Option<core::Payment>>>;

impl NativeBridge {
    pub(crate) fn of(bridge: core::Bridge) -> Arc<Self> {
        let page = Page { bridge, payment: Place::default(), faces: Faces::default(), told: Vec::new() };
        Arc::new(Self { page: Arc::new(Mutex::new(page)) })
    }
}

#[uniffi::export]
impl NativeBridge {
    /// One message of the web view.
    ///
    /// # Errors
    /// `Call(FromHost)`, `Call(Broken)`.
    pub fn receive(&self, sender: &PageSender, text: &str) -> Result<PageReaction, MsgPayError> {
        let mut page = turn(&self.page)?;
        // How a payment ended is the host's to read, whatever the page says next.
        if page.bridge.payment().is_some_and(|payment| payment.is_concluded()) {
            page.take_payment()?;
        }
        let PageSender { origin, top_level, document } = sender;
        let sender = core::Sender { origin, top_level: *top_level, document: *document };
        let (told, reaction) = match page.bridge.receive(sender, text) {
            core::Reaction::Tell(told) => (Some(told), PageReaction::Nothing),
            core::Reaction::Ignore(_) => return Ok(PageReaction::Ignored),
            core::Reaction::Begin(told) => {
                page.payment = Place::default();
                let payment = PagePayment { page: Arc::clone(&self.page), place: Arc::clone(&page.payment) };
                (Some(told), PageReaction::Begin { payment: NativePayment::in_page(payment) })
            }
            core::Reaction::Wiped(told, fault) => (Some(told), PageReaction::Wiped { fault: fault.into() }),
            core::Reaction::End(told) => (Some(told), PageReaction::End),
            core::Reaction::Left => (None, PageReaction::Left),
        };
        if !matches!(reaction, PageReaction::Nothing) {
            page.forget_keypad();
        }
        page.told.extend(told);
        Ok(reaction)
    }

    /// What the page is to be told, the oldest first; each is given once. Ask after every call of the bridge, of its
    /// payment and of its keypad.
    ///
    /// # Errors
    /// `Call(FromHost)`, `Call(Broken)`.
    pub fn messages(&self) -> Result<Vec<PageMessage>, MsgPayError> {
        let message = |told: core::ToPage| PageMessage {
            origin: told.origin,
            document: told.document,
            text: told.text,
        };
        Ok(std::mem::take(&mut turn(&self.page)?.told).into_iter().map(message).collect())
    }

    /// Takes the payment from the page and wipes what is typed: on back, when the application leaves the foreground,
    /// when the page is left or loaded anew. The payment's session goes on for the host: `cancel` it, or resolve it.
    ///
    /// # Errors
    /// `Call(FromHost)`, `Call(Broken)`.
    pub fn end(&self) -> Result<(), MsgPayError> {
        let mut page = turn(&self.page)?;
        page.forget_keypad();
        page.take_payment()
    }
}

impl Page {
    fn forget_keypad(&mut self) {
        wipe(&std::mem::take(&mut self.faces));
    }

    fn take_payment(&mut self) -> Result<(), MsgPayError> {
        if let Some(payment) = self.bridge.end() {
            *turn(&self.payment)? = Some(payment);
        }
        Ok(())
    }
}

/// A payment that a page began.
pub(crate) struct PagePayment {
    page: Arc<Mutex<Page>>,
    place: Place,
}

impl PagePayment {
    /// Uses it, wherever it is kept.
    ///
    /// # Errors
    /// `Call(Closed)` when its page has turned it back.
    pub(crate) fn with<T>(&self, use_it: impl FnOnce(&mut core::Payment) -> T) -> Result<T, MsgPayError> {
        let mut page = turn(&self.page)?;
        let newest = Arc::ptr_eq(&page.payment, &self.place);
        let mut taken = turn(&self.place)?;
        let payment = taken.as_mut().or_else(|| page.bridge.payment().filter(|_| newest));
        payment.map(use_it).ok_or(call(CallFault::Closed))
    }

    /// Where its keypads live.
    pub(crate) fn desk(&self) -> PageDesk {
        PageDesk { page: Arc::clone(&self.page), payment: Arc::clone(&self.place) }
    }
}

/// Where a page's payment has its keypads.
pub(crate) struct PageDesk {
    page: Arc<Mutex<Page>>,
    payment: Place,
}

impl PageDesk {
    /// Puts the keypad there, wiping an earlier one; leaves it to the host when the host has taken the payment.
    ///
    /// # Errors
    /// `Keypad(Closed)` when no page waits for it any more.
    pub(crate) fn put(&self, keypad: core::Keypad, faces: &Faces) -> Result<Hand, MsgPayError> {
        let mut page = turn(&self.page)?;
        if turn(&self.payment)?.is_some() {
            return Ok(Hand::Own(Box::new(keypad)));
        }
        let closed = MsgPayError::from(core::EntryFault::Closed);
        if !Arc::ptr_eq(&page.payment, &self.payment) {
            return Err(closed);
        }
        page.forget_keypad();
        let told = page.bridge.opened(keypad).map_err(|_| closed)?;
        page.told.push(told);
        page.faces = Arc::clone(faces);
        Ok(Hand::InPage(PageKeypad { page: Arc::clone(&self.page), faces: Arc::clone(faces) }))
    }
}

/// A keypad above a page. Dropping it wipes it.
pub(crate) struct PageKeypad {
    page: Arc<Mutex<Page>>,
    faces: Faces,
}

impl PageKeypad {
    /// Changes it and tells the page.
    pub(crate) fn change(
        &self,
        change: impl FnOnce(&mut core::Keypad) -> Result<usize, core::EntryFault>,
    ) -> Result<usize, core::EntryFault> {
        // A defect of the library alone breaks the lock; nothing can be typed then.
        let mut page = self.page.lock().map_err(|_| core::EntryFault::System)?;
        if !Arc::ptr_eq(&page.faces, &self.faces) {
            return Err(core::EntryFault::Closed);
        }
        let (told, changed) = page.bridge.changed(change);
        page.told.extend(told);
        changed
    }

    /// Wipes it, if it is still there.
    pub(crate) fn leave(&self, leave: impl FnOnce(&mut core::Keypad)) {
        // That it is closed now is what was asked for.
        let _closed = self.change(|keypad| {
            leave(keypad);
            Err(core::EntryFault::Closed)
        });
        wipe(&self.faces);
    }
}

impl Drop for PageKeypad {
    fn drop(&mut self) {
        self.leave(core::Keypad::cancel);
    }
}
