//! The operator's signature on what it posts to a Chatbot (dialect A, V1.0.4 p12):
//! `signature = hex(sha256(concat(sort(token, timestamp, nonce))))`.
//!
//! It covers neither body nor path. [`CallbackGuard`] adds what the specification leaves out: a window of
//! ±300 s and a memory of nonces. Even then a body may have been altered on the way, so nothing about
//! money may rest on it.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// Farthest that a timestamp may lie from the receiver's clock, seconds.
pub const WINDOW_SECONDS: u64 = 300;
/// How long a nonce is remembered, seconds: longer than a timestamp can stay inside the window.
pub const NONCE_SECONDS: u64 = 600;

/// Signs a callback.
#[must_use]
pub fn sign(token: &str, timestamp: &str, nonce: &str) -> String {
    let mut parts = [token, timestamp, nonce];
    parts.sort_unstable();
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part.as_bytes()));
    hex::encode(hash.finalize())
}

/// Why a callback was not believed. All are the sender's fault; answer 401 and do nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallbackRefused {
    /// Signed by somebody else.
    #[error("the operator's signature does not hold")]
    Signature,
    /// Too old, or from the future.
    #[error("the timestamp is more than 300 s from our clock")]
    Window,
    /// Seen before.
    #[error("the nonce was used before")]
    Replayed,
}

/// Verifies callbacks and remembers their nonces.
pub struct CallbackGuard {
    token: Zeroizing<String>,
    seen: HashMap<String, u64>,
}

impl CallbackGuard {
    /// A guard for the token agreed with the operator.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self { token: Zeroizing::new(token.into()), seen: HashMap::new() }
    }

    /// Believes a callback once. `timestamp` is the header's text (Unix seconds), `now` our clock's.
    ///
    /// # Errors
    /// [`CallbackRefused`]; a refused callback leaves no nonce behind.
    pub fn admit(
        &mut self,
        signature: &str,
        timestamp: &str,
        nonce: &str,
        now: u64,
    ) -> Result<(), CallbackRefused> {
        let expected = sign(&self.token, timestamp, nonce);
        if !bool::from(expected.as_bytes().ct_eq(signature.to_ascii_lowercase().as_bytes())) {
            return Err(CallbackRefused::Signature);
        }
        let at: u64 = timestamp.parse().map_err(|_| CallbackRefused::Window)?;
        // The signed text has no separators: one number has one spelling, or its head could be cut elsewhere.
        if at.to_string() != timestamp {
            return Err(CallbackRefused::Window);
        }
        if at.abs_diff(now) > WINDOW_SECONDS {
            return Err(CallbackRefused::Window);
        }
        self.seen.retain(|_, until| *until >= now);
        if self.seen.contains_key(nonce) {
            return Err(CallbackRefused::Replayed);
        }
        self.seen.insert(nonce.to_owned(), now.saturating_add(NONCE_SECONDS));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "tkn-demo-5g";
    const AT: &str = "1795332700";
    const NOW: u64 = 1_795_332_700;
    const NONCE: &str = "8d1f6a9e-53a2-4e0c-9a77-0f2f5f3f1c11";

    #[test]
    fn the_vector_is_signed() {
        let all: serde_json::Value =
            serde_json::from_str(include_str!("../tests/fixtures/vectors.json")).unwrap();
        let vector = &all["maap_notify_signature"];
        let field = |name: &str| vector[name].as_str().unwrap().to_owned();
        assert_eq!(sign(&field("token"), &field("timestamp"), &field("nonce")), field("signature"));
    }

    #[test]
    fn a_callback_is_believed_once_and_inside_its_window() {
        let good = sign(TOKEN, AT, NONCE);
        let guard = || CallbackGuard::new(TOKEN);
        assert_eq!(guard().admit(&good, AT, NONCE, NOW - 300), Ok(()));
        assert_eq!(guard().admit(&good, AT, NONCE, NOW + 300), Ok(()));
        assert_eq!(guard().admit(&good, AT, NONCE, NOW + 301), Err(CallbackRefused::Window));
        assert_eq!(guard().admit(&good, AT, NONCE, NOW - 301), Err(CallbackRefused::Window));
        assert_eq!(guard().admit(&good, "soon", NONCE, NOW), Err(CallbackRefused::Signature));
        assert_eq!(
            guard().admit(&sign(TOKEN, "soon", NONCE), "soon", NONCE, NOW),
            Err(CallbackRefused::Window)
        );
        for other in [format!("0{AT}"), format!("+{AT}")] {
            let signed = sign(TOKEN, &other, NONCE);
            assert_eq!(guard().admit(&signed, &other, NONCE, NOW), Err(CallbackRefused::Window), "{other}");
        }
        assert_eq!(guard().admit(&sign("other", AT, NONCE), AT, NONCE, NOW), Err(CallbackRefused::Signature));
        let mut same = guard();
        assert_eq!(same.admit(&good, AT, NONCE, NOW), Ok(()));
        assert_eq!(same.admit(&good, AT, NONCE, NOW + 300), Err(CallbackRefused::Replayed));
    }

    #[test]
    fn nonces_are_forgotten_only_when_their_timestamp_is_dead() {
        let mut guard = CallbackGuard::new(TOKEN);
        // Signed 300 s ahead of our clock: alive until NOW + 600.
        let ahead = (NOW + 300).to_string();
        let good = sign(TOKEN, &ahead, NONCE);
        assert_eq!(guard.admit(&good, &ahead, NONCE, NOW), Ok(()));
        assert_eq!(guard.admit(&good, &ahead, NONCE, NOW + 600), Err(CallbackRefused::Replayed));
        assert_eq!(guard.admit(&good, &ahead, NONCE, NOW + 601), Err(CallbackRefused::Window));
        let next = (NOW + 601).to_string();
        assert_eq!(guard.admit(&sign(TOKEN, &next, "n2"), &next, "n2", NOW + 601), Ok(()));
        assert_eq!(guard.seen.keys().collect::<Vec<_>>(), ["n2"]);
    }
}
