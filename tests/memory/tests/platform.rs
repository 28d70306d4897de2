//! The platform's process, dumped after a password was set and after a payment: nothing of what was typed, of
//! slots and layouts, of the chains that opened them. The private seal key lies in its page and nowhere else.

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

/// What one envelope holds, recomputed with the key from the platform's file.
struct Entry {
    institution: Institution,
    derived: Derived,
    layout: Vec<u8>,
    slots: Vec<u8>,
}

impl Entry {
    fn typed(&self) -> Vec<u8> {
        self.slots.iter().map(|slot| self.layout[usize::from(*slot)]).collect()
    }
}

/// The entries of the last request to `to`, under what the answer to `begun_by` bound them to.
fn entries(stage: &Stage, folder: &Path, begun_by: &str, to: &str) -> Vec<Entry> {
    let records = stage.recorder().all();
    let body = |what: &str, direction| {
        let mut found =
            records.iter().filter(|r| r.what == what && r.direction == direction && !r.body.is_empty());
        found.next_back().unwrap().body.clone()
    };
    let submission = Submission::read(&body(to, Direction::Request)).unwrap();
    let launch = LaunchBody::read(&body(begun_by, Direction::Response)).unwrap();
    let entry = |bytes: &[u8]| {
        let envelope = Envelope::read(bytes).unwrap();
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
        Entry { institution, derived, layout, slots }
    };
    submission.packaged.iter().map(|packaged| entry(&packaged.envelope)).collect()
}

fn patterns(entries: &[&Entry], password: &str) -> Patterns {
    let mut patterns = Patterns::default();
    add(&mut patterns, PASSWORD, password.as_bytes());
    for entry in entries {
        secrets(&entry.derived, &mut patterns);
        add(&mut patterns, SLOTS, &entry.slots);
        add(&mut patterns, LAYOUT, &entry.layout);
    }
    patterns.add_words(SCALAR, 0, entries[0].institution.scalar());
    patterns
}

/// As elements of 1, 2, 4 and 8 bytes, as hexadecimal text, as a printed list; forwards and backwards.
fn add(patterns: &mut Patterns, family: Family, bytes: &[u8]) {
    let back: Vec<u8> = bytes.iter().rev().copied().collect();
    for bytes in [bytes, &back] {
        for width in [1, 2, 4, 8] {
            let wide: Vec<u8> =
                bytes.iter().flat_map(|byte| [vec![*byte], vec![0; width - 1]].concat()).collect();
            patterns.add(family, width, &wide);
        }
        patterns.add(family, 0, hex_text(bytes).as_bytes());
        let list: Vec<String> = bytes.iter().map(u8::to_string).collect();
        patterns.add(family, 0, list.join(", ").as_bytes());
    }
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

/// Sets a password and pays with it; the hits after each of the two. Once more with another password when the memory
/// held something of it before it was typed, as it holds every row of six small numbers now and then.
async fn pays(program: &Program, suite: SuiteId) -> [Vec<Hit>; 2] {
    for _ in 0..8 {
        if let Some(hits) = pays_once(program, suite).await {
            return hits;
        }
    }
    panic!("eight passwords lay in the memory before they were typed")
}

async fn pays_once(program: &Program, suite: SuiteId) -> Option<[Vec<Hit>; 2]> {
    let folder = tempfile::tempdir().unwrap();
    let options = StageOptions {
        folder: Some(folder.path().to_owned()),
        program: program.clone(),
        opened_fen: OPENED_FEN,
        suite: of_wire(suite),
    };
    let stage = Stage::raise(options).await.unwrap();
    let phone = stage.phone().await.unwrap();
    let mut user = User::new(phone.view(), phone.taps());
    let password = password();
    let before = dump(folder.path());
    user.sets_up(&password).await.unwrap();
    let set = dump(folder.path());
    let setting = entries(&stage, folder.path(), "POST /sdk/v1/password-setups", "POST /sdk/v1/passwords");
    let card = user.orders(0).await.unwrap();
    user.opens(&card).await.unwrap();
    user.pays(&password).await.unwrap();
    assert_eq!(user.result().await.unwrap().state, OutcomeState::Paid);
    let after = dump(folder.path());
    let payment = entries(&stage, folder.path(), "POST /sdk/v1/launches", "POST /sdk/v1/payments");
    assert_eq!((setting.len(), payment.len()), (2, 1));
    for entry in setting.iter().chain(&payment) {
        assert_eq!(entry.typed(), password.as_bytes(), "the institution reads what the user typed");
    }
    let setting: Vec<&Entry> = setting.iter().collect();
    let all: Vec<&Entry> = setting.iter().copied().chain(&payment).collect();
    let searched = |entries: &[&Entry], dump| Search::new(patterns(entries, &password)).run(dump, |_, _| {});
    let early = searched(&all, &before);
    stage.strike().await;
    let untyped = early.iter().all(|hit| hit.family == SCALAR);
    untyped.then(|| [searched(&setting, &set), searched(&all, &after)])
}

fn count(hits: &[Hit], family: Family) -> usize {
    places(hits, |hit| hit.family == family)
}

async fn keeps_nothing(suite: SuiteId) {
    let hits = pays(&msgpay_tests::program::platform(), suite).await;
    for (moment, hits) in ["set up", "paid"].into_iter().zip(&hits) {
        let others: Vec<&Hit> = hits.iter().filter(|hit| hit.family != SCALAR).collect();
        assert!(others.is_empty(), "{moment}: {others:?}");
        assert_eq!(count(hits, SCALAR), 1, "{moment}: the private seal key lies in its page alone");
    }
}

/// The same platform with lines that leak.
async fn is_found(suite: SuiteId) {
    // The stage starts the platform itself, so the switch goes through a program in between.
    let names = "chain-kept,keyed-kept,scalar-kept,password-kept,opened-slots-kept,opened-layout-kept,opened-key-kept,\
                 opened-schedule-kept,opened-shared-kept,opened-seed-kept";
    let switch = format!("{}={names}", control::SWITCH);
    let program = Program {
        path: "/usr/bin/env".into(),
        prefix: vec![switch.into(), control::platform().into(), "platform".into()],
    };
    // Of the Chinese suite the seed is kept, from which the rest of the set-up follows; of the other the shared point.
    let agreed = if suite == SuiteId::Guomi { Family::Setup } else { Family::Shared };
    let families =
        [PASSWORD, SLOTS, LAYOUT, Family::Chain, Family::Keyed, Family::Press, Family::Schedule, agreed];
    for (moment, hits) in ["set up", "paid"].into_iter().zip(&pays(&program, suite).await) {
        for family in families {
            assert!(count(hits, family) > 0, "{moment}: {family:?}");
        }
        assert!(count(hits, SCALAR) > 1, "{moment}: the private seal key");
    }
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
