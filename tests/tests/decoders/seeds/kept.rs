//! What is read where no stranger speaks: opened entries, records of databases and of vaults, configurations.

use super::key;
use crate::targets::{config, opened, record};
use msgpay_crypto::SuiteId as Suite;
use msgpay_wire::cbor::Value;
use msgpay_wire::entry::{CLEAR, DELETE, Kind, NO_OPERATION};
use msgpay_wire::fields::Writer;

type Named = Vec<(&'static str, Vec<u8>)>;

/// A PIN's block of 1234 with eight bytes A5 behind it, under the target's key and account.
const BLOCK: [u8; 16] =
    [0xc2, 0x21, 0x56, 0x23, 0xfe, 0xab, 0x99, 0x50, 0xe6, 0xc7, 0x95, 0x40, 0x9e, 0x18, 0x49, 0x4d];

pub(super) fn opened() -> Named {
    let with = |layout: Vec<u8>, presses: &[u8]| {
        [&[u8::try_from(layout.len()).unwrap()], &layout[..], presses].concat()
    };
    let of = |kind: Kind, presses: &[u8]| {
        let head = [kind.number(), u8::try_from(kind.alphabet().len()).unwrap()];
        with([&head[..], kind.alphabet()].concat(), presses)
    };
    vec![
        ("numeric", of(Kind::Numeric, &[4, 0, 8, DELETE, 1, CLEAR, 9, 2, 7, 3, 5, 6, NO_OPERATION])),
        ("id-number", of(Kind::IdNumber, &[1, 1, 0, 1, 0, 1, 10])),
        ("full-text", of(Kind::FullText, &[0, 93, 26, 52, 7, 8, 9, 40])),
        ("pin", with([&[5, 16], &BLOCK[..]].concat(), &[NO_OPERATION; 8])),
    ]
}

/// Whether a seed's presses are characters.
pub(super) fn resolves(data: &[u8]) -> bool {
    let resolved = opened::parts(data).and_then(|(layout, presses)| {
        opened::resolved(layout, presses, Kind::from_number(*layout.first()?)?)
    });
    resolved.is_some_and(|typed| !typed.is_empty())
}

pub(super) fn passwords() -> Named {
    let record = record::RECORD;
    vec![
        ("record", record.into()),
        ("other-cost", record.replace("m=19456", "m=19457").into_bytes()),
        ("other-pepper", record.replace("keyid=", "keyid=0").into_bytes()),
    ]
}

pub(super) fn vault() -> Named {
    let wallet = Writer::labelled("msgpay wallet record v1")
        .text(1, "WALLET_A")
        .text(2, "W0001")
        .text(3, "D0001")
        .text(4, "msgpay/WALLET_A/1")
        .uint(5, 1);
    let open = Writer::labelled("msgpay open request record v1")
        .text(1, "WALLET_A")
        .text(2, "P202611220000000000000731")
        .uint(3, 2)
        .text(4, "D0001")
        .bytes(5, &[5; 16])
        .bytes(6, &[6; 32])
        .bytes(7, &[7; 32])
        .uint(8, 2_026_112_203)
        .text(9, "msgpay/WALLET_A/1")
        .uint(10, 2)
        .uint(11, 1_795_334_400);
    let least = |suite: u64, purpose: &str| {
        Value::Array(vec![suite.into(), Value::Text(purpose.into()), 2_026_112_203.into()])
    };
    let policy = Writer::labelled("msgpay policy record v1")
        .uint(1, 7)
        .value(2, Value::Array(vec![least(1, "receipt"), least(2, "seal")]));
    let enrolled = Writer::labelled("msgpay wallet record v1")
        .text(1, "WALLET_A")
        .text(2, "W0001")
        .text(3, "D0001")
        .text(4, "device/WALLET_A/1")
        .uint(5, 1)
        .text(6, "biometric/WALLET_A/1")
        .uint(7, 1)
        .bytes(8, &[4; 65]);
    let wallets = [("wallet", wallet.finish()), ("wallet-enrolled", enrolled.finish())];
    let rest = [("open-request", open.finish()), ("policy", policy.finish())];
    wallets.into_iter().chain(rest).collect()
}

pub(super) fn configs() -> Named {
    let root = hex::encode(key(Suite::International, 7).public_key());
    let institution = |id: &str, more: &str| {
        format!(
            "{{\"institution_id\":\"{id}\",\"institution_name\":\"示例钱包\",\
             \"base_url\":\"https://pay.example.cn\",\
             \"spki_pins\":[\"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\"],\"ca_cert\":\"ca.pem\",\
             \"roots\":[{{\"kid\":2026112201,\"public_key\":\"{root}\"{more}}}]}}"
        )
    };
    let file_of = |institutions: &[String]| format!("{{\"institutions\":[{}]}}", institutions.join(","));
    let guomi = ",\"suite\":\"guomi\",\"vouches_for\":[\"international\"]";
    let one = file_of(&[institution("WALLET_A", "")]);
    let two = file_of(&[institution("WALLET_A", guomi), institution("WALLET_B", "")]);
    let file = "-----BEGIN CERTIFICATE-----\nAAEC\nAw==\n-----END CERTIFICATE-----\n";
    let with = |text: &str| [text, config::THEN, file].concat().into_bytes();
    vec![("one", with(&one)), ("two", with(&two)), ("no-file", one.into_bytes())]
}
