//! A set-up that was broken off is taken up again where it is needed: at the next payment.

use msgpay_demo::scenario::user::User;
use msgpay_demo::view::{EntryPurpose, OutcomeState, Sheet, Tap};
use msgpay_tests::play::{PASSWORD, raise};

#[tokio::test]
async fn a_payment_leads_back_to_the_set_up_that_was_closed() {
    let folder = tempfile::tempdir().unwrap();
    let stage = raise(folder.path()).await.unwrap();
    let phone = stage.phone().await.unwrap();
    let mut user = User::new(phone.view(), phone.taps());

    // Closed before activation: the payment asks for it.
    user.taps(Tap::Cancel).await.unwrap();
    user.sees_the_chat().await.unwrap();
    let card = user.orders(0).await.unwrap();
    let pay = Tap::Suggestion { message: card.id.clone(), index: 0 };
    user.taps(pay.clone()).await.unwrap();
    let code = user
        .sees("the activation", |view| match &view.phone.sheet {
            Sheet::Activate(activate) => activate.suggested.clone(),
            _ => None,
        })
        .await
        .unwrap();

    // Closed before a password was set: the payment asks for one.
    user.taps(Tap::Activate { code }).await.unwrap();
    user.keypad(EntryPurpose::New).await.unwrap();
    user.taps(Tap::Cancel).await.unwrap();
    user.sees_the_chat().await.unwrap();
    user.taps(pay).await.unwrap();
    user.types(EntryPurpose::New, PASSWORD).await.unwrap();
    user.types(EntryPurpose::Repeat, PASSWORD).await.unwrap();
    assert_eq!(user.result().await.unwrap().state, OutcomeState::PasswordSet);
    user.closes().await.unwrap();

    user.opens(&card).await.unwrap();
    user.pays(PASSWORD).await.unwrap();
    assert_eq!(user.settled().await.unwrap().state, OutcomeState::Paid);
    drop(phone);
    stage.strike().await;
}
