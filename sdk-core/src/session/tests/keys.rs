//! Device keys: one per institution and activation, staged until the institution has answered.

use crate::{
    ActivationOutcome, ActivationStep, NoAnswer, Outcome, Step,
    testing::{PASSWORD, World},
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
