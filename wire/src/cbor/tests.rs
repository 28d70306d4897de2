use super::*;

fn reads(hex: &str) -> bool {
    let bytes: Vec<u8> =
        (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect();
    decode("test", &bytes).is_ok()
}

#[test]
fn only_the_deterministic_form_is_read() {
    assert!(reads("a201020304"));
    assert!(reads("f93e00"), "1.5 in two bytes");
    for (defect, hex) in [
        ("keys out of order", "a203040102"),
        ("key repeated", "a201020103"),
        ("head longer than needed", "1801"),
        ("indefinite array", "9f01ff"),
        ("indefinite bytes", "5f4101ff"),
        ("byte behind the end", "a1010200"),
        ("float longer than needed", "fb3ff8000000000000"),
        ("big number that fits an integer", "c249000000000000000001"),
        ("nested deeper than allowed", "818181818181818181818101"),
        ("cut short", "a20102"),
        ("empty", ""),
    ] {
        assert!(!reads(hex), "{defect}");
    }
}

#[test]
fn heads_are_shortest_at_every_length() {
    for n in [0usize, 23, 24, 255, 256, 65_535, 65_536] {
        let value = Value::Array(vec![Value::Null; n]);
        let bytes = encode(&value);
        assert_eq!(decode("test", &bytes).unwrap(), value, "{n}");
    }
}
