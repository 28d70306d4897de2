//! A vendor's module in the place of the built-in suite. Alone in its process, since a provider is installed
//! once.

use msgpay_crypto::suite::{self, International, Suite, SuiteId};
use msgpay_crypto::{Error, MacKey, OpenChain, OpeningKey, SealChain, SecretPage, SigningKey, password};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Passes everything on, counts, and counts apart what handles a secret on another stack than the clean
/// room's.
struct Counting(AtomicUsize);

static OUTSIDE: AtomicUsize = AtomicUsize::new(0);

/// Whether this runs on a mapping as large as the clean room's stack: a thread's own is far larger.
fn in_clean_room() -> bool {
    let local = 0_u8;
    let here = (&raw const local) as usize;
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
    let ranges = maps.lines().filter_map(|line| {
        let (start, end) = line.split(' ').next()?.split_once('-')?;
        Some(usize::from_str_radix(start, 16).ok()?..usize::from_str_radix(end, 16).ok()?)
    });
    ranges.into_iter().any(|range| range.contains(&here) && range.len() == 64 * 1024)
}

impl Counting {
    fn inner(&self) -> International {
        self.0.fetch_add(1, Relaxed);
        International
    }

    fn with_secrets(&self) -> International {
        if !in_clean_room() {
            OUTSIDE.fetch_add(1, Relaxed);
        }
        self.inner()
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
        self.with_secrets().make_private(scalar)
    }
    fn public_of(&self, scalar: &[u8; 32]) -> Result<[u8; 65], Error> {
        self.with_secrets().public_of(scalar)
    }
    fn sign(&self, scalar: &[u8; 32], message: &[u8], hedge: &[u8; 32]) -> Result<[u8; 64], Error> {
        self.with_secrets().sign(scalar, message, hedge)
    }
    fn mac(&self, key: &[u8], parts: &[&[u8]], out: &mut [u8; 32]) -> Result<(), Error> {
        self.with_secrets().mac(key, parts, out)
    }
    fn expand(&self, chain: &[u8; 32], label: &[u8], key: &mut [u8; 32]) -> Result<(), Error> {
        self.with_secrets().expand(chain, label, key)
    }
    fn ratchet(
        &self,
        chain: &mut [u8; 32],
        label: &[u8],
        next: &[u8],
        key: &mut [u8; 32],
    ) -> Result<(), Error> {
        assert_ne!(label, b"breaks", "a module that fails before the chain has moved on");
        self.with_secrets().ratchet(chain, label, next, key)
    }
    fn seal(&self, key: &[u8; 32], aad: &[u8], text: &mut [u8]) -> Result<[u8; 16], Error> {
        self.with_secrets().seal(key, aad, text)
    }
    fn open(&self, key: &[u8; 32], aad: &[u8], text: &mut [u8], tag: &[u8; 16]) -> Result<(), Error> {
        self.with_secrets().open(key, aad, text, tag)
    }
    fn encapsulate(
        &self,
        public: &[u8],
        info: &[u8],
        label: &[u8],
        chain: &mut [u8; 32],
    ) -> Result<Vec<u8>, Error> {
        self.with_secrets().encapsulate(public, info, label, chain)
    }
    fn decapsulate(
        &self,
        scalar: &[u8; 32],
        enc: &[u8],
        info: &[u8],
        label: &[u8],
        chain: &mut [u8; 32],
    ) -> Result<(), Error> {
        self.with_secrets().decapsulate(scalar, enc, info, label, chain)
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
fn everything_goes_through_the_installed_provider_and_secrets_through_the_clean_room() {
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

    let (_, mut broken) = SealChain::setup(id, &key.public_key(), b"i", b"l").unwrap();
    let text = SecretPage::copy_of(b"text").unwrap();
    assert_eq!(broken.seal_with(b"breaks", b"", text), Err(Error::RoomBroken));
    assert_eq!(broken.step(&[1], 7), Err(Error::Wiped), "no position is used twice");

    let pepper = MacKey::make(id).unwrap();
    asks("a password record", || password::make_record(&pepper, b"w", &slots).unwrap());
    assert_eq!(LATE.0.load(Relaxed), 0);

    assert_eq!(OUTSIDE.load(Relaxed), 0, "a secret was handled outside the clean room");
    assert!(slots.expose(|_| in_clean_room()).unwrap());
    SecretPage::make_with(1, |_| assert!(in_clean_room())).unwrap();
    // The control: a call that goes round the types is counted.
    let mut out = [0; 32];
    id.suite().expand(&[0; 32], b"key", &mut out).unwrap();
    assert_eq!(OUTSIDE.load(Relaxed), 1);
}
