//! Nothing of a payment is make-believe: with any hop cut, or any identity swapped, it ends just there.

#![expect(clippy::unwrap_used, reason = "a helper that cannot set its scene fails its test")]

use msgpay_demo::stage::command;
use msgpay_tests::play::{Hop, Played, Reached, books, play, raise};
use std::path::Path;

/// A payment with `hop` cut once `at` is reached, expected to end at `end`; how far it came, and how often the bank
/// has debited.
async fn cut(at: Reached, hop: Hop, end: Reached) -> (Reached, usize) {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = raise(folder.path()).await.unwrap();
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
    let folder = tempfile::tempdir().unwrap();
    raise(folder.path()).await.unwrap().strike().await;
    let stranger = folder.path().join("stranger");
    let program = msgpay_tests::program::platform();
    command(&program, &["dev-pki", stranger.to_str().unwrap()]).await.unwrap();
    for party in ["merchant", "maap"] {
        command(&program, &["dev-pki", stranger.to_str().unwrap(), "--party", party]).await.unwrap();
    }
    swap(&folder.path().join("platform"), &stranger);
    let Ok(mut stage) = raise(folder.path()).await else { return (Reached::Nothing, 0) };
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

#[tokio::test]
async fn a_strangers_signing_key_orders_nothing() {
    let names = [("signing.key", "signing.key")];
    let swap = |own: &Path, stranger: &Path| {
        copy(&stranger.join("parties/merchant"), &own.join("parties/merchant"), &names);
    };
    assert_eq!(swapped(Reached::Password, swap).await, (Reached::Password, 0));
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

#[tokio::test]
async fn a_strangers_answers_are_not_the_platforms() {
    let names = [("http-signing.pub.pem", "http-signing.pub.pem")];
    let swap = |own: &Path, stranger: &Path| copy(stranger, own, &names);
    assert_eq!(swapped(Reached::Password, swap).await, (Reached::Password, 0));
}

#[tokio::test]
async fn a_strangers_root_is_not_believed() {
    let swap = |own: &Path, stranger: &Path| {
        let key = |folder: &Path| {
            let text = std::fs::read_to_string(folder.join("sdk.toml")).unwrap();
            text.lines().find(|line| line.starts_with("public_key")).unwrap().to_owned()
        };
        let text = std::fs::read_to_string(own.join("sdk.toml")).unwrap();
        let (ours, theirs) = (key(own), key(stranger));
        assert_ne!(ours, theirs);
        std::fs::write(own.join("sdk.toml"), text.replace(&ours, &theirs)).unwrap();
    };
    assert_eq!(swapped(Reached::Line, swap).await, (Reached::Line, 0));
}
