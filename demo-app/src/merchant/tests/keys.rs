//! The platform's next key: believed when the key before it has announced it, within its time.

use std::time::Duration;

use msgpay_wire::{SuiteId, http_keys::HttpKey};

use super::*;

const DAY_S: i64 = 86_400;

/// A notice signed with the next key; the tests' stranger is its owner.
fn by_next(world: &World) -> Telling {
    let telling = world.telling(world.only_order(), OrderStatus::Success);
    Telling { keyid: "pay-2", by_stranger: true, ..telling }
}

fn announce(world: &World, next_from: i64) {
    let key = |id: &str, key: &msgpay_crypto::SigningKey, from, until| HttpKey {
        key_id: id.into(),
        suite: SuiteId::International,
        public_key: key.public_key(),
        not_before: from,
        not_after: until,
    };
    let (old, next) = (&world.platform.key, &world.platform.stranger);
    let announced = vec![
        key("pay-1", old, NOW_S - DAY_S, NOW_S + DAY_S),
        key("pay-2", next, next_from, next_from + 90 * DAY_S),
    ];
    world.platform.books().announced = announced;
}

/// The merchant asks at its start.
async fn again(world: &mut World) {
    world.merchant_down().await;
    world.merchant_back().await;
}

/// Tells by the next key until it is believed, or until enough time has passed.
async fn believed(world: &World) -> bool {
    for _ in 0..30 {
        if world.tell(by_next(world)).await.status == 200 {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

#[tokio::test]
async fn a_key_is_believed_once_the_one_before_it_has_announced_it() {
    let mut world = world().await;
    world.ordered().await;
    again(&mut world).await;
    assert!(!believed(&world).await, "nothing was announced");
    announce(&world, NOW_S);
    world.platform.books().mood = Mood::Forger;
    again(&mut world).await;
    assert!(!believed(&world).await, "a stranger announced it");
    world.platform.books().mood = Mood::Honest;
    again(&mut world).await;
    assert!(believed(&world).await);
    let told = world.tell(world.paid()).await;
    assert_eq!(told.status, 200, "the old key still verifies");
}

#[tokio::test]
async fn a_key_that_is_announced_is_not_believed_before_its_time_nor_an_old_one_after() {
    let mut world = world().await;
    world.ordered().await;
    announce(&world, NOW_S + DAY_S);
    again(&mut world).await;
    assert!(!believed(&world).await, "a day ahead");
    world.clock.advance(DAY_S * 1000);
    assert!(believed(&world).await, "known since yesterday");
    assert_eq!(world.tell(world.paid()).await.status, 200, "the old one, within the clocks' difference");
    world.clock.advance(301_000);
    assert_eq!(world.tell(world.paid()).await.status, 401, "the old one is over");
    assert!(believed(&world).await);
}
