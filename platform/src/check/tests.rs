//! Each invariant is tripped by a seeded bug: a check that never failed proves little.

use std::collections::BTreeSet;

use super::{RULES, check};
use crate::{
    bank::{Behaviour, Channel, Debit},
    domain::rig::*,
};

/// Two paid orders, one declined, one unpaid; then the harm, done as a defect or an intruder would.
async fn tripped(harm: &[&'static str]) -> BTreeSet<(&'static str, &'static str)> {
    let rig = Rig::new().await;
    for number in ["M1", "M2"] {
        let order = rig.order(number, 500).await;
        rig.pay(&order, PASSWORD).await;
    }
    rig.bank.behave(ACCOUNT, Behaviour::Decline, Some(1)).await.unwrap();
    let declined = rig.order("M3", 700).await;
    rig.pay(&declined, PASSWORD).await;
    rig.order("M4", 900).await;
    assert_eq!(rig.findings().await, [], "sound before the harm");

    let path = rig.dir.path().join("platform.sqlite");
    let raw = sqlx::SqlitePool::connect(&format!("sqlite://{}", path.display())).await.unwrap();
    let mut conn = raw.acquire().await.unwrap();
    // The schema itself stands in the way of most of it, so a bug has to remove that first.
    for sql in [
        "PRAGMA foreign_keys = OFF",
        "PRAGMA ignore_check_constraints = ON",
        "DROP INDEX paid_once",
        "DROP INDEX transfer_resolves_once",
        "DROP TRIGGER transfer_keep_u",
        "DROP TRIGGER transfer_keep_d",
        "DROP TRIGGER receipt_keep_u",
        "DROP TRIGGER receipt_keep_d",
        "DROP TRIGGER audit_event_keep_u",
        "DROP TRIGGER audit_event_keep_d",
        "DROP TRIGGER pay_order_terms_keep",
    ]
    .iter()
    .chain(harm)
    {
        sqlx::query(sqlx::AssertSqlSafe(*sql)).execute(&mut *conn).await.unwrap();
    }
    drop(conn);
    let findings = check(&rig.store, Some(&rig.bank)).await.unwrap();
    findings.into_iter().map(|f| (f.invariant, f.what)).collect()
}

macro_rules! trips {
    ($($name:ident: $what:literal by $($harm:expr),+;)+) => {
        $(#[tokio::test]
        async fn $name() {
            let found = tripped(&[$($harm),+]).await;
            assert!(found.iter().any(|(_, what)| *what == $what), "{found:?}");
        })+

        /// No rule without its seeded bug.
        #[test]
        fn every_rule_is_tripped_by_some_bug() {
            let tested: BTreeSet<&str> = [$($what),+].into();
            for rule in RULES {
                assert!(tested.contains(rule.what), "{} has no seeded bug: {}", rule.invariant, rule.what);
            }
        }
    };
}

trips! {
    post_of_another_amount: "a resolved transfer differs from its pending one"
        by "UPDATE transfer SET amount_fen = amount_fen - 1 WHERE kind = 'POST'";
    posted_twice: "a pending transfer is resolved more than once"
        by "INSERT INTO transfer(journal_id, leg, kind, pending_id, debit, credit, amount_fen, ccy, at)
            SELECT journal_id, 2, kind, pending_id, debit, credit, amount_fen, ccy, at FROM transfer WHERE kind = 'POST'";
    one_sided: "debit and credit are one account, or the amount is not positive"
        by "UPDATE transfer SET debit = credit WHERE id = 1";
    paid_twice: "more than one successful attempt"
        by "INSERT INTO pay_attempt SELECT 'A2', order_date, pay_order_no, 99, institution, mode, wallet_id, amount_fen, status,
            reason, inst_ref, zeroblob(16), next_check_at, checks, created_at, settled_at FROM pay_attempt WHERE status = 'SUCCESS' LIMIT 1";
    paid_without_attempt: "order and attempts disagree on whether it is paid"
        by "UPDATE pay_order SET status = 'SUCCESS', paid_attempt = 'A0', paid_at = 1 WHERE merchant_order_no = 'M4'";
    stuck: "the order is PAYING without an attempt under way, or the other way round"
        by "UPDATE pay_order SET status = 'PAYING' WHERE merchant_order_no = 'M4'";
    other_amount: "an attempt's amount is not its order's"
        by "UPDATE pay_order SET amount_fen = 1 WHERE merchant_order_no = 'M1'";
    over_refunded: "more is refunded than was paid, or something of an unpaid order"
        by "UPDATE pay_order SET refunded_fen = 501 WHERE merchant_order_no = 'M1'";
    lost_credit: "what is owed to the merchant is not the sum of its paid orders"
        by "DELETE FROM transfer WHERE kind = 'POST' AND id = (SELECT max(id) FROM transfer WHERE kind = 'POST')";
    overdrawn: "an account that may not be overdrawn is"
        by "UPDATE account SET no_overdraft = 1 WHERE kind = 'FUNDING'";
    lost_notice: "a paid order has no notice: none waits, was delivered or is dead"
        by "DELETE FROM outbox WHERE id = 1";
    false_notice: "a notice tells of an order that is not paid"
        by "INSERT INTO outbox(notify_id, topic, agg, merchant_id, created_at, next_at)
            SELECT 'N0', 'PAY', pay_order_no, merchant_id, 0, 0 FROM pay_order WHERE merchant_order_no = 'M4'";
    settled_without_void: "attempt and transfer disagree on whether it is settled"
        by "DELETE FROM transfer WHERE kind = 'VOID'";
    lost_key: "an order and its natural key do not fit each other"
        by "DELETE FROM order_key WHERE merchant_order_no = 'M4'";
    unaudited: "an order or attempt changed without an audit event"
        by "DELETE FROM audit_event WHERE action = 'SETTLE'";
    false_receipt: "an attempt's outcome and the receipt of its request disagree"
        by "UPDATE receipt SET outcome = 'SUCCESS' WHERE reason <> ''";
    empty_promise: "a receipt of success without anything done"
        by "UPDATE pay_attempt SET server_nonce = zeroblob(16) WHERE status = 'SUCCESS' AND attempt_no = (SELECT min(attempt_no) FROM pay_attempt WHERE status = 'SUCCESS')";
    borrowed_receipt: "a receipt answers another request than the one that used the nonce"
        by "UPDATE receipt SET request_digest = zeroblob(32)";
    altered_event: "an event was altered"
        by "UPDATE audit_event SET actor = 'x' WHERE id = 1";
    money_without_debit: "failed in our book, debited in the bank's"
        by "UPDATE pay_attempt SET status = 'FAIL' WHERE status = 'SUCCESS'";
    other_reference: "amount or reference differ between our book and the bank's"
        by "UPDATE pay_attempt SET inst_ref = 'B0' WHERE status = 'SUCCESS'";
    debit_never_made: "paid in our book, not debited in the bank's"
        by "UPDATE pay_attempt SET status = 'SUCCESS' WHERE status = 'FAIL'";
    debit_forgotten: "debited in the bank's book, unknown in ours"
        by "DELETE FROM pay_attempt WHERE status = 'SUCCESS'";
}

#[tokio::test]
async fn a_debit_that_nobody_asked_for_shows() {
    let rig = Rig::new().await;
    rig.bank.debit(Debit { attempt_no: "A0".into(), account: ACCOUNT.into(), amount_fen: 1 }).await;
    let findings = rig.findings().await;
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].to_string(), "I9 A0: debited in the bank's book, unknown in ours");
    assert_eq!(check(&rig.store, None).await.unwrap(), [], "without the bank's book it can't be seen");
}
