//! The audit trail and the other rows that only ever grow.

use super::super::*;
use super::raw;
use crate::domain::rig::*;

#[tokio::test]
async fn what_is_written_once_cannot_be_changed_or_removed() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    rig.pay(&order, PASSWORD).await;
    rig.store.seal_audit().await.unwrap();
    let raw = raw(&rig.dir).await;
    for (table, column) in [
        ("audit_event", "outcome = 'x'"),
        ("audit_block", "n = 1"),
        ("transfer", "amount_fen = 1"),
        ("receipt", "outcome = 'FAIL'"),
    ] {
        for sql in [format!("UPDATE {table} SET {column}"), format!("DELETE FROM {table}")] {
            let refused = sqlx::query(sqlx::AssertSqlSafe(sql.clone())).execute(&raw).await;
            assert!(refused.unwrap_err().to_string().contains("append only"), "{sql}");
        }
    }
}

#[tokio::test]
async fn blocks_chain_over_every_event_and_any_tampering_shows() {
    let rig = Rig::new().await;
    let mut sealed = 0;
    for i in 0..3 {
        rig.order(&format!("M{i}"), 500).await;
        sealed += rig.store.seal_audit().await.unwrap();
    }
    assert_eq!(rig.store.seal_audit().await.unwrap(), 0, "nothing is sealed twice");
    let (events,): (i64,) =
        sqlx::query_as("SELECT count(*) FROM audit_event").fetch_one(rig.store.read()).await.unwrap();
    assert_eq!(sealed, events.unsigned_abs());
    assert_eq!(rig.store.verify_audit().await.unwrap(), []);

    let raw = raw(&rig.dir).await;
    for table in ["audit_event", "audit_block"] {
        for end in ["u", "d"] {
            let sql = format!("DROP TRIGGER {table}_keep_{end}");
            sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&raw).await.unwrap();
        }
    }
    for (what, harm, mend) in [
        (
            "an event altered",
            "UPDATE audit_event SET outcome = 'X' WHERE id = 2",
            "UPDATE audit_event SET outcome = 'OK' WHERE id = 2",
        ),
        (
            "an actor altered",
            "UPDATE audit_event SET actor = 'x' WHERE id = 1",
            "UPDATE audit_event SET actor = 'operator' WHERE id = 1",
        ),
        (
            "a block renumbered",
            "UPDATE audit_block SET seq = 9 WHERE seq = 2",
            "UPDATE audit_block SET seq = 2 WHERE seq = 9",
        ),
        (
            "a block's time altered",
            "UPDATE audit_block SET at = at + 1 WHERE seq = 1",
            "UPDATE audit_block SET at = at - 1 WHERE seq = 1",
        ),
        (
            "a range cut",
            "UPDATE audit_block SET last_id = last_id - 1 WHERE seq = 1",
            "UPDATE audit_block SET last_id = last_id + 1 WHERE seq = 1",
        ),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(harm)).execute(&raw).await.unwrap();
        assert_ne!(rig.store.verify_audit().await.unwrap(), [], "{what}");
        sqlx::query(sqlx::AssertSqlSafe(mend)).execute(&raw).await.unwrap();
        assert_eq!(rig.store.verify_audit().await.unwrap(), [], "{what} and mended");
    }
    sqlx::query("DELETE FROM audit_event WHERE id = 3").execute(&raw).await.unwrap();
    assert_ne!(rig.store.verify_audit().await.unwrap(), [], "an event removed");
}

#[tokio::test]
async fn an_operators_act_stands_in_the_trail() {
    let (_dir, _clock, store) = super::book().await;
    let event = AuditEvent {
        actor: "operator".into(),
        action: "CONFIG".into(),
        object: "policy".into(),
        outcome: "OK".into(),
        req_hash: Some([3; 32]),
        body: String::new(),
    };
    store.audit(event).await.unwrap();
    let (n,): (i64,) =
        sqlx::query_as("SELECT count(*) FROM audit_event WHERE action = 'CONFIG' AND req_hash = ?1")
            .bind([3_u8; 32].as_slice())
            .fetch_one(store.read())
            .await
            .unwrap();
    assert_eq!(n, 1);
}
