//! The sealing end: it can go forward only.

use super::{BOX_BYTES, Given, KEY, NEXT};
use crate::{Error, SecretPage, Suite, SuiteId, room, suite::TAG_BYTES};
use zeroize::Zeroizing;

/// The sealing end of a chain. Dropping it wipes the chain key, and so does a failure: a position that may have been
/// used is never used again.
pub struct SealChain {
    suite: &'static dyn Suite,
    chain: SecretPage,
    given: Given,
}

impl SealChain {
    /// Starts a chain to `public_key` (SEC1 uncompressed), bound to `info`; gives the encapsulation for the
    /// opener. Of the whole set-up only the chain key survives, in its page.
    ///
    /// # Errors
    /// [`Error::BadKey`], [`Error::NoRandomness`], [`Error::NoSecretMemory`], [`Error::Misused`] for an
    /// `info` or label above 60,000 bytes.
    pub fn setup(
        suite: SuiteId,
        public_key: &[u8],
        info: &[u8],
        export_label: &[u8],
    ) -> Result<(Vec<u8>, Self), Error> {
        let suite = suite.suite();
        let mut encapsulation = Vec::new();
        let chain = SecretPage::try_make_with(32, |bytes| {
            let chain = bytes.try_into().map_err(|_| Error::NoSecretMemory)?;
            encapsulation = suite.encapsulate(public_key, info, export_label, chain)?;
            Ok(32)
        })?;
        Ok((encapsulation, SealChain { suite, chain, given: Given::default() }))
    }

    /// Seals `plaintext` under this position's `label` and moves on: ciphertext, then 16 bytes of tag. The
    /// plaintext is consumed: it is sealed within its page, which is wiped.
    ///
    /// # Errors
    /// [`Error::Misused`] for the chain's own labels and one that [`key_for`](Self::key_for) was given here,
    /// [`Error::Wiped`], [`Error::NoSecretMemory`].
    pub fn seal_with(
        &mut self,
        label: &[u8],
        aad: &[u8],
        mut plaintext: SecretPage,
    ) -> Result<Vec<u8>, Error> {
        self.given.fresh(label)?;
        let mut sealed = vec![0; plaintext.len() + TAG_BYTES];
        let done = room::run(|| {
            let text = plaintext.bytes_mut()?;
            let mut key = Zeroizing::new([0; 32]);
            self.suite.ratchet(self.chain.array_mut()?, label, NEXT, &mut key)?;
            let made = self.suite.seal(&key, aad, text)?;
            let (body, tag) = sealed.split_at_mut(text.len());
            body.copy_from_slice(text);
            tag.copy_from_slice(&made);
            Ok(())
        });
        self.or_wipe(done.and_then(|inner| inner))?;
        self.given.moved();
        Ok(sealed)
    }

    /// Seals one byte and moves on: 1 byte of ciphertext, 16 of tag. Key and old chain key are gone when it
    /// returns, and so is `byte` from the frames below the caller's; whoever passed it on burns its own
    /// ([`room::burn`], called one frame further out: on 32-bit ARM an argument may lie in its caller's frame).
    ///
    /// # Errors
    /// [`Error::Wiped`] after a fork or [`wipe`](Self::wipe), [`Error::NoSecretMemory`].
    #[inline(never)]
    pub fn step(&mut self, aad: &[u8], byte: u8) -> Result<[u8; BOX_BYTES], Error> {
        let sealed = self.step_unburned(byte, aad);
        room::burn();
        sealed
    }

    /// The step with what its byte leaves on the caller's stack. The byte comes first, so that on 32-bit ARM too it is
    /// handed over in a register and not in the frame of [`step`](Self::step), which stays.
    #[inline(never)]
    pub(super) fn step_unburned(&mut self, byte: u8, aad: &[u8]) -> Result<[u8; BOX_BYTES], Error> {
        self.given.moved();
        let sealed = room::run(|| self.step_inside(aad, byte));
        self.or_wipe(sealed.and_then(|inner| inner))
    }

    /// The step itself, on whatever stack it is called.
    #[inline(never)]
    pub(super) fn step_inside(&mut self, aad: &[u8], byte: u8) -> Result<[u8; BOX_BYTES], Error> {
        let mut key = Zeroizing::new([0; 32]);
        self.suite.ratchet(self.chain.array_mut()?, KEY, NEXT, &mut key)?;
        let mut sealed = [0; BOX_BYTES];
        let mut text = Zeroizing::new([byte]);
        let tag = self.suite.seal(&key, aad, &mut *text)?;
        sealed[0] = text[0];
        sealed[1..].copy_from_slice(&tag);
        Ok(sealed)
    }

    /// A key of 32 bytes for something beside the boxes, bound to this position: Expand(C, `label`). The chain does
    /// not move, and no box of this position can have the same label.
    ///
    /// # Errors
    /// [`Error::Misused`] for the chain's own labels and one that was given here before, [`Error::Wiped`],
    /// [`Error::NoSecretMemory`].
    pub fn key_for(&mut self, label: &[u8]) -> Result<SecretPage, Error> {
        self.given.key_for(self.suite, &self.chain, label)
    }

    /// Closes the chain: a tag under `label` over `aad`, with no text; the chain key is wiped with `self`.
    ///
    /// # Errors
    /// As [`seal_with`](Self::seal_with).
    pub fn close_with(self, label: &[u8], aad: &[u8]) -> Result<[u8; 16], Error> {
        self.given.fresh(label)?;
        room::run(|| {
            let mut key = Zeroizing::new([0; 32]);
            self.suite.expand(self.chain.array()?, label, &mut key)?;
            self.suite.seal(&key, aad, &mut [])
        })?
    }

    fn or_wipe<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        if result.is_err() {
            self.wipe();
        }
        result
    }

    /// Wipes the chain key now; every later call answers [`Error::Wiped`].
    pub fn wipe(&mut self) {
        self.chain.wipe();
    }

    /// The suite it works with.
    pub fn suite(&self) -> SuiteId {
        self.suite.id()
    }

    #[cfg(test)]
    pub(super) fn page(&self) -> &SecretPage {
        &self.chain
    }
}
