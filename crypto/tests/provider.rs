//! A vendor's module in the place of the built-in suite. Alone in its process, since a provider is installed once.

use msgpay_crypto::suite::{self, International, Suite, SuiteId};
use msgpay_crypto::{Error, MacKey, OpenChain, OpeningKey, SealChain, SecretPage, SigningKey, password};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Passes everything on and counts.
struct Counting(AtomicUsize);

impl Counting {
    fn inner(&self) -> International {
        self.0.fetch_add(1, Relaxed);
        International
    }
}

impl Suite for Counting {
    fn id(&self) -> SuiteId {
        SuiteId::International
    }
    fn hash(&self, message: &[u8]) -> [u8; 32] {
        self.inner().hash(message)
    }
    fn verify(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Error> {
        self.inner().verify(public_key, message, signature)
    }
    fn make_private(&self, scalar: &mut [u8; 32]) -> Result<(), Error> {
        self.inner().make_private(scalar)
    }
    fn public_of(&self, scalar: &[u8; 32]) -> Result<[u8; 65], Error> {
        self.inner().public_of(scalar)
    }
    fn sign(&self, scalar: &[u8; 32], message: &[u8], hedge: &[u8; 32]) -> Result<[u8; 64], Error> {
        self.inner().sign(scalar, message, hedge)
    }
    fn mac(&self, key: &[u8], parts: &[&[u8]], out: &mut [u8; 32]) -> Result<(), Error> {
        self.inner().mac(key, parts, out)
    }
    fn expand(&self, chain: &[u8; 32], label: &[u8], key: &mut [u8; 32]) -> Result<(), Error> {
        self.inner().expand(chain, label, key)
    }
    fn ratchet(
        &self,
        chain: &mut [u8; 32],
        label: &[u8],
        next: &[u8],
        key: &mut [u8; 32],
    ) -> Result<(), Error> {
        self.inner().ratchet(chain, label, next, key)
    }
    fn seal(&self, key: &[u8; 32], aad: &[u8], text: &mut [u8]) -> Result<[u8; 16], Error> {
        self.inner().seal(key, aad, text)
    }
    fn open(&self, key: &[u8; 32], aad: &[u8], text: &mut [u8], tag: &[u8; 16]) -> Result<(), Error> {
        self.inner().open(key, aad, text, tag)
    }
    fn encapsulate(
        &self,
        public: &[u8],
        info: &[u8],
        label: &[u8],
        chain: &mut [u8; 32],
    ) -> Result<Vec<u8>, Error> {
        self.inner().encapsulate(public, info, label, chain)
    }
    fn decapsulate(
        &self,
        scalar: &[u8; 32],
        enc: &[u8],
        info: &[u8],
        label: &[u8],
        chain: &mut [u8; 32],
    ) -> Result<(), Error> {
        self.inner().decapsulate(scalar, enc, info, label, chain)
    }
}

static VENDOR: Counting = Counting(AtomicUsize::new(0));
static LATE: Counting = Counting(AtomicUsize::new(0));

/// Runs `work` and demands that the vendor's module was asked.
fn asks<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let before = VENDOR.0.load(Relaxed);
    let result = work();
    assert!(VENDOR.0.load(Relaxed) > before, "{what} went past the provider");
    result
}

#[test]
fn everything_goes_through_the_installed_provider() {
    suite::install(&VENDOR).unwrap();
    assert_eq!(suite::install(&LATE), Err(Error::Misused), "once per process");

    let id = SuiteId::International;
    asks("hash", || id.suite().hash(b"m"));
    let signer = asks("making a key", || SigningKey::make(id).unwrap());
    let signature = asks("signing", || signer.sign(b"m").unwrap());
    asks("verifying", || id.suite().verify(&signer.public_key(), b"m", &signature).unwrap());

    let key = OpeningKey::make(id).unwrap();
    let (enc, mut seal) = asks("set-up", || SealChain::setup(id, &key.public_key(), b"i", b"l").unwrap());
    let head = SecretPage::copy_of(b"head").unwrap();
    let head = asks("sealing", || seal.seal_with(b"head", b"", head).unwrap());
    let one = asks("a step", || seal.step(&[1], 7).unwrap());
    let tag = asks("closing", || seal.close_with(b"close", b"").unwrap());

    let mut open = asks("the other set-up", || OpenChain::setup(&key, &enc, b"i", b"l").unwrap());
    asks("opening", || open.open_with(b"head", b"", &head).unwrap());
    let mut slots = SecretPage::with_capacity(1).unwrap();
    asks("opening a step", || open.step_open(&[1], &one, &mut slots).unwrap());
    asks("checking the close", || open.close_with(b"close", b"", &tag).unwrap());
    assert_eq!(slots.expose(<[u8]>::to_vec), Ok(vec![7]));

    let pepper = MacKey::make(id).unwrap();
    asks("a password record", || password::make_record(&pepper, b"w", &slots).unwrap());
    assert_eq!(LATE.0.load(Relaxed), 0);
}
