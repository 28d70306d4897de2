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
pub use origin::{NotAnOrigin, Origins, Sender};

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
    seen: BTreeSet<String>,
    open: Option<Open>,
}

/// One payment, from `open` until it is closed, or until the host takes it.
struct Open {
    payment: Payment,
    keypad: Option<Keypad>,
}

/// What the host does after a message.
#[derive(Debug, PartialEq, Eq)]
pub enum Reaction {
    /// Hands this text to the page.
    Tell(String),
    /// Hands it over and begins to drive [`Bridge::payment`]: shows the summary, opens the keypad on a screen of its
    /// own, above the page.
    Begin(String),
    /// Hands it over and takes the native screens away: the payment has ended, or goes on without an entry. What
    /// there is left to do, [`Bridge::payment`] tells; the page opens another one when the payment is concluded, or
    /// taken by [`Bridge::end`].
    End(String),
    /// Does nothing: whoever sent that is told nothing.
    Ignore(BridgeFault),
}

impl Bridge {
    /// For the pages of these origins.
    #[must_use]
    pub fn new(msgpay: MsgPay, origins: Origins) -> Self {
        Self { msgpay, origins, seen: BTreeSet::new(), open: None }
    }

    /// One message from the web view.
    pub fn receive(&mut self, sender: Sender<'_>, text: &str) -> Reaction {
        if !self.origins.allow(sender) {
            return Reaction::Ignore(BridgeFault::Origin);
        }
        let (id, call) = match message::read(text) {
            Ok(read) => read,
            Err(fault) => return Reaction::Tell(message::refused(None, fault)),
        };
        if self.seen.len() >= IDS_MAX || !self.seen.insert(id.clone()) {
            return Reaction::Tell(message::refused(Some(&id), BridgeFault::Replayed));
        }
        self.answer(&id, call).unwrap_or_else(|fault| Reaction::Tell(message::refused(Some(&id), fault)))
    }

    fn answer(&mut self, id: &str, call: Call) -> Result<Reaction, BridgeFault> {
        match call {
            Call::Open(link) => {
                if self.open.as_ref().is_some_and(|open| !open.payment.is_concluded()) {
                    return Err(BridgeFault::Busy);
                }
                let payment = self.msgpay.launch(&link).map_err(|_| BridgeFault::Failed)?;
                self.open = Some(Open { payment, keypad: None });
                Ok(Reaction::Begin(message::done(id)))
            }
            Call::Close => {
                self.turn_back()?;
                Ok(Reaction::End(message::done(id)))
            }
            Call::Clear => {
                let cleared = self.keypad()?.clear();
                self.kept(cleared)?;
                Ok(Reaction::Tell(message::done(id)))
            }
            Call::Submit => self.submit(id),
        }
    }

    /// Seals the entry for its session, and gives the request that the session would have sent. Whatever fails once
    /// the entry is sealed turns the payment back: a page that was told `failed` may offer the order anew.
    fn submit(&mut self, id: &str) -> Result<Reaction, BridgeFault> {
        let sealed = self.keypad()?.confirm();
        let sealed = self.kept(sealed)?;
        let open = self.open.as_mut().ok_or(BridgeFault::NotOpen)?;
        open.keypad = None;
        let text = match given_out(&mut open.payment, sealed) {
            Some(request) => message::token(id, &URL_SAFE_NO_PAD.encode(&request.body)),
            None => message::refused(Some(id), fault_of(&open.payment.cancel())),
        };
        Ok(Reaction::End(text))
    }

    /// Wipes the entry and turns the payment back. What may have paid is not thrown away: it stays for the host.
    fn turn_back(&mut self) -> Result<(), BridgeFault> {
        let open = self.open.as_mut().ok_or(BridgeFault::NotOpen)?;
        open.keypad = None;
        if !matches!(open.payment.cancel(), Outcome::Unresolved { .. }) {
            self.open = None;
        }
        Ok(())
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
    /// [`BridgeFault::NotOpen`] without a payment; the keypad is then wiped.
    pub fn opened(&mut self, keypad: Keypad) -> Result<String, BridgeFault> {
        let open = self.open.as_mut().ok_or(BridgeFault::NotOpen)?;
        let length = keypad.length();
        open.keypad = Some(keypad);
        Ok(message::state(Some(length)))
    }

    /// A press on the native keypad, or any other change of it; gives what the page is told.
    pub fn changed(&mut self, change: impl FnOnce(&mut Keypad) -> Result<usize, EntryFault>) -> String {
        let changed = self.keypad().map(change);
        match changed.and_then(|changed| self.kept(changed)) {
            Ok(length) => message::state(Some(length)),
            Err(_) => {
                message::state(self.open.as_ref().and_then(|open| open.keypad.as_ref()).map(Keypad::length))
            }
        }
    }

    /// Ends the payment's part of the bridge, wiping what is typed; gives the session back if there is one. To be
    /// called on back, when the application leaves the foreground, when the page is left or loaded anew.
    pub fn end(&mut self) -> Option<Payment> {
        self.open.take().map(|open| open.payment)
    }

    fn keypad(&mut self) -> Result<&mut Keypad, BridgeFault> {
        self.open.as_mut().and_then(|open| open.keypad.as_mut()).ok_or(BridgeFault::NotOpen)
    }

    /// Takes the keypad away once a fault has wiped it. The session asks for its entry again.
    fn kept<T>(&mut self, result: Result<T, EntryFault>) -> Result<T, BridgeFault> {
        result.map_err(|fault| match fault {
            EntryFault::Length => BridgeFault::Incomplete,
            fault if fault.wiped() => {
                if let Some(open) = &mut self.open {
                    open.keypad = None;
                }
                BridgeFault::Wiped
            }
            _ => BridgeFault::Failed,
        })
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
