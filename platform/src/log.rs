//! The log: one JSON object a line on standard error, with fields from a list and no others.
//!
//! Nothing is logged that has not been thought about: an event of another crate, a field outside `FIELDS` and
//! every free message text are dropped, so that no body, number, link or token gets in by a careless line.

use std::io::Write as _;

use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt as _},
};

use crate::clock::SharedClock;

/// The fields that may appear. None of them ever holds a payer's number, name, amount or message content.
const FIELDS: [&str; 19] = [
    "event",
    "listener",
    "address",
    "method",
    "route",
    "status",
    "code",
    "merchant",
    "key_id",
    "device",
    "order",
    "attempt",
    "ms",
    "trace",
    "reason",
    "count",
    "invariant",
    "wait_ms",
    "notice",
];

/// Make a log of our own events at `level` and above.
pub fn subscriber(clock: SharedClock, level: Level) -> impl Subscriber + Send + Sync {
    lines(clock, level, |line| {
        // A log that cannot be written must not stop a payment.
        let _ = std::io::stderr().lock().write_all(line.as_bytes());
    })
}

/// The same lines, each given to `write` with its end.
pub(crate) fn lines(
    clock: SharedClock,
    level: Level,
    write: impl Fn(&str) + Send + Sync + 'static,
) -> impl Subscriber + Send + Sync {
    tracing_subscriber::registry().with(Lines { clock, level, write })
}

struct Lines<W> {
    clock: SharedClock,
    level: Level,
    write: W,
}

impl<S: Subscriber, W: Fn(&str) + Send + Sync + 'static> Layer<S> for Lines<W> {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let meta = event.metadata();
        if *meta.level() > self.level || !meta.target().starts_with("msgpay_platform") {
            return;
        }
        let mut line = serde_json::Map::new();
        line.insert("at_ms".to_owned(), self.clock.now_ms().into());
        line.insert("level".to_owned(), meta.level().as_str().into());
        event.record(&mut Allowed(&mut line));
        let mut text = serde_json::Value::Object(line).to_string();
        text.push('\n');
        (self.write)(&text);
    }
}

/// Takes the allowed fields of an event.
struct Allowed<'a>(&'a mut serde_json::Map<String, serde_json::Value>);

impl Allowed<'_> {
    fn put(&mut self, field: &Field, value: serde_json::Value) {
        if FIELDS.contains(&field.name()) {
            self.0.insert(field.name().to_owned(), value);
        }
    }
}

impl Visit for Allowed<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value.into());
    }
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.put(field, format!("{value:?}").into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_outside_the_list_and_free_text_are_dropped() {
        struct Catch(std::sync::Arc<std::sync::Mutex<serde_json::Map<String, serde_json::Value>>>);
        impl<S: Subscriber> Layer<S> for Catch {
            fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
                event.record(&mut Allowed(&mut self.0.lock().unwrap()));
            }
        }
        let caught = std::sync::Arc::new(std::sync::Mutex::new(serde_json::Map::new()));
        let subscriber = tracing_subscriber::registry().with(Catch(caught.clone()));
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(
                event = "call",
                status = 200_u64,
                mobile = "19900001234",
                body = "{}",
                "password 246813"
            );
        });
        let seen = serde_json::Value::Object(caught.lock().unwrap().clone());
        assert_eq!(seen, serde_json::json!({ "event": "call", "status": 200 }));
    }
}
