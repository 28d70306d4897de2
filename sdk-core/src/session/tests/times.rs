//! Time: a phone that sleeps, receipts at their own time, policies from the future, keys withdrawn meanwhile.

use msgpay_wire::{SuiteId, policy::Policy, receipt::Receipt, request::SubmissionAnswer, trust::Purpose};

use super::not_paid;
use crate::{
    ActivationOutcome, ActivationStep, Answer, Outcome, Step, Todo, Why,
    records::{Believed, PolicySeen},
    testing::{NOON_MS, PASSWORD, World},
    trust::{Crypto, roots},
};

#[test]
fn a_launch_ends_while_the_phone_sleeps() {
    let world = World::ready();
    let mut payment = world.typed(&world.house.order("P1", 100), PASSWORD);
    world.clock.sleep(179_999);
    assert!(matches!(payment.step(), Ok(Step::Send(_))));
    let mut payment = world.typed(&world.house.order("P2", 100), PASSWORD);
    world.clock.sleep(180_000);
    assert_eq!(not_paid(&payment.step().unwrap()), (Todo::TryAgain, Why::TookTooLong));
}

/// A payment whose receipt says another time, read `later_ms` after it was sent.
fn read(later_ms: i64, time: impl FnOnce(u64) -> u64) -> Step {
    let world = World::ready();
    let mut payment = world.typed(&world.house.order("P1", 100), PASSWORD);
    let Ok(Step::Send(request)) = payment.step() else { panic!("a request") };
    let honest = world.house.serve(&request);
    let Ok(SubmissionAnswer::Receipt(signed)) = SubmissionAnswer::read(&honest.body) else {
        panic!("a receipt")
    };
    let now = u64::try_from(NOON_MS / 1_000).unwrap();
    let (receipt, _) = Receipt::open(&Crypto, &roots(&world.house.pinned()), &signed, now).unwrap();
    let retimed = Receipt { time: time(receipt.time), ..receipt };
    let body = SubmissionAnswer::Receipt(world.house.sign(Purpose::Receipt, retimed.payload())).encode();
    world.clock.advance(later_ms);
    payment.answered(Ok(Answer { body, ..honest })).unwrap();
    payment.step().unwrap()
}

#[test]
fn a_receipt_is_judged_at_its_own_time() {
    let year_ms = 365 * 86_400_000;
    let paid = |step: Step| matches!(step, Step::Concluded(Outcome::Paid(_)));
    assert!(paid(read(0, |time| time)));
    assert!(paid(read(year_ms, |time| time)), "its key has run out since");
    assert!(!paid(read(year_ms, |time| time + 300 * 86_400)), "signed when its key had run out");
    assert!(!paid(read(0, |time| time - 1)), "before its nonce was issued");
    assert!(paid(read(0, |time| time + 300)) && !paid(read(0, |time| time + 301)), "from the future");
}

#[test]
fn a_policy_from_the_future_is_refused_and_not_kept() {
    for (ahead, good) in [(300, true), (301, false)] {
        let world = World::ready();
        {
            let mut state = world.house.state();
            let policy = state.policy.as_mut().unwrap();
            policy.issued += 60 + ahead;
            policy.serial = 9;
        }
        let step = world.advance(&mut world.msgpay.launch(&world.house.order("P1", 100)).unwrap());
        assert_eq!(matches!(step, Step::Review(_)), good, "{ahead}");
        let kept = PolicySeen::find(&*world.vault, "WALLET_A").unwrap();
        assert_eq!(kept != PolicySeen::default(), good);
    }
}

#[test]
fn a_key_that_was_withdrawn_takes_nobody_in() {
    let activated = |kid_min: u64| {
        let world = World::new();
        let kids_min = vec![(SuiteId::International, Purpose::Summary, kid_min)];
        let policy = Policy { kids_min, ..world.house.state().policy.clone().unwrap() };
        let believed = PolicySeen::goes_on(&*world.vault, &policy, &[]);
        assert!(matches!(believed, Ok(Believed::Now(_))));
        let mut activation = world.msgpay.activate("WALLET_A", "CODE-1").unwrap();
        let ActivationStep::Send(request) = activation.step().unwrap() else { panic!("a request") };
        activation.answered(Ok(world.house.serve(&request))).unwrap();
        let step = activation.step().unwrap();
        matches!(step, ActivationStep::Concluded(ActivationOutcome::Activated(_)))
    };
    // The house's summary key is number 12.
    assert!(activated(12) && !activated(13));
}
