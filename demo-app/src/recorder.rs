//! What was really said: a plaintext tee at every endpoint of ours.
//!
//! A [`Record`] is one message as the endpoint `tap` saw it, headers and body bytes included. Where both
//! ends are ours a message is recorded twice, once by each end: what party P *received* is what was tapped
//! at P, or, where P has no tap (the platform runs as its own process), what the other end sent to it.
//! Transcript, page and tests read from here, never from what a script believes it did.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::SharedClock;
use bytes::Bytes;
use serde::Serialize;
use tokio::sync::broadcast;

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Party {
    /// The payment SDK in the handset.
    Handset,
    /// The messaging client in the handset.
    Client,
    /// The operator: 5GMC and MaaP.
    Maap,
    /// The merchant: business platform and Chatbot.
    Merchant,
    /// The payment institution's platform.
    Platform,
    /// The bank behind it.
    Bank,
}

/// Which half of an exchange a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// A request.
    Request,
    /// The answer to it.
    Response,
    /// One event of a stream that a response opened.
    Event,
}

/// One message as one endpoint saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Counts all records of this recorder, from 1.
    pub seq: u64,
    /// Unix milliseconds by the recorder's clock.
    pub at_ms: i64,
    /// Who sent it.
    pub from: Party,
    /// To whom.
    pub to: Party,
    /// Whose endpoint recorded it.
    pub tap: Party,
    /// Joins a request with its response and events.
    pub exchange: u64,
    /// Which half.
    pub direction: Direction,
    /// Method and path with query, `POST /v1/pay/orders`; the same for the response.
    pub what: String,
    /// Status of a response.
    pub status: Option<u16>,
    /// Headers in the order seen; names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

impl Record {
    /// A header's first value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// Whether `needle` stands anywhere in it: line, headers or body.
    #[must_use]
    pub fn contains(&self, needle: &[u8]) -> bool {
        let within = |hay: &[u8]| !needle.is_empty() && hay.windows(needle.len()).any(|part| part == needle);
        within(self.what.as_bytes())
            || self.headers.iter().any(|(name, value)| within(name.as_bytes()) || within(value.as_bytes()))
            || within(&self.body)
    }
}

/// A message about to be recorded.
#[derive(Debug, Clone)]
pub struct Observed {
    /// Who sent it.
    pub from: Party,
    /// To whom.
    pub to: Party,
    /// Whose endpoint recorded it.
    pub tap: Party,
    /// From [`Recorder::exchange`].
    pub exchange: u64,
    /// Which half.
    pub direction: Direction,
    /// Method and path.
    pub what: String,
    /// Status of a response.
    pub status: Option<u16>,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Bytes,
}

/// Keeps all records of one run. Cheap to clone; all clones are the same recorder.
#[derive(Clone)]
pub struct Recorder(Arc<Inner>);

struct Inner {
    clock: SharedClock,
    kept: Mutex<Kept>,
    live: broadcast::Sender<Arc<Record>>,
}

#[derive(Default)]
struct Kept {
    exchanges: u64,
    records: Vec<Arc<Record>>,
}

impl Recorder {
    /// An empty recorder.
    #[must_use]
    pub fn new(clock: SharedClock) -> Self {
        let (live, _) = broadcast::channel(1024);
        Self(Arc::new(Inner { clock, kept: Mutex::default(), live }))
    }

    /// A number for the next exchange.
    #[must_use]
    pub fn exchange(&self) -> u64 {
        let mut kept = self.kept();
        kept.exchanges += 1;
        kept.exchanges
    }

    /// Keeps a message and tells the subscribers. Records are in `seq` order everywhere.
    pub fn record(&self, seen: Observed) {
        let mut kept = self.kept();
        let record = Arc::new(Record {
            seq: kept.records.len() as u64 + 1,
            at_ms: self.0.clock.now_ms(),
            from: seen.from,
            to: seen.to,
            tap: seen.tap,
            exchange: seen.exchange,
            direction: seen.direction,
            what: seen.what,
            status: seen.status,
            headers: seen.headers,
            body: seen.body,
        });
        kept.records.push(Arc::clone(&record));
        // Nobody listening is fine. Sent under the lock, so that subscribers see the order of `seq`.
        let _ = self.0.live.send(record);
    }

    /// Everything so far.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<Record>> {
        self.kept().records.clone()
    }

    /// Everything from now on. A subscriber that lags learns so and can catch up with [`Recorder::all`].
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Record>> {
        self.0.live.subscribe()
    }

    /// What `party` received: tapped at its own endpoint, or sent to it by an end that is ours.
    #[must_use]
    pub fn received_by(&self, party: Party) -> Vec<Arc<Record>> {
        self.kept().records.iter().filter(|record| record.to == party).cloned().collect()
    }

    /// Records at `parties` (received or sent) that hold `needle`.
    #[must_use]
    pub fn search(&self, parties: &[Party], needle: &[u8]) -> Vec<Arc<Record>> {
        let at = |record: &&Arc<Record>| {
            parties.contains(&record.to) || parties.contains(&record.from) || parties.contains(&record.tap)
        };
        self.kept().records.iter().filter(at).filter(|record| record.contains(needle)).cloned().collect()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Headers as a record keeps them.
#[must_use]
pub fn headers_of(headers: &http::HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::clock::ManualClock;

    use super::*;

    fn observed(from: Party, to: Party, body: &'static str) -> Observed {
        Observed {
            from,
            to,
            tap: to,
            exchange: 1,
            direction: Direction::Request,
            what: "POST /x".into(),
            status: None,
            headers: vec![("date".into(), "today".into())],
            body: Bytes::from_static(body.as_bytes()),
        }
    }

    #[tokio::test]
    async fn records_are_kept_in_order_and_told_live() {
        let recorder = Recorder::new(ManualClock::at(1_000));
        let mut live = recorder.subscribe();
        recorder.record(observed(Party::Merchant, Party::Platform, "one"));
        recorder.record(observed(Party::Maap, Party::Merchant, "two"));
        assert_eq!(recorder.all().iter().map(|r| r.seq).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(live.recv().await.unwrap().body, "one");
        assert_eq!(live.recv().await.unwrap().at_ms, 1_000);
        assert_eq!(recorder.received_by(Party::Merchant).len(), 1);
    }

    #[test]
    fn a_search_finds_what_is_there_and_only_at_the_parties_asked() {
        let recorder = Recorder::new(ManualClock::at(0));
        recorder.record(observed(Party::Maap, Party::Merchant, "needle in hay"));
        recorder.record(observed(Party::Handset, Party::Platform, "needle in hay"));
        assert_eq!(recorder.search(&[Party::Merchant], b"needle").len(), 1);
        assert_eq!(recorder.search(&[Party::Merchant], b"today").len(), 1);
        assert_eq!(recorder.search(&[Party::Merchant], b"POST /x").len(), 1);
        assert!(recorder.search(&[Party::Merchant], b"thread").is_empty());
        assert!(recorder.search(&[Party::Bank], b"needle").is_empty());
        assert!(recorder.search(&[Party::Merchant], b"").is_empty());
    }
}
