//! What the records prove. Every function reads recorded bytes and nothing else.

use std::collections::BTreeSet;
use std::sync::Arc;

use base64::Engine as _;
use msgpay_suites::Suites;
use msgpay_wire::annex_c::{NewOrder, OrderAccepted};
use msgpay_wire::answer::LaunchBody;
use msgpay_wire::cose::Unverified;
use msgpay_wire::entry::Envelope;
use msgpay_wire::httpsig::{digest_name, suite_of_alg};
use msgpay_wire::launch::Link;
use msgpay_wire::receipt::{Receipt, Verdict};
use msgpay_wire::request::{RequestParts, Submission, SubmissionAnswer, request_digest};
use msgpay_wire::trust::Roots;
use msgpay_wire::{Digest, Primitives as _, SuiteId};

use super::promise::{Books, finds, finds_digits};
use super::transcript::{self, Step};
use crate::recorder::{Direction, Party, Record, Recorder};
use crate::view::{Message, MessageBody};

type Records = [Arc<Record>];

/// The steps of B.3 that were on the wire.
#[must_use]
pub fn steps(records: &Records) -> BTreeSet<Step> {
    records
        .iter()
        .filter(|record| transcript::is_readers(record))
        .filter_map(|record| transcript::read(record)?.step)
        .collect()
}

fn is_payment(record: &Record) -> bool {
    record.what == "POST /sdk/v1/payments"
}

fn is_payment_or_resolve(record: &Record) -> bool {
    is_payment(record)
        || (record.what.starts_with("POST /sdk/v1/payments/") && record.what.ends_with("/resolve"))
}

/// Payment requests that left the handset.
#[must_use]
pub fn submissions(records: &Records) -> usize {
    records
        .iter()
        .filter(|r| is_payment(r) && r.direction == Direction::Request && r.tap == Party::Handset)
        .count()
}

/// Waits until a payment request has left the handset.
pub async fn wait_for_submission(recorder: &Recorder) {
    let mut live = recorder.subscribe();
    while submissions(&recorder.all()) == 0 {
        if live.recv().await.is_err() {
            tokio::task::yield_now().await;
        }
    }
}

/// Receipts that the handset received.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Receipts {
    /// Verified SUCCESS receipts that fit a request that this handset sent.
    pub success: usize,
    /// Receipts that verify under no pinned root, or fit no request that was sent.
    pub unfit: usize,
}

/// Verifies every receipt that the handset received against the requests that it sent.
#[must_use]
pub fn receipts(records: &Records, roots: &Roots, wallet: &str) -> Receipts {
    let digests: Vec<(String, Digest)> = records
        .iter()
        .filter(|r| is_payment(r) && r.direction == Direction::Request && r.tap == Party::Handset)
        .filter_map(|r| sent_digest(r, records, wallet))
        .collect();
    let mut seen = BTreeSet::new();
    let mut receipts = Receipts::default();
    for record in records.iter().filter(|r| is_payment_or_resolve(r) && r.direction == Direction::Response) {
        let Some(signed) = signed_receipt(record) else { continue };
        let now = u64::try_from(record.at_ms / 1000).unwrap_or(0);
        match Receipt::open(&Suites, roots, &signed, now) {
            Ok((receipt, _)) if digests.iter().any(|(_, digest)| *digest == receipt.request_digest) => {
                if receipt.verdict == Verdict::Success && seen.insert(receipt.request_digest) {
                    receipts.success += 1;
                }
            }
            _ => receipts.unfit += 1,
        }
    }
    receipts
}

fn signed_receipt(record: &Record) -> Option<Vec<u8>> {
    if let Ok(SubmissionAnswer::Receipt(signed)) = SubmissionAnswer::read(&record.body) {
        return Some(signed);
    }
    let problem = msgpay_wire::problem::Problem::read(&record.body)?;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(problem.receipt?).ok()
}

/// The digest of a recorded request, computed anew: order digest from the launch answer that carried its nonce.
fn sent_digest(record: &Record, records: &Records, wallet: &str) -> Option<(String, Digest)> {
    let submission = Submission::read(&record.body).ok()?;
    let launch = records
        .iter()
        .filter(|r| {
            r.what == "POST /sdk/v1/launches" && r.direction == Direction::Response && r.seq < record.seq
        })
        .filter_map(|r| msgpay_wire::answer::LaunchBody::read(&r.body).ok())
        .find(|body| finds(&body.answer, &submission.server_nonce))?;
    let suite = Unverified::read("launch answer", &launch.answer).ok()?.suite();
    let order_digest = Suites.hash(suite, &launch.summary);
    let device = record.header("signature-input").and_then(keyid)?;
    let parts = RequestParts {
        suite,
        device_id: &device,
        wallet_id: wallet,
        order_digest: &order_digest,
        packaged: &submission.packaged,
        biometric: submission.biometric.as_ref().map(|touched| &touched.kid),
        evidence: &submission.evidence,
        server_nonce: &submission.server_nonce,
    };
    Some((submission.pay_order_no.clone(), request_digest(&Suites, &parts)))
}

/// How many payments were sent with a sealed entry.
#[must_use]
pub fn typed_payments(records: &Records) -> usize {
    let sent =
        records.iter().filter(|r| r.what == "POST /sdk/v1/payments" && r.direction == Direction::Request);
    let typed = |r: &&std::sync::Arc<Record>| {
        Submission::read(&r.body).is_ok_and(|submission| !submission.packaged.is_empty())
    };
    sent.filter(typed).count()
}

fn keyid(signature_input: &str) -> Option<String> {
    signature_input.split("keyid=\"").nth(1)?.split('"').next().map(str::to_owned)
}

/// What was signed, sealed or digested in another suite than `suite`, a line each; what is of no known suite counts as
/// another. TLS and the operator's dialect, which know no suites, are not looked at.
#[must_use]
pub fn other_suites(records: &Records, suite: SuiteId) -> Vec<String> {
    let mut strange = Vec::new();
    for record in records {
        let mut tell = |what: &str, of: Option<SuiteId>| {
            if of != Some(suite) {
                strange.push(format!("{what} in record {} ({})", record.seq, record.what));
            }
        };
        if let Some(input) = record.header("signature-input") {
            let alg = input.split("alg=\"").nth(1).and_then(|rest| rest.split('"').next());
            tell("a message signature", alg.and_then(suite_of_alg));
            let digest = record.header("content-digest").unwrap_or_default();
            let name = digest.split('=').next().unwrap_or_default();
            tell("a content digest", (name == digest_name(suite)).then_some(suite));
        }
        for (what, signed) in signed_objects(record) {
            let object = Unverified::read(what, &signed).ok();
            tell(what, object.as_ref().map(Unverified::suite));
            if let Some(statement) = object.as_ref().and_then(Unverified::statement) {
                tell("its key statement", Unverified::read(what, statement).ok().map(|s| s.suite()));
            }
        }
        if let Ok(submission) = Submission::read(&record.body) {
            for packaged in submission.packaged {
                tell("a sealed entry", Envelope::read(&packaged.envelope).ok().map(|entry| entry.suite));
            }
        }
    }
    strange
}

/// The signed objects in a record, with their names.
fn signed_objects(record: &Record) -> Vec<(&'static str, Vec<u8>)> {
    let mut objects = Vec::new();
    if let Ok(body) = LaunchBody::read(&record.body) {
        objects.push(("launch answer", body.answer));
        objects.push(("policy", body.policy));
        objects.push(("seal key statement", body.seal_statement));
    }
    let answers = record.direction == Direction::Response;
    if record.what == "POST /v1/pay/orders" && answers {
        let url = OrderAccepted::read(&record.body).ok().and_then(|accepted| accepted.pay_url);
        let link = url.and_then(|url| Link::read(&url).ok());
        objects.extend(link.map(|link| ("launch token", link.token)));
    }
    if record.what == "POST /sdk/v1/activations" && answers && record.status == Some(200) {
        objects.push(("activation answer", record.body.to_vec()));
    }
    if is_payment_or_resolve(record)
        || ["POST /sdk/v1/passwords", "POST /sdk/v1/biometrics"].contains(&record.what.as_str())
    {
        objects.extend(signed_receipt(record).map(|signed| ("receipt", signed)));
    }
    objects
}

/// `payOrderNo` of every accepted order, in order.
#[must_use]
pub fn accepted_orders(records: &Records) -> Vec<String> {
    records
        .iter()
        .filter(|r| {
            r.what == "POST /v1/pay/orders" && r.direction == Direction::Response && r.tap == Party::Merchant
        })
        .filter_map(|r| OrderAccepted::read(&r.body).ok())
        .map(|accepted| accepted.pay_order_no)
        .collect()
}

/// How many orders the merchant has sent.
#[must_use]
pub fn orders_sent(records: &Records) -> usize {
    records
        .iter()
        .filter(|r| {
            r.what == "POST /v1/pay/orders" && r.direction == Direction::Request && r.tap == Party::Merchant
        })
        .filter(|r| NewOrder::read(&r.body).is_ok())
        .count()
}

/// The goods card whose price is a pay card's amount.
#[must_use]
pub fn goods_of<'a>(goods: &'a [Message], pay_card: &Message) -> Option<&'a Message> {
    let MessageBody::Card { title, .. } = &pay_card.body else { return None };
    let amount = title.split('¥').nth(1)?;
    goods.iter().find(|message| {
        matches!(&message.body, MessageBody::Card { title, .. } if title.ends_with(&format!("¥{amount}")))
    })
}

/// The first result card that reached the phone.
fn card_at_ms(records: &Records) -> Option<i64> {
    records
        .iter()
        .find(|r| {
            r.tap == Party::Client
                && r.direction == Direction::Event
                && transcript::read(r).is_some_and(|reading| reading.step == Some(Step::Show))
                && finds(&r.body, "支付成功".as_bytes())
        })
        .map(|r| r.at_ms)
}

/// Milliseconds from the settle commit (in the platform's book) to the merchant's card on the phone.
#[must_use]
pub fn told_after_ms(records: &Records, books: &Books) -> Option<i64> {
    let paid_at = books.paid().first()?.paid_at_ms?;
    Some(card_at_ms(records)? - paid_at)
}

/// Milliseconds from the settle commit to the signed receipt at the handset, which its screen shows at once.
#[must_use]
pub fn sdk_told_after_ms(records: &Records, books: &Books) -> Option<i64> {
    let paid_at = books.paid().first()?.paid_at_ms?;
    let receipt = records.iter().find(|r| {
        is_payment_or_resolve(r)
            && r.direction == Direction::Response
            && r.at_ms >= paid_at
            && signed_receipt(r).is_some()
    })?;
    Some(receipt.at_ms - paid_at)
}

/// When the platform answered a C.2 query, in order.
fn query_answers(records: &Records) -> Vec<i64> {
    let answer =
        |r: &&Arc<Record>| r.what == "POST /v1/pay/orders/query" && r.direction == Direction::Response;
    records.iter().filter(answer).map(|r| r.at_ms).collect()
}

/// How many C.2 queries were answered.
#[must_use]
pub fn queries_answered(records: &Records) -> usize {
    query_answers(records).len()
}

/// Waits until more than `known` C.2 queries are answered.
pub async fn wait_for_query_answer(recorder: &Recorder, known: usize) {
    let mut live = recorder.subscribe();
    while queries_answered(&recorder.all()) <= known {
        if live.recv().await.is_err() {
            tokio::task::yield_now().await;
        }
    }
}

/// Milliseconds from the first C.2 answer beyond the first `known` to the card; 0 where a notice that came meanwhile
/// brought the card before the answer.
#[must_use]
pub fn card_after_query_ms(records: &Records, known: usize) -> Option<i64> {
    let card = card_at_ms(records)?;
    let answer = query_answers(records).get(known).copied()?;
    Some((card - answer).max(0))
}

/// Secrets in what merchant, Chatbot, operator and messaging client sent or received.
///
/// `passwords` are digits that were typed, `layouts` the keypads that were shown (ten digits in slot order).
#[must_use]
pub fn leaks(records: &Records, passwords: &[String], layouts: &[String]) -> Vec<String> {
    let blind = [Party::Merchant, Party::Maap, Party::Client];
    let mut found = Vec::new();
    let envelopes: Vec<Vec<u8>> = records
        .iter()
        .filter(|r| r.tap == Party::Handset && r.direction == Direction::Request)
        .filter_map(|r| Submission::read(&r.body).ok())
        .flat_map(|submission| submission.packaged.into_iter().map(|packaged| packaged.envelope))
        .collect();
    for record in
        records.iter().filter(|r| blind.contains(&r.to) || blind.contains(&r.from) || blind.contains(&r.tap))
    {
        let mut seen = record.what.clone().into_bytes();
        for (name, value) in &record.headers {
            seen.extend_from_slice(format!("\n{name}: {value}").as_bytes());
        }
        seen.push(b'\n');
        seen.extend_from_slice(&record.body);
        let mut tell = |what: &str| found.push(format!("{what} in record {} ({})", record.seq, record.what));
        if passwords.iter().any(|password| finds_digits(&seen, password)) {
            tell("a password");
        }
        for layout in layouts {
            let raw: Vec<u8> = layout.bytes().map(|digit| digit - b'0').collect();
            if finds_digits(&seen, layout) || finds(&seen, &raw) {
                tell("a layout");
            }
        }
        // An envelope may be passed on blind by whoever forwards it; in native mode nobody does.
        let part = |envelope: &[u8]| envelope.get(200..232).is_some_and(|part| finds(&seen, part));
        if envelopes.iter().any(|envelope| part(envelope)) {
            tell("a sealed entry");
        }
    }
    found
}

#[cfg(test)]
mod tests;
