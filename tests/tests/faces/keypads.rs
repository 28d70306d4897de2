//! Keypads opened through the public door, and what lay on their keys by the word of the institution that opened the
//! envelope: nothing here knows a drawing.

use std::sync::Arc;

use msgpay_crypto::{OpenChain, OpeningKey, SuiteId as Suite};
use msgpay_sdk_core::{
    Action, Entry, EntryPurpose, FaceSize, Key, Kind, Picture, Specimen, SurfaceReport, SystemClock,
};
use msgpay_wire::{
    SuiteId,
    entry::{Envelope, label},
};

const SERVER_NONCE: [u8; 16] = [5; 16];
const ORDER_DIGEST: [u8; 32] = [6; 32];
/// Bytes of a layout before its characters: kind and number of slots.
const HEAD: usize = 2;

/// An institution that wants something typed.
pub(crate) struct Institution {
    seal: OpeningKey,
}

/// A character, and the picture of the key that it lay on.
pub(crate) struct Face {
    pub(crate) character: u8,
    pub(crate) picture: Picture,
}

impl Institution {
    pub(crate) fn make() -> Self {
        Self { seal: OpeningKey::make(Suite::International).unwrap() }
    }

    /// Opens one keypad and gives the faces of its character keys.
    pub(crate) fn opening(&self, kind: Kind, side_px: u16) -> Vec<Face> {
        let specimen = Specimen {
            purpose: EntryPurpose::PasswordNew,
            kind,
            suite: SuiteId::International,
            seal_kid: 1,
            seal_key: self.seal.public_key(),
            server_nonce: SERVER_NONCE,
            client_nonce: [4; 16],
            order_digest: ORDER_DIGEST,
            lengths: 1..=64,
        };
        let entry = Entry::specimen(specimen, Arc::new(SystemClock::start()));
        let report = SurfaceReport {
            capture_blocked: true,
            obscured_touches_filtered: true,
            no_text_field: true,
            nothing_kept: true,
            audio_private: true,
        };
        let (mut keypad, keys) = entry.open(report, FaceSize::square(side_px)).unwrap();
        keypad.press(0).unwrap();
        let layout = self.layout(&keypad.confirm().unwrap().specimen());
        keys.into_iter().filter_map(|key| face(key, &layout)).collect()
    }

    /// The character of each slot.
    fn layout(&self, envelope: &[u8]) -> Vec<u8> {
        let envelope = Envelope::read(envelope).unwrap();
        let context = envelope.context(SERVER_NONCE, ORDER_DIGEST).encode();
        let mut chain = OpenChain::setup(&self.seal, &envelope.encapsulated, &context, label::CHAIN).unwrap();
        let layout = chain.open_with(label::LAYOUT, label::LAYOUT, &envelope.layout).unwrap();
        layout.expose(|bytes| bytes[HEAD..].to_vec()).unwrap()
    }
}

fn face(key: Key, layout: &[u8]) -> Option<Face> {
    match key.action {
        Action::Slot(slot) => Some(Face { character: layout[usize::from(slot)], picture: key.face }),
        _ => None,
    }
}
