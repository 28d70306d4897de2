//! Tx B and Tx C by themselves.

use super::super::*;
use crate::domain::{OrderStatus, Receipt, ReceiptFields, Verdict, rig::*};

async fn consumed(rig: &Rig, shown: &Shown) -> LaunchRecord {
    let record = rig.store.launch(&shown.nonce).await.unwrap().unwrap();
    assert!(matches!(rig.store.consume_nonce(&record, [5; 32]).await.unwrap(), Consumed::Yours { .. }));
    record
}

async fn counted(rig: &Rig, record: LaunchRecord) -> LaunchRecord {
    let Counted::Try { number, .. } = rig.store.count_attempt(&record).await.unwrap() else {
        panic!("not counted")
    };
    LaunchRecord { counted: number, ..record }
}

fn receipt(record: &LaunchRecord, verdict: Verdict) -> Receipt {
    let fields = ReceiptFields {
        suite: 1,
        device_id: record.device_id.clone(),
        subject_no: record.subject_no.clone(),
        order_digest: record.order_digest,
        request_digest: [5; 32],
        verdict,
        reason: String::new(),
        at_ms: NOON_MS,
        attempt: record.counted,
        tries_left: None,
    };
    Receipt { cose: format!("{verdict:?}").into_bytes(), fields }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_many_beginnings_takes_the_order() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let mut records = Vec::new();
    for _ in 0..5 {
        let shown = rig.launch(&order).await;
        let record = consumed(&rig, &shown).await;
        records.push(record);
    }
    for record in &mut records {
        *record = counted(&rig, record.clone()).await;
    }
    let mut all = tokio::task::JoinSet::new();
    for record in records {
        let store = rig.store.clone();
        let attempt = new_attempt("BANK", 1).unwrap();
        all.spawn(async move { store.begin(&record, attempt).await.unwrap() });
    }
    let begun = all.join_all().await;
    assert_eq!(begun.iter().filter(|b| matches!(b, Begun::Yes { .. })).count(), 1);
    assert_eq!(begun.iter().filter(|b| **b == Begun::InProgress).count(), 4);
}

#[tokio::test]
async fn settled_twice_the_first_word_holds() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let record = consumed(&rig, &shown).await;
    let record = counted(&rig, record).await;
    let attempt = new_attempt("BANK", 1).unwrap();
    let no = attempt.attempt_no.clone();
    assert!(matches!(rig.store.begin(&record, attempt).await.unwrap(), Begun::Yes { amount_fen: 500, .. }));
    let fail = receipt(&record, Verdict::Fail);
    assert_eq!(rig.store.settle(&no, None, fail.clone()).await.unwrap(), Settled::Now(fail.clone()));
    let success = receipt(&record, Verdict::Success);
    let again = rig.store.settle(&no, Some("B1".into()), success).await.unwrap();
    assert_eq!(again, Settled::Before(fail));
    let now = rig.store.order(&order.pay_order_no).await.unwrap().unwrap();
    assert_eq!(now.status, OrderStatus::WaitPay);
    assert_eq!(rig.store.claim_outbox(9, 1).await.unwrap(), []);
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn a_voided_request_cannot_begin() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let record = consumed(&rig, &shown).await;
    let record = counted(&rig, record).await;
    let void = receipt(&record, Verdict::Void);
    let early = rig.store.void_nonce(&record, void.clone(), NOON_MS - 1).await.unwrap();
    assert_eq!(early, None, "a request that may still go on is not voided");
    assert_eq!(rig.store.void_nonce(&record, void.clone(), NOON_MS).await.unwrap(), Some(void.clone()));
    let begun = rig.store.begin(&record, new_attempt("BANK", 1).unwrap()).await.unwrap();
    assert_eq!(begun, Begun::Overtaken(void.clone()));
    let refused = rig.store.refuse(&record, receipt(&record, Verdict::Fail), Vec::new()).await.unwrap();
    assert_eq!(refused, void, "what was said first holds");
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn a_begun_request_cannot_be_voided() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let record = consumed(&rig, &shown).await;
    let record = counted(&rig, record).await;
    rig.store.begin(&record, new_attempt("BANK", 1).unwrap()).await.unwrap();
    let void = receipt(&record, Verdict::Void);
    assert_eq!(rig.store.void_nonce(&record, void, i64::MAX).await.unwrap(), None);
}

#[tokio::test]
async fn an_order_that_expires_while_it_fails_closes() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let record = consumed(&rig, &shown).await;
    let record = counted(&rig, record).await;
    let attempt = new_attempt("BANK", 1).unwrap();
    let no = attempt.attempt_no.clone();
    rig.store.begin(&record, attempt).await.unwrap();
    rig.clock.set(order.expire_at_ms + 1);
    assert_eq!(rig.store.expire_orders().await.unwrap(), 0, "a payment under way is not expired");
    rig.store.settle(&no, None, receipt(&record, Verdict::Fail)).await.unwrap();
    let (status,): (String,) =
        sqlx::query_as("SELECT status FROM pay_order").fetch_one(rig.store.read()).await.unwrap();
    assert_eq!(status, "CLOSED");
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn what_expires_between_the_password_and_the_beginning_is_closed() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let record = consumed(&rig, &shown).await;
    let record = counted(&rig, record).await;
    rig.clock.set(order.expire_at_ms);
    assert_eq!(rig.store.begin(&record, new_attempt("BANK", 1).unwrap()).await.unwrap(), Begun::Closed);
    let (attempts,): (i64,) =
        sqlx::query_as("SELECT count(*) FROM pay_attempt").fetch_one(rig.store.read()).await.unwrap();
    assert_eq!(attempts, 0);
}

#[tokio::test]
async fn tries_are_counted_down_locked_and_after_the_second_lock_never_counted_again() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let record = consumed(&rig, &shown).await;
    for _ in 0..2 {
        for left in (0..5).rev() {
            let counted = rig.store.count_attempt(&record).await.unwrap();
            assert!(matches!(counted, Counted::Try { tries_left, .. } if tries_left == left), "{counted:?}");
        }
        rig.clock.advance(30 * 60_000 - 1);
        assert_eq!(rig.store.count_attempt(&record).await.unwrap(), Counted::Locked);
        rig.clock.advance(1);
    }
    rig.clock.advance(365 * 86_400_000);
    assert_eq!(rig.store.count_attempt(&record).await.unwrap(), Counted::Locked);
}
