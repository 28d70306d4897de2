//! The work on a request is torn down at each point of its road; then the platform starts again on its files.

use msgpay_wire::problem::Code;

use super::{super::rig::*, verdict};
use crate::domain::{Answer, Fault, Faults, OrderStatus, Rules, Verdict};

#[tokio::test]
async fn at_every_point_a_crash_leaves_one_outcome_and_at_most_one_debit() {
    let expected = [
        (Fault::AfterConsume, Verdict::Void, 0, 0),
        (Fault::AfterCount, Verdict::Void, 0, 1),
        (Fault::AfterBegin, Verdict::Fail, 0, 0),
        (Fault::AfterBankBeforeSettle, Verdict::Success, 500, 0),
        (Fault::AfterSettleBeforeReply, Verdict::Success, 500, 0),
    ];
    assert_eq!(expected.map(|(fault, ..)| fault), Fault::ALL);
    for (fault, outcome, debited, fails) in expected {
        let rules = Rules { faults: Faults::unwind_at(fault), ..Rules::default() };
        let rig = Rig::bare(rules).await;
        let calm = rig.restarted();
        set(&rig, &calm).await;
        let order = rig.order("M1", 500).await;
        let shown = rig.launch(&order).await;
        let request = rig.entry(&shown, PASSWORD);
        assert!(rig.payments.submit(&rig.device, request.clone()).await.is_err(), "{fault:?}");

        rig.store.adopt_orphans().await.unwrap();
        calm.sweep().await.unwrap();
        let digest = rig.digest(&shown, &request.packaged);
        let ask = || calm.resolve(&rig.device, &shown.subject_no, &shown.nonce, &digest);
        if outcome == Verdict::Void {
            assert!(matches!(ask().await.unwrap(), Answer::Working { .. }), "it might still go on");
            rig.clock.advance(5_000);
        }
        let told = ask().await.unwrap();
        assert_eq!(verdict(&told), Some(outcome), "{fault:?}");
        assert_eq!((rig.debited().await, rig.fails().await), (debited, fails), "{fault:?}");
        assert_eq!(rig.findings().await, [], "{fault:?}");

        // What is not paid can be paid; what is paid can't.
        if outcome != Verdict::Success {
            let shown = rig.launch(&order).await;
            let answer = calm.submit(&rig.device, rig.entry(&shown, PASSWORD)).await.unwrap();
            assert_eq!(verdict(&answer), Some(Verdict::Success), "{fault:?}");
        }
        let now = rig.store.order(&order.pay_order_no).await.unwrap().unwrap();
        assert_eq!(now.status, OrderStatus::Success, "{fault:?}");
        assert_eq!(rig.debited().await, 500, "{fault:?}");
        assert_eq!(ask().await.unwrap(), told, "{fault:?}: what was said holds");
        assert_eq!(rig.findings().await, [], "{fault:?}");
    }
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_stop_a_payment() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let request = rig.entry(&shown, PASSWORD);
    {
        let mut going = Box::pin(rig.payments.submit(&rig.device, request.clone()));
        let polled = futures_util::future::poll_immediate(&mut going).await;
        assert!(polled.is_none(), "it can't be done in one step");
    }
    loop {
        match rig.resolve(&request, &shown).await {
            Answer::Receipt(receipt) => {
                // Either it overtook the request, or the request went on alone; in both cases they agree.
                assert_eq!(rig.debited().await == 500, receipt.fields.verdict == Verdict::Success);
                break;
            }
            Answer::Working { .. } => tokio::task::yield_now().await,
            Answer::Refused(refusal) => assert_eq!(refusal.code, Code::NonceSpent),
        }
    }
    assert_eq!(rig.findings().await, []);
}

async fn set(rig: &Rig, calm: &crate::domain::Payments) {
    use msgpay_wire::entry::EntryPurpose;
    let (_, shown) = rig.try_setup().await;
    let packaged = [EntryPurpose::PasswordNew, EntryPurpose::PasswordRepeat];
    let packaged = packaged.map(|purpose| rig.packaged(&shown, purpose, PASSWORD)).to_vec();
    let answer = calm.set_password(&rig.device, rig.signed(&shown, packaged)).await.unwrap();
    assert_eq!(verdict(&answer), Some(Verdict::Success));
}
