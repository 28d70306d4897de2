//! The road of a payment, end to end within this room.

mod bank_faults;
mod biometric;
mod counting;
mod crash;
mod enrolment;
mod model;
mod own_faults;
mod resolving;
mod setting;
mod told;
mod unopened;

use msgpay_wire::problem::Code;

use super::{Answer, OrderStatus, Refusal, Rules, Verdict, rig::*};
use crate::store::{Created, Issued};

pub(super) fn refusal(answer: Answer) -> Refusal {
    match answer {
        Answer::Refused(refusal) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

pub(super) fn verdict(answer: &Answer) -> Option<Verdict> {
    match answer {
        Answer::Receipt(receipt) => Some(receipt.fields.verdict),
        _ => None,
    }
}

#[tokio::test]
async fn a_right_password_pays_once_and_leaves_the_books_even() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 12_850).await;
    let Answer::Receipt(receipt) = rig.pay(&order, PASSWORD).await else { panic!("no receipt") };
    assert_eq!((receipt.fields.verdict, receipt.fields.attempt), (Verdict::Success, 1));
    assert_eq!(receipt.fields.subject_no, order.pay_order_no);
    let paid = rig.store.order(&order.pay_order_no).await.unwrap().unwrap();
    assert_eq!((paid.status, paid.paid_at_ms), (OrderStatus::Success, Some(NOON_MS)));
    assert_eq!(rig.debited().await, 12_850);
    let notices = rig.store.claim_outbox(10, 1_000).await.unwrap();
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].pay_order_no, order.pay_order_no);
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn a_paid_order_is_never_begun_again() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    // Two launches of one order, both answered: the second may come after the first has paid.
    let (first, second) = (rig.launch(&order).await, rig.launch(&order).await);
    assert_eq!(
        verdict(&rig.payments.submit(&rig.device, rig.entry(&first, PASSWORD)).await.unwrap()),
        Some(Verdict::Success)
    );
    let late = refusal(rig.payments.submit(&rig.device, rig.entry(&second, PASSWORD)).await.unwrap());
    assert_eq!((late.code, late.counted), (Code::AlreadyPaid, false));
    assert!(late.receipt.is_some(), "it was taken and is concluded");
    assert_eq!(rig.try_launch(&order).await.0, Issued::Paid);
    assert!(matches!(rig.store.create_order(new_order("M1", 500)).await.unwrap(), Created::AlreadyPaid(_)));
    assert_eq!(rig.debited().await, 500);
    assert_eq!(rig.findings().await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_answers_to_one_order_at_once_debit_once() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 700).await;
    let mut requests = Vec::new();
    for _ in 0..10 {
        requests.push(rig.entry(&rig.launch(&order).await, PASSWORD));
    }
    let mut all = tokio::task::JoinSet::new();
    for request in requests {
        let (payments, device) = (rig.payments.clone(), rig.device.clone());
        all.spawn(async move { payments.submit(&device, request).await.unwrap() });
    }
    let answers = all.join_all().await;
    assert_eq!(answers.iter().filter(|a| verdict(a) == Some(Verdict::Success)).count(), 1);
    for other in answers.into_iter().filter(|a| verdict(a).is_none()) {
        // A parallel right password may also find the five tries in use by the others.
        assert!(matches!(refusal(other).code, Code::AlreadyPaid | Code::InProgress | Code::Locked));
    }
    assert_eq!(rig.debited().await, 700);
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn an_amount_over_the_limit_and_an_expired_order_are_refused_uncounted() {
    let rig = Rig::with(Rules { fen_max: Some(1_000), ..Rules::default() }).await;
    let order = rig.order("M1", 1_001).await;
    let over = refusal(rig.pay(&order, PASSWORD).await);
    assert_eq!((over.code, over.counted), (Code::Limit, false));
    let order = rig.order("M2", 1_000).await;
    rig.clock.set(order.expire_at_ms - 1_000);
    let shown = rig.launch(&order).await;
    rig.clock.set(order.expire_at_ms);
    let late = refusal(rig.payments.submit(&rig.device, rig.entry(&shown, PASSWORD)).await.unwrap());
    assert_eq!(late.code, Code::Closed);
    assert_eq!(rig.try_launch(&order).await.0, Issued::Closed);
    assert_eq!((rig.fails().await, rig.debited().await), (0, 0));
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn a_full_house_is_refused_before_anything_is_used_up() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let request = rig.entry(&shown, PASSWORD);
    let mut rooms = Vec::new();
    while let Some(room) = rig.factors.admit() {
        rooms.push(room);
    }
    assert!(rooms.len() >= 80, "two seconds of work may wait, not {}", rooms.len());
    let busy = refusal(rig.payments.submit(&rig.device, request.clone()).await.unwrap());
    assert_eq!(
        (busy.code, busy.receipt.is_none(), busy.retry_after_ms.is_some()),
        (Code::Unavailable, true, true)
    );
    drop(rooms);
    let answer = rig.payments.submit(&rig.device, request).await.unwrap();
    assert_eq!(verdict(&answer), Some(Verdict::Success), "the very same request is good afterwards");
}

#[tokio::test]
async fn a_launch_is_for_the_orders_own_payer_with_a_password() {
    let rig = Rig::bare(Rules::default()).await;
    let order = rig.order("M1", 500).await;
    assert_eq!(rig.try_launch(&order).await.0, Issued::NoPassword);
    let theirs = crate::store::NewOrder { mobile_no: "19900009999".into(), ..new_order("M2", 500) };
    let Created::New(theirs) = rig.store.create_order(theirs).await.unwrap() else { panic!("not new") };
    assert_eq!(rig.try_launch(&theirs).await.0, Issued::NotYours);
    let nobodys = super::Order { pay_order_no: "P0".into(), ..order };
    assert_eq!(rig.try_launch(&nobodys).await.0, Issued::Unknown);
}
