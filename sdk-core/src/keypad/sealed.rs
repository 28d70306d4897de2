//! A closed envelope.

use std::fmt;

use msgpay_wire::{Digest, entry::EntryPurpose};

use super::{Binding, Kind, review};

/// A closed envelope. Only the session that asked for it takes it, and only the institution opens it.
pub struct SealedEntry {
    pub(super) purpose: EntryPurpose,
    kind: Kind,
    server_nonce: [u8; 16],
    order_digest: Digest,
    pub(super) envelope: Vec<u8>,
    length: usize,
}

impl SealedEntry {
    pub(super) fn of(binding: &Binding, envelope: Vec<u8>, length: usize) -> Self {
        Self {
            purpose: binding.purpose,
            kind: binding.kind,
            server_nonce: binding.server_nonce,
            order_digest: binding.order_digest,
            envelope,
            length,
        }
    }

    /// What may still be shown of it: how many dots, in which groups. Nothing else is left.
    #[must_use]
    pub fn masked(&self) -> Vec<usize> {
        review::split(self.kind, self.length)
    }

    pub(super) fn fits(&self, purpose: EntryPurpose, server_nonce: &[u8; 16], order_digest: &Digest) -> bool {
        self.purpose == purpose && self.server_nonce == *server_nonce && self.order_digest == *order_digest
    }

    pub(super) fn is_pin(&self) -> bool {
        self.kind == Kind::Pin || self.purpose == EntryPurpose::Pin
    }

    /// The envelope's bytes, if it was made for this purpose, nonce and order.
    pub(crate) fn envelope_for(
        self,
        purpose: EntryPurpose,
        server_nonce: &[u8; 16],
        order_digest: &Digest,
    ) -> Option<Vec<u8>> {
        self.fits(purpose, server_nonce, order_digest).then_some(self.envelope)
    }
}

impl fmt::Debug for SealedEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedEntry")
    }
}
