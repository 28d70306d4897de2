//! What handset and institution say to each other: activation, launch, entry, payment, resolve, password.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use msgpay_wire::Fen;
use msgpay_wire::answer::{LaunchAnswer, LaunchBody};
use msgpay_wire::cbor::Value;
use msgpay_wire::digest::labelled;
use msgpay_wire::entry::{Context, DELETE, EntryPurpose, Envelope};
use msgpay_wire::httpsig::{Claims, Tag};
use msgpay_wire::problem::{Code, Problem};
use msgpay_wire::receipt::{Receipt, Verdict};
use msgpay_wire::request::{
    Activated, Activation, Launch, Packaged, RequestParts, Resolve, Setup, Submission, SubmissionAnswer,
    device_message, request_digest,
};
use msgpay_wire::summary::{PasswordSummary, Summary};
use msgpay_wire::trust::Purpose;

use super::keys::{
    Certified, DEVICE, EPHEMERAL, INSTITUTION, RECEIPT, Ring, SEAL, SUITE, SUMMARY, kid, roots, sha256,
    statement,
};
use super::merchant::{headers, seconds, signed_request};
use super::{
    AMOUNT_FEN, Block, DEVICE_ID, EXPIRES, MERCHANT_ID, MERCHANT_NAME, NOW, ORDER, PAID, WALLET, folded, hex,
    measured, seal, text, trusted,
};

const CLIENT_NONCE: [u8; 16] = [0xc1; 16];
pub(super) const SERVER_NONCE: [u8; 16] = [0x5e; 16];
const LAUNCHED: u64 = NOW + 12;
/// The digits under slots 0 to 9.
const LAYOUT: &[u8; 12] = b"\x01\x0a7391058264";
/// 7 3 9 1, an 8 taken back, 5 4.
const PRESSES: [u8; 8] = [0, 1, 2, 3, 6, DELETE, 5, 9];

pub(super) fn blocks() -> Vec<Block> {
    let envelope = envelope();
    [activation(), launch(), entry(&envelope), payment(&envelope), password()].concat()
}

fn activation() -> Vec<Block> {
    let (code, device_key, client_nonce) = ("7K3M-XQ9D-2VTB", DEVICE.public(), [0xc0; 16]);
    let code = code.to_owned().into();
    let mut request = Activation {
        suite: SUITE,
        device_suite: SUITE,
        code,
        device_key,
        client_nonce,
        signature: Vec::new(),
    };
    let message = request.message();
    request.signature = DEVICE.sign(&message);
    assert_eq!(Activation::read(&request.encode()).expect("it reads").encode(), request.encode());
    let activated = Activated {
        institution_id: INSTITUTION.into(),
        wallet_id: WALLET.into(),
        device_id: DEVICE_ID.into(),
        client_nonce,
        device_key_digest: sha256(&device_key),
    };
    vec![
        hex("activation-message", message.as_slice()),
        hex("activation-request", request.encode().as_slice()),
        hex("activated-payload", activated.payload()),
    ]
}

fn summary() -> Vec<u8> {
    Summary {
        institution_id: INSTITUTION.into(),
        wallet_id: WALLET.into(),
        pay_order_no: ORDER.into(),
        payee_id: MERCHANT_ID.into(),
        payee_name: MERCHANT_NAME.into(),
        amount: Fen::new(AMOUNT_FEN).expect("an amount"),
        item: "拿铁礼盒".into(),
        expires: EXPIRES,
        claimed_name: None,
        funding: "示例银行 储蓄卡（0412）".into(),
    }
    .encode()
}

pub(super) fn order_digest() -> [u8; 32] {
    sha256(&summary())
}

fn launch() -> Vec<Block> {
    let request = Launch { token: trusted::launch_token(), client_nonce: CLIENT_NONCE }.encode();
    let claims = Claims {
        tag: Tag::Device,
        keyid: DEVICE_ID,
        suite: SUITE,
        created: seconds(LAUNCHED),
        nonce: [0xb1; 16],
    };
    let url = "https://sdk.pay.example.cn/sdk/v1/launches";
    let (http, base) = signed_request(url, &request, Vec::new(), &claims, DEVICE);
    let (seal_statement, policy) = (statement(Purpose::Seal, SEAL), trusted::policy());
    let answer = LaunchAnswer {
        token_digest: sha256(&trusted::launch_token()),
        client_nonce: CLIENT_NONCE,
        device_id: DEVICE_ID.into(),
        summary_digest: order_digest(),
        policy_digest: sha256(&policy),
        seal_statement_digest: sha256(&seal_statement),
        server_nonce: SERVER_NONCE,
        expires: LAUNCHED + 180,
        institution_id: INSTITUTION.into(),
        wallet_id: WALLET.into(),
        suite: SUITE,
    };
    let signed = Certified::of(Purpose::Summary, SUMMARY).object(answer.payload());
    LaunchAnswer::open(&Ring, &roots(), &signed, LAUNCHED).expect("it opens");
    let body = LaunchBody { answer: signed, summary: summary(), policy, seal_statement };
    vec![
        measured("launch-request", &request),
        text("launch-request-base", base),
        text("launch-request-headers", headers(&http)),
        hex("summary", summary()),
        hex("order-digest", order_digest()),
        hex("launch-answer-payload", answer.payload()),
        measured("launch-answer", &body.answer),
        measured("launch-body", &body.encode()),
    ]
}

fn context() -> Vec<u8> {
    Context {
        suite: SUITE,
        purpose: EntryPurpose::Password,
        kid: kid(Purpose::Seal),
        server_nonce: SERVER_NONCE,
        client_nonce: CLIENT_NONCE,
        order_digest: order_digest(),
        mode: 0,
        surface: 0,
    }
    .encode()
}

fn sealed() -> seal::Sealed {
    seal::seal(SEAL, EPHEMERAL, &context(), LAYOUT, &PRESSES)
}

fn envelope() -> Vec<u8> {
    let sealed = sealed();
    let envelope = Envelope {
        suite: SUITE,
        purpose: EntryPurpose::Password,
        kid: kid(Purpose::Seal),
        client_nonce: CLIENT_NONCE,
        mode: 0,
        surface: 0,
        encapsulated: sealed.encapsulated,
        layout: sealed.layout,
        boxes: sealed.boxes,
        close: sealed.close,
    };
    let bytes = envelope.encode();
    assert_eq!(Envelope::read(&bytes).expect("it reads"), envelope);
    bytes
}

fn entry(envelope: &[u8]) -> Vec<Block> {
    let sealed = sealed();
    vec![
        hex("seal-private-key", [SEAL.0; 32]),
        hex("seal-public-key", SEAL.public()),
        hex("entry-context", context()),
        hex("encapsulated", sealed.encapsulated),
        hex("chain-0", sealed.chain_0),
        hex("layout-plaintext", *LAYOUT),
        hex("layout-key", sealed.layout_key),
        hex("sealed-layout", sealed.layout),
        hex("chain-1", sealed.chain_1),
        hex("key-1", sealed.key_1),
        hex("box-1", &sealed.boxes[..17]),
        hex("chain-65", sealed.chain_65),
        hex("close", sealed.close),
        hex("envelope", envelope),
    ]
}

fn payment(envelope: &[u8]) -> Vec<Block> {
    let packaged = vec![Packaged { purpose: EntryPurpose::Password, envelope: envelope.to_vec() }];
    let parts = RequestParts {
        suite: SUITE,
        device_id: DEVICE_ID,
        wallet_id: WALLET,
        order_digest: &order_digest(),
        packaged: &packaged,
        biometric: None,
        evidence: b"",
        server_nonce: &SERVER_NONCE,
    };
    let digest = request_digest(&Ring, &parts);
    let digest_input = request_digest_input(envelope);
    assert_eq!(sha256(&digest_input), digest);
    let (message, resolve) =
        (device_message(&digest), Resolve { server_nonce: SERVER_NONCE, request_digest: digest });
    let submission = Submission {
        pay_order_no: ORDER.into(),
        server_nonce: SERVER_NONCE,
        packaged: packaged.clone(),
        evidence: Vec::new(),
        device_signature: DEVICE.sign(&message),
        biometric: None,
    };
    let paid = receipt(digest, Verdict::Success, "", None);
    let (signed, refused) = (signed(&paid), signed(&receipt(digest, Verdict::Fail, "5G-3001", Some(4))));
    let mut problem = Problem::new(Code::WrongPassword);
    problem = problem.with_detail(format!("{} Tries left: 4.", Code::WrongPassword.detail()));
    problem.instance = Some("8f0e6a53c2f94c1b9a770f2f5f3f1c11".into());
    problem.receipt = Some(URL_SAFE_NO_PAD.encode(refused));
    vec![
        hex("request-digest-input", digest_input),
        hex("request-digest", digest),
        hex("device-message", message),
        hex("device-signature", submission.device_signature.clone()),
        measured("submission", &submission.encode()),
        hex("receipt-payload", paid.payload()),
        hex("receipt", signed.clone()),
        measured("receipt-answer", &SubmissionAnswer::Receipt(signed).encode()),
        hex("working-answer", SubmissionAnswer::Working { retry_after_ms: 1_000 }.encode()),
        folded("wrong-password-problem", String::from_utf8(problem.encode()).expect("text")),
        hex("resolve-request", resolve.encode()),
    ]
}

fn request_digest_input(envelope: &[u8]) -> Vec<u8> {
    let bytes = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
    let factor = Value::Array(vec![Value::Text("password".into()), bytes(&sha256(envelope))]);
    labelled(
        "msgpay request v1",
        vec![
            Value::Integer(1.into()),
            Value::Text(DEVICE_ID.into()),
            Value::Text(WALLET.into()),
            bytes(&order_digest()),
            Value::Array(vec![factor]),
            bytes(&sha256(b"")),
            bytes(&SERVER_NONCE),
        ],
    )
}

fn receipt(request_digest: [u8; 32], verdict: Verdict, reason: &str, tries_left: Option<u64>) -> Receipt {
    Receipt {
        institution_id: INSTITUTION.into(),
        suite: SUITE,
        device_id: DEVICE_ID.into(),
        pay_order_no: ORDER.into(),
        order_digest: order_digest(),
        request_digest,
        verdict,
        reason: reason.into(),
        time: PAID,
        attempt: 1,
        tries_left,
    }
}

fn signed(receipt: &Receipt) -> Vec<u8> {
    let signed = Certified::of(Purpose::Receipt, RECEIPT).object(receipt.payload());
    let (opened, _) = Receipt::open(&Ring, &roots(), &signed, PAID).expect("it opens");
    assert_eq!(opened, *receipt);
    signed
}

fn password() -> Vec<Block> {
    let summary = PasswordSummary {
        institution_id: INSTITUTION.into(),
        wallet_id: WALLET.into(),
        setup_no: "S00000000000000000042".into(),
        mobile_masked: "199****1234".into(),
        expires: NOW - 600 + 180,
    };
    vec![
        hex("password-setup-request", Setup { client_nonce: [0xc2; 16], suite: SUITE }.encode()),
        hex("password-summary", summary.encode()),
    ]
}
