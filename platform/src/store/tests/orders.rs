//! Tx A.

use super::{super::*, book, raw};
use crate::{
    clock::Clock,
    domain::{OrderStatus, rig::*},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_times_at_once_is_one_order() {
    let (_dir, _clock, store) = book().await;
    let mut all = tokio::task::JoinSet::new();
    for i in 0..20 {
        let store = store.clone();
        let fen = if i < 10 { 500 } else { 501 };
        all.spawn(async move { (fen, store.create_order(new_order("M1", fen)).await.unwrap()) });
    }
    let answers = all.join_all().await;
    let new: Vec<_> = answers
        .iter()
        .filter_map(|(fen, a)| if let Created::New(o) = a { Some((*fen, o.clone())) } else { None })
        .collect();
    assert_eq!(new.len(), 1);
    let (winner, order) = &new[0];
    for (fen, answer) in &answers {
        match answer {
            Created::New(_) => {}
            Created::Replay(again) => assert_eq!((fen, again), (winner, order)),
            other => assert!(fen != winner && *other == Created::Conflict, "{other:?}"),
        }
    }
}

#[tokio::test]
async fn any_other_content_under_the_number_is_a_conflict() {
    let (_dir, _clock, store) = book().await;
    let same = || new_order("M1", 500);
    assert!(matches!(store.create_order(same()).await.unwrap(), Created::New(_)));
    assert!(matches!(store.create_order(same()).await.unwrap(), Created::Replay(_)));
    type Change = (&'static str, fn(&mut NewOrder));
    let changes: [Change; 9] = [
        ("amount", |o| o.amount_fen = 501),
        ("date", |o| o.order_date = "20261121".into()),
        ("transaction type", |o| o.transaction_type = "02".into()),
        ("business type", |o| o.business_type = "WEBVIEW".into()),
        ("return url", |o| o.bank_return_url.push('2')),
        ("merchant name", |o| o.merchant_name.push('2')),
        ("mobile", |o| o.mobile_no = "19900001235".into()),
        ("goods name", |o| o.goods_name = None),
        ("goods fields moved", |o| o.goods_no = o.goods_name.take()),
    ];
    for (what, change) in changes {
        let mut other = same();
        change(&mut other);
        assert_eq!(store.create_order(other).await.unwrap(), Created::Conflict, "{what}");
    }
    // Another expiry is not another order: it is a header, and the order keeps its own.
    let later = NewOrder { expire_at_ms: Some(NOON_MS + 7_000_000), ..same() };
    let Created::Replay(order) = store.create_order(later).await.unwrap() else { panic!("not a replay") };
    assert_eq!(order.expire_at_ms, NOON_MS + 30 * 60_000);
}

#[tokio::test]
async fn a_replayed_nonce_does_nothing_and_a_conflict_still_uses_its_nonce() {
    let (_dir, clock, store) = book().await;
    let first = new_order("M1", 500);
    store.create_order(first.clone()).await.unwrap();
    let stolen = NewOrder { merchant_order_no: "M2".into(), ..first.clone() };
    assert_eq!(store.create_order(stolen).await.unwrap(), Created::NonceReplayed);
    assert_eq!(store.create_order(first.clone()).await.unwrap(), Created::NonceReplayed);
    let conflict = new_order("M1", 900);
    assert_eq!(store.create_order(conflict.clone()).await.unwrap(), Created::Conflict);
    assert_eq!(store.create_order(conflict.clone()).await.unwrap(), Created::NonceReplayed);
    // Kept for at least ten minutes, across buckets; forgotten only when no window can reach it.
    assert!(store.use_http_nonce("k", "n").await.unwrap());
    for _ in 0..2 {
        clock.advance(600_000);
        store.purge().await.unwrap();
        assert!(!store.use_http_nonce("k", "n").await.unwrap());
    }
    assert!(store.use_http_nonce("k2", "n").await.unwrap(), "another key's nonce is another nonce");
    clock.advance(1_200_001);
    store.purge().await.unwrap();
    assert!(store.use_http_nonce("k", "n").await.unwrap());
}

#[tokio::test]
async fn merchant_date_and_expiry_are_checked() {
    let (dir, clock, store) = book().await;
    let stranger = NewOrder { merchant_id: "1".into(), ..new_order("M1", 500) };
    assert_eq!(store.create_order(stranger).await.unwrap(), Created::MerchantStopped);
    for (date, good) in [("20261120", false), ("20261121", true), ("20261123", true), ("20261124", false)] {
        let order = NewOrder { order_date: date.into(), ..new_order(date, 500) };
        let created = store.create_order(order).await.unwrap();
        assert_eq!(matches!(created, Created::New(_)), good, "{date}");
        assert_eq!(created == Created::DateRefused, !good, "{date}");
    }
    for (asked, held) in [
        (0, 60_000),
        (60_000, 60_000),
        (7 * 86_400_000, 7 * 86_400_000),
        (i64::MAX - NOON_MS, 7 * 86_400_000),
    ] {
        let order = NewOrder { expire_at_ms: Some(NOON_MS + asked), ..new_order(&format!("E{asked}"), 500) };
        let Created::New(order) = store.create_order(order).await.unwrap() else { panic!("not new") };
        assert_eq!(order.expire_at_ms, NOON_MS + held);
    }
    // A replay the day after tomorrow still finds its order; here it has expired meanwhile.
    clock.advance(3 * 86_400_000);
    let old = NewOrder { order_date: "20261121".into(), ..new_order("20261121", 500) };
    assert!(matches!(store.create_order(old).await.unwrap(), Created::Closed(_)));
    sqlx::query("UPDATE merchant SET status = 'STOPPED'").execute(&raw(&dir).await).await.unwrap();
    assert_eq!(store.create_order(new_order("M9", 500)).await.unwrap(), Created::MerchantStopped);
}

#[tokio::test]
async fn a_query_must_fit_in_every_field() {
    let (_dir, _clock, store) = book().await;
    let Created::New(order) = store.create_order(new_order("M1", 500)).await.unwrap() else {
        panic!("not new")
    };
    let query = OrderQuery {
        merchant_id: MERCHANT.into(),
        pay_order_no: order.pay_order_no.clone(),
        create_date: "20261122".into(),
        merchant_order_no: "M1".into(),
        mobile_no: MOBILE.into(),
    };
    assert_eq!(store.find_order(&query).await.unwrap(), Some(order));
    let wrong: [fn(&mut OrderQuery); 5] = [
        |q| q.merchant_id.push('1'),
        |q| q.pay_order_no.push('1'),
        |q| q.create_date = "20261121".into(),
        |q| q.merchant_order_no.push('1'),
        |q| q.mobile_no = "19900001235".into(),
    ];
    for change in wrong {
        let mut other = query.clone();
        change(&mut other);
        assert_eq!(store.find_order(&other).await.unwrap(), None, "{other:?}");
    }
}

#[tokio::test]
async fn unpaid_orders_close_at_their_expiry() {
    let (_dir, clock, store) = book().await;
    let Created::New(order) = store.create_order(new_order("M1", 500)).await.unwrap() else {
        panic!("not new")
    };
    assert_eq!(store.expire_orders().await.unwrap(), 0);
    clock.set(order.expire_at_ms);
    let read = || async { store.order(&order.pay_order_no).await.unwrap().unwrap().status };
    assert_eq!(read().await, OrderStatus::Closed, "nothing can begin any more, swept or not");
    assert_eq!(store.expire_orders().await.unwrap(), 1);
    assert_eq!(store.expire_orders().await.unwrap(), 0);
    clock.set(order.expire_at_ms - 1);
    assert!(clock.now_ms() < order.expire_at_ms);
    assert_eq!(read().await, OrderStatus::Closed, "closed stays closed, even if a clock goes back");
}

#[tokio::test]
async fn the_terms_of_an_order_never_change() {
    let (dir, _clock, store) = book().await;
    store.create_order(new_order("M1", 500)).await.unwrap();
    let raw = raw(&dir).await;
    for change in ["amount_fen = 1", "fp = zeroblob(32)"] {
        let sql = format!("UPDATE pay_order SET {change}");
        assert!(sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&raw).await.is_err(), "{change}");
    }
    // Paid without an attempt, refunded beyond the amount: the schema says no.
    for change in ["status = 'SUCCESS'", "refunded_fen = 501", "paid_at = 1"] {
        let sql = format!("UPDATE pay_order SET {change}");
        assert!(sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&raw).await.is_err(), "{change}");
    }
}
