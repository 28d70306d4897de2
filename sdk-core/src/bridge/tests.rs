mod pages;
mod submitted;

use base64::Engine as _;
use msgpay_wire::request::Submission;
use serde_json::{Value, json};

use super::*;
use crate::{
    Action, Entry, FaceSize, Key, Outcome,
    testing::{GOOD_SURFACE, World, press_all, seen},
};

const SHOP: &str = "https://shop.example";
const PAGE: Sender<'static> = Sender { origin: SHOP, top_level: true, document: 1 };

fn bridge(world: &World) -> Bridge {
    Bridge::new(world.msgpay.clone(), Origins::read(&[SHOP]).unwrap())
}

fn call(id: &str, what: &str) -> String {
    json!({"v": 1, "id": id, "do": what}).to_string()
}

fn open(id: &str, link: &str) -> String {
    json!({"v": 1, "id": id, "do": "open", "launch": link}).to_string()
}

fn told(reaction: &Reaction) -> Value {
    match reaction {
        Reaction::Tell(tell) | Reaction::Begin(tell) | Reaction::Wiped(tell, _) | Reaction::End(tell) => {
            assert_eq!((tell.origin.as_str(), tell.document), (PAGE.origin, PAGE.document));
            serde_json::from_str(&tell.text).unwrap()
        }
        Reaction::Left | Reaction::Ignore(_) => panic!("the page is told something"),
    }
}

/// What the page is told of a change, and what came of it.
fn change(
    bridge: &mut Bridge,
    change: impl FnOnce(&mut Keypad) -> Result<usize, EntryFault>,
) -> (String, Result<usize, EntryFault>) {
    let (tell, changed) = bridge.changed(change);
    (tell.unwrap().text, changed)
}

fn refused(reaction: &Reaction, error: &str) {
    assert!(matches!(reaction, Reaction::Tell(_)), "{reaction:?}");
    assert_eq!(told(reaction)["error"], error);
}

/// What the host does between `open` and the first press: drives the session, shows the keypad.
fn at_the_keypad(world: &World, bridge: &mut Bridge) -> Vec<Key> {
    let payment = bridge.payment().unwrap();
    let Step::Review(review) = world.advance(payment) else { panic!("a review") };
    payment.accept(&review).unwrap();
    reopened(bridge)
}

fn reopened(bridge: &mut Bridge) -> Vec<Key> {
    let Step::EnterPassword(entry) = bridge.payment().unwrap().step().unwrap() else { panic!("an entry") };
    let (keypad, keys) = Entry::open(entry, GOOD_SURFACE, FaceSize::square(32)).unwrap();
    assert_eq!(bridge.opened(keypad).unwrap().text, r#"{"v":1,"event":"typing","length":0}"#);
    keys
}

#[test]
fn a_page_pays_and_sees_nothing() {
    let world = World::ready();
    let mut bridge = bridge(&world);
    let link = world.house.order("P1", 12_850);
    let mut page = Vec::new();
    let reaction = bridge.receive(PAGE, &open("open-0001", &link));
    assert!(matches!(reaction, Reaction::Begin(_)));
    page.push(told(&reaction));
    let keys = at_the_keypad(&world, &mut bridge);
    let slots = seen(&keys);
    for digit in b"408192" {
        let (text, _) = change(&mut bridge, |keypad| keypad.press(slots[digit]));
        page.push(serde_json::from_str(&text).unwrap());
    }
    let reaction = bridge.receive(PAGE, &call("send-0001", "submit"));
    assert!(matches!(reaction, Reaction::End(_)));
    page.push(told(&reaction));
    let token = page.last().unwrap()["token"].as_str().unwrap().to_owned();

    // All that the page ever got: a version, its ids, events, lengths, and the token.
    for message in &page {
        for (name, value) in message.as_object().unwrap() {
            let known = match name.as_str() {
                "v" => value == 1,
                "re" => ["open-0001", "send-0001"].contains(&value.as_str().unwrap()),
                "event" => value == "typing",
                "length" => value.as_u64().is_some_and(|length| length <= 6),
                "token" => value.as_str().is_some(),
                _ => false,
            };
            assert!(known, "{name}: {value}");
        }
    }
    assert_eq!(page.len(), 8);

    // The token is the signed request; the institution takes it, whoever carried it.
    let body = URL_SAFE_NO_PAD.decode(&token).unwrap();
    assert_eq!(Submission::read(&body).unwrap().packaged.len(), 1);
    assert!(!body.windows(6).any(|six| six == b"408192"));
    let mut payment = bridge.end().unwrap();
    payment.answered(Err(crate::NoAnswer)).unwrap();
    assert!(
        matches!(payment.step().unwrap(), Step::Unresolved { .. }),
        "the session asks, as after a lost answer"
    );
}

#[test]
fn only_listed_top_level_origins_are_heard() {
    let world = World::ready();
    let mut bridge = bridge(&world);
    let hello = open("open-0001", &world.house.order("P1", 100));
    let cases = [
        ("http://shop.example", true),
        ("https://shop.example", false),
        ("https://shop.example:443", true),
        ("https://shop.example:8443", true),
        ("https://shop.example/", true),
        ("https://shop.example.", true),
        ("https://Shop.example", true),
        ("https://www.shop.example", true),
        ("https://shop.example.evil.example", true),
        ("https://evil.example#https://shop.example", true),
        ("https://shop.example@evil.example", true),
        ("https://shоp.example", true), // a Cyrillic letter
        ("https://xn--shp-sed.example", true),
        ("null", true),
        ("", true),
        ("file://", true),
        ("*", true),
    ];
    for (origin, top_level) in cases {
        let reaction = bridge.receive(Sender { origin, top_level, document: 1 }, &hello);
        assert_eq!(reaction, Reaction::Ignore(BridgeFault::Origin), "{origin} {top_level}");
    }
    assert!(bridge.payment().is_none());
    assert!(matches!(bridge.receive(PAGE, &hello), Reaction::Begin(_)), "and their ids were not used up");
}

#[test]
fn a_list_takes_whole_origins_only() {
    for good in ["https://shop.example", "https://a-b.shop.example:8443", "https://xn--fiqs8s.xn--fiqs8s"] {
        assert!(Origins::read(&[good]).is_ok(), "{good}");
    }
    for bad in [
        "http://shop.example",
        "https://*.shop.example",
        "https://shop.example/",
        "https://shop.example:443",
        "https://shop.example:0",
        "https://shop.example:08443",
        "https://shop.example:+8443",
        "https://shop.example:",
        "https://shop.example:65536",
        "https://user@shop.example",
        "https://Shop.example",
        "https://shöp.example",
        "https://shop.example.",
        "https://.shop.example",
        "https://-shop.example",
        "https://shop_x.example",
        "https://localhost",
        "https://127.0.0.1",
        "https://[::1]",
        "https://2130706433",
        "https://",
        "null",
        "*",
        "",
        " https://shop.example",
        "HTTPS://shop.example",
    ] {
        assert!(Origins::read(&[SHOP, bad]).is_err(), "{bad}");
    }
    assert!(!Origins::default().allow(PAGE), "an empty list hears nobody");
}

#[test]
fn a_message_has_its_form_or_comes_to_nothing() {
    let world = World::ready();
    let mut bridge = bridge(&world);
    for text in [
        "",
        "no json",
        "[]",
        "{}",
        r#"{"v":2,"id":"open-0001","do":"close"}"#,
        r#"{"v":1,"id":"short","do":"close"}"#,
        r#"{"v":1,"id":"open 0001","do":"close"}"#,
        r#"{"v":1,"id":"open-0001","do":"press"}"#,
        r#"{"v":1,"id":"open-0001","do":"open"}"#,
        r#"{"v":1,"id":"open-0001","do":"close","launch":"x"}"#,
        r#"{"v":1,"id":"open-0001","do":"open","launch":"x","amount":1}"#,
        r#"{"v":1,"id":"open-0001","do":"open","launch":"x","digest":"00"}"#,
        r#"{"v":1,"id":"open-0001","id":"open-0002","do":"close"}"#,
        r#"{"v":1,"id":1,"do":"close"}"#,
    ] {
        refused(&bridge.receive(PAGE, text), "message");
    }
    let long = open("open-0001", &"x".repeat(5_000));
    refused(&bridge.receive(PAGE, &long), "too-long");
    for (id, what) in [("call-0001", "close"), ("call-0002", "clear"), ("call-0003", "submit")] {
        refused(&bridge.receive(PAGE, &call(id, what)), "not-open");
    }
}

#[test]
fn an_id_is_good_once_and_so_is_an_entry() {
    let world = World::ready();
    let mut bridge = bridge(&world);
    let link = world.house.order("P1", 100);
    assert!(matches!(bridge.receive(PAGE, &open("open-0001", &link)), Reaction::Begin(_)));
    refused(&bridge.receive(PAGE, &open("open-0001", &link)), "replayed");
    refused(&bridge.receive(PAGE, &call("open-0001", "close")), "replayed");
    refused(&bridge.receive(PAGE, &open("open-0002", &link)), "busy");
    for id in 0..IDS_MAX {
        bridge.receive(PAGE, &call(&format!("filler-{id:06}"), "clear"));
    }
    refused(&bridge.receive(PAGE, &call("after-0001", "close")), "replayed");
    assert!(bridge.end().is_some(), "the host can still end it");
}

#[test]
fn clear_close_and_too_few_characters() {
    let world = World::ready();
    let mut bridge = bridge(&world);
    bridge.receive(PAGE, &open("open-0001", &world.house.order("P1", 100)));
    refused(&bridge.receive(PAGE, &call("early-001", "submit")), "not-open");
    let keys = at_the_keypad(&world, &mut bridge);
    press_all(bridge.keypad().unwrap(), &keys, b"408");
    refused(&bridge.receive(PAGE, &call("send-0001", "submit")), "incomplete");
    assert_eq!(told(&bridge.receive(PAGE, &call("wipe-0001", "clear"))), json!({"v": 1, "re": "wipe-0001"}));
    assert_eq!(bridge.keypad().unwrap().length(), 0);
    press_all(bridge.keypad().unwrap(), &keys, b"1");
    assert!(matches!(bridge.receive(PAGE, &call("leave-001", "close")), Reaction::End(_)));
    assert!(bridge.payment().is_none() && bridge.end().is_none());
    refused(&bridge.receive(PAGE, &call("leave-002", "close")), "not-open");
}

#[test]
fn what_was_wiped_is_said_and_opens_anew() {
    let world = World::ready();
    let mut bridge = bridge(&world);
    bridge.receive(PAGE, &open("open-0001", &world.house.order("P1", 100)));
    let keys = at_the_keypad(&world, &mut bridge);
    press_all(bridge.keypad().unwrap(), &keys, b"408192");
    let closed = change(&mut bridge, |keypad| Err(keypad.capture_detected()));
    assert_eq!(closed, (r#"{"v":1,"event":"closed"}"#.to_owned(), Err(EntryFault::Captured)));
    let again = change(&mut bridge, |keypad| keypad.press(0));
    assert_eq!(again.1, Err(EntryFault::Closed));
    refused(&bridge.receive(PAGE, &call("send-0001", "submit")), "not-open");
    let keys = reopened(&mut bridge);
    let Action::Slot(slot) = keys[0].action else { panic!("a slot") };
    let pressed = change(&mut bridge, |keypad| keypad.press(slot));
    assert_eq!(pressed, (r#"{"v":1,"event":"typing","length":1}"#.to_owned(), Ok(1)));
    let missing = change(&mut bridge, |keypad| keypad.press(99));
    assert_eq!(missing, (r#"{"v":1,"event":"typing","length":1}"#.to_owned(), Err(EntryFault::NoSuchKey)));
    assert!(bridge.keypad().is_ok(), "a fault that wipes nothing leaves the keypad");
}

/// Whichever call of the page meets an entry that its time has wiped: the host hears that its keypad is gone.
#[test]
fn a_keypad_that_is_wiped_by_a_pages_call_is_taken_away() {
    for what in ["clear", "submit"] {
        let world = World::ready();
        let mut bridge = bridge(&world);
        bridge.receive(PAGE, &open("open-0001", &world.house.order("P1", 100)));
        let keys = at_the_keypad(&world, &mut bridge);
        press_all(bridge.keypad().unwrap(), &keys, b"408192");
        world.clock.advance(180_000);
        let reaction = bridge.receive(PAGE, &call("call-0001", what));
        assert!(matches!(reaction, Reaction::Wiped(_, EntryFault::Idle)), "{reaction:?}");
        assert_eq!(told(&reaction)["error"], "wiped");
        assert!(bridge.keypad().is_err());
    }
}

#[test]
fn a_link_that_is_not_genuine_is_the_payments_outcome_not_the_pages() {
    let world = World::ready();
    let mut bridge = bridge(&world);
    assert!(matches!(bridge.receive(PAGE, &open("open-0001", "msgpay://pay?o=1")), Reaction::Begin(_)));
    let step = bridge.payment().unwrap().step().unwrap();
    assert!(matches!(step, Step::Concluded(Outcome::NotPaid(_))), "{step:?}");
    assert_eq!(format!("{bridge:?} {:?}", Origins::read(&[SHOP]).unwrap()), "Bridge Origins(1)");
}
