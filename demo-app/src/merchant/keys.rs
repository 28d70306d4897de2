//! Which keys of the platform are believed, and until when: those handed over by hand, then what the platform
//! announces.

use std::sync::{PoisonError, RwLock};

use msgpay_wire::{SuiteId, http_keys::HttpKeys};

use super::signed::PlatformKey;

/// Clocks may differ by so much, as a signature's window allows.
const CLOCKS_S: i64 = 300;

/// The keys. A key that was handed over by hand is good until an announcement says otherwise.
pub(super) struct KnownKeys(RwLock<Vec<Known>>);

#[derive(Clone)]
struct Known {
    key: PlatformKey,
    /// Not before, not after, Unix seconds.
    good: Option<(i64, i64)>,
}

impl KnownKeys {
    pub(super) fn of(handed_over: Vec<PlatformKey>) -> Self {
        Self(RwLock::new(handed_over.into_iter().map(|key| Known { key, good: None }).collect()))
    }

    /// Those that may sign now.
    pub(super) fn good(&self, now_s: i64) -> Vec<PlatformKey> {
        let good = |known: &&Known| {
            known.good.is_none_or(|(from, until)| from - CLOCKS_S <= now_s && now_s < until + CLOCKS_S)
        };
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().filter(good).map(|known| known.key.clone()).collect()
    }

    /// Takes over what a key of `suite` announced: all keys of that suite, and no other. What is missing is withdrawn.
    /// Whether it was believed: a name that is known never becomes another key.
    pub(super) fn learn(&self, suite: SuiteId, announced: &HttpKeys) -> bool {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let of_suite = || announced.keys.iter().filter(|key| key.suite == suite);
        let renamed = of_suite().any(|new| {
            known.iter().any(|old| old.key.key_id == new.key_id && old.key.public_key != new.public_key)
        });
        if renamed || of_suite().next().is_none() {
            return false;
        }
        known.retain(|known| known.key.suite != suite);
        known.extend(of_suite().map(|new| Known {
            key: PlatformKey { key_id: new.key_id.clone(), suite, public_key: new.public_key },
            good: Some((new.not_before, new.not_after)),
        }));
        true
    }
}

#[cfg(test)]
mod tests {
    use msgpay_wire::http_keys::HttpKey;

    use super::*;

    fn key(id: &str, suite: SuiteId, fill: u8) -> PlatformKey {
        PlatformKey { key_id: id.into(), suite, public_key: [fill; 65] }
    }

    fn announced(keys: &[PlatformKey]) -> HttpKeys {
        let of = |key: &PlatformKey| HttpKey {
            key_id: key.key_id.clone(),
            suite: key.suite,
            public_key: key.public_key,
            not_before: 0,
            not_after: 10_000,
        };
        HttpKeys { institution_id: "WALLET_A".into(), keys: keys.iter().map(of).collect() }
    }

    #[test]
    fn a_key_speaks_for_its_own_suite_and_no_name_becomes_another_key() {
        let (old, sm2) = (key("a", SuiteId::International, 1), key("g", SuiteId::Guomi, 2));
        let next = key("b", SuiteId::International, 3);
        let known = KnownKeys::of(vec![old.clone(), sm2.clone()]);
        let foreign = key("h", SuiteId::Guomi, 4);
        assert!(
            known.learn(SuiteId::International, &announced(&[old.clone(), next.clone(), foreign.clone()]))
        );
        assert_eq!(known.good(0), [sm2.clone(), old.clone(), next.clone()]);
        assert!(!known.learn(SuiteId::International, &announced(&[foreign])), "none of its suite");
        assert!(!known.learn(SuiteId::International, &announced(&[key("a", SuiteId::International, 9)])));
        assert_eq!(known.good(0).len(), 3, "nothing changed");
        assert!(known.learn(SuiteId::International, &announced(std::slice::from_ref(&next))));
        assert_eq!(known.good(0), [sm2, next], "the missing one is withdrawn");
    }
}
