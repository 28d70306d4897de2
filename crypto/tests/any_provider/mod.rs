//! What any provider of a suite has to hold, the built-in ones and a vendor's module alike. Each promise has a name;
//! [`broken`] names those that a provider breaks, [`disagreements`] those by which two providers of a suite part.
//!
//! A provider is called here outside the clean room, with secrets that are made up.

#![expect(clippy::unwrap_used, reason = "constants of the tests that do not read fail them")]

mod agreement;
mod keys;
mod known;
mod sealing;
mod symmetric;

use msgpay_crypto::Suite;

/// Why a promise does not hold; without secrets, since it is printed.
type Verdict = Result<(), String>;

/// Demands a condition.
macro_rules! hold {
    ($condition:expr, $($what:tt)+) => {
        if !$condition {
            return Err(format!($($what)+));
        }
    };
}
use hold;

type Promise = (&'static str, fn(&dyn Suite) -> Verdict);
type Agreement = (&'static str, fn(&dyn Suite, &dyn Suite) -> Verdict);

const PROMISES: &[Promise] = &[
    ("hash", symmetric::hash),
    ("mac", symmetric::mac),
    ("expand", symmetric::expand),
    ("ratchet", symmetric::ratchet),
    ("seal", symmetric::seal),
    ("open refuses", symmetric::open_refuses),
    ("private keys", keys::private_keys),
    ("public keys", keys::public_keys),
    ("verify", keys::verify),
    ("verify refuses", keys::verify_refuses),
    ("sign", keys::sign),
    ("sign is hedged", keys::sign_is_hedged),
    ("decapsulate", sealing::decapsulate),
    ("decapsulate refuses", sealing::decapsulate_refuses),
    ("encapsulate", sealing::encapsulate),
    ("encapsulate is bound", sealing::encapsulate_is_bound),
    ("encapsulate is fresh", sealing::encapsulate_is_fresh),
    ("encapsulate refuses", sealing::encapsulate_refuses),
];

const AGREEMENTS: &[Agreement] = &[
    ("number", agreement::number),
    ("digests", agreement::digests),
    ("boxes", agreement::boxes),
    ("key pairs", agreement::key_pairs),
    ("signatures", agreement::signatures),
    ("encapsulations", agreement::encapsulations),
];

/// The promises that `provider` breaks, each with the reason.
pub(crate) fn broken(provider: &dyn Suite) -> Vec<(&'static str, String)> {
    let tried = PROMISES.iter().map(|(name, promise)| (*name, promise(provider)));
    tried.filter_map(|(name, verdict)| verdict.err().map(|why| (name, why))).collect()
}

/// Whether the promise of this name holds.
pub(crate) fn holds(provider: &dyn Suite, name: &str) -> bool {
    let promise = PROMISES.iter().find(|(known, _)| *known == name).unwrap().1;
    promise(provider).is_ok()
}

/// That by which `one` and `other` part, tried in both directions.
pub(crate) fn disagreements(one: &dyn Suite, other: &dyn Suite) -> Vec<(&'static str, String)> {
    let tried = AGREEMENTS
        .iter()
        .flat_map(|(name, agrees)| [(*name, agrees(one, other)), (*name, agrees(other, one))]);
    tried.filter_map(|(name, verdict)| verdict.err().map(|why| (name, why))).collect()
}
