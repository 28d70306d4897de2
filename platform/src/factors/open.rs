//! Opening one sealed entry (docs/protocol.md): every step's position and context is ours.

use msgpay_crypto::{Error, OpenChain, OpeningKey, SecretPage, entry};
use msgpay_wire::{
    SuiteId,
    entry::{Context, EntryPurpose, Envelope, Kind, PRESSES, label},
};

use crate::store::LaunchRecord;

/// An envelope, and what our own record says it must be bound to.
pub struct Opening {
    suite: u64,
    purpose: EntryPurpose,
    kid: u64,
    server_nonce: [u8; 16],
    order_digest: [u8; 32],
    modes: Vec<u64>,
    envelope: Vec<u8>,
}

impl Opening {
    /// The entry of that purpose under that record, typed in one of these modes.
    pub fn of(record: &LaunchRecord, purpose: EntryPurpose, modes: &[u64], envelope: Vec<u8>) -> Self {
        Self {
            suite: record.suite,
            purpose,
            kid: record.kid,
            server_nonce: record.nonce,
            order_digest: record.order_digest,
            modes: modes.to_vec(),
            envelope,
        }
    }

    /// The key it must be sealed to.
    pub(super) fn kid(&self) -> u64 {
        self.kid
    }

    /// The characters that were typed. One answer for every way not to open: no oracle.
    pub(super) fn open(self, key: &OpeningKey) -> Result<Option<SecretPage>, Error> {
        match self.characters(key) {
            Ok(page) => Ok(page),
            Err(Error::NotOpened | Error::BadEntry | Error::BadKey) => Ok(None),
            Err(own) => Err(own),
        }
    }

    fn characters(self, key: &OpeningKey) -> Result<Option<SecretPage>, Error> {
        let Ok(sent) = Envelope::read(&self.envelope) else { return Ok(None) };
        let Some(suite) = SuiteId::from_number(self.suite) else { return Ok(None) };
        if sent.suite != suite || sent.kid != self.kid || sent.purpose != self.purpose {
            return Ok(None);
        }
        if !self.modes.contains(&sent.mode) {
            return Ok(None);
        }
        let context = Context {
            suite,
            purpose: self.purpose,
            kid: self.kid,
            server_nonce: self.server_nonce,
            client_nonce: sent.client_nonce,
            order_digest: self.order_digest,
            mode: sent.mode,
            surface: sent.surface,
        }
        .encode();
        let mut chain = OpenChain::setup(key, &sent.encapsulated, &context, label::CHAIN)?;
        let layout = chain.open_with(label::LAYOUT, label::LAYOUT, &sent.layout)?;
        let mut slots = SecretPage::with_capacity(PRESSES)?;
        for (press, sealed) in (1..=u8::MAX).zip(sent.presses()) {
            let sealed = sealed.try_into().map_err(|_| Error::NotOpened)?;
            chain.step_open(&[press], sealed, &mut slots)?;
        }
        let transcript = Envelope::transcript(&context, &sent.encapsulated, &sent.layout, &sent.boxes);
        chain.close_with(label::CLOSE, &transcript, &sent.close)?;
        let kind = Kind::Numeric;
        entry::resolve(&layout, &slots, kind.number(), kind.alphabet()).map(Some)
    }
}
