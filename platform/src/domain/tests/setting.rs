//! Setting a password.

use msgpay_wire::{entry::EntryPurpose, problem::Code};

use super::{super::rig::*, refusal, verdict};
use crate::{
    domain::{Rules, Verdict},
    store::Issued,
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
