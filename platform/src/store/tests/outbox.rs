//! Notices: at least once, by one worker at a time, none lost.

use super::super::*;
use crate::domain::rig::*;

async fn paid(orders: usize) -> Rig {
    let rig = Rig::new().await;
    for i in 0..orders {
        let order = rig.order(&format!("M{i}"), 100).await;
        rig.pay(&order, PASSWORD).await;
    }
    rig
}

fn failed(err: &str) -> DeliveryResult {
    DeliveryResult { http: Some(500), notice_result: None, ms: 3, err: Some(err.into()) }
}

fn taken() -> DeliveryResult {
    DeliveryResult { http: Some(200), notice_result: Some("SUCCESS".into()), ms: 3, err: None }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_never_hold_the_same_notice() {
    let rig = paid(4).await;
    let (a, b) = tokio::join!(rig.store.claim_outbox(3, 1_000), rig.store.claim_outbox(3, 1_000));
    let mut ids: Vec<_> = a.unwrap().into_iter().chain(b.unwrap()).map(|n| n.outbox_id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 4);
    assert_eq!(rig.store.claim_outbox(3, 1_000).await.unwrap(), []);
}

#[tokio::test]
async fn a_worker_that_dies_loses_its_lease_and_the_notice_goes_again_under_its_id() {
    let rig = paid(1).await;
    let first = rig.store.claim_outbox(9, 1_000).await.unwrap().remove(0);
    rig.clock.advance(999);
    assert_eq!(rig.store.claim_outbox(9, 1_000).await.unwrap(), []);
    rig.clock.advance(1);
    let second = rig.store.claim_outbox(9, 1_000).await.unwrap().remove(0);
    assert_eq!((&second.notify_id, second.attempt), (&first.notify_id, 2));
    // The first worker was only slow: what it says now does not push the second one's notice back.
    rig.store.notice_retry(&first, &failed("slow"), NOON_MS + 9_000_000).await.unwrap();
    rig.clock.advance(1_000);
    assert_eq!(rig.store.claim_outbox(9, 1_000).await.unwrap().len(), 1);
    rig.store.notice_done(&second, &taken()).await.unwrap();
    rig.clock.advance(1_000);
    assert_eq!(rig.store.claim_outbox(9, 1_000).await.unwrap(), []);
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn retried_then_dead_then_driven_again_then_delivered() {
    let rig = paid(1).await;
    let n = rig.store.claim_outbox(9, 1_000).await.unwrap().remove(0);
    rig.store.notice_retry(&n, &failed("500"), NOON_MS + 15_000).await.unwrap();
    rig.clock.set(NOON_MS + 14_999);
    assert_eq!(rig.store.claim_outbox(9, 1_000).await.unwrap(), []);
    rig.clock.set(NOON_MS + 15_000);
    let n = rig.store.claim_outbox(9, 1_000).await.unwrap().remove(0);
    assert_eq!(n.attempt, 2);
    rig.store.notice_dead(&n, &failed("500"), "ladder exhausted").await.unwrap();
    assert_eq!(rig.store.claim_outbox(9, 1_000).await.unwrap(), []);
    assert_eq!(rig.findings().await, [], "a dead letter is not a lost one");
    assert_eq!(rig.store.redrive(Some(n.outbox_id + 1)).await.unwrap(), 0);
    assert_eq!(rig.store.redrive(Some(n.outbox_id)).await.unwrap(), 1);
    let again = rig.store.claim_outbox(9, 1_000).await.unwrap().remove(0);
    assert_eq!((&again.notify_id, again.attempt), (&n.notify_id, 1));
    rig.store.notice_done(&again, &taken()).await.unwrap();
    let (tries, done): (i64, i64) =
        sqlx::query_as("SELECT count(*), sum(done) FROM delivery").fetch_one(rig.store.read()).await.unwrap();
    assert_eq!((tries, done), (3, 1));
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn a_slow_merchant_holds_its_own_limit_only() {
    let rig = paid(6).await;
    let raw = super::raw(&rig.dir).await;
    let held = rig.store.claim_outbox(99, 1_000).await.unwrap();
    assert_eq!(held.len(), 4, "its conc_limit");
    assert_eq!(rig.store.claim_outbox(99, 1_000).await.unwrap(), []);
    sqlx::query(
        "INSERT INTO merchant(id, name, status, notify_host_allow, created_at) VALUES ('2', 'b', 'ACTIVE', 'x', 0)",
    )
    .execute(&raw)
    .await
    .unwrap();
    sqlx::query("UPDATE outbox SET merchant_id = '2' WHERE id = (SELECT max(id) FROM outbox)")
        .execute(&raw)
        .await
        .unwrap();
    assert_eq!(rig.store.claim_outbox(99, 1_000).await.unwrap().len(), 1);
    rig.store.notice_done(&held[0], &taken()).await.unwrap();
    assert_eq!(rig.store.claim_outbox(99, 1_000).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_settlement_wakes_the_sender() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 100).await;
    let woken = rig.store.outbox_ready().notified();
    rig.pay(&order, PASSWORD).await;
    woken.await;
    assert_eq!(rig.store.claim_outbox(9, 1_000).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_long_queue_is_looked_at_once_per_claim_not_once_per_notice() {
    let rig = Rig::new().await;
    let plan: Vec<(i64, i64, i64, String)> =
        sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", super::super::outbox::CLAIM)))
            .bind(NOON_MS)
            .bind(9)
            .bind(1_000)
            .fetch_all(rig.store.read())
            .await
            .unwrap();
    assert!(!plan.is_empty());
    assert!(plan.iter().all(|(.., step)| !step.contains("CORRELATED")), "{plan:?}");
}
