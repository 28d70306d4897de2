//! Setting a password.

use msgpay_wire::{entry::EntryPurpose, problem::Code};

use super::{super::rig::*, refusal, verdict};
use crate::{
    domain::{Receipt, ReceiptFields, Rules, Verdict},
    store::{Issued, LaunchRecord, PasswordStored},
};

#[tokio::test]
async fn a_weak_or_differently_repeated_password_is_refused_and_may_be_tried_again() {
    let rig = Rig::bare(Rules::default()).await;
    for (new, repeat, code) in [
        ("111111", "111111", Code::WeakPassword),
        ("123456", "123456", Code::WeakPassword),
        ("987654", "987654", Code::WeakPassword),
        ("28371", "28371", Code::WeakPassword),
        ("2837165", "2837165", Code::WeakPassword),
        (PASSWORD, WRONG, Code::PasswordsDiffer),
        (PASSWORD, "", Code::PasswordsDiffer),
    ] {
        let refused = refusal(rig.set(new, repeat).await);
        assert_eq!((refused.code, refused.counted), (code, false), "{new} {repeat}");
        assert!(refused.receipt.is_some());
    }
    assert_eq!(verdict(&rig.set(PASSWORD, PASSWORD).await), Some(Verdict::Success));
    let order = rig.order("M1", 500).await;
    assert_eq!(verdict(&rig.pay(&order, PASSWORD).await), Some(Verdict::Success));
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn one_identity_check_sets_one_password() {
    let rig = Rig::bare(Rules::default()).await;
    let (first, second) = (rig.try_setup().await, rig.try_setup().await);
    let both = [EntryPurpose::PasswordNew, EntryPurpose::PasswordRepeat];
    let send = |shown: Shown, digits: &'static str| {
        let packaged = both.map(|purpose| rig.packaged(&shown, purpose, digits)).to_vec();
        rig.payments.set_password(&rig.device, rig.signed(&shown, packaged))
    };
    assert_eq!(verdict(&send(first.1, PASSWORD).await.unwrap()), Some(Verdict::Success));
    let late = refusal(send(second.1, "591730").await.unwrap());
    assert_eq!(late.code, Code::PasswordState);
    assert_eq!(rig.try_setup().await.0, Issued::NotAllowed);
    let order = rig.order("M1", 500).await;
    assert_eq!(refusal(rig.pay(&order, "591730").await).code, Code::WrongPassword);
    assert_eq!(verdict(&rig.pay(&order, PASSWORD).await), Some(Verdict::Success));
}

#[tokio::test]
async fn an_identity_check_serves_the_device_that_it_activated() {
    let mut rig = Rig::new().await;
    let old = (rig.device.clone(), rig.device_key);
    let (new_key, new) = activated(&rig.store).await;
    (rig.device, rig.device_key) = old;
    assert_eq!(rig.try_setup().await.0, Issued::NotAllowed, "the phone that was lost");
    (rig.device, rig.device_key) = (new, new_key);
    assert_eq!(verdict(&rig.set("591730", "591730").await), Some(Verdict::Success));
}

#[tokio::test]
async fn an_identity_check_is_over_after_ten_minutes() {
    let mut rig = Rig::new().await;
    (rig.device_key, rig.device) = activated(&rig.store).await;
    rig.clock.advance(10 * 60_000 - 1);
    let (issued, shown) = rig.try_setup().await;
    let Issued::Done { expires_at_ms, .. } = issued else { panic!("{issued:?}") };
    assert_eq!(expires_at_ms, NOON_MS + 10 * 60_000, "no longer than the check");
    rig.clock.advance(1);
    assert_eq!(rig.try_setup().await.0, Issued::NotAllowed);
    // Nor does one that was counted as begun in time set anything: the book looks again.
    let record = rig.store.launch(&shown.nonce).await.unwrap().unwrap();
    let entries = [EntryPurpose::PasswordNew, EntryPurpose::PasswordRepeat]
        .map(|purpose| rig.packaged(&shown, purpose, "591730"));
    let late = rig.payments.set_password(&rig.device, rig.signed(&shown, entries.to_vec())).await.unwrap();
    assert_eq!(refusal(late).code, Code::NonceSpent);
    let held = Receipt { fields: concluded(&record), cose: Vec::new() };
    let stored = rig.store.set_password(&record, "$stranger".into(), held).await.unwrap();
    assert_eq!(stored, PasswordStored::NotAllowed(None));
    let order = rig.order("M1", 500).await;
    assert_eq!(verdict(&rig.pay(&order, PASSWORD).await), Some(Verdict::Success), "the old one holds");
}

fn concluded(record: &LaunchRecord) -> ReceiptFields {
    ReceiptFields {
        suite: record.suite,
        device_id: record.device_id.clone(),
        subject_no: record.subject_no.clone(),
        order_digest: record.order_digest,
        request_digest: [5; 32],
        verdict: Verdict::Success,
        reason: String::new(),
        at_ms: NOON_MS,
        attempt: 0,
        tries_left: None,
    }
}

#[tokio::test]
async fn who_tries_the_old_password_sets_no_new_one() {
    let mut rig = Rig::new().await;
    let (new_key, new) = activated(&rig.store).await;
    let order = rig.order("M1", 500).await;
    assert_eq!(refusal(rig.pay(&order, WRONG).await).code, Code::WrongPassword, "on the old phone");
    (rig.device, rig.device_key) = (new, new_key);
    let (issued, shown) = rig.try_setup().await;
    assert!(matches!(issued, Issued::Done { .. }), "the other device's tries are not this one's: {issued:?}");
    assert_eq!(refusal(rig.pay(&order, WRONG).await).code, Code::WrongPassword);
    assert_eq!(rig.try_setup().await.0, Issued::NotAllowed);
    let entries = [EntryPurpose::PasswordNew, EntryPurpose::PasswordRepeat]
        .map(|purpose| rig.packaged(&shown, purpose, "591730"));
    let late = rig.payments.set_password(&rig.device, rig.signed(&shown, entries.to_vec())).await.unwrap();
    assert_eq!(refusal(late).code, Code::PasswordState, "nor by a setting begun before");
    assert_eq!(verdict(&rig.pay(&order, PASSWORD).await), Some(Verdict::Success));
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn the_two_entries_have_their_own_places() {
    let rig = Rig::bare(Rules::default()).await;
    let (_, shown) = rig.try_setup().await;
    let new = rig.packaged(&shown, EntryPurpose::PasswordNew, PASSWORD);
    let repeat = rig.packaged(&shown, EntryPurpose::PasswordRepeat, PASSWORD);
    for packaged in [vec![repeat.clone(), new.clone()], vec![new.clone()], vec![new.clone(), new.clone()]] {
        let answer = rig.payments.set_password(&rig.device, rig.signed(&shown, packaged)).await.unwrap();
        assert_eq!(refusal(answer).code, Code::Malformed);
    }
    // A copy of the first entry in the second's place does not open.
    let mut copied = new.clone();
    copied.purpose = EntryPurpose::PasswordRepeat;
    let request = rig.signed(&shown, vec![new, copied]);
    let answer = rig.payments.set_password(&rig.device, request).await.unwrap();
    assert_eq!(refusal(answer).code, Code::Unopenable);
}

#[tokio::test]
async fn no_password_lies_in_the_files() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    rig.pay(&order, PASSWORD).await;
    let (phc,): (String,) =
        sqlx::query_as("SELECT phc FROM password_state").fetch_one(rig.store.read()).await.unwrap();
    assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1"));
    let mut all = Vec::new();
    for file in std::fs::read_dir(rig.dir.path()).unwrap() {
        all.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let found = |needle: &[u8]| all.windows(needle.len()).any(|w| w == needle);
    assert!(found(order.pay_order_no.as_bytes()), "the search finds what is there");
    assert!(!found(PASSWORD.as_bytes()), "the password");
    assert!(!found(MOBILE.as_bytes()), "the mobile number");
}
