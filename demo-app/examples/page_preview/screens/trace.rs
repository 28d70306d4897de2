//! A canned trace: shapes of real messages with made-up content.

use msgpay_demo::view::*;

/// The first `count` records.
pub(crate) fn records(count: usize) -> Vec<Record> {
    let mut all = all();
    all.truncate(count);
    all
}

struct Line(u64, Option<&'static str>, Party, Party, &'static str, &'static str, &'static str, &'static str);

fn all() -> Vec<Record> {
    use Party::{Bank, Handset, Maap, Merchant, Platform, User};
    let json = "application/json";
    let card = r#"{"messageId":"1fa5d20c-7c67-53e0-ae84-74b5277cfbce","messageList":[{"contentType":"application/vnd.gsma.botmessage.v1.0+json","contentEncoding":"utf8","contentText":{"message":{"generalPurposeCard":{"layout":{"cardOrientation":"VERTICAL"},"content":{"title":"待支付 ¥128.50","description":"商户：青禾咖啡（示例）","suggestions":[{"action":{"urlAction":{"openUrl":{"url":"msgpay://v1/pay?o=P202611220000000731&tk=Q2hlY2stbWU","application":"browser"}},"displayText":"支付128.50元"}}]}}}}}],"trafficType":"payment","smsSupported":false}"#;
    let order = r#"{"merchantId":"M1001","merchantOrderNo":"M20261122A0007","orderDate":"20261122","mobileNo":"19900001234","transactionType":"01","businessType":"NATIVE","amount":"128.50"}"#;
    let lines = [
        Line(
            12,
            None,
            Handset,
            Platform,
            "激活：设备公钥与持有证明",
            "Activation: device key and proof",
            "application/cbor",
            "",
        ),
        Line(840, None, Platform, Handset, "已激活（签名）", "Activated (signed)", "application/cbor", ""),
        Line(
            6_420,
            None,
            Handset,
            Platform,
            "两次密码，密封",
            "Password twice, sealed",
            "application/cbor",
            "sealed",
        ),
        Line(
            9_001,
            Some("B.3(1)"),
            User,
            Handset,
            "点选：拿铁礼盒",
            "Taps: latte gift box",
            "text/plain",
            "拿铁礼盒 128.50元",
        ),
        Line(
            9_010,
            Some("B.3(1)"),
            Handset,
            Maap,
            "回复消息",
            "Reply",
            json,
            r#"{"response":{"reply":{"displayText":"拿铁礼盒 128.50元","postback":{"data":"goods|latte-box"}}}}"#,
        ),
        Line(
            9_031,
            Some("B.3(1)"),
            Maap,
            Merchant,
            "上行消息",
            "Uplink message",
            json,
            r#"{"senderAddress":"tel:+8619900001234","messageList":[{"contentType":"text/plain","contentText":"拿铁礼盒"}]}"#,
        ),
        Line(9_066, Some("B.3(2)"), Merchant, Platform, "C.1 支付请求", "C.1 payment order", json, order),
        Line(
            9_104,
            Some("B.3(3)"),
            Platform,
            Merchant,
            "C.1 受理，返回 payUrl",
            "C.1 accepted, payUrl",
            json,
            r#"{"result":"SUCCESS","payOrderNo":"P202611220000000731","payUrl":"msgpay://v1/pay?o=P202611220000000731&tk=0oRDoQEmoQRB"}"#,
        ),
        Line(9_120, Some("B.3(3)"), Merchant, Maap, "支付卡片", "Payment card", json, card),
        Line(9_133, Some("B.3(3)"), Maap, Handset, "支付卡片", "Payment card", json, card),
        Line(
            11_870,
            Some("B.3(3)"),
            Handset,
            Platform,
            "启动：令牌与随机数",
            "Launch: token and nonce",
            "application/cbor",
            "",
        ),
        Line(
            17_022,
            Some("B.3(4)"),
            Handset,
            Platform,
            "密码信封与设备签名",
            "Password envelope and device signature",
            "application/cbor",
            "sealed",
        ),
        Line(
            17_204,
            Some("B.3(5)"),
            Platform,
            Bank,
            "请求扣款",
            "Debit request",
            json,
            r#"{"account":"W-…1234","amountFen":12850,"reference":"P202611220000000731"}"#,
        ),
        Line(
            17_240,
            Some("B.3(5)"),
            Bank,
            Platform,
            "已扣款",
            "Debited",
            json,
            r#"{"result":"DEBITED","reference":"P202611220000000731"}"#,
        ),
        Line(
            17_262,
            Some("B.3(5)"),
            Platform,
            Handset,
            "签名收据",
            "Signed receipt",
            "application/cbor",
            "receipt",
        ),
        Line(
            17_270,
            Some("B.3(5)"),
            Platform,
            Merchant,
            "C.3 支付结果通知",
            "C.3 payment notice",
            json,
            r#"{"payOrderNo":"P202611220000000731","orderStatus":"SUCCESS","amount":"128.50"}"#,
        ),
        Line(
            17_391,
            Some("B.3(6)"),
            Merchant,
            Maap,
            "结果卡片",
            "Result card",
            json,
            r#"{"trafficType":"payment"}"#,
        ),
        Line(
            17_412,
            Some("B.3(6)"),
            Maap,
            Handset,
            "结果卡片",
            "Result card",
            json,
            r#"{"trafficType":"payment"}"#,
        ),
    ];
    lines.into_iter().zip(1..).map(|(line, seq)| record(seq, &line)).collect()
}

fn record(seq: u64, Line(at_ms, step, from, to, zh, en, media, content): &Line) -> Record {
    let (body, sealed) = match *content {
        "" => (launch(), Vec::new()),
        "sealed" => submission(),
        "receipt" => (receipt(), Vec::new()),
        text => (text.as_bytes().to_vec(), Vec::new()),
    };
    let head = if *from == Party::User { String::new() } else { head(media, body.len()) };
    Record {
        seq,
        at_ms: *at_ms,
        step: step.map(Into::into),
        from: *from,
        to: *to,
        reader: *to,
        what: Text::new(*zh, *en),
        head,
        media: (*media).into(),
        body: Blob(body),
        sealed,
    }
}

fn head(media: &str, length: usize) -> String {
    format!(
        "POST /v1/pay/orders HTTP/1.1\nhost: pay.example.cn\ncontent-type: {media}\ncontent-length: {length}\n\
         content-digest: sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:\n\
         signature-input: sig1=(\"@method\" \"@target-uri\" \"content-type\" \"content-digest\");created=1795332661;tag=\"msgpay-device\"\n\
         signature: sig1=:dMT/A/76ehrdBTD/2Xx8QuKV6FoyzEP/I9hdzKN8LQJLNgzU4W767HK05rx1i8meNQQgQPgQp8wq2ive3tV5Ag==:"
    )
}

// Just enough CBOR to look like the real thing.

fn head_of(kind: u8, value: usize) -> Vec<u8> {
    match value {
        0..24 => vec![kind << 5 | value.to_le_bytes()[0]],
        24..256 => vec![kind << 5 | 24, value.to_le_bytes()[0]],
        _ => vec![kind << 5 | 25, value.to_le_bytes()[1], value.to_le_bytes()[0]],
    }
}

fn uint(value: usize) -> Vec<u8> {
    head_of(0, value)
}

fn bytes(value: &[u8]) -> Vec<u8> {
    [head_of(2, value.len()), value.to_vec()].concat()
}

fn text(value: &str) -> Vec<u8> {
    [head_of(3, value.len()), value.as_bytes().to_vec()].concat()
}

fn array(items: &[Vec<u8>]) -> Vec<u8> {
    [head_of(4, items.len()), items.concat()].concat()
}

fn map(entries: &[(usize, Vec<u8>)]) -> Vec<u8> {
    let body: Vec<u8> =
        entries.iter().flat_map(|(key, value)| [uint(*key), value.clone()].concat()).collect();
    [head_of(5, entries.len()), body].concat()
}

fn noise(len: usize) -> Vec<u8> {
    (0..len).map(|at| ((at * 151 + 89) ^ (at >> 2)).to_le_bytes()[0]).collect()
}

fn signed(payload: &[u8]) -> Vec<u8> {
    let header = map(&[(1, vec![0x26]), (4, bytes(&noise(8)))]);
    array(&[bytes(&header), map(&[]), bytes(payload), bytes(&noise(64))])
}

fn launch() -> Vec<u8> {
    let token = map(&[
        (0, text("msgpay launch v1")),
        (1, text("EXAMPLEPAY")),
        (2, text("M1001")),
        (3, text("P202611220000000731")),
        (4, bytes(&noise(16))),
        (5, bytes(&noise(16))),
        (6, uint(1)),
        (7, uint(60_000)),
    ]);
    map(&[(1, bytes(&signed(&token))), (2, bytes(&noise(16)))])
}

fn receipt() -> Vec<u8> {
    let body = map(&[
        (0, text("msgpay receipt v1")),
        (1, text("EXAMPLEPAY")),
        (2, uint(1)),
        (3, text("D-7Q2M")),
        (4, text("P202611220000000731")),
        (5, bytes(&noise(32))),
        (6, bytes(&noise(32))),
        (7, text("SUCCESS")),
        (8, text("")),
        (9, uint(60_000)),
        (10, uint(1)),
    ]);
    map(&[(1, bytes(&signed(&body)))])
}

fn submission() -> (Vec<u8>, Vec<SealedSpan>) {
    let open = [
        (0, text("msgpay entry v1")),
        (1, uint(1)),
        (2, uint(1)),
        (3, text("password")),
        (4, uint(60_001)),
        (5, bytes(&noise(16))),
        (6, uint(0)),
        (7, uint(0)),
    ];
    let boxes: Vec<Vec<u8>> = (0..64).map(|_| bytes(&noise(17))).collect();
    let shut = [(8, bytes(&noise(65))), (9, bytes(&noise(28))), (10, array(&boxes)), (11, bytes(&noise(16)))];
    let entry = map(&[&open[..], &shut[..]].concat());
    let shut_len: usize = shut.iter().map(|(_, value)| value.len() + 1).sum();
    let body = map(&[
        (1, text("P202611220000000731")),
        (2, bytes(&noise(16))),
        (3, array(&[array(&[text("password"), bytes(&entry)])])),
        (4, bytes(&[])),
        (5, bytes(&noise(64))),
    ]);
    let entry_at = body.windows(entry.len()).position(|part| part == entry).unwrap_or_default();
    let start = entry_at + entry.len() - shut_len;
    let what = Text::new("密码与键盘布局", "Password and keypad layout");
    (body, vec![SealedSpan { start, len: shut_len, what, opens: true }])
}
