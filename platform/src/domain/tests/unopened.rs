//! What does not open, is not signed, or is not fresh: refused, never counted, nothing moved.

use msgpay_crypto::{OpeningKey, SigningKey, SuiteId};
use msgpay_wire::{
    entry::{EntryPurpose, Envelope},
    problem::Code,
    request::Packaged,
};

use super::{super::rig::*, refusal, verdict};
use crate::domain::Verdict;

fn entry(envelope: Vec<u8>) -> Vec<Packaged> {
    vec![Packaged { purpose: EntryPurpose::Password, envelope }]
}

/// One envelope per defect, named for it; all signed by the right device.
fn defects(rig: &Rig, shown: &Shown, other: &Shown) -> Vec<(&'static str, Vec<u8>)> {
    let good = || sealed(&rig.seal_key, KID, shown, EntryPurpose::Password, PASSWORD);
    let with = |change: fn(&mut Envelope)| {
        let mut envelope = good();
        change(&mut envelope);
        envelope.encode()
    };
    let stranger = OpeningKey::make(SuiteId::International).unwrap().public_key();
    let mut cut = good().encode();
    cut.pop();
    let mut longer = good().encode();
    longer.push(0);
    vec![
        (
            "for_another_order_and_nonce",
            sealed(&rig.seal_key, KID, other, EntryPurpose::Password, PASSWORD).encode(),
        ),
        (
            "for_another_order",
            sealed(
                &rig.seal_key,
                KID,
                &Shown { digest: other.digest, ..shown.clone() },
                EntryPurpose::Password,
                PASSWORD,
            )
            .encode(),
        ),
        (
            "for_another_nonce",
            sealed(
                &rig.seal_key,
                KID,
                &Shown { nonce: other.nonce, ..shown.clone() },
                EntryPurpose::Password,
                PASSWORD,
            )
            .encode(),
        ),
        (
            "for_another_purpose",
            sealed(&rig.seal_key, KID, shown, EntryPurpose::PasswordNew, PASSWORD).encode(),
        ),
        ("to_another_key", sealed(&stranger, KID, shown, EntryPurpose::Password, PASSWORD).encode()),
        ("to_another_kid", sealed(&rig.seal_key, KID + 1, shown, EntryPurpose::Password, PASSWORD).encode()),
        ("kid_relabelled", with(|e| e.kid += 1)),
        ("layout_bit_flipped", with(|e| e.layout[3] ^= 1)),
        ("press_bit_flipped", with(|e| e.boxes[17 * 5] ^= 1)),
        ("last_no_operation_bit_flipped", with(|e| e.boxes[17 * 63 + 2] ^= 0x80)),
        ("close_bit_flipped", with(|e| e.close[0] ^= 1)),
        ("encapsulation_bit_flipped", with(|e| e.encapsulated[64] ^= 1)),
        ("mode_changed", with(|e| e.mode = 1)),
        ("surface_changed", with(|e| e.surface = 1)),
        ("client_nonce_changed", with(|e| e.client_nonce[0] ^= 1)),
        (
            "presses_swapped",
            with(|e| {
                let (a, b) = e.boxes.split_at_mut(17);
                a.swap_with_slice(&mut b[..17]);
            }),
        ),
        ("truncated", cut),
        ("trailing_byte", longer),
        ("empty", Vec::new()),
    ]
}

#[tokio::test]
async fn an_envelope_with_any_defect_is_refused_and_not_counted() {
    let rig = Rig::new().await;
    let (order, elsewhere) = (rig.order("M1", 500).await, rig.order("M2", 900).await);
    let other = rig.launch(&elsewhere).await;
    let names: Vec<_> = {
        let shown = rig.launch(&order).await;
        defects(&rig, &shown, &other).into_iter().map(|(name, _)| name).collect()
    };
    for (i, name) in names.into_iter().enumerate() {
        let shown = rig.launch(&order).await;
        let envelope = defects(&rig, &shown, &other).swap_remove(i).1;
        let request = rig.signed(&shown, entry(envelope));
        let refused = refusal(rig.payments.submit(&rig.device, request.clone()).await.unwrap());
        assert_eq!((refused.code, refused.counted), (Code::Unopenable, false), "{name}");
        assert_eq!(refused.receipt.unwrap().fields.verdict, Verdict::Fail, "{name}");
        assert!(matches!(rig.resolve(&request, &shown).await, super::Answer::Receipt(_)), "{name}");
    }
    assert_eq!((rig.fails().await, rig.debited().await), (0, 0));
    let paid = rig.pay(&order, PASSWORD).await;
    assert_eq!(verdict(&paid), Some(Verdict::Success), "none of it harms the order");
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn an_entry_in_a_mode_that_the_policy_does_not_name_is_refused() {
    let rig = Rig::with(crate::domain::Rules { modes: vec![0], ..crate::domain::Rules::default() }).await;
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let spoken = sealed_in_mode(&rig.seal_key, KID, &shown, EntryPurpose::Password, PASSWORD, 1).encode();
    let answer = rig.payments.submit(&rig.device, rig.signed(&shown, entry(spoken))).await.unwrap();
    assert_eq!(refusal(answer).code, Code::Unopenable);
    assert_eq!(verdict(&rig.pay(&order, PASSWORD).await), Some(Verdict::Success));
}

#[tokio::test]
async fn a_guess_without_the_device_key_touches_nothing() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let stranger = SigningKey::make(SuiteId::International).unwrap();
    let envelope = sealed(&rig.seal_key, KID, &shown, EntryPurpose::Password, WRONG).encode();
    for _ in 0..7 {
        let forged = rig.signed_by(&stranger, &shown, entry(envelope.clone()));
        let refused = refusal(rig.payments.submit(&rig.device, forged).await.unwrap());
        assert_eq!((refused.code, refused.counted, refused.receipt), (Code::Signature, false, None));
    }
    assert_eq!(rig.fails().await, 0);
    let answer = rig.payments.submit(&rig.device, rig.entry(&shown, PASSWORD)).await.unwrap();
    assert_eq!(verdict(&answer), Some(Verdict::Success), "the nonce is still the payer's");
}

#[tokio::test]
async fn a_nonce_serves_one_request_of_its_own_device_in_time() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    // Another device of the same wallet.
    let (other_key, other) = activated(&rig.store).await;
    let request = rig.signed_by(&other_key, &shown, entry(vec![1]));
    assert_eq!(refusal(rig.payments.submit(&other, request).await.unwrap()).code, Code::NonceSpent);
    // Another subject, an unknown nonce.
    let mut moved = rig.entry(&shown, PASSWORD);
    moved.pay_order_no = "P0".into();
    assert_eq!(refusal(rig.payments.submit(&rig.device, moved).await.unwrap()).code, Code::NonceSpent);
    let unknown = Shown { nonce: [0; 16], ..shown.clone() };
    assert_eq!(
        refusal(rig.payments.submit(&rig.device, rig.entry(&unknown, PASSWORD)).await.unwrap()).code,
        Code::NonceSpent
    );
    // Twice: the same bytes again conclude nothing.
    let wrong = rig.entry(&shown, WRONG);
    assert_eq!(
        refusal(rig.payments.submit(&rig.device, wrong.clone()).await.unwrap()).code,
        Code::WrongPassword
    );
    for again in [wrong, rig.entry(&shown, PASSWORD)] {
        let refused = refusal(rig.payments.submit(&rig.device, again).await.unwrap());
        assert_eq!((refused.code, refused.receipt), (Code::NonceSpent, None));
    }
    assert_eq!(rig.fails().await, 1);
    // Too late.
    let shown = rig.launch(&order).await;
    rig.clock.advance(180_000);
    let late = refusal(rig.payments.submit(&rig.device, rig.entry(&shown, PASSWORD)).await.unwrap());
    assert_eq!(late.code, Code::NonceSpent);
    assert_eq!((rig.fails().await, rig.debited().await), (1, 0));
    assert_eq!(rig.findings().await, []);
}

#[tokio::test]
async fn one_request_sent_twenty_times_at_once_is_one_request() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let request = rig.entry(&shown, WRONG);
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (payments, device, request) = (rig.payments.clone(), rig.device.clone(), request.clone());
        all.spawn(async move { payments.submit(&device, request).await.unwrap() });
    }
    let refusals: Vec<_> = all.join_all().await.into_iter().map(refusal).collect();
    assert_eq!(refusals.iter().filter(|r| r.counted).count(), 1);
    assert_eq!(refusals.iter().filter(|r| r.code == Code::NonceSpent).count(), 19);
    assert_eq!(rig.fails().await, 1);
}

#[tokio::test]
async fn a_request_without_exactly_its_entries_is_malformed() {
    let rig = Rig::new().await;
    let order = rig.order("M1", 500).await;
    let shown = rig.launch(&order).await;
    let one = rig.packaged(&shown, EntryPurpose::Password, PASSWORD);
    for packaged in [vec![one.clone(), one], vec![rig.packaged(&shown, EntryPurpose::PasswordNew, PASSWORD)]]
    {
        let request = rig.signed(&shown, packaged);
        let refused = refusal(rig.payments.submit(&rig.device, request).await.unwrap());
        assert_eq!((refused.code, refused.receipt), (Code::Malformed, None));
    }
    let answer = rig.payments.submit(&rig.device, rig.entry(&shown, PASSWORD)).await.unwrap();
    assert_eq!(verdict(&answer), Some(Verdict::Success));
}
