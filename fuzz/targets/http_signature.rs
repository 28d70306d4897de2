//! Header fields of signed HTTP messages: Signature-Input, Signature, Content-Digest.

use msgpay_wire::httpsig::{Message, Refusal, Signed, Tag, check_content_digest};
use msgpay_wire::{Digest, Primitives, SuiteId};

/// A time at which the seeds are good.
pub const NOW: i64 = 1_800_000_000;

struct Credulous;

impl Primitives for Credulous {
    fn hash(&self, _: SuiteId, _: &[u8]) -> Digest {
        [0; 32]
    }

    fn verify(&self, _: SuiteId, _: &[u8], _: &[u8], _: &[u8]) -> bool {
        true
    }
}

/// Lines `name: value` are fields; the rest after an empty line is the body. A message that is believed covers
/// what it must, within its time.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let field = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
    let fields: Vec<(String, String)> = head.lines().filter_map(field).collect();
    let request = Message::request("POST", "https://pay.example.cn/v1/pay/orders", fields.clone());
    let answer = Message::answer(200, fields, request.clone());
    for (message, tag) in [(&request, Tag::Request), (&answer, Tag::Response)] {
        let digest = check_content_digest(&Credulous, SuiteId::International, message, body.as_bytes());
        assert!(!matches!(digest, Err(Refusal::Signature)), "a digest is no signature");
        let Ok(signed) = Signed::read(message) else { continue };
        assert!((16..=64).contains(&signed.nonce.len()) && (1..=128).contains(&signed.keyid.len()));
        let key = (SuiteId::International, &[4; 65][..]);
        if signed.verify(&Credulous, message, tag, key, NOW).is_ok() {
            assert!(signed.created - 300 <= NOW && NOW <= signed.expires);
            let early = signed.verify(&Credulous, message, tag, key, signed.created - 301);
            let late = signed.verify(&Credulous, message, tag, key, signed.expires.saturating_add(1));
            assert!(early.is_err() && late.is_err());
        }
    }
}
