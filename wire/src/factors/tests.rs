use super::*;
use crate::fields::Writer;

fn read(value: Value) -> Result<Vec<Way>, FormatError> {
    let bytes = Writer::new().value(6, value).finish();
    ways(&mut Reader::open("policy", &bytes).unwrap(), 6)
}

fn array(ways: &[&[&str]]) -> Value {
    let text = |word: &&str| Value::Text((*word).to_owned());
    Value::Array(ways.iter().map(|way| Value::Array(way.iter().map(text).collect())).collect())
}

#[test]
fn ways_come_back_in_their_order() {
    let ways = [Way::by_biometric(), Way::by_password(), Way::by_both()];
    let value = Value::Array(ways.iter().map(Way::value).collect());
    assert_eq!(read(value), Ok(ways.to_vec()));
}

#[test]
fn what_is_no_way_is_refused() {
    let long = "x".repeat(33);
    let many: Vec<String> = (0..8).map(|n| format!("factor-{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).chain(["device"]).collect();
    let wrong: [(&str, &[&[&str]]); 9] = [
        ("no way at all", &[]),
        ("nothing needed", &[&[]]),
        ("the device alone", &[&["device"]]),
        ("without the device", &[&["password", "biometric"]]),
        ("one sound, one too weak", &[&["device", "password"], &["device"]]),
        ("a factor twice", &[&["device", "device"]]),
        ("a way twice", &[&["device", "password"], &["device", "password"]]),
        ("a word too long", &[&["device", &long]]),
        ("too many factors", &[&many]),
    ];
    for (name, ways) in wrong {
        let refused = FormatError { what: "policy", defect: Defect::Value(6) };
        assert_eq!(read(array(ways)), Err(refused), "{name}");
    }
    let of_another_type =
        [Value::Bool(true), Value::Array(vec![Value::Text("device".into())]), Value::Array(vec![1.into()])];
    for value in of_another_type {
        assert_eq!(read(value), Err(FormatError { what: "policy", defect: Defect::Type(6) }));
    }
}

#[test]
fn an_unknown_factor_is_read_and_never_met() {
    let ways = read(array(&[&["device", "iris"], &["device", "password"]])).unwrap();
    assert!(!ways[0].is_met_by(&Factor::ALL), "whatever is there");
    assert!(ways[1].is_met_by(&[Factor::Device, Factor::Password]));
}

#[test]
fn a_way_is_made_of_exactly_its_factors() {
    use Factor::{Biometric, Device, Password};
    let sets: [&[Factor]; 5] =
        [&[Device], &[Device, Password], &[Biometric, Device], &[Device, Password, Biometric], &[Password]];
    let of = |way: &Way| sets.map(|set| way.is(set));
    assert_eq!(of(&Way::by_password()), [false, true, false, false, false]);
    assert_eq!(of(&Way::by_biometric()), [false, false, true, false, false]);
    assert_eq!(of(&Way::by_both()), [false, false, false, true, false]);
}

struct Joined;
impl Primitives for Joined {
    fn hash(&self, suite: SuiteId, bytes: &[u8]) -> Digest {
        let mut sum = [0; 32];
        for (at, byte) in bytes.iter().enumerate() {
            sum[at % 31] ^= byte.rotate_left(u32::try_from(at / 31).unwrap());
        }
        sum[31] = u8::try_from(suite.number()).unwrap();
        sum
    }
    fn verify(&self, _: SuiteId, _: &[u8], _: &[u8], _: &[u8]) -> bool {
        false
    }
}

#[test]
fn the_message_has_a_label_of_its_own_and_binds_suite_key_and_request() {
    let suite = SuiteId::International;
    let message = biometric_message(suite, &[1; 32], &[2; 32]);
    let label = b"msgpay biometric request v1";
    assert!(message.windows(label.len()).any(|part| part == label));
    assert_ne!(message, crate::request::device_message(&[2; 32]));
    let others = [
        biometric_message(SuiteId::Guomi, &[1; 32], &[2; 32]),
        biometric_message(suite, &[9; 32], &[2; 32]),
        biometric_message(suite, &[1; 32], &[9; 32]),
    ];
    assert!(!others.contains(&message));
    let kid = biometric_kid(&Joined, suite, &[4; 65]);
    assert_ne!(kid, biometric_kid(&Joined, SuiteId::Guomi, &[4; 65]));
    assert_ne!(kid, biometric_kid(&Joined, suite, &[5; 65]));
}
