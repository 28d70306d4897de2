//! What any policy has withdrawn stays withdrawn: for a payment's keys, for its receipt, and when launches cross.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use msgpay_wire::{SuiteId, policy::Policy, trust::Purpose};

use super::not_paid;
use crate::{
    Answer, Config, Host, HostFault, MsgPay, Payment, Step, Todo, Vault, Why,
    records::{Believed, PolicySeen},
    testing::{MemoryVault, PASSWORD, World},
};

const INTL: SuiteId = SuiteId::International;

/// The house's policy with another serial, which names `kid_min` for one purpose and nothing else.
fn policy(world: &World, serial: u64, purpose: Purpose, kid_min: u64) -> Policy {
    let kids_min = vec![(INTL, purpose, kid_min)];
    Policy { serial, kids_min, ..world.house.state().policy.clone().unwrap() }
}

/// A handset that has seen `purpose`'s keys below `kid_min` withdrawn; the house's next policy says nothing of it.
fn after_withdrawal(purpose: Purpose, kid_min: u64) -> World {
    let world = World::ready();
    let withdrawing = policy(&world, 4, purpose, kid_min);
    let believed = PolicySeen::goes_on(&*world.vault, &withdrawing, &[]);
    assert!(matches!(believed, Ok(Believed::Now(_))));
    let silent = Policy { kids_min: Vec::new(), ..policy(&world, 5, purpose, 0) };
    world.house.state().policy = Some(silent);
    world
}

#[test]
fn no_later_policy_brings_a_key_of_a_payment_back() {
    // The house's keys: seal 11, summary 12, receipt 13, launch 14, policy 15.
    let own = [(Purpose::Seal, 11), (Purpose::Summary, 12), (Purpose::Launch, 14), (Purpose::Policy, 15)];
    for (purpose, kid) in own {
        let launch = |kid_min| {
            let world = after_withdrawal(purpose, kid_min);
            world.advance(&mut world.msgpay.launch(&world.house.order("P1", 100)).unwrap())
        };
        assert!(matches!(launch(kid), Step::Review(_)), "{purpose:?}: the lowest that is still good");
        let withdrawn = not_paid(&launch(kid + 1));
        assert_eq!(withdrawn, (Todo::AskInstitution, Why::AnswerNotGenuine), "{purpose:?}");
    }
}

#[test]
fn no_later_policy_brings_a_receipt_key_back() {
    let paid = |kid_min| {
        let world = after_withdrawal(Purpose::Receipt, kid_min);
        let link = world.house.order("P1", 100);
        matches!(world.advance(&mut world.typed(&link, PASSWORD)), Step::Concluded(crate::Outcome::Paid(_)))
    };
    assert!(paid(13) && !paid(14));
}

/// A launch under the house's present policy, and the answer to it.
fn launched(world: &World, msgpay: &MsgPay, order: &str) -> (Payment, Answer) {
    let mut payment = msgpay.launch(&world.house.order(order, 100)).unwrap();
    let Ok(Step::Send(request)) = payment.step() else { panic!("a request") };
    let answer = world.house.serve(&request);
    (payment, answer)
}

#[test]
fn a_launch_whose_answer_comes_after_a_newer_one_is_tried_again() {
    let world = World::ready();
    let (mut first, first_answer) = launched(&world, &world.msgpay, "P1");
    world.house.state().policy.as_mut().unwrap().serial += 1;
    let (mut second, second_answer) = launched(&world, &world.msgpay, "P2");
    second.answered(Ok(second_answer)).unwrap();
    assert!(matches!(second.step(), Ok(Step::Review(_))));
    first.answered(Ok(first_answer)).unwrap();
    assert_eq!(not_paid(&first.step().unwrap()), (Todo::TryAgain, Why::OlderRules));
    let again = world.msgpay.launch(&world.house.link_of(&world.house.token("P1")));
    assert!(matches!(world.advance(&mut again.unwrap()), Step::Review(_)), "and then it goes");
}

/// A vault in which whoever reads a policy record waits a moment for another reader to come to the same place.
struct Meeting {
    records: Arc<MemoryVault>,
    readers: Mutex<usize>,
    came: Condvar,
}

impl Vault for Meeting {
    fn put(&self, name: &str, record: &[u8]) -> Result<(), HostFault> {
        self.records.put(name, record)
    }

    fn record(&self, name: &str) -> Result<Option<Vec<u8>>, HostFault> {
        let record = self.records.record(name);
        if name.starts_with("policy/") {
            let mut readers = self.readers.lock().unwrap();
            *readers += 1;
            self.came.notify_all();
            let alone = |readers: &mut usize| *readers < 2;
            drop(self.came.wait_timeout_while(readers, Duration::from_millis(200), alone).unwrap());
        }
        record
    }

    fn remove(&self, name: &str) -> Result<(), HostFault> {
        self.records.remove(name)
    }

    fn names(&self) -> Result<Vec<String>, HostFault> {
        self.records.names()
    }
}

#[test]
fn two_launches_at_once_keep_what_either_withdrew() {
    let world = World::ready();
    let vault = Meeting { records: world.vault.clone(), readers: Mutex::new(0), came: Condvar::new() };
    let host = Host { keystore: world.keystore.clone(), vault: Arc::new(vault), clock: world.clock.clone() };
    let msgpay = MsgPay::open(Config::new(vec![world.house.pinned()]).unwrap(), host);
    let mut launches = Vec::new();
    for (serial, purpose, kid_min) in [(4, Purpose::Receipt, 13), (5, Purpose::Seal, 11)] {
        let next = policy(&world, serial, purpose, kid_min);
        world.house.state().policy = Some(next);
        launches.push(launched(&world, &msgpay, &format!("P{serial}")));
    }
    std::thread::scope(|scope| {
        for (mut payment, answer) in launches {
            scope.spawn(move || payment.answered(Ok(answer)).unwrap());
        }
    });
    let seen = PolicySeen::find(&*world.vault, "WALLET_A").unwrap();
    assert_eq!((seen.kid_min(INTL, Purpose::Receipt), seen.kid_min(INTL, Purpose::Seal)), (13, 11));
}
