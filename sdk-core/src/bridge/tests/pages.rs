//! An entry is of the document that opened it, and of no other.

use super::*;
use crate::NoAnswer;

const MALL: &str = "https://mall.example";
/// The shop's next document, one of another shop on the list, and one of a stranger.
const OTHERS: [Sender<'static>; 3] = [
    Sender { document: 2, ..PAGE },
    Sender { origin: MALL, document: 2, ..PAGE },
    Sender { origin: "https://evil.example", document: 2, ..PAGE },
];

/// Two shops are listed; one of them has an entry with four digits in it.
fn typing(world: &World) -> Bridge {
    let mut bridge = Bridge::new(world.msgpay.clone(), Origins::read(&[SHOP, MALL]).unwrap());
    bridge.receive(PAGE, &open("open-0001", &world.house.order("P1", 100)));
    let keys = at_the_keypad(world, &mut bridge);
    press_all(bridge.keypad().unwrap(), &keys, b"4081");
    bridge
}

#[test]
fn another_document_neither_submits_nor_reads_an_entry_but_ends_it() {
    for sender in OTHERS {
        for what in ["clear", "submit", "close", "rubbish"] {
            let world = World::ready();
            let mut bridge = typing(&world);
            assert_eq!(bridge.receive(sender, &call("call-0001", what)), Reaction::Left, "{sender:?} {what}");
            assert!(bridge.keypad().is_err() && bridge.payment().is_none());
            assert_eq!(bridge.changed(|keypad| keypad.clear()), (None, Err(EntryFault::Closed)));
            assert_eq!(
                bridge.receive(PAGE, &call("call-0002", "submit")),
                Reaction::Ignore(BridgeFault::Origin),
                "what the page that is gone said late comes to nothing"
            );
        }
    }
}

#[test]
fn another_document_opens_an_entry_of_its_own() {
    let world = World::ready();
    let mut bridge = typing(&world);
    let next = Sender { origin: MALL, document: 2, ..PAGE };
    let reaction = bridge.receive(next, &open("open-0002", &world.house.order("P2", 100)));
    let Reaction::Begin(tell) = reaction else { panic!("{reaction:?}") };
    assert_eq!((tell.origin.as_str(), tell.document), (MALL, 2));
    assert!(bridge.keypad().is_err(), "what was typed for the first is wiped");
    let Step::Review(review) = world.advance(bridge.payment().unwrap()) else { panic!("a review") };
    assert_eq!(review.pay_order_no, "P2");
}

/// A document that was left, and a frame, change nothing.
#[test]
fn a_late_message_and_a_frame_do_not_end_an_entry() {
    let world = World::ready();
    let mut bridge = typing(&world);
    for sender in [Sender { document: 0, ..PAGE }, Sender { top_level: false, document: 9, ..PAGE }] {
        let reaction = bridge.receive(sender, &call("call-0001", "close"));
        assert_eq!(reaction, Reaction::Ignore(BridgeFault::Origin), "{sender:?}");
    }
    assert_eq!(bridge.keypad().unwrap().length(), 4);
}

#[test]
fn a_submitted_payment_outlives_its_page() {
    let world = World::ready();
    let mut bridge = bridge(&world);
    bridge.receive(PAGE, &open("open-0001", &world.house.order("P1", 100)));
    let keys = at_the_keypad(&world, &mut bridge);
    press_all(bridge.keypad().unwrap(), &keys, b"408192");
    assert!(told(&bridge.receive(PAGE, &call("send-0001", "submit")))["token"].is_string());
    let next = Sender { document: 2, ..PAGE };
    for (id, text) in [("not-open", call("leave-001", "close")), ("busy", open("open-0002", "msgpay://pay"))]
    {
        let Reaction::Tell(tell) = bridge.receive(next, &text) else { panic!("told") };
        assert!(tell.document == 2 && tell.text.contains(id), "{tell:?}");
    }
    let mut payment = bridge.end().expect("the host asks about it");
    payment.answered(Err(NoAnswer)).unwrap();
    assert!(matches!(payment.step(), Ok(Step::Unresolved { .. })));
}
