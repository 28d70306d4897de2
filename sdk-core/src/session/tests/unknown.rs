//! A number that no suite has, in what the institution itself has signed: refused, nothing is sent, nothing concluded.
//! What each format says of it is in `wire/tests/unknown_suites.rs`.

use msgpay_wire::{
    Primitives as _, SuiteId,
    answer::{LaunchAnswer, LaunchBody},
    cbor::{self, Value},
    launch::Link,
    receipt::Receipt,
    request::SubmissionAnswer,
    trust::Purpose,
};

use super::not_paid;
use crate::{
    Answer, Outcome, Step, Todo, Why,
    testing::{NOON_MS, PASSWORD, World},
    trust::{Crypto, roots},
};

/// Numbers that no suite has. Who adds a suite takes its number out, if it is here.
const UNKNOWN: [u64; 4] = [0, 4, 255, u64::MAX];

/// A map with another value in one member.
fn with(map: &[u8], member: u64, value: Value) -> Vec<u8> {
    let Value::Map(mut members) = cbor::decode("a map", map).unwrap() else { panic!("a map") };
    members.iter_mut().find(|(key, _)| *key == member.into()).unwrap().1 = value;
    cbor::encode(&Value::Map(members))
}

fn now() -> u64 {
    u64::try_from(NOON_MS / 1_000).unwrap()
}

#[test]
fn a_link_of_an_unknown_suite_is_a_strangers() {
    for suite in SuiteId::ALL {
        let world = World::ready_with(suite, |_| {});
        world.house.order("P1", 100);
        let payload = world.house.token("P1").payload();
        let step = |number: u64| {
            let token = world.house.sign(Purpose::Launch, with(&payload, 6, number.into()));
            let link = Link { pay_order_no: "P1".into(), token }.text();
            world.msgpay.launch(&link).unwrap().step().unwrap()
        };
        for number in UNKNOWN {
            // Whose link it is cannot be known before it is read, so it is nobody's.
            assert_eq!(not_paid(&step(number)), (Todo::OtherWay, Why::LinkNotGenuine), "{number}");
        }
        assert!(matches!(step(suite.number()), Step::Send(_)), "the harness changes nothing");
    }
}

#[test]
fn an_answer_or_policy_of_an_unknown_suite_is_refused_by_name() {
    for suite in SuiteId::ALL {
        let launched = |in_answer: u64, in_policy: u64| {
            let world = World::ready_with(suite, |_| {});
            let mut payment = world.msgpay.launch(&world.house.order("P1", 100)).unwrap();
            let Ok(Step::Send(request)) = payment.step() else { panic!("a request") };
            let honest = world.house.serve(&request);
            let mut body = LaunchBody::read(&honest.body).unwrap();
            let pinned = roots(&world.house.pinned());
            let (mut answer, _) = LaunchAnswer::open(&Crypto, &pinned, &body.answer, now()).unwrap();
            let policy = world.house.state().policy.clone().unwrap().payload();
            let policy = with(&policy, 3, Value::Array(vec![in_policy.into()]));
            body.policy = world.house.sign(Purpose::Policy, policy);
            answer.policy_digest = Crypto.hash(suite, &body.policy);
            let payload = with(&answer.payload(), 11, in_answer.into());
            body.answer = world.house.sign(Purpose::Summary, payload);
            payment.answered(Ok(Answer { body: body.encode(), ..honest })).unwrap();
            payment.step().unwrap()
        };
        let known = suite.number();
        assert!(matches!(launched(known, known), Step::Review(_)), "the harness changes nothing");
        for number in UNKNOWN {
            let named = (Todo::AskInstitution, Why::Suite);
            assert_eq!(not_paid(&launched(number, known)), named, "the answer, {number}");
            assert_eq!(not_paid(&launched(known, number)), named, "the policy, {number}");
        }
    }
}

#[test]
fn a_receipt_of_an_unknown_suite_concludes_nothing() {
    for suite in SuiteId::ALL {
        let world = World::ready_with(suite, |_| {});
        let mut payment = world.typed(&world.house.order("P1", 100), PASSWORD);
        let Ok(Step::Send(request)) = payment.step() else { panic!("a request") };
        let honest = world.house.serve(&request);
        let Ok(SubmissionAnswer::Receipt(signed)) = SubmissionAnswer::read(&honest.body) else {
            panic!("a receipt")
        };
        let (receipt, _) = Receipt::open(&Crypto, &roots(&world.house.pinned()), &signed, now()).unwrap();
        for number in UNKNOWN {
            let payload = with(&receipt.payload(), 2, number.into());
            let body = SubmissionAnswer::Receipt(world.house.sign(Purpose::Receipt, payload)).encode();
            payment.answered(Ok(Answer { body, ..honest.clone() })).unwrap();
            assert!(matches!(payment.step(), Ok(Step::Unresolved { .. })), "{number}, {suite:?}");
            payment.resolve().unwrap();
            assert!(matches!(payment.step(), Ok(Step::Send(_))));
        }
        payment.answered(Ok(honest)).unwrap();
        assert!(matches!(payment.step(), Ok(Step::Concluded(Outcome::Paid(_)))), "the control");
    }
}
