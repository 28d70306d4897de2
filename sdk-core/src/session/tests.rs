//! Whole sessions against the small institution of `testing`: what a payer can meet, in microseconds.

mod biometric;
mod drive;
mod enrolment;
mod faults;
mod keys;
mod lost;
mod setup;
mod suites;
mod times;
mod unknown;
mod withdrawn;

use std::sync::atomic::Ordering;

use crate::{
    Clock as _, Misuse, OpenPayment, Outcome, Step, Todo, Why,
    testing::{PASSWORD, World, type_in},
};

pub(super) fn open_payment(pay_order_no: &str) -> OpenPayment {
    OpenPayment { institution: "WALLET_A".into(), pay_order_no: pay_order_no.into() }
}

pub(super) fn not_paid(step: &Step) -> (Todo, Why) {
    match step {
        Step::Concluded(Outcome::NotPaid(reason)) => (reason.todo, reason.why.clone()),
        other => panic!("not paid was expected, not {other:?}"),
    }
}

#[test]
fn a_link_becomes_a_signed_receipt() {
    let world = World::ready();
    let link = world.house.order("P1", 12_850);
    let mut payment = world.msgpay.launch(&link).unwrap();
    let Step::Review(review) = world.advance(&mut payment) else { panic!("a review") };
    assert_eq!((review.amount_fen, review.amount_yuan.as_str()), (12_850, "128.50"));
    assert_eq!((review.payee_name.as_str(), review.item.as_str()), ("青禾咖啡", "燕麦拿铁"));
    assert_eq!(review.institution_name, "钱包 WALLET_A");
    payment.accept(&review).unwrap();
    let Step::EnterPassword(entry) = world.advance(&mut payment) else { panic!("an entry") };
    payment.entered(type_in(entry, PASSWORD)).unwrap();
    let Step::Concluded(Outcome::Paid(receipt)) = world.advance(&mut payment) else { panic!("paid") };
    assert_eq!((receipt.institution.as_str(), receipt.subject_no.as_str()), ("WALLET_A", "P1"));
    assert!(!receipt.signed.is_empty());
    assert_eq!(world.house.paid("P1"), 1);
    assert_eq!(world.msgpay.unresolved().unwrap(), []);
    assert_eq!(world.house.state().calls[1..], ["/sdk/v1/launches", "/sdk/v1/payments"]);
}

#[test]
fn a_wrong_password_leaves_tries_and_the_same_link_works_again() {
    let world = World::ready();
    let link = world.house.order("P1", 100);
    let step = world.advance(&mut world.typed(&link, b"408193"));
    assert_eq!(not_paid(&step), (Todo::TryAgain, Why::WrongPassword));
    let Step::Concluded(Outcome::NotPaid(reason)) = step else { unreachable!() };
    assert_eq!(reason.tries_left, Some(4));
    assert!(reason.receipt.is_some(), "the refusal is signed");
    let step = world.advance(&mut world.typed(&link, PASSWORD));
    assert!(matches!(step, Step::Concluded(Outcome::Paid(receipt)) if receipt.attempt == 2));
    assert_eq!(world.house.paid("P1"), 1);
}

#[test]
fn the_fifth_wrong_password_locks() {
    let world = World::ready();
    let link = world.house.order("P1", 100);
    for left in (1..5).rev() {
        let step = world.advance(&mut world.typed(&link, b"111222"));
        let Step::Concluded(Outcome::NotPaid(reason)) = step else { panic!("not paid") };
        assert_eq!((reason.why, reason.tries_left), (Why::WrongPassword, Some(left)));
    }
    let step = world.advance(&mut world.typed(&link, b"111222"));
    assert_eq!(not_paid(&step), (Todo::AskInstitution, Why::Locked));
    assert_eq!(world.house.paid("P1"), 0);
}

#[test]
fn a_paid_order_is_not_paid_again() {
    let world = World::ready();
    let link = world.house.order("P1", 100);
    world.advance(&mut world.typed(&link, PASSWORD));
    let step = world.advance(&mut world.msgpay.launch(&link).unwrap());
    assert_eq!(not_paid(&step), (Todo::Nothing, Why::AlreadyPaid));
    assert_eq!(world.house.paid("P1"), 1);
}

#[test]
fn an_order_never_paid_can_be_launched_again_and_again() {
    let world = World::ready();
    let link = world.house.order("P1", 100);
    for _ in 0..5 {
        let mut payment = world.msgpay.launch(&link).unwrap();
        assert!(matches!(world.advance(&mut payment), Step::Review(_)));
        assert_eq!(payment.cancel(), Outcome::Cancelled);
        assert!(matches!(payment.step(), Ok(Step::Concluded(Outcome::Cancelled))));
    }
    assert!(matches!(world.advance(&mut world.typed(&link, PASSWORD)), Step::Concluded(Outcome::Paid(_))));
}

#[test]
fn turning_back_is_possible_until_the_request_is_given_out() {
    let world = World::ready();
    let link = world.house.order("P1", 100);
    let mut fresh = world.msgpay.launch(&link).unwrap();
    assert_eq!(fresh.cancel(), Outcome::Cancelled);
    let mut typed = world.typed(&link, PASSWORD);
    assert_eq!(typed.cancel(), Outcome::Cancelled);
    assert_eq!(world.msgpay.unresolved().unwrap().len(), 0);
    let mut sent = world.typed(&link, PASSWORD);
    let Ok(Step::Send(_)) = sent.step() else { panic!("a request") };
    assert_eq!(
        sent.cancel(),
        Outcome::Unresolved { institution: "WALLET_A".into(), pay_order_no: "P1".into() }
    );
    assert_eq!(world.msgpay.unresolved().unwrap(), [open_payment("P1")]);
}

#[test]
fn calls_out_of_turn_do_no_harm() {
    let world = World::ready();
    let link = world.house.order("P1", 100);
    let mut payment = world.msgpay.launch(&link).unwrap();
    assert_eq!(payment.answered(Err(crate::NoAnswer)), Err(Misuse::OutOfTurn));
    assert_eq!(payment.resolve(), Err(Misuse::OutOfTurn));
    let Ok(Step::Send(request)) = payment.step() else { panic!("a request") };
    assert_eq!(payment.step().map(|_| ()), Err(Misuse::AnswerExpected), "a request is given out once");
    payment.answered(Ok(world.house.serve(&request))).unwrap();
    let Ok(Step::Review(review)) = payment.step() else { panic!("a review") };
    let mut changed = review.clone();
    changed.amount_fen = 1;
    assert_eq!(payment.accept(&changed), Err(Misuse::OtherSession), "what was shown is what is signed");
    payment.accept(&review).unwrap();
    assert_eq!(payment.accept(&review), Err(Misuse::OutOfTurn));
}

#[test]
fn an_entry_of_another_session_is_refused() {
    let world = World::ready();
    let (one, other) = (world.house.order("P1", 100), world.house.order("P2", 99_900));
    let entering = |link: &str| {
        let mut payment = world.msgpay.launch(link).unwrap();
        let Step::Review(review) = world.advance(&mut payment) else { panic!("a review") };
        payment.accept(&review).unwrap();
        let Ok(Step::EnterPassword(entry)) = payment.step() else { panic!("an entry") };
        (payment, entry)
    };
    let (_, cheap) = entering(&one);
    let (mut dear, own) = entering(&other);
    assert_eq!(dear.entered(type_in(cheap, PASSWORD)), Err(Misuse::OtherSession));
    dear.entered(type_in(own, PASSWORD)).unwrap();
    assert!(matches!(world.advance(&mut dear), Step::Concluded(Outcome::Paid(_))));
    assert_eq!((world.house.paid("P1"), world.house.paid("P2")), (0, 1));
    let (_, earlier) = entering(&one);
    let (mut later, _) = entering(&one);
    assert_eq!(
        later.entered(type_in(earlier, PASSWORD)),
        Err(Misuse::OtherSession),
        "same order, other nonce"
    );
}

#[test]
fn a_wiped_keypad_opens_anew_in_the_same_session() {
    let world = World::ready();
    let link = world.house.order("P1", 100);
    let mut payment = world.msgpay.launch(&link).unwrap();
    let Step::Review(review) = world.advance(&mut payment) else { panic!("a review") };
    payment.accept(&review).unwrap();
    let Ok(Step::EnterPassword(entry)) = payment.step() else { panic!("an entry") };
    let size = crate::FaceSize::square(48);
    let (mut keypad, _keys) = entry.open(crate::testing::GOOD_SURFACE, size).unwrap();
    keypad.press(1).unwrap();
    keypad.cancel();
    let Ok(Step::EnterPassword(entry)) = payment.step() else { panic!("an entry again") };
    payment.entered(type_in(entry, PASSWORD)).unwrap();
    assert!(matches!(world.advance(&mut payment), Step::Concluded(Outcome::Paid(_))));
}

#[test]
fn three_minutes_are_the_life_of_a_launch() {
    for (step, asleep) in [("review", false), ("entry", true), ("submission", false), ("submission", true)] {
        let world = World::ready();
        let link = world.house.order("P1", 100);
        let mut payment = match step {
            "submission" => world.typed(&link, PASSWORD),
            _ => world.msgpay.launch(&link).unwrap(),
        };
        if step != "submission" {
            let Step::Review(review) = world.advance(&mut payment) else { panic!("a review") };
            if step == "entry" {
                payment.accept(&review).unwrap();
            }
        }
        // A phone that sleeps lives on all the same.
        if asleep {
            world.clock.sleep(180_000)
        } else {
            world.clock.advance(180_000)
        }
        assert_eq!(not_paid(&payment.step().unwrap()), (Todo::TryAgain, Why::TookTooLong), "{step}");
        assert_eq!(world.house.paid("P1"), 0);
        assert!(!world.house.state().calls.iter().any(|call| call == "/sdk/v1/payments"), "{step}");
    }
}

#[test]
fn a_clock_five_minutes_wrong_is_borne_and_more_is_not() {
    for (wrong_s, borne) in [(-290, true), (290, true), (3_700 * 24, false), (-7_200, false)] {
        let world = World::ready();
        let token = {
            world.house.order("P1", 100);
            let mut token = world.house.token("P1");
            token.expires = u64::try_from(world.clock.unix_ms() / 1_000).unwrap() + 30;
            token
        };
        let link = world.house.link_of(&token);
        world.clock.set_wrong_by(wrong_s * 1_000);
        let payment = world.msgpay.launch(&link).unwrap();
        let step = { payment }.step().unwrap();
        assert_eq!(matches!(step, Step::Send(_)), borne, "{wrong_s} s");
    }
}

#[test]
fn a_locked_keystore_or_broken_vault_gives_nothing_out_and_can_be_mended() {
    let world = World::ready();
    let link = world.house.order("P1", 100);
    let mut payment = world.typed(&link, PASSWORD);
    world.keystore.locked.store(true, Ordering::SeqCst);
    assert_eq!(payment.step().map(|_| ()), Err(Misuse::Host(crate::HostFault::Keystore)));
    world.keystore.locked.store(false, Ordering::SeqCst);
    world.vault.broken.store(true, Ordering::SeqCst);
    assert_eq!(payment.step().map(|_| ()), Err(Misuse::Host(crate::HostFault::Vault)));
    world.vault.broken.store(false, Ordering::SeqCst);
    assert_eq!(world.msgpay.unresolved().unwrap().len(), 0);
    assert!(matches!(world.advance(&mut payment), Step::Concluded(Outcome::Paid(_))));
}

#[test]
fn a_vault_that_fails_at_a_launch_ends_the_session() {
    let world = World::ready();
    let link = world.house.order("P1", 100);
    let mut payment = world.msgpay.launch(&link).unwrap();
    let Ok(Step::Send(request)) = payment.step() else { panic!("a request") };
    let answer = world.house.serve(&request);
    world.vault.broken.store(true, Ordering::SeqCst);
    assert_eq!(payment.answered(Ok(answer)), Err(Misuse::Host(crate::HostFault::Vault)));
    assert!(matches!(payment.step(), Ok(Step::Concluded(Outcome::Cancelled))));
}

/// Debug texts of everything on the way, and all records, hold no password, slot list, nonce or envelope.
#[test]
fn debug_texts_and_records_hold_no_entry() {
    let world = World::ready();
    let link = world.house.order("P1", 100);
    let mut texts = String::new();
    let mut payment = world.msgpay.launch(&link).unwrap();
    let mut bodies = Vec::new();
    loop {
        texts += &format!("{payment:?}\n");
        let step = payment.step().unwrap();
        texts += &format!("{step:?}\n");
        match step {
            Step::Send(request) => {
                let answer = world.house.serve(&request);
                texts += &format!("{answer:?}\n");
                bodies.push(request.body);
                payment.answered(Ok(answer)).unwrap();
            }
            Step::Review(review) => payment.accept(&review).unwrap(),
            Step::EnterPassword(entry) => {
                let sealed = type_in(entry, PASSWORD);
                texts += &format!("{sealed:?}\n");
                payment.entered(sealed).unwrap();
            }
            Step::Concluded(_) => break,
            other => panic!("{other:?}"),
        }
    }
    let password = std::str::from_utf8(PASSWORD).unwrap();
    assert!(!texts.contains(password), "{texts}");
    for line in texts.lines().filter(|line| line.contains("Send") || line.contains("Entry")) {
        assert!(line.len() < 120, "a body or an entry is printed: {line}");
    }
    let records = world.vault.all();
    assert!(!records.is_empty());
    for haystack in records.iter().map(|(_, record)| record).chain(&bodies) {
        assert!(!haystack.windows(6).any(|window| window == PASSWORD));
    }
}
