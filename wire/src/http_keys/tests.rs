use super::*;

fn keys() -> HttpKeys {
    let key = |id: &str, from, fill| {
        let mut public_key = [fill; 65];
        public_key[0] = 4;
        HttpKey {
            key_id: id.into(),
            suite: SuiteId::Guomi,
            public_key,
            not_before: from,
            not_after: from + 86_400,
        }
    };
    HttpKeys {
        institution_id: "WALLET_A".into(),
        keys: vec![key("pay-2026g", 1_795_332_700, 0xab), key("pay-1795419100g", 1_795_419_100, 0x0c)],
    }
}

#[test]
fn keys_round_trip() {
    let text = String::from_utf8(keys().encode()).unwrap();
    assert!(text.starts_with(
        r#"{"institutionId":"WALLET_A","keys":[{"keyId":"pay-2026g","alg":"sm2-sm3","publicKey":"04abab"#
    ));
    assert_eq!(HttpKeys::read(text.as_bytes()), Ok(keys()));
    let query = KeysQuery { merchant_id: "8980000000000017".into() };
    assert_eq!(KeysQuery::read(&query.encode()), Ok(query));
}

#[test]
fn what_is_no_list_of_keys_is_refused_by_field() {
    let good: serde_json::Value = serde_json::from_slice(&keys().encode()).unwrap();
    let spoilt = |field: &str, value: serde_json::Value| {
        let mut body = good.clone();
        body["keys"][1][field] = value;
        match HttpKeys::read(body.to_string().as_bytes()) {
            Err(BodyError::Field { field, .. }) => field,
            other => panic!("{field}: {other:?}"),
        }
    };
    assert_eq!(spoilt("keyId", "".into()), "keyId");
    assert_eq!(spoilt("keyId", "a\"b".into()), "keyId");
    assert_eq!(spoilt("keyId", "pay-2026g".into()), "keys", "twice");
    assert_eq!(spoilt("alg", "rsa-pss-sha512".into()), "alg");
    let point = good["keys"][1]["publicKey"].as_str().unwrap();
    for wrong in [point[2..].to_owned(), point.replacen("04", "02", 1), point.to_uppercase()] {
        assert_eq!(spoilt("publicKey", wrong.into()), "publicKey");
    }
    assert_eq!(spoilt("notAfter", 1_795_419_100.into()), "notAfter");
    let mut none = good.clone();
    none["keys"] = serde_json::json!([]);
    assert!(HttpKeys::read(none.to_string().as_bytes()).is_err(), "none");
    none["keys"] = vec![good["keys"][0].clone(); 17].into();
    assert!(HttpKeys::read(none.to_string().as_bytes()).is_err(), "too many");
    assert!(KeysQuery::read(br#"{"merchantId":"a b"}"#).is_err());
}
