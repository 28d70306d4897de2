use super::*;

const VECTORS: &str = include_str!("../../tests/fixtures/vectors.json");

fn sender() -> TelUri {
    TelUri::parse("tel:+8619900001234").unwrap()
}

fn keys() -> PostbackKeys {
    let key: [u8; 32] = std::array::from_fn(|i| u8::try_from(i).unwrap());
    PostbackKeys::new(PostbackKey::new("k7", key), vec![])
}

fn vector() -> String {
    let all: serde_json::Value = serde_json::from_str(VECTORS).unwrap();
    all["postback_token"]["value"].as_str().unwrap().to_owned()
}

#[test]
fn the_vector_is_issued_and_believed() {
    let claims = Postback {
        verb: Verb::InstitutionSelect,
        reference: "P202611220000000731".into(),
        argument: "WALLET_A".into(),
        expires: 1_795_333_500,
    };
    assert_eq!(keys().issue(&claims, &sender()), vector());
    assert_eq!(keys().verify(&vector(), &sender(), 1_795_333_500), Ok(claims));
}

#[test]
fn a_token_counts_until_its_last_second() {
    assert_eq!(keys().verify(&vector(), &sender(), 1_795_333_501), Err(PostbackRefused::Expired));
}

#[test]
fn another_subscriber_cannot_use_it() {
    let thief = TelUri::parse("tel:+8619900001235").unwrap();
    assert_eq!(keys().verify(&vector(), &thief, 0), Err(PostbackRefused::Forged));
}

#[test]
fn no_character_can_be_changed() {
    let good = vector();
    for (i, c) in good.char_indices() {
        let other = if c == 'A' { 'B' } else { 'A' };
        let mut bad = good.clone();
        bad.replace_range(i..i + 1, &other.to_string());
        assert!(keys().verify(&bad, &sender(), 0).is_err(), "{bad}");
    }
}

#[test]
fn a_retired_key_is_unknown_and_an_older_one_still_good() {
    let next = || PostbackKey::new("k8", [8; 32]);
    assert_eq!(
        PostbackKeys::new(next(), vec![]).verify(&vector(), &sender(), 0),
        Err(PostbackRefused::UnknownKey)
    );
    assert!(PostbackKeys::new(next(), vec![keys().current]).verify(&vector(), &sender(), 0).is_ok());
}

#[test]
fn forms_that_are_no_token() {
    for bad in [
        "",
        "help.security",
        "p1|order.query|P1||1795333500|k7",
        "p1|order.fly|P1||1795333500|k7|AAAAAAAAAAAAAAAAAAAAAA",
        "p2|order.query|P1||1795333500|k7|AAAAAAAAAAAAAAAAAAAAAA",
        "p1|order.query|P1||+1795333500|k7|AAAAAAAAAAAAAAAAAAAAAA",
        "p1|order.query|P1||1795333500||AAAAAAAAAAAAAAAAAAAAAA",
        "p1|order.query|P1||1795333500|k7|AAAA",
        "p1|order.query|P1|a|b|1795333500|k7|AAAAAAAAAAAAAAAAAAAAAA",
    ] {
        assert_eq!(keys().verify(bad, &sender(), 0), Err(PostbackRefused::Malformed), "{bad}");
    }
}

#[test]
fn a_key_does_not_print_itself() {
    assert_eq!(format!("{:?}", PostbackKey::new("k7", [7; 32])), "PostbackKey(k7)");
}
