//! Wrong passwords: counted before they are judged, five in a row, in parallel too.

use msgpay_wire::problem::Code;

use super::{super::rig::*, refusal, verdict};
use crate::{
    bank::Behaviour,
    domain::{Answer, Rules, Verdict},
    store::Issued,
};

#[tokio::test]
async fn wrong_then_right_pays_and_breaks_the_row() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    for left in [4, 3] {
        let wrong = refusal(rig.pay(&order, WRONG).await);
        assert_eq!((wrong.code, wrong.tries_left, wrong.counted), (Code::WrongPassword, Some(left), true));
        let receipt = wrong.receipt.unwrap().fields;
        assert_eq!((receipt.verdict, receipt.reason.as_str()), (Verdict::Fail, "5G-3001"));
    }
    let paid = rig.pay(&order, PASSWORD).await;
    assert_eq!(verdict(&paid), Some(Verdict::Success));
    assert_eq!(rig.fails().await, 0);
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn a_password_of_another_length_is_wrong() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    for typed in ["", "28371", "2837160"] {
        assert_eq!(refusal(rig.pay(&order, typed).await).code, Code::WrongPassword, "{typed:?}");
    }
}

#[tokio::test]
async fn the_fifth_wrong_locks_for_thirty_minutes_the_second_lock_until_reset() {
    let mut rig = Rig::new().await;
    for round in 0..2 {
        let order = rig.order(&format!("M{round}"), 500).await;
        let spare = rig.launch(&order).await;
        for _ in 0..4 {
            assert_eq!(refusal(rig.pay(&order, WRONG).await).code, Code::WrongPassword);
        }
        let fifth = refusal(rig.pay(&order, WRONG).await);
        assert_eq!((fifth.code, fifth.tries_left), (Code::Locked, Some(0)));
        // Even the right password, even on a launch from before the lock; and no new launch.
        let locked = refusal(rig.payments.submit(&rig.device, rig.entry(&spare, PASSWORD)).await.unwrap());
        assert_eq!((locked.code, locked.counted), (Code::Locked, false));
        assert_eq!(rig.try_launch(&order).await.0, Issued::Locked);
        rig.clock.advance(30 * 60_000 - 1);
        let order = rig.order(&format!("N{round}"), 500).await;
        assert_eq!(rig.try_launch(&order).await.0, Issued::Locked);
        rig.clock.advance(1);
    }
    let order = rig.order("M9", 500).await;
    rig.clock.advance(20 * 60_000);
    assert_eq!(rig.try_launch(&order).await.0, Issued::Locked, "locked twice: no time opens it");
    assert_eq!(rig.debited().await, 0);
    // An identity check and a new password do.
    (rig.device_key, rig.device) = activated(&rig.store).await;
    assert_eq!(verdict(&rig.set("591730", "591730").await), Some(Verdict::Success));
    let paid = rig.pay(&order, "591730").await;
    assert_eq!(verdict(&paid), Some(Verdict::Success));
    assert_eq!(rig.findings().await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_guesses_at_once_are_five_tries() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let mut requests = Vec::new();
    for _ in 0..20 {
        requests.push(rig.entry(&rig.launch(&order).await, WRONG));
    }
    let mut all = tokio::task::JoinSet::new();
    for request in requests {
        let (payments, device) = (rig.payments.clone(), rig.device.clone());
        all.spawn(async move { payments.submit(&device, request).await.unwrap() });
    }
    let refusals: Vec<_> = all.join_all().await.into_iter().map(refusal).collect();
    assert_eq!(refusals.iter().filter(|r| r.counted).count(), 5);
    assert_eq!(refusals.iter().filter(|r| r.code == Code::WrongPassword).count(), 4);
    assert_eq!(refusals.iter().filter(|r| r.code == Code::Locked).count(), 16);
    assert!(refusals.iter().all(|r| r.receipt.is_some()));
    assert_eq!((rig.fails().await, rig.debited().await), (5, 0));
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn a_right_password_is_forgiven_even_when_the_bank_declines() {
    let rig = Rig::new().await;
    let order = rig.order("M1", FUNDS + 1).await;
    refusal(rig.pay(&order, WRONG).await);
    assert_eq!(rig.fails().await, 1);
    assert_eq!(refusal(rig.pay(&order, PASSWORD).await).code, Code::Balance);
    assert_eq!(rig.fails().await, 0);
}

#[tokio::test]
async fn a_late_settlement_forgives_nothing_that_was_counted_after_its_password() {
    let rig = Rig::with(Rules { bank_deadline_ms: 1_000, ..Rules::default() }).await;
    rig.bank.behave(ACCOUNT, Behaviour::Late { ms: 600_000 }, Some(1)).await.unwrap();
    let order = rig.order("M1", 500).await;
    refusal(rig.pay(&order, WRONG).await);
    assert!(matches!(rig.pay(&order, PASSWORD).await, Answer::Working { .. }));
    assert_eq!(rig.fails().await, 0, "the password was right, whatever the bank says");
    let other = rig.order("M2", 500).await;
    for _ in 0..5 {
        refusal(rig.pay(&other, WRONG).await);
    }
    rig.clock.advance(5_000);
    assert_eq!(rig.payments.sweep().await.unwrap(), 1);
    assert_eq!(rig.fails().await, 5);
    assert_eq!(rig.try_launch(&other).await.0, Issued::Locked, "the bank's late word opens no lock");
}

#[tokio::test]
async fn a_right_password_of_a_request_that_was_voided_meanwhile_is_forgiven() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let request = rig.entry(&shown, PASSWORD);
    let record = rig.store.launch(&shown.nonce).await.unwrap().unwrap();
    rig.store.consume_nonce(&record, rig.digest(&shown, &request.packaged)).await.unwrap();
    rig.store.count_attempt(&record).await.unwrap();
    rig.clock.advance(5_000);
    assert_eq!(verdict(&rig.resolve(&request, &shown).await), Some(Verdict::Void));
    let attempt = crate::store::new_attempt("BANK", 1_000).unwrap();
    assert!(matches!(rig.store.begin(&record, attempt).await.unwrap(), crate::store::Begun::Overtaken(_)));
    assert_eq!((rig.fails().await, rig.debited().await), (0, 0));
}
