//! The entries of one request.

use msgpay_wire::{Digest, entry::EntryPurpose, request::Packaged};

use super::SealedEntry;

/// The sealed entries of one request. A PIN is alone or it is not there: it never travels with a card's number, nor
/// with anything that would tell whose it is (ISO 9564-1 §9.4: format 4 binds the two, so that they travel apart).
#[derive(Default)]
pub(crate) enum Parcel {
    /// Nothing yet.
    #[default]
    Empty,
    /// A PIN, which nothing can join.
    Pin(Packaged),
    /// Whatever else, in the order in which it was typed.
    Entries(Vec<Packaged>),
}

impl Parcel {
    /// Adds an entry; `false` when it was made for another purpose, nonce or order, or may not join what is there.
    #[must_use]
    pub(crate) fn add(
        &mut self,
        sealed: SealedEntry,
        purpose: EntryPurpose,
        server_nonce: &[u8; 16],
        order_digest: &Digest,
    ) -> bool {
        let pin = sealed.is_pin();
        let Some(envelope) = sealed.envelope_for(purpose, server_nonce, order_digest) else { return false };
        let packaged = Packaged { purpose, envelope };
        match (&mut *self, pin) {
            (Self::Empty, true) => *self = Self::Pin(packaged),
            (Self::Empty, false) => *self = Self::Entries(vec![packaged]),
            (Self::Entries(entries), false) => entries.push(packaged),
            (Self::Pin(_), _) | (Self::Entries(_), true) => return false,
        }
        true
    }

    /// What the request carries.
    pub(crate) fn packaged(&self) -> &[Packaged] {
        match self {
            Self::Empty => &[],
            Self::Pin(pin) => std::slice::from_ref(pin),
            Self::Entries(entries) => entries,
        }
    }
}
