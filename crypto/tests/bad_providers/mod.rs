//! Providers with one fault each, over a good one.

use msgpay_crypto::{Error, Suite, SuiteId};

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Fault {
    /// Answers to the number of another suite.
    Number(SuiteId),
    ConstantHash,
    IgnoresLaterParts,
    IgnoresLabel,
    ForgetsToMoveOn,
    IgnoresAad,
    TakesAnyTag,
    ShowsRefusedText,
    SealsInTheClear,
    TakesAnySignature,
    TakesAnyPublicKey,
    ReducesScalars,
    FixedHedge,
    FixedPrivateKey,
    IgnoresInfo,
    IgnoresExportLabel,
    FixedEncapsulation,
    TakesTrailingBytes,
    ChainOnRefusal,
}

impl Fault {
    /// Each with the promise that it breaks first of all.
    pub(crate) const ALL: [(Self, &'static str); 18] = [
        (Fault::ConstantHash, "hash"),
        (Fault::IgnoresLaterParts, "mac"),
        (Fault::IgnoresLabel, "expand"),
        (Fault::ForgetsToMoveOn, "ratchet"),
        (Fault::IgnoresAad, "open refuses"),
        (Fault::TakesAnyTag, "open refuses"),
        (Fault::ShowsRefusedText, "open refuses"),
        (Fault::SealsInTheClear, "seal"),
        (Fault::TakesAnySignature, "verify refuses"),
        (Fault::TakesAnyPublicKey, "encapsulate refuses"),
        (Fault::ReducesScalars, "private keys"),
        (Fault::FixedHedge, "sign is hedged"),
        (Fault::FixedPrivateKey, "private keys"),
        (Fault::IgnoresInfo, "encapsulate is bound"),
        (Fault::IgnoresExportLabel, "encapsulate is bound"),
        (Fault::FixedEncapsulation, "encapsulate is fresh"),
        (Fault::TakesTrailingBytes, "decapsulate refuses"),
        (Fault::ChainOnRefusal, "decapsulate refuses"),
    ];
}

pub(crate) struct Bad {
    pub(crate) inner: &'static dyn Suite,
    pub(crate) fault: Option<Fault>,
}

/// What a fixed private key looks like; in range in every suite.
const FIXED: [u8; 32] = [0x17; 32];

impl Bad {
    fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    fn scalar(&self, scalar: &[u8; 32]) -> [u8; 32] {
        if self.has(Fault::ReducesScalars) && self.inner.public_of(scalar).is_err() { FIXED } else { *scalar }
    }
}

impl Suite for Bad {
    fn id(&self) -> SuiteId {
        if let Some(Fault::Number(id)) = self.fault { id } else { self.inner.id() }
    }

    fn hash(&self, message: &[u8]) -> [u8; 32] {
        if self.has(Fault::ConstantHash) { [0; 32] } else { self.inner.hash(message) }
    }

    fn verify(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Error> {
        if self.has(Fault::TakesAnySignature) {
            return Ok(());
        }
        self.inner.verify(public_key, message, signature)
    }

    fn make_private(&self, scalar: &mut [u8; 32]) -> Result<(), Error> {
        if self.has(Fault::FixedPrivateKey) {
            *scalar = FIXED;
            return Ok(());
        }
        self.inner.make_private(scalar)
    }

    fn public_of(&self, scalar: &[u8; 32]) -> Result<[u8; 65], Error> {
        self.inner.public_of(&self.scalar(scalar))
    }

    fn sign(&self, scalar: &[u8; 32], message: &[u8], hedge: &[u8; 32]) -> Result<[u8; 64], Error> {
        let hedge = if self.has(Fault::FixedHedge) { &[0; 32] } else { hedge };
        self.inner.sign(&self.scalar(scalar), message, hedge)
    }

    fn mac(&self, key: &[u8], parts: &[&[u8]], out: &mut [u8; 32]) -> Result<(), Error> {
        let taken = if self.has(Fault::IgnoresLaterParts) { 1 } else { parts.len() };
        self.inner.mac(key, &parts[..taken.min(parts.len())], out)
    }

    fn expand(&self, chain: &[u8; 32], label: &[u8], key: &mut [u8; 32]) -> Result<(), Error> {
        let label = if self.has(Fault::IgnoresLabel) { b"" } else { label };
        self.inner.expand(chain, label, key)
    }

    fn ratchet(
        &self,
        chain: &mut [u8; 32],
        label: &[u8],
        next: &[u8],
        key: &mut [u8; 32],
    ) -> Result<(), Error> {
        if self.has(Fault::ForgetsToMoveOn) {
            return self.inner.expand(chain, label, key);
        }
        self.inner.ratchet(chain, label, next, key)
    }

    fn seal(&self, key: &[u8; 32], aad: &[u8], text: &mut [u8]) -> Result<[u8; 16], Error> {
        let aad = if self.has(Fault::IgnoresAad) { b"" } else { aad };
        let plain = text.to_vec();
        let tag = self.inner.seal(key, aad, text)?;
        if self.has(Fault::SealsInTheClear) {
            text.copy_from_slice(&plain);
        }
        Ok(tag)
    }

    fn open(&self, key: &[u8; 32], aad: &[u8], text: &mut [u8], tag: &[u8; 16]) -> Result<(), Error> {
        let aad = if self.has(Fault::IgnoresAad) { b"" } else { aad };
        let sealed = text.to_vec();
        let opened = self.inner.open(key, aad, text, tag);
        if opened.is_err() && self.has(Fault::ShowsRefusedText) {
            // In counter mode, sealing again opens.
            text.copy_from_slice(&sealed);
            self.inner.seal(key, aad, text)?;
        }
        if self.has(Fault::TakesAnyTag) { Ok(()) } else { opened }
    }

    fn encapsulate(
        &self,
        public_key: &[u8],
        info: &[u8],
        label: &[u8],
        chain: &mut [u8; 32],
    ) -> Result<Vec<u8>, Error> {
        let (info, label) = self.bound(info, label);
        let fixed = self.inner.public_of(&FIXED)?;
        if self.has(Fault::TakesAnyPublicKey) && public_key.first() != Some(&4) {
            return self.inner.encapsulate(&fixed, info, label, chain);
        }
        if self.has(Fault::FixedEncapsulation) {
            return self.once(public_key, info, label, chain);
        }
        self.inner.encapsulate(public_key, info, label, chain)
    }

    fn decapsulate(
        &self,
        scalar: &[u8; 32],
        encapsulation: &[u8],
        info: &[u8],
        label: &[u8],
        chain: &mut [u8; 32],
    ) -> Result<(), Error> {
        let (info, label) = self.bound(info, label);
        let opened = self.inner.decapsulate(&self.scalar(scalar), encapsulation, info, label, chain);
        if opened.is_err() && self.has(Fault::ChainOnRefusal) {
            *chain = FIXED;
        }
        match encapsulation.split_last() {
            Some((_, shorter)) if opened.is_err() && self.has(Fault::TakesTrailingBytes) => {
                self.inner.decapsulate(scalar, shorter, info, label, chain)
            }
            _ => opened,
        }
    }
}

impl Bad {
    fn bound<'a>(&self, info: &'a [u8], label: &'a [u8]) -> (&'a [u8], &'a [u8]) {
        match self.fault {
            Some(Fault::IgnoresInfo) => (b"", label),
            Some(Fault::IgnoresExportLabel) => (info, b""),
            _ => (info, label),
        }
    }

    /// The same encapsulation for the same key, each time: a generator that stands still.
    fn once(&self, key: &[u8], info: &[u8], label: &[u8], chain: &mut [u8; 32]) -> Result<Vec<u8>, Error> {
        use std::sync::Mutex;
        type Made = (Vec<u8>, Vec<u8>, [u8; 32]);
        static MADE: Mutex<Vec<Made>> = Mutex::new(Vec::new());
        let mut made = MADE.lock().map_err(|_| Error::RoomBroken)?;
        let asked = [key, &[0], info, &[0], label].concat();
        if let Some((_, enc, kept)) = made.iter().find(|(of, _, _)| *of == asked) {
            *chain = *kept;
            return Ok(enc.clone());
        }
        let enc = self.inner.encapsulate(key, info, label, chain)?;
        made.push((asked, enc.clone(), *chain));
        Ok(enc)
    }
}
