//! A payment page in a web view, and the keypad that it never sees.
//!
//! ```text
//! page                     bridge                                      host (native)
//! open(launch link) ─────► a payment session begins ─────────────────► drives it: summary, keypad
//!                          (the summary comes from the institution, signed)
//! clear ─────────────────► the entry's characters are taken back
//! ◄──────── typing, n      after each press on the native keypad ◄──── pressed
//! submit ────────────────► the entry is sealed for the session
//! ◄──────── token          base64url of the signed request: for the institution alone
//! close ─────────────────► wiped
//! ```
//! Only the document that opened an entry clears, submits or closes it, and every answer is for that document alone.
//! As soon as another one speaks in the web view, what is typed is wiped and the payment turned back.
//!
//! The page gets a number of characters and bytes that only the institution opens: no slot, no picture, no amount to
//! fill in. It gives a launch link and nothing else: digest, amount, payee and layout come from the institution's
//! signed answer, and the summary is shown by the SDK's own screen. Whoever carries the token on (page, merchant)
//! stays blind. Messages are plain text, so that any web view can carry them; none is in this crate.

mod message;
mod origin;
#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, fmt};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

pub use message::BridgeFault;
use message::Call;
use origin::Page;
pub use origin::{NotAnOrigin, Origins, Sender, ToPage};

use crate::{
    failure::EntryFault,
    host::Request,
    keypad::{Keypad, SealedEntry},
    outcome::Outcome,
    session::{MsgPay, Payment, Step},
};

/// Ids that are remembered; a page that has sent so many has to be loaded again.
const IDS_MAX: usize = 4096;

/// The bridge of one web view. Dropping it wipes what is open.
pub struct Bridge {
    msgpay: MsgPay,
    origins: Origins,
    /// The newest document that spoke.
    document: u64,
    seen: BTreeSet<String>,
    open: Option<Open>,
}

/// One payment, from `open` until it is closed, or until the host takes it.
struct Open {
    /// Who opened it; `None` once it has closed it or is gone, and the payment stays for the host.
    page: Option<Page>,
    payment: Payment,
    keypad: Option<Keypad>,
}

/// What the host does after a message.
#[derive(Debug, PartialEq, Eq)]
pub enum Reaction {
    /// Hands this text to the page.
    Tell(ToPage),
    /// Hands it over and begins to drive [`Bridge::payment`]: shows the summary, opens the keypad on a screen of its
    /// own, above the page. Screens of an earlier payment go.
    Begin(ToPage),
    /// Hands it over and takes the native keypad away: the entry was wiped, for this reason. The session asks for its
    /// entry again.
    Wiped(ToPage, EntryFault),
    /// Hands it over and takes the native screens away: the payment has ended, or goes on without an entry. What
    /// there is left to do, [`Bridge::payment`] tells; the page opens another one when the payment is concluded, or
    /// taken by [`Bridge::end`].
    End(ToPage),
    /// Takes the native screens away and tells nobody: the page that opened the entry is gone, another document spoke.
    /// What was typed is wiped.
    Left,
    /// Does nothing: whoever sent that is told nothing.
    Ignore(BridgeFault),
}

/// Why a message came to nothing.
enum Refused {
    Fault(BridgeFault),
    /// The keypad is gone as well.
    Wiped(EntryFault),
}

impl From<BridgeFault> for Refused {
    fn from(fault: BridgeFault) -> Self {
        Self::Fault(fault)
    }
}

impl Bridge {
    /// For the pages of these origins.
    #[must_use]
    pub fn new(msgpay: MsgPay, origins: Origins) -> Self {
        Self { msgpay, origins, document: 0, seen: BTreeSet::new(), open: None }
    }

    /// One message from the web view.
    pub fn receive(&mut self, sender: Sender<'_>, text: &str) -> Reaction {
        let left = self.is_left(sender) && self.turn_back();
        match self.hear(sender, text) {
            Reaction::Tell(_) | Reaction::Ignore(_) if left => Reaction::Left,
            reaction => reaction,
        }
    }

    fn hear(&mut self, sender: Sender<'_>, text: &str) -> Reaction {
        if sender.top_level {
            self.document = self.document.max(sender.document);
        }
        if !self.origins.allow(sender) || sender.document < self.document {
            return Reaction::Ignore(BridgeFault::Origin);
        }
        let page = Page::of(sender);
        let (id, call) = match message::read(text) {
            Ok(read) => read,
            Err(fault) => return Reaction::Tell(page.tell(message::refused(None, fault))),
        };
        let refused = |fault| page.tell(message::refused(Some(&id), fault));
        if self.seen.len() >= IDS_MAX || !self.seen.insert(id.clone()) {
            return Reaction::Tell(refused(BridgeFault::Replayed));
        }
        match self.answer(&page, &id, call) {
            Ok(reaction) => reaction,
            Err(Refused::Fault(fault)) => Reaction::Tell(refused(fault)),
            Err(Refused::Wiped(fault)) => Reaction::Wiped(refused(BridgeFault::Wiped), fault),
        }
    }

    fn answer(&mut self, page: &Page, id: &str, call: Call) -> Result<Reaction, Refused> {
        let done = || page.tell(message::done(id));
        match call {
            Call::Open(link) => {
                if self.open.as_ref().is_some_and(|open| !open.payment.is_concluded()) {
                    return Err(BridgeFault::Busy.into());
                }
                let payment = self.msgpay.launch(&link).map_err(|_| BridgeFault::Failed)?;
                self.open = Some(Open { page: Some(page.clone()), payment, keypad: None });
                Ok(Reaction::Begin(done()))
            }
            // Behind `is_left` there is an entry of this very page, or one that stays for the host alone.
            _ if self.page().is_none() => Err(BridgeFault::NotOpen.into()),
            Call::Close => {
                self.turn_back();
                Ok(Reaction::End(done()))
            }
            Call::Clear => {
                let cleared = self.keypad()?.clear();
                self.kept(cleared)?;
                Ok(Reaction::Tell(done()))
            }
            Call::Submit => self.submit(page, id),
        }
    }

    /// Seals the entry for its session, and gives the request that the session would have sent. Whatever fails once
    /// the entry is sealed turns the payment back: a page that was told `failed` may offer the order anew.
    fn submit(&mut self, page: &Page, id: &str) -> Result<Reaction, Refused> {
        let sealed = self.keypad()?.confirm();
        let sealed = self.kept(sealed)?;
        let open = self.open.as_mut().ok_or(BridgeFault::NotOpen)?;
        open.keypad = None;
        let text = match given_out(&mut open.payment, sealed) {
            Some(request) => message::token(id, &URL_SAFE_NO_PAD.encode(&request.body)),
            None => message::refused(Some(id), fault_of(&open.payment.cancel())),
        };
        Ok(Reaction::End(page.tell(text)))
    }

    /// Wipes the entry and turns the payment back; says whether it was. What may have paid is not thrown away: it stays
    /// for the host.
    fn turn_back(&mut self) -> bool {
        let Some(open) = &mut self.open else { return false };
        (open.keypad, open.page) = (None, None);
        let back = !matches!(open.payment.cancel(), Outcome::Unresolved { .. });
        if back {
            self.open = None;
        }
        back
    }

    /// Whether the page that opened an entry is no longer there.
    fn is_left(&self, sender: Sender<'_>) -> bool {
        self.page().is_some_and(|page| page.is_left(sender))
    }

    /// The payment under way, for the host to drive. After a submission it waits for an answer, whatever the page says
    /// from then on: the host gives it what the merchant's side brings back, or `NoAnswer` and then asks the
    /// institution, as after any lost answer. After a submission that failed it tells how it ended.
    pub fn payment(&mut self) -> Option<&mut Payment> {
        self.open.as_mut().map(|open| &mut open.payment)
    }

    /// The keypad that the host has opened for the payment's entry. One at a time: an earlier one is wiped.
    ///
    /// # Errors
    /// [`BridgeFault::NotOpen`] without a page that waits for it; the keypad is then wiped.
    pub fn opened(&mut self, keypad: Keypad) -> Result<ToPage, BridgeFault> {
        let open = self.open.as_mut().ok_or(BridgeFault::NotOpen)?;
        let page = open.page.as_ref().ok_or(BridgeFault::NotOpen)?;
        let told = page.tell(message::state(Some(keypad.length())));
        open.keypad = Some(keypad);
        Ok(told)
    }

    /// A press on the native keypad, or any other change of it. Gives what the page is told, if one is there, and what
    /// the change gave: after a fault of which [`EntryFault::wiped`] says so, the native keypad goes.
    pub fn changed(
        &mut self,
        change: impl FnOnce(&mut Keypad) -> Result<usize, EntryFault>,
    ) -> (Option<ToPage>, Result<usize, EntryFault>) {
        let changed = match self.keypad() {
            Ok(keypad) => change(keypad),
            Err(_) => Err(EntryFault::Closed),
        };
        if changed.is_err_and(EntryFault::wiped) {
            self.wipe();
        }
        let length = self.keypad().ok().map(|keypad| keypad.length());
        (self.page().map(|page| page.tell(message::state(length))), changed)
    }

    /// Ends the payment's part of the bridge, wiping what is typed; gives the session back if there is one. To be
    /// called on back, when the application leaves the foreground, when the page is left or loaded anew.
    pub fn end(&mut self) -> Option<Payment> {
        self.open.take().map(|open| open.payment)
    }

    fn page(&self) -> Option<&Page> {
        self.open.as_ref()?.page.as_ref()
    }

    fn keypad(&mut self) -> Result<&mut Keypad, BridgeFault> {
        self.open.as_mut().and_then(|open| open.keypad.as_mut()).ok_or(BridgeFault::NotOpen)
    }

    /// Takes the keypad away once a fault has wiped it. The session asks for its entry again.
    fn kept<T>(&mut self, result: Result<T, EntryFault>) -> Result<T, Refused> {
        result.map_err(|fault| match fault {
            EntryFault::Length => BridgeFault::Incomplete.into(),
            fault if fault.wiped() => {
                self.wipe();
                Refused::Wiped(fault)
            }
            _ => BridgeFault::Failed.into(),
        })
    }

    fn wipe(&mut self) {
        if let Some(open) = &mut self.open {
            open.keypad = None;
        }
    }
}

/// The request that can pay, if there is one to give out.
fn given_out(payment: &mut Payment, sealed: SealedEntry) -> Option<Request> {
    payment.entered(sealed).ok()?;
    match payment.step() {
        Ok(Step::Send(request)) => Some(request),
        _ => None,
    }
}

/// What a page is told of a payment that was turned back.
fn fault_of(outcome: &Outcome) -> BridgeFault {
    match outcome {
        Outcome::Unresolved { .. } => BridgeFault::Unresolved,
        _ => BridgeFault::Failed,
    }
}

impl fmt::Debug for Bridge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bridge")
    }
}
