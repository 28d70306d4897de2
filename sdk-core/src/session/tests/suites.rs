//! Each suite pays; every way to mix them ends by name, and nothing is concluded from it.

use msgpay_wire::{
    Primitives as _, SuiteId,
    answer::{LaunchAnswer, LaunchBody},
    cose::ALG_SM2_SM3,
    policy::Policy,
    receipt::Receipt,
    request::SubmissionAnswer,
    trust::Purpose,
};

use super::not_paid;
use crate::{
    Answer, Institution, Outcome, Step, Todo, Why,
    records::{Believed, PolicySeen},
    testing::{NOON_MS, PASSWORD, World, other},
    trust::{Crypto, roots},
};

const MIXED: (Todo, Why) = (Todo::AskInstitution, Why::Suite);

fn header<'a>(request: &'a crate::Request, name: &str) -> &'a str {
    request.headers.iter().find(|(of, _)| of == name).map_or("", |(_, value)| value)
}

#[test]
fn each_suite_pays_and_says_so_on_the_wire() {
    for (suite, alg, digest) in [
        (SuiteId::International, "alg=\"ecdsa-p256-sha256\"", "sha-256=:"),
        (SuiteId::Guomi, "alg=\"sm2-sm3\"", "sm3=:"),
        #[cfg(feature = "curve25519")]
        (SuiteId::Curve25519, "alg=\"ed25519\"", "sha-256=:"),
    ] {
        let world = World::ready_with(suite, |_| {});
        let link = world.house.order("P1", 12_850);
        let mut payment = world.typed(&link, PASSWORD);
        let Ok(Step::Send(request)) = payment.step() else { panic!("a request") };
        assert!(header(&request, "signature-input").contains(alg), "{suite:?}");
        assert!(header(&request, "content-digest").starts_with(digest), "{suite:?}");
        payment.answered(Ok(world.house.serve(&request))).unwrap();
        let Ok(Step::Concluded(Outcome::Paid(receipt))) = payment.step() else { panic!("paid") };
        // −70001 in CBOR: 0x3a and the number that −1 − n gives.
        let sm2 = [[0x3a].as_slice(), &u32::try_from(-1 - ALG_SM2_SM3).unwrap().to_be_bytes()].concat();
        let names_sm2 = receipt.signed.windows(5).any(|window| window == sm2);
        assert_eq!(names_sm2, suite == SuiteId::Guomi);
    }
}

/// Suites 1 and 3 hash alike: only the number, the algorithm and the key tell them apart.
#[cfg(feature = "curve25519")]
#[test]
fn a_policy_that_does_not_name_suite_3_keeps_it_out() {
    let world = World::ready_with(SuiteId::Curve25519, |institution| {
        institution.suites.push(SuiteId::International);
    });
    let launch =
        |order: &str| world.advance(&mut world.msgpay.launch(&world.house.order(order, 100)).unwrap());
    assert!(matches!(launch("P1"), Step::Review(_)), "named");
    world.house.state().policy.as_mut().unwrap().suites = vec![SuiteId::International];
    assert_eq!(not_paid(&launch("P2")), MIXED);
}

#[cfg(not(feature = "curve25519"))]
#[test]
fn without_the_feature_suite_3_has_no_number_and_no_word() {
    assert_eq!((SuiteId::from_number(3), SuiteId::from_word("curve25519")), (None, None));
}

/// The honest answer to a launch in `suite`, given to `change`.
fn launched(suite: SuiteId, change: impl FnOnce(&World, &mut LaunchAnswer, &mut LaunchBody)) -> Step {
    let world = World::ready_with(suite, |_| {});
    let mut payment = world.msgpay.launch(&world.house.order("P1", 100)).unwrap();
    let Ok(Step::Send(request)) = payment.step() else { panic!("a request") };
    let honest = world.house.serve(&request);
    let mut body = LaunchBody::read(&honest.body).unwrap();
    let now = u64::try_from(NOON_MS / 1_000).unwrap();
    let pinned = roots(&world.house.pinned());
    let (mut answer, _) = LaunchAnswer::open(&Crypto, &pinned, &body.answer, now).unwrap();
    change(&world, &mut answer, &mut body);
    payment.answered(Ok(Answer { body: body.encode(), ..honest })).unwrap();
    payment.step().unwrap()
}

fn signed_again(world: &World, answer: &mut LaunchAnswer, body: &mut LaunchBody) {
    answer.policy_digest = Crypto.hash(world.house.suite, &body.policy);
    answer.seal_statement_digest = Crypto.hash(world.house.suite, &body.seal_statement);
    body.answer = world.house.sign(Purpose::Summary, answer.payload());
}

fn policy(world: &World) -> Policy {
    world.house.state().policy.clone().unwrap()
}

#[test]
fn an_answer_with_a_part_of_another_suite_is_refused_by_name() {
    type Change = fn(&World, &mut LaunchAnswer, &mut LaunchBody);
    let cases: [(&str, Change); 6] = [
        ("answer signed in the other suite", |w, a, b| {
            b.answer = w.twin.sign(Purpose::Summary, a.payload());
        }),
        ("answer that names the other suite, signed in it", |w, a, b| {
            a.suite = w.twin.suite;
            b.answer = w.twin.sign(Purpose::Summary, a.payload());
        }),
        ("answer that names the other suite, signed in this one", |w, a, b| {
            a.suite = w.twin.suite;
            b.answer = w.house.sign(Purpose::Summary, a.payload());
        }),
        ("policy signed in the other suite", |w, a, b| {
            b.policy = w.twin.sign(Purpose::Policy, policy(w).payload());
            signed_again(w, a, b);
        }),
        ("seal key of the other suite", |w, a, b| {
            b.seal_statement = w.twin.seal_statement.clone();
            signed_again(w, a, b);
        }),
        ("policy that omits the suite", |w, a, b| {
            let policy = Policy { suites: vec![w.twin.suite], ..policy(w) };
            b.policy = w.house.sign(Purpose::Policy, policy.payload());
            signed_again(w, a, b);
        }),
    ];
    for suite in SuiteId::ALL {
        assert!(matches!(launched(suite, signed_again), Step::Review(_)), "the harness changes nothing");
        for (name, change) in cases {
            assert_eq!(not_paid(&launched(suite, change)), MIXED, "{name}, {suite:?}");
        }
    }
}

#[test]
fn a_link_of_another_suite_is_refused_by_name() {
    for suite in SuiteId::ALL {
        let world = World::ready_with(suite, |_| {});
        world.house.order("P1", 100);
        let refused = |link: &str| not_paid(&world.msgpay.launch(link).unwrap().step().unwrap());
        assert_eq!(refused(&world.twin.order("P1", 100)), MIXED, "all of it in the other suite");
        let token = world.house.token("P1");
        assert_eq!(refused(&world.twin.link_of(&token)), MIXED, "names this suite, signed in the other");
        let mut other_named = token;
        other_named.suite = other(suite);
        assert_eq!(refused(&world.house.link_of(&other_named)), MIXED, "signed here, names the other");
    }
}

#[test]
fn a_handset_that_uses_both_suites_pays_in_both() {
    let world = World::ready_with(SuiteId::Guomi, |institution| {
        institution.suites.push(SuiteId::International);
    });
    let link = world.house.order("P1", 100);
    assert!(matches!(world.advance(&mut world.typed(&link, PASSWORD)), Step::Concluded(Outcome::Paid(_))));
    let mut launch = world.msgpay.launch(&world.twin.order("P2", 100)).unwrap();
    assert!(matches!(launch.step(), Ok(Step::Send(_))), "a link of the other is believed");
}

#[test]
fn a_receipt_of_another_suite_concludes_nothing() {
    for suite in SuiteId::ALL {
        let world = World::ready_with(suite, |_| {});
        let mut payment = world.typed(&world.house.order("P1", 100), PASSWORD);
        let Ok(Step::Send(request)) = payment.step() else { panic!("a request") };
        let honest = world.house.serve(&request);
        let Ok(SubmissionAnswer::Receipt(signed)) = SubmissionAnswer::read(&honest.body) else {
            panic!("a receipt")
        };
        let now = u64::try_from(NOON_MS / 1_000).unwrap();
        let (receipt, _) = Receipt::open(&Crypto, &roots(&world.house.pinned()), &signed, now).unwrap();
        let renamed = Receipt { suite: other(suite), ..receipt.clone() };
        for (name, bytes) in [
            ("signed in the other", world.twin.sign(Purpose::Receipt, receipt.payload())),
            ("names and signed in the other", world.twin.sign(Purpose::Receipt, renamed.payload())),
            ("names the other", world.house.sign(Purpose::Receipt, renamed.payload())),
        ] {
            let body = SubmissionAnswer::Receipt(bytes).encode();
            payment.answered(Ok(Answer { body, ..honest.clone() })).unwrap();
            assert!(matches!(payment.step(), Ok(Step::Unresolved { .. })), "{name}, {suite:?}");
            payment.resolve().unwrap();
            assert!(matches!(payment.step(), Ok(Step::Send(_))));
        }
        payment.answered(Ok(honest)).unwrap();
        assert!(matches!(payment.step(), Ok(Step::Concluded(Outcome::Paid(_)))));
    }
}

#[test]
fn a_hardware_key_signs_for_the_chinese_suite_only_where_the_policy_lets_it() {
    let hardware = |institution: &mut Institution| institution.device_suite = SuiteId::International;
    for allowed in [false, true] {
        let world = World::ready_with(SuiteId::Guomi, hardware);
        world.house.state().policy.as_mut().unwrap().device_p256 = allowed;
        let step = world.advance(&mut world.msgpay.launch(&world.house.order("P1", 100)).unwrap());
        if !allowed {
            assert_eq!(not_paid(&step), MIXED);
            continue;
        }
        let link = world.house.order("P2", 100);
        let mut payment = world.typed(&link, PASSWORD);
        let Ok(Step::Send(request)) = payment.step() else { panic!("a request") };
        assert!(header(&request, "signature-input").contains("ecdsa-p256-sha256"));
        assert!(
            header(&request, "content-digest").starts_with("sha-256"),
            "digest and signature are of one suite"
        );
        payment.answered(Ok(world.house.serve(&request))).unwrap();
        assert!(matches!(payment.step(), Ok(Step::Concluded(Outcome::Paid(_)))));
    }
}

#[test]
fn an_sm2_device_key_never_signs_for_the_international_suite() {
    let sm2 = |institution: &mut Institution| institution.device_suite = SuiteId::Guomi;
    let world = World::ready_with(SuiteId::International, sm2);
    world.house.state().policy.as_mut().unwrap().device_p256 = true;
    let step = world.advance(&mut world.msgpay.launch(&world.house.order("P1", 100)).unwrap());
    assert_eq!(not_paid(&step), MIXED);
}

#[test]
fn an_older_policy_does_not_bring_a_suite_back() {
    let world = World::ready_with(SuiteId::Guomi, |institution| {
        institution.suites.push(SuiteId::International);
    });
    let launch = |world: &World, order: &str| {
        world.advance(&mut world.msgpay.launch(&world.house.order(order, 100)).unwrap())
    };
    let both = Policy { suites: SuiteId::ALL.to_vec(), ..policy(&world) };
    let later = Policy { suites: vec![SuiteId::International], serial: both.serial + 1, ..both.clone() };
    world.house.state().policy = Some(both.clone());
    assert!(matches!(launch(&world, "P1"), Step::Review(_)));
    // The institution gives the suite up; the handset learns of it in the other suite.
    let signer = world.twin.key_statement(Purpose::Policy);
    let believed = PolicySeen::goes_on(&*world.vault, &later, &[&signer]);
    assert!(matches!(believed, Ok(Believed::Now(_))));
    assert_eq!(not_paid(&launch(&world, "P2")), (Todo::TryAgain, Why::OlderRules));
}

#[test]
fn a_root_vouches_for_another_suite_only_where_it_is_pinned_so() {
    for pinned_so in [false, true] {
        let world = World::ready_with(SuiteId::Guomi, |institution| {
            if pinned_so {
                for root in &mut institution.roots {
                    root.vouches_for.push(SuiteId::Guomi);
                }
            }
        });
        let mut payment = world.msgpay.launch(&world.house.order("P1", 100)).unwrap();
        let Ok(Step::Send(request)) = payment.step() else { panic!("a request") };
        let honest = world.house.serve(&request);
        let mut body = LaunchBody::read(&honest.body).unwrap();
        let now = u64::try_from(NOON_MS / 1_000).unwrap();
        let pinned = roots(&world.house.pinned());
        let (mut answer, _) = LaunchAnswer::open(&Crypto, &pinned, &body.answer, now).unwrap();
        // The house's own seal key, vouched for by the root of the other suite.
        body.seal_statement = world.twin.vouch_for_seal_of(&world.house);
        signed_again(&world, &mut answer, &mut body);
        payment.answered(Ok(Answer { body: body.encode(), ..honest })).unwrap();
        let step = payment.step().unwrap();
        match pinned_so {
            true => assert!(matches!(step, Step::Review(_))),
            false => assert_eq!(not_paid(&step), MIXED),
        }
    }
}
