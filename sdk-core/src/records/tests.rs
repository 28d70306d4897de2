use super::*;
use crate::testing::MemoryVault;

fn membership(institution: &str) -> Membership {
    Membership {
        institution: institution.into(),
        wallet_id: "W1".into(),
        device_id: "D1".into(),
        key_name: "k".into(),
        key_suite: SuiteId::Guomi,
        biometric: None,
    }
}

fn open_request(subject_no: &str) -> OpenRequest {
    OpenRequest {
        institution: "A".into(),
        subject_no: subject_no.into(),
        suite: SuiteId::International,
        device_id: "D1".into(),
        key_name: "k".into(),
        key_suite: SuiteId::International,
        issued_s: 1_000,
        server_nonce: [1; 16],
        order_digest: [2; 32],
        request_digest: [3; 32],
        receipt_kid_min: 7,
    }
}

#[test]
fn records_come_back() {
    let vault = MemoryVault::default();
    membership("A").keep(&vault).unwrap();
    open_request("P1").keep(&vault).unwrap();
    assert_eq!(Membership::find(&vault, "A"), Ok(Some(membership("A"))));
    let key = BiometricKey { name: "b".into(), suite: SuiteId::International, public_key: [4; 65] };
    let enrolled = Membership { biometric: Some(key), ..membership("A") };
    enrolled.keep(&vault).unwrap();
    assert_eq!(Membership::find(&vault, "A"), Ok(Some(enrolled)));
    assert_eq!(OpenRequest::find(&vault, "A", "P1"), Ok(Some(open_request("P1"))));
    let same_number = OpenRequest { institution: "B".into(), ..open_request("P1") };
    same_number.keep(&vault).unwrap();
    let of = |institution: &str| OpenPayment { institution: institution.into(), pay_order_no: "P1".into() };
    assert_eq!(OpenRequest::all(&vault).unwrap(), [of("A"), of("B")]);
    open_request("P1").forget(&vault).unwrap();
    assert_eq!(OpenRequest::find(&vault, "A", "P1"), Ok(None));
    assert_eq!(OpenRequest::find(&vault, "B", "P1"), Ok(Some(same_number)), "another institution's number");
}

#[test]
fn a_record_under_another_name_is_damage() {
    let vault = MemoryVault::default();
    membership("B").keep(&vault).unwrap();
    open_request("P2").keep(&vault).unwrap();
    vault.put("wallet/A", &vault.record("wallet/B").unwrap().unwrap()).unwrap();
    vault.put("open/A/P1", &vault.record("open/A/P2").unwrap().unwrap()).unwrap();
    assert_eq!(Membership::find(&vault, "A"), Err(HostFault::Vault));
    assert_eq!(OpenRequest::find(&vault, "A", "P1"), Err(HostFault::Vault));
}

fn policy(serial: u64, receipt_kid_min: u64) -> Policy {
    Policy {
        institution_id: "A".into(),
        serial,
        suites: vec![SuiteId::Guomi],
        kinds: vec![],
        modes: vec![],
        ways: vec![],
        amount_fen_max: 1,
        kids_min: vec![
            (SuiteId::Guomi, Purpose::Receipt, receipt_kid_min),
            (SuiteId::Guomi, Purpose::Policy, 5),
        ],
        issued: 0,
        expires: 1,
        device_p256: false,
    }
}

fn key(purpose: Purpose, kid: u64) -> KeyStatement {
    KeyStatement {
        institution_id: "A".into(),
        purpose,
        kid,
        suite: SuiteId::Guomi,
        public_key: [4; 65],
        not_before: 0,
        not_after: 1,
    }
}

fn goes_on(vault: &MemoryVault, policy: &Policy, policy_kid: u64) -> Result<Believed, HostFault> {
    PolicySeen::goes_on(vault, policy, &[&key(Purpose::Policy, policy_kid)])
}

fn is_now(believed: &Result<Believed, HostFault>) -> bool {
    matches!(believed, Ok(Believed::Now(_)))
}

#[test]
fn a_damaged_record_does_not_let_an_old_policy_back() {
    let vault = MemoryVault::default();
    let goes_on = |serial| goes_on(&vault, &policy(serial, 7), 5);
    assert!(is_now(&goes_on(5)));
    assert_eq!(goes_on(4), Ok(Believed::Older));
    assert!(is_now(&goes_on(5)));
    vault.put("policy/A", b"damaged").unwrap();
    assert_eq!(goes_on(4), Err(HostFault::Vault));
}

#[test]
fn a_withdrawn_key_stays_withdrawn() {
    let vault = MemoryVault::default();
    let goes_on = |serial, min, by| goes_on(&vault, &policy(serial, min), by);
    assert!(is_now(&goes_on(1, 9, 6)));
    let Ok(Believed::Now(seen)) = goes_on(2, 3, 6) else { panic!("a later policy that says less") };
    assert_eq!(PolicySeen::find(&vault, "A").as_ref(), Ok(&seen), "what is given is what is kept");
    assert!(!seen.allows_key(&key(Purpose::Receipt, 8)) && seen.allows_key(&key(Purpose::Receipt, 9)));
    assert_eq!(seen.kid_min(SuiteId::Guomi, Purpose::Receipt), 9);
    let other_suite = KeyStatement { suite: SuiteId::International, ..key(Purpose::Receipt, 1) };
    assert!(seen.allows_key(&other_suite), "numbers count within a suite");
    let thief = goes_on(3, 99, 4);
    assert_eq!(thief, Ok(Believed::Withdrawn), "signed by a policy key that an earlier policy withdrew");
    assert_eq!(PolicySeen::find(&vault, "A"), Ok(seen), "and nothing of it is kept");
    assert_eq!(PolicySeen::find(&vault, "B"), Ok(PolicySeen::default()));
}

#[test]
fn what_an_older_policy_withdrew_counts_as_well() {
    let vault = MemoryVault::default();
    assert!(is_now(&goes_on(&vault, &policy(5, 7), 5)));
    assert_eq!(goes_on(&vault, &policy(4, 11), 5), Ok(Believed::Older));
    let Ok(Believed::Now(seen)) = goes_on(&vault, &policy(5, 7), 5) else { panic!("the present one") };
    assert_eq!(seen.kid_min(SuiteId::Guomi, Purpose::Receipt), 11);
}
