//! Paying by the biometric key: asked for by a step, and no way taken that the policy does not list.

use msgpay_wire::{factors::Way, request::Submission};

use super::{not_paid, open_payment};
use crate::{
    Confirmation, EnrolmentOutcome, HostFault, Misuse, NoAnswer, Outcome, Payment, Step, Todo, Why,
    testing::{PASSWORD, World, type_in},
};

pub(super) fn by_either() -> [Way; 2] {
    [Way::by_biometric(), Way::by_password()]
}

/// Accepted; the next step is the first factor.
pub(super) fn accepted(world: &World, link: &str) -> Payment {
    let mut payment = world.msgpay.launch(link).unwrap();
    let Step::Review(review) = world.advance(&mut payment) else { panic!("a review") };
    payment.accept(&review).unwrap();
    payment
}

fn asked(payment: &mut Payment) -> Confirmation {
    match payment.step().unwrap() {
        Step::ConfirmBiometric(confirmation) => confirmation,
        other => panic!("a confirmation, not {other:?}"),
    }
}

pub(super) fn touched(world: &World, payment: &mut Payment) {
    let confirmation = asked(payment);
    payment.confirmed(world.touch(&confirmation)).unwrap();
}

fn typed(payment: &mut Payment, password: &[u8]) {
    let Step::EnterPassword(entry) = payment.step().unwrap() else { panic!("an entry") };
    payment.entered(type_in(entry, password)).unwrap();
}

pub(super) fn is_paid(step: &Step) -> bool {
    matches!(step, Step::Concluded(Outcome::Paid(_)))
}

/// What leaves as the payment, with its answer from the house.
fn sent(world: &World, payment: &mut Payment) -> Submission {
    let Step::Send(request) = payment.step().unwrap() else { panic!("a request") };
    payment.answered(Ok(world.house.serve(&request))).unwrap();
    Submission::read(&request.body).unwrap()
}

#[test]
fn a_finger_pays_without_a_password() {
    let world = World::enrolled(&by_either());
    let mut payment = accepted(&world, &world.house.order("P1", 100));
    let confirmation = asked(&mut payment);
    assert!(confirmation.or_password);
    assert_eq!(asked(&mut payment), confirmation, "asking again gives the same");
    touched(&world, &mut payment);
    let body = sent(&world, &mut payment);
    assert!(body.packaged.is_empty() && body.biometric.is_some());
    assert!(is_paid(&payment.step().unwrap()));
    assert_eq!((world.house.paid("P1"), world.msgpay.unresolved().unwrap()), (1, vec![]));
}

#[test]
fn a_large_payment_takes_password_and_finger() {
    let world = World::enrolled(&[Way::by_both()]);
    let mut payment = accepted(&world, &world.house.order("P1", 100));
    typed(&mut payment, PASSWORD);
    let confirmation = asked(&mut payment);
    assert!(!confirmation.or_password);
    assert_eq!(payment.by_password(), Err(Misuse::NoOtherWay), "nothing weaker than the policy lists");
    assert_eq!(asked(&mut payment), confirmation, "and the step stays");
    touched(&world, &mut payment);
    let body = sent(&world, &mut payment);
    assert!(body.packaged.len() == 1 && body.biometric.is_some());
    assert!(is_paid(&payment.step().unwrap()));
}

#[test]
fn the_payer_may_type_instead_where_the_policy_lists_it() {
    let world = World::enrolled(&by_either());
    let mut payment = accepted(&world, &world.house.order("P1", 100));
    asked(&mut payment);
    payment.by_password().unwrap();
    typed(&mut payment, PASSWORD);
    let body = sent(&world, &mut payment);
    assert!(body.packaged.len() == 1 && body.biometric.is_none());
    assert!(is_paid(&payment.step().unwrap()));
    assert!(world.msgpay.membership("WALLET_A").unwrap().unwrap().biometric.is_some(), "the key stays");
}

#[test]
fn an_entry_that_was_typed_serves_when_the_finger_fails() {
    let world = World::enrolled(&[Way::by_both(), Way::by_password()]);
    let mut payment = accepted(&world, &world.house.order("P1", 100));
    typed(&mut payment, PASSWORD);
    asked(&mut payment);
    payment.by_password().unwrap();
    assert!(is_paid(&world.advance(&mut payment)), "nothing is typed twice");
}

#[test]
fn without_a_key_the_ways_with_it_are_not_met() {
    let world = World::ready();
    world.allow(&by_either());
    let mut payment = accepted(&world, &world.house.order("P1", 100));
    typed(&mut payment, PASSWORD);
    assert!(is_paid(&world.advance(&mut payment)));
    let link = world.house.order("P2", 100);
    let unknown = Way::of_words(["device", "iris"]).unwrap();
    for ways in [vec![Way::by_biometric()], vec![Way::by_both()], vec![unknown]] {
        world.allow(&ways);
        let step = world.advance(&mut world.msgpay.launch(&link).unwrap());
        assert_eq!(not_paid(&step), (Todo::OtherWay, Why::NotAllowed), "{ways:?}");
    }
    assert_eq!(world.house.paid("P2"), 0);
}

#[test]
fn a_policy_without_ways_is_no_policy() {
    let world = World::enrolled(&[]);
    let step = world.advance(&mut world.msgpay.launch(&world.house.order("P1", 100)).unwrap());
    assert_eq!(not_paid(&step), (Todo::AskInstitution, Why::AnswerNotGenuine));
}

#[test]
fn another_sessions_confirmation_is_refused() {
    let world = World::enrolled(&by_either());
    let (cheap, dear) = (world.house.order("P1", 100), world.house.order("P2", 99_900));
    let (mut one, mut other, mut again) =
        (accepted(&world, &cheap), accepted(&world, &dear), accepted(&world, &cheap));
    let signature = world.touch(&asked(&mut one));
    assert_eq!(other.confirmed(signature), Err(Misuse::OtherSession), "another order");
    assert_eq!(again.confirmed(signature), Err(Misuse::OtherSession), "the same order, another nonce");
    assert_eq!(other.confirmed([0; 64]), Err(Misuse::OtherSession), "no signature at all");
    one.confirmed(signature).unwrap();
    assert_eq!(one.confirmed(signature), Err(Misuse::OutOfTurn));
    assert_eq!(one.by_password(), Err(Misuse::OutOfTurn));
    touched(&world, &mut other);
    assert!(is_paid(&world.advance(&mut other)));
    assert_eq!((world.house.paid("P1"), world.house.paid("P2")), (0, 1));
}

#[test]
fn an_entry_does_not_stand_in_for_the_finger_nor_the_other_way_round() {
    let world = World::enrolled(&by_either());
    let link = world.house.order("P1", 100);
    let mut waiting = accepted(&world, &link);
    let mut typing = accepted(&world, &link);
    typing.by_password().unwrap();
    let Step::EnterPassword(entry) = typing.step().unwrap() else { panic!("an entry") };
    assert_eq!(waiting.entered(type_in(entry, PASSWORD)), Err(Misuse::OutOfTurn));
    let signature = world.touch(&asked(&mut waiting));
    assert_eq!(typing.confirmed(signature), Err(Misuse::OutOfTurn));
    assert_eq!(typing.biometric_lost(), Err(Misuse::OutOfTurn));
}

#[test]
fn a_lost_answer_after_a_finger_is_asked_about() {
    let world = World::enrolled(&by_either());
    for arrives in [true, false] {
        let order = if arrives { "P1" } else { "P2" };
        let mut payment = accepted(&world, &world.house.order(order, 100));
        touched(&world, &mut payment);
        let Step::Send(request) = payment.step().unwrap() else { panic!("a request") };
        if arrives {
            world.house.serve(&request);
        }
        payment.answered(Err(NoAnswer)).unwrap();
        assert!(matches!(payment.step(), Ok(Step::Unresolved { .. })));
        drop(payment);
        assert_eq!(world.msgpay.unresolved().unwrap(), [open_payment(order)]);
        let mut reborn = world.restarted().resolve("WALLET_A", order).unwrap();
        let step = world.advance(&mut reborn);
        if arrives {
            assert!(is_paid(&step));
        } else {
            assert_eq!(not_paid(&step), (Todo::TryAgain, Why::Voided));
            assert!(world.house.serve(&request).status >= 400, "the late copy");
        }
        assert_eq!(world.house.paid(order), u32::from(arrives));
    }
}

/// Plays a payment and dies after `steps` calls; what is left is either nothing or an open request.
#[test]
fn killed_at_any_step_a_payment_by_both_is_paid_at_most_once() {
    for steps in 0..8 {
        let world = World::enrolled(&[Way::by_both()]);
        let link = world.house.order("P1", 100);
        let mut payment = world.msgpay.launch(&link).unwrap();
        for _ in 0..steps {
            match payment.step().unwrap() {
                Step::Send(request) => {
                    let answer = world.house.serve(&request);
                    payment.answered(Ok(answer)).unwrap();
                }
                Step::Review(review) => payment.accept(&review).unwrap(),
                Step::EnterPassword(entry) => payment.entered(type_in(entry, PASSWORD)).unwrap(),
                Step::ConfirmBiometric(asked) => payment.confirmed(world.touch(&asked)).unwrap(),
                _ => break,
            }
        }
        drop(payment);
        let msgpay = world.restarted();
        let mut reborn = msgpay.launch(&link).unwrap();
        let mut step = world.advance(&mut reborn);
        if let Step::Review(review) = &step {
            reborn.accept(review).unwrap();
            typed(&mut reborn, PASSWORD);
            touched(&world, &mut reborn);
            step = world.advance(&mut reborn);
        }
        let known = is_paid(&step) || not_paid(&step).1 == Why::AlreadyPaid;
        assert!(known, "after {steps} steps: {step:?}");
        assert_eq!(world.house.paid("P1"), 1, "after {steps} steps");
    }
}

#[test]
fn a_key_that_the_phone_gave_up_is_forgotten_and_the_payment_goes_on_by_password() {
    let world = World::enrolled(&by_either());
    let mut payment = accepted(&world, &world.house.order("P1", 100));
    let name = asked(&mut payment).key_name;
    world.keystore.guarded.lock().unwrap().clear();
    assert_eq!(world.keystore.touched(&name, b"m"), None, "the phone has another finger now");
    payment.biometric_lost().unwrap();
    assert_eq!(
        world.msgpay.membership("WALLET_A").unwrap().unwrap().biometric,
        None,
        "and the handset says so"
    );
    typed(&mut payment, PASSWORD);
    assert!(is_paid(&world.advance(&mut payment)));
    assert!(matches!(world.enrol(PASSWORD), EnrolmentOutcome::Enrolled(_)), "enrolled again by the password");
    let mut payment = accepted(&world, &world.house.order("P2", 100));
    touched(&world, &mut payment);
    assert!(is_paid(&world.advance(&mut payment)));
}

#[test]
fn where_both_are_needed_a_lost_key_pays_nothing() {
    let world = World::enrolled(&[Way::by_both()]);
    let mut payment = accepted(&world, &world.house.order("P1", 100));
    typed(&mut payment, PASSWORD);
    world.vault.broken.store(true, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(payment.biometric_lost(), Err(Misuse::Host(HostFault::Vault)));
    world.vault.broken.store(false, std::sync::atomic::Ordering::SeqCst);
    asked(&mut payment);
    payment.biometric_lost().unwrap();
    assert_eq!(not_paid(&payment.step().unwrap()), (Todo::OtherWay, Why::BiometricLost));
    let link = world.house.link_of(&world.house.token("P1"));
    let step = world.advance(&mut world.msgpay.launch(&link).unwrap());
    assert_eq!(not_paid(&step), (Todo::OtherWay, Why::NotAllowed), "until another is enrolled");
    assert_eq!(world.house.paid("P1"), 0);
}

#[test]
fn a_key_that_the_institution_no_longer_takes_has_a_name() {
    let world = World::enrolled(&by_either());
    world.house.state().biometric = None;
    let mut payment = accepted(&world, &world.house.order("P1", 100));
    touched(&world, &mut payment);
    let step = world.advance(&mut payment);
    assert_eq!(not_paid(&step), (Todo::OtherWay, Why::Biometric));
    assert_eq!(world.house.paid("P1"), 0);
}

#[test]
fn three_minutes_are_the_life_of_a_confirmation() {
    let world = World::enrolled(&by_either());
    let mut payment = accepted(&world, &world.house.order("P1", 100));
    let signature = world.touch(&asked(&mut payment));
    world.clock.sleep(180_000);
    payment.confirmed(signature).unwrap();
    assert_eq!(not_paid(&payment.step().unwrap()), (Todo::TryAgain, Why::TookTooLong));
    assert_eq!(world.house.paid("P1"), 0);
}

#[test]
fn turning_back_at_the_finger_sends_nothing() {
    let world = World::enrolled(&by_either());
    let mut payment = accepted(&world, &world.house.order("P1", 100));
    asked(&mut payment);
    assert_eq!(payment.cancel(), Outcome::Cancelled);
    assert!(!world.house.state().calls.iter().any(|call| call == "/sdk/v1/payments"));
}

/// The two keys have nothing in common: names, halves, and what they sign.
#[test]
fn device_key_and_biometric_key_share_nothing() {
    let world = World::enrolled(&by_either());
    let membership = world.msgpay.membership("WALLET_A").unwrap().unwrap();
    let key = membership.biometric.unwrap();
    assert_ne!(key.name, membership.key_name);
    let (plain, guarded) = (world.keystore.keys.lock().unwrap(), world.keystore.guarded.lock().unwrap());
    assert_eq!((plain.len(), guarded.len()), (1, 1));
    assert!(plain.contains_key(&membership.key_name) && guarded.contains_key(&key.name));
    assert_ne!(plain[&membership.key_name].public_key(), key.public_key);
    assert_eq!(guarded[&key.name].public_key(), key.public_key);
    drop((plain, guarded));
    let mut payment = accepted(&world, &world.house.order("P1", 100));
    let confirmation = asked(&mut payment);
    let by_device =
        world.keystore.keys.lock().unwrap()[&membership.key_name].sign(&confirmation.message).unwrap();
    assert_eq!(payment.confirmed(by_device), Err(Misuse::OtherSession), "the device key is no finger");
}

/// What leaves and what is kept: a public key and signatures by it. The phone is asked for a signature over one message
/// that is never asked for again, so that nothing can be copied or played back.
#[test]
fn nothing_biometric_is_sent_or_kept_and_no_signature_serves_twice() {
    let world = World::enrolled(&by_either());
    let mut messages = std::collections::BTreeSet::new();
    for round in 0..5 {
        let mut payment = accepted(&world, &world.house.order(&format!("P{round}"), 100));
        let confirmation = asked(&mut payment);
        assert!(messages.insert(confirmation.message.clone()), "each message once");
        let signature = world.touch(&confirmation);
        payment.confirmed(signature).unwrap();
        let body = sent(&world, &mut payment);
        assert_eq!(body.biometric.unwrap().signature, signature, "what leaves is the signature");
        let later = accepted(&world, &world.house.order(&format!("Q{round}"), 100)).confirmed(signature);
        assert_eq!(later, Err(Misuse::OtherSession), "a replay");
        for (name, record) in world.vault.all() {
            assert!(!record.windows(64).any(|part| part == signature), "{name} keeps a signature");
        }
    }
}

/// Debug texts of confirmations say nothing of what is signed.
#[test]
fn debug_texts_say_nothing() {
    let world = World::enrolled(&by_either());
    let mut payment = accepted(&world, &world.house.order("P1", 100));
    let step = payment.step().unwrap();
    assert_eq!(format!("{step:?} {payment:?}"), "ConfirmBiometric(Confirmation) Payment(confirming)");
}
