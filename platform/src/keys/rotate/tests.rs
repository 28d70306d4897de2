use super::*;
use crate::{
    config::Mode,
    keys::{InstitutionKeys, make},
};
use msgpay_wire::trust::Signer as _;

const NOW: i64 = 1_795_332_700;

fn made() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    make::make(dir.path(), "WALLET_A", 20_261_122, Validity::days(NOW, 30)).unwrap();
    dir
}

fn plan() -> Plan {
    Plan { validity: Validity::days(NOW, 30), now_s: NOW, http_from: NOW + 3_600 }
}

fn purpose_keys(made: Vec<Made>) -> Vec<(SuiteId, Purpose, u64)> {
    let under_root = |made| match made {
        Made::Purpose { suite, purpose, kid } => Some((suite, purpose, kid)),
        Made::Http { .. } => None,
    };
    made.into_iter().filter_map(under_root).collect()
}

fn open(dir: &Path) -> InstitutionKeys {
    InstitutionKeys::open(dir, "WALLET_A", Mode::Dev, &SuiteId::ALL, NOW).unwrap()
}

#[test]
fn every_purpose_of_every_suite_has_two_live_keys_after_a_rotation_and_one_after_the_withdrawal() {
    let dir = made();
    let before = open(dir.path());
    let new = purpose_keys(rotate(dir.path(), &Use::ALL, &SuiteId::ALL, &plan()).unwrap());
    assert_eq!(new.len(), Purpose::ALL.len() * SuiteId::ALL.len());
    let both = open(dir.path());
    assert_eq!(both.kids_min(), before.kids_min(), "nothing is withdrawn yet");
    for (suite, purpose, kid) in &new {
        let of = |keys: &InstitutionKeys| match purpose {
            Purpose::Seal => keys.seal(*suite, NOW).unwrap().kid,
            _ => keys.signer(*purpose, *suite, NOW).unwrap().kid(),
        };
        assert_eq!(of(&both), *kid, "the newer one is used");
        let old = of(&before);
        assert!(old < *kid);
        if *purpose == Purpose::Seal {
            let opens = |keys: &InstitutionKeys, kid| keys.seal_by_kid(kid, NOW).map(|key| key.suite);
            assert_eq!((opens(&both, old), opens(&both, *kid)), (Some(*suite), Some(*suite)), "both open");
        }
        withdraw(dir.path(), &Named::Number(old), NOW).unwrap();
        let after = open(dir.path());
        assert!(after.kids_min().contains(&(*suite, *purpose, *kid)), "the policy says so");
        assert!(after.seal_by_kid(old, NOW).is_none());
        let again = withdraw(dir.path(), &Named::Number(old), NOW).unwrap_err();
        assert!(matches!(again, KeyError::Withdraw { .. }), "{again}");
    }
}

#[test]
fn the_only_good_key_is_never_withdrawn() {
    let dir = made();
    let kid = open(dir.path()).seal(SuiteId::Guomi, NOW).unwrap().kid;
    let kid = Named::Number(kid);
    let refused = withdraw(dir.path(), &kid, NOW).unwrap_err();
    assert!(matches!(refused, KeyError::Withdraw { .. }), "{refused}");
    // A second one in the other suite does not help.
    let seal = [Use::Purpose(Purpose::Seal)];
    rotate(dir.path(), &seal, &[SuiteId::International], &plan()).unwrap();
    assert!(withdraw(dir.path(), &kid, NOW).is_err());
    rotate(dir.path(), &seal, &[SuiteId::Guomi], &plan()).unwrap();
    withdraw(dir.path(), &kid, NOW).unwrap();
}

/// A policy names the lowest number that is good: without the older one a newer one can go, not before.
#[test]
fn a_newer_key_is_withdrawn_after_the_older_ones_and_then_the_policy_says_so() {
    let dir = made();
    let seal = [Use::Purpose(Purpose::Seal)];
    let number = || purpose_keys(rotate(dir.path(), &seal, &[SuiteId::Guomi], &plan()).unwrap())[0].2;
    let old = open(dir.path()).seal(SuiteId::Guomi, NOW).unwrap().kid;
    let (stolen, new) = (number(), number());
    let refused = withdraw(dir.path(), &Named::Number(stolen), NOW).unwrap_err();
    assert!(refused.to_string().contains("older"), "{refused}");
    assert!(open(dir.path()).seal_by_kid(stolen, NOW).is_some(), "nothing was written");
    withdraw(dir.path(), &Named::Number(old), NOW).unwrap();
    withdraw(dir.path(), &Named::Number(stolen), NOW).unwrap();
    assert!(open(dir.path()).kids_min().contains(&(SuiteId::Guomi, Purpose::Seal, new)));
}

#[test]
fn an_http_key_is_listed_before_it_signs_and_the_one_before_it_after() {
    let dir = made();
    let made = rotate(dir.path(), &[Use::Http], &SuiteId::ALL, &plan()).unwrap();
    let keys = open(dir.path());
    for made in made {
        let Made::Http { suite, key_id, public, from } = made else { panic!("{made:?}") };
        let old = make::http_key_id(suite);
        let new = keys.http_all(suite, NOW).find(|key| key.key_id == key_id).unwrap();
        assert_eq!(spki::read(&public), Some((suite, new.public_key())), "what merchants are given");
        let signs = |at| keys.http(suite, at).unwrap().key_id.clone();
        let known = |at| keys.http_known(suite, at).unwrap().key_id.clone();
        assert_eq!((signs(NOW), signs(from - 1), signs(from)), (old.into(), old.into(), key_id.clone()));
        let end = NOW + 30 * 86_400;
        assert_eq!((known(from), known(end - 1), known(end)), (old.into(), old.into(), key_id.clone()));
        assert_eq!(keys.http_all(suite, end - 1).count(), 2);
        assert_eq!(keys.http_all(suite, end).count(), 1, "over");
    }
}

#[test]
fn the_http_key_that_signs_is_never_withdrawn_and_never_missing() {
    let dir = made();
    let old = Named::Http(make::http_key_id(SuiteId::International).into());
    rotate(dir.path(), &[Use::Http], &[SuiteId::International], &plan()).unwrap();
    let refused = withdraw(dir.path(), &old, NOW).unwrap_err();
    assert!(matches!(refused, KeyError::Withdraw { .. }), "the new one does not sign yet: {refused}");
    withdraw(dir.path(), &old, NOW + 3_600).unwrap();
    let early = InstitutionKeys::open(dir.path(), "WALLET_A", Mode::Dev, &SuiteId::ALL, NOW);
    assert!(matches!(early.err().unwrap(), KeyError::NoneLive { purpose: "http", .. }));
    let before = std::fs::read(dir.path().join(MANIFEST)).unwrap();
    let late = Plan { http_from: NOW + 31 * 86_400, ..plan() };
    let refused = rotate(dir.path(), &Use::ALL, &[SuiteId::Guomi], &late).unwrap_err();
    assert!(matches!(refused, KeyError::Gap { .. }), "{refused}");
    assert_eq!(std::fs::read(dir.path().join(MANIFEST)).unwrap(), before);
}
