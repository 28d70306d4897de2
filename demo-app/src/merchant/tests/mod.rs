//! The merchant between a real operator and a platform of the tests, over real sockets.

mod again;
mod distrust;
mod down;
mod keys;
mod platform;
mod world;

use msgpay_wire::annex_c::{BusinessType, OrderStatus};

use super::*;
use crate::maap::Say;
use platform::*;
use world::*;

#[tokio::test]
async fn goods_are_picked_ordered_paid_and_told() {
    let mut world = world().await;
    let goods = world.text("你好").await;
    assert_eq!(title(&goods), "拿铁礼盒 ¥128.50");
    let pay = world.tap(&button(&goods, "下单128.50元")).await;
    assert_eq!(title(&pay), "待支付 ¥128.50");
    assert_eq!(pay.traffic_type.as_deref(), Some("payment"));
    assert_eq!(pay.conversation_id, "conversation-1");
    let held = world.only_order();
    assert_eq!(held.order.business_type, BusinessType::Native);
    assert_eq!(held.order.mobile_no, "19900001234");
    assert_eq!(held.order.bank_return_url, world.merchant.as_ref().unwrap().return_url());
    assert_eq!(world.platform.books().expire.as_deref(), Some("2026-11-22T16:01:40+08:00"));
    assert!(link(&pay).starts_with(&format!("msgpay://v1/pay?o={}&tk=", held.pay_order_no)));
    let told = world.tell(world.paid()).await;
    assert_eq!((told.status, &told.body[..]), (200, &br#"{"noticeResult":"SUCCESS"}"#[..]));
    let result = world.next().await;
    assert_eq!(title(&result), "支付成功 ¥128.50");
    assert!(card(&result).description.unwrap().contains("支付时间：2026-11-22 15:32:07"));
    let orders = world.merchant.as_ref().unwrap().orders().await.unwrap();
    assert_eq!((orders.len(), orders[0].state), (1, OrderState::Success));
    assert_eq!(orders[0].paid_at, Some(1_795_332_727));
    world.nothing_else_comes().await;
}

#[tokio::test]
async fn a_message_that_the_operator_repeats_is_served_once() {
    let mut world = world().await;
    let goods = world.text("你好").await;
    world.maap.faults(|faults| faults.repeat_uplinks = 1);
    let pay = world.tap(&button(&goods, "下单128.50元")).await;
    assert_eq!(title(&pay), "待支付 ¥128.50");
    world.nothing_else_comes().await;
    assert_eq!(world.platform.books().order_calls, 1);
}

#[tokio::test]
async fn a_lost_answer_to_the_order_is_asked_for_again() {
    let mut world = world().await;
    world.platform.books().mood = Mood::LosesOneAnswer;
    let pay = world.ordered().await;
    assert_eq!(title(&pay), "待支付 ¥128.50");
    assert_eq!(world.platform.books().order_calls, 2);
    world.only_order();
}

#[tokio::test]
async fn an_order_that_ran_out_is_told_and_can_be_made_anew() {
    let mut world = world().await;
    let pay = world.ordered().await;
    let held = world.only_order();
    world.platform.books().orders.get_mut(&held.order.merchant_order_no).unwrap().status =
        OrderStatus::Closed;
    world.clock.advance(31_000);
    let closed = world.next().await;
    assert_eq!(title(&closed), "订单已关闭");
    assert_eq!(title(&world.tap(&button(&pay, "支付128.50元")).await), "订单已关闭", "the old card's button");
    let anew = world.tap(&button(&closed, "重新下单")).await;
    assert_eq!(title(&anew), "待支付 ¥128.50");
    assert_eq!(world.platform.books().orders.len(), 2);
    assert_ne!(link(&anew).split('&').next(), link(&pay).split('&').next());
}

#[tokio::test]
async fn a_cancelled_order_is_left_to_lapse_and_still_honoured() {
    let mut world = world().await;
    let pay = world.ordered().await;
    let cancelled = world.tap(&button(&pay, "取消订单")).await;
    assert!(words(&cancelled).contains("16:01 自动关闭"), "{cancelled:?}");
    assert!(words(&world.text("付款").await).contains("没有待支付的订单"));
    // The user paid all the same, from the card that is still there.
    let told = world.tell(world.paid()).await;
    assert_eq!(&told.body[..], br#"{"noticeResult":"SUCCESS"}"#);
    assert_eq!(title(&world.next().await), "支付成功 ¥128.50");
}

#[tokio::test]
async fn a_finally_failed_order_is_told_with_a_way_on() {
    let mut world = world().await;
    world.ordered().await;
    let held = world.only_order();
    let told = world.tell(world.telling(held, OrderStatus::Fail)).await;
    assert_eq!(&told.body[..], br#"{"noticeResult":"SUCCESS"}"#);
    assert_eq!(title(&world.next().await), "支付未成功");
}

#[tokio::test]
async fn digits_that_may_be_a_password_are_answered_and_go_nowhere() {
    let mut world = world().await;
    let answer = world.text("258036").await;
    assert!(words(&answer).contains("请勿在聊天中发送密码"));
    let folder = world.config.data.clone();
    world.merchant_down().await;
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(6).any(|part| part == b"258036"));
    }
    let said = world.recorder.search(&[crate::recorder::Party::Merchant], b"258036");
    assert_eq!(said.len(), 2, "the operator's post, tapped at both ends, and nothing else");
}
