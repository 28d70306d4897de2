//! Lost answers.

use msgpay_wire::problem::Code;

use super::{super::rig::*, refusal, verdict};
use crate::domain::{Answer, Verdict};

#[tokio::test]
async fn the_same_receipt_is_given_again_byte_for_byte() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    for (digits, expected) in [(WRONG, Verdict::Fail), (PASSWORD, Verdict::Success)] {
        let shown = rig.launch(&order).await;
        let request = rig.entry(&shown, digits);
        let first = match rig.payments.submit(&rig.device, request.clone()).await.unwrap() {
            Answer::Receipt(receipt) => receipt,
            other => refusal(other).receipt.unwrap(),
        };
        assert_eq!(first.fields.verdict, expected);
        rig.clock.advance(5_000);
        for _ in 0..3 {
            assert_eq!(rig.resolve(&request, &shown).await, Answer::Receipt(first.clone()));
        }
    }
    assert_eq!(rig.debited().await, 500);
}

#[tokio::test]
async fn resolve_that_overtakes_the_payment_voids_it() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let request = rig.entry(&shown, PASSWORD);
    let void = rig.resolve(&request, &shown).await;
    assert_eq!(verdict(&void), Some(Verdict::Void));
    let late = refusal(rig.payments.submit(&rig.device, request.clone()).await.unwrap());
    assert_eq!((late.code, late.counted), (Code::NonceSpent, false));
    assert_eq!(rig.resolve(&request, &shown).await, void);
    assert_eq!((rig.fails().await, rig.debited().await), (0, 0));
    assert_eq!(verdict(&rig.pay(&order, PASSWORD).await), Some(Verdict::Success), "a new launch is good");
    assert_eq!(rig.findings().await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_payment_and_resolve_race_they_agree() {
    let rig = Rig::new().await;
    let mut debits = 0;
    for i in 0..12 {
        let order = rig.order(&format!("M{i}"), 100).await;
        let shown = rig.launch(&order).await;
        let request = rig.entry(&shown, PASSWORD);
        let (paid, asked) = tokio::join!(rig.payments.submit(&rig.device, request.clone()), async {
            if i % 2 == 1 {
                tokio::task::yield_now().await;
            }
            rig.resolve(&request, &shown).await
        });
        let end = loop {
            match rig.resolve(&request, &shown).await {
                Answer::Receipt(receipt) => break receipt.fields.verdict,
                _ => tokio::task::yield_now().await,
            }
        };
        match paid.unwrap() {
            Answer::Receipt(receipt) => assert_eq!(receipt.fields.verdict, end),
            other => assert_eq!((refusal(other).code, end), (Code::NonceSpent, Verdict::Void)),
        }
        if let Answer::Receipt(receipt) = asked {
            assert_eq!(receipt.fields.verdict, end, "what was once said holds");
        }
        debits += i64::from(end == Verdict::Success);
    }
    assert_eq!(rig.debited().await, 100 * debits);
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn a_stranger_or_another_digest_learns_and_voids_nothing() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let request = rig.entry(&shown, PASSWORD);
    let digest = rig.digest(&shown, &request.packaged);
    let (_, stranger) = activated(&rig.store).await;
    for (device, subject, nonce) in [
        (&stranger, shown.subject_no.as_str(), shown.nonce),
        (&rig.device, "P0", shown.nonce),
        (&rig.device, shown.subject_no.as_str(), [0; 16]),
    ] {
        let told = rig.payments.resolve(device, subject, &nonce, &digest).await.unwrap();
        assert_eq!(refusal(told).receipt, None);
    }
    assert_eq!(verdict(&rig.payments.submit(&rig.device, request).await.unwrap()), Some(Verdict::Success));
    let other = rig.payments.resolve(&rig.device, &shown.subject_no, &shown.nonce, &[3; 32]).await.unwrap();
    assert_eq!(refusal(other).receipt, None, "nothing is said about a request that used another digest");
}

#[tokio::test]
async fn an_expired_nonce_is_voided_all_the_same() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let request = rig.entry(&shown, PASSWORD);
    rig.clock.advance(200_000);
    assert_eq!(verdict(&rig.resolve(&request, &shown).await), Some(Verdict::Void));
}
