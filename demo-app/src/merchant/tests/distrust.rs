//! What is not believed: answers, notices and taps that are forged, altered, repeated, or about others.

use super::*;
use msgpay_messaging::gsma::Suggestion;

async fn order_fails(mood: Mood) {
    let mut world = world().await;
    world.platform.books().mood = mood;
    let answer = world.ordered().await;
    assert!(words(&answer).contains("下单暂未成功，未扣款"), "{answer:?}");
    world.nothing_else_comes().await;
    // The order is still there: the way on is the same order.
    world.platform.books().mood = Mood::Honest;
    assert_eq!(title(&world.tap(&button(&answer, "重新获取付款卡")).await), "待支付 ¥128.50");
    world.only_order();
}

#[tokio::test]
async fn an_answer_signed_by_a_stranger_brings_no_pay_card() {
    order_fails(Mood::Forger).await;
}

#[tokio::test]
async fn an_answer_with_another_amount_brings_no_pay_card() {
    order_fails(Mood::Confused).await;
}

#[tokio::test]
async fn a_stranger_s_query_answer_settles_nothing() {
    let mut world = world().await;
    let pay = world.ordered().await;
    drop(world.paid());
    world.platform.books().mood = Mood::Forger;
    let answer = world.tap(&button(&pay, "查询订单")).await;
    assert!(words(&answer).contains("待支付"), "{answer:?}");
    assert_eq!(world.merchant.as_ref().unwrap().orders().await.unwrap()[0].state, OrderState::WaitPay);
}

/// Each spoiled notice: how, what is answered.
#[tokio::test]
async fn a_notice_that_is_not_the_platform_s_changes_nothing() {
    type Spoil = fn(&mut Telling);
    let cases: [(&str, Spoil, u16); 8] = [
        ("signed by a stranger", |t| t.by_stranger = true, 401),
        ("made too long ago", |t| t.created -= 601, 401),
        ("from the future", |t| t.created += 601, 401),
        ("body altered", |t| t.spoil = Some(|body| body[20] ^= 1), 401),
        (
            "a money header that is not covered",
            |t| t.uncovered.push(("msgpay-refund-amount".into(), "1.00".into())),
            401,
        ),
        ("of another kind", |t| t.kind = "REFUND".into(), 400),
        ("body cut off", |t| t.spoil = Some(|body| body.truncate(30)), 401),
        ("body emptied", |t| t.spoil = Some(Vec::clear), 401),
    ];
    let mut world = world().await;
    world.ordered().await;
    for (what, spoil, status) in cases {
        let mut telling = world.telling(world.only_order(), OrderStatus::Success);
        spoil(&mut telling);
        assert_eq!(world.tell(telling).await.status, status, "{what}");
    }
    assert_eq!(world.merchant.as_ref().unwrap().orders().await.unwrap()[0].state, OrderState::WaitPay);
    world.nothing_else_comes().await;
}

#[tokio::test]
async fn a_notice_about_something_else_is_answered_with_fail() {
    type Spoil = fn(&mut Telling);
    let cases: [(&str, Spoil); 6] = [
        ("amount", |t| t.notice.order_amount = msgpay_wire::Fen::new(1).unwrap()),
        ("merchant", |t| t.notice.merchant_id = "8980000000000018".into()),
        ("order", |t| t.notice.merchant_order_no = "M20261122A0000".into()),
        ("payment order", |t| t.notice.pay_order_no = "P202611220000009999".into()),
        ("day", |t| t.notice.order_date = "20261121".into()),
        ("mobile", |t| t.notice.mobile_no = "19900001235".into()),
    ];
    let mut world = world().await;
    world.ordered().await;
    for (what, spoil) in cases {
        let mut telling = world.telling(world.only_order(), OrderStatus::Success);
        telling.id = format!("n-{what}");
        spoil(&mut telling);
        let answer = world.tell(telling).await;
        assert_eq!((answer.status, &answer.body[..]), (200, &br#"{"noticeResult":"FAIL"}"#[..]), "{what}");
    }
    assert_eq!(world.merchant.as_ref().unwrap().orders().await.unwrap()[0].state, OrderState::WaitPay);
    world.nothing_else_comes().await;
}

#[tokio::test]
async fn a_notice_told_twice_has_one_effect_and_a_replay_none() {
    let mut world = world().await;
    world.ordered().await;
    let telling = world.paid();
    let (nonce, held) = (telling.nonce, world.only_order());
    assert_eq!(world.tell(telling).await.status, 200);
    let replayed = Telling { nonce, ..world.telling(held.clone(), OrderStatus::Success) };
    assert_eq!(world.tell(replayed).await.status, 401, "the same nonce");
    for id in ["n-1", "n-2"] {
        let again = Telling { id: id.into(), ..world.telling(held.clone(), OrderStatus::Success) };
        assert_eq!(&world.tell(again).await.body[..], br#"{"noticeResult":"SUCCESS"}"#, "{id}");
    }
    let otherwise = Telling { id: "n-3".into(), ..world.telling(held, OrderStatus::Closed) };
    assert_eq!(&world.tell(otherwise).await.body[..], br#"{"noticeResult":"FAIL"}"#, "paid stays paid");
    assert_eq!(title(&world.next().await), "支付成功 ¥128.50");
    world.nothing_else_comes().await;
}

#[tokio::test]
async fn a_tap_that_was_made_up_is_not_answered() {
    let mut world = world().await;
    let goods = world.text("你好").await;
    let real = button(&goods, "下单128.50元");
    let data = real.postback().unwrap();
    for made_up in
        [data.replace("SKU-LT-01", "SKU-BN-02"), data.replace("goods.pick", "pay.retry"), "p1|x".into()]
    {
        world.say(Say::Tap(Suggestion::reply("下单128.50元", made_up).tapped())).await;
    }
    world.nothing_else_comes().await;
    assert_eq!(world.platform.books().order_calls, 0);
    world.clock.advance(8 * 86_400_000);
    let late = world.tap(&real).await;
    assert!(words(&late).contains("这个按钮已过期"), "{late:?}");
}

#[tokio::test]
async fn an_operator_s_post_with_a_wrong_word_is_not_taken() {
    let mut world = world().await;
    world.maap.faults(|faults| faults.forge_callbacks = true);
    world.say(Say::Text("你好".into())).await;
    let refused = async {
        loop {
            let at_merchant = world.recorder.received_by(crate::recorder::Party::Maap);
            if at_merchant.iter().any(|r| r.status == Some(401) && r.what.contains("messageNotification")) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(5), refused).await.unwrap();
    world.maap.faults(|faults| faults.forge_callbacks = false);
    assert_eq!(title(&world.next().await), "拿铁礼盒 ¥128.50", "tried again with the right one");
}
