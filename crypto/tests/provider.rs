//! A vendor's module in the place of the built-in suite. Alone in its process, since a provider is installed
//! once.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use msgpay_crypto::suite::{self, Guomi, International, Suite, SuiteId};
use msgpay_crypto::{
    Error, MacKey, OpenChain, OpeningKey, SealChain, SecretPage, SigningKey, password, room,
};
use std::sync::{
    LazyLock,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

/// Passes everything on, counts, and counts apart what handles a secret on another stack than the clean
/// room's.
struct Counting {
    inner: &'static dyn Suite,
    calls: AtomicUsize,
}

static OUTSIDE: AtomicUsize = AtomicUsize::new(0);
static STACK_BYTES: LazyLock<usize> = LazyLock::new(|| room::report().unwrap().stack_bytes);

/// Whether this runs on a mapping as large as the clean room's stack: a thread's own is far larger.
fn in_clean_room() -> bool {
    let local = 0_u8;
    let here = (&raw const local) as usize;
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
    let ranges = maps.lines().filter_map(|line| {
        let (start, end) = line.split(' ').next()?.split_once('-')?;
        Some(usize::from_str_radix(start, 16).ok()?..usize::from_str_radix(end, 16).ok()?)
    });
    ranges.into_iter().any(|range| range.contains(&here) && range.len() == *STACK_BYTES)
}

impl Counting {
    const fn over(inner: &'static dyn Suite) -> Self {
        Counting { inner, calls: AtomicUsize::new(0) }
    }

    fn calls(&self) -> usize {
        self.calls.load(Relaxed)
    }

    fn inner(&self) -> &'static dyn Suite {
        self.calls.fetch_add(1, Relaxed);
        self.inner
    }

    fn with_secrets(&self) -> &'static dyn Suite {
        if !in_clean_room() {
            OUTSIDE.fetch_add(1, Relaxed);
        }
        self.inner()
    }
}

impl Suite for Counting {
    fn id(&self) -> SuiteId {
        self.inner.id()
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

#[cfg(not(feature = "curve25519"))]
const INNER: [&dyn Suite; 2] = [&International, &Guomi];
#[cfg(feature = "curve25519")]
const INNER: [&dyn Suite; 3] = [&International, &Guomi, &suite::Curve25519];

static VENDORS: LazyLock<[Counting; INNER.len()]> = LazyLock::new(|| INNER.map(Counting::over));
static LATE: LazyLock<[Counting; INNER.len()]> = LazyLock::new(|| INNER.map(Counting::over));

#[test]
fn everything_goes_through_the_installed_provider_and_secrets_through_the_clean_room() {
    LazyLock::force(&STACK_BYTES);
    for (vendor, late) in VENDORS.iter().zip(LATE.iter()) {
        suite::install(vendor).unwrap();
        assert_eq!(suite::install(late), Err(Error::Misused), "once per process");
    }
    for (vendor, id) in VENDORS.iter().zip(SuiteId::ALL) {
        everything_goes_through(vendor, id);
    }
    assert!(LATE.iter().all(|late| late.calls() == 0));
    // The control: a call that goes round the types is counted.
    let mut out = [0; 32];
    SuiteId::Guomi.suite().expand(&[0; 32], b"key", &mut out).unwrap();
    assert_eq!(OUTSIDE.load(Relaxed), 1);
}

fn everything_goes_through(vendor: &Counting, id: SuiteId) {
    // Runs `work` and demands that the vendor's module was asked.
    macro_rules! asks {
        ($what:expr, $work:expr) => {{
            let before = vendor.calls();
            let result = $work;
            assert!(vendor.calls() > before, "{id:?}: {} went past the provider", $what);
            result
        }};
    }
    asks!("hash", id.suite().hash(b"m"));
    let signer = asks!("making a key", SigningKey::make(id).unwrap());
    let signature = asks!("signing", signer.sign(b"m").unwrap());
    asks!("verifying", id.suite().verify(&signer.public_key(), b"m", &signature).unwrap());

    let key = OpeningKey::make(id).unwrap();
    let (enc, mut seal) = asks!("set-up", SealChain::setup(id, &key.public_key(), b"i", b"l").unwrap());
    let head = SecretPage::copy_of(b"head").unwrap();
    let head = asks!("sealing", seal.seal_with(b"head", b"", head).unwrap());
    let one = asks!("a step", seal.step(&[1], 7).unwrap());
    let tag = asks!("closing", seal.close_with(b"close", b"").unwrap());

    let mut open = asks!("the other set-up", OpenChain::setup(&key, &enc, b"i", b"l").unwrap());
    asks!("opening", open.open_with(b"head", b"", &head).unwrap());
    let mut slots = SecretPage::with_capacity(1).unwrap();
    asks!("opening a step", open.step_open(&[1], &one, &mut slots).unwrap());
    asks!("checking the close", open.close_with(b"close", b"", &tag).unwrap());
    assert_eq!(slots.expose(<[u8]>::to_vec), Ok(vec![7]));

    let (_, mut broken) = SealChain::setup(id, &key.public_key(), b"i", b"l").unwrap();
    let text = SecretPage::copy_of(b"text").unwrap();
    assert_eq!(broken.seal_with(b"breaks", b"", text), Err(Error::RoomBroken));
    assert_eq!(broken.step(&[1], 7), Err(Error::Wiped), "no position is used twice");

    let pepper = MacKey::make(id).unwrap();
    asks!("a password record", password::make_record(&pepper, b"w", &slots).unwrap());
    assert_eq!(OUTSIDE.load(Relaxed), 0, "a secret was handled outside the clean room");
    assert!(slots.expose(|_| in_clean_room()).unwrap());
    SecretPage::make_with(1, |_| assert!(in_clean_room())).unwrap();
}
