use serde_json::{Value, json};

use super::*;

const KEY: &str = "04\
    0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20\
    2122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f40";
const PEM: &[u8] = b"-----BEGIN CERTIFICATE-----\nAAEC\nAw==\n-----END CERTIFICATE-----\n";

/// One institution, changed by `change`, and written as the file.
fn json(change: impl FnOnce(&mut Value)) -> String {
    let mut one = json!({
        "institution_id": "WALLET_A",
        "institution_name": "示例钱包",
        "base_url": "https://localhost:8444",
        "spki_pins": [STANDARD.encode([7; 32])],
        "ca_cert": "ca.pem",
        "roots": [root()],
    });
    change(&mut one);
    file(&[one])
}

fn plain() -> String {
    json(|_| ())
}

fn file(institutions: &[Value]) -> String {
    json!({ "institutions": institutions }).to_string()
}

fn root() -> Value {
    json!({ "kid": 2_026_112_201_u64, "public_key": KEY })
}

fn read(text: &str) -> Result<Config, ConfigFault> {
    Config::from_json(text, |name| (name == "ca.pem").then(|| PEM.to_vec()))
}

#[test]
fn one_institution_is_read() {
    let config = read(&plain()).unwrap();
    let institution = config.institution("WALLET_A").unwrap();
    assert_eq!(institution.base_url, "https://localhost:8444");
    assert_eq!(institution.roots[0].kid, 2_026_112_201);
    assert_eq!(institution.roots[0].public_key[64], 0x40);
    assert_eq!(institution.spki_pins, [[7; 32]]);
    assert_eq!(institution.authorities, [[0, 1, 2, 3]]);
    assert!(config.institution("WALLET_B").is_none());
}

#[test]
fn several_institutions_are_read_and_one_id_stands_once() {
    let one: Value = serde_json::from_str(&plain()).unwrap();
    let one = &one["institutions"][0];
    let mut other = one.clone();
    other["institution_id"] = json!("WALLET_B");
    assert_eq!(read(&file(&[one.clone(), other])).unwrap().institutions.len(), 2);
    assert_eq!(read(&file(&[one.clone(), one.clone()])).unwrap_err(), ConfigFault::Twice);
    let astray = json!({ "institutions": [one], "spki_pins": [] }).to_string();
    assert_eq!(read(&astray).unwrap_err(), ConfigFault::Shape, "a key that belongs to no institution");
}

#[test]
fn suites_are_named_and_each_needs_a_root() {
    let institution = |text: &str| read(text).map(|config| config.institutions[0].clone());
    let alone = institution(&plain()).unwrap();
    assert_eq!((alone.suites, alone.device_suite), (vec![SuiteId::International], SuiteId::International));
    // The international root, and a second one with `more`.
    let with = |keys: Value, more: (&str, Value)| {
        let text = json(|one| {
            for (key, value) in keys.as_object().unwrap() {
                one[key] = value.clone();
            }
            let mut second = root();
            second[more.0] = more.1;
            one["roots"] = json!([root(), second]);
        });
        institution(&text).map(|found| (found.suites, found.device_suite))
    };
    let guomi = || ("suite", json!("guomi"));
    let both = json!({ "suites": ["guomi", "international"] });
    assert_eq!(with(both, guomi()), Ok((vec![SuiteId::Guomi, SuiteId::International], SuiteId::Guomi)));
    let hardware = json!({ "suites": ["guomi"], "device_key": "international" });
    assert_eq!(with(hardware, guomi()), Ok((vec![SuiteId::Guomi], SuiteId::International)));
    let faults = [
        (json!({ "suites": [] }), ConfigFault::Suite),
        (json!({ "suites": ["gm"] }), ConfigFault::Suite),
        (json!({ "device_key": "rsa" }), ConfigFault::Suite),
        (json!({ "suites": ["guomi"] }), ConfigFault::Root),
    ];
    for (keys, fault) in faults {
        assert_eq!(with(keys.clone(), ("vouches_for", json!([]))), Err(fault), "{keys}");
    }
    let vouched = with(json!({ "suites": ["guomi"] }), ("vouches_for", json!(["guomi"])));
    assert!(vouched.is_ok(), "pinned to vouch for the other suite");
}

#[test]
fn each_fault_has_its_name() {
    let faults = [
        ("institution_name", "institution_nome", ConfigFault::Shape),
        ("https://localhost:8444", "http://localhost:8444", ConfigFault::BaseUrl),
        ("https://localhost:8444", "https://localhost:8444/pay", ConfigFault::BaseUrl),
        ("https://localhost:8444", "https://user@localhost", ConfigFault::BaseUrl),
        ("\"040102", "\"020102", ConfigFault::Root),
        ("\"040102", "\"0102", ConfigFault::Root),
        ("\"040102", "\"04+1+2", ConfigFault::Root),
        ("BwcH", "B", ConfigFault::Pin),
        ("ca.pem", "other.pem", ConfigFault::Authority),
    ];
    for (from, to, fault) in faults {
        let text = plain().replacen(from, to, 1);
        assert_ne!(text, plain(), "{from} is there");
        assert_eq!(read(&text).unwrap_err(), fault, "{to}");
    }
    assert_eq!(read(&file(&[])).unwrap_err(), ConfigFault::NoInstitution);
}
