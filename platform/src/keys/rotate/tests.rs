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

fn open(dir: &Path) -> InstitutionKeys {
    InstitutionKeys::open(dir, "WALLET_A", Mode::Dev, &SuiteId::ALL, NOW).unwrap()
}

#[test]
fn every_purpose_of_every_suite_has_two_live_keys_after_a_rotation_and_one_after_the_withdrawal() {
    let dir = made();
    let before = open(dir.path());
    let new = rotate(dir.path(), &Purpose::ALL, &SuiteId::ALL, Validity::days(NOW, 30)).unwrap();
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
        withdraw(dir.path(), old, NOW).unwrap();
        let after = open(dir.path());
        assert!(after.kids_min().contains(&(*suite, *purpose, *kid)), "the policy says so");
        assert!(after.seal_by_kid(old, NOW).is_none());
        let again = withdraw(dir.path(), old, NOW).unwrap_err();
        assert!(matches!(again, KeyError::Withdraw { .. }), "{again}");
    }
}

#[test]
fn the_only_good_key_is_never_withdrawn() {
    let dir = made();
    let kid = open(dir.path()).seal(SuiteId::Guomi, NOW).unwrap().kid;
    let refused = withdraw(dir.path(), kid, NOW).unwrap_err();
    assert!(matches!(refused, KeyError::Withdraw { .. }), "{refused}");
    // A second one in the other suite does not help.
    rotate(dir.path(), &[Purpose::Seal], &[SuiteId::International], Validity::days(NOW, 30)).unwrap();
    assert!(withdraw(dir.path(), kid, NOW).is_err());
    rotate(dir.path(), &[Purpose::Seal], &[SuiteId::Guomi], Validity::days(NOW, 30)).unwrap();
    withdraw(dir.path(), kid, NOW).unwrap();
}
