//! The doors of `clippy.toml`: what has one place only, and which place that is.

use crate::source::{Source, lines_with};

/// Calls that `clippy.toml` must forbid. Clippy holds them; this list notices when one is taken out.
pub const FORBIDDEN: [&str; 10] = [
    "std::time::SystemTime::now",
    "std::time::Instant::now",
    "time::OffsetDateTime::now_utc",
    "getrandom::fill",
    "getrandom::fill_uninit",
    "getrandom::u32",
    "getrandom::u64",
    "reqwest::Client::new",
    "reqwest::Client::builder",
    "rustls::crypto::CryptoProvider::install_default",
];

/// The files that are a door, and to what.
const DOORS: [(&str, &str); 7] = [
    ("crypto/src/random.rs", "randomness"),
    ("platform/src/clock.rs", "the platform's time"),
    ("sdk-core/src/host.rs", "the handset's time, when the host brings no clock of its own"),
    ("sdk-core/src/net/mod.rs", "the handset's HTTP client"),
    ("demo-app/src/net/call.rs", "the demo parties' HTTP client"),
    ("bindings/src/desktop.rs", "a stopwatch, in the library for build machines alone"),
    ("xtask/src/clock.rs", "how long a command took"),
];

/// Forbidden calls that `clippy.toml` does not name.
///
/// # Errors
/// When it is no TOML.
pub fn missing(clippy: &str) -> Result<Vec<String>, toml::de::Error> {
    let table: toml::Table = toml::from_str(clippy)?;
    let entries =
        table.get("disallowed-methods").and_then(toml::Value::as_array).cloned().unwrap_or_default();
    let named = |path: &str| {
        entries.iter().any(|entry| {
            let reason = entry.get("reason").and_then(toml::Value::as_str).unwrap_or_default();
            entry.get("path").and_then(toml::Value::as_str) == Some(path) && !reason.is_empty()
        })
    };
    Ok(FORBIDDEN.iter().filter(|path| !named(path)).map(|path| (*path).to_owned()).collect())
}

/// Files that lift the rule and are no door; doors that lift nothing. Tests may lift it, saying why.
pub fn broken(sources: &[Source]) -> Vec<String> {
    let lifts = |source: &&Source| !lines_with(&source.code, "clippy::disallowed_methods").is_empty();
    let lifting: Vec<&str> = sources.iter().filter(lifts).map(|source| source.path.as_str()).collect();
    let is_test =
        |path: &str| path.ends_with("/tests.rs") || path.contains("tests/") || path.contains("/examples/");
    let mut broken = Vec::new();
    for path in &lifting {
        if !is_test(path) && !DOORS.iter().any(|(door, _)| door == path) {
            broken.push(format!("{path} is no door: use the room's own, or name it in tests/src/doors.rs"));
        }
    }
    for (door, what) in DOORS {
        if !lifting.contains(&door) {
            broken.push(format!("{door} is no longer the door to {what}"));
        }
    }
    broken
}
