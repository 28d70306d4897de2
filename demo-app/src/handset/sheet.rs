//! From the SDK's steps to the sheet that is drawn.

use msgpay_sdk_core::{Action, Key, Outcome, Receipt, Review};
use msgpay_wire::entry::EntryPurpose as Purpose;

use super::words;
use crate::view::{self, Blob, Face, Order, OutcomeState, Sheet, Slot, SlotFunction, Text};

/// Ids of the function keys; character keys have their slot number, 0 to 9.
const DELETE_ID: u8 = 10;
const CONFIRM_ID: u8 = 11;

pub(super) fn order(review: &Review) -> Order {
    let tail = review.pay_order_no.len().saturating_sub(4);
    Order {
        amount_fen: review.amount_fen,
        payee: review.payee_name.clone(),
        claimed: review.claimed_name.clone(),
        item: review.item.clone(),
        order_tail: review.pay_order_no.get(tail..).unwrap_or_default().to_owned(),
        expires_at_ms: review.expires_s.saturating_mul(1000),
        funding: review.funding.clone(),
    }
}

/// `None` for what no session of this phone asks for: card and identity numbers, a card's PIN.
pub(super) fn purpose(purpose: Purpose) -> Option<view::EntryPurpose> {
    match purpose {
        Purpose::Password => Some(view::EntryPurpose::Pay),
        Purpose::PasswordNew => Some(view::EntryPurpose::New),
        Purpose::PasswordRepeat => Some(view::EntryPurpose::Repeat),
        Purpose::CardNumber | Purpose::IdNumber | Purpose::Pin => None,
    }
}

pub(super) fn slots(keys: &[Key]) -> Vec<Slot> {
    keys.iter()
        .filter_map(|key| {
            let (id, function) = match key.action {
                Action::Slot(slot) => (slot, SlotFunction::Character),
                Action::Delete => (DELETE_ID, SlotFunction::Delete),
                Action::Confirm => (CONFIRM_ID, SlotFunction::Confirm),
                Action::Page(_) => return None, // a wallet password has digits only
            };
            let side = u32::from(key.face.width());
            let face = (function == SlotFunction::Character).then(|| Face {
                w: side,
                h: side,
                alpha: Blob(key.face.alpha().to_vec()),
            });
            Some(Slot { id, row: key.row, col: key.column, span: key.span, function, face })
        })
        .collect()
}

pub(super) fn working(institution: &Text, order: Option<Order>, text: Text) -> Sheet {
    Sheet::Working(view::Working { institution: institution.clone(), text, order })
}

/// When the institution concluded, Unix milliseconds.
pub(super) fn signed_at_ms(receipt: &Receipt) -> Option<u64> {
    u64::try_from(receipt.time).ok().map(|s| s.saturating_mul(1000))
}

fn paid(institution: &Text, order: Option<Order>, receipt: &Receipt) -> Sheet {
    let at_ms = signed_at_ms(receipt);
    let state = OutcomeState::Paid;
    Sheet::Result(view::Outcome {
        institution: institution.clone(),
        state,
        order,
        at_ms,
        ..Default::default()
    })
}

/// The sheet of an end; `None` when the user turned back.
pub(super) fn outcome(institution: &Text, order: Option<Order>, outcome: &Outcome) -> Option<Sheet> {
    match outcome {
        Outcome::Paid(receipt) => Some(paid(institution, order, receipt)),
        Outcome::NotPaid(reason) => Some(Sheet::Result(view::Outcome {
            institution: institution.clone(),
            state: OutcomeState::NotPaid,
            order,
            at_ms: reason.receipt.as_ref().and_then(signed_at_ms),
            problem: Some(words::problem(reason)),
            can_retry: reason.todo == msgpay_sdk_core::Todo::TryAgain,
            ..Default::default()
        })),
        Outcome::Unresolved { .. } => Some(unresolved(institution, order, false)),
        Outcome::Cancelled => None,
    }
}

pub(super) fn unresolved(institution: &Text, order: Option<Order>, busy: bool) -> Sheet {
    Sheet::Result(view::Outcome {
        institution: institution.clone(),
        state: OutcomeState::Unresolved,
        order,
        problem: Some(words::unresolved()),
        busy,
        ..Default::default()
    })
}
