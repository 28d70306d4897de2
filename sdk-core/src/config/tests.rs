use super::*;

const KEY: &str = "04\
    0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20\
    2122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f40";
const PEM: &[u8] = b"-----BEGIN CERTIFICATE-----\nAAEC\nAw==\n-----END CERTIFICATE-----\n";

fn toml() -> String {
    format!(
        "institution_id = \"WALLET_A\"\ninstitution_name = \"示例钱包\"\nbase_url = \"https://localhost:8444\"\n\
         spki_pins = [\"{}\"]\nca_cert = \"ca.pem\"\n{}",
        STANDARD.encode([7; 32]),
        root("root", "")
    )
}

fn root(table: &str, more: &str) -> String {
    format!("[[{table}]]\nkid = 2026112201\npublic_key = \"{KEY}\"\n{more}")
}

fn read(text: &str) -> Result<Config, ConfigFault> {
    Config::from_toml(text, |name| (name == "ca.pem").then(|| PEM.to_vec()))
}

#[test]
fn one_institution_is_read() {
    let config = read(&toml()).unwrap();
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
    let one = format!("[[institution]]\n{}", toml().replace("[[root]]", "[[institution.root]]"));
    let other = one.replace("WALLET_A", "WALLET_B");
    assert_eq!(read(&format!("{one}{other}")).unwrap().institutions.len(), 2);
    assert_eq!(read(&format!("{one}{one}")).unwrap_err(), ConfigFault::Twice);
    let astray = format!("spki_pins = []\n{one}");
    assert_eq!(read(&astray).unwrap_err(), ConfigFault::Shape, "a key that belongs to no institution");
}

#[test]
fn suites_are_named_and_each_needs_a_root() {
    let institution = |text: &str| read(text).map(|config| config.institutions[0].clone());
    let plain = institution(&toml()).unwrap();
    assert_eq!((plain.suites, plain.device_suite), (vec![SuiteId::International], SuiteId::International));
    let guomi = |keys: &str, more: &str| format!("{keys}{}{}", toml(), root("root", more));
    let read = |text: &str| institution(text).map(|found| (found.suites, found.device_suite));
    let both = guomi("suites = [\"guomi\", \"international\"]\n", "suite = \"guomi\"\n");
    assert_eq!(read(&both), Ok((vec![SuiteId::Guomi, SuiteId::International], SuiteId::Guomi)));
    let hardware = guomi("suites = [\"guomi\"]\ndevice_key = \"international\"\n", "suite = \"guomi\"\n");
    assert_eq!(read(&hardware), Ok((vec![SuiteId::Guomi], SuiteId::International)));
    let faults = [
        ("suites = []\n", "", ConfigFault::Suite),
        ("suites = [\"gm\"]\n", "", ConfigFault::Suite),
        ("device_key = \"rsa\"\n", "", ConfigFault::Suite),
        ("suites = [\"guomi\"]\n", "", ConfigFault::Root),
    ];
    for (keys, more, fault) in faults {
        assert_eq!(read(&guomi(keys, more)), Err(fault), "{keys}");
    }
    let vouched = guomi("suites = [\"guomi\"]\n", "vouches_for = [\"guomi\"]\n");
    assert!(read(&vouched).is_ok(), "pinned to vouch for the other suite");
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
        let text = toml().replacen(from, to, 1);
        assert_ne!(text, toml(), "{from} is there");
        assert_eq!(read(&text).unwrap_err(), fault, "{to}");
    }
    assert_eq!(read("institution = []").unwrap_err(), ConfigFault::NoInstitution);
}
