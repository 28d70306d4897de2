//! The book's transactions, one by one.

mod attempts;
mod orders;
mod outbox;
mod parties;
mod trail;

use std::sync::Arc;

use super::{Store, StoreError};
use crate::{clock::ManualClock, domain::rig};

async fn book() -> (tempfile::TempDir, Arc<ManualClock>, Store) {
    let dir = tempfile::tempdir().unwrap();
    let (clock, store, ..) = rig::book(&dir).await;
    (dir, clock, store)
}

/// A connection that may do what the program never does.
async fn raw(dir: &tempfile::TempDir) -> sqlx::SqlitePool {
    let path = dir.path().join("platform.sqlite");
    sqlx::SqlitePool::connect(&format!("sqlite://{}", path.display())).await.unwrap()
}

#[tokio::test]
async fn what_is_refused_spoils_nothing_of_its_batch_and_readers_cannot_write() {
    let (_dir, _clock, store) = book().await;
    let mut all = tokio::task::JoinSet::new();
    for i in 0..60 {
        let store = store.clone();
        // Every third amount is refused by the schema.
        let fen = if i % 3 == 0 { 0 } else { 5 };
        all.spawn(async move { (i, store.create_order(rig::new_order(&format!("M{i}"), fen)).await) });
    }
    for (i, created) in all.join_all().await {
        assert_eq!(created.is_err(), i % 3 == 0);
        assert!(matches!(created, Ok(_) | Err(StoreError::Database(_))));
    }
    let (orders, keys): (i64, i64) =
        sqlx::query_as("SELECT (SELECT count(*) FROM pay_order), (SELECT count(*) FROM order_key)")
            .fetch_one(store.read())
            .await
            .unwrap();
    assert_eq!((orders, keys), (40, 40));
    assert!(sqlx::query("DELETE FROM order_key").execute(store.read()).await.is_err());
    let (mode, sync): (String, i64) = {
        let mut conn = store.read().acquire().await.unwrap();
        let (mode,): (String,) = sqlx::query_as("PRAGMA journal_mode").fetch_one(&mut *conn).await.unwrap();
        let (sync,): (i64,) = sqlx::query_as("PRAGMA synchronous").fetch_one(&mut *conn).await.unwrap();
        (mode, sync)
    };
    assert_eq!((mode.as_str(), sync), ("wal", 2), "FULL");
}

#[tokio::test]
async fn a_dropped_caller_changes_nothing_about_the_work() {
    let (_dir, _clock, store) = book().await;
    for i in 0..20 {
        let order = rig::new_order(&format!("M{i}"), 5);
        let polled = futures_util::future::poll_immediate(Box::pin(store.create_order(order))).await;
        assert!(polled.is_none());
    }
    // Behind them in the queue: when this is answered, they are done.
    store.create_order(rig::new_order("last", 5)).await.unwrap();
    let (n,): (i64,) =
        sqlx::query_as("SELECT count(*) FROM pay_order").fetch_one(store.read()).await.unwrap();
    assert_eq!(n, 21);
}

#[tokio::test]
async fn two_processes_may_write_the_same_file() {
    let (dir, clock, store) = book().await;
    let mobile = super::MobileKey::from_bytes(&[7; 32]).unwrap();
    let other = Store::open(&dir.path().join("platform.sqlite"), clock, mobile).await.unwrap();
    let mut all = tokio::task::JoinSet::new();
    for i in 0..40 {
        let store = if i % 2 == 0 { store.clone() } else { other.clone() };
        all.spawn(
            async move { store.create_order(rig::new_order(&format!("M{}", i / 2), 5)).await.unwrap() },
        );
    }
    let created = all.join_all().await;
    assert_eq!(created.iter().filter(|c| matches!(c, super::Created::New(_))).count(), 20);
    assert_eq!(created.iter().filter(|c| matches!(c, super::Created::Replay(_))).count(), 20);
}

#[tokio::test]
async fn a_defect_in_one_piece_of_work_stops_no_other() {
    let (_dir, _clock, store) = book().await;
    let broken = store.writer().write(|_tx| Box::pin(async { panic!("a defect") }));
    let lost: Result<(), StoreError> = broken.await;
    assert!(matches!(lost, Err(StoreError::Unsettled)));
    assert!(matches!(store.create_order(rig::new_order("M1", 5)).await, Ok(super::Created::New(_))));
}

#[tokio::test]
async fn what_the_database_says_never_shows() {
    let (_dir, _clock, store) = book().await;
    let refused = store.create_order(rig::new_order("M1", 0)).await.unwrap_err();
    assert_eq!(refused.to_string(), "the database refused: a guard of the schema does not hold");
}

#[tokio::test]
async fn the_book_is_its_owners_alone_from_its_first_moment() {
    use std::os::unix::fs::PermissionsExt as _;
    let (dir, clock, store) = book().await;
    store.create_order(rig::new_order("M1", 5)).await.unwrap();
    let mut seen = 0;
    for file in std::fs::read_dir(dir.path()).unwrap().map(Result::unwrap) {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", file.path());
        seen += 1;
    }
    assert_eq!(seen, 3, "the database, its log and its index");
    let path = dir.path().join("platform.sqlite");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let mobile = super::MobileKey::from_bytes(&[7; 32]).unwrap();
    let refused = Store::open(&path, clock, mobile).await.err().unwrap().to_string();
    assert!(refused.contains("chmod 600"), "{refused}");
}
