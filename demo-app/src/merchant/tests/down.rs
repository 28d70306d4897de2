//! The merchant, or the operator, is away when the result comes.

use super::*;
use crate::clock::Clock as _;

#[tokio::test]
async fn a_merchant_that_was_down_asks_and_tells_on_its_return() {
    let mut world = world().await;
    world.ordered().await;
    world.merchant_down().await;
    drop(world.paid());
    let asked_before = world.platform.books().query_calls;
    world.merchant_back().await;
    assert_eq!(title(&world.next().await), "支付成功 ¥128.50");
    assert_eq!(world.platform.books().query_calls, asked_before + 1);
    // The notice that comes after all changes nothing.
    let late = world.telling(world.only_order(), OrderStatus::Success);
    assert_eq!(&world.tell(late).await.body[..], br#"{"noticeResult":"SUCCESS"}"#);
    world.nothing_else_comes().await;
}

#[tokio::test]
async fn a_card_that_was_due_when_the_merchant_died_is_sent_after_its_return() {
    let mut world = world().await;
    world.ordered().await;
    world.maap.faults(|faults| faults.refuse_sends = Some(msgpay_messaging::dialect_a::Code::Busy));
    assert_eq!(world.tell(world.paid()).await.status, 200);
    world.merchant_down().await;
    world.maap.faults(|faults| faults.refuse_sends = None);
    world.merchant_back().await;
    assert_eq!(title(&world.next().await), "支付成功 ¥128.50");
    world.nothing_else_comes().await;
}

#[tokio::test]
async fn an_operator_that_is_busy_gets_the_card_later() {
    let mut world = world().await;
    world.ordered().await;
    world.maap.faults(|faults| faults.refuse_sends = Some(msgpay_messaging::dialect_a::Code::Busy));
    assert_eq!(world.tell(world.paid()).await.status, 200);
    let refused = || {
        let answers = world.recorder.received_by(crate::recorder::Party::Merchant);
        answers.iter().filter(|r| r.contains(br#""errorCode":-1"#)).count()
    };
    while refused() < 4 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    world.maap.faults(|faults| faults.refuse_sends = None);
    assert_eq!(title(&world.next().await), "支付成功 ¥128.50");
    world.nothing_else_comes().await;
}

#[tokio::test]
async fn a_result_that_is_never_notified_is_found_by_asking() {
    let mut world = world().await;
    world.ordered().await;
    drop(world.paid());
    world.clock.advance(29_000);
    world.nothing_else_comes().await;
    assert_eq!(world.platform.books().query_calls, 0, "not before 30 s");
    world.clock.advance(1_000);
    assert_eq!(title(&world.next().await), "支付成功 ¥128.50");
    assert_eq!(world.platform.books().query_calls, 1);
}

#[tokio::test]
async fn open_orders_are_asked_about_by_the_ladder() {
    let mut world = world().await;
    world.ordered().await;
    let mut asked = 0;
    for seconds in [30, 60, 180, 600, 1_800] {
        let now = world.clock.now_ms() / 1000 - NOW_S;
        world.clock.advance((seconds - now) * 1000);
        asked += 1;
        while world.platform.books().query_calls < asked {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        world.nothing_else_comes().await;
        assert_eq!(world.platform.books().query_calls, asked, "once at {seconds} s");
    }
}
