//! What becomes of a payment once its entry is sealed: it is given out, or it never pays.

use std::sync::atomic::Ordering;

use super::*;
use crate::{Misuse, NoAnswer, Outcome, Why};

/// A page that has typed all six digits.
fn typed(world: &World) -> Bridge {
    let mut bridge = bridge(world);
    bridge.receive(PAGE, &open("open-0001", &world.house.order("P1", 100)));
    let keys = at_the_keypad(world, &mut bridge);
    press_all(bridge.keypad().unwrap(), &keys, b"408192");
    bridge
}

fn failed(reaction: &Reaction) {
    assert!(matches!(reaction, Reaction::End(_)), "the native screens go: {reaction:?}");
    assert_eq!(told(reaction)["error"], "failed");
}

/// The order that the page was told had failed is paid by no later step of the session.
fn never_pays(world: &World, bridge: &mut Bridge) {
    let payment = bridge.payment().expect("it tells the host how it ended");
    assert_eq!(payment.answered(Err(NoAnswer)), Err(Misuse::OutOfTurn));
    assert!(matches!(world.advance(payment), Step::Concluded(Outcome::Cancelled | Outcome::NotPaid(_))));
    assert_eq!((world.house.paid("P1"), world.msgpay.unresolved().unwrap().len()), (0, 0));
    assert!(matches!(
        bridge.receive(PAGE, &open("open-0002", &world.house.order("P2", 100))),
        Reaction::Begin(_)
    ));
}

#[test]
fn a_submission_that_fails_never_pays() {
    type Break = fn(&World, bool);
    let breaks: [Break; 2] = [
        |world, broken| world.keystore.locked.store(broken, Ordering::SeqCst),
        |world, broken| world.vault.broken.store(broken, Ordering::SeqCst),
    ];
    for set_broken in breaks {
        let world = World::ready();
        let mut bridge = typed(&world);
        set_broken(&world, true);
        failed(&bridge.receive(PAGE, &call("send-0001", "submit")));
        set_broken(&world, false);
        refused(&bridge.receive(PAGE, &call("send-0002", "submit")), "not-open");
        never_pays(&world, &mut bridge);
    }
}

#[test]
fn a_submission_that_comes_too_late_ends() {
    let world = World::ready();
    let mut bridge = bridge(&world);
    bridge.receive(PAGE, &open("open-0001", &world.house.order("P1", 100)));
    let keys = at_the_keypad(&world, &mut bridge);
    // Time enough since the launch, and none since the last press.
    world.clock.advance(179_000);
    press_all(bridge.keypad().unwrap(), &keys, b"408192");
    world.clock.advance(2_000);
    failed(&bridge.receive(PAGE, &call("send-0001", "submit")));
    let Ok(Step::Concluded(Outcome::NotPaid(reason))) = bridge.payment().unwrap().step() else {
        panic!("not paid")
    };
    assert_eq!(reason.why, Why::TookTooLong, "the host can say why");
    never_pays(&world, &mut bridge);
}

#[test]
fn an_order_with_an_open_request_is_not_called_failed() {
    let world = World::ready();
    let mut bridge = typed(&world);
    let mut other = world.typed(&world.house.link_of(&world.house.token("P1")), b"408192");
    let Ok(Step::Send(_)) = other.step() else { panic!("a request") };
    let reaction = bridge.receive(PAGE, &call("send-0001", "submit"));
    assert!(matches!(reaction, Reaction::End(_)));
    assert_eq!(told(&reaction)["error"], "unresolved");
    let payment = bridge.payment().unwrap();
    payment.resolve().unwrap();
    assert!(
        matches!(world.advance(payment), Step::Concluded(Outcome::NotPaid(_))),
        "the other one is voided"
    );
}

#[test]
fn a_page_that_closes_after_its_submission_leaves_the_payment_to_the_host() {
    let world = World::ready();
    let mut bridge = typed(&world);
    let reaction = bridge.receive(PAGE, &call("send-0001", "submit"));
    assert!(told(&reaction)["token"].is_string());
    assert!(matches!(bridge.receive(PAGE, &call("leave-001", "close")), Reaction::End(_)));
    refused(&bridge.receive(PAGE, &open("open-0002", &world.house.order("P2", 100))), "busy");
    let payment = bridge.payment().expect("the host asks about it");
    payment.answered(Err(NoAnswer)).unwrap();
    assert!(matches!(payment.step(), Ok(Step::Unresolved { .. })));
    assert!(bridge.end().is_some());
    assert!(matches!(
        bridge.receive(PAGE, &open("open-0003", &world.house.order("P3", 100))),
        Reaction::Begin(_)
    ));
}
