use std::path::Path;

use super::*;
use crate::{
    keys::{
        make,
        manifest::MANIFEST,
        rotate::{self, Made, Named, Plan, Use},
    },
    pki::issue::Validity,
};

const NOW: i64 = 1_795_332_700;
const SUITE: SuiteId = SuiteId::International;

fn made() -> (tempfile::TempDir, KeyRing) {
    let dir = tempfile::tempdir().unwrap();
    make::make(dir.path(), "WALLET_A", 20_261_122, Validity::days(NOW, 30)).unwrap();
    let source = Source {
        dir: dir.path().to_owned(),
        institution_id: "WALLET_A".to_owned(),
        mode: Mode::Dev,
        suites: SuiteId::ALL.to_vec(),
    };
    let ring = KeyRing::open(source, NOW).unwrap();
    (dir, ring)
}

/// A new `seal` key; its number.
fn rotated(dir: &Path) -> u64 {
    let plan = Plan { validity: Validity::days(NOW, 30), now_s: NOW, http_from: NOW };
    match rotate::rotate(dir, &[Use::Purpose(Purpose::Seal)], &[SUITE], &plan).unwrap()[0] {
        Made::Purpose { kid, .. } => kid,
        ref other => panic!("{other:?}"),
    }
}

fn seal(ring: &KeyRing) -> u64 {
    ring.in_use().seal(SUITE, NOW).unwrap().kid
}

#[test]
fn a_new_set_is_taken_up_and_the_one_before_it_goes_with_its_last_user() {
    let (dir, ring) = made();
    assert!(!ring.reread(Look::IfChanged, NOW).unwrap(), "nothing has changed");
    let old = seal(&ring);
    let (user, before) = (ring.in_use(), Arc::downgrade(&ring.in_use()));
    let opening = Arc::downgrade(&user.seal_by_kid(old, NOW).unwrap().key);
    let new = rotated(dir.path());
    assert_eq!(seal(&ring), old, "not before it is read");
    assert!(ring.reread(Look::IfChanged, NOW).unwrap());
    assert_eq!(seal(&ring), new);
    assert!(ring.in_use().seal_by_kid(old, NOW).is_some(), "both open");
    assert_eq!(user.seal(SUITE, NOW).unwrap().kid, old, "who works with the set before it is not disturbed");
    // Control: somebody still works with it.
    assert!(before.upgrade().is_some() && opening.upgrade().is_some());
    drop(user);
    assert!(before.upgrade().is_none() && opening.upgrade().is_none(), "its pages are wiped when they drop");
    assert!(!ring.reread(Look::IfChanged, NOW).unwrap());
    assert!(ring.reread(Look::Anyway, NOW).unwrap(), "who asks is answered");
}

#[test]
fn a_key_that_opens_an_entry_outlives_the_set_until_it_has_opened_it() {
    let (dir, ring) = made();
    let old = seal(&ring);
    let opening = Arc::clone(&ring.in_use().seal_by_kid(old, NOW).unwrap().key);
    rotated(dir.path());
    rotate::withdraw(dir.path(), &Named::Number(old), NOW).unwrap();
    assert!(ring.reread(Look::IfChanged, NOW).unwrap());
    assert!(ring.in_use().seal_by_kid(old, NOW).is_none(), "nobody else gets it");
    assert_eq!(Arc::strong_count(&opening), 1, "it is the last");
}

#[test]
fn a_set_that_does_not_hold_together_changes_nothing() {
    type Spoil = fn(&Path);
    fn edit(dir: &Path, change: impl Fn(&str) -> String) {
        let path = dir.join(MANIFEST);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, change(&text)).unwrap();
    }
    let cases: [(&str, Spoil, &str); 10] = [
        ("half-written", |dir| edit(dir, |text| text[..text.len() / 2].to_owned()), "not a key manifest"),
        ("empty", |dir| edit(dir, |_| String::new()), "not a key manifest"),
        ("gone", |dir| std::fs::remove_file(dir.join(MANIFEST)).unwrap(), "cannot read keys.toml"),
        (
            "a statement that is not there yet",
            |dir| std::fs::remove_file(dir.join("seal-2026112257.statement")).unwrap(),
            "cannot read seal-2026112257.statement",
        ),
        (
            "a key beside another's statement",
            |dir| {
                std::fs::copy(dir.join("root.key"), dir.join("receipt-2026112204.key")).unwrap();
                edit(dir, |text| format!("{text}\n"));
            },
            "key 2026112204: its statement names another key",
        ),
        ("of another institution", |dir| edit(dir, |text| text.replace("WALLET_A", "WALLET_B")), "WALLET_B"),
        (
            "without an HTTP key",
            |dir| edit(dir, |text| text[..text.find("[[http]]").unwrap()].to_owned() + "\n"),
            "not a key manifest",
        ),
        (
            "a number twice",
            |dir| edit(dir, |text| text.replace("2026112203", "2026112202")),
            "key 2026112202: it is in the manifest twice",
        ),
        (
            "two names alike",
            |dir| edit(dir, |text| text.replace("pay-2026g", "pay-2026a")),
            "two HTTP keys have the same key_id",
        ),
        (
            "with another pepper",
            |dir| {
                std::fs::copy(dir.join("mobile.key"), dir.join("other.key")).unwrap();
                edit(dir, |text| text.replace("pepper.key", "other.key"));
            },
            "taken up at a start only",
        ),
    ];
    for (what, spoil, why) in cases {
        let (dir, ring) = made();
        let before = ring.in_use();
        // A good rotation is in it, too: a set is taken up whole or not at all.
        let new = rotated(dir.path());
        assert_eq!(new, 2_026_112_257);
        let good = std::fs::read(dir.path().join(MANIFEST)).unwrap();
        let statement = std::fs::read(dir.path().join("seal-2026112257.statement")).unwrap();
        let receipt = std::fs::read(dir.path().join("receipt-2026112204.key")).unwrap();
        spoil(dir.path());
        let refused = ring.reread(Look::IfChanged, NOW).unwrap_err();
        assert!(refused.log_words().contains(why), "{what}: {}", refused.log_words());
        assert!(Arc::ptr_eq(&before, &ring.in_use()), "{what}: the set in use stays");
        // Control: mended, it is taken up.
        std::fs::write(dir.path().join(MANIFEST), good).unwrap();
        std::fs::write(dir.path().join("seal-2026112257.statement"), statement).unwrap();
        std::fs::write(dir.path().join("receipt-2026112204.key"), receipt).unwrap();
        assert!(ring.reread(Look::IfChanged, NOW).unwrap(), "{what}");
        assert_eq!(seal(&ring), new, "{what}");
    }
}

#[test]
fn what_was_withdrawn_stays_withdrawn() {
    let (dir, ring) = made();
    let old = seal(&ring);
    let plan = Plan { validity: Validity::days(NOW, 30), now_s: NOW, http_from: NOW };
    rotated(dir.path());
    rotate::rotate(dir.path(), &[Use::Http], &[SUITE], &plan).unwrap();
    assert!(ring.reread(Look::IfChanged, NOW).unwrap());
    for (named, words) in
        [(Named::Number(old), old.to_string()), (Named::Http("pay-2026a".to_owned()), "pay-2026a".to_owned())]
    {
        let before = std::fs::read(dir.path().join(MANIFEST)).unwrap();
        rotate::withdraw(dir.path(), &named, NOW).unwrap();
        assert!(ring.reread(Look::IfChanged, NOW).unwrap());
        let after = std::fs::read(dir.path().join(MANIFEST)).unwrap();
        std::fs::write(dir.path().join(MANIFEST), &before).unwrap();
        match ring.reread(Look::IfChanged, NOW) {
            Err(KeyError::Returned { key }) => assert_eq!(key, words),
            other => panic!("{words}: {:?}", other.map_err(|e| e.to_string())),
        }
        std::fs::write(dir.path().join(MANIFEST), &after).unwrap();
        assert!(!ring.reread(Look::IfChanged, NOW).unwrap(), "the set in use again");
    }
}

#[test]
fn a_key_that_is_over_goes_without_a_new_manifest() {
    let (dir, ring) = made();
    let old = seal(&ring);
    let plan = Plan { validity: Validity::days(NOW, 60), now_s: NOW, http_from: NOW };
    rotate::rotate(dir.path(), &Use::ALL, &SuiteId::ALL, &plan).unwrap();
    assert!(ring.reread(Look::IfChanged, NOW).unwrap());
    let end = NOW + 30 * 86_400;
    assert!(!ring.reread(Look::IfChanged, end - 1).unwrap());
    assert!(ring.reread(Look::IfChanged, end).unwrap(), "the HTTP keys");
    assert!(!ring.reread(Look::IfChanged, end + 179).unwrap(), "something sealed in time may still arrive");
    let opening = Arc::downgrade(&ring.in_use().seal_by_kid(old, end + 179).unwrap().key);
    assert!(ring.reread(Look::IfChanged, end + 180).unwrap());
    assert!(opening.upgrade().is_none());
    assert!(!ring.reread(Look::IfChanged, end + 180).unwrap());
    // With none left that is good, the set in use stays, and it is said.
    let refused = ring.reread(Look::IfChanged, NOW + 60 * 86_400).unwrap_err();
    assert!(matches!(refused, KeyError::NoneLive { .. }), "{refused}");
}
