//! Activation and the setting of a password.

use msgpay_wire::{
    Primitives as _, SuiteId,
    answer::{LaunchAnswer, LaunchBody},
    problem::Code,
    request::Activated,
    summary::PasswordSummary,
    trust::Purpose,
};

use super::super::{Activation, PasswordSetup};
use crate::{
    ActivationOutcome, ActivationStep, Answer, EntryPurpose, Misuse, NoAnswer, SetupOutcome, SetupStep, Todo,
    Why,
    testing::{World, refused, type_in},
    trust::{Crypto, roots},
};

fn activated(world: &World, activation: &mut Activation) -> ActivationOutcome {
    let ActivationStep::Send(request) = activation.step().unwrap() else { panic!("a request") };
    activation.answered(Ok(world.house.serve(&request))).unwrap();
    match activation.step().unwrap() {
        ActivationStep::Concluded(outcome) => outcome,
        ActivationStep::Send(_) => panic!("an outcome"),
    }
}

#[test]
fn a_code_makes_the_handset_known() {
    let world = World::new();
    assert_eq!(world.msgpay.membership("WALLET_A"), Ok(None));
    let outcome = activated(&world, &mut world.msgpay.activate("WALLET_A", " CODE-1 ").unwrap());
    let ActivationOutcome::Activated(membership) = outcome else { panic!("activated") };
    assert_eq!((membership.wallet_id.as_str(), membership.device_id.as_str()), ("W-1", "D-1"));
    assert_eq!(world.restarted().membership("WALLET_A"), Ok(Some(membership)));
    assert_eq!(world.msgpay.membership("WALLET_B"), Ok(None));
    assert_eq!(world.msgpay.activate("WALLET_X", "C").map(|_| ()), Err(Misuse::UnknownInstitution));
}

#[test]
fn a_wrong_code_says_so() {
    let world = World::new();
    let outcome = activated(&world, &mut world.msgpay.activate("WALLET_A", "CODE-2").unwrap());
    let ActivationOutcome::NotActivated(reason) = outcome else { panic!("not activated") };
    assert_eq!((reason.todo, reason.why), (Todo::AskInstitution, Why::ActivationCode));
    assert_eq!(world.msgpay.membership("WALLET_A"), Ok(None));
}

#[test]
fn a_lost_activation_goes_on_with_the_same_key() {
    let world = World::new();
    let mut activation = world.msgpay.activate("WALLET_A", "CODE-1").unwrap();
    let ActivationStep::Send(request) = activation.step().unwrap() else { panic!("a request") };
    assert_eq!(world.house.serve(&request).status, 200);
    activation.answered(Err(NoAnswer)).unwrap();
    let Ok(ActivationStep::Concluded(ActivationOutcome::NotActivated(reason))) = activation.step() else {
        panic!("not activated")
    };
    assert_eq!((reason.todo, reason.why), (Todo::TryAgain, Why::NoConnection));
    activation.again().unwrap();
    assert!(matches!(activated(&world, &mut activation), ActivationOutcome::Activated(_)));
}

#[test]
fn an_activation_answer_that_does_not_fit_is_not_believed() {
    let world = World::new();
    let answer_of = |code: &str| {
        let mut other = world.msgpay.activate("WALLET_A", code).unwrap();
        let ActivationStep::Send(request) = other.step().unwrap() else { panic!("a request") };
        world.house.serve(&request)
    };
    let earlier = answer_of("CODE-1");
    let unsigned = Answer { body: b"yes".to_vec(), ..earlier.clone() };
    for answer in [earlier, unsigned] {
        let mut activation = world.msgpay.activate("WALLET_A", "CODE-1").unwrap();
        let ActivationStep::Send(_) = activation.step().unwrap() else { panic!("a request") };
        activation.answered(Ok(answer)).unwrap();
        let Ok(ActivationStep::Concluded(ActivationOutcome::NotActivated(reason))) = activation.step() else {
            panic!("not activated")
        };
        assert_eq!(reason.why, Why::AnswerNotGenuine);
    }
    assert_eq!(world.msgpay.membership("WALLET_A"), Ok(None));
}

#[test]
fn an_activation_binds_this_question_and_this_key() {
    type Change = fn(&mut Activated);
    let cases: [(&str, Change, bool); 3] = [
        ("as it is", |_| {}, true),
        ("another question", |a| a.client_nonce[0] ^= 1, false),
        ("another key", |a| a.device_key_digest[0] ^= 1, false),
    ];
    for (name, change, good) in cases {
        let world = World::new();
        let mut activation = world.msgpay.activate("WALLET_A", "CODE-1").unwrap();
        let ActivationStep::Send(request) = activation.step().unwrap() else { panic!("a request") };
        let honest = world.house.serve(&request);
        let now = u64::try_from(crate::testing::NOON_MS / 1_000).unwrap();
        let (mut activated, _) =
            Activated::open(&Crypto, &roots(&world.house.pinned()), &honest.body, now).unwrap();
        change(&mut activated);
        let body = world.house.sign(Purpose::Summary, activated.payload());
        activation.answered(Ok(Answer { body, ..honest })).unwrap();
        let step = activation.step().unwrap();
        let made = matches!(step, ActivationStep::Concluded(ActivationOutcome::Activated(_)));
        assert_eq!(made, good, "{name}");
        assert_eq!(world.msgpay.membership("WALLET_A").unwrap().is_some(), good, "{name}");
    }
}

#[test]
fn a_password_summary_of_another_wallet_or_time_is_not_believed() {
    type Change = fn(&mut PasswordSummary);
    let cases: [(Change, bool); 4] = [
        (|_| {}, true),
        (|summary| summary.expires -= 180 + 300, false),
        (|summary| summary.wallet_id = "W-2".into(), false),
        (|summary| summary.institution_id = "WALLET_B".into(), false),
    ];
    for (change, good) in cases {
        let world = World::ready();
        let mut setup = world.msgpay.set_password("WALLET_A").unwrap();
        let SetupStep::Send(request) = setup.step().unwrap() else { panic!("a request") };
        let honest = world.house.serve(&request);
        let mut body = LaunchBody::read(&honest.body).unwrap();
        let now = u64::try_from(crate::testing::NOON_MS / 1_000).unwrap();
        let pinned = roots(&world.house.pinned());
        let (mut answer, _) = LaunchAnswer::open(&Crypto, &pinned, &body.answer, now).unwrap();
        let mut summary = PasswordSummary::read(&body.summary).unwrap();
        change(&mut summary);
        body.summary = summary.encode();
        answer.summary_digest = Crypto.hash(SuiteId::International, &body.summary);
        body.answer = world.house.sign(Purpose::Summary, answer.payload());
        setup.answered(Ok(Answer { body: body.encode(), ..honest })).unwrap();
        assert_eq!(matches!(setup.step(), Ok(SetupStep::Review(_))), good);
    }
}

/// Sets a password with two entries; gives the outcome.
fn set(world: &World, first: &[u8], again: &[u8]) -> SetupOutcome {
    let mut setup = world.msgpay.set_password("WALLET_A").unwrap();
    let mut entries = [(EntryPurpose::PasswordNew, first), (EntryPurpose::PasswordRepeat, again)].into_iter();
    loop {
        match setup.step().unwrap() {
            SetupStep::Send(request) => setup.answered(Ok(world.house.serve(&request))).unwrap(),
            SetupStep::Review(review) => {
                assert_eq!(review.mobile_masked, "199****1234");
                setup.accept(&review).unwrap();
            }
            SetupStep::EnterPassword(entry) => {
                let (purpose, digits) = entries.next().unwrap();
                assert_eq!(entry.purpose(), purpose);
                setup.entered(type_in(entry, digits)).unwrap();
            }
            SetupStep::Concluded(outcome) => return outcome,
        }
    }
}

#[test]
fn a_password_typed_twice_alike_is_set() {
    let world = World::ready();
    world.house.state().password = None;
    let SetupOutcome::Set(receipt) = set(&world, b"704913", b"704913") else { panic!("set") };
    assert_eq!(receipt.subject_no, "S1");
    assert_eq!(world.house.state().password.as_deref(), Some(&b"704913"[..]));
}

#[test]
fn two_different_entries_are_refused_by_the_institution() {
    let world = World::ready();
    let SetupOutcome::NotSet(reason) = set(&world, b"704913", b"704914") else { panic!("not set") };
    assert_eq!((reason.todo, reason.why), (Todo::TryAgain, Why::PasswordsDiffer));
    assert!(reason.receipt.is_some());
}

fn entering(world: &World) -> PasswordSetup {
    let mut setup = world.msgpay.set_password("WALLET_A").unwrap();
    let SetupStep::Send(request) = setup.step().unwrap() else { panic!("a request") };
    setup.answered(Ok(world.house.serve(&request))).unwrap();
    let SetupStep::Review(review) = setup.step().unwrap() else { panic!("a review") };
    setup.accept(&review).unwrap();
    setup
}

#[test]
fn the_first_entry_does_not_stand_in_for_the_second() {
    let world = World::ready();
    let mut setup = entering(&world);
    let (Ok(SetupStep::EnterPassword(one)), Ok(SetupStep::EnterPassword(two))) = (setup.step(), setup.step())
    else {
        panic!("entries")
    };
    setup.entered(type_in(one, b"704913")).unwrap();
    assert_eq!(setup.entered(type_in(two, b"704913")), Err(Misuse::OtherSession));
}

#[test]
fn turning_back_lost_answers_and_refusals_set_nothing() {
    let world = World::ready();
    assert_eq!(entering(&world).cancel(), SetupOutcome::Cancelled);
    let mut late = entering(&world);
    world.clock.advance(180_000);
    let Ok(SetupStep::Concluded(SetupOutcome::NotSet(reason))) = late.step() else { panic!("not set") };
    assert_eq!(reason.why, Why::TookTooLong);
    let mut refused_setup = world.msgpay.set_password("WALLET_A").unwrap();
    let Ok(SetupStep::Send(_)) = refused_setup.step() else { panic!("a request") };
    refused_setup.answered(Ok(refused(Code::PasswordState, None))).unwrap();
    let Ok(SetupStep::Concluded(SetupOutcome::NotSet(reason))) = refused_setup.step() else {
        panic!("not set")
    };
    assert_eq!((reason.todo, reason.why), (Todo::AskInstitution, Why::PasswordState));
    let mut lost = entering(&world);
    for _ in 0..2 {
        let Ok(SetupStep::EnterPassword(entry)) = lost.step() else { panic!("an entry") };
        lost.entered(type_in(entry, b"704913")).unwrap();
    }
    let Ok(SetupStep::Send(_)) = lost.step() else { panic!("a request") };
    lost.answered(Err(NoAnswer)).unwrap();
    assert!(matches!(lost.step(), Ok(SetupStep::Concluded(SetupOutcome::Unresolved))));
    assert_eq!(World::new().msgpay.set_password("WALLET_A").map(|_| ()), Err(Misuse::NotActivated));
}
