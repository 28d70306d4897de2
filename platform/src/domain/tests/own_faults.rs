//! What the platform cannot do, or what its operator has stopped: it never costs the payer a try or money.

use std::sync::Arc;

use msgpay_wire::problem::Code;

use super::{super::rig::*, refusal, verdict};
use crate::{
    config::Policy,
    domain::{Answer, Payments, ReceiptFields, Rules, SignError, Signer, Verdict},
    store::{Counted, Issued},
};

/// A receipt key that ends.
struct Until(i64);

impl Signer for Until {
    fn sign_receipt(&self, f: &ReceiptFields) -> Result<Vec<u8>, SignError> {
        if f.at_ms < self.0 { Ok(b"signed".to_vec()) } else { Err(SignError) }
    }
    fn lasts(&self, _: u64, _: i64, until_ms: i64) -> bool {
        until_ms < self.0
    }
}

async fn raw(rig: &Rig) -> sqlx::SqlitePool {
    let path = rig.dir.path().join("platform.sqlite");
    sqlx::SqlitePool::connect(&format!("sqlite://{}", path.display())).await.unwrap()
}

async fn done(rig: &Rig, sql: &'static str) {
    assert!(sqlx::query(sql).execute(&raw(rig).await).await.unwrap().rows_affected() > 0, "{sql}");
}

#[tokio::test]
async fn nobody_is_debited_while_no_receipt_key_lasts_until_the_banks_last_word() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let request = rig.entry(&shown, PASSWORD);
    let with = |signer: Until| {
        let (bank, factors) = (Arc::new(rig.bank.clone()), rig.factors.clone());
        Payments::new(rig.store.clone(), bank, factors, Arc::new(signer), Rules::default())
    };
    // Good for half an hour; the last question to a silent bank comes later.
    let ending = with(Until(NOON_MS + 30 * 60_000));
    let refused = refusal(ending.submit(&rig.device, request.clone()).await.unwrap());
    assert_eq!((refused.code, refused.receipt), (Code::Unavailable, None));
    assert!(refused.retry_after_ms.is_some());
    assert_eq!((rig.fails().await, rig.debited().await), (0, 0));
    let lasting = with(Until(NOON_MS + 40 * 60_000));
    let paid = lasting.submit(&rig.device, request).await.unwrap();
    assert_eq!(verdict(&paid), Some(Verdict::Success), "the very same request is good with a key that lasts");
    assert_eq!(rig.debited().await, 500);
}

#[tokio::test]
async fn a_try_that_the_platform_failed_to_judge_is_taken_back() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    for _ in 0..4 {
        assert_eq!(refusal(rig.pay(&order, WRONG).await).code, Code::WrongPassword);
    }
    // As with a pepper that is not this book's: the record cannot be judged.
    done(&rig, "UPDATE password_state SET phc = 'x' || phc").await;
    for _ in 0..2 {
        let shown = rig.launch(&order).await;
        let request = rig.entry(&shown, PASSWORD);
        assert!(rig.payments.submit(&rig.device, request.clone()).await.is_err());
        assert_eq!(rig.fails().await, 4, "neither counted nor locked");
        rig.clock.advance(5_000);
        assert_eq!(verdict(&rig.resolve(&request, &shown).await), Some(Verdict::Void));
    }
    done(&rig, "UPDATE password_state SET phc = substr(phc, 2)").await;
    assert_eq!(verdict(&rig.pay(&order, PASSWORD).await), Some(Verdict::Success));
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn a_try_is_taken_back_from_its_own_row_only() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let record = rig.store.launch(&shown.nonce).await.unwrap().unwrap();
    let Counted::Try { streak, .. } = rig.store.count_attempt(&record).await.unwrap() else {
        panic!("not counted")
    };
    assert_eq!(verdict(&rig.pay(&order, PASSWORD).await), Some(Verdict::Success), "the row is broken");
    let other = rig.order("M2", 500).await;
    assert_eq!(refusal(rig.pay(&other, WRONG).await).code, Code::WrongPassword);
    rig.store.take_back(&record, streak).await.unwrap();
    assert_eq!(rig.fails().await, 1, "a wrong one of the next row stays");
}

#[tokio::test]
async fn a_clock_that_was_set_back_concludes_nothing_before_its_nonce() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let (issued, shown) = rig.try_launch(&order).await;
    let Issued::Done { policy_serial, .. } = issued else { panic!("{issued:?}") };
    rig.clock.advance(-60_000);
    let answer = rig.payments.submit(&rig.device, rig.entry(&shown, PASSWORD)).await.unwrap();
    let Answer::Receipt(receipt) = answer else { panic!("{answer:?}") };
    assert_eq!((receipt.fields.verdict, receipt.fields.at_ms), (Verdict::Success, NOON_MS));
    let next = rig.order("M2", 500).await;
    let (issued, _) = rig.try_launch(&next).await;
    let Issued::Done { policy_serial: later, .. } = issued else { panic!("{issued:?}") };
    assert_eq!(later, policy_serial, "handsets refuse a policy with a smaller serial");
}

#[tokio::test]
async fn what_was_stopped_after_the_launch_is_not_debited() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    for (stop, resume) in [
        ("UPDATE merchant SET status = 'STOPPED'", "UPDATE merchant SET status = 'ACTIVE'"),
        ("UPDATE device_key SET status = 'REVOKED'", "UPDATE device_key SET status = 'ACTIVE'"),
        ("UPDATE wallet SET status = 'STOPPED'", "UPDATE wallet SET status = 'ACTIVE'"),
    ] {
        let shown = rig.launch(&order).await;
        done(&rig, stop).await;
        let answer = rig.payments.submit(&rig.device, rig.entry(&shown, PASSWORD)).await.unwrap();
        let refused = refusal(answer);
        assert_eq!((refused.code, refused.receipt.is_some()), (Code::NotAllowed, true), "{stop}");
        assert_eq!(rig.try_launch(&order).await.0, Issued::Stopped, "{stop}");
        assert_eq!((rig.fails().await, rig.debited().await), (0, 0), "{stop}");
        done(&rig, resume).await;
    }
    assert_eq!(verdict(&rig.pay(&order, PASSWORD).await), Some(Verdict::Success));
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn a_suite_that_was_taken_out_of_the_policy_is_not_paid_in_on_open_launches() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let request = rig.entry(&shown, PASSWORD);
    let policy = Policy { suites: vec![msgpay_wire::SuiteId::Guomi], ..Policy::default() };
    let (bank, factors) = (Arc::new(rig.bank.clone()), rig.factors.clone());
    let rules = Rules { policy, ..Rules::default() };
    let changed = Payments::new(rig.store.clone(), bank, factors, Arc::new(Until(i64::MAX)), rules);
    let refused = refusal(changed.submit(&rig.device, request.clone()).await.unwrap());
    assert_eq!((refused.code, refused.receipt), (Code::Suite, None));
    let answer = rig.payments.submit(&rig.device, request).await.unwrap();
    assert_eq!(verdict(&answer), Some(Verdict::Success), "nothing was used up");
}
