//! Lost answers, dead processes, late and repeated requests: paid once, and known.

use msgpay_wire::{problem::Code, request::Submission};

use super::{not_paid, open_payment};
use crate::{
    Misuse, NoAnswer, Outcome, Step, Todo, Why,
    testing::{PASSWORD, World, refused},
};

/// A payment whose answer is lost; `arrives` says whether the institution saw the request.
fn lost(world: &World, password: &[u8], arrives: bool) -> crate::Payment {
    let link = world.house.order("P1", 100);
    let mut payment = world.typed(&link, password);
    let Ok(Step::Send(request)) = payment.step() else { panic!("a request") };
    if arrives {
        world.house.serve(&request);
    }
    payment.answered(Err(NoAnswer)).unwrap();
    payment
}

#[test]
fn a_lost_answer_leaves_only_the_question() {
    let world = World::ready();
    let mut payment = lost(&world, PASSWORD, true);
    for _ in 0..3 {
        assert!(matches!(payment.step(), Ok(Step::Unresolved { pay_order_no, .. }) if pay_order_no == "P1"));
    }
    assert_eq!(payment.answered(Err(NoAnswer)), Err(Misuse::OutOfTurn));
    assert_eq!(
        payment.cancel(),
        Outcome::Unresolved { institution: "WALLET_A".into(), pay_order_no: "P1".into() }
    );
    payment.resolve().unwrap();
    assert!(matches!(world.advance(&mut payment), Step::Concluded(Outcome::Paid(_))));
    assert_eq!(world.house.paid("P1"), 1);
    let submissions = world.house.state().calls.iter().filter(|call| *call == "/sdk/v1/payments").count();
    assert_eq!(submissions, 1, "never submitted again");
}

#[test]
fn the_question_tells_a_failure_too() {
    let world = World::ready();
    let mut payment = lost(&world, b"999999", true);
    payment.resolve().unwrap();
    assert_eq!(not_paid(&world.advance(&mut payment)), (Todo::TryAgain, Why::WrongPassword));
}

#[test]
fn a_request_that_never_arrived_is_voided_and_a_late_copy_cannot_pay() {
    let world = World::ready();
    let link = world.house.order("P1", 100);
    let mut payment = world.typed(&link, PASSWORD);
    let Ok(Step::Send(delayed)) = payment.step() else { panic!("a request") };
    payment.answered(Err(NoAnswer)).unwrap();
    payment.resolve().unwrap();
    assert_eq!(not_paid(&world.advance(&mut payment)), (Todo::TryAgain, Why::Voided));
    assert_eq!(world.house.serve(&delayed).status, Code::NonceSpent.status(), "the late copy");
    assert_eq!(world.house.paid("P1"), 0);
    let again = world.advance(&mut world.typed(&link, PASSWORD));
    assert!(matches!(again, Step::Concluded(Outcome::Paid(_))), "after the void a new launch is free");
    assert_eq!(world.house.paid("P1"), 1);
}

#[test]
fn lost_questions_may_be_asked_again() {
    let world = World::ready();
    let mut payment = lost(&world, PASSWORD, true);
    for _ in 0..4 {
        payment.resolve().unwrap();
        assert!(matches!(world.advance_with(&mut payment, |_| Err(NoAnswer)), Step::Unresolved { .. }));
        payment.resolve().unwrap();
        let refusal = refused(Code::Rate, None);
        assert!(matches!(world.advance_with(&mut payment, |_| Ok(refusal.clone())), Step::Unresolved { .. }));
    }
    payment.resolve().unwrap();
    assert!(matches!(world.advance(&mut payment), Step::Concluded(Outcome::Paid(_))));
}

#[test]
fn a_working_institution_is_asked_until_it_knows() {
    let world = World::ready();
    world.house.state().bank_slow = true;
    let link = world.house.order("P1", 100);
    let mut payment = world.typed(&link, PASSWORD);
    for _ in 0..3 {
        assert!(matches!(world.advance(&mut payment), Step::Working { retry_after_ms: 400 }));
        payment.resolve().unwrap();
    }
    world.house.state().bank_slow = false;
    assert!(matches!(world.advance(&mut payment), Step::Concluded(Outcome::Paid(_))));
}

#[test]
fn an_open_request_turns_a_new_launch_into_the_question() {
    let world = World::ready();
    drop(lost(&world, PASSWORD, true));
    let link = world.house.link_of(&world.house.token("P1"));
    let mut launched = world.restarted().launch(&link).unwrap();
    let Ok(Step::Send(request)) = launched.step() else { panic!("a request") };
    assert!(request.url.ends_with("/sdk/v1/payments/P1/resolve"), "{}", request.url);
    launched.answered(Ok(world.house.serve(&request))).unwrap();
    assert!(matches!(launched.step(), Ok(Step::Concluded(Outcome::Paid(_)))));
    assert_eq!(world.house.paid("P1"), 1);
}

#[test]
fn a_second_session_for_the_order_gives_way_to_the_open_request() {
    let world = World::ready();
    let link = world.house.order("P1", 100);
    let (mut first, mut second) = (world.typed(&link, PASSWORD), world.typed(&link, PASSWORD));
    let Ok(Step::Send(request)) = first.step() else { panic!("a request") };
    assert!(matches!(second.step(), Ok(Step::Unresolved { .. })), "nothing is sent twice");
    first.answered(Ok(world.house.serve(&request))).unwrap();
    assert!(matches!(first.step(), Ok(Step::Concluded(Outcome::Paid(_)))));
    second.resolve().unwrap();
    assert!(matches!(world.advance(&mut second), Step::Concluded(Outcome::Paid(_))), "the same receipt");
    assert_eq!(world.house.paid("P1"), 1);
}

/// The process dies after every single call; what can be asked about is asked about, and the order is paid at most
/// once and, in the end, exactly once.
#[test]
fn killed_at_any_step() {
    for calls in 0..8 {
        let world = World::ready();
        let link = world.house.order("P1", 100);
        run_and_die(&world, &link, calls);
        let reborn = world.restarted();
        let open = reborn.unresolved().unwrap();
        let submitted = world.house.state().calls.iter().any(|call| call == "/sdk/v1/payments");
        assert!(!submitted || world.house.paid("P1") == 1);
        for order in &open {
            let mut question = reborn.resolve(&order.institution, &order.pay_order_no).unwrap();
            let step = world.advance(&mut question);
            match world.house.paid("P1") {
                0 => assert_eq!(not_paid(&step).1, Why::Voided, "{calls}"),
                _ => assert!(matches!(step, Step::Concluded(Outcome::Paid(_))), "{calls}"),
            }
        }
        assert!(reborn.unresolved().unwrap().is_empty(), "{calls}");
        if world.house.paid("P1") == 0 {
            assert!(matches!(
                world.advance(&mut world.typed(&link, PASSWORD)),
                Step::Concluded(Outcome::Paid(_))
            ));
        }
        assert_eq!(world.house.paid("P1"), 1, "{calls}");
    }
}

/// Makes so many calls of a payment, then the process is gone.
fn run_and_die(world: &World, link: &str, mut calls: u32) {
    let mut payment = world.msgpay.launch(link).unwrap();
    let mut request = None;
    while calls > 0 {
        calls -= 1;
        if let Some(request) = request.take() {
            payment.answered(Ok(world.house.serve(&request))).unwrap();
            continue;
        }
        match payment.step().unwrap() {
            Step::Send(due) => request = Some(due),
            Step::Review(review) => payment.accept(&review).unwrap(),
            Step::EnterPassword(entry) => {
                payment.entered(crate::testing::type_in(entry, PASSWORD)).unwrap();
            }
            _ => return,
        }
    }
}

#[test]
fn asking_about_nothing_is_the_callers_mistake() {
    let world = World::ready();
    assert_eq!(world.msgpay.resolve("WALLET_A", "P1").map(|_| ()), Err(Misuse::NothingOpen));
}

#[test]
fn a_replayed_request_is_refused_and_pays_once() {
    let world = World::ready();
    let link = world.house.order("P1", 100);
    let mut payment = world.typed(&link, PASSWORD);
    let Ok(Step::Send(request)) = payment.step() else { panic!("a request") };
    assert_eq!(world.house.serve(&request).status, 200);
    assert!(world.house.serve(&request).status >= 400);
    assert_eq!(world.house.paid("P1"), 1);
}

#[test]
fn no_nonce_and_no_signature_is_used_twice() {
    let world = World::ready();
    let link = world.house.order("P1", 100);
    let mut seen = std::collections::HashSet::new();
    for _ in 0..20 {
        let Ok(Step::Send(request)) = world.msgpay.launch(&link).unwrap().step() else { panic!("a request") };
        assert!(seen.insert(request.body.clone()), "client nonce");
        let input = request.headers.iter().find(|(name, _)| name == "signature-input").unwrap();
        assert!(seen.insert(input.1.clone().into_bytes()), "signature nonce");
    }
    let bodies = (0..2).map(|_| {
        let mut payment = world.typed(&link, PASSWORD);
        let Ok(Step::Send(request)) = payment.step() else { panic!("a request") };
        let submission = Submission::read(&request.body).unwrap();
        payment.answered(Err(NoAnswer)).unwrap();
        payment.resolve().unwrap();
        world.advance(&mut payment);
        submission
    });
    let [one, other] = <[_; 2]>::try_from(bodies.collect::<Vec<_>>()).unwrap();
    assert_ne!(one.server_nonce, other.server_nonce);
    assert_ne!(one.packaged[0].envelope, other.packaged[0].envelope);
}

/// An old question that is answered late speaks of its own request; the newer one stays on record.
#[test]
fn a_late_receipt_does_not_forget_a_newer_open_request() {
    let world = World::ready();
    let link = world.house.order("P1", 100);
    let mut old = world.typed(&link, PASSWORD);
    let Ok(Step::Send(_never_arrives)) = old.step() else { panic!("a request") };
    old.answered(Err(NoAnswer)).unwrap();
    let mut question = world.msgpay.resolve("WALLET_A", "P1").unwrap();
    assert_eq!(not_paid(&world.advance(&mut question)).1, Why::Voided);

    let mut new = world.typed(&link, PASSWORD);
    let Ok(Step::Send(request)) = new.step() else { panic!("a request") };
    world.house.serve(&request);
    old.resolve().unwrap();
    assert_eq!(not_paid(&world.advance(&mut old)).1, Why::Voided);
    assert_eq!(
        world.msgpay.unresolved().unwrap(),
        [open_payment("P1")],
        "the newer request has no receipt yet"
    );
    drop(new);
    let mut reborn = world.restarted().resolve("WALLET_A", "P1").unwrap();
    assert!(matches!(world.advance(&mut reborn), Step::Concluded(Outcome::Paid(_))));
}

/// Two sessions of one order on two threads: exactly one gives its request out.
#[test]
fn sessions_side_by_side_give_out_one_request() {
    for _ in 0..10 {
        let world = World::ready();
        let link = world.house.order("P1", 100);
        let (first, second) = (world.typed(&link, PASSWORD), world.typed(&link, PASSWORD));
        let start = std::sync::Barrier::new(2);
        let step = |mut payment: crate::Payment| {
            start.wait();
            matches!(payment.step(), Ok(Step::Send(_)))
        };
        let given_out = std::thread::scope(|scope| {
            let other = scope.spawn(|| step(second));
            (step(first), other.join().unwrap())
        });
        assert!(given_out.0 != given_out.1, "{given_out:?}");
    }
}
