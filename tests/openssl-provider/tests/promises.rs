//! The second provider holds what the built-in ones hold, and each understands the other.

#[path = "../../../crypto/tests/any_provider/mod.rs"]
mod any_provider;

use any_provider::{broken, disagreements, holds};
use msgpay_crypto::Suite;
use msgpay_crypto::suite::{Guomi, International};
use msgpay_openssl_provider::{GUOMI, INTERNATIONAL};

#[test]
fn the_second_provider_holds_every_promise() {
    for provider in [&INTERNATIONAL, &GUOMI] {
        assert_eq!(broken(provider), [], "{:?}", provider.id());
        assert!(holds(provider, "hash"));
    }
}

#[test]
fn it_and_the_built_in_provider_understand_each_other() {
    assert_eq!(disagreements(&INTERNATIONAL, &International), []);
    assert_eq!(disagreements(&GUOMI, &Guomi), []);
}

/// The control: two providers of different suites do not.
#[test]
fn across_the_suites_nothing_agrees() {
    let found = disagreements(&GUOMI, &International);
    for name in ["number", "digests", "boxes", "key pairs", "signatures", "encapsulations"] {
        assert!(found.iter().any(|(found, _)| *found == name), "{name}: {found:?}");
    }
}
