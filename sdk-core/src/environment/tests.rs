use super::*;
use crate::{records::Believed, testing::MemoryVault};

fn policy() -> Policy {
    Policy {
        institution_id: "A".into(),
        serial: 1,
        suites: vec![SuiteId::International],
        kinds: vec!["numeric".into()],
        modes: vec![0, 1],
        ways: vec![Way::by_password()],
        amount_fen_max: 500,
        kids_min: vec![
            (SuiteId::International, Purpose::Receipt, 7),
            (SuiteId::International, Purpose::Seal, 9),
            (SuiteId::Guomi, Purpose::Receipt, 70),
        ],
        issued: 1_000,
        expires: 2_000,
        device_p256: false,
    }
}

/// What a handset has seen whose first policy this one is.
fn seen(policy: &Policy) -> PolicySeen {
    match PolicySeen::goes_on(&MemoryVault::default(), policy, &[]) {
        Ok(Believed::Now(seen)) => seen,
        other => panic!("{other:?}"),
    }
}

fn need(fen: i64) -> Need {
    let suite = SuiteId::International;
    Need { suite, device: suite, kind: "numeric", biometric: None, amount: Some(Fen::new(fen).unwrap()) }
}

#[test]
fn what_the_policy_asks_and_the_handset_has_is_cleared() {
    let policy = policy();
    assert_eq!(judge(&policy, &seen(&policy), &need(500), 1_500).unwrap().receipt_kid_min(), 7);
}

#[test]
fn each_thing_that_is_not_met_is_refused() {
    type Change = fn(&mut Policy);
    let cases: [(&str, Change); 6] = [
        ("suite", |p| p.suites.clear()),
        ("kind", |p| p.kinds = vec!["full-text".into()]),
        ("mode", |p| p.modes = vec![1]),
        ("factor", |p| p.ways = vec![Way::by_both(), Way::by_biometric()]),
        ("amount", |p| p.amount_fen_max = 499),
        ("time", |p| p.expires = 1_200),
    ];
    for (name, change) in cases {
        let mut policy = policy();
        change(&mut policy);
        assert!(judge(&policy, &seen(&policy), &need(500), 1_500).is_err(), "{name}");
    }
}

fn words(way: Option<Way>) -> Option<String> {
    way.map(|way| way.words().collect::<Vec<_>>().join(" "))
}

/// First way and the one without the biometric.
fn gone(ways: &[Way], biometric: Option<SuiteId>) -> Option<(Option<String>, Option<String>)> {
    let policy = Policy { ways: ways.to_vec(), ..policy() };
    let cleared = judge(&policy, &seen(&policy), &Need { biometric, ..need(500) }, 1_500).ok()?;
    Some((words(cleared.first_way()), words(cleared.way_without_biometric())))
}

#[test]
fn the_first_way_that_this_handset_can_go_is_gone_and_no_other_falls_in_for_it() {
    let iris = Way::of_words(["device", "iris"]).unwrap();
    let (password, finger, both) = (Way::by_password(), Way::by_biometric(), Way::by_both());
    let (p, f, b) = ("device password", "device biometric", "device password biometric");
    let key = Some(SuiteId::International);
    let said =
        |first: &str, without: Option<&str>| Some((Some(first.to_owned()), without.map(str::to_owned)));
    let all = [finger.clone(), password.clone()];
    assert_eq!(gone(&all, key), said(f, Some(p)));
    assert_eq!(gone(&all, None), said(p, Some(p)), "without a key");
    assert_eq!(gone(std::slice::from_ref(&both), key), said(b, None), "nothing weaker than what is listed");
    assert_eq!(gone(&[both], None), None);
    assert_eq!(gone(&[iris.clone(), password], key), said(p, Some(p)), "an unknown factor is passed over");
    assert_eq!(gone(&[iris], key), None);
    assert_eq!(
        gone(&[finger], Some(SuiteId::Guomi)),
        None,
        "a key of a suite that the policy does not allow"
    );
}
