//! Makes the corpus: a valid example of everything that is read, and some inputs that once hurt readers elsewhere.

mod kept;
mod objects;

use crate::targets::{config, http_signature, opened, postback, record, signed};
use msgpay_crypto::{OpeningKey, SecretPage, SuiteId as Suite, password};
use msgpay_messaging::address::TelUri;
use msgpay_messaging::postback::{Postback, PostbackKey, Verb};
use msgpay_wire::answer::LaunchBody;
use msgpay_wire::cbor::{self, Value};
use msgpay_wire::cose;
use msgpay_wire::entry::{EntryPurpose, Envelope};
use msgpay_wire::httpsig::{Claims, Message, Refusal, Tag, sign_request};
use msgpay_wire::launch::Link;
use msgpay_wire::receipt::Verdict;
use msgpay_wire::request::{
    Activation, Enrolment, Launch, Packaged, Resolve, Setup, Submission, SubmissionAnswer, Touched,
};
use msgpay_wire::summary::{BiometricSummary, PasswordSummary, Summary};
use msgpay_wire::trust::Purpose;
use msgpay_wire::{Fen, SuiteId};
use objects::{answer, objects, policy, receipt, statement, token};
use std::collections::BTreeMap;

type Seeds = BTreeMap<String, Vec<u8>>;

/// Target, file, and whether its reader takes it.
type Good = (&'static str, &'static str, fn(&[u8]) -> bool);

/// An SM2 ciphertext of the bytes 0 to 31 for the private scalar 32 × 07, by `openssl pkeyutl`-compatible arithmetic
/// of tests/interop/sm2.py.
const SM2_CIPHERTEXT: &str = "308189022024be6826fa851c739e73b7ab94024b790ea9fb4683ee153555d0695aaf4dc9f5022100c11a\
    761c6f879f6453a92ff3bb64e671771f9f9d783fc84f9d49e484767d07020420faa41211c460ec5037e0b96f36d0706ed94ab5036a8a28f4\
    b6e7f94411be2f2704207eb6d53b8e45aef3d85d88f69b8b657b69fdfc05e7caa8e03f0be0a2ec93ea78";

/// A count that no message of ours has, in every width: what a reader must not set memory aside for.
const VAST: [(&str, &[u8]); 4] = [
    ("vast-array", b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff"),
    ("vast-map", b"\xbb\x00\x00\x00\x7f\xff\xff\xff\xff"),
    ("vast-bytes", b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff"),
    ("vast-text", b"\x7a\xff\xff\xff\xff"),
];

/// The corpus: per target its files.
pub(crate) fn all() -> BTreeMap<&'static str, Seeds> {
    let named = |seeds: Vec<(&str, Vec<u8>)>| -> Seeds {
        seeds.into_iter().map(|(name, bytes)| (name.to_owned(), bytes)).collect()
    };
    BTreeMap::from([
        ("annex_c", named(annex_c())),
        ("bridge", named(pages())),
        ("cbor", named(cbor_values())),
        ("config", named(kept::configs())),
        ("encapsulation", named(encapsulations())),
        ("entry", named(entries())),
        ("http_signature", named(http_signatures())),
        ("keys", named(keys())),
        ("link", named(links())),
        ("messages", messages()),
        ("opened", named(kept::opened())),
        ("postback", named(postbacks())),
        ("record", named(kept::passwords())),
        ("requests", named(requests())),
        ("signed", named(objects())),
        ("vault", named(kept::vault())),
    ])
}

/// Seeds that their reader must take, with the reader.
pub(crate) fn good() -> Vec<Good> {
    fn decapsulated(suite: Suite, data: &[u8]) -> bool {
        suite.suite().decapsulate(&[7; 32], data, b"", b"", &mut [0; 32]).is_ok()
    }
    vec![
        ("cbor", "summary", |data| cbor::decode("", data).is_ok()),
        ("config", "one", |data| config::read(std::str::from_utf8(data).unwrap()).is_some()),
        ("config", "two", |data| config::read(std::str::from_utf8(data).unwrap()).is_some()),
        ("opened", "numeric", |data| kept::resolves(data)),
        ("opened", "full-text", |data| kept::resolves(data)),
        ("opened", "pin", |data| {
            opened::parts(data).and_then(|(member, _)| opened::unpacked(member)).is_some()
        }),
        ("record", "record", |data| {
            record::answer(std::str::from_utf8(data).unwrap()) == Some(password::Answer::Right)
        }),
        ("vault", "wallet", |data| msgpay_sdk_core::rewritten(data).is_some()),
        ("vault", "open-request", |data| msgpay_sdk_core::rewritten(data).is_some()),
        ("vault", "policy", |data| msgpay_sdk_core::rewritten(data).is_some()),
        ("encapsulation", "point", |data| decapsulated(Suite::International, data)),
        ("encapsulation", "sm2", |data| decapsulated(Suite::Guomi, data)),
        ("entry", "international", |data| Envelope::read(data).is_ok()),
        ("entry", "guomi", |data| Envelope::read(data).is_ok()),
        ("keys", "guomi.der", |data| OpeningKey::from_pkcs8_der(Suite::Guomi, data).is_ok()),
        ("requests", "submission", |data| Submission::read(data).is_ok()),
        ("requests", "launch-body", |data| LaunchBody::read(data).is_ok()),
        ("signed", "receipt", |data| cose::Unverified::read("", data).is_ok()),
        ("annex_c", "http-keys", |data| msgpay_wire::http_keys::HttpKeys::read(data).is_ok()),
        ("annex_c", "order", |data| msgpay_wire::annex_c::NewOrder::read(data).is_ok()),
        ("messages", "in_01_reply_institution.json", |data| {
            msgpay_messaging::dialect_a::read_inbound(data).is_ok()
        }),
        ("messages", "out_10_native_pay_card.json", |data| {
            msgpay_messaging::dialect_a::read_outbound(data).is_ok()
        }),
    ]
}

fn key(suite: Suite, byte: u8) -> OpeningKey {
    OpeningKey::from_scalar(suite, &SecretPage::copy_of(&[byte; 32]).unwrap()).unwrap()
}

fn entry(suite: SuiteId, purpose: EntryPurpose) -> Vec<u8> {
    let encapsulated = match suite {
        SuiteId::International => key(Suite::International, 9).public_key().to_vec(),
        SuiteId::Guomi => hex::decode(SM2_CIPHERTEXT).unwrap(),
        SuiteId::Curve25519 => vec![9; 32],
    };
    Envelope {
        suite,
        purpose,
        kid: 2_026_112_205,
        client_nonce: [3; 16],
        mode: 0,
        surface: 0,
        encapsulated,
        layout: vec![4; 28],
        boxes: vec![5; 1088],
        close: [6; 16],
    }
    .encode()
}

fn entries() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("international", entry(SuiteId::International, EntryPurpose::Password)),
        ("guomi", entry(SuiteId::Guomi, EntryPurpose::PasswordNew)),
        ("card", entry(SuiteId::Guomi, EntryPurpose::CardNumber)),
    ]
}

fn encapsulations() -> Vec<(&'static str, Vec<u8>)> {
    let point = key(Suite::International, 9).public_key();
    let mut off = point;
    off[64] ^= 1;
    vec![
        ("point", point.to_vec()),
        ("off-the-curve", off.to_vec()),
        ("sm2", hex::decode(SM2_CIPHERTEXT).unwrap()),
    ]
}

fn keys() -> Vec<(&'static str, Vec<u8>)> {
    use base64::Engine as _;
    let mut seeds = Vec::new();
    for (suite, pem_name, der_name) in [
        (Suite::International, "international.pem", "international.der"),
        (Suite::Guomi, "guomi.pem", "guomi.der"),
    ] {
        let pem = key(suite, 7).pkcs8_pem().unwrap().expose(<[u8]>::to_vec).unwrap();
        let text = String::from_utf8(pem.clone()).unwrap();
        let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
        seeds.push((der_name, base64::engine::general_purpose::STANDARD.decode(body).unwrap()));
        seeds.push((pem_name, pem));
    }
    seeds
}

fn summary() -> Vec<u8> {
    Summary {
        institution_id: signed::INSTITUTION.into(),
        wallet_id: "W0001".into(),
        pay_order_no: "P202611220000000000000731".into(),
        payee_id: "8980000000000017".into(),
        payee_name: "青禾咖啡有限公司".into(),
        amount: Fen::new(12_850).unwrap(),
        item: "拿铁礼盒".into(),
        expires: signed::NOW + 1_800,
        claimed_name: Some("青禾咖啡".into()),
        funding: "储蓄卡（8012）".into(),
    }
    .encode()
}

fn requests() -> Vec<(&'static str, Vec<u8>)> {
    let packaged = |purpose| Packaged { purpose, envelope: entry(SuiteId::International, purpose) };
    let submission = |purposes: &[EntryPurpose]| Submission {
        pay_order_no: "P202611220000000000000731".into(),
        server_nonce: [1; 16],
        packaged: purposes.iter().map(|purpose| packaged(*purpose)).collect(),
        evidence: Vec::new(),
        device_signature: vec![2; 64],
        biometric: None,
    };
    let touched = |purposes: &[EntryPurpose]| Submission {
        biometric: Some(Touched { kid: [6; 32], signature: [7; 64] }),
        ..submission(purposes)
    };
    let enrolment = Enrolment {
        submission: touched(&[EntryPurpose::Password]),
        suite: SuiteId::International,
        public_key: [4; 65],
    };
    let biometric = BiometricSummary {
        institution_id: signed::INSTITUTION.into(),
        wallet_id: "W0001".into(),
        setup_no: "S00000000000000000043".into(),
        mobile_masked: "199****1234".into(),
        expires: signed::NOW + 180,
        alone_fen_max: 20_000,
    };
    let activation = Activation {
        suite: SuiteId::Guomi,
        device_suite: SuiteId::International,
        code: "7K3M-XQ9D-2VTB".to_owned().into(),
        device_key: [4; 65],
        client_nonce: [3; 16],
        signature: vec![5; 64],
    };
    let setup = PasswordSummary {
        institution_id: signed::INSTITUTION.into(),
        wallet_id: "W0001".into(),
        setup_no: "S00000000000000000042".into(),
        mobile_masked: "199****1234".into(),
        expires: signed::NOW + 600,
    };
    let body = LaunchBody {
        answer: answer(SuiteId::International),
        summary: summary(),
        policy: policy(),
        seal_statement: statement(SuiteId::International, Purpose::Seal),
    };
    vec![
        ("activation", activation.encode().to_vec()),
        ("launch", Launch { token: token(), client_nonce: [3; 16] }.encode()),
        ("launch-body", body.encode()),
        ("setup", Setup { client_nonce: [3; 16], suite: SuiteId::International }.encode()),
        ("submission", submission(&[EntryPurpose::Password]).encode()),
        ("touched", touched(&[]).encode()),
        ("enrolment", enrolment.encode()),
        ("biometric-summary", biometric.encode()),
        ("passwords", submission(&[EntryPurpose::PasswordNew, EntryPurpose::PasswordRepeat]).encode()),
        ("resolve", Resolve { server_nonce: [1; 16], request_digest: [2; 32] }.encode()),
        ("working", SubmissionAnswer::Working { retry_after_ms: 1_000 }.encode()),
        ("concluded", SubmissionAnswer::Receipt(receipt(SuiteId::Guomi, Verdict::Void)).encode()),
        ("summary", summary()),
        ("password-summary", setup.encode()),
    ]
}

fn cbor_values() -> Vec<(&'static str, Vec<u8>)> {
    let mixed = Value::Array(vec![
        Value::from(0),
        Value::from(u64::MAX),
        Value::from(-1),
        Value::Bytes(vec![1, 2, 3]),
        Value::Text("支付".into()),
        Value::Bool(true),
        Value::Null,
        Value::Map(vec![(Value::from(1), Value::Array(Vec::new()))]),
    ]);
    let nested = (0..20).fold(Value::from(1), |inner, _| Value::Array(vec![inner]));
    let mut seeds = vec![
        ("mixed", cbor::encode(&mixed)),
        ("nested", cbor::encode(&nested)),
        ("summary", summary()),
        ("long-head", b"\x18\x01".to_vec()),
        ("indefinite", b"\x9f\x01\xff".to_vec()),
    ];
    seeds.extend(VAST.map(|(name, bytes)| (name, bytes.to_vec())));
    seeds
}

fn links() -> Vec<(&'static str, Vec<u8>)> {
    let link = Link { pay_order_no: "P202611220000000000000731".into(), token: token() }.text();
    let (head, token) = link.split_once("&tk=").unwrap();
    let order = head.strip_prefix("msgpay://v1/pay?").unwrap();
    vec![
        ("link", link.clone().into_bytes()),
        ("turned", format!("msgpay://v1/pay?tk={token}&{order}").into_bytes()),
        ("twice", format!("{head}&o=1&tk={token}").into_bytes()),
        ("other", b"https://v1/pay?o=P1&tk=AA".to_vec()),
    ]
}

fn pages() -> Vec<(&'static str, Vec<u8>)> {
    let open = r#"{"v":1,"id":"0123-abcd","do":"open","launch":"msgpay://v1/pay?o=P1&tk=AA"}"#;
    let rest =
        ["clear", "submit", "close"].map(|call| format!(r#"{{"v":1,"id":"{call}-0001","do":"{call}"}}"#));
    vec![
        ("open", open.into()),
        ("calls", rest.join("\n").into_bytes()),
        ("origins", b"https://shop.example\nhttps://xn--fiq228c.example:8443\nhttps://*.example".to_vec()),
    ]
}

fn postbacks() -> Vec<(&'static str, Vec<u8>)> {
    let (key, sender) =
        (PostbackKey::new(postback::KID, postback::KEY), TelUri::parse(postback::SENDER).unwrap());
    let issue = |verb: &str, argument: &str| {
        let claims = Postback {
            verb: Verb::parse(verb).unwrap(),
            reference: "M20261122A0007".into(),
            argument: argument.into(),
            expires: 1_800_000_000,
        };
        key.issue(&claims, &sender).into_bytes()
    };
    vec![
        ("sdk-open", issue("sdk.open", "")),
        ("goods-pick", issue("goods.pick", "2")),
        ("short", b"p1|sdk.open|||0|k1|".to_vec()),
    ]
}

fn http_signatures() -> Vec<(&'static str, Vec<u8>)> {
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut message = Message::request(
        "POST",
        "https://pay.example.cn/v1/pay/orders",
        vec![
            field("content-type", "application/json"),
            field("content-digest", "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:"),
            field("msgpay-expire", "2026-11-22T16:01:40+08:00"),
        ],
    );
    let claims = Claims {
        tag: Tag::Request,
        keyid: "m-1",
        suite: SuiteId::International,
        created: http_signature::NOW - 10,
        nonce: [0xa1; 16],
    };
    let headers = sign_request(&message, &claims, |_| Ok::<_, Refusal>(vec![0x5a; 64])).unwrap();
    message.fields.push(field("signature-input", &headers.signature_input));
    message.fields.push(field("signature", &headers.signature));
    let text = |fields: &[(String, String)]| {
        let lines: String = fields.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        format!("{lines}\n{{}}").into_bytes()
    };
    let unsigned = text(&message.fields[..3]);
    let mut twice = message.fields.clone();
    twice.push(twice[3].clone());
    vec![("request", text(&message.fields)), ("unsigned", unsigned), ("twice", text(&twice))]
}

fn annex_c() -> Vec<(&'static str, Vec<u8>)> {
    let order = r#"{"transactionType":"01","businessType":"NATIVE","bankReturnUrl":"https://api.merchant.example.cn/pay/notify","merchantOrderNo":"M20261122A0007","merchantName":"青禾咖啡","orderDate":"20261122","orderAmount":128.50,"currency":"CNY","merchantId":"8980000000000017","mobileNo":"19900001234","goodsNo":"SKU-LT-01","goodsName":"拿铁礼盒"}"#;
    let accepted = r#"{"payOrderNo":"P202611220000000000000731","createDate":"20261122","merchantId":"8980000000000017","merchantOrderNo":"M20261122A0007","merchantName":"青禾咖啡","orderAmount":128.50,"result":"SUCCESS","payUrl":"msgpay://v1/pay?o=P202611220000000000000731&tk=AA"}"#;
    let query = r#"{"payOrderNo":"P202611220000000000000731","createDate":"20261122","mobileNo":19900001234,"merchantOrderNo":"M20261122A0007","merchantId":"8980000000000017"}"#;
    let answer = r#"{"transactionType":"01","businessType":"NATIVE","merchantOrderNo":"M20261122A0007","merchantName":"青禾咖啡","orderDate":"20261122","orderAmount":128.50,"currency":"CNY","merchantId":"8980000000000017","mobileNo":"19900001234","paymentDate":"20261122","paymentTime":"153207","fee":0.77,"payOrderNo":"P202611220000000000000731","orderStatus":"SUCCESS"}"#;
    let notice = r#"{"merchantOrderNo":"M20261122A0007","merchantName":"青禾咖啡","orderDate":"20261122","orderAmount":128.50,"merchantId":"8980000000000017","mobileNo":"19900001234","paymentDate":"20261122","paymentTime":"153207","payOrderNo":"P202611220000000000000731","orderStatus":"SUCCESS"}"#;
    let problem = r#"{"type":"urn:msgpay:problem:3001","title":"支付密码错误","status":422,"code":"5G-3001","retryable":false,"detail":"Tries left: 4."}"#;
    let point = format!("04{}", "ab".repeat(64));
    let keys = format!(
        r#"{{"institutionId":"WALLET_A","keys":[{{"keyId":"pay-2026g","alg":"sm2-sm3","publicKey":"{point}","notBefore":1795332700,"notAfter":1795419100}}]}}"#
    );
    let bodies = [
        ("order", order),
        ("accepted", accepted),
        ("query", query),
        ("query-answer", answer),
        ("notice", notice),
        ("notice-answer", r#"{"noticeResult":"SUCCESS"}"#),
        ("problem", problem),
        ("http-keys", &keys),
    ];
    bodies.map(|(name, text)| (name, text.as_bytes().to_vec())).to_vec()
}

/// The examples of the messaging room, as they lie there.
fn messages() -> Seeds {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../messaging/tests/fixtures/examples");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.map(|file| (crate::name(&file), std::fs::read(&file).unwrap())).collect()
}
