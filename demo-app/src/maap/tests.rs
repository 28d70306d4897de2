//! The operator over real sockets, with a Chatbot that this test plays itself.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State as Extract,
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use msgpay_messaging::{
    callback::CallbackGuard,
    gsma::{Response, Suggestion},
};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::*;
use crate::{
    clock::{Clock as _, ManualClock},
    net::Call,
    recorder::{Party, Recorder},
};

const CHATBOT: &str = "sip:106509990001@botplatform.rcs.example.cn";
const TEL: &str = "tel:+8619900001234";
const NOW_S: i64 = 1_795_332_700;

/// What the Chatbot of this test was posted.
type Posted = (String, Value);

#[derive(Clone)]
struct Bot {
    posted: mpsc::UnboundedSender<Posted>,
    guard: Arc<Mutex<CallbackGuard>>,
    clock: Arc<ManualClock>,
    answers: Arc<Mutex<Vec<u16>>>,
}

struct World {
    maap: Maap,
    bot: Bot,
    _bot_served: Served,
    posted: mpsc::UnboundedReceiver<Posted>,
    caller: Caller,
    line: HandsetLine,
    clock: Arc<ManualClock>,
    notify_url: String,
}

fn no_trust() -> ClientConfig {
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}

fn info(categories: &[&str]) -> ChatbotInfo {
    ChatbotInfo {
        name: "青禾咖啡".into(),
        description: "现磨咖啡".into(),
        provider: "青禾咖啡（示例）".into(),
        categories: categories.iter().map(|c| (*c).to_owned()).collect(),
        verified: true,
        verified_until: 1_826_900_000,
        status: 0,
        phone: "tel:+8640000000001".into(),
        website: "https://m.example.cn".into(),
        colour: "#0A7A5A".into(),
    }
}

async fn bot_posted(
    Extract(bot): Extract<Bot>,
    uri: http::Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let header = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
    let now = u64::try_from(bot.clock.now_s()).unwrap();
    let admitted =
        bot.guard.lock().unwrap().admit(&header("signature"), &header("timestamp"), &header("nonce"), now);
    if admitted.is_err() {
        return StatusCode::UNAUTHORIZED;
    }
    let status = bot.answers.lock().unwrap().pop().unwrap_or(204);
    if status == 204 {
        bot.posted.send((uri.path().to_owned(), serde_json::from_slice(&body).unwrap())).unwrap();
    }
    StatusCode::from_u16(status).unwrap()
}

async fn bot_echo(headers: HeaderMap) -> HeaderMap {
    let mut answer = HeaderMap::new();
    answer.insert("echoStr", headers["echoStr"].clone());
    answer.insert("appId", "app-1".parse().unwrap());
    answer
}

async fn world(categories: &[&str]) -> World {
    let clock = ManualClock::at(NOW_S * 1000);
    let recorder = Recorder::new(clock.clone());
    let (sender, posted) = mpsc::unbounded_channel();
    let guard = Arc::new(Mutex::new(CallbackGuard::new("tkn-demo-5g")));
    let bot = Bot { posted: sender, guard, clock: clock.clone(), answers: Arc::default() };
    let router = Router::new()
        .route("/bot/notifyPath", get(bot_echo))
        .route("/bot/{*rest}", post(bot_posted))
        .with_state(bot.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let bot_served = serve(listener, None, router, None).unwrap();
    let maap = Maap::start(Config {
        listener: TcpListener::bind("127.0.0.1:0").await.unwrap(),
        tls: None,
        client_tls: no_trust(),
        clock: clock.clone(),
        recorder: recorder.clone(),
        name: "示例运营商".into(),
        chatbots: vec![Registration {
            uri: ChatbotUri::parse(CHATBOT).unwrap(),
            app_id: "app-1".into(),
            app_key: "key-1".into(),
            callback_token: "tkn-demo-5g".into(),
            info: info(categories),
        }],
        subscribers: vec![Subscriber { tel: TelUri::parse(TEL).unwrap(), sim_token: "sim-1".into() }],
    })
    .unwrap();
    let notify_url = format!("http://{}/bot", bot_served.address());
    maap.connect_chatbot(&ChatbotUri::parse(CHATBOT).unwrap(), &notify_url).await.unwrap();
    let caller = Caller::new(no_trust(), recorder.clone(), Party::Merchant).unwrap();
    let client = Caller::new(no_trust(), recorder, Party::Client).unwrap();
    let line = HandsetLine::new(client, &maap.root_url(), TelUri::parse(TEL).unwrap(), "sim-1");
    World { maap, bot, _bot_served: bot_served, posted, caller, line, clock, notify_url }
}

impl World {
    fn url(&self, call: &str) -> String {
        format!("{}/bot/v1/{}/{call}", self.maap.root_url(), CHATBOT.replace(':', "%3A").replace('@', "%40"))
    }

    async fn post(&self, call: &str, token: Option<&str>, body: impl Into<Bytes>) -> Value {
        let mut request = Call::post_json(self.url(call), body);
        if let Some(token) = token {
            request = request.header("authorization", format!("accessToken {token}"));
        }
        let answer = self.caller.call(Party::Maap, request).await.unwrap();
        assert_eq!(answer.status, 200);
        serde_json::from_slice(&answer.body).unwrap()
    }

    async fn token(&self) -> String {
        let answer = self.post("accessToken", None, r#"{"appId":"app-1","appKey":"key-1"}"#).await;
        assert_eq!((&answer["errorCode"], &answer["expires"]), (&json!(0), &json!(7200)));
        answer["accessToken"].as_str().unwrap().to_owned()
    }

    async fn send(&self, body: &Value) -> i64 {
        let token = self.token().await;
        self.post("messages", Some(&token), body.to_string()).await["errorCode"].as_i64().unwrap()
    }

    async fn next_post(&mut self) -> Posted {
        tokio::time::timeout(Duration::from_secs(5), self.posted.recv()).await.unwrap().unwrap()
    }
}

fn pay_card() -> Value {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../messaging/tests/fixtures/examples/out_10_native_pay_card.json"
    );
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[tokio::test]
async fn tokens_are_given_to_the_right_secret_and_end_with_the_next() {
    let world = world(&["Payment"]).await;
    for (body, code) in [
        ("", 44002),
        ("{", 47001),
        (r#"{"appKey":"key-1"}"#, 41002),
        (r#"{"appId":"app-1"}"#, 41004),
        (r#"{"appId":"app-1","appKey":"guess"}"#, 40001),
    ] {
        assert_eq!(world.post("accessToken", None, body.to_owned()).await["errorCode"], code, "{body}");
    }
    let card = pay_card().to_string();
    assert_eq!(world.post("messages", None, card.clone()).await["errorCode"], 41001);
    assert_eq!(world.post("messages", Some("guess"), card.clone()).await["errorCode"], 40014);
    let (first, second) = (world.token().await, world.token().await);
    assert_eq!(world.post("messages", Some(&first), card.clone()).await["errorCode"], 40014);
    world.clock.advance(7_201_000);
    assert_eq!(world.post("messages", Some(&second), card).await["errorCode"], 42001);
}

#[tokio::test]
async fn a_card_reaches_the_handset_and_its_states_the_chatbot() {
    let mut world = world(&["Payment"]).await;
    world.line.register().await.unwrap();
    let mut events = world.line.listen(0).await.unwrap();
    let card = pay_card();
    assert_eq!(world.send(&card).await, 0);
    assert_eq!(world.send(&card).await, 0, "the same message again is answered alike");
    let Some(LineEvent::Message(message)) = events.next().await.unwrap() else { panic!("no message") };
    assert_eq!(message.traffic_type.as_deref(), Some("payment"));
    let DownlinkPart::Card(shown) = &message.parts[0] else { panic!("no card") };
    let button = &shown.contents()[0].suggestions.as_ref().unwrap()[0];
    assert_eq!(button.url().unwrap().url, "msgpay://v1/pay?o=P202611220000000731&tk=Q2hlY2stbWU");
    world.line.displayed(&message.message_id).await.unwrap();
    let mut states = Vec::new();
    for _ in 0..3 {
        let (path, report) = world.next_post().await;
        assert!(path.ends_with("/status"), "{path}");
        states.push(report["deliveryInfoList"][0]["status"].as_str().unwrap().to_owned());
    }
    states.sort();
    assert_eq!(states, ["delivered", "displayed", "sent"]);
    // Delivered once although it was sent twice.
    world.line.say("m1", &message.chatbot, "c1", None, Say::Text("x".into())).await.unwrap();
    assert!(matches!(events.next().await.unwrap(), Some(LineEvent::Status { delivered: true, .. })));
}

#[tokio::test]
async fn what_the_rules_refuse_the_operator_refuses_with_its_code() {
    let world = world(&["Payment"]).await;
    let button =
        "/messageList/0/contentText/message/generalPurposeCard/content/suggestions/1/reply/displayText";
    let mut long = pay_card();
    *long.pointer_mut(button).unwrap() = "取消订单取消订单取消".into();
    assert_eq!(world.send(&long).await, 40018);
    let mut stranger = pay_card();
    stranger["destinationAddress"] = json!(["tel:+8619900009999"]);
    assert_eq!(world.send(&stranger).await, 46001);
    let mut other = pay_card();
    other["senderAddress"] = "sip:106509990002@botplatform.rcs.example.cn".into();
    assert_eq!(world.send(&other).await, 30008);
    assert_eq!(world.send(&json!({})).await, 20002);
    world.maap.faults(|faults| faults.refuse_sends = Some(Code::Busy));
    assert_eq!(world.send(&pay_card()).await, -1);
}

#[tokio::test]
async fn a_chatbot_without_the_payment_category_sends_no_payment() {
    let world = world(&["Food"]).await;
    assert_eq!(world.send(&pay_card()).await, 48001);
    world.line.register().await.unwrap();
    let card = world.line.chatbot(&ChatbotUri::parse(CHATBOT).unwrap()).await.unwrap();
    assert!(card.verified && !card.may_ask_for_payment(NOW_S));
}

#[tokio::test]
async fn a_user_sees_who_is_behind_a_chatbot() {
    let world = world(&["Payment"]).await;
    let card = world.line.chatbot(&ChatbotUri::parse(CHATBOT).unwrap()).await.unwrap();
    assert_eq!((card.name.as_str(), card.verified_by.as_str()), ("青禾咖啡", "示例运营商"));
    assert!(card.may_ask_for_payment(NOW_S) && !card.may_ask_for_payment(1_826_900_001));
}

#[tokio::test]
async fn an_uplink_is_tried_again_until_the_chatbot_takes_it() {
    let mut world = world(&["Payment"]).await;
    world.line.register().await.unwrap();
    let mut events = world.line.listen(0).await.unwrap();
    world.bot.answers.lock().unwrap().push(500);
    world.maap.faults(|faults| faults.repeat_uplinks = 1);
    let chatbot = ChatbotUri::parse(CHATBOT).unwrap();
    let tap = Suggestion::reply("下单28.00元", "d").tapped();
    assert!(matches!(tap, Response::Reply(_)));
    let said = world.line.say("m1", &chatbot, "c1", Some("k0"), Say::Tap(tap.clone())).await.unwrap();
    let again = world.line.say("m1", &chatbot, "c1", Some("k0"), Say::Tap(tap)).await.unwrap();
    assert_eq!(said, again, "the same message again is the same message");
    let (path, first) = world.next_post().await;
    assert!(path.ends_with("/messages"), "{path}");
    assert_eq!((&first["messageId"], &first["inReplyTo"]), (&json!("m1"), &json!("k0")));
    assert_eq!(first["messageList"][0]["contentText"]["response"]["reply"]["displayText"], "下单28.00元");
    let (_, second) = world.next_post().await;
    assert_eq!(first, second, "a repeat is the same message under a fresh signature");
    let status = events.next().await.unwrap();
    assert_eq!(status, Some(LineEvent::Status { message_id: "m1".into(), delivered: true }));
}

#[tokio::test]
async fn a_forged_callback_is_not_taken() {
    let mut world = world(&["Payment"]).await;
    world.maap.faults(|faults| faults.forge_callbacks = true);
    let chatbot = ChatbotUri::parse(CHATBOT).unwrap();
    world.line.say("m1", &chatbot, "c1", None, Say::Text("hi".into())).await.unwrap();
    let refused = world.maap.connect_chatbot(&chatbot, &format!("{}/nowhere", world.notify_url)).await;
    assert!(matches!(refused, Err(MaapError::CallbackCheck)));
    world.maap.faults(|faults| faults.forge_callbacks = false);
    // The first try was refused by the Chatbot's guard; a later one, honestly signed, is taken.
    assert_eq!(world.next_post().await.1["messageId"], "m1");
}

#[tokio::test]
async fn messages_wait_for_a_handset_that_is_out_of_reach() {
    let mut world = world(&["Payment"]).await;
    assert_eq!(world.send(&pay_card()).await, 0);
    let mut fleeting = pay_card();
    fleeting["messageId"] = "m-fleeting".into();
    fleeting["storeSupported"] = false.into();
    assert_eq!(world.send(&fleeting).await, 0);
    let mut seen = Vec::new();
    for _ in 0..3 {
        let info = &world.next_post().await.1["deliveryInfoList"][0];
        seen.push((
            info["messageId"].as_str().unwrap().to_owned(),
            info["status"].clone(),
            info["errorCode"].clone(),
        ));
    }
    assert!(seen.contains(&("m-fleeting".into(), json!("failed"), json!(4))), "{seen:?}");
    assert!(
        matches!(world.line.listen(0).await, Err(LineError::Refused { status: 409, .. })),
        "not registered"
    );
    world.line.register().await.unwrap();
    let mut events = world.line.listen(0).await.unwrap();
    let Some(LineEvent::Message(first)) = events.next().await.unwrap() else { panic!("no message") };
    assert_eq!(first.message_id, pay_card()["messageId"].as_str().unwrap());
    drop(events);
    let mut more = world.line.listen(first.seq).await.unwrap();
    world.line.say("m1", &first.chatbot, "c1", None, Say::Text("x".into())).await.unwrap();
    assert!(matches!(more.next().await.unwrap(), Some(LineEvent::Status { .. })), "nothing is shown twice");
}

#[tokio::test]
async fn a_revoked_message_is_not_shown() {
    let mut world = world(&["Payment"]).await;
    assert_eq!(world.send(&pay_card()).await, 0);
    assert_eq!(world.next_post().await.1["deliveryInfoList"][0]["status"], "sent");
    let token = world.token().await;
    let revoke = json!({"messageId": pay_card()["messageId"], "destinationAddress": [TEL], "status": "RevokeRequested"});
    assert_eq!(world.post("revoke", Some(&token), revoke.to_string()).await["errorCode"], 0);
    assert_eq!(world.next_post().await.1["deliveryInfoList"][0]["status"], "revokeOk");
    world.line.register().await.unwrap();
    let mut events = world.line.listen(0).await.unwrap();
    let chatbot = ChatbotUri::parse(CHATBOT).unwrap();
    world.line.say("m1", &chatbot, "c1", None, Say::Text("x".into())).await.unwrap();
    assert!(matches!(events.next().await.unwrap(), Some(LineEvent::Status { .. })));
}

#[tokio::test]
async fn a_lost_downlink_is_lost_and_a_stranger_s_sim_hears_nothing() {
    let world = world(&["Payment"]).await;
    world.maap.faults(|faults| faults.lose_downlinks = 1);
    world.line.register().await.unwrap();
    let mut events = world.line.listen(0).await.unwrap();
    assert_eq!(world.send(&pay_card()).await, 0);
    let mut second = pay_card();
    second["messageId"] = "m-2".into();
    assert_eq!(world.send(&second).await, 0);
    let Some(LineEvent::Message(message)) = events.next().await.unwrap() else { panic!("no message") };
    assert_eq!(message.message_id, "m-2");
    let stranger =
        HandsetLine::new(world.caller.clone(), &world.maap.root_url(), TelUri::parse(TEL).unwrap(), "no-sim");
    assert!(matches!(stranger.register().await, Err(LineError::Refused { status: 401, .. })));
    assert!(matches!(stranger.listen(0).await, Err(LineError::Refused { status: 401, .. })));
}
