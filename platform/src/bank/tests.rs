//! The simulated bank keeps its own book straight, however it behaves.

use crate::{
    bank::{BankError, Behaviour, Channel, Debit, Debited, Decline, Queried, SimulatedBank},
    clock::ManualClock,
};

async fn bank(dir: &tempfile::TempDir) -> SimulatedBank {
    let bank = SimulatedBank::open(&dir.path().join("bank.sqlite"), ManualClock::at(1)).await.unwrap();
    assert!(bank.open_account("a", 1_000).await.unwrap());
    bank
}

fn debit(no: &str, fen: i64) -> Debit {
    Debit { attempt_no: no.into(), account: "a".into(), amount_fen: fen }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_requests_with_one_number_are_one_debit() {
    let dir = tempfile::tempdir().unwrap();
    let bank = bank(&dir).await;
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..30 {
        let bank = bank.clone();
        all.spawn(async move { bank.debit(debit("A1", 400)).await });
    }
    let answers = all.join_all().await;
    assert!(matches!(&answers[0], Debited::Approved { .. }));
    assert!(answers.iter().all(|a| *a == answers[0]), "every answer names the same reference");
    assert_eq!(bank.balance("a").await.unwrap(), Some(600));
    // Under the same number, something else is declined.
    assert_eq!(bank.debit(debit("A1", 401)).await, Debited::Declined(Decline::Refused));
    assert_eq!(bank.unbalanced().await.unwrap(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_balance_never_falls_below_zero() {
    let dir = tempfile::tempdir().unwrap();
    let bank = bank(&dir).await;
    let mut all = tokio::task::JoinSet::new();
    for i in 0..20 {
        let bank = bank.clone();
        all.spawn(async move { bank.debit(debit(&format!("A{i}"), 150)).await });
    }
    let answers = all.join_all().await;
    assert_eq!(answers.iter().filter(|a| matches!(a, Debited::Approved { .. })).count(), 6);
    assert_eq!(answers.iter().filter(|a| **a == Debited::Declined(Decline::Balance)).count(), 14);
    assert_eq!(bank.balance("a").await.unwrap(), Some(100));
    assert_eq!(bank.unbalanced().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_cancelled_number_never_debits_and_a_debited_one_is_not_cancelled() {
    let dir = tempfile::tempdir().unwrap();
    let bank = bank(&dir).await;
    assert_eq!(bank.query("A1").await, Queried::NotFound);
    assert_eq!(bank.cancel("A1").await, Queried::Cancelled);
    assert_eq!(bank.debit(debit("A1", 400)).await, Debited::Declined(Decline::Refused));
    assert_eq!(bank.query("A1").await, Queried::Cancelled);
    let Debited::Approved { bank_ref } = bank.debit(debit("A2", 400)).await else { panic!("not approved") };
    assert_eq!(bank.cancel("A2").await, Queried::Debited { bank_ref });
    assert_eq!(bank.balance("a").await.unwrap(), Some(600));
}

#[tokio::test]
async fn a_declined_number_stays_declined() {
    let dir = tempfile::tempdir().unwrap();
    let bank = bank(&dir).await;
    bank.behave("a", Behaviour::Decline, Some(1)).await.unwrap();
    for _ in 0..3 {
        assert_eq!(bank.debit(debit("A1", 400)).await, Debited::Declined(Decline::Refused));
    }
    assert_eq!(bank.query("A1").await, Queried::Declined(Decline::Refused));
    let stranger = Debit { account: "b".into(), ..debit("A2", 1) };
    assert_eq!(bank.debit(stranger).await, Debited::Declined(Decline::Account));
    assert_eq!(bank.balance("a").await.unwrap(), Some(1_000));
}

#[tokio::test]
async fn what_it_is_told_holds_for_one_account_or_all_always_or_so_often() {
    let dir = tempfile::tempdir().unwrap();
    let bank = bank(&dir).await;
    // Told by another process: another handle on the same file.
    let other = SimulatedBank::open(&dir.path().join("bank.sqlite"), ManualClock::at(1)).await.unwrap();
    other.behave("*", Behaviour::Decline, None).await.unwrap();
    other.behave("a", Behaviour::Error, Some(2)).await.unwrap();
    assert_eq!(bank.debit(debit("A1", 1)).await, Debited::NotSent);
    assert_eq!(bank.debit(debit("A1", 1)).await, Debited::NotSent);
    assert_eq!(bank.query("A1").await, Queried::NotFound, "what is not reached has seen nothing");
    assert_eq!(bank.debit(debit("A2", 1)).await, Debited::Declined(Decline::Refused));
    other.behave("*", Behaviour::Approve, None).await.unwrap();
    assert!(matches!(bank.debit(debit("A3", 1)).await, Debited::Approved { .. }));
}

#[test]
fn behaviours_are_read_as_they_are_written() {
    for word in ["approve", "decline", "hang:250", "late:7", "twice", "error"] {
        let (how, times) = Behaviour::read(word).unwrap();
        assert_eq!((how.to_string().as_str(), times), (word, None));
        assert_eq!(Behaviour::read(&format!("{word}*3")).unwrap(), (how, Some(3)));
    }
    assert_eq!(Behaviour::read("error-once").unwrap(), (Behaviour::Error, Some(1)));
    for word in ["", "hang", "late", "hang:", "hang:x", "approve:3", "twice*", "twice*x", "explode"] {
        assert!(Behaviour::read(word).is_err(), "{word}");
    }
}

#[tokio::test]
async fn an_account_is_opened_once_and_the_book_is_append_only() {
    let dir = tempfile::tempdir().unwrap();
    let bank = bank(&dir).await;
    assert!(!bank.open_account("a", 5_000).await.unwrap());
    assert_eq!(bank.balance("a").await.unwrap(), Some(1_000));
    assert!(matches!(bank.open_account("b", -1).await, Err(BankError::Database(_))));
    bank.debit(debit("A1", 400)).await;
    let path = format!("sqlite://{}", dir.path().join("bank.sqlite").display());
    let raw = sqlx::SqlitePool::connect(&path).await.unwrap();
    assert!(sqlx::query("UPDATE bank_debit SET amount_fen = 1").execute(&raw).await.is_err());
    assert!(sqlx::query("DELETE FROM bank_debit").execute(&raw).await.is_err());
    assert!(sqlx::query("UPDATE bank_account SET balance_fen = -1").execute(&raw).await.is_err());
    sqlx::query("UPDATE bank_account SET balance_fen = 999").execute(&raw).await.unwrap();
    assert_eq!(bank.unbalanced().await.unwrap(), ["a"]);
}
