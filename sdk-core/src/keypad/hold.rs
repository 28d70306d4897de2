//! How an entry is held between its presses: sealed already, or in one page.

use msgpay_crypto::{
    SealChain,
    entry::{Typed, pin},
};
use msgpay_wire::entry::{self, Envelope, Kind, label};

use super::{Binding, Shown, layout::Layout, sealed::SealedEntry};
use crate::{failure::EntryFault, trust};

/// One change of the entry.
#[derive(Clone, Copy)]
pub(super) enum Change {
    Press(u8),
    Erase,
    Clear,
}

/// What lives between opening and closing.
pub(super) enum Hold {
    /// Boxes, and the chain that can no longer open them.
    WriteOnly(WriteOnly),
    /// The characters, until they are confirmed.
    Kept(Typed),
}

pub(super) struct WriteOnly {
    encapsulated: Vec<u8>,
    layout: Vec<u8>,
    chain: SealChain,
    boxes: Vec<u8>,
    presses: u8,
}

/// Whether the characters are kept until they are confirmed.
pub(super) fn is_kept(kind: Kind) -> bool {
    match kind {
        Kind::Numeric | Kind::FullText => false,
        Kind::IdNumber | Kind::CardNumber | Kind::Pin => true,
    }
}

impl Hold {
    pub(super) fn begin(binding: &Binding, shown: Shown, layout: Layout) -> Result<Self, EntryFault> {
        let kind = binding.kind;
        if is_kept(kind) {
            let most = (*binding.lengths.end()).min(entry::PRESSES);
            return Ok(Self::Kept(Typed::over(layout.page, kind.number(), kind.alphabet(), most)?));
        }
        let (encapsulated, mut chain) = chain(binding, shown)?;
        let layout = chain.seal_with(label::LAYOUT, label::LAYOUT, layout.page)?;
        let boxes = Vec::with_capacity(entry::PRESSES * entry::BOX_BYTES);
        Ok(Self::WriteOnly(WriteOnly { encapsulated, layout, chain, boxes, presses: 0 }))
    }

    pub(super) fn change(&mut self, change: Change) -> Result<(), EntryFault> {
        match (self, change) {
            (Self::WriteOnly(sealing), Change::Press(slot)) => sealing.seal(slot),
            (Self::WriteOnly(sealing), Change::Erase) => sealing.seal(entry::DELETE),
            (Self::WriteOnly(sealing), Change::Clear) => sealing.seal(entry::CLEAR),
            (Self::Kept(typed), Change::Press(slot)) => Ok(typed.press(slot).map(drop)?),
            (Self::Kept(typed), Change::Erase) => Ok(typed.erase().map(drop)?),
            (Self::Kept(typed), Change::Clear) => Ok(typed.clear().map(drop)?),
        }
    }

    pub(super) fn close(
        self,
        binding: &Binding,
        shown: Shown,
        length: usize,
    ) -> Result<SealedEntry, EntryFault> {
        let mut sealing = match self {
            Self::WriteOnly(sealing) => sealing,
            Self::Kept(typed) => WriteOnly::of_kept(typed, binding, shown)?,
        };
        while usize::from(sealing.presses) < entry::PRESSES {
            sealing.seal(entry::NO_OPERATION)?;
        }
        let WriteOnly { encapsulated, layout, chain, boxes, .. } = sealing;
        let context = binding.context(shown).encode();
        let transcript = Envelope::transcript(&context, &encapsulated, &layout, &boxes);
        let close = chain.close_with(label::CLOSE, &transcript)?;
        let envelope = Envelope {
            suite: binding.suite,
            purpose: binding.purpose,
            kid: binding.seal_kid,
            client_nonce: binding.client_nonce,
            mode: shown.mode,
            surface: shown.report.bits(),
            encapsulated,
            layout,
            boxes,
            close,
        };
        Ok(SealedEntry::of(binding, envelope.encode(), length))
    }
}

impl WriteOnly {
    /// One box: number `i` of 64 under its own key, bound to its place.
    fn seal(&mut self, byte: u8) -> Result<(), EntryFault> {
        if usize::from(self.presses) >= entry::PRESSES {
            return Err(EntryFault::TooManyPresses);
        }
        self.presses += 1;
        self.boxes.extend_from_slice(&self.chain.step(&[self.presses], byte)?);
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn boxes(&self) -> &[u8] {
        &self.boxes
    }

    /// What the system does to the chain in a fork's child.
    #[cfg(test)]
    pub(super) fn lose(&mut self) {
        self.chain.wipe();
    }

    /// What stands at the end of an entry whose presses were never sealed one by one. Nothing of it is left.
    fn of_kept(typed: Typed, binding: &Binding, shown: Shown) -> Result<Self, EntryFault> {
        let (encapsulated, mut chain) = chain(binding, shown)?;
        if binding.kind != Kind::Pin {
            let presses = u8::try_from(entry::PRESSES).map_err(|_| EntryFault::System)?;
            let (layout, boxes) = typed.seal(&mut chain, label::LAYOUT, presses, entry::NO_OPERATION)?;
            return Ok(Self { encapsulated, layout, chain, boxes, presses });
        }
        let account = binding.account.as_ref().ok_or(EntryFault::NotAllowed)?;
        let key = chain.key_for(label::PIN_BLOCK)?;
        let block = pin::seal_block(typed, &key, binding.kind.number(), account.digits())?;
        let layout = chain.seal_with(label::LAYOUT, label::LAYOUT, block)?;
        let boxes = Vec::with_capacity(entry::PRESSES * entry::BOX_BYTES);
        Ok(Self { encapsulated, layout, chain, boxes, presses: 0 })
    }
}

fn chain(binding: &Binding, shown: Shown) -> Result<(Vec<u8>, SealChain), EntryFault> {
    let context = binding.context(shown).encode();
    Ok(SealChain::setup(trust::suite(binding.suite), &binding.seal_key, &context, label::CHAIN)?)
}
