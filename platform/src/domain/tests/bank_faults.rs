//! A bank that declines, hangs, is late, answers twice or is not there.

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use msgpay_wire::problem::Code;

use super::{super::rig::*, refusal, verdict};
use crate::{
    bank::{Behaviour, Callback, Channel, Debit, Debited, Queried, SimulatedBank},
    domain::{Answer, OrderStatus, Rules, Verdict},
};

fn hasty() -> Rules {
    Rules { bank_deadline_ms: 1_000, ..Rules::default() }
}

/// Sweeps until the bank's own task has done what it was asked to do; gives up after ten seconds.
async fn eventually<F: Future<Output = bool>>(mut held: impl FnMut() -> F) {
    let waited = async {
        while !held().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), waited).await.expect("it never came about");
}

#[tokio::test]
async fn declined_again_and_again_the_order_stays_payable() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    rig.bank.behave("*", Behaviour::Decline, Some(6)).await.unwrap();
    for _ in 0..6 {
        let declined = refusal(rig.pay(&order, PASSWORD).await);
        assert_eq!((declined.code, declined.receipt.unwrap().fields.verdict), (Code::Risk, Verdict::Fail));
        let now = rig.store.order(&order.pay_order_no).await.unwrap().unwrap();
        assert_eq!(now.status, OrderStatus::WaitPay);
    }
    let Answer::Receipt(paid) = rig.pay(&order, PASSWORD).await else { panic!("no receipt") };
    assert_eq!((paid.fields.verdict, paid.fields.attempt), (Verdict::Success, 7));
    assert_eq!(rig.debited().await, 500);
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn not_enough_money_and_no_account_say_so() {
    let rig = Rig::new().await;
    let order = rig.order("M1", FUNDS + 1).await;
    assert_eq!(refusal(rig.pay(&order, PASSWORD).await).code, Code::Balance);
    assert_eq!(rig.debited().await, 0);
    let exact = rig.order("M2", FUNDS).await;
    assert_eq!(verdict(&rig.pay(&exact, PASSWORD).await), Some(Verdict::Success));
    assert_eq!(rig.bank.balance(ACCOUNT).await.unwrap(), Some(0));
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn a_late_answer_is_unknown_until_the_bank_is_asked() {
    let rig = Rig::with(hasty()).await;
    rig.bank.behave(ACCOUNT, Behaviour::Late { ms: 600_000 }, None).await.unwrap();
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let request = rig.entry(&shown, PASSWORD);
    let answer = rig.payments.submit(&rig.device, request.clone()).await.unwrap();
    assert!(matches!(answer, Answer::Working { .. }), "a time-out is UNKNOWN, never FAIL: {answer:?}");
    eventually(|| async { rig.debited().await == 500 }).await;
    assert!(matches!(rig.resolve(&request, &shown).await, Answer::Working { .. }));
    let now = rig.store.order(&order.pay_order_no).await.unwrap().unwrap();
    assert_eq!(now.status, OrderStatus::Paying);
    assert_eq!(rig.payments.sweep().await.unwrap(), 0, "not due yet");
    // Even past the order's expiry: the money was taken.
    rig.clock.set(order.expire_at_ms + 1);
    assert_eq!(rig.payments.sweep().await.unwrap(), 1);
    assert_eq!(verdict(&rig.resolve(&request, &shown).await), Some(Verdict::Success));
    let now = rig.store.order(&order.pay_order_no).await.unwrap().unwrap();
    assert_eq!(now.status, OrderStatus::Success);
    assert_eq!(rig.debited().await, 500);
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn a_hanging_bank_is_told_never_to_debit_before_the_attempt_fails() {
    let rig = Rig::with(hasty()).await;
    rig.bank.behave(ACCOUNT, Behaviour::Hang { ms: 4_000 }, Some(1)).await.unwrap();
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let request = rig.entry(&shown, PASSWORD);
    assert!(matches!(
        rig.payments.submit(&rig.device, request.clone()).await.unwrap(),
        Answer::Working { .. }
    ));
    rig.clock.advance(5_000);
    assert_eq!(rig.payments.sweep().await.unwrap(), 1);
    let Answer::Receipt(told) = rig.resolve(&request, &shown).await else { panic!("no receipt") };
    assert_eq!((told.fields.verdict, told.fields.reason.as_str()), (Verdict::Fail, "5G-5001"));
    assert_eq!(verdict(&rig.pay(&order, PASSWORD).await), Some(Verdict::Success));
    // The hanging request wakes up at last and finds its number cancelled.
    let events = || async {
        let book = SqliteBook::open(&rig).await;
        book.count("SELECT count(*) FROM bank_event WHERE what LIKE 'woke:%'").await
    };
    eventually(|| async { events().await == 1 }).await;
    assert_eq!(rig.debited().await, 500);
    assert_eq!(rig.findings().await, []);
}

struct SqliteBook(sqlx::SqlitePool);
impl SqliteBook {
    async fn open(rig: &Rig) -> Self {
        let path = rig.dir.path().join("bank.sqlite");
        Self(sqlx::SqlitePool::connect(&format!("sqlite://{}", path.display())).await.unwrap())
    }
    async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_as::<_, (i64,)>(sql).fetch_one(&self.0).await.unwrap().0
    }
}

#[tokio::test]
async fn two_answers_and_two_callbacks_are_one_debit_and_one_notice() {
    let rig = Rig::new().await;
    let mut line = rig.bank.callbacks().expect("the line is given once");
    rig.bank.behave(ACCOUNT, Behaviour::Twice, None).await.unwrap();
    let order = rig.order("M1", 500).await;
    assert_eq!(verdict(&rig.pay(&order, PASSWORD).await), Some(Verdict::Success));
    for _ in 0..2 {
        let called = line.recv().await.unwrap();
        assert!(matches!(called.word, Queried::Debited { .. }));
        assert_eq!(rig.payments.called_back(called).await.unwrap(), None, "nothing is left to settle");
    }
    assert_eq!(rig.debited().await, 500);
    assert_eq!(rig.store.claim_outbox(10, 1_000).await.unwrap().len(), 1);
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn a_callback_settles_what_was_unknown_and_contradicting_words_do_not_unsettle_it() {
    let rig = Rig::with(hasty()).await;
    rig.bank.behave(ACCOUNT, Behaviour::Late { ms: 600_000 }, None).await.unwrap();
    let order = rig.order("M1", 500).await;
    assert!(matches!(rig.pay(&order, PASSWORD).await, Answer::Working { .. }));
    eventually(|| async { rig.debited().await == 500 }).await;
    let debit = rig.bank.debits().await.unwrap().remove(0);
    let called = |word| Callback { attempt_no: debit.attempt_no.clone(), word };
    let word = Queried::Debited { bank_ref: debit.bank_ref.clone().unwrap() };
    assert!(rig.payments.called_back(called(word.clone())).await.unwrap().is_some());
    for later in
        [Queried::Declined(crate::bank::Decline::Refused), Queried::Cancelled, Queried::NotFound, word]
    {
        assert_eq!(rig.payments.called_back(called(later)).await.unwrap(), None);
    }
    let now = rig.store.order(&order.pay_order_no).await.unwrap().unwrap();
    assert_eq!(now.status, OrderStatus::Success);
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn an_unreachable_bank_is_asked_again_under_the_same_number() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    rig.bank.behave("*", Behaviour::Error, Some(2)).await.unwrap();
    assert_eq!(verdict(&rig.pay(&order, PASSWORD).await), Some(Verdict::Success));
    let order = rig.order("M2", 500).await;
    rig.bank.behave("*", Behaviour::Error, None).await.unwrap();
    let gone = refusal(rig.pay(&order, PASSWORD).await);
    assert_eq!((gone.code, gone.receipt.unwrap().fields.verdict), (Code::Channel, Verdict::Fail));
    assert_eq!(rig.debited().await, 500);
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn the_bank_is_asked_at_growing_distances_then_a_person_is() {
    let rig = Rig::with(hasty()).await;
    rig.bank.behave(ACCOUNT, Behaviour::Late { ms: 600_000 }, None).await.unwrap();
    let order = rig.order("M1", 500).await;
    assert!(matches!(rig.pay(&order, PASSWORD).await, Answer::Working { .. }));
    for (i, wait) in (1..).zip([5_000, 10_000, 30_000, 60_000, 300_000, 1_800_000]) {
        rig.clock.advance(wait - 1);
        assert_eq!(rig.store.due_attempts(9).await.unwrap(), []);
        rig.clock.advance(1);
        let due = rig.store.due_attempts(9).await.unwrap();
        assert_eq!(due.iter().map(|d| d.checks).collect::<Vec<_>>(), [i]);
    }
    rig.clock.advance(86_400_000);
    assert_eq!(rig.store.due_attempts(9).await.unwrap(), []);
    let sql = "SELECT count(*) FROM audit_event WHERE action = 'HUMAN_QUEUE'";
    let (told,): (i64,) = sqlx::query_as(sql).fetch_one(rig.store.read()).await.unwrap();
    assert_eq!(told, 1);
    // Whoever has mended the line to the bank starts the platform again: then it is asked once more.
    assert_eq!(rig.store.adopt_orphans().await.unwrap(), 1);
    assert_eq!(rig.payments.sweep().await.unwrap(), 1);
    let now = rig.store.order(&order.pay_order_no).await.unwrap().unwrap();
    assert_eq!(now.status, OrderStatus::Success);
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn a_word_that_contradicts_the_settled_one_is_put_before_a_person() {
    let rig = Rig::new().await;
    let paid = rig.order("M1", 500).await;
    assert_eq!(verdict(&rig.pay(&paid, PASSWORD).await), Some(Verdict::Success));
    rig.bank.behave(ACCOUNT, Behaviour::Decline, Some(1)).await.unwrap();
    let declined = rig.order("M2", 500).await;
    assert_eq!(refusal(rig.pay(&declined, PASSWORD).await).code, Code::Risk);
    let numbers: Vec<(String,)> =
        sqlx::query_as("SELECT attempt_no FROM pay_attempt ORDER BY created_at, seq")
            .fetch_all(rig.store.read())
            .await
            .unwrap();
    let told = || async {
        let sql =
            "SELECT count(*) FROM audit_event WHERE action = 'HUMAN_QUEUE' AND outcome = 'CONTRADICTION'";
        let (told,): (i64,) = sqlx::query_as(sql).fetch_one(rig.store.read()).await.unwrap();
        told
    };
    for (attempt_no,) in numbers {
        let success = rig.store.settled_as(&attempt_no).await.unwrap().unwrap();
        let debited = || Queried::Debited { bank_ref: "B1".into() };
        let (same, other) =
            if success { (debited(), Queried::Cancelled) } else { (Queried::Cancelled, debited()) };
        let before = told().await;
        for (word, more) in [(same, 0), (Queried::Unknown, 0), (other, 1)] {
            let callback = Callback { attempt_no: attempt_no.clone(), word };
            assert_eq!(rig.payments.called_back(callback).await.unwrap(), None);
            assert_eq!(told().await, before + more, "{attempt_no}");
        }
    }
    assert_eq!(told().await, 2);
    assert_eq!(rig.findings().await, [], "the first word holds");
}

/// A bank that answers questions only once as many are under way as there are attempts.
struct Gathering(SimulatedBank, tokio::sync::Barrier);
impl Channel for Gathering {
    fn debit(&self, _: Debit) -> BoxFuture<'_, Debited> {
        Box::pin(async { Debited::Unknown })
    }
    fn query(&self, attempt_no: &str) -> BoxFuture<'_, Queried> {
        let asked = self.0.cancel(attempt_no);
        Box::pin(async {
            self.1.wait().await;
            asked.await
        })
    }
    fn cancel(&self, attempt_no: &str) -> BoxFuture<'_, Queried> {
        self.0.cancel(attempt_no)
    }
}

#[tokio::test]
async fn one_slow_answer_keeps_no_other_attempt_waiting() {
    let line = |bank| Arc::new(Gathering(bank, tokio::sync::Barrier::new(3))) as Arc<dyn Channel>;
    let rig = Rig::before(hasty(), line).await;
    assert!(matches!(rig.set(PASSWORD, PASSWORD).await, Answer::Receipt(_)));
    for number in ["M1", "M2", "M3"] {
        let order = rig.order(number, 500).await;
        assert!(matches!(rig.pay(&order, PASSWORD).await, Answer::Working { .. }));
    }
    rig.clock.advance(5_000);
    assert_eq!(rig.payments.sweep().await.unwrap(), 3);
    assert_eq!(rig.findings().await, []);
}
