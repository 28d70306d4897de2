//! Messages of a payment page to the keypad's bridge, and lists of origins.

use msgpay_sdk_core::{
    Bridge, BridgeFault, Clock, Config, Guard, Host, HostFault, Institution, Keystore, MsgPay, Origins,
    Reaction, Root, Sender, SuiteId, Vault,
};
use std::sync::Arc;

const ORIGIN: &str = "https://shop.example";

/// A phone that holds nothing and can do nothing.
struct Bare;

impl Keystore for Bare {
    fn make_key(&self, _: &str, _: SuiteId, _: Guard) -> Result<[u8; 65], HostFault> {
        Err(HostFault::Keystore)
    }

    fn sign(&self, _: &str, _: &[u8]) -> Result<[u8; 64], HostFault> {
        Err(HostFault::Keystore)
    }

    fn forget_key(&self, _: &str) -> Result<(), HostFault> {
        Ok(())
    }
}

impl Vault for Bare {
    fn put(&self, _: &str, _: &[u8]) -> Result<(), HostFault> {
        Ok(())
    }

    fn record(&self, _: &str) -> Result<Option<Vec<u8>>, HostFault> {
        Ok(None)
    }

    fn remove(&self, _: &str) -> Result<(), HostFault> {
        Ok(())
    }

    fn names(&self) -> Result<Vec<String>, HostFault> {
        Ok(Vec::new())
    }
}

impl Clock for Bare {
    fn unix_ms(&self) -> i64 {
        1_800_000_000_000
    }

    fn monotonic_ms(&self) -> u64 {
        1_000
    }
}

/// Each line is a message. An answer is JSON and gives no entry away, for there is none; the same message again is
/// never done again; a page of another origin is told nothing. A line that is an origin by our rules is listed.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some((mut bridge, mut other)) = bridge().zip(bridge()) else { return };
    for line in text.lines() {
        let sender = Sender { origin: ORIGIN, top_level: true, document: 1 };
        for repeated in [false, true] {
            let (said, done) = match bridge.receive(sender, line) {
                Reaction::Tell(said) | Reaction::Wiped(said, _) => (said, false),
                Reaction::Begin(said) | Reaction::End(said) => (said, true),
                Reaction::Left => panic!("no other document has spoken"),
                Reaction::Ignore(fault) => panic!("a listed page is answered: {fault}"),
            };
            assert_eq!((said.origin.as_str(), said.document), (ORIGIN, 1));
            let said: serde_json::Value = serde_json::from_str(&said.text).unwrap_or_default();
            assert_eq!(said["v"], 1);
            assert!(said["token"].is_null() && said["length"].is_null());
            assert!(done == said["error"].is_null(), "nothing but beginning and ending can succeed");
            assert!(!(done && repeated), "done twice");
        }
        for stranger in
            [Sender { top_level: false, ..sender }, Sender { origin: "https://shop.example.", ..sender }]
        {
            assert_eq!(other.receive(stranger, line), Reaction::Ignore(BridgeFault::Origin));
        }
        if Origins::read(&[line]).is_ok() {
            assert!(line.starts_with("https://") && line.is_ascii() && !line.contains(['*', '@', '?', '#']));
            assert_eq!(line.matches('/').count(), 2);
        }
    }
}

fn bridge() -> Option<Bridge> {
    let institution = Institution {
        id: "WALLET_A".into(),
        name: "示例钱包".into(),
        base_url: "https://wallet.example".into(),
        suites: vec![SuiteId::International],
        device_suite: SuiteId::International,
        roots: vec![Root::of(7, SuiteId::International, [4; 65])],
        spki_pins: vec![[0; 32]],
        authorities: Vec::new(),
    };
    let config = Config::new(vec![institution]).ok()?;
    let host = Host { keystore: Arc::new(Bare), vault: Arc::new(Bare), clock: Arc::new(Bare) };
    Some(Bridge::new(MsgPay::open(config, host), Origins::read(&[ORIGIN]).ok()?))
}
