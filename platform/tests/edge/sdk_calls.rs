//! `/sdk/v1`: the device's signature, launches for the right wallet only, a whole payment.

use msgpay_crypto::{SigningKey, SuiteId};
use msgpay_platform::keys::{BuiltIn, InstitutionKeys};
use msgpay_wire::{
    Fen,
    entry::EntryPurpose,
    factors::Way,
    launch::{LaunchToken, Link},
    receipt::Verdict,
    trust::{Purpose, Signer as _},
};

use crate::common::{
    Merchant, World,
    handset::{self, Handset, PASSWORD, activation},
    now_s,
};

async fn world() -> (World, Merchant, Handset) {
    let world = World::start().await;
    let merchant = world.merchant("coffee", "127.0.0.1:9443").await;
    let handset = Handset::ready(&world, "100000").await;
    (world, merchant, handset)
}

#[tokio::test]
async fn a_payment_goes_through_and_its_receipt_binds_it() {
    let (world, merchant, handset) = world().await;
    let link = world.link(&merchant, "M-paid").await;
    let (launched, summary) = handset.launch(&world, &link).await;
    assert_eq!(summary.amount, Fen::new(12_850).unwrap());
    assert_eq!((summary.payee_name.as_str(), summary.item.as_str()), ("coffee", "拿铁礼盒"));
    assert_eq!(summary.claimed_name, None);
    assert_eq!(
        (launched.policy.amount_fen_max, launched.policy.ways.as_slice()),
        (5_000_000, &[Way::by_password()][..])
    );
    let submission = handset.package(&launched, &[(EntryPurpose::Password, PASSWORD)]);
    let digest = handset.digest(&launched, &submission.packaged);
    let answer = handset.call(&world, "/sdk/v1/payments", &submission.encode()).await;
    let receipt = handset.paid(&answer);
    assert_eq!((receipt.verdict, receipt.reason.as_str()), (Verdict::Success, ""));
    assert_eq!((receipt.request_digest, receipt.pay_order_no.as_str()), (digest, link.pay_order_no.as_str()));
    let again = handset.resolve(&world, &launched, digest).await;
    assert_eq!(handset.paid(&again), receipt, "resolve gives the same word");
    assert_eq!(handset.try_launch(&world, &link.token).await.problem(), "409 5G-2002", "paid once");
    let order = world.order(&merchant, &merchant.order_body("M-paid").to_string()).await;
    assert_eq!(order.problem(), "409 5G-2002", "and never ordered again");
    let (end, said) = world.command(&["check"]).await;
    assert_eq!((end.as_str(), &said["ok"]), ("ExitCode(unix_exit_status(0))", &true.into()), "{said}");
}

#[tokio::test]
async fn a_wrong_password_is_a_signed_refusal_and_a_new_launch_may_follow() {
    let (world, merchant, handset) = world().await;
    let link = world.link(&merchant, "M-wrong").await;
    let (launched, _) = handset.launch(&world, &link).await;
    let answer = handset.pay(&world, &launched, "283717").await;
    assert_eq!(answer.problem(), "422 5G-3001");
    use base64::Engine as _;
    let cose = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let receipt = handset.receipt(&cose.decode(answer.json()["receipt"].as_str().unwrap()).unwrap());
    assert_eq!((receipt.verdict, receipt.tries_left), (Verdict::Fail, Some(4)));
    let (launched, _) = handset.launch(&world, &link).await;
    assert_eq!(handset.paid(&handset.pay(&world, &launched, PASSWORD).await).verdict, Verdict::Success);
}

#[tokio::test]
async fn resolve_before_the_payment_voids_it() {
    let (world, merchant, handset) = world().await;
    let link = world.link(&merchant, "M-void").await;
    let (launched, _) = handset.launch(&world, &link).await;
    let submission = handset.package(&launched, &[(EntryPurpose::Password, PASSWORD)]);
    let digest = handset.digest(&launched, &submission.packaged);
    let void = handset.paid(&handset.resolve(&world, &launched, digest).await);
    assert_eq!(void.verdict, Verdict::Void);
    let late = handset.call(&world, "/sdk/v1/payments", &submission.encode()).await;
    assert_ne!(late.status, 202);
    if late.status == 200 {
        assert_eq!(handset.paid(&late).verdict, Verdict::Void, "the late request cannot pay");
    }
    assert_eq!(
        handset.launch(&world, &link).await.1.pay_order_no,
        link.pay_order_no,
        "the order is still open"
    );
}

#[tokio::test]
async fn a_call_without_this_devices_signature_is_refused() {
    let (world, merchant, handset) = world().await;
    let link = world.link(&merchant, "M-device").await;
    let body = msgpay_wire::request::Launch { token: link.token, client_nonce: [1; 16] }.encode();
    let path = "/sdk/v1/launches";
    let fresh = || {
        let mut request = handset::request(&world, path, &body);
        request.key_id.clone_from(&handset.device_id);
        request
    };
    let unsigned = handset::request(&world, path, &body);
    assert_eq!(handset::send(&world, &unsigned).await.problem(), "401 5G-1002", "unsigned");
    let stranger = SigningKey::make(SuiteId::International).unwrap();
    assert_eq!(
        handset::send(&world, &fresh().signed_by(&stranger)).await.problem(),
        "401 5G-1002",
        "another key"
    );
    let mut unknown = fresh();
    unknown.key_id = "D00000000000000000000000000000000".into();
    assert_eq!(
        handset::send(&world, &unknown.signed_by(&handset.key)).await.problem(),
        "401 5G-1004",
        "no device"
    );
    let mut tag = fresh();
    tag.tag = "msgpay-request".into();
    assert_eq!(
        handset::send(&world, &tag.signed_by(&handset.key)).await.problem(),
        "401 5G-1002",
        "a merchant's tag"
    );
    let mut old = fresh();
    (old.created, old.expires) = (now_s() - 600, now_s() - 300);
    assert_eq!(handset::send(&world, &old.signed_by(&handset.key)).await.problem(), "401 5G-1003", "old");
    let mut body_changed = fresh().signed_by(&handset.key);
    body_changed.body.push(0);
    assert_eq!(handset::send(&world, &body_changed).await.problem(), "401 5G-1002", "altered");
    let good = fresh().signed_by(&handset.key);
    assert_eq!(handset::send(&world, &good).await.status, 200, "the control passes");
    assert_eq!(handset::send(&world, &good).await.problem(), "401 5G-1003", "the same bytes again");
}

#[tokio::test]
async fn a_link_that_is_altered_expired_or_foreign_is_refused() {
    let (world, merchant, handset) = world().await;
    let good = world.link(&merchant, "M-link").await;
    let mut altered = good.token.clone();
    *altered.last_mut().unwrap() ^= 1;
    assert_eq!(handset.try_launch(&world, &altered).await.problem(), "401 5G-1002", "signature bit");
    let at = altered.windows(5).position(|w| w == b"M-lin").unwrap_or(altered.len() / 2);
    let mut altered = good.token.clone();
    altered[at] ^= 1;
    let refused = handset.try_launch(&world, &altered).await;
    assert!(refused.status == 401 || refused.status == 400, "payload bit: {refused:?}");
    assert_eq!(handset.try_launch(&world, b"").await.problem(), "400 5G-1001", "no token");

    let config = &world.config;
    let keys = InstitutionKeys::open(
        &config.keys.dir,
        "WALLET_A",
        config.mode,
        &[msgpay_wire::SuiteId::International],
        now_s(),
    )
    .unwrap();
    let now = u64::try_from(now_s()).unwrap();
    let (token, _) = LaunchToken::open(&BuiltIn, &handset.roots, &good.token, now).unwrap();
    let resign = |purpose, change: &dyn Fn(&mut LaunchToken)| {
        let mut token = token.clone();
        change(&mut token);
        keys.signer(purpose, msgpay_wire::SuiteId::International, now_s())
            .unwrap()
            .sign_object(token.payload())
            .unwrap()
    };
    let expired = resign(Purpose::Launch, &|t| t.expires = now - 1);
    assert_eq!(handset.try_launch(&world, &expired).await.problem(), "410 5G-2003", "expired");
    let other_key = resign(Purpose::Receipt, &|_| {});
    assert_eq!(
        handset.try_launch(&world, &other_key).await.problem(),
        "401 5G-1002",
        "key of another purpose"
    );
    let other_merchant = resign(Purpose::Launch, &|t| t.merchant_id = "8980000000000000".into());
    assert_eq!(
        handset.try_launch(&world, &other_merchant).await.problem(),
        "403 5G-1005",
        "another merchant's"
    );
    let unknown = resign(Purpose::Launch, &|t| t.pay_order_no = "P202601010000000000000000".into());
    assert_eq!(handset.try_launch(&world, &unknown).await.problem(), "404 5G-2001", "no such order");
    let unbound = resign(Purpose::Launch, &|t| t.wallet_binding = [0; 16]);
    assert_eq!(handset.try_launch(&world, &unbound).await.problem(), "403 5G-1005", "another wallet's");
    assert_eq!(handset.try_launch(&world, &good.token).await.status, 200, "the control passes");
}

#[tokio::test]
async fn another_persons_handset_cannot_launch_the_order() {
    let (world, merchant, _payer) = world().await;
    let stranger = Handset::activated(&world, "19900005678").await;
    let link = world.link(&merchant, "M-stranger").await;
    assert_eq!(stranger.try_launch(&world, &link.token).await.problem(), "403 5G-1005");
}

#[tokio::test]
async fn before_a_password_is_set_nothing_launches() {
    let world = World::start().await;
    let merchant = world.merchant("coffee", "127.0.0.1:9443").await;
    let handset = Handset::activated(&world, crate::common::MOBILE).await;
    let link = world.link(&merchant, "M-early").await;
    assert_eq!(handset.try_launch(&world, &link.token).await.problem(), "409 5G-3010");
}

#[tokio::test]
async fn a_claimed_name_is_shown_beside_the_registered_one() {
    let (world, merchant, handset) = world().await;
    let mut body = merchant.order_body("M-claimed");
    body["merchantName"] = "某大银行".into();
    let answer = world.order(&merchant, &body.to_string()).await.json();
    let link = Link::read(answer["payUrl"].as_str().unwrap()).unwrap();
    let (_, summary) = handset.launch(&world, &link).await;
    assert_eq!((summary.payee_name.as_str(), summary.claimed_name.as_deref()), ("coffee", Some("某大银行")));
}

#[tokio::test]
async fn an_activation_needs_a_live_code_and_the_key_itself() {
    let world = World::start().await;
    let (_, said) = world.command(&["activate", "--mobile", crate::common::MOBILE]).await;
    let code = said["code"].as_str().unwrap();
    let key = SigningKey::make(SuiteId::International).unwrap();
    let path = "/sdk/v1/activations";
    let ask = async |body: Vec<u8>| handset::send(&world, &handset::request(&world, path, &body)).await;
    assert_eq!(
        ask(activation("0000-0000-0000", &key).encode().to_vec()).await.problem(),
        "422 5G-3011",
        "no such code"
    );
    let mut stolen = activation(code, &key);
    stolen.device_key = SigningKey::make(SuiteId::International).unwrap().public_key();
    assert_eq!(ask(stolen.encode().to_vec()).await.problem(), "401 5G-1002", "a key that is not held");
    assert_eq!(ask(b"\xa0".to_vec()).await.problem(), "400 5G-1001", "no activation at all");
    let good = activation(code, &key).encode().to_vec();
    assert_eq!(ask(good.clone()).await.status, 200);
    assert_eq!(ask(good).await.status, 200, "the answer was lost: the same again");
    let other = SigningKey::make(SuiteId::International).unwrap();
    assert_eq!(ask(activation(code, &other).encode().to_vec()).await.problem(), "422 5G-3011", "used");
}

#[tokio::test]
async fn malformed_bodies_are_refused_on_every_call() {
    let (world, _merchant, handset) = world().await;
    for path in [
        "/sdk/v1/launches",
        "/sdk/v1/payments",
        "/sdk/v1/passwords",
        "/sdk/v1/password-setups",
        "/sdk/v1/biometric-setups",
        "/sdk/v1/biometrics",
        "/sdk/v1/payments/P1/resolve",
    ] {
        for body in [b"".as_slice(), b"\xa0", b"\xff", b"\xbf\xff", b"{}", &[0x9b; 9]] {
            let answer = handset.call(&world, path, body).await;
            assert_eq!(answer.problem(), "400 5G-1001", "{path} {body:02x?}");
        }
    }
    assert_eq!(handset.call(&world, "/sdk/v1/else", b"").await.problem(), "404 5G-1404");
}

#[tokio::test]
async fn a_path_that_is_no_text_is_refused_in_our_own_words() {
    let world = World::start().await;
    let handset = Handset::ready(&world, "100000").await;
    let body = msgpay_wire::request::Resolve { server_nonce: [1; 16], request_digest: [2; 32] }.encode();
    let answer = handset.call(&world, "/sdk/v1/payments/%FF/resolve", &body).await;
    assert_eq!(answer.field("content-type"), Some("application/problem+json"));
    assert_eq!(answer.status, 400);
}
