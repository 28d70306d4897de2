//! The promises of a provider, held by the built-in ones and broken by providers that are bad on purpose.

mod any_provider;
mod bad_providers;

use any_provider::{broken, disagreements, holds};
use bad_providers::{Bad, Fault};
use msgpay_crypto::suite::{Guomi, International};
use msgpay_crypto::{Suite, SuiteId};

fn built_in() -> Vec<&'static dyn Suite> {
    SuiteId::ALL.map(SuiteId::suite).to_vec()
}

#[test]
fn the_built_in_providers_hold_every_promise() {
    for provider in built_in() {
        assert_eq!(broken(provider), [], "{:?}", provider.id());
        assert_eq!(disagreements(provider, provider), [], "{:?}", provider.id());
    }
}

#[test]
fn providers_of_different_suites_disagree() {
    let found = disagreements(&International, &Guomi);
    for name in ["number", "digests", "boxes", "key pairs", "signatures", "encapsulations"] {
        let times = found.iter().filter(|(found, _)| *found == name).count();
        assert_eq!(times, 2, "{name} in both directions: {found:?}");
    }
}

/// The control of the promises: each fault is named by the promise that it breaks.
#[test]
fn a_bad_provider_is_caught() {
    for provider in built_in() {
        assert_eq!(broken(&Bad { inner: provider, fault: None }), [], "the wrapper alone breaks nothing");
        for (fault, promise) in Fault::ALL {
            let bad = Bad { inner: provider, fault: Some(fault) };
            assert!(!holds(&bad, promise), "{:?} {fault:?} breaks {promise}", provider.id());
        }
    }
}

/// Suites 1 and 3 have hash, MAC and boxes in common, and nothing that a key makes.
#[cfg(feature = "curve25519")]
#[test]
fn suite_3_parts_from_suite_1_by_its_keys() {
    let found = disagreements(&International, &msgpay_crypto::suite::Curve25519);
    let mut names = found.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    names.dedup();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names, ["encapsulations", "key pairs", "number", "signatures"], "{found:?}");
    assert_eq!(found.len(), 8, "in both directions: {found:?}");
}

/// And so is a good one under the wrong number.
#[test]
fn a_provider_that_answers_the_other_suites_number_is_caught() {
    for (provider, other) in [(built_in()[0], built_in()[1]), (built_in()[1], built_in()[0])] {
        let lying = Bad { inner: provider, fault: Some(Fault::Number(other.id())) };
        for name in ["hash", "seal", "verify", "public keys", "decapsulate"] {
            assert!(!holds(&lying, name), "{name}");
        }
        assert!(!disagreements(&lying, other).is_empty());
    }
}
