//! The platform's process, dumped after a password was set and after a payment: nothing of what was typed, of
//! its slots and layout, of the chain that opened it. The private seal key lies in its page and nowhere else.

#![expect(clippy::unwrap_used, reason = "a laboratory that cannot look has failed its test")]

use msgpay_crypto::{SuiteId, random};
use msgpay_demo::recorder::Direction;
use msgpay_demo::scenario::native::OPENED_FEN;
use msgpay_demo::scenario::user::User;
use msgpay_demo::stage::{Program, Stage, StageOptions};
use msgpay_demo::view::OutcomeState;
use msgpay_memory::control;
use msgpay_memory::derive::{Derived, Institution, Opener};
use msgpay_memory::dump::Dump;
use msgpay_memory::search::{Family, Hit, Patterns, Search, places};
use msgpay_memory::wanted::secrets;
use msgpay_wire::answer::LaunchBody;
use msgpay_wire::entry::Envelope;
use msgpay_wire::request::Submission;
use std::path::Path;
use std::process::Command;

/// What the patterns stand for here.
const PASSWORD: Family = Family::Characters;
const SLOTS: Family = Family::Slots;
const LAYOUT: Family = Family::Layout;
const SCALAR: Family = Family::Present;

/// Six digits that no rule finds weak and no table holds.
fn password() -> String {
    loop {
        let digits: Vec<u32> = (0..6).map(|_| random::below(10).unwrap()).collect();
        let mut different = digits.clone();
        different.sort_unstable();
        different.dedup();
        let steps = digits.windows(2).all(|pair| pair[0].abs_diff(pair[1]) > 2);
        if different.len() == 6 && steps {
            return digits.iter().map(u32::to_string).collect();
        }
    }
}

/// The platform's memory while it is stopped.
fn dump(folder: &Path) -> Dump {
    let ready = std::fs::read_to_string(folder.join("platform/ready.json")).unwrap();
    let ready: serde_json::Value = serde_json::from_str(&ready).unwrap();
    let pid = u32::try_from(ready["pid"].as_u64().unwrap()).unwrap();
    let signal =
        |name: &str| assert!(Command::new("kill").args([name, &pid.to_string()]).status().unwrap().success());
    signal("-STOP");
    while !std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap().contains(") T ") {
        std::thread::yield_now();
    }
    let dump = Dump::take(pid);
    signal("-CONT");
    dump
}

/// What the payment's envelope holds, recomputed with the key from the platform's file.
struct Paid {
    institution: Institution,
    derived: Derived,
    layout: Vec<u8>,
    slots: Vec<u8>,
}

fn paid(stage: &Stage, folder: &Path) -> Paid {
    let records = stage.recorder().all();
    let body = |what: &str, direction| {
        let mut found =
            records.iter().filter(|r| r.what == what && r.direction == direction && !r.body.is_empty());
        found.next_back().unwrap().body.clone()
    };
    let submission = Submission::read(&body("POST /sdk/v1/payments", Direction::Request)).unwrap();
    let launch = LaunchBody::read(&body("POST /sdk/v1/launches", Direction::Response)).unwrap();
    let envelope = Envelope::read(&submission.packaged[0].envelope).unwrap();
    let suite = SuiteId::from_number(envelope.suite.number()).unwrap();
    let file = folder.join(format!("platform/keys/seal-{}.key", envelope.kid));
    let institution = Institution::of_pem(suite, &std::fs::read_to_string(file).unwrap()).unwrap();
    let digest = suite.suite().hash(&launch.summary);
    let context = envelope.context(submission.server_nonce, digest).encode();
    let derived = institution.derive(&envelope.encapsulated, &context).unwrap();
    let layout =
        Opener::new(suite, &derived.layout_key).open(b"layout", &envelope.layout).unwrap()[2..].to_vec();
    let open = |(number, (sealed, key)): (u8, (&[u8], &[u8; 32]))| {
        Opener::new(suite, key).open(&[number], sealed).unwrap()[0]
    };
    let slots = (1..).zip(envelope.presses().zip(&derived.press_keys)).map(open).take(6).collect();
    Paid { institution, derived, layout, slots }
}

fn patterns(paid: &Paid, password: &str) -> Patterns {
    let mut patterns = Patterns::default();
    secrets(&paid.derived, &mut patterns);
    patterns.add_words(SCALAR, 0, paid.institution.scalar());
    for bytes in [password.as_bytes(), &paid.slots, &paid.layout] {
        let family = if bytes.len() == 10 {
            LAYOUT
        } else if bytes == paid.slots {
            SLOTS
        } else {
            PASSWORD
        };
        for width in [1, 2, 4, 8] {
            let wide: Vec<u8> =
                bytes.iter().flat_map(|byte| [vec![*byte], vec![0; width - 1]].concat()).collect();
            patterns.add(family, width, &wide);
        }
        patterns.add(family, 0, hex_text(bytes).as_bytes());
    }
    patterns
}

fn hex_text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn of_wire(suite: SuiteId) -> msgpay_wire::SuiteId {
    match suite {
        SuiteId::Guomi => msgpay_wire::SuiteId::Guomi,
        _ => msgpay_wire::SuiteId::International,
    }
}

/// Sets a password and pays with it; the hits after each of the two, and what was typed was indeed typed.
async fn pays(program: Program, suite: SuiteId) -> [Vec<Hit>; 2] {
    let folder = tempfile::tempdir().unwrap();
    let options = StageOptions {
        folder: Some(folder.path().to_owned()),
        program,
        opened_fen: OPENED_FEN,
        suite: of_wire(suite),
    };
    let stage = Stage::raise(options).await.unwrap();
    let phone = stage.phone().await.unwrap();
    let mut user = User::new(phone.view(), phone.taps());
    let password = password();
    user.sets_up(&password).await.unwrap();
    let set = dump(folder.path());
    let card = user.orders(0).await.unwrap();
    user.opens(&card).await.unwrap();
    user.pays(&password).await.unwrap();
    assert_eq!(user.result().await.unwrap().state, OutcomeState::Paid);
    let after = dump(folder.path());
    let paid = paid(&stage, folder.path());
    let typed: Vec<u8> = paid.slots.iter().map(|slot| paid.layout[usize::from(*slot)]).collect();
    assert_eq!(typed, password.as_bytes(), "the institution reads what the user typed");
    let hits = [set, after].map(|dump| Search::new(patterns(&paid, &password)).run(&dump, |_, _| {}));
    stage.strike().await;
    hits
}

fn count(hits: &[Hit], family: Family) -> usize {
    places(hits, |hit| hit.family == family)
}

async fn keeps_nothing(suite: SuiteId) {
    let hits = pays(msgpay_tests::program::platform(), suite).await;
    for (moment, hits) in ["set up", "paid"].into_iter().zip(&hits) {
        let others: Vec<&Hit> = hits.iter().filter(|hit| hit.family != SCALAR).collect();
        assert!(others.is_empty(), "{moment}: {others:?}");
        assert_eq!(count(hits, SCALAR), 1, "{moment}: the private seal key lies in its page alone");
    }
}

/// The same platform with lines that leak.
async fn is_found(suite: SuiteId) {
    // The stage starts the platform itself, so the switch goes through a program in between.
    let names = "chain-kept,keyed-kept,scalar-kept,password-kept,opened-slots-kept,opened-layout-kept";
    let switch = format!("{}={names}", control::SWITCH);
    let program = Program {
        path: "/usr/bin/env".into(),
        prefix: vec![switch.into(), control::platform().into(), "platform".into()],
    };
    let [_, after] = pays(program, suite).await;
    for family in [PASSWORD, SLOTS, LAYOUT, Family::Chain, Family::Keyed] {
        assert!(count(&after, family) > 0, "{family:?}");
    }
    assert!(count(&after, SCALAR) > 1, "the private seal key");
}

#[tokio::test]
async fn platform_international_keeps_nothing_of_a_payment() {
    keeps_nothing(SuiteId::International).await;
}

#[tokio::test]
async fn platform_guomi_keeps_nothing_of_a_payment() {
    keeps_nothing(SuiteId::Guomi).await;
}

#[tokio::test]
async fn control_international_a_platform_that_keeps_what_it_opened_is_found() {
    is_found(SuiteId::International).await;
}

#[tokio::test]
async fn control_guomi_a_platform_that_keeps_what_it_opened_is_found() {
    is_found(SuiteId::Guomi).await;
}
