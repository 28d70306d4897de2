//! Device keys: one per institution and activation, staged until the institution has answered.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use msgpay_wire::SuiteId;

use crate::{
    ActivationOutcome, ActivationStep, Config, Guard, Host, HostFault, Keystore, MsgPay, NoAnswer, Outcome,
    Step, Vault,
    testing::{MemoryVault, PASSWORD, SoftKeystore, World, type_in},
};

fn keys(world: &World) -> usize {
    world.keystore.keys.lock().unwrap().len()
}

fn activate(world: &World, institution: &str, code: &str) -> bool {
    let house = if institution == "WALLET_A" { &world.house } else { &world.rival };
    let mut activation = world.msgpay.activate(institution, code).unwrap();
    let ActivationStep::Send(request) = activation.step().unwrap() else { panic!("a request") };
    activation.answered(Ok(house.serve(&request))).unwrap();
    matches!(activation.step(), Ok(ActivationStep::Concluded(ActivationOutcome::Activated(_))))
}

fn pays(world: &World, order: &str) -> bool {
    let link = world.house.order(order, 100);
    matches!(world.advance(&mut world.typed(&link, PASSWORD)), Step::Concluded(Outcome::Paid(_)))
}

#[test]
fn an_activation_that_fails_leaves_the_earlier_key_in_use() {
    let world = World::ready();
    assert!(!activate(&world, "WALLET_A", "WRONG"));
    assert_eq!(keys(&world), 1, "the staged key is gone");
    assert!(pays(&world, "P1"));
    let mut broken_off = world.msgpay.activate("WALLET_A", "CODE-1").unwrap();
    assert!(matches!(broken_off.step(), Ok(ActivationStep::Send(_))));
    drop(broken_off);
    assert_eq!(keys(&world), 1);
    assert!(pays(&world, "P2"));
}

#[test]
fn a_second_institution_has_a_key_of_its_own() {
    let world = World::ready();
    assert!(activate(&world, "WALLET_B", "CODE-1"));
    assert_eq!(keys(&world), 2);
    assert!(pays(&world, "P1"));
}

/// A new code, as after another identity check: the institution takes another device.
fn activate_anew(world: &World) -> bool {
    world.house.state().device_key = None;
    activate(world, "WALLET_A", "CODE-1")
}

#[test]
fn a_replaced_key_goes_unless_an_open_request_still_needs_it() {
    let world = World::ready();
    assert!(activate_anew(&world));
    assert_eq!(keys(&world), 1, "nothing is open: the replaced key goes");
    let link = world.house.order("P1", 100);
    let mut payment = world.typed(&link, PASSWORD);
    let Ok(Step::Send(_)) = payment.step() else { panic!("a request") };
    payment.answered(Err(NoAnswer)).unwrap();
    assert!(activate_anew(&world));
    assert_eq!(keys(&world), 2, "the open request is asked about with the key that signed it");
    let mut asked = world.restarted().resolve("WALLET_A", "P1").unwrap();
    assert!(matches!(asked.step(), Ok(Step::Send(_))));
}

/// A vault that cannot tell its names: which requests are open cannot be known.
struct Nameless(Arc<MemoryVault>);

impl Vault for Nameless {
    fn put(&self, name: &str, record: &[u8]) -> Result<(), HostFault> {
        self.0.put(name, record)
    }

    fn record(&self, name: &str) -> Result<Option<Vec<u8>>, HostFault> {
        self.0.record(name)
    }

    fn remove(&self, name: &str) -> Result<(), HostFault> {
        self.0.remove(name)
    }

    fn names(&self) -> Result<Vec<String>, HostFault> {
        Err(HostFault::Vault)
    }
}

fn msgpay(world: &World, keystore: Arc<dyn Keystore>, vault: Arc<dyn Vault>) -> MsgPay {
    let host = Host { keystore, vault, clock: world.clock.clone() };
    MsgPay::open(Config::new(vec![world.house.pinned()]).unwrap(), host)
}

#[test]
fn an_activation_that_is_on_record_is_one_whatever_the_cleaning_does() {
    let world = World::ready();
    world.house.state().device_key = None;
    let msgpay = msgpay(&world, world.keystore.clone(), Arc::new(Nameless(world.vault.clone())));
    let mut activation = msgpay.activate("WALLET_A", "CODE-1").unwrap();
    let ActivationStep::Send(request) = activation.step().unwrap() else { panic!("a request") };
    activation.answered(Ok(world.house.serve(&request))).unwrap();
    let step = activation.step();
    assert!(matches!(step, Ok(ActivationStep::Concluded(ActivationOutcome::Activated(_)))), "{step:?}");
    drop(activation);
    assert_eq!(keys(&world), 2, "the old key may still be needed");
    assert!(pays(&world, "P1"), "with the new key");
}

/// A keystore in which whoever signs for a payment waits a moment for a key to be forgotten meanwhile.
struct Waiting {
    keys: Arc<SoftKeystore>,
    /// Whether somebody waits, and whether a key was forgotten.
    state: Mutex<(bool, bool)>,
    changed: Condvar,
}

impl Waiting {
    fn wait_for(&self, what: impl Fn(&(bool, bool)) -> bool) {
        let state = self.state.lock().unwrap();
        let limit = Duration::from_millis(300);
        drop(self.changed.wait_timeout_while(state, limit, |state| !what(state)).unwrap());
    }

    fn set(&self, change: impl Fn(&mut (bool, bool))) {
        change(&mut self.state.lock().unwrap());
        self.changed.notify_all();
    }
}

impl Keystore for Waiting {
    fn make_key(&self, name: &str, suite: SuiteId, guard: Guard) -> Result<[u8; 65], HostFault> {
        self.keys.make_key(name, suite, guard)
    }

    fn sign(&self, name: &str, message: &[u8]) -> Result<[u8; 64], HostFault> {
        let signature = self.keys.sign(name, message);
        if message.windows(24).any(|part| part == b"msgpay device request v1") {
            self.set(|state| state.0 = true);
            self.wait_for(|state| state.1);
        }
        signature
    }

    fn forget_key(&self, name: &str) -> Result<(), HostFault> {
        let gone = self.keys.forget_key(name);
        self.set(|state| state.1 = true);
        gone
    }
}

#[test]
fn no_activation_takes_the_key_from_under_a_payment() {
    let world = World::ready();
    let waiting =
        Arc::new(Waiting { keys: world.keystore.clone(), state: Mutex::default(), changed: Condvar::new() });
    let msgpay = msgpay(&world, waiting.clone(), world.vault.clone());
    let mut payment = msgpay.launch(&world.house.order("P1", 100)).unwrap();
    let Step::Review(review) = world.advance(&mut payment) else { panic!("a review") };
    payment.accept(&review).unwrap();
    let Ok(Step::EnterPassword(entry)) = payment.step() else { panic!("an entry") };
    payment.entered(type_in(entry, PASSWORD)).unwrap();
    world.house.state().device_key = None;
    let mut activation = msgpay.activate("WALLET_A", "CODE-1").unwrap();
    let ActivationStep::Send(request) = activation.step().unwrap() else { panic!("a request") };
    let answer = world.house.serve(&request);
    let given_out = std::thread::scope(|scope| {
        let paying = scope.spawn(|| matches!(payment.step(), Ok(Step::Send(_))));
        waiting.wait_for(|state| state.0);
        activation.answered(Ok(answer)).unwrap();
        paying.join().unwrap()
    });
    assert!(given_out, "the key was there when it signed");
    let mut asked = msgpay.resolve("WALLET_A", "P1").unwrap();
    assert!(matches!(asked.step(), Ok(Step::Send(_))), "and is there to ask what became of it");
}
