use msgpay_wire::trust::{Purpose, Signer as _};

use super::*;
use crate::pki::issue::Validity;

const NOW: i64 = 1_795_332_700;

fn made(dir: &Path) -> make::Made {
    make::make(dir, "WALLET_A", 20_261_122, Validity::days(NOW, 30)).unwrap()
}

#[test]
fn keys_made_open_again_and_sign_what_their_root_vouches_for() {
    let dir = tempfile::tempdir().unwrap();
    let made = made(dir.path());
    let keys = InstitutionKeys::open(dir.path(), "WALLET_A", Mode::Dev, NOW).unwrap();
    assert_eq!(keys.roots().pinned[0].public_key, made.root_public_key);
    let receipt = keys.signer(Purpose::Receipt, NOW).unwrap();
    let object = receipt.sign_object(vec![0xa0]).unwrap();
    let at = u64::try_from(NOW).unwrap();
    let (payload, statement) = keys.roots().open(&BuiltIn, "test", &object, Purpose::Receipt, at).unwrap();
    assert_eq!((payload, statement.kid), (vec![0xa0], receipt.kid()));
    assert!(keys.roots().open(&BuiltIn, "test", &object, Purpose::Summary, at).is_err());
    assert_eq!(keys.kids_min().len(), Purpose::ALL.len());
}

#[test]
fn development_keys_are_refused_in_production() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    let refused = InstitutionKeys::open(dir.path(), "WALLET_A", Mode::Production, NOW).err().unwrap();
    assert!(matches!(refused, KeyError::Development), "{refused}");
}

#[test]
fn keys_of_another_institution_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    let refused = InstitutionKeys::open(dir.path(), "WALLET_B", Mode::Dev, NOW).err().unwrap();
    assert!(matches!(refused, KeyError::OtherInstitution { .. }), "{refused}");
}

#[test]
fn keys_past_their_time_are_not_live() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    let later = NOW + 31 * 86_400;
    let refused = InstitutionKeys::open(dir.path(), "WALLET_A", Mode::Dev, later).err().unwrap();
    assert!(matches!(refused, KeyError::NoneLive { .. }), "{refused}");
}

#[test]
fn a_statement_beside_another_private_key_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    std::fs::copy(dir.path().join("root.key"), dir.path().join("receipt-2026112204.key")).unwrap();
    let refused = InstitutionKeys::open(dir.path(), "WALLET_A", Mode::Dev, NOW).err().unwrap();
    assert!(matches!(refused, KeyError::Entry { kid: 2_026_112_204, .. }), "{refused}");
}

#[test]
fn private_keys_are_readable_by_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    for file in std::fs::read_dir(dir.path()).unwrap().map(Result::unwrap) {
        let secret = file.path().extension().is_some_and(|e| e == "key");
        let others = file.metadata().unwrap().permissions().mode() & 0o077;
        assert_eq!(secret, others == 0, "{:?}", file.path());
    }
}
