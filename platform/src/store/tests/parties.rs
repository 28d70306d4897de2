//! Merchants, keys, people, devices.

use msgpay_wire::SuiteId;

use super::{super::*, book};
use crate::domain::rig::*;

fn key(id: &str) -> MerchantKey {
    MerchantKey {
        key_id: id.into(),
        merchant_id: MERCHANT.into(),
        suite: SuiteId::International,
        public_key: vec![4; 65],
        cert_sha256: [8; 32],
        not_before_ms: NOON_MS - 1,
        not_after_ms: NOON_MS + 1_000,
        revoked_at_ms: None,
    }
}

#[tokio::test]
async fn two_live_keys_are_a_rotation_a_third_waits() {
    let (_dir, clock, store) = book().await;
    assert_eq!(store.add_merchant_key(key("k1")).await.unwrap(), KeyAdded::Added);
    assert_eq!(store.add_merchant_key(key("k1")).await.unwrap(), KeyAdded::Taken);
    assert_eq!(store.add_merchant_key(key("k2")).await.unwrap(), KeyAdded::Added);
    assert_eq!(store.add_merchant_key(key("k3")).await.unwrap(), KeyAdded::TooManyLive);
    assert!(store.revoke_merchant_key("k1").await.unwrap());
    assert!(!store.revoke_merchant_key("k1").await.unwrap());
    assert_eq!(store.merchant_key("k1").await.unwrap().unwrap().revoked_at_ms, Some(NOON_MS));
    assert_eq!(store.add_merchant_key(key("k3")).await.unwrap(), KeyAdded::Added);
    clock.advance(1_000);
    let fresh = |id| MerchantKey { not_after_ms: NOON_MS + 9_000, ..key(id) };
    assert_eq!(
        store.add_merchant_key(fresh("k5")).await.unwrap(),
        KeyAdded::Added,
        "expired keys are not live"
    );
    let nobody = MerchantKey { merchant_id: "1".into(), ..fresh("k6") };
    assert_eq!(store.add_merchant_key(nobody).await.unwrap(), KeyAdded::NoMerchant);
    assert_eq!(store.merchant_key("k2").await.unwrap(), Some(key("k2")));
    assert_eq!(store.merchant_key("none").await.unwrap(), None);
}

#[tokio::test]
async fn a_merchant_is_spoken_to_in_the_newest_allowed_suite() {
    let (_dir, _clock, store) = book().await;
    let newer = MerchantKey { suite: SuiteId::Guomi, not_before_ms: NOON_MS, ..key("k2") };
    for k in [key("k1"), newer] {
        assert_eq!(store.add_merchant_key(k).await.unwrap(), KeyAdded::Added);
    }
    let (p256, sm2) = (SuiteId::International, SuiteId::Guomi);
    for (allowed, suite) in
        [(vec![p256, sm2], Some(sm2)), (vec![p256], Some(p256)), (vec![sm2], Some(sm2)), (Vec::new(), None)]
    {
        assert_eq!(store.merchant_suite(MERCHANT, &allowed).await.unwrap(), suite, "{allowed:?}");
    }
    assert!(store.revoke_merchant_key("k2").await.unwrap());
    assert_eq!(store.merchant_suite(MERCHANT, &[sm2]).await.unwrap(), None);
}

#[tokio::test]
async fn a_merchant_number_is_taken_once() {
    let (_dir, _clock, store) = book().await;
    let again = NewMerchant {
        id: MERCHANT.into(),
        name: "别人".into(),
        notify_host_allow: "x".into(),
        lenient: true,
    };
    assert!(!store.add_merchant(again).await.unwrap());
    let held = store.merchant(MERCHANT).await.unwrap().unwrap();
    assert_eq!((held.name.as_str(), held.lenient, held.active), ("青禾咖啡（示例）", false, true));
}

#[tokio::test]
async fn a_code_is_good_once_in_time_for_one_key() {
    let (_dir, clock, store) = book().await;
    let made = store.make_activation("19900005555", "acct-5", "示例银行").await.unwrap();
    assert_eq!(
        store.activate("ZZZZ-ZZZZ-ZZZZ", SuiteId::International, &[4; 65]).await.unwrap(),
        Activated::UnknownCode
    );
    let typed = made.code.to_lowercase().replace('-', "");
    let done = store.activate(&typed, SuiteId::International, &[5; 65]).await.unwrap();
    let Activated::Done { device_id, wallet_id } = done.clone() else { panic!("{done:?}") };
    assert_eq!(wallet_id, made.wallet_id);
    assert_eq!(
        store.activate(&made.code, SuiteId::International, &[5; 65]).await.unwrap(),
        done,
        "a lost answer is given again"
    );
    assert_eq!(store.activate(&made.code, SuiteId::International, &[6; 65]).await.unwrap(), Activated::Used);
    let device = store.device(&device_id).await.unwrap().unwrap();
    assert_eq!((device.wallet_id.as_str(), device.active), (wallet_id.as_str(), true));
    let wallet = store.wallet_of_mobile("19900005555").await.unwrap().unwrap();
    assert_eq!((wallet.bank_account.as_str(), &wallet.wallet_id), ("acct-5", &wallet_id));
    assert_eq!(store.mobile_of(&device.user_id).await.unwrap().as_deref(), Some("19900005555"));

    let again = store.make_activation("19900005555", "ignored", "ignored").await.unwrap();
    assert_eq!(again.wallet_id, wallet_id, "one wallet per person");
    assert_eq!(
        store.activate(&again.code, SuiteId::International, &[5; 65]).await.unwrap(),
        Activated::KeyTaken
    );
    assert!(matches!(
        store.activate(&again.code, SuiteId::International, &[7; 65]).await.unwrap(),
        Activated::Done { .. }
    ));
    let late = store.make_activation("19900005555", "ignored", "ignored").await.unwrap();
    clock.set(late.expires_at_ms);
    assert_eq!(
        store.activate(&late.code, SuiteId::International, &[9; 65]).await.unwrap(),
        Activated::Expired
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_used_by_ten_keys_at_once_makes_one_device() {
    let (_dir, _clock, store) = book().await;
    let code = store.make_activation("19900005555", "acct-5", "示例银行").await.unwrap().code;
    let mut all = tokio::task::JoinSet::new();
    for i in 0..10 {
        let (store, code) = (store.clone(), code.clone());
        all.spawn(
            async move { store.activate(&code, SuiteId::International, &[100 + i; 65]).await.unwrap() },
        );
    }
    let answers = all.join_all().await;
    assert_eq!(answers.iter().filter(|a| matches!(a, Activated::Done { .. })).count(), 1);
    assert_eq!(answers.iter().filter(|a| **a == Activated::Used).count(), 9);
}

#[test]
fn a_mobile_number_opens_only_for_its_user_under_its_key() {
    let (key, other) = (MobileKey::from_bytes(&[1; 32]).unwrap(), MobileKey::from_bytes(&[2; 32]).unwrap());
    let sealed = key.seal("U1", MOBILE).unwrap();
    assert_eq!(key.open("U1", &sealed).unwrap(), MOBILE);
    assert!(key.open("U2", &sealed).is_err());
    assert!(other.open("U1", &sealed).is_err());
    assert!(key.open("U1", &sealed[..11]).is_err());
    assert_ne!(key.seal("U1", MOBILE).unwrap(), sealed, "the same number looks different each time");
    assert_eq!(key.index(MOBILE), key.index(MOBILE));
    assert_ne!(key.index(MOBILE), other.index(MOBILE));
}

#[test]
fn a_key_file_is_read_and_never_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("mobile.key");
    assert!(matches!(MobileKey::read(&path), Err(StoreError::KeyFile)));
    assert!(!path.exists(), "a lost key is not papered over with a new one");
    std::fs::write(&path, [7; 32]).unwrap();
    let (read, same) = (MobileKey::read(&path).unwrap(), MobileKey::from_bytes(&[7; 32]).unwrap());
    assert_eq!(read.index(MOBILE), same.index(MOBILE));
    std::fs::write(&path, [0; 31]).unwrap();
    assert!(matches!(MobileKey::read(&path), Err(StoreError::KeyFile)));
}

#[tokio::test]
async fn debug_texts_hold_no_code_no_record_and_no_number() {
    let rig = Rig::new().await;
    let code = rig.store.make_activation(MOBILE, ACCOUNT, "示例银行").await.unwrap();
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let record = rig.store.launch(&shown.nonce).await.unwrap().unwrap();
    let counted = rig.store.count_attempt(&record).await.unwrap();
    let phc = rig.store.some_password_record().await.unwrap().unwrap();
    let made = crate::factors::NewPassword::Record(phc.clone());
    let query = OrderQuery {
        merchant_id: MERCHANT.into(),
        pay_order_no: order.pay_order_no.clone(),
        create_date: order.create_date.clone(),
        merchant_order_no: "M1".into(),
        mobile_no: MOBILE.into(),
    };
    let new = new_order("M2", 5);
    let said = format!("{code:?} {order:?} {counted:?} {made:?} {query:?} {new:?}");
    assert!(said.contains(&order.pay_order_no) && said.contains(&code.wallet_id), "{said}");
    for hidden in [code.code.as_str(), &phc, MOBILE] {
        assert!(!said.contains(hidden), "{said}");
    }
}
