//! Why an entry did not open reaches log and audit trail, each reason by its own name; the answer outside is one and
//! the same, and nothing that was opened is written anywhere. In both suites.

use std::sync::{Arc, Mutex};

use msgpay_crypto::OpeningKey;
use msgpay_wire::{
    SuiteId,
    entry::{EntryPurpose, Envelope},
    problem::Code,
    request::{Packaged, Submission},
};

use super::{super::rig::*, refusal, verdict};
use crate::{
    domain::{Refusal, Verdict},
    factors::Unopened,
    keys, log,
    store::AuditEvent,
};

/// The lines of the platform's own log, as long as it lives.
struct Ear {
    lines: Arc<Mutex<Vec<String>>>,
    _here: tracing::subscriber::DefaultGuard,
}

impl Ear {
    fn of(rig: &Rig) -> Self {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&lines);
        let subscriber = log::lines(rig.clock.clone(), tracing::Level::INFO, move |line| {
            heard.lock().unwrap().push(line.to_owned());
        });
        Self { lines, _here: tracing::subscriber::set_default(subscriber) }
    }

    fn all(&self) -> String {
        self.lines.lock().unwrap().concat()
    }

    /// Lines about entries of that order that did not open.
    fn about(&self, order: &str) -> Vec<serde_json::Value> {
        let lines = self.lines.lock().unwrap();
        let values = lines.iter().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        values.filter(|line| line["event"] == "entry_unopened" && line["order"] == order).collect()
    }
}

type Row = (String, String, Option<Vec<u8>>, String);

/// Actor, outcome, digest of the request and further words of the events about entries of that order.
async fn audited(rig: &Rig, order: &str) -> Vec<Row> {
    sqlx::query_as(
        "SELECT actor, outcome, req_hash, body FROM audit_event
         WHERE action = 'ENTRY_UNOPENED' AND object = ?1 ORDER BY id",
    )
    .bind(order)
    .fetch_all(rig.store.read())
    .await
    .unwrap()
}

fn other(suite: SuiteId) -> SuiteId {
    SuiteId::ALL.into_iter().find(|of| *of != suite).unwrap()
}

/// One entry for each reason, in the reasons' order; `elsewhere` is the launch of another order.
fn ways(rig: &Rig, shown: &Shown, elsewhere: &Shown) -> Vec<(Unopened, Vec<u8>)> {
    let purpose = EntryPurpose::Password;
    let seal = |shown: &Shown| sealed(&rig.seal_key, KID, shown, purpose, PASSWORD);
    let with = |change: fn(&mut Envelope)| {
        let mut envelope = seal(shown);
        change(&mut envelope);
        envelope.encode()
    };
    let of_slots = |layout: &[u8], slots: &[u8]| {
        sealed_slots(&rig.seal_key, KID, shown, purpose, (layout, slots), 0).encode()
    };
    let foreign = Shown { suite: other(shown.suite), ..shown.clone() };
    let foreign_key = OpeningKey::make(keys::suite(foreign.suite)).unwrap().public_key();
    let whole = [&[1, 10], &LAYOUT[..]].concat();
    vec![
        (Unopened::Form, b"no envelope".to_vec()),
        (Unopened::WrongSuite, sealed(&foreign_key, KID, &foreign, purpose, PASSWORD).encode()),
        (Unopened::WrongKey, sealed(&rig.seal_key, KID + 1, shown, purpose, PASSWORD).encode()),
        (
            Unopened::WrongContext,
            sealed(&rig.seal_key, KID, shown, EntryPurpose::PasswordNew, PASSWORD).encode(),
        ),
        (Unopened::Encapsulation, with(|e| e.encapsulated.fill(0))),
        (Unopened::Layout, seal(&Shown { digest: elsewhere.digest, ..shown.clone() }).encode()),
        (Unopened::Press, with(|e| e.boxes[17 * 5] ^= 1)),
        (Unopened::ClosingTag, with(|e| e.close[0] ^= 1)),
        (Unopened::Kind, of_slots(&[&[3, 10], &LAYOUT[..]].concat(), &slots(PASSWORD))),
        (Unopened::Entry, of_slots(&whole, &[10; 6])),
    ]
}

/// A refusal without what differs from request to request by right.
fn outside(mut refusal: Refusal) -> Refusal {
    let receipt = refusal.receipt.as_mut().unwrap();
    receipt.cose.clear();
    receipt.fields.subject_no.clear();
    (receipt.fields.order_digest, receipt.fields.request_digest) = ([0; 32], [0; 32]);
    refusal
}

/// Where what was opened on the way could be found again: as characters in log and trail, as layout and slots in
/// every file.
async fn written(rig: &Rig, ear: &Ear) -> Vec<&'static str> {
    let rows: Vec<(String, String, String, String)> =
        sqlx::query_as("SELECT actor, object, outcome, body FROM audit_event")
            .fetch_all(rig.store.read())
            .await
            .unwrap();
    let trail: Vec<String> = rows.into_iter().map(|(a, b, c, d)| format!("{a}\n{b}\n{c}\n{d}\n")).collect();
    let mut files = Vec::new();
    for file in std::fs::read_dir(rig.dir.path()).unwrap() {
        files.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    // Within a longer number six digits say nothing.
    let alone = |text: &str| text.split(|c: char| !c.is_ascii_digit()).any(|run| run == PASSWORD);
    let typed = [slots(PASSWORD), vec![0xFF; 10]].concat();
    let holds = |needle: &[u8]| files.windows(needle.len()).any(|window| window == needle);
    let layout = std::str::from_utf8(LAYOUT).unwrap();
    [
        ("password in the log", alone(&ear.all())),
        ("layout in the log", ear.all().contains(layout)),
        ("password in the trail", alone(&trail.concat())),
        ("layout in a file", holds(LAYOUT)),
        ("slots in a file", holds(&typed)),
    ]
    .into_iter()
    .filter_map(|(name, found)| found.then_some(name))
    .collect()
}

fn request(rig: &Rig, shown: &Shown, envelope: Vec<u8>) -> Submission {
    rig.signed(shown, vec![Packaged { purpose: EntryPurpose::Password, envelope }])
}

#[tokio::test]
async fn each_reason_reaches_log_and_audit_by_its_name_and_the_answer_is_one() {
    for suite in SuiteId::ALL {
        let rig = Rig::in_suite(suite).await;
        let ear = Ear::of(&rig);
        let elsewhere = rig.launch(&rig.order("elsewhere", 900).await).await;
        let mut answers = Vec::new();
        for (number, why) in Unopened::ALL.into_iter().enumerate() {
            let order = rig.order(&format!("M{number}"), 500).await;
            let shown = rig.launch(&order).await;
            let (made, envelope) = ways(&rig, &shown, &elsewhere).swap_remove(number);
            assert_eq!(made, why, "each way is there, in order");
            let request = request(&rig, &shown, envelope);
            let answer = rig.payments.submit(&rig.device, request.clone()).await.unwrap();
            answers.push(outside(refusal(answer)));

            let lines = ear.about(&order.pay_order_no);
            let [line] = lines.as_slice() else { panic!("one line for {why:?}: {lines:?}") };
            assert_eq!(line["reason"], why.word(), "{suite:?}");
            assert_eq!(line["device"], rig.device.device_id.as_str());
            let members: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(members, ["at_ms", "device", "event", "level", "order", "reason"]);

            let digest = rig.digest(&shown, &request.packaged).to_vec();
            let actor = format!("device:{}", rig.device.device_id);
            let expected = (actor, why.word().to_owned(), Some(digest), "password".to_owned());
            assert_eq!(audited(&rig, &order.pay_order_no).await, [expected], "{why:?}, {suite:?}");
        }
        assert_eq!((answers[0].code, answers[0].counted), (Code::Unopenable, false));
        for (answer, why) in answers.iter().zip(Unopened::ALL) {
            assert_eq!(answer, &answers[0], "outside, {why:?} is as any other");
        }
        assert_eq!((rig.fails().await, rig.debited().await), (0, 0));
        assert_eq!(written(&rig, &ear).await, [""; 0]);
        assert_eq!(rig.findings().await, [], "the trail with these events verifies");
    }
}

#[tokio::test]
async fn an_entry_that_opens_is_in_neither_and_what_leaks_would_be_found() {
    let rig = Rig::new().await;
    let ear = Ear::of(&rig);
    let order = rig.order("M1", 500).await;
    assert_eq!(refusal(rig.pay(&order, WRONG).await).code, Code::WrongPassword);
    assert_eq!(verdict(&rig.pay(&order, PASSWORD).await), Some(Verdict::Success));
    assert_eq!(ear.about(&order.pay_order_no), [serde_json::Value::Null; 0]);
    assert_eq!(audited(&rig, &order.pay_order_no).await, []);
    assert_eq!(written(&rig, &ear).await, [""; 0]);

    // The same search, over a platform that says too much.
    let layout = std::str::from_utf8(LAYOUT).unwrap();
    tracing::warn!(target: "msgpay_platform", event = "entry_unopened", reason = PASSWORD, order = layout);
    let typed = [slots(PASSWORD), vec![0xFF; 10]].concat();
    std::fs::write(rig.dir.path().join("kept"), typed).unwrap();
    let body = format!("{PASSWORD} of {layout}");
    let event = AuditEvent {
        actor: "platform".into(),
        action: "ENTRY_UNOPENED".into(),
        object: order.pay_order_no,
        outcome: "press".into(),
        req_hash: None,
        body,
    };
    rig.store.audit(event).await.unwrap();
    let all = [
        "password in the log",
        "layout in the log",
        "password in the trail",
        "layout in a file",
        "slots in a file",
    ];
    assert_eq!(written(&rig, &ear).await, all);
}

#[tokio::test]
async fn of_two_entries_each_that_stays_sealed_is_told() {
    let rig = Rig::bare(super::Rules::default()).await;
    let ear = Ear::of(&rig);
    for (spoilt, told) in [
        ([false, true], vec![("closing-tag", "password-repeat")]),
        ([true, false], vec![("closing-tag", "password-new")]),
        ([true, true], vec![("closing-tag", "password-new"), ("closing-tag", "password-repeat")]),
    ] {
        let (_, shown) = rig.try_setup().await;
        let purposes = [EntryPurpose::PasswordNew, EntryPurpose::PasswordRepeat];
        let packaged = purposes.into_iter().zip(spoilt).map(|(purpose, spoilt)| {
            let mut envelope = sealed(&rig.seal_key, KID, &shown, purpose, PASSWORD);
            envelope.close[0] ^= u8::from(spoilt);
            Packaged { purpose, envelope: envelope.encode() }
        });
        let request = rig.signed(&shown, packaged.collect());
        let answer = rig.payments.set_password(&rig.device, request).await.unwrap();
        assert_eq!(refusal(answer).code, Code::Unopenable);
        let rows = audited(&rig, &shown.subject_no).await;
        let words: Vec<_> = rows.iter().map(|(_, why, _, which)| (why.as_str(), which.as_str())).collect();
        assert_eq!(words, told);
        assert_eq!(ear.about(&shown.subject_no).len(), told.len());
    }
    let (set,): (i64,) = sqlx::query_as("SELECT count(*) FROM password_state WHERE phc IS NOT NULL")
        .fetch_one(rig.store.read())
        .await
        .unwrap();
    assert_eq!(set, 0, "no password was set");
}
