//! Enrolling a biometric key: by the password, in the place of an earlier one, or not at all.

use super::biometric::{accepted, by_either, is_paid, touched};
use crate::{
    Confirmation, EnrolmentOutcome, EnrolmentStep, Misuse, NoAnswer, Todo, Why,
    testing::{PASSWORD, World, type_in},
};

#[test]
fn a_wrong_password_enrols_nothing_and_is_counted() {
    let world = World::ready();
    let EnrolmentOutcome::NotEnrolled(reason) = world.enrol(b"408193") else { panic!("not enrolled") };
    assert_eq!((reason.todo, reason.why, reason.tries_left), (Todo::TryAgain, Why::WrongPassword, Some(4)));
    assert!(reason.receipt.is_some());
    assert_eq!(world.msgpay.membership("WALLET_A").unwrap().unwrap().biometric, None);
    assert!(world.keystore.guarded.lock().unwrap().is_empty(), "no key stays");
    assert_eq!(world.house.state().biometric, None);
}

#[test]
fn enrolling_again_replaces_the_key() {
    let world = World::enrolled(&by_either());
    let key = |world: &World| world.msgpay.membership("WALLET_A").unwrap().unwrap().biometric.unwrap();
    let first = key(&world);
    assert!(
        matches!(world.enrol(PASSWORD), EnrolmentOutcome::Enrolled(receipt) if receipt.subject_no == "S2")
    );
    assert_ne!(key(&world), first);
    assert_eq!(world.keystore.guarded.lock().unwrap().keys().collect::<Vec<_>>(), [&key(&world).name]);
    assert_eq!(world.restarted().membership("WALLET_A").unwrap().unwrap().biometric, Some(key(&world)));
}

/// Up to the step at which the new key is to sign.
fn confirming(world: &World) -> (crate::BiometricEnrolment, Confirmation) {
    let mut session = world.msgpay.enrol_biometric("WALLET_A").unwrap();
    loop {
        match session.step().unwrap() {
            EnrolmentStep::Send(request) => session.answered(Ok(world.house.serve(&request))).unwrap(),
            EnrolmentStep::Review(review) => {
                assert_eq!((review.alone_fen_max, review.mobile_masked.as_str()), (20_000, "199****1234"));
                session.accept(&review).unwrap();
            }
            EnrolmentStep::EnterPassword(entry) => session.entered(type_in(entry, PASSWORD)).unwrap(),
            EnrolmentStep::ConfirmBiometric(asked) => return (session, asked),
            EnrolmentStep::Concluded(outcome) => panic!("{outcome:?}"),
        }
    }
}

#[test]
fn an_enrolment_that_breaks_off_leaves_the_earlier_key_in_use() {
    let world = World::enrolled(&by_either());
    let kept = world.msgpay.membership("WALLET_A").unwrap();
    let (mut cancelled, _) = confirming(&world);
    assert_eq!(cancelled.cancel(), EnrolmentOutcome::Cancelled);
    drop(cancelled);
    let (mut lost, asked) = confirming(&world);
    assert_eq!(lost.confirmed([1; 64]), Err(Misuse::OtherSession));
    lost.confirmed(world.touch(&asked)).unwrap();
    let EnrolmentStep::Send(_never_arrives) = lost.step().unwrap() else { panic!("a request") };
    lost.answered(Err(NoAnswer)).unwrap();
    assert!(matches!(lost.step(), Ok(EnrolmentStep::Concluded(EnrolmentOutcome::Unresolved))));
    drop(lost);
    let (late, _) = confirming(&world);
    world.clock.advance(180_000);
    let mut late = late;
    let Ok(EnrolmentStep::Concluded(EnrolmentOutcome::NotEnrolled(reason))) = late.step() else {
        panic!("over")
    };
    assert_eq!(reason.why, Why::TookTooLong);
    drop(late);
    assert_eq!(world.msgpay.membership("WALLET_A").unwrap(), kept);
    assert_eq!(world.keystore.guarded.lock().unwrap().len(), 1, "no staged key stays");
    let mut payment = accepted(&world, &world.house.order("P1", 100));
    touched(&world, &mut payment);
    assert!(is_paid(&world.advance(&mut payment)));
}

#[test]
fn another_sessions_answer_enrols_nothing() {
    let world = World::ready();
    let (mut one, asked_one) = confirming(&world);
    let (mut other, asked_other) = confirming(&world);
    assert_eq!(one.confirmed(world.touch(&asked_other)), Err(Misuse::OtherSession));
    one.confirmed(world.touch(&asked_one)).unwrap();
    other.confirmed(world.touch(&asked_other)).unwrap();
    let EnrolmentStep::Send(request) = one.step().unwrap() else { panic!("a request") };
    let EnrolmentStep::Send(_) = other.step().unwrap() else { panic!("a request") };
    other.answered(Ok(world.house.serve(&request))).unwrap();
    assert!(matches!(other.step(), Ok(EnrolmentStep::Concluded(EnrolmentOutcome::Unresolved))));
    assert_eq!(world.msgpay.membership("WALLET_A").unwrap().unwrap().biometric, None);
}

/// The session that lost its key is an old one: the key that was enrolled since stays.
#[test]
fn an_old_session_does_not_forget_a_newer_key() {
    let world = World::enrolled(&by_either());
    let mut old = accepted(&world, &world.house.order("P1", 100));
    assert!(matches!(world.enrol(PASSWORD), EnrolmentOutcome::Enrolled(_)));
    old.biometric_lost().unwrap();
    assert!(world.msgpay.membership("WALLET_A").unwrap().unwrap().biometric.is_some());
    let mut payment = accepted(&world, &world.house.order("P2", 100));
    touched(&world, &mut payment);
    assert!(is_paid(&world.advance(&mut payment)));
}

#[test]
fn a_device_that_was_activated_anew_does_not_get_the_old_ones_key() {
    let world = World::ready();
    let (mut session, asked) = confirming(&world);
    session.confirmed(world.touch(&asked)).unwrap();
    let EnrolmentStep::Send(request) = session.step().unwrap() else { panic!("a request") };
    let answer = world.house.serve(&request);
    let mut membership = world.msgpay.membership("WALLET_A").unwrap().unwrap();
    membership.device_id = "D-2".into();
    membership.keep(&*world.vault).unwrap();
    session.answered(Ok(answer)).unwrap();
    assert!(matches!(session.step(), Ok(EnrolmentStep::Concluded(EnrolmentOutcome::Unresolved))));
    drop(session);
    assert_eq!(world.msgpay.membership("WALLET_A").unwrap().unwrap().biometric, None);
    assert!(world.keystore.guarded.lock().unwrap().is_empty());
}

#[test]
fn a_device_that_was_activated_anew_has_no_biometric_key() {
    let world = World::enrolled(&by_either());
    world.house.state().device_key = None;
    let mut activation = world.msgpay.activate("WALLET_A", "CODE-1").unwrap();
    let crate::ActivationStep::Send(request) = activation.step().unwrap() else { panic!("a request") };
    activation.answered(Ok(world.house.serve(&request))).unwrap();
    assert_eq!(world.msgpay.membership("WALLET_A").unwrap().unwrap().biometric, None);
    assert!(world.keystore.guarded.lock().unwrap().is_empty());
    assert_eq!(world.msgpay.forget_biometric("WALLET_A"), Ok(()), "nothing to forget");
}
