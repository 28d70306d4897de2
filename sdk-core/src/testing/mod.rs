//! A handset and a small institution for tests: real cryptography, no sockets, a clock that is moved by hand.

mod biometrics;
mod books;
mod certified;
mod desk;
mod house;
mod resolving;
mod statements;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

use msgpay_crypto::SigningKey;

pub(crate) use self::{
    desk::{open_envelope, refused},
    house::{House, PASSWORD},
};
use crate::{
    Action, Answer, Clock, Config, Entry, FaceSize, Guard, Host, HostFault, Institution, Key, Keypad,
    Keystore, MsgPay, NoAnswer, Payment, Picture, Request, SealedEntry, Step, SuiteId, SurfaceReport, Vault,
    face::{self, Jitter},
};

/// 2026-11-22, 12:00 UTC, in milliseconds.
pub(crate) const NOON_MS: i64 = 1_795_348_800_000;

/// Both clocks, moved together or apart.
pub(crate) struct ManualClock {
    unix_ms: AtomicI64,
    monotonic_ms: AtomicI64,
    slept_ms: AtomicI64,
}

impl ManualClock {
    pub(crate) fn at(unix_ms: i64) -> Arc<Self> {
        Arc::new(Self {
            unix_ms: AtomicI64::new(unix_ms),
            monotonic_ms: AtomicI64::new(5_000),
            slept_ms: AtomicI64::new(0),
        })
    }

    pub(crate) fn advance(&self, ms: i64) {
        self.unix_ms.fetch_add(ms, Ordering::SeqCst);
        self.monotonic_ms.fetch_add(ms, Ordering::SeqCst);
    }

    /// The phone sleeps: the monotonic clock stands.
    pub(crate) fn sleep(&self, ms: i64) {
        self.unix_ms.fetch_add(ms, Ordering::SeqCst);
        self.slept_ms.fetch_add(ms, Ordering::SeqCst);
    }

    /// The phone's wall clock is set; no time passes.
    pub(crate) fn set_wrong_by(&self, ms: i64) {
        self.unix_ms.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn unix_ms(&self) -> i64 {
        self.unix_ms.load(Ordering::SeqCst)
    }

    fn monotonic_ms(&self) -> u64 {
        u64::try_from(self.monotonic_ms.load(Ordering::SeqCst)).unwrap()
    }

    fn boot_ms(&self) -> u64 {
        self.monotonic_ms() + u64::try_from(self.slept_ms.load(Ordering::SeqCst)).unwrap()
    }
}

/// Records in memory; outlives the process that is "killed" in a test.
#[derive(Default)]
pub(crate) struct MemoryVault {
    records: Mutex<BTreeMap<String, Vec<u8>>>,
    pub(crate) broken: AtomicBool,
}

impl MemoryVault {
    fn sound(&self) -> Result<std::sync::MutexGuard<'_, BTreeMap<String, Vec<u8>>>, HostFault> {
        if self.broken.load(Ordering::SeqCst) {
            Err(HostFault::Vault)
        } else {
            Ok(self.records.lock().unwrap())
        }
    }

    pub(crate) fn all(&self) -> Vec<(String, Vec<u8>)> {
        self.records.lock().unwrap().clone().into_iter().collect()
    }
}

impl Vault for MemoryVault {
    fn put(&self, name: &str, record: &[u8]) -> Result<(), HostFault> {
        self.sound()?.insert(name.to_owned(), record.to_vec());
        Ok(())
    }

    fn record(&self, name: &str) -> Result<Option<Vec<u8>>, HostFault> {
        Ok(self.sound()?.get(name).cloned())
    }

    fn remove(&self, name: &str) -> Result<(), HostFault> {
        self.sound()?.remove(name);
        Ok(())
    }

    fn names(&self) -> Result<Vec<String>, HostFault> {
        Ok(self.sound()?.keys().cloned().collect())
    }
}

/// Keys in software.
#[derive(Default)]
pub(crate) struct SoftKeystore {
    pub(crate) keys: Mutex<BTreeMap<String, SigningKey>>,
    /// Those that only a finger releases.
    pub(crate) guarded: Mutex<BTreeMap<String, SigningKey>>,
    pub(crate) locked: AtomicBool,
}

impl SoftKeystore {
    /// What the phone's prompt gives once the finger is on it.
    pub(crate) fn touched(&self, name: &str, message: &[u8]) -> Option<[u8; 64]> {
        self.guarded.lock().unwrap().get(name).map(|key| key.sign(message).unwrap())
    }
}

impl Keystore for SoftKeystore {
    fn make_key(&self, name: &str, suite: SuiteId, guard: Guard) -> Result<[u8; 65], HostFault> {
        let key = SigningKey::make(crate::trust::suite(suite)).unwrap();
        let public = key.public_key();
        let keys = if guard == Guard::Biometric { &self.guarded } else { &self.keys };
        keys.lock().unwrap().insert(name.to_owned(), key);
        Ok(public)
    }

    fn sign(&self, name: &str, message: &[u8]) -> Result<[u8; 64], HostFault> {
        assert!(
            !self.guarded.lock().unwrap().contains_key(name),
            "the core never signs by the biometric key"
        );
        if self.locked.load(Ordering::SeqCst) {
            return Err(HostFault::Keystore);
        }
        let keys = self.keys.lock().unwrap();
        keys.get(name).ok_or(HostFault::Keystore)?.sign(message).map_err(|_| HostFault::Keystore)
    }

    fn forget_key(&self, name: &str) -> Result<(), HostFault> {
        self.keys.lock().unwrap().remove(name);
        self.guarded.lock().unwrap().remove(name);
        Ok(())
    }
}

/// One phone, and the institutions that its application trusts.
pub(crate) struct World {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) vault: Arc<MemoryVault>,
    pub(crate) keystore: Arc<SoftKeystore>,
    pub(crate) house: House,
    /// The same institution's keys of the other suite, their root pinned too.
    pub(crate) twin: House,
    pub(crate) rival: House,
    pub(crate) msgpay: MsgPay,
}

impl World {
    /// A phone that knows nothing yet.
    pub(crate) fn new() -> Self {
        Self::with(SuiteId::International, |_| {})
    }

    /// In one suite, the institution's entry in the configuration changed by `change`.
    pub(crate) fn with(suite: SuiteId, change: impl Fn(&mut Institution)) -> Self {
        let clock = ManualClock::at(NOON_MS);
        let (vault, keystore) = (Arc::<MemoryVault>::default(), Arc::<SoftKeystore>::default());
        let make = |suite, id| House::make_in(suite, id, clock.clone());
        let (house, rival) = (make(suite, "WALLET_A"), make(suite, "WALLET_B"));
        let twin = make(other(suite), "WALLET_A");
        let mut pinned = house.pinned();
        pinned.roots.extend(twin.pinned().roots);
        change(&mut pinned);
        let config = Config::new(vec![pinned, rival.pinned()]).unwrap();
        let host = Host { keystore: keystore.clone(), vault: vault.clone(), clock: clock.clone() };
        Self { msgpay: MsgPay::open(config, host), clock, vault, keystore, house, twin, rival }
    }

    /// Activated, with its password set.
    pub(crate) fn ready() -> Self {
        Self::ready_with(SuiteId::International, |_| {})
    }

    /// The same in one suite.
    pub(crate) fn ready_with(suite: SuiteId, change: impl Fn(&mut Institution)) -> Self {
        let world = Self::with(suite, change);
        let mut activation = world.msgpay.activate("WALLET_A", "CODE-1").unwrap();
        let crate::ActivationStep::Send(request) = activation.step().unwrap() else { panic!("a request") };
        activation.answered(Ok(world.house.serve(&request))).unwrap();
        world.house.state().password = Some(PASSWORD.to_vec());
        world
    }

    /// The application after its process died: same vault, same keystore, same institutions.
    pub(crate) fn restarted(&self) -> MsgPay {
        let config = Config::new(vec![self.house.pinned(), self.rival.pinned()]).unwrap();
        let host =
            Host { keystore: self.keystore.clone(), vault: self.vault.clone(), clock: self.clock.clone() };
        MsgPay::open(config, host)
    }

    /// Steps until a person is needed, every request answered by the house.
    pub(crate) fn advance(&self, payment: &mut Payment) -> Step {
        self.advance_with(payment, |request| Ok(self.house.serve(request)))
    }

    pub(crate) fn advance_with(
        &self,
        payment: &mut Payment,
        mut answer: impl FnMut(&Request) -> Result<Answer, NoAnswer>,
    ) -> Step {
        loop {
            match payment.step().unwrap() {
                Step::Send(request) => payment.answered(answer(&request)).unwrap(),
                step => return step,
            }
        }
    }

    /// From the link to the sealed password; the next step is the request that can pay.
    pub(crate) fn typed(&self, link: &str, password: &[u8]) -> Payment {
        let mut payment = self.msgpay.launch(link).unwrap();
        let Step::Review(review) = self.advance(&mut payment) else { panic!("a review") };
        payment.accept(&review).unwrap();
        let Step::EnterPassword(entry) = payment.step().unwrap() else { panic!("an entry") };
        payment.entered(type_in(entry, password)).unwrap();
        payment
    }
}

/// The other suite.
pub(crate) fn other(suite: SuiteId) -> SuiteId {
    SuiteId::ALL.into_iter().find(|other| *other != suite).unwrap()
}

/// A host that keeps all duties.
pub(crate) const GOOD_SURFACE: SurfaceReport = SurfaceReport {
    capture_blocked: true,
    obscured_touches_filtered: true,
    no_text_field: true,
    nothing_kept: true,
    audio_private: true,
};

/// A person: looks at the pictures, presses, confirms.
pub(crate) fn type_in(entry: Entry, password: &[u8]) -> SealedEntry {
    let (mut keypad, keys) = entry.open(GOOD_SURFACE, FaceSize::square(32)).unwrap();
    press_all(&mut keypad, &keys, password);
    keypad.confirm().unwrap()
}

pub(crate) fn press_all(keypad: &mut Keypad, keys: &[Key], digits: &[u8]) {
    let seen = seen(keys);
    for digit in digits {
        keypad.press(seen[digit]).unwrap();
    }
}

/// The slot under which each digit is seen.
pub(crate) fn seen(keys: &[Key]) -> BTreeMap<u8, u8> {
    let slot = |key: &Key| match key.action {
        Action::Slot(slot) => Some((read(&key.face), slot)),
        _ => None,
    };
    keys.iter().filter_map(slot).collect()
}

/// Reads a face as an eye does: which numeral, or X, laid a little to this side or that, covers it best.
pub(crate) fn read(face: &Picture) -> u8 {
    let mut best = (u32::MAX, 0);
    for (digit, shape) in shapes(face.width()).iter() {
        if let Some(difference) = difference(shape.alpha(), face.alpha(), best.0) {
            best = (difference, *digit);
        }
    }
    best.1
}

/// Sum of squares, given up when it reaches `most`.
fn difference(one: &[u8], other: &[u8], most: u32) -> Option<u32> {
    let mut sum = 0_u32;
    for (a, b) in one.iter().zip(other) {
        if a != b {
            sum += u32::from(a.abs_diff(*b)).pow(2);
            if sum >= most {
                return None;
            }
        }
    }
    Some(sum)
}

/// Numerals and X with their pictures.
type Shapes = Arc<Vec<(u8, Picture)>>;

/// Each at nine places.
fn shapes(side: u16) -> Shapes {
    static DRAWN: Mutex<BTreeMap<u16, Shapes>> = Mutex::new(BTreeMap::new());
    let mut drawn = DRAWN.lock().unwrap();
    let drawn = drawn.entry(side).or_insert_with(|| {
        let steps = [20, 128, 235];
        let places = steps.iter().flat_map(|x| steps.iter().map(move |y| [*x, *y, 128, 128, 128, 128, 128]));
        let jitters: Vec<_> = places.map(Jitter::from_random).collect();
        let each = b"0123456789X".iter().flat_map(|ch| jitters.iter().map(move |jitter| (*ch, *jitter)));
        let size = FaceSize::square(side);
        Arc::new(each.map(|(ch, jitter)| (ch, face::character(ch, size, jitter).unwrap())).collect())
    });
    drawn.clone()
}
