//! Every way to be talked into another suite than policy, key or launch say, tried one by one.
//!
//! | downgrade | refused by | test |
//! |---|---|---|
//! | a link of a suite that the policy omits | platform: 5G-1006 | `a_link_of_a_suite_that_the_policy_omits_launches_nothing` |
//! | a link that names another suite than it is signed in | platform: 5G-1006 | `a_link_that_names_another_suite_than_its_signature_launches_nothing` |
//! | the same links, at the handset | SDK: `Why::Suite` | `sdk-core` `session::tests::suites::a_link_of_another_suite_is_refused_by_name` |
//! | an activation or a password setting in a suite that the policy omits | platform: 5G-1006 | `nothing_begins_in_a_suite_that_the_policy_omits` |
//! | an older policy, which still has the suite | SDK: not genuine | `sdk-core` `session::tests::suites::an_older_policy_does_not_bring_a_suite_back` |
//! | launch answer, policy or seal key's statement of another suite | SDK: `Why::Suite` | `sdk-core` `session::tests::suites::an_answer_with_a_part_of_another_suite_is_refused_by_name` |
//! | a statement under the root of another suite | SDK: `Why::Suite` | `sdk-core` `session::tests::suites::a_root_vouches_for_another_suite_only_where_it_is_pinned_so` |
//! | a receipt of another suite | SDK: unresolved | `sdk-core` `session::tests::suites::a_receipt_of_another_suite_concludes_nothing` |
//! | an entry of another suite | platform: 5G-3012, inside `wrong-suite` | `an_entry_of_another_suite_opens_nothing_counts_nothing_and_debits_nothing` |
//! | a request whose digest is of another suite | platform: 5G-1002 | `a_request_digest_of_another_suite_is_not_this_requests` |
//! | a merchant's HTTP signature of another suite | platform: 5G-1006 | `a_merchants_signature_of_another_suite_is_refused_by_name` |
//! | a merchant of a suite that the policy omits | platform: 5G-1006 | `suites::a_merchant_of_a_suite_that_the_policy_omits_orders_nothing` |
//! | a handset's HTTP signature of another suite | platform: 5G-1006 | `a_handsets_signature_of_another_suite_is_refused_by_name` |
//! | a number or name that no suite has | by its name | `unknown_suites` here, in `wire/tests` and in `sdk-core` |

use msgpay_crypto::{OpeningKey, SigningKey};
use msgpay_platform::keys::{self, BuiltIn};
use msgpay_wire::{
    SuiteId,
    entry::EntryPurpose,
    launch::{LaunchToken, wallet_binding},
    receipt::Verdict,
    request::{Launch, Packaged, RequestParts, Setup, device_message, request_digest},
    trust::{Purpose, Signer as _},
};

use crate::common::{
    Request, World,
    handset::{self, Handset, PASSWORD, SealedTo, activation, seal},
    now_s, other,
};

const LAUNCHES: &str = "SELECT count(*) FROM server_nonce WHERE purpose = 'PAYMENT'";

/// A platform whose policy has `suite` only; its keys are of both.
async fn strict(suite: SuiteId) -> World {
    World::start_with(|config| config.policy.suites = vec![suite]).await
}

/// The token of a good link, changed, and signed with the institution's own launch key of `signed_in`.
fn resigned(
    world: &World,
    handset: &Handset,
    good: &[u8],
    signed_in: SuiteId,
    change: impl FnOnce(&mut LaunchToken),
) -> Vec<u8> {
    let now = u64::try_from(now_s()).unwrap();
    let (mut token, _) = LaunchToken::open(&BuiltIn, &handset.roots, good, now).unwrap();
    change(&mut token);
    token.wallet_binding = wallet_binding(&BuiltIn, token.suite, &handset.wallet_id, &token.nonce);
    world.keys().signer(Purpose::Launch, signed_in, now_s()).unwrap().sign_object(token.payload()).unwrap()
}

#[tokio::test]
async fn a_link_of_a_suite_that_the_policy_omits_launches_nothing() {
    for suite in SuiteId::ALL {
        let world = strict(suite).await;
        let files = world.pki.party("shop", suite, now_s(), 30).unwrap();
        let merchant = world.register("shop", files, "127.0.0.1:9443").await;
        let handset = Handset::ready_in(&world, "100000", suite).await;
        let request =
            merchant.request(&world, "/v1/pay/orders", &merchant.order_body("M-link-1").to_string());
        let answer = world.send(&merchant, &request.in_suite(suite).signed(&merchant)).await;
        let good = msgpay_wire::launch::Link::read(answer.json()["payUrl"].as_str().unwrap()).unwrap().token;
        let omitted = other(suite);
        let token = resigned(&world, &handset, &good, omitted, |token| token.suite = omitted);
        assert_eq!(handset.try_launch(&world, &token).await.problem(), "403 5G-1006", "{suite:?} only");
        assert_eq!(world.count(LAUNCHES).await, 0);
        let same = resigned(&world, &handset, &good, suite, |_| ());
        assert_eq!(handset.try_launch(&world, &same).await.status, 200, "the control passes");
    }
}

#[tokio::test]
async fn a_link_that_names_another_suite_than_its_signature_launches_nothing() {
    for suite in SuiteId::ALL {
        let (world, merchant, handset) = World::in_suite(suite).await;
        let good = world.link(&merchant, "M-link-1").await.token;
        let named = resigned(&world, &handset, &good, suite, |token| token.suite = other(suite));
        assert_eq!(handset.try_launch(&world, &named).await.problem(), "403 5G-1006", "names the other");
        let signed = resigned(&world, &handset, &good, other(suite), |_| ());
        assert_eq!(handset.try_launch(&world, &signed).await.problem(), "403 5G-1006", "signed in the other");
        // All of it in the other, which the policy has: this device's key is not of it.
        let whole = resigned(&world, &handset, &good, other(suite), |token| token.suite = other(suite));
        assert_eq!(handset.try_launch(&world, &whole).await.problem(), "403 5G-1006", "the device's key");
        assert_eq!(world.count(LAUNCHES).await, 0);
        assert_eq!(handset.try_launch(&world, &good).await.status, 200, "the control passes");
    }
}

#[tokio::test]
async fn nothing_begins_in_a_suite_that_the_policy_omits() {
    for suite in SuiteId::ALL {
        let (world, omitted) = (strict(suite).await, other(suite));
        let (_, said) = world.command(&["activate", "--mobile", crate::common::MOBILE]).await;
        let code = said["code"].as_str().unwrap();
        let ask = async |suite| {
            let key = SigningKey::make(keys::suite(suite)).unwrap();
            let body = activation(code, &key).encode();
            handset::send(&world, &handset::request(&world, "/sdk/v1/activations", &body)).await
        };
        assert_eq!(ask(omitted).await.problem(), "403 5G-1006");
        assert_eq!(ask(suite).await.status, 200, "the code is unused");
        let handset = Handset::activated_in(&world, crate::common::MOBILE, suite).await;
        let begin = async |suite| {
            let body = Setup { client_nonce: [3; 16], suite }.encode();
            handset.call(&world, "/sdk/v1/password-setups", &body).await
        };
        assert_eq!(begin(omitted).await.problem(), "403 5G-1006");
        assert_eq!(begin(suite).await.status, 200, "the control passes");
    }
}

#[tokio::test]
async fn an_entry_of_another_suite_opens_nothing_counts_nothing_and_debits_nothing() {
    for suite in SuiteId::ALL {
        let (world, merchant, handset) = World::in_suite(suite).await;
        let link = world.link(&merchant, "M-entry").await;
        let keys = world.keys();
        let theirs = keys.seal(other(suite), now_s()).unwrap();
        let live = SealedTo { suite: other(suite), kid: theirs.kid, key: theirs.key.public_key() };
        let made = OpeningKey::make(keys::suite(other(suite))).unwrap().public_key();
        let (launched, _) = handset.launch(&world, &link).await;
        let own = launched.seal();
        for (name, to) in [
            ("to the institution's own key of the other suite", live),
            ("under this launch's key number", SealedTo { kid: own.kid, ..live }),
            ("to a key of nobody's", SealedTo { kid: own.kid, key: made, ..live }),
        ] {
            let (launched, _) = handset.launch(&world, &link).await;
            let envelope = seal(&launched, &to, EntryPurpose::Password, PASSWORD).encode();
            let packaged = vec![Packaged { purpose: EntryPurpose::Password, envelope }];
            let body = handset.submission(&launched, packaged).encode();
            let answer = handset.call(&world, "/sdk/v1/payments", &body).await;
            assert_eq!(answer.problem(), "422 5G-3012", "{name}, {suite:?}");
        }
        assert_eq!(world.reasons().await, ["wrong-suite"; 3], "inside it has its name");
        assert_eq!(world.harm().await, (0, 0), "no guess is counted, nothing is begun");
        let (launched, _) = handset.launch(&world, &link).await;
        assert_eq!(handset.pay(&world, &launched, "283717").await.problem(), "422 5G-3001");
        assert_eq!(world.harm().await, (1, 0), "a guess in this suite is counted: the count sees");
        let (launched, _) = handset.launch(&world, &link).await;
        let paid = handset.paid(&handset.pay(&world, &launched, PASSWORD).await);
        assert_eq!(paid.verdict, Verdict::Success, "the control passes");
        let (_, said) = world.command(&["check"]).await;
        assert_eq!(said["ok"], true, "one debit, at the bank too: {said}");
    }
}

#[tokio::test]
async fn a_request_digest_of_another_suite_is_not_this_requests() {
    for suite in SuiteId::ALL {
        let (world, merchant, handset) = World::in_suite(suite).await;
        let link = world.link(&merchant, "M-digest").await;
        let (launched, _) = handset.launch(&world, &link).await;
        let mut submission = handset.package(&launched, &[(EntryPurpose::Password, PASSWORD)]);
        let honest = submission.clone();
        let digest = request_digest(
            &BuiltIn,
            &RequestParts {
                suite: other(suite),
                device_id: &handset.device_id,
                wallet_id: &handset.wallet_id,
                order_digest: &launched.answer.summary_digest,
                packaged: &submission.packaged,
                biometric: None,
                evidence: b"",
                server_nonce: &launched.answer.server_nonce,
            },
        );
        submission.device_signature = handset.key.sign(&device_message(&digest)).unwrap().to_vec();
        let refused = handset.call(&world, "/sdk/v1/payments", &submission.encode()).await;
        assert_eq!(refused.problem(), "401 5G-1002", "the digest, {suite:?}");
        let stranger = SigningKey::make(keys::suite(other(suite))).unwrap();
        let digest = handset.digest(&launched, &submission.packaged);
        submission.device_signature = stranger.sign(&device_message(&digest)).unwrap().to_vec();
        let refused = handset.call(&world, "/sdk/v1/payments", &submission.encode()).await;
        assert_eq!(refused.problem(), "401 5G-1002", "the key, {suite:?}");
        assert_eq!(world.harm().await, (0, 0));
        let paid = handset.paid(&handset.call(&world, "/sdk/v1/payments", &honest.encode()).await);
        assert_eq!(paid.verdict, Verdict::Success, "the nonce is unused");
    }
}

/// The ways to sign an HTTP request of `suite` in the other one: whole, by name only, by digest only.
fn mixed(suite: SuiteId, own: &SigningKey, request: impl Fn() -> Request) -> [(&'static str, Request); 4] {
    let foreign = SigningKey::make(keys::suite(other(suite))).unwrap();
    let (mut named, mut digested) = (request().in_suite(suite), request().in_suite(suite));
    named.alg = msgpay_wire::httpsig::alg(other(suite)).to_owned();
    digested.digest = keys::suite(other(suite));
    [
        ("whole", request().in_suite(other(suite)).signed_by(&foreign)),
        ("names of the other, own key", request().in_suite(other(suite)).signed_by(own)),
        ("algorithm", named.signed_by(own)),
        ("digest", digested.signed_by(own)),
    ]
}

#[tokio::test]
async fn a_merchants_signature_of_another_suite_is_refused_by_name() {
    for suite in SuiteId::ALL {
        let world = World::start_with(|config| config.policy.suites = vec![suite, other(suite)]).await;
        let files = world.pki.party("shop", suite, now_s(), 30).unwrap();
        let merchant = world.register("shop", files, "127.0.0.1:9443").await;
        world.command(&["activate", "--mobile", crate::common::MOBILE]).await;
        let body = merchant.order_body("M-signed").to_string();
        let order = || merchant.request(&world, "/v1/pay/orders", &body);
        for (name, request) in mixed(suite, &merchant.signing, order) {
            assert_eq!(world.send(&merchant, &request).await.problem(), "403 5G-1006", "{name}, {suite:?}");
        }
        assert_eq!(world.count("SELECT count(*) FROM pay_order").await, 0);
        let answer = world.send(&merchant, &order().in_suite(suite).signed(&merchant)).await;
        assert_eq!(answer.status, 200, "the control passes");
    }
}

#[tokio::test]
async fn a_handsets_signature_of_another_suite_is_refused_by_name() {
    for suite in SuiteId::ALL {
        let (world, merchant, handset) = World::in_suite(suite).await;
        let token = world.link(&merchant, "M-handset").await.token;
        let body = Launch { token, client_nonce: [4; 16] }.encode();
        let launch = || handset.unsigned(&world, "/sdk/v1/launches", &body);
        for (name, request) in mixed(suite, &handset.key, launch) {
            assert_eq!(handset::send(&world, &request).await.problem(), "403 5G-1006", "{name}, {suite:?}");
        }
        assert_eq!(world.count(LAUNCHES).await, 0);
        let answer = handset::send(&world, &launch().signed_by(&handset.key)).await;
        assert_eq!(answer.status, 200, "the control passes");
    }
}
