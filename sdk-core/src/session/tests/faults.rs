//! Everything on the way that is not what it claims to be.

use msgpay_wire::{
    Fen, Primitives as _, SuiteId,
    answer::{LaunchAnswer, LaunchBody},
    launch::{Link, wallet_binding},
    problem::Code,
    receipt::{Receipt, Verdict},
    request::SubmissionAnswer,
    summary::Summary,
    trust::Purpose,
};

use super::not_paid;
use crate::{
    Answer, Outcome, Step, Todo, Why,
    testing::{PASSWORD, World, refused},
    trust::{Crypto, roots},
};

fn launch_of(world: &World, link: &str) -> (Todo, Why) {
    not_paid(&world.msgpay.launch(link).unwrap().step().unwrap())
}

const STRANGER: (Todo, Why) = (Todo::OtherWay, Why::LinkNotGenuine);

#[test]
fn an_altered_link_is_a_strangers() {
    let world = World::ready();
    let good = world.house.order("P1", 100);
    let Link { pay_order_no, token } = Link::read(&good).unwrap();
    for at in 0..token.len() {
        let mut altered = token.clone();
        altered[at] ^= 1;
        let link = Link { pay_order_no: pay_order_no.clone(), token: altered }.text();
        assert_eq!(launch_of(&world, &link), STRANGER, "byte {at}");
    }
    for link in
        ["", "msgpay://v1/pay", "https://example.com", "msgpay://v1/pay?o=P1", "msgpay://v1/pay?o=P1&tk=AA"]
    {
        assert_eq!(launch_of(&world, link), STRANGER, "{link}");
    }
    let other_number = Link { pay_order_no: "P2".into(), token }.text();
    assert_eq!(launch_of(&world, &other_number), STRANGER);
    assert!(matches!(world.msgpay.launch(&good).unwrap().step(), Ok(Step::Send(_))), "the good one is good");
}

#[test]
fn an_expired_link_says_so() {
    let world = World::ready();
    let link = world.house.order("P1", 100);
    world.clock.advance(1_800_000 + 299_000);
    assert!(
        matches!(world.msgpay.launch(&link).unwrap().step(), Ok(Step::Send(_))),
        "within the clock's doubt"
    );
    world.clock.advance(1_000);
    assert_eq!(launch_of(&world, &link), (Todo::OtherWay, Why::LinkExpired));
}

#[test]
fn a_link_for_another_wallet_says_so() {
    let world = World::ready();
    world.house.order("P1", 100);
    let mut token = world.house.token("P1");
    token.wallet_binding = wallet_binding(&Crypto, SuiteId::International, "W-2", &token.nonce);
    assert_eq!(launch_of(&world, &world.house.link_of(&token)), (Todo::OtherWay, Why::OtherWallet));
}

#[test]
fn another_institution_speaks_for_itself_only() {
    let world = World::ready();
    let own = world.rival.order("P1", 100);
    assert_eq!(launch_of(&world, &own), (Todo::OtherWay, Why::NotActivated));
    world.house.order("P1", 100);
    let forged = world.rival.link_of(&world.house.token("P1"));
    assert_eq!(launch_of(&world, &forged), STRANGER, "signed by B, names A");
    let unknown = crate::testing::House::make("WALLET_X", world.clock.clone());
    assert_eq!(launch_of(&world, &unknown.order("P1", 100)), STRANGER);
}

#[test]
fn a_handset_that_is_not_activated_says_so() {
    let world = World::new();
    let link = world.house.order("P1", 100);
    assert_eq!(launch_of(&world, &link), (Todo::OtherWay, Why::NotActivated));
}

/// The honest answer to a launch, given to `change` for altering and signing anew.
fn launch_answered_with(change: impl FnOnce(&World, &mut Parts)) -> Step {
    let world = World::ready();
    let link = world.house.order("P1", 100);
    let mut payment = world.msgpay.launch(&link).unwrap();
    let Ok(Step::Send(request)) = payment.step() else { panic!("a request") };
    let honest = world.house.serve(&request);
    let body = LaunchBody::read(&honest.body).unwrap();
    let now = u64::try_from(crate::testing::NOON_MS / 1_000).unwrap();
    let pinned = roots(&world.house.pinned());
    let (answer, _) = LaunchAnswer::open(&Crypto, &pinned, &body.answer, now).unwrap();
    let mut parts = Parts { summary: Summary::read(&body.summary).unwrap(), answer, body, resign: None };
    change(&world, &mut parts);
    let mut body = parts.body;
    if let Some((house, purpose)) = parts.resign {
        let house = if house == "WALLET_A" { &world.house } else { &world.rival };
        body.answer = house.sign(purpose, parts.answer.payload());
    }
    payment.answered(Ok(Answer { body: body.encode(), ..honest })).unwrap();
    payment.step().unwrap()
}

struct Parts {
    summary: Summary,
    answer: LaunchAnswer,
    body: LaunchBody,
    /// Who signs the changed answer, with the key of which purpose.
    resign: Option<(&'static str, Purpose)>,
}

impl Parts {
    fn signed_again(&mut self) {
        self.resign = Some(("WALLET_A", Purpose::Summary));
    }

    /// Puts the changed summary in, with its right digest, signed by the institution.
    fn summary_signed_again(&mut self) {
        self.body.summary = self.summary.encode();
        self.answer.summary_digest = Crypto.hash(SuiteId::International, &self.body.summary);
        self.signed_again();
    }
}

#[test]
fn the_harness_itself_changes_nothing() {
    assert!(matches!(launch_answered_with(|_, _| {}), Step::Review(_)));
    assert!(matches!(launch_answered_with(|_, parts| parts.summary_signed_again()), Step::Review(_)));
}

#[test]
fn a_launch_answer_that_does_not_fit_is_not_believed() {
    type Change = fn(&World, &mut Parts);
    let cases: [(&str, Change); 21] = [
        ("amount changed under the old signature", |_, p| {
            p.summary.amount = Fen::new(1).unwrap();
            p.body.summary = p.summary.encode();
        }),
        ("payee's name changed under the old signature", |_, p| {
            p.summary.payee_name = "青禾咖非".into();
            p.body.summary = p.summary.encode();
        }),
        ("no signature", |_, p| p.body.answer = p.answer.payload()),
        ("signature of one byte less", |_, p| {
            p.body.answer.pop();
        }),
        ("signed by a key of another purpose", |_, p| p.resign = Some(("WALLET_A", Purpose::Receipt))),
        ("signed by the other institution", |_, p| p.resign = Some(("WALLET_B", Purpose::Summary))),
        ("names the other institution", |_, p| {
            p.answer.institution_id = "WALLET_B".into();
            p.signed_again();
        }),
        ("another client nonce", |_, p| {
            p.answer.client_nonce[0] ^= 1;
            p.signed_again();
        }),
        ("another device", |_, p| {
            p.answer.device_id = "D-2".into();
            p.signed_again();
        }),
        ("another wallet", |_, p| {
            p.answer.wallet_id = "W-2".into();
            p.signed_again();
        }),
        ("another token", |_, p| {
            p.answer.token_digest[0] ^= 1;
            p.signed_again();
        }),
        ("over", |_, p| {
            p.answer.expires -= 600;
            p.signed_again();
        }),
        ("seal key of the other institution", |w, p| p.body.seal_statement = w.rival.seal_statement.clone()),
        ("seal key of the other institution, digest signed", |w, p| {
            p.body.seal_statement = w.rival.seal_statement.clone();
            p.answer.seal_statement_digest = Crypto.hash(SuiteId::International, &p.body.seal_statement);
            p.signed_again();
        }),
        ("another genuine seal statement than was signed for", |w, p| {
            p.body.seal_statement = w.house.other_seal_statement();
        }),
        ("another policy than was signed for", |w, p| {
            let mut policy = w.house.state().policy.clone().unwrap();
            policy.amount_fen_max += 1;
            p.body.policy = w.house.sign(Purpose::Policy, policy.payload());
        }),
        ("policy signed by a key of another purpose", |w, p| {
            let policy = w.house.state().policy.clone().unwrap();
            p.body.policy = w.house.sign(Purpose::Receipt, policy.payload());
            p.answer.policy_digest = Crypto.hash(SuiteId::International, &p.body.policy);
            p.signed_again();
        }),
        ("summary of another order", |_, p| {
            p.summary.pay_order_no = "P2".into();
            p.summary_signed_again();
        }),
        ("summary of another wallet", |_, p| {
            p.summary.wallet_id = "W-2".into();
            p.summary_signed_again();
        }),
        ("token of one merchant, summary of another", |_, p| {
            p.summary.payee_id = "M-2".into();
            p.summary_signed_again();
        }),
        ("summary of another institution", |_, p| {
            p.summary.institution_id = "WALLET_B".into();
            p.summary_signed_again();
        }),
    ];
    for (name, change) in cases {
        let step = launch_answered_with(change);
        assert_eq!(not_paid(&step), (Todo::AskInstitution, Why::AnswerNotGenuine), "{name}");
    }
}

#[test]
fn withdrawn_keys_older_policies_and_demands_that_cannot_be_met_fail_closed() {
    use msgpay_wire::{factors::Way, policy::Policy};
    type Change = fn(&mut Policy);
    let genuine = (Todo::AskInstitution, Why::AnswerNotGenuine);
    let older = (Todo::TryAgain, Why::OlderRules);
    let allowed = (Todo::OtherWay, Why::NotAllowed);
    let cases: [(&str, Change, &(Todo, Why)); 7] = [
        ("seal key withdrawn", |p| p.kids_min = vec![(SuiteId::International, Purpose::Seal, 12)], &genuine),
        (
            "summary key withdrawn",
            |p| p.kids_min = vec![(SuiteId::International, Purpose::Summary, 99)],
            &genuine,
        ),
        (
            "launch key withdrawn",
            |p| p.kids_min = vec![(SuiteId::International, Purpose::Launch, 99)],
            &genuine,
        ),
        ("older than seen before", |p| p.serial = 2, &older),
        ("a factor that is not here", |p| p.ways = vec![Way::by_both()], &allowed),
        ("above the limit", |p| p.amount_fen_max = 99, &allowed),
        ("over", |p| p.expires = p.issued, &allowed),
    ];
    for (name, change, expected) in cases {
        let world = World::ready();
        let link = world.house.order("P1", 100);
        assert!(matches!(world.advance(&mut world.msgpay.launch(&link).unwrap()), Step::Review(_)));
        let now = u64::try_from(crate::testing::NOON_MS / 1_000).unwrap();
        {
            let mut state = world.house.state();
            let policy = state.policy.as_mut().unwrap();
            policy.issued = now - 900;
            change(policy);
        }
        let step = world.advance(&mut world.msgpay.launch(&link).unwrap());
        assert_eq!(&not_paid(&step), expected, "{name}");
    }
}

#[test]
fn a_launch_without_answer_or_with_a_refusal_pays_nothing() {
    let world = World::ready();
    let link = world.house.order("P1", 100);
    let ended = |answer: Result<Answer, crate::NoAnswer>| {
        let mut payment = world.msgpay.launch(&link).unwrap();
        not_paid(&world.advance_with(&mut payment, |_| answer.clone()))
    };
    assert_eq!(ended(Err(crate::NoAnswer)), (Todo::TryAgain, Why::NoConnection));
    assert_eq!(ended(Ok(refused(Code::Closed, None))), (Todo::Nothing, Why::OrderClosed));
    assert_eq!(ended(Ok(refused(Code::InProgress, None))), (Todo::TryAgain, Why::InProgress));
    let page = Answer { status: 502, content_type: "text/html".into(), body: b"<h1>".to_vec() };
    assert_eq!(ended(Ok(page)), (Todo::TryAgain, Why::AnswerNotGenuine));
    let made_up =
        br#"{"type":"","title":"pay at evil.example","status":400,"code":"5G-9<b>","retryable":false}"#;
    let json = "application/problem+json; charset=utf-8".to_owned();
    let strange = Answer { status: 400, content_type: json, body: made_up.to_vec() };
    assert_eq!(ended(Ok(strange)), (Todo::AskInstitution, Why::Refused(String::new())), "no text of a peer");
    assert_eq!(world.house.paid("P1"), 0);
}

/// The answer to the payment, made of the honest receipt by `change`.
fn payment_answered_with(change: impl FnOnce(&World, Receipt, Vec<u8>) -> Answer) -> Step {
    let world = World::ready();
    let link = world.house.order("P1", 100);
    let mut payment = world.typed(&link, PASSWORD);
    let Ok(Step::Send(request)) = payment.step() else { panic!("a request") };
    let honest = world.house.serve(&request);
    let Ok(SubmissionAnswer::Receipt(signed)) = SubmissionAnswer::read(&honest.body) else {
        panic!("a receipt")
    };
    let now = u64::try_from(crate::testing::NOON_MS / 1_000).unwrap();
    let (receipt, _) = Receipt::open(&Crypto, &roots(&world.house.pinned()), &signed, now).unwrap();
    payment.answered(Ok(change(&world, receipt, signed))).unwrap();
    let step = payment.step().unwrap();
    assert_eq!(world.msgpay.unresolved().unwrap().is_empty(), matches!(step, Step::Concluded(_)));
    if matches!(step, Step::Unresolved { .. }) {
        // Whatever came between: the question finds the truth.
        payment.resolve().unwrap();
        assert!(matches!(world.advance(&mut payment), Step::Concluded(Outcome::Paid(_))));
        assert_eq!(world.house.paid("P1"), 1);
    }
    step
}

fn receipt_answer(bytes: Vec<u8>) -> Answer {
    let body = SubmissionAnswer::Receipt(bytes).encode();
    Answer { status: 200, content_type: "application/cbor".into(), body }
}

#[test]
fn only_the_receipt_for_exactly_this_request_concludes() {
    type Change = fn(&mut Receipt);
    let same: Change = |_| {};
    let cases: [(&str, Change, &str, Purpose); 9] = [
        ("another request", |r| r.request_digest[0] ^= 1, "A", Purpose::Receipt),
        ("another order digest", |r| r.order_digest[0] ^= 1, "A", Purpose::Receipt),
        ("another order number", |r| r.pay_order_no = "P2".into(), "A", Purpose::Receipt),
        ("another device", |r| r.device_id = "D-2".into(), "A", Purpose::Receipt),
        ("another institution's name", |r| r.institution_id = "WALLET_B".into(), "A", Purpose::Receipt),
        ("another institution's key", same, "B", Purpose::Receipt),
        ("a key of another purpose", same, "A", Purpose::Summary),
        (
            "failure of another request",
            |r| {
                r.verdict = Verdict::Fail;
                r.request_digest[31] ^= 1;
            },
            "A",
            Purpose::Receipt,
        ),
        (
            "void of another request",
            |r| {
                r.verdict = Verdict::Void;
                r.request_digest[31] ^= 1;
            },
            "A",
            Purpose::Receipt,
        ),
    ];
    for (name, change, house, purpose) in cases {
        let step = payment_answered_with(|world, mut receipt, _| {
            change(&mut receipt);
            let house = if house == "A" { &world.house } else { &world.rival };
            receipt_answer(house.sign(purpose, receipt.payload()))
        });
        assert!(matches!(step, Step::Unresolved { .. }), "{name}: {step:?}");
    }
    let step = payment_answered_with(|_, _, signed| receipt_answer(signed));
    assert!(matches!(step, Step::Concluded(Outcome::Paid(_))));
}

#[test]
fn a_receipt_of_a_withdrawn_key_concludes_nothing() {
    let world = World::ready();
    world.house.state().policy.as_mut().unwrap().kids_min =
        vec![(SuiteId::International, Purpose::Receipt, 99)];
    let link = world.house.order("P1", 100);
    let step = world.advance(&mut world.typed(&link, PASSWORD));
    assert!(matches!(step, Step::Unresolved { .. }), "{step:?}");
}

#[test]
fn an_unsigned_answer_concludes_nothing() {
    let answers: [fn(Receipt, Vec<u8>) -> Answer; 8] = [
        |receipt, _| receipt_answer(receipt.payload()),
        |_, mut signed| {
            let last = signed.len() - 1;
            signed[last] ^= 1;
            receipt_answer(signed)
        },
        |_, _| refused(Code::WrongPassword, None),
        |receipt, _| refused(Code::WrongPassword, Some(receipt.payload())),
        |_, _| refused(Code::Signature, None),
        |_, _| Answer { status: 200, content_type: "text/plain".into(), body: b"paid".to_vec() },
        |_, _| Answer { status: 204, content_type: String::new(), body: Vec::new() },
        |_, signed| Answer { status: 302, ..receipt_answer(signed) },
    ];
    for (number, answer) in answers.into_iter().enumerate() {
        let step = payment_answered_with(|_, receipt, signed| answer(receipt, signed));
        assert!(matches!(step, Step::Unresolved { .. }), "{number}: {step:?}");
    }
}
