//! Unpaid orders may be started again any number of times, paid ones never (T/CAICI 92 §6.1.1).

use super::*;

#[tokio::test]
async fn an_unpaid_order_may_be_started_again_and_again() {
    let mut world = world().await;
    let first = world.ordered().await;
    let mut links = vec![link(&first)];
    for _ in 0..3 {
        let again = world.tap(&button(&first, "重新获取付款卡")).await;
        links.push(link(&again));
    }
    // Picking the same goods once more, and asking in words, is the same unpaid order too.
    links.push(link(&world.ordered().await));
    links.push(link(&world.text("我要付款").await));
    let held = world.only_order();
    let head = format!("msgpay://v1/pay?o={}&tk=", held.pay_order_no);
    assert!(links.iter().all(|link| link.starts_with(&head)), "one order number");
    let fresh: std::collections::HashSet<&String> = links.iter().collect();
    assert_eq!(fresh.len(), links.len(), "a fresh link each time");
    assert_eq!(world.platform.books().order_calls, 6);
}

#[tokio::test]
async fn a_double_tap_is_one_order() {
    let mut world = world().await;
    let goods = world.text("你好").await;
    let tap = button(&goods, "下单128.50元").tapped();
    world.say(Say::Tap(tap.clone())).await;
    world.say(Say::Tap(tap)).await;
    assert_eq!(
        (title(&world.next().await), title(&world.next().await)),
        ("待支付 ¥128.50".into(), "待支付 ¥128.50".into())
    );
    world.only_order();
}

#[tokio::test]
async fn a_paid_order_is_never_started_again() {
    let mut world = world().await;
    let pay = world.ordered().await;
    world.tell(world.paid()).await;
    let result = world.next().await;
    let calls = world.platform.books().order_calls;
    for label in ["重新获取付款卡", "支付128.50元", "取消订单", "查询订单"] {
        let answer = world.tap(&button(&pay, label)).await;
        assert_eq!(title(&answer), "该订单已支付", "{label}");
        assert!(card(&answer).suggestions.unwrap().iter().all(|button| button.url().is_none()));
    }
    assert_eq!(title(&world.tap(&button(&result, "查看订单")).await), "该订单已支付");
    assert!(words(&world.text("付款").await).contains("没有待支付的订单"));
    assert_eq!(world.platform.books().order_calls, calls, "no request was started");
    // Wanting another one is another order.
    assert_eq!(title(&world.ordered().await), "待支付 ¥128.50");
    assert_eq!(world.platform.books().orders.len(), 2);
}

#[tokio::test]
async fn an_order_paid_behind_our_back_is_found_out_before_it_is_started_again() {
    let mut world = world().await;
    let pay = world.ordered().await;
    // Paid, and the notice has not come.
    drop(world.paid());
    let mut shown = [world.tap(&button(&pay, "重新获取付款卡")).await, world.next().await];
    shown.sort_by_key(title);
    let titles: Vec<String> = shown.iter().map(title).collect();
    assert_eq!(titles, ["支付成功 ¥128.50", "该订单已支付"]);
}

#[tokio::test]
async fn how_an_order_stands_is_asked_of_the_platform() {
    let mut world = world().await;
    let pay = world.ordered().await;
    let answer = world.tap(&button(&pay, "查询订单")).await;
    assert!(words(&answer).contains("待支付 ¥128.50，请在 16:01 前付款"), "{answer:?}");
    assert_eq!(world.platform.books().query_calls, 1);
    assert_eq!(title(&world.tap(&button(&answer, "重新获取付款卡")).await), "待支付 ¥128.50");
}
