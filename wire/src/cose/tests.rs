use super::*;

/// An object whose protected header is these very bytes.
fn with_header(bytes: Vec<u8>) -> Vec<u8> {
    let header = header(SuiteId::International, 7, None);
    let mut object = CoseSign1Builder::new().payload(vec![0xa0]).signature(vec![1; 64]).build();
    object.protected = coset::ProtectedHeader { original_data: Some(bytes), header };
    object.to_vec().unwrap()
}

#[test]
fn a_header_has_one_encoding() {
    let good = header(SuiteId::International, 7, None).to_vec().unwrap();
    assert!(Unverified::read("test", &with_header(good.clone())).is_ok());
    assert_eq!(good[..4], [0xa2, 0x01, 0x26, 0x04], "a map of algorithm and key number");
    let swapped = [&good[..1], &good[3..], &good[1..3]].concat();
    let longer_key = [&[0xa2, 0x18, 0x01], &good[2..]].concat();
    let longer_map = [&[0xb8, 0x02], &good[1..]].concat();
    let endless = [&[0xbf], &good[1..], &[0xff]].concat();
    for (defect, bytes) in [
        ("entries in another order", swapped),
        ("a number in a longer form", longer_key),
        ("a length in a longer form", longer_map),
        ("a map without a length", endless),
    ] {
        assert!(Unverified::read("test", &with_header(bytes)).is_err(), "{defect}");
    }
}
