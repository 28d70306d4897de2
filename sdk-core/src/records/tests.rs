use super::*;
use crate::testing::MemoryVault;

fn membership(institution: &str) -> Membership {
    Membership {
        institution: institution.into(),
        wallet_id: "W1".into(),
        device_id: "D1".into(),
        key_name: "k".into(),
    }
}

fn open_request(subject_no: &str) -> OpenRequest {
    OpenRequest {
        institution: "A".into(),
        subject_no: subject_no.into(),
        suite: SuiteId::International,
        device_id: "D1".into(),
        key_name: "k".into(),
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
    assert_eq!(OpenRequest::find(&vault, "P1"), Ok(Some(open_request("P1"))));
    assert_eq!(OpenRequest::all(&vault).unwrap(), ["P1"]);
    open_request("P1").forget(&vault).unwrap();
    assert_eq!(OpenRequest::find(&vault, "P1"), Ok(None));
}

#[test]
fn a_record_under_another_name_is_damage() {
    let vault = MemoryVault::default();
    membership("B").keep(&vault).unwrap();
    open_request("P2").keep(&vault).unwrap();
    vault.put("wallet/A", &vault.record("wallet/B").unwrap().unwrap()).unwrap();
    vault.put("open/P1", &vault.record("open/P2").unwrap().unwrap()).unwrap();
    assert_eq!(Membership::find(&vault, "A"), Err(HostFault::Vault));
    assert_eq!(OpenRequest::find(&vault, "P1"), Err(HostFault::Vault));
}

#[test]
fn a_damaged_serial_does_not_let_an_old_policy_back() {
    let vault = MemoryVault::default();
    assert_eq!(policy_goes_on(&vault, "A", 5), Ok(true));
    assert_eq!(policy_goes_on(&vault, "A", 4), Ok(false));
    vault.put("policy/A", b"damaged").unwrap();
    assert_eq!(policy_goes_on(&vault, "A", 4), Err(HostFault::Vault));
}
