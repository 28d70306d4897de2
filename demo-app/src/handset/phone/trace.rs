//! The panel beside the phone: each record as the bytes that its reader saw.

use msgpay_wire::request::Submission;

use super::Actor;
use crate::recorder::{Direction, Party, Record};
use crate::scenario::transcript;
use crate::view::{self, Blob, SealedSpan, Text};

impl Actor {
    pub(super) fn trace(&mut self, record: &Record) {
        if !transcript::is_readers(record) {
            return;
        }
        let Some(reading) = transcript::read(record) else { return };
        let began = *self.began_ms.get_or_insert(record.at_ms);
        let line = view::Record {
            seq: record.seq,
            at_ms: u64::try_from(record.at_ms - began).unwrap_or(0),
            step: reading.step.map(|step| step.id()),
            from: party(record.from),
            to: party(record.to),
            reader: party(record.to),
            what: reading.what,
            head: head(record),
            media: record.header("content-type").unwrap_or_default().to_owned(),
            sealed: sealed(record),
            body: Blob(record.body.to_vec()),
        };
        self.view.send_modify(|view| view.trace.push(line));
    }
}

fn party(party: Party) -> view::Party {
    match party {
        Party::Handset | Party::Client => view::Party::Handset,
        Party::Maap => view::Party::Maap,
        Party::Merchant => view::Party::Merchant,
        Party::Platform => view::Party::Platform,
        Party::Bank => view::Party::Bank,
    }
}

fn head(record: &Record) -> String {
    let mut head = match (record.direction, record.status) {
        (Direction::Response, Some(status)) => format!("{status}"),
        _ => record.what.clone(),
    };
    for (name, value) in &record.headers {
        head += &format!("\n{name}: {value}");
    }
    head
}

/// The sealed entries inside a submission.
fn sealed(record: &Record) -> Vec<SealedSpan> {
    let Ok(submission) = Submission::read(&record.body) else { return Vec::new() };
    let mut spans = Vec::new();
    for packaged in &submission.packaged {
        let at = record.body.windows(packaged.envelope.len()).position(|window| window == packaged.envelope);
        if let Some(start) = at {
            spans.push(SealedSpan {
                start,
                len: packaged.envelope.len(),
                what: Text::new(
                    "密封的按键：64 格，每格只有支付机构能打开",
                    "Sealed presses: 64 boxes that only the institution opens",
                ),
                opens: record.to == Party::Platform,
            });
        }
    }
    spans
}
