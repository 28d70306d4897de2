//! The merchant's world: the real operator, and the platform of the tests.

use std::{sync::Arc, time::Duration};

use msgpay_crypto::{SigningKey, SuiteId};
use msgpay_messaging::{
    address::{ChatbotUri, TelUri},
    gsma::{CardContent, Suggestion},
};
use msgpay_suites::Suites;
use msgpay_wire::{
    annex_c::{Notice, OrderStatus},
    digest::SuiteId as WireSuite,
    httpsig::{Claims, Message, Refusal, Tag, content_digest, sign_request},
};
use tokio::net::TcpListener;

use super::{
    super::{Config, Merchant, OperatorPeer, PlatformPeer, Signing, shelf, signed::PlatformKey},
    platform::{self, FakePlatform, Held},
};
use crate::{
    clock::{Clock as _, ManualClock},
    maap::{
        self, ChatbotInfo, Downlink, DownlinkPart, HandsetLine, LineEvent, LineEvents, Maap, Registration,
        Say, Subscriber,
    },
    net::{Answer, Call, Caller, Served, serve, uuid},
    recorder::{Party, Recorder},
};

pub(super) const CHATBOT: &str = "sip:106509990001@botplatform.rcs.example.cn";
pub(super) const TEL: &str = "tel:+8619900001234";
pub(super) const MERCHANT: &str = "8980000000000017";
pub(super) const NOW_S: i64 = 1_795_332_700;

pub(super) fn no_trust() -> rustls::ClientConfig {
    rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}

/// A notice about to be sent; tests spoil it.
pub(super) struct Telling {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) notice: Notice,
    pub(super) keyid: &'static str,
    pub(super) by_stranger: bool,
    pub(super) created: i64,
    pub(super) nonce: [u8; 16],
    pub(super) spoil: Option<fn(&mut Vec<u8>)>,
    pub(super) uncovered: Vec<(String, String)>,
}

pub(super) struct World {
    pub(super) maap: Maap,
    pub(super) platform: FakePlatform,
    _platform_served: Served,
    pub(super) merchant: Option<Merchant>,
    pub(super) config: Config,
    pub(super) line: HandsetLine,
    pub(super) events: LineEvents,
    pub(super) clock: Arc<ManualClock>,
    pub(super) recorder: Recorder,
    notifier: Caller,
    return_url: String,
    address: std::net::SocketAddr,
    _folder: tempfile::TempDir,
}

pub(super) async fn world() -> World {
    let clock = ManualClock::at(NOW_S * 1000);
    let recorder = Recorder::new(clock.clone());
    let folder = tempfile::tempdir().unwrap();
    let key = |suite| Arc::new(SigningKey::make(suite).unwrap());
    let (merchant_key, platform_key) = (key(SuiteId::International), key(SuiteId::International));
    let platform = FakePlatform {
        books: Arc::default(),
        key: platform_key.clone(),
        stranger: key(SuiteId::International),
        merchant_key: merchant_key.public_key(),
        clock: clock.clone(),
    };
    let bind = || TcpListener::bind("127.0.0.1:0");
    let platform_served =
        serve(bind().await.unwrap(), None, platform::routes(platform.clone()), None).unwrap();
    let chatbot = ChatbotUri::parse(CHATBOT).unwrap();
    let maap = Maap::start(maap::Config {
        listener: bind().await.unwrap(),
        tls: None,
        client_tls: no_trust(),
        clock: clock.clone(),
        recorder: recorder.clone(),
        name: "示例运营商".into(),
        chatbots: vec![Registration {
            uri: chatbot.clone(),
            app_id: "app-1".into(),
            app_key: "key-1".into(),
            callback_token: "tkn-demo-5g".into(),
            info: ChatbotInfo {
                name: "青禾咖啡".into(),
                description: "现磨咖啡".into(),
                provider: "青禾咖啡（示例）".into(),
                categories: vec!["Payment".into()],
                verified: true,
                verified_until: 1_826_900_000,
                status: 0,
                phone: "tel:+8640000000001".into(),
                website: "https://m.example.cn".into(),
                colour: "#0A7A5A".into(),
            },
        }],
        subscribers: vec![Subscriber { tel: TelUri::parse(TEL).unwrap(), sim_token: "sim-1".into() }],
    })
    .unwrap();
    let config = Config {
        data: folder.path().to_owned(),
        tls: None,
        clock: clock.clone(),
        recorder: recorder.clone(),
        public_host: "127.0.0.1".into(),
        id: MERCHANT.into(),
        name: "青禾咖啡（示例）".into(),
        short_name: "青禾咖啡".into(),
        goods: shelf(),
        signing: Signing { key_id: "m-1".into(), key: merchant_key },
        platform: PlatformPeer {
            base_url: format!("http://{}", platform_served.address()),
            client_tls: no_trust(),
            keys: vec![PlatformKey {
                key_id: "pay-1".into(),
                suite: WireSuite::International,
                public_key: platform_key.public_key(),
            }],
        },
        operator: OperatorPeer {
            root_url: maap.root_url(),
            client_tls: no_trust(),
            app_id: "app-1".into(),
            app_key: "key-1".into(),
            callback_token: "tkn-demo-5g".into(),
        },
        chatbot: chatbot.clone(),
        postback_key: [7; 32],
    };
    let merchant = Merchant::start(config.clone(), bind().await.unwrap()).await.unwrap();
    maap.connect_chatbot(&chatbot, merchant.notify_url()).await.unwrap();
    let client = Caller::new(no_trust(), recorder.clone(), Party::Client).unwrap();
    let line = HandsetLine::new(client, &maap.root_url(), TelUri::parse(TEL).unwrap(), "sim-1");
    line.register().await.unwrap();
    let events = line.listen(0).await.unwrap();
    let notifier = Caller::new(no_trust(), recorder.clone(), Party::Platform).unwrap();
    World {
        return_url: merchant.return_url().to_owned(),
        address: merchant.address(),
        maap,
        platform,
        _platform_served: platform_served,
        merchant: Some(merchant),
        config,
        line,
        events,
        clock,
        recorder,
        notifier,
        _folder: folder,
    }
}

impl World {
    pub(super) async fn say(&self, what: Say) {
        let chatbot = ChatbotUri::parse(CHATBOT).unwrap();
        self.line.say(&uuid().unwrap(), &chatbot, "conversation-1", None, what).await.unwrap();
    }

    pub(super) async fn text(&mut self, words: &str) -> Downlink {
        self.say(Say::Text(words.to_owned())).await;
        self.next().await
    }

    pub(super) async fn tap(&mut self, suggestion: &Suggestion) -> Downlink {
        self.say(Say::Tap(suggestion.tapped())).await;
        self.next().await
    }

    /// The next message on the screen.
    pub(super) async fn next(&mut self) -> Downlink {
        let wait = async {
            loop {
                if let LineEvent::Message(message) = self.events.next().await.unwrap().unwrap() {
                    return *message;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(10), wait).await.unwrap()
    }

    /// Nothing more comes: an uplink that is known to bring one answer brings just that.
    pub(super) async fn nothing_else_comes(&mut self) {
        let shown = self.text("123456").await;
        assert!(words(&shown).contains("请勿在聊天中发送密码"), "{shown:?}");
    }

    /// Picks the first goods; its pay card.
    pub(super) async fn ordered(&mut self) -> Downlink {
        let goods = self.text("你好").await;
        let pick = card(&goods).suggestions.as_ref().unwrap()[0].clone();
        self.tap(&pick).await
    }

    pub(super) fn only_order(&self) -> Held {
        let books = self.platform.books();
        assert_eq!(books.orders.len(), 1);
        books.orders.values().next().unwrap().clone()
    }

    pub(super) fn paid(&self) -> Telling {
        let held = self.only_order();
        self.platform.books().orders.get_mut(&held.order.merchant_order_no).unwrap().status =
            OrderStatus::Success;
        self.telling(held, OrderStatus::Success)
    }

    pub(super) fn telling(&self, held: Held, status: OrderStatus) -> Telling {
        Telling {
            id: "n-1".into(),
            kind: "PAY".into(),
            notice: Notice {
                merchant_order_no: held.order.merchant_order_no,
                merchant_name: held.order.merchant_name,
                order_date: held.order.order_date,
                order_amount: held.order.order_amount,
                merchant_id: held.order.merchant_id,
                mobile_no: held.order.mobile_no,
                payment_date: "20261122".into(),
                payment_time: "153207".into(),
                pay_order_no: held.pay_order_no,
                order_status: status,
            },
            keyid: "pay-1",
            by_stranger: false,
            created: self.clock.now_s(),
            nonce: msgpay_crypto::random::make().unwrap(),
            spoil: None,
            uncovered: Vec::new(),
        }
    }

    /// C.3; the answer, after its signature was verified when it is a 200.
    pub(super) async fn tell(&self, telling: Telling) -> Answer {
        let mut body = telling.notice.encode();
        let digest = content_digest(&Suites, WireSuite::International, &body);
        let fields = vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            ("content-digest".to_owned(), digest),
            ("msgpay-notify-id".to_owned(), telling.id),
            ("msgpay-notify-seq".to_owned(), "1".to_owned()),
            ("msgpay-notify-type".to_owned(), telling.kind),
        ];
        let mut message = Message::request("POST", &self.return_url, fields);
        let (suite, nonce) = (WireSuite::International, telling.nonce);
        let claims =
            Claims { tag: Tag::Notify, keyid: telling.keyid, suite, created: telling.created, nonce };
        let key = if telling.by_stranger { &self.platform.stranger } else { &self.platform.key };
        let made =
            sign_request::<Refusal>(&message, &claims, |base| Ok(key.sign(base).unwrap().to_vec())).unwrap();
        message.fields.push(("signature-input".into(), made.signature_input));
        message.fields.push(("signature".into(), made.signature));
        if let Some(spoil) = telling.spoil {
            spoil(&mut body);
        }
        let mut call = Call::post_json(self.return_url.as_str(), body);
        call.headers = message.fields.iter().cloned().chain(telling.uncovered).collect();
        let answer = self.notifier.call(Party::Merchant, call).await.unwrap();
        if answer.status == 200 {
            let signed = Message::answer(200, answer.headers.clone(), message);
            self.platform.judge(&signed, &answer.body, Tag::NotifyAnswer).unwrap();
        }
        answer
    }

    /// The merchant goes down.
    pub(super) async fn merchant_down(&mut self) {
        self.merchant.take().unwrap().stop().await;
    }

    /// The merchant comes back on its port with what it remembers.
    pub(super) async fn merchant_back(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.merchant = Some(Merchant::start(self.config.clone(), listener).await.unwrap());
    }
}

/// The first card of a message.
pub(super) fn card(message: &Downlink) -> CardContent {
    let found = message.parts.iter().find_map(|part| match part {
        DownlinkPart::Card(card) => Some(card.contents()[0].clone()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no card in {message:?}"))
}

pub(super) fn title(message: &Downlink) -> String {
    card(message).title.unwrap()
}

/// The words of a text message.
pub(super) fn words(message: &Downlink) -> String {
    let found = message.parts.iter().find_map(|part| match part {
        DownlinkPart::Text(text) => Some(text.clone()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no words in {message:?}"))
}

/// The button or chip with these words.
pub(super) fn button(message: &Downlink, label: &str) -> Suggestion {
    let buttons = message.parts.iter().flat_map(|part| match part {
        DownlinkPart::Card(card) => card.contents()[0].suggestions.clone().unwrap_or_default(),
        DownlinkPart::Chips(chips) => chips.clone(),
        _ => Vec::new(),
    });
    let found = buttons.into_iter().find(|button| button.display_text() == label);
    found.unwrap_or_else(|| panic!("no button {label} in {message:?}"))
}

/// The link of the pay button.
pub(super) fn link(message: &Downlink) -> String {
    let card = card(message);
    card.suggestions.as_ref().unwrap()[0].url().unwrap().url.clone()
}
