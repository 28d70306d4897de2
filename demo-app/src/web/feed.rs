//! What the phone shows, as server-sent events. A page gets what changed since its last event, not the whole view.
//!
//! `run` (number) · `faults` (list) · `record` (one trace record) · `phone` (the whole phone).

use std::collections::VecDeque;
use std::convert::Infallible;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use tokio::sync::watch;

use super::Site;
use crate::view::{Fault, Phone, View};

pub(super) async fn events(State(site): State<Site>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let mut view = site.view;
    view.mark_changed();
    let feed = Feed { view, waiting: VecDeque::new(), sent: Sent::default() };
    Sse::new(stream::unfold(feed, Feed::next)).keep_alive(KeepAlive::default())
}

struct Feed {
    view: watch::Receiver<View>,
    waiting: VecDeque<Event>,
    sent: Sent,
}

impl Feed {
    /// The next event; none when the program ends.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some((Ok(event), self));
            }
            self.view.changed().await.ok()?;
            let news = self.sent.news(&self.view.borrow_and_update());
            self.waiting.extend(news.into_iter().map(|(name, data)| Event::default().event(name).data(data)));
        }
    }
}

/// What a page has already.
#[derive(Default)]
pub(super) struct Sent {
    run: Option<u64>,
    faults: Option<Vec<Fault>>,
    records: usize,
    phone: Option<Phone>,
}

impl Sent {
    /// Events that bring a page up to `view`: name and JSON.
    pub(super) fn news(&mut self, view: &View) -> Vec<(&'static str, String)> {
        let mut news = Vec::new();
        if self.run != Some(view.run) {
            *self = Self { run: Some(view.run), ..Self::default() };
            news.push(("run", view.run.to_string()));
        }
        if self.faults.as_ref() != Some(&view.faults) {
            self.faults = Some(view.faults.clone());
            news.extend(json("faults", &view.faults));
        }
        for record in view.trace.iter().skip(self.records) {
            news.extend(json("record", record));
        }
        self.records = view.trace.len();
        if self.phone.as_ref() != Some(&view.phone) {
            self.phone = Some(view.phone.clone());
            news.extend(json("phone", &view.phone));
        }
        news
    }
}

/// JSON of a view type. These have no maps with keys other than text, so this does not fail.
fn json<T: serde::Serialize>(name: &'static str, value: &T) -> Option<(&'static str, String)> {
    serde_json::to_string(value).ok().map(|text| (name, text))
}
