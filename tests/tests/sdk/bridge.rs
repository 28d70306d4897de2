//! A page's payment across the line: the same objects, the page's texts beside them.

use std::sync::Arc;

use msgpay::{
    CallFault, KeypadFault, MsgPayError, NativeBridge, NativePayment, PageReaction, PageSender, PaymentStep,
};
use serde_json::{Value, json};

use crate::{
    house::{House, PASSWORD, Typed},
    session::{Session, Step},
};

const SHOP: &str = "https://shop.example";

fn page(document: u64) -> PageSender {
    PageSender { origin: SHOP.to_owned(), top_level: true, document }
}

/// A web view's page and the bridge above it.
struct Shop {
    bridge: Arc<NativeBridge>,
    calls: u64,
}

impl Shop {
    fn open(house: &House) -> Self {
        Self { bridge: house.msgpay.bridge(&[SHOP.to_owned()]).unwrap(), calls: 0 }
    }

    fn says(&mut self, document: u64, what: &str, launch: Option<&str>) -> PageReaction {
        self.calls += 1;
        let mut call = json!({ "v": 1, "id": format!("call-{:08}", self.calls), "do": what });
        if let Some(link) = launch {
            call["launch"] = link.into();
        }
        self.bridge.receive(&page(document), &call.to_string()).unwrap()
    }

    fn begins(&mut self, link: &str) -> Session {
        match self.says(1, "open", Some(link)) {
            PageReaction::Begin { payment } => Session::Pay(payment),
            _ => panic!("a payment begins"),
        }
    }

    fn told(&self) -> Vec<Value> {
        let told = self.bridge.messages().unwrap().into_iter();
        told.map(|message| serde_json::from_str(&message.text).unwrap()).collect()
    }
}

async fn at_the_keypad(house: &House, session: &Session) -> Typed {
    let Step::Review(shown) = house.advance(session).await.unwrap() else { panic!("a review") };
    session.accept(&shown).unwrap();
    typed(house, session).await
}

async fn typed(house: &House, session: &Session) -> Typed {
    let Step::EnterPassword(entry) = house.advance(session).await.unwrap() else { panic!("an entry") };
    house.open(&entry)
}

fn is_cancelled(payment: &NativePayment) -> bool {
    matches!(payment.step(), Ok(PaymentStep::Concluded { outcome: msgpay::Outcome::Cancelled }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_gets_lengths_and_a_token_and_what_is_not_carried_pays_nothing() {
    let house = House::ready().await;
    let (number, link) = house.order(12_850).await;
    let mut shop = Shop::open(&house);
    let session = shop.begins(&link);
    let typed = at_the_keypad(&house, &session).await;
    typed.press(PASSWORD);
    let faces = typed.keypad.keys().unwrap();
    assert!(!faces.is_empty());
    assert_eq!(
        typed.keypad.confirm().err(),
        Some(MsgPayError::Call { fault: CallFault::OutOfTurn }),
        "the page confirms"
    );
    assert!(matches!(shop.says(1, "submit", None), PageReaction::End));
    let told = shop.told();
    let lengths: Vec<_> = told.iter().filter_map(|message| message["length"].as_u64()).collect();
    assert_eq!(lengths, [0, 1, 2, 3, 4, 5, 6]);
    assert!(told.last().unwrap()["token"].is_string());
    assert_eq!(shop.told(), Vec::<Value>::new(), "each is told once");
    assert!(typed.keypad.keys().unwrap().is_empty(), "the pictures went with the entry");

    // Nobody carried the token: the institution voids the order.
    session.answered(None).unwrap();
    assert!(matches!(session.step().unwrap(), Step::Unresolved));
    session.payment().resolve().unwrap();
    let Step::Concluded(ends) = house.advance(&session).await.unwrap() else { panic!("an end") };
    assert_eq!((ends.outcome.as_deref(), ends.why.as_deref()), (Some("not_paid"), Some("voided")));
    assert_eq!(house.debits(&number).await, 0);

    // Its end stays readable, whatever the page says next; and the page may begin anew.
    let (_, link) = house.order(100).await;
    let next = shop.begins(&link);
    assert!(
        matches!(session.step(), Ok(Step::Concluded(ends)) if ends.outcome.as_deref() == Some("not_paid"))
    );
    assert!(matches!(house.advance(&next).await, Ok(Step::Review(_))));
    house.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_closes_or_leaves_turns_its_payment_back() {
    let house = House::ready().await;
    let (_, link) = house.order(100).await;
    let mut shop = Shop::open(&house);

    let closed = shop.begins(&link);
    let typed = at_the_keypad(&house, &closed).await;
    typed.press("1");
    assert!(matches!(shop.says(1, "close", None), PageReaction::End));
    assert!(is_cancelled(closed.payment()) && typed.keypad.keys().unwrap().is_empty());
    let gone = Err(MsgPayError::Keypad { fault: KeypadFault::Closed, wiped: true });
    assert_eq!(typed.keypad.press(0), gone);

    let left = shop.begins(&link);
    let old = at_the_keypad(&house, &left).await;
    assert!(matches!(shop.says(2, "clear", None), PageReaction::Left));
    assert!(is_cancelled(left.payment()));
    assert_eq!(old.keypad.press(0), gone);

    // A stranger's page is told nothing, and harms nothing.
    let sender = PageSender { origin: "https://other.example".to_owned(), top_level: true, document: 2 };
    assert!(matches!(shop.bridge.receive(&sender, "{}"), Ok(PageReaction::Ignored)));
    house.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_keypad_types_nothing_into_a_later_one() {
    let house = House::ready().await;
    let (number, link) = house.order(100).await;
    let mut shop = Shop::open(&house);
    let session = shop.begins(&link);
    let first = at_the_keypad(&house, &session).await;
    first.press("49");
    first.keypad.cancel().unwrap();
    let second = typed(&house, &session).await;
    assert!(first.keypad.press(0).is_err());
    assert_eq!(second.keypad.press(0), Ok(1), "nothing of the first is in it");
    drop(first);
    assert_eq!(second.keypad.clear(), Ok(0), "its drop wiped nothing of the second");

    // The host takes the payment from the page, and it goes on without one.
    shop.bridge.end().unwrap();
    shop.told();
    assert!(second.keypad.press(0).is_err());
    let third = typed(&house, &session).await;
    third.press(PASSWORD);
    assert!(third.keypad.confirm().is_ok(), "it is the host's own now");
    assert_eq!(shop.told(), Vec::<Value>::new(), "of which the page hears nothing");
    assert_eq!(session.cancel().unwrap().outcome.as_deref(), Some("cancelled"));
    assert_eq!(house.debits(&number).await, 0);
    let refused = house.msgpay.bridge(&["http://shop.example".to_owned()]).err();
    assert_eq!(refused, Some(MsgPayError::Call { fault: CallFault::NotAnOrigin }));
    house.strike().await;
}
