use msgpay_wire::trust::{Purpose, Signer as _};

use super::*;
use crate::pki::issue::Validity;

const NOW: i64 = 1_795_332_700;
const SUITE: SuiteId = SuiteId::International;

fn made(dir: &Path) -> make::Made {
    make::make(dir, "WALLET_A", 20_261_122, Validity::days(NOW, 30)).unwrap().remove(0)
}

#[test]
fn keys_made_open_again_and_sign_what_their_root_vouches_for() {
    let dir = tempfile::tempdir().unwrap();
    let made = made(dir.path());
    let keys = InstitutionKeys::open(dir.path(), "WALLET_A", Mode::Dev, &SuiteId::ALL, NOW).unwrap();
    assert_eq!(keys.roots().pinned[0].public_key, made.root_public_key);
    let receipt = keys.signer(Purpose::Receipt, SUITE, NOW).unwrap();
    let object = receipt.sign_object(vec![0xa0]).unwrap();
    let at = u64::try_from(NOW).unwrap();
    let (payload, statement) = keys.roots().open(&BuiltIn, "test", &object, Purpose::Receipt, at).unwrap();
    assert_eq!((payload, statement.kid), (vec![0xa0], receipt.kid()));
    assert!(keys.roots().open(&BuiltIn, "test", &object, Purpose::Summary, at).is_err());
    assert_eq!(keys.kids_min().len(), Purpose::ALL.len() * SuiteId::ALL.len());
}

#[test]
fn development_keys_are_refused_in_production() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    let refused =
        InstitutionKeys::open(dir.path(), "WALLET_A", Mode::Production, &SuiteId::ALL, NOW).err().unwrap();
    assert!(matches!(refused, KeyError::Development), "{refused}");
}

#[test]
fn keys_of_another_institution_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    let refused = InstitutionKeys::open(dir.path(), "WALLET_B", Mode::Dev, &SuiteId::ALL, NOW).err().unwrap();
    assert!(matches!(refused, KeyError::OtherInstitution { .. }), "{refused}");
}

#[test]
fn keys_past_their_time_are_not_live() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    let later = NOW + 31 * 86_400;
    let refused =
        InstitutionKeys::open(dir.path(), "WALLET_A", Mode::Dev, &SuiteId::ALL, later).err().unwrap();
    assert!(matches!(refused, KeyError::NoneLive { .. }), "{refused}");
}

#[test]
fn a_statement_beside_another_private_key_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    std::fs::copy(dir.path().join("root.key"), dir.path().join("receipt-2026112204.key")).unwrap();
    let refused = InstitutionKeys::open(dir.path(), "WALLET_A", Mode::Dev, &SuiteId::ALL, NOW).err().unwrap();
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

/// A second key of a purpose beside the first, as at a rotation: good from `from_s`.
fn add_key(dir: &Path, purpose: Purpose, kid: u64, from_s: i64) {
    let read = |name: &str| std::fs::read_to_string(dir.join(name)).unwrap();
    let root = SigningKey::from_pkcs8_pem(suite(SUITE), &read("root.key")).unwrap();
    let (key, opening) = (SigningKey::make(suite(SUITE)).unwrap(), OpeningKey::make(suite(SUITE)).unwrap());
    let seals = purpose == Purpose::Seal;
    let statement = KeyStatement {
        institution_id: "WALLET_A".to_owned(),
        purpose,
        kid,
        suite: SUITE,
        public_key: if seals { opening.public_key() } else { key.public_key() },
        not_before: u64::try_from(from_s).unwrap(),
        not_after: u64::try_from(from_s + 86_400).unwrap(),
    };
    let signed = statement
        .sign(SUITE, 2_026_112_201, |message| root.sign(message).map(|signature| signature.to_vec()));
    let (file, name) = (format!("next-{kid}.key"), format!("next-{kid}.statement"));
    std::fs::write(dir.join(&name), signed.unwrap()).unwrap();
    let pem = if seals { opening.pkcs8_pem() } else { key.pkcs8_pem() };
    make::write_key(&dir.join(&file), &pem.unwrap()).unwrap();
    let mut manifest = Manifest::read(dir).unwrap();
    manifest.key.push(manifest::KeyEntry {
        purpose: purpose.word().to_owned(),
        kid,
        file: file.into(),
        statement: name.into(),
    });
    std::fs::write(dir.join(manifest::MANIFEST), toml::to_string(&manifest).unwrap()).unwrap();
}

#[test]
fn at_a_rotation_the_newest_signs_and_both_open() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    add_key(dir.path(), Purpose::Seal, 2_026_112_302, NOW - 10);
    add_key(dir.path(), Purpose::Receipt, 2_026_112_304, NOW - 10);
    let keys = InstitutionKeys::open(dir.path(), "WALLET_A", Mode::Dev, &SuiteId::ALL, NOW).unwrap();
    assert_eq!(keys.signer(Purpose::Receipt, SUITE, NOW).unwrap().kid(), 2_026_112_304);
    assert_eq!(keys.seal(SUITE, NOW).unwrap().kid, 2_026_112_302);
    assert!(keys.seal_by_kid(2_026_112_202, NOW).is_some() && keys.seal_by_kid(2_026_112_302, NOW).is_some());
    assert!(
        keys.kids_min().contains(&(SUITE, Purpose::Seal, 2_026_112_202)),
        "the old one is not withdrawn yet"
    );
    let after_new = NOW + 86_400;
    assert_eq!(
        keys.signer(Purpose::Receipt, SUITE, after_new).unwrap().kid(),
        2_026_112_204,
        "only the old one is good"
    );
    assert!(keys.seal_by_kid(2_026_112_302, after_new).is_some(), "an entry sealed in time may arrive late");
    assert!(keys.seal_by_kid(2_026_112_302, after_new + 180).is_none());
}

#[test]
fn a_key_taken_out_of_the_manifest_is_withdrawn_by_the_policy() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    add_key(dir.path(), Purpose::Seal, 2_026_112_302, NOW - 10);
    let mut manifest = Manifest::read(dir.path()).unwrap();
    manifest.key.retain(|entry| entry.kid != 2_026_112_202);
    std::fs::write(dir.path().join(manifest::MANIFEST), toml::to_string(&manifest).unwrap()).unwrap();
    let keys = InstitutionKeys::open(dir.path(), "WALLET_A", Mode::Dev, &SuiteId::ALL, NOW).unwrap();
    assert!(keys.kids_min().contains(&(SUITE, Purpose::Seal, 2_026_112_302)));
    assert!(keys.seal_by_kid(2_026_112_202, NOW).is_none());
}

#[test]
fn a_key_whose_time_comes_while_the_platform_runs_takes_over() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    let from = NOW + 29 * 86_400;
    add_key(dir.path(), Purpose::Receipt, 2_026_122_104, from);
    add_key(dir.path(), Purpose::Seal, 2_026_122_102, from);
    let keys = InstitutionKeys::open(dir.path(), "WALLET_A", Mode::Dev, &SuiteId::ALL, NOW).unwrap();
    let signs = |at| keys.signer(Purpose::Receipt, SUITE, at).unwrap().kid();
    let seals = |at| keys.seal(SUITE, at).unwrap().kid;
    assert_eq!((signs(from - 1), seals(from - 1)), (2_026_112_204, 2_026_112_202));
    assert_eq!((signs(from), seals(from)), (2_026_122_104, 2_026_122_102));
    assert!(
        keys.kids_min().contains(&(SUITE, Purpose::Receipt, 2_026_112_204)),
        "the one before is still good"
    );
}

#[test]
fn keys_last_as_long_as_one_takes_over_from_another() {
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    let (end, day) = (NOW + 30 * 86_400, 86_400);
    add_key(dir.path(), Purpose::Receipt, 2_026_122_204, end - 10);
    add_key(dir.path(), Purpose::Policy, 2_026_122_206, end + 10);
    let keys = InstitutionKeys::open(dir.path(), "WALLET_A", Mode::Dev, &SuiteId::ALL, NOW).unwrap();
    let lasts = |purpose, until| keys.lasts(purpose, SUITE, NOW, until);
    assert!(lasts(Purpose::Summary, end - 1) && !lasts(Purpose::Summary, end), "alone");
    assert!(
        lasts(Purpose::Receipt, end - 11 + day) && !lasts(Purpose::Receipt, end - 10 + day),
        "taken over"
    );
    assert!(!lasts(Purpose::Policy, end + 20), "not across a gap");
    assert!(!keys.lasts(Purpose::Receipt, SUITE, NOW - day, NOW), "not before they are good");
}

#[test]
fn a_receipt_is_signed_by_the_key_of_the_time_that_it_bears() {
    use crate::domain::{ReceiptFields, Signer as _, Verdict};
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    let from = NOW + 100;
    add_key(dir.path(), Purpose::Receipt, 2_026_122_204, from);
    let source = ring::Source {
        dir: dir.path().to_owned(),
        institution_id: "WALLET_A".to_owned(),
        mode: Mode::Dev,
        suites: SuiteId::ALL.to_vec(),
    };
    let ring = Arc::new(ring::KeyRing::open(source, NOW).unwrap());
    let keys = ring.in_use();
    let signer = crate::platform::ReceiptSigner { institution_id: "WALLET_A".to_owned(), keys: ring };
    for (at_ms, kid) in [(from * 1000 - 1, 2_026_112_204), (from * 1000, 2_026_122_204)] {
        let fields = ReceiptFields {
            suite: SUITE.number(),
            device_id: "D1".to_owned(),
            subject_no: "P1".to_owned(),
            order_digest: [1; 32],
            request_digest: [2; 32],
            verdict: Verdict::Void,
            reason: String::new(),
            at_ms,
            attempt: 0,
            tries_left: None,
        };
        let cose = signer.sign_receipt(&fields).unwrap();
        let now = u64::try_from(from + 5).unwrap();
        let (receipt, by) = msgpay_wire::receipt::Receipt::open(&BuiltIn, keys.roots(), &cose, now).unwrap();
        assert_eq!((by.kid, receipt.time), (kid, u64::try_from(at_ms / 1000).unwrap()));
    }
}

#[test]
fn a_private_key_that_others_may_read_is_refused_outside_development() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    made(dir.path());
    let mut manifest = Manifest::read(dir.path()).unwrap();
    manifest.development = false;
    std::fs::write(dir.path().join(manifest::MANIFEST), toml::to_string(&manifest).unwrap()).unwrap();
    let open = || InstitutionKeys::open(dir.path(), "WALLET_A", Mode::Production, &SuiteId::ALL, NOW);
    assert!(open().is_ok());
    for name in ["receipt-2026112204.key", "http-signing.key", "pepper.key", "mobile.key"] {
        let path = dir.path().join(name);
        let set = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        set(0o640);
        assert!(matches!(open().err(), Some(KeyError::OpenToOthers { .. })), "{name}");
        set(0o600);
    }
    assert!(open().is_ok());
}
