//! An entry without a session, for laboratories: memory, timing, faces. Never in a shipped library.

use std::{ops::RangeInclusive, sync::Arc};

use msgpay_wire::{Digest, SuiteId, entry::EntryPurpose};

use super::{AccountToken, Allowed, Binding, Entry, Kind, SealedEntry};
use crate::host::Clock;

/// The account of a specimen's PIN.
const ACCOUNT: &str = "1234567890123456789";

/// What an entry is bound to, as a session would take it from the institution's answer.
#[derive(Clone, Debug)]
pub struct Specimen {
    /// What it is for.
    pub purpose: EntryPurpose,
    /// Which characters.
    pub kind: Kind,
    /// Suite of the seal.
    pub suite: SuiteId,
    /// Number of the seal key.
    pub seal_kid: u64,
    /// The seal key, 65 bytes in its suite's shape.
    pub seal_key: [u8; 65],
    /// Of the launch.
    pub server_nonce: [u8; 16],
    /// Of the handset.
    pub client_nonce: [u8; 16],
    /// Digest of the summary.
    pub order_digest: Digest,
    /// Characters that confirm; at most 64.
    pub lengths: RangeInclusive<usize>,
}

impl Entry {
    /// An entry that every policy allows.
    #[must_use]
    pub fn specimen(specimen: Specimen, clock: Arc<dyn Clock>) -> Self {
        let binding = Binding {
            purpose: specimen.purpose,
            kind: specimen.kind,
            suite: specimen.suite,
            seal_kid: specimen.seal_kid,
            seal_key: specimen.seal_key,
            server_nonce: specimen.server_nonce,
            client_nonce: specimen.client_nonce,
            order_digest: specimen.order_digest,
            lengths: specimen.lengths,
            allowed: Allowed::everything(),
            account: AccountToken::read(ACCOUNT),
        };
        Self { binding, clock }
    }
}

impl SealedEntry {
    /// The envelope's bytes, for an opener in a laboratory.
    #[must_use]
    pub fn specimen(self) -> Vec<u8> {
        self.envelope
    }
}
