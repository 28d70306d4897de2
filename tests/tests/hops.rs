//! Nothing of a payment is make-believe: with any hop cut, or any identity swapped, it ends just there.
//!
//! All of it in the international suite; in the Chinese one the hops and identities that it makes different. TLS is the
//! same in both, and so are its certificates and what the operator carries.

#![expect(clippy::unwrap_used, reason = "a helper that cannot set its scene fails its test")]

use msgpay_demo::stage::command;
use msgpay_tests::play::{Hop, Played, Reached, books, play, raise, raise_in};
use msgpay_wire::SuiteId;
use std::path::Path;
use tokio::task::JoinSet;

/// A payment with `hop` cut once `at` is reached, expected to end at `end`; how far it came, and how often the bank
/// has debited.
async fn cut(at: Reached, hop: Hop, end: Reached) -> (Reached, usize) {
    cut_in(SuiteId::International, at, hop, end).await
}

async fn cut_in(suite: SuiteId, at: Reached, hop: Hop, end: Reached) -> (Reached, usize) {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = raise_in(folder.path(), suite).await.unwrap();
    let Played { reached, phone, .. } = play(&mut stage, Some((at, hop)), end).await;
    let debits = books(&stage).await.unwrap().debits.len();
    drop(phone);
    stage.strike().await;
    (reached, debits)
}

#[tokio::test]
async fn uncut_and_unswapped_it_goes_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = raise(folder.path()).await.unwrap();
    stage.strike().await;
    stage = raise(folder.path()).await.unwrap();
    let Played { reached, phone, .. } = play(&mut stage, None, Reached::Told).await;
    assert_eq!(reached, Reached::Told);
    let books = books(&stage).await.unwrap();
    assert_eq!((books.paid().len(), books.debits.len()), (1, 1));
    drop(phone);
    stage.strike().await;
}

#[tokio::test]
async fn without_the_uplink_no_order_is_made() {
    assert_eq!(cut(Reached::Password, Hop::Uplink, Reached::Password).await, (Reached::Password, 0));
}

#[tokio::test]
async fn without_the_downlink_no_card_comes() {
    assert_eq!(cut(Reached::Password, Hop::Downlink, Reached::Password).await, (Reached::Password, 0));
}

#[tokio::test]
async fn without_the_merchant_no_card_comes() {
    assert_eq!(cut(Reached::Password, Hop::Merchant, Reached::Password).await, (Reached::Password, 0));
}

#[tokio::test]
async fn without_the_platform_no_order_is_taken() {
    assert_eq!(cut(Reached::Password, Hop::Platform, Reached::Password).await, (Reached::Password, 0));
}

#[tokio::test]
async fn without_its_line_to_the_platform_the_handset_is_not_activated() {
    assert_eq!(cut(Reached::Line, Hop::Handset, Reached::Line).await, (Reached::Line, 0));
}

#[tokio::test]
async fn without_its_line_to_the_platform_the_handset_shows_no_order() {
    assert_eq!(cut(Reached::Card, Hop::Handset, Reached::Card).await, (Reached::Card, 0));
}

#[tokio::test]
async fn without_its_line_to_the_platform_the_handset_pays_nothing() {
    assert_eq!(cut(Reached::Review, Hop::Handset, Reached::Review).await, (Reached::Review, 0));
}

#[tokio::test]
async fn without_the_banks_word_nothing_is_shown_as_paid() {
    assert_eq!(cut(Reached::Review, Hop::Bank, Reached::Review).await.0, Reached::Review);
}

#[tokio::test]
async fn without_the_merchant_the_sdk_tells_and_no_card_does() {
    assert_eq!(cut(Reached::Review, Hop::Merchant, Reached::Paid).await, (Reached::Paid, 1));
}

/// A world set up, then changed by `swap` (its folder, the folder of a stranger's world), then played in; the payment
/// is expected to end at `end`.
async fn swapped(end: Reached, swap: impl FnOnce(&Path, &Path)) -> (Reached, usize) {
    swapped_in(SuiteId::International, end, swap).await
}

async fn swapped_in(suite: SuiteId, end: Reached, swap: impl FnOnce(&Path, &Path)) -> (Reached, usize) {
    let folder = tempfile::tempdir().unwrap();
    raise_in(folder.path(), suite).await.unwrap().strike().await;
    let stranger = folder.path().join("stranger");
    let program = msgpay_tests::program::platform();
    command(&program, &["dev-pki", stranger.to_str().unwrap(), "--suite", suite.word()]).await.unwrap();
    for party in ["merchant", "maap"] {
        let of = ["dev-pki", stranger.to_str().unwrap(), "--party", party, "--suite", suite.word()];
        command(&program, &of).await.unwrap();
    }
    swap(&folder.path().join("platform"), &stranger);
    let Ok(mut stage) = raise_in(folder.path(), suite).await else { return (Reached::Nothing, 0) };
    let Played { reached, phone, .. } = play(&mut stage, None, end).await;
    let debits = books(&stage).await.unwrap().debits.len();
    drop(phone);
    stage.strike().await;
    (reached, debits)
}

/// Copies files of one folder over those of another; each must be there and must differ.
fn copy(from: &Path, to: &Path, names: &[(&str, &str)]) {
    for (source, target) in names {
        let (source, target) = (std::fs::read(from.join(source)).unwrap(), to.join(target));
        assert_ne!(std::fs::read(&target).unwrap(), source, "{}", target.display());
        std::fs::write(target, source).unwrap();
    }
}

#[tokio::test]
async fn a_strangers_client_certificate_orders_nothing() {
    let names = ["client.pem", "client.key"].map(|name| (name, name));
    let swap = |own: &Path, stranger: &Path| {
        copy(&stranger.join("parties/merchant"), &own.join("parties/merchant"), &names);
    };
    assert_eq!(swapped(Reached::Password, swap).await, (Reached::Password, 0));
}

#[tokio::test]
async fn another_partys_client_certificate_orders_nothing() {
    let names = ["client.pem", "client.key"].map(|name| (name, name));
    let swap = |own: &Path, _: &Path| copy(&own.join("parties/maap"), &own.join("parties/merchant"), &names);
    assert_eq!(swapped(Reached::Password, swap).await, (Reached::Password, 0));
}

fn strangers_signing_key(own: &Path, stranger: &Path) {
    let names = [("signing.key", "signing.key")];
    copy(&stranger.join("parties/merchant"), &own.join("parties/merchant"), &names);
}

#[tokio::test]
async fn a_strangers_signing_key_orders_nothing() {
    assert_eq!(swapped(Reached::Password, strangers_signing_key).await, (Reached::Password, 0));
}

#[tokio::test]
async fn a_strangers_server_is_not_the_platform() {
    let names = ["server.pem", "server.key"].map(|name| (name, name));
    let swap = |own: &Path, stranger: &Path| copy(stranger, own, &names);
    assert_eq!(swapped(Reached::Line, swap).await, (Reached::Line, 0));
}

#[tokio::test]
async fn a_server_of_the_same_authority_is_not_the_pinned_one() {
    let names = ["server.pem", "server.key"].map(|name| (name, name));
    let swap = |own: &Path, _: &Path| copy(&own.join("parties/maap"), own, &names);
    assert_eq!(swapped(Reached::Line, swap).await, (Reached::Line, 0));
}

#[tokio::test]
async fn a_strangers_server_is_not_the_merchant() {
    let names = ["server.pem", "server.key"].map(|name| (name, name));
    let swap = |own: &Path, stranger: &Path| {
        copy(&stranger.join("parties/merchant"), &own.join("parties/merchant"), &names);
    };
    let (reached, debits) = swapped(Reached::Password, swap).await;
    assert!(reached <= Reached::Password, "{reached:?}");
    assert_eq!(debits, 0);
}

#[tokio::test]
async fn a_strangers_server_is_not_the_operator() {
    let names = ["server.pem", "server.key"].map(|name| (name, name));
    let swap =
        |own: &Path, stranger: &Path| copy(&stranger.join("parties/maap"), &own.join("parties/maap"), &names);
    assert_eq!(swapped(Reached::Nothing, swap).await, (Reached::Nothing, 0));
}

fn strangers_answers(own: &Path, stranger: &Path) {
    let names = ["http-signing.pub.pem", "http-signing-guomi.pub.pem"].map(|name| (name, name));
    copy(stranger, own, &names);
}

#[tokio::test]
async fn a_strangers_answers_are_not_the_platforms() {
    assert_eq!(swapped(Reached::Password, strangers_answers).await, (Reached::Password, 0));
}

/// Pins the stranger's roots, of every suite.
fn strangers_roots(own: &Path, stranger: &Path) {
    let file = |folder: &Path| std::fs::read_to_string(folder.join("msgpay.json")).unwrap();
    let keys = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|line| line.trim_start().starts_with("\"public_key\""))
            .map(str::to_owned)
            .collect()
    };
    let mut text = file(own);
    let (ours, theirs) = (keys(&text), keys(&file(stranger)));
    assert!(!ours.is_empty() && ours.len() == theirs.len());
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_ne!(ours, theirs);
        text = text.replace(ours, theirs);
    }
    std::fs::write(own.join("msgpay.json"), text).unwrap();
}

#[tokio::test]
async fn a_strangers_root_is_not_believed() {
    assert_eq!(swapped(Reached::Line, strangers_roots).await, (Reached::Line, 0));
}

/// Side by side: most of their time is waiting in vain.
#[tokio::test(flavor = "multi_thread")]
async fn in_the_chinese_suite_what_it_makes_different_ends_the_payment_too() {
    let suite = SuiteId::Guomi;
    let mut all = JoinSet::new();
    for (name, at, hop, end, expected) in [
        ("the platform", Reached::Password, Hop::Platform, Reached::Password, (Reached::Password, 0)),
        ("its line, before the order", Reached::Card, Hop::Handset, Reached::Card, (Reached::Card, 0)),
        ("its line, before paying", Reached::Review, Hop::Handset, Reached::Review, (Reached::Review, 0)),
        (
            "the merchant, before the notice",
            Reached::Review,
            Hop::Merchant,
            Reached::Paid,
            (Reached::Paid, 1),
        ),
        ("nothing", Reached::Told, Hop::Uplink, Reached::Told, (Reached::Told, 1)),
    ] {
        all.spawn(async move { (name, cut_in(suite, at, hop, end).await, expected) });
    }
    type Swap = fn(&Path, &Path);
    for (name, end, swap) in [
        ("the merchant's signing key", Reached::Password, strangers_signing_key as Swap),
        ("the key of the platform's answers", Reached::Password, strangers_answers),
        ("the root", Reached::Line, strangers_roots),
    ] {
        all.spawn(async move { (name, swapped_in(suite, end, swap).await, (end, 0)) });
    }
    for (name, reached, expected) in all.join_all().await {
        assert_eq!(reached, expected, "{name}");
    }
}
