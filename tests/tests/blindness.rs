//! Merchant, Chatbot, operator and messaging client are blind: a whole payment is played over real sockets, the
//! sealed entry is opened with the institution's key to know what was secret, and all that those four received is
//! searched for it in every dress. Beside it the same search finds each of these secrets when it is planted. In both
//! suites.

#![expect(clippy::unwrap_used, reason = "a helper that cannot set its scene fails its test")]

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use msgpay_demo::recorder::{Direction, Party, Record};
use msgpay_demo::stage::Stage;
use msgpay_demo::view::Tap;
use msgpay_tests::play::{PASSWORD, Reached, play, raise_in};
use msgpay_tests::second_opener::{self, Algorithms, Bound, Opened, Sealed};
use msgpay_wire::Primitives as _;
use msgpay_wire::SuiteId;
use msgpay_wire::answer::LaunchBody;
use msgpay_wire::entry::Envelope;
use msgpay_wire::request::Submission;
use p256::pkcs8::DecodePrivateKey as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const BLIND: [Party; 3] = [Party::Merchant, Party::Maap, Party::Client];

/// What nobody but handset and institution may see, by name, in every dress that it may wear.
fn secrets(envelope: &[u8], opened: &Opened) -> Vec<(String, Vec<u8>)> {
    let parts = Envelope::read(envelope).unwrap();
    let layout = &opened.layout[2..];
    let values: Vec<u8> = layout.iter().map(|digit| digit - b'0').collect();
    let mut secrets = vec![
        ("the layout".to_owned(), layout.to_vec()),
        ("the layout as numbers".to_owned(), values.clone()),
        ("the layout as a list".to_owned(), list(&values)),
        ("the slots as a list".to_owned(), list(&opened.presses[..6])),
    ];
    let raw = [
        ("the envelope's beginning", &envelope[..48]),
        ("the encapsulated key", &parts.encapsulated[1..49]),
        ("the sealed layout", &parts.layout[..]),
        ("a sealed press", &parts.boxes[..17]),
        ("the closing tag", &parts.close[..]),
    ];
    for (name, bytes) in raw {
        secrets.push((name.to_owned(), bytes.to_vec()));
        secrets.push((format!("{name} in hex"), hex::encode(bytes).into_bytes()));
        for shift in 0..3 {
            // Base64 of a piece reads differently at each of three places; the ends depend on the neighbours.
            let text = STANDARD.encode(&bytes[shift..shift + (bytes.len() - shift) / 3 * 3]);
            secrets.push((format!("{name} in base64"), text.clone().into_bytes()));
            secrets.push((
                format!("{name} in base64url"),
                text.replace('+', "-").replace('/', "_").into_bytes(),
            ));
        }
    }
    secrets
}

fn list(numbers: &[u8]) -> Vec<u8> {
    numbers.iter().map(u8::to_string).collect::<Vec<_>>().join(",").into_bytes()
}

/// All that a record holds, as one text of bytes.
fn bytes_of(record: &Record) -> Vec<u8> {
    let mut bytes = record.what.clone().into_bytes();
    for (name, value) in &record.headers {
        bytes.extend_from_slice(format!("\n{name}: {value}").as_bytes());
    }
    bytes.push(b'\n');
    bytes.extend_from_slice(&record.body);
    bytes
}

/// Where the blind saw a secret, a line each. The password is a run of digits by itself: within a longer number six
/// digits say nothing.
fn seen(records: &[Arc<Record>], secrets: &[(String, Vec<u8>)]) -> Vec<String> {
    let mut seen = Vec::new();
    for record in records.iter().filter(|record| BLIND.contains(&record.to) || BLIND.contains(&record.tap)) {
        let bytes = bytes_of(record);
        let mut dresses: Vec<&str> = Vec::new();
        if bytes.split(|byte| !byte.is_ascii_digit()).any(|run| run == PASSWORD.as_bytes()) {
            dresses.push("the password");
        }
        let here = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        dresses.extend(secrets.iter().filter(|(_, needle)| here(needle)).map(|(name, _)| name.as_str()));
        seen.extend(dresses.iter().map(|name| format!("{name}: {} → {:?}", record.what, record.to)));
    }
    seen
}

/// The envelope of the payment, as the handset sent it, and what the institution's key finds in it.
fn open(suite: SuiteId, folder: &Path, records: &[Arc<Record>]) -> (Vec<u8>, Opened) {
    let of = |what: &str, direction| {
        let mut found =
            records.iter().filter(|r| r.what == what && r.direction == direction && !r.body.is_empty());
        found.next_back().cloned().unwrap()
    };
    let submission = Submission::read(&of("POST /sdk/v1/payments", Direction::Request).body).unwrap();
    let launch = LaunchBody::read(&of("POST /sdk/v1/launches", Direction::Response).body).unwrap();
    let bytes = submission.packaged[0].envelope.clone();
    let envelope = Envelope::read(&bytes).unwrap();
    assert_eq!(envelope.suite, suite);
    let bound = Bound {
        version: 1,
        suite: envelope.suite.number(),
        purpose: envelope.purpose.word().into(),
        kid: envelope.kid,
        server_nonce: submission.server_nonce,
        client_nonce: envelope.client_nonce,
        order_digest: msgpay_tests::institution::Crypto.hash(suite, &launch.summary),
        mode: envelope.mode,
        surface: envelope.surface,
    };
    let sealed = Sealed {
        encapsulated: envelope.encapsulated,
        layout: envelope.layout,
        boxes: envelope.boxes,
        close: envelope.close.to_vec(),
    };
    let key = folder.join(format!("platform/keys/seal-{}.key", envelope.kid));
    let pem = std::fs::read_to_string(key).unwrap();
    let (algorithms, key) = if suite == SuiteId::International {
        (Algorithms::P256, p256::SecretKey::from_pkcs8_pem(&pem).unwrap().to_bytes().into())
    } else {
        (Algorithms::Sm2, sm2::SecretKey::from_pkcs8_pem(&pem).unwrap().to_bytes().into())
    };
    (bytes, second_opener::open(algorithms, &key, &bound, &sealed).unwrap())
}

/// Says `text` in the chat, as a user who gives a secret away would, and waits until the merchant has it.
async fn say(stage: &Stage, user: &msgpay_demo::scenario::user::User, text: &str) {
    let arrived = |needle: &str| {
        let records = stage.recorder().received_by(Party::Merchant);
        records.iter().any(|record| record.contains(needle.as_bytes()))
    };
    user.taps(Tap::Say { chat: String::new(), text: text.to_owned() }).await.unwrap();
    let waiting = async {
        let mut live = stage.recorder().subscribe();
        while !arrived(text) {
            live.recv().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting).await.unwrap();
}

#[tokio::test]
async fn merchant_chatbot_and_operator_see_nothing_and_would_be_caught() {
    blind(SuiteId::International).await;
}

#[tokio::test]
async fn in_the_chinese_suite_they_see_nothing_and_would_be_caught() {
    blind(SuiteId::Guomi).await;
}

async fn blind(suite: SuiteId) {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = raise_in(folder.path(), suite).await.unwrap();
    let played = play(&mut stage, None, Reached::Told).await;
    assert_eq!(played.reached, Reached::Told);

    let records = stage.recorder().all();
    let (envelope, opened) = open(suite, folder.path(), &records);
    assert_eq!(
        opened.characters().unwrap(),
        PASSWORD.as_bytes(),
        "the institution reads what the user typed"
    );
    assert_eq!(
        played.layouts.last().unwrap().as_bytes(),
        &opened.layout[2..],
        "and the layout that the user saw"
    );
    let secrets = secrets(&envelope, &opened);

    for party in BLIND {
        assert!(stage.recorder().received_by(party).len() > 3, "{party:?} was recorded");
    }
    assert_eq!(seen(&records, &secrets), [""; 0]);

    // Controls, over the same wires: the user gives secrets away in the chat.
    let user = played.user.as_ref().unwrap();
    let layout = String::from_utf8(opened.layout[2..].to_vec()).unwrap();
    let sealed = URL_SAFE_NO_PAD.encode(&envelope);
    for (planted, text) in [
        ("the password", format!("我的密码是{PASSWORD}，请帮我付款")),
        ("the layout", layout),
        ("the sealed layout in base64url", sealed),
        ("the closing tag in hex", hex::encode(Envelope::read(&envelope).unwrap().close)),
    ] {
        say(&stage, user, &text).await;
        let found = seen(&stage.recorder().all(), &secrets);
        for party in [Party::Maap, Party::Merchant] {
            let caught =
                found.iter().any(|line| line.starts_with(planted) && line.ends_with(&format!("{party:?}")));
            assert!(caught, "{planted} at {party:?}: {found:?}");
        }
    }
    drop(played);
    stage.strike().await;
}
