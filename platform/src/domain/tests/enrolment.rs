//! Enrolling a biometric key: by the password, a key of its own, one a device, ended with what it rests on.

use msgpay_wire::{problem::Code, request::Enrolment};

use super::{
    super::rig::*,
    biometric::{
        SMALL, SUITE, by_finger, enrol, enrolled, enrolment, finger, refused, rig, send, signed,
        try_enrolment,
    },
    refusal, verdict,
};
use crate::{domain::Verdict, store::Activated};

#[tokio::test]
async fn two_factors_never_share_a_key() {
    let rig = rig().await;
    let (_, shown) = try_enrolment(&rig).await;
    let device_key = &rig.device_key;
    let same = rig.payments.enrol_biometric(&rig.device, enrolment(&rig, &shown, device_key, PASSWORD)).await;
    let same = refusal(same.unwrap());
    assert_eq!((same.code, same.receipt.unwrap().fields.verdict), (Code::Biometric, Verdict::Fail));
    let key = finger();
    assert_eq!(verdict(&enrol(&rig, &key, PASSWORD).await), Some(Verdict::Success));
    let code = rig.store.make_activation(MOBILE, ACCOUNT, "示例银行 尾号 0001").await.unwrap().code;
    let activated = rig.store.activate(&code, SUITE, &key.public_key()).await.unwrap();
    assert_eq!(activated, Activated::KeyTaken, "nor does a biometric key become a device's");
}

#[tokio::test]
async fn an_enrolment_counts_wrong_passwords_and_needs_the_new_key_to_sign() {
    let (rig, key) = (rig().await, finger());
    let wrong = refusal(enrol(&rig, &key, WRONG).await);
    assert_eq!((wrong.code, wrong.tries_left, wrong.counted), (Code::WrongPassword, Some(4), true));
    assert_eq!(rig.store.biometric_key(&rig.device.device_id).await.unwrap(), None);
    let (_, shown) = try_enrolment(&rig).await;
    let other = finger();
    let unheld = Enrolment { public_key: other.public_key(), ..enrolment(&rig, &shown, &key, PASSWORD) };
    let unheld = refusal(rig.payments.enrol_biometric(&rig.device, unheld).await.unwrap());
    assert_eq!((unheld.code, unheld.counted), (Code::Biometric, false), "a key that is not held");
    assert_eq!(rig.fails().await, 1, "nothing more was counted");
    assert_eq!(verdict(&enrol(&rig, &key, PASSWORD).await), Some(Verdict::Success));
    assert_eq!(rig.fails().await, 0);
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn enrolling_again_replaces_the_key() {
    let (rig, old) = enrolled().await;
    let new = finger();
    assert_eq!(verdict(&enrol(&rig, &new, PASSWORD).await), Some(Verdict::Success));
    let order = rig.order("M1", SMALL).await;
    refused(&rig, by_finger(&rig, &order, &old).await, Code::Biometric, "the one before").await;
    assert_eq!(verdict(&by_finger(&rig, &order, &new).await), Some(Verdict::Success));
}

#[tokio::test]
async fn a_nonce_of_one_work_serves_no_other() {
    let (rig, key) = enrolled().await;
    let order = rig.order("M1", SMALL).await;
    let (launched, (_, begun)) = (rig.launch(&order).await, try_enrolment(&rig).await);
    let paying = send(&rig, signed(&rig, &begun, Vec::new(), &key)).await;
    assert_eq!(refusal(paying).code, Code::NonceSpent, "an enrolment's nonce does not pay");
    let enrolling = enrolment(&rig, &launched, &finger(), PASSWORD);
    let enrolling = rig.payments.enrol_biometric(&rig.device, enrolling).await.unwrap();
    assert_eq!(refusal(enrolling).code, Code::NonceSpent, "a payment's nonce does not enrol");
    assert_eq!(verdict(&send(&rig, signed(&rig, &launched, Vec::new(), &key)).await), Some(Verdict::Success));
}

#[tokio::test]
async fn another_password_or_a_stopped_device_ends_the_key() {
    let (mut rig, key) = enrolled().await;
    let first = (rig.device.clone(), std::mem::replace(&mut rig.device_key, finger()));
    (rig.device_key, rig.device) = activated(&rig.store).await;
    assert_eq!(verdict(&rig.set("591730", "591730").await), Some(Verdict::Success));
    (rig.device, rig.device_key) = first;
    assert_eq!(rig.store.biometric_key(&rig.device.device_id).await.unwrap(), None);
    let order = rig.order("M1", SMALL).await;
    refused(&rig, by_finger(&rig, &order, &key).await, Code::Factors, "the key of the old password").await;
    assert_eq!(verdict(&enrol(&rig, &key, "591730").await), Some(Verdict::Success));
    let shown = rig.launch(&order).await;
    rig.device.active = false;
    let stopped = refusal(send(&rig, signed(&rig, &shown, Vec::new(), &key)).await);
    assert_eq!(stopped.code, Code::NotAllowed);
}
