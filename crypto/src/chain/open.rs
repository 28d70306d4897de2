//! The opening end: it walks the same positions with the private key's holder.

use super::{BOX_BYTES, Given, KEY, NEXT};
use crate::{Error, OpeningKey, SecretPage, Suite, room};
use zeroize::Zeroizing;

/// The opening end of a chain. What it opens goes into pages only. A refusal wipes the chain: there is no
/// trying on.
pub struct OpenChain {
    suite: &'static dyn Suite,
    chain: SecretPage,
    given: Given,
}

impl OpenChain {
    /// Starts from the sealer's encapsulation; `info` and `export_label` come from the opener's own record,
    /// never from the message.
    ///
    /// # Errors
    /// [`Error::NotOpened`] for an encapsulation that is no point of the curve. Wrong `info` or key shows at
    /// the first opening.
    pub fn setup(
        key: &OpeningKey,
        encapsulation: &[u8],
        info: &[u8],
        export_label: &[u8],
    ) -> Result<Self, Error> {
        let chain = SecretPage::try_make_with(32, |bytes| {
            let chain = bytes.try_into().map_err(|_| Error::NoSecretMemory)?;
            key.decapsulate(encapsulation, info, export_label, chain)?;
            Ok(32)
        })?;
        Ok(OpenChain { suite: key.suite().suite(), chain, given: Given::default() })
    }

    /// Opens what [`SealChain::seal_with`](crate::SealChain::seal_with) sealed at this position, into a page.
    ///
    /// # Errors
    /// [`Error::NotOpened`], [`Error::Misused`] for the chain's own labels and one that
    /// [`key_for`](Self::key_for) was given here, [`Error::Wiped`].
    pub fn open_with(&mut self, label: &[u8], aad: &[u8], sealed: &[u8]) -> Result<SecretPage, Error> {
        self.given.fresh(label)?;
        let parts = sealed.split_last_chunk::<16>().ok_or(Error::NotOpened);
        let opened = parts.and_then(|(body, tag)| {
            SecretPage::try_make_with(body.len(), |text| {
                let mut key = Zeroizing::new([0; 32]);
                self.suite.ratchet(self.chain.array_mut()?, label, NEXT, &mut key)?;
                text.copy_from_slice(body);
                self.suite.open(&key, aad, text, tag)?;
                Ok(body.len())
            })
        });
        self.given.moved();
        self.or_wipe(opened)
    }

    /// The key that [`SealChain::key_for`](crate::SealChain::key_for) gives at this position.
    ///
    /// # Errors
    /// As there.
    pub fn key_for(&mut self, label: &[u8]) -> Result<SecretPage, Error> {
        self.given.key_for(self.suite, &self.chain, label)
    }

    /// Opens one sealed byte and appends it to `into`.
    ///
    /// # Errors
    /// [`Error::NotOpened`], [`Error::PageFull`], [`Error::Wiped`].
    pub fn step_open(
        &mut self,
        aad: &[u8],
        sealed: &[u8; BOX_BYTES],
        into: &mut SecretPage,
    ) -> Result<(), Error> {
        self.given.moved();
        let [byte, tag @ ..] = sealed;
        let opened = room::run(|| {
            let mut key = Zeroizing::new([0; 32]);
            self.suite.ratchet(self.chain.array_mut()?, KEY, NEXT, &mut key)?;
            let mut text = Zeroizing::new([*byte]);
            self.suite.open(&key, aad, &mut *text, tag)?;
            into.push(text[0])
        });
        self.or_wipe(opened.and_then(|inner| inner))
    }

    /// Checks the closing tag; the chain key is wiped with `self`. Nothing opened before counts until this
    /// holds.
    ///
    /// # Errors
    /// [`Error::NotOpened`], [`Error::Misused`], [`Error::Wiped`].
    pub fn close_with(self, label: &[u8], aad: &[u8], tag: &[u8; 16]) -> Result<(), Error> {
        self.given.fresh(label)?;
        room::run(|| {
            let mut key = Zeroizing::new([0; 32]);
            self.suite.expand(self.chain.array()?, label, &mut key)?;
            self.suite.open(&key, aad, &mut [], tag)
        })?
    }

    fn or_wipe<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        if result.is_err() {
            self.chain.wipe();
        }
        result
    }
}
