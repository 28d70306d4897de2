use super::*;
use crate::{records::Believed, testing::MemoryVault};

fn policy() -> Policy {
    Policy {
        institution_id: "A".into(),
        serial: 1,
        suites: vec![SuiteId::International],
        kinds: vec!["numeric".into()],
        modes: vec![0, 1],
        factors: vec!["password".into(), "device".into()],
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
    Need { suite, device: suite, kind: "numeric", amount: Some(Fen::new(fen).unwrap()) }
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
        ("factor", |p| p.factors.push("biometric".into())),
        ("amount", |p| p.amount_fen_max = 499),
        ("time", |p| p.expires = 1_200),
    ];
    for (name, change) in cases {
        let mut policy = policy();
        change(&mut policy);
        assert!(judge(&policy, &seen(&policy), &need(500), 1_500).is_err(), "{name}");
    }
}
