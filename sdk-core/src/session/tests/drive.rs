//! The driver: sends, waits and asks until a person is needed.

use std::{
    future::{Future, ready},
    pin::Pin,
    sync::Mutex,
};

use crate::{
    ActivationOutcome, Answer, NoAnswer, Outcome, Request, Sending, SetupOutcome, SetupStep, Step, Transport,
    testing::{PASSWORD, World, type_in},
};

/// Carries requests to the house; `lose` says which answers get lost, by their number.
struct Wire<'a> {
    world: &'a World,
    lose: fn(usize) -> bool,
    sent: Mutex<usize>,
    pauses: Mutex<Vec<u64>>,
}

impl<'a> Wire<'a> {
    fn new(world: &'a World, lose: fn(usize) -> bool) -> Self {
        Self { world, lose, sent: Mutex::new(0), pauses: Mutex::new(Vec::new()) }
    }

    fn carry(&self, request: &Request) -> Result<Answer, NoAnswer> {
        let mut sent = self.sent.lock().unwrap();
        *sent += 1;
        let answer = self.world.house.serve(request);
        if (self.lose)(*sent) { Err(NoAnswer) } else { Ok(answer) }
    }

    fn pauses(&self) -> Vec<u64> {
        self.pauses.lock().unwrap().clone()
    }
}

impl Transport for Wire<'_> {
    fn send(&self, request: Request) -> Sending<'_> {
        Box::pin(ready(self.carry(&request)))
    }

    fn pause(&self, ms: u64) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.pauses.lock().unwrap().push(ms);
        Box::pin(ready(()))
    }
}

#[tokio::test]
async fn it_carries_a_handset_from_activation_to_a_receipt() {
    let world = World::new();
    let wire = Wire::new(&world, |_| false);
    let mut activation = world.msgpay.activate("WALLET_A", "CODE-1").unwrap();
    assert!(matches!(activation.advance(&wire).await, Ok(ActivationOutcome::Activated(_))));
    let mut setup = world.msgpay.set_password("WALLET_A").unwrap();
    let Ok(SetupStep::Review(review)) = setup.advance(&wire).await else { panic!("a review") };
    setup.accept(&review).unwrap();
    for _ in 0..2 {
        let Ok(SetupStep::EnterPassword(entry)) = setup.advance(&wire).await else { panic!("an entry") };
        setup.entered(type_in(entry, PASSWORD)).unwrap();
    }
    assert!(matches!(setup.advance(&wire).await, Ok(SetupStep::Concluded(SetupOutcome::Set(_)))));
    let link = world.house.order("P1", 100);
    let mut payment = world.msgpay.launch(&link).unwrap();
    let Ok(Step::Review(review)) = payment.advance(&wire).await else { panic!("a review") };
    payment.accept(&review).unwrap();
    let Ok(Step::EnterPassword(entry)) = payment.advance(&wire).await else { panic!("an entry") };
    payment.entered(type_in(entry, PASSWORD)).unwrap();
    assert!(matches!(payment.advance(&wire).await, Ok(Step::Concluded(Outcome::Paid(_)))));
    assert_eq!((wire.pauses(), world.house.paid("P1")), (Vec::new(), 1));
}

#[tokio::test]
async fn lost_answers_are_asked_about_with_growing_patience() {
    let world = World::ready();
    let link = world.house.order("P1", 100);
    let mut payment = world.typed(&link, PASSWORD);
    let wire = Wire::new(&world, |sent| sent <= 3);
    assert!(matches!(payment.advance(&wire).await, Ok(Step::Concluded(Outcome::Paid(_)))));
    assert_eq!(wire.pauses(), [500, 1_000, 2_000]);
    assert_eq!(world.house.paid("P1"), 1);
}

#[tokio::test]
async fn after_five_questions_a_person_is_told_and_may_ask_on() {
    let world = World::ready();
    let link = world.house.order("P1", 100);
    let mut payment = world.typed(&link, PASSWORD);
    let wire = Wire::new(&world, |_| true);
    assert!(matches!(payment.advance(&wire).await, Ok(Step::Unresolved { .. })));
    assert_eq!(wire.pauses().len(), 5);
    assert!(matches!(
        payment.advance(&Wire::new(&world, |_| false)).await,
        Ok(Step::Concluded(Outcome::Paid(_)))
    ));
    let submissions = world.house.state().calls.iter().filter(|call| *call == "/sdk/v1/payments").count();
    assert_eq!(submissions, 1);
}

#[tokio::test]
async fn a_working_institution_is_given_the_time_that_it_asks_for() {
    let world = World::ready();
    world.house.state().bank_slow = true;
    let link = world.house.order("P1", 100);
    let mut payment = world.typed(&link, PASSWORD);
    let wire = Wire::new(&world, |_| false);
    assert!(matches!(payment.advance(&wire).await, Ok(Step::Working { retry_after_ms: 400 })));
    assert_eq!(wire.pauses(), [400; 5]);
}
