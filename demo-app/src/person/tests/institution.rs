//! An institution in a few lines, so that the SDK opens its keypads: it activates anyone, lets anyone set a password,
//! and reads from each sealed entry which character lay on which slot. Only this end can: it holds the key.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use msgpay_crypto::{OpenChain, OpeningKey, SigningKey, SuiteId as Suite};
use msgpay_sdk_core::{
    ActivationOutcome, ActivationStep, Answer, Config, FaceSize, Guard, Host, HostFault, Institution, Key,
    Keystore, MsgPay, Request, Root, SetupStep, SurfaceReport, SystemClock, Vault,
};
use msgpay_wire::SuiteId;
use msgpay_wire::answer::{LaunchAnswer, LaunchBody};
use msgpay_wire::digest::Digest;
use msgpay_wire::entry::{self, Envelope};
use msgpay_wire::factors::Way;
use msgpay_wire::policy::Policy;
use msgpay_wire::request::{Activated, Activation, Setup, Submission};
use msgpay_wire::summary::PasswordSummary;
use msgpay_wire::trust::{KeyStatement, Purpose, Signer};

const ID: &str = "EXAMPLEPAY";
const LATER: u64 = 1 << 40;
const SERVER_NONCE: [u8; 16] = [7; 16];

/// A keypad as the SDK drew it, and what lay there in truth.
pub(super) struct Opened {
    pub(super) keys: Vec<Key>,
    /// The character of each slot, as ASCII.
    pub(super) truth: Vec<u8>,
}

/// Opens two keypads of a password set-up and asks the institution what they were.
pub(super) fn two_keypads(side_px: u16) -> [Opened; 2] {
    let bench = Bench::new();
    bench.activate();
    let mut setup = bench.phone.set_password(ID).unwrap();
    let mut keys = Vec::new();
    let mut order_digest = [0; 32];
    loop {
        match setup.step().unwrap() {
            SetupStep::Send(request) if request.url.ends_with("/sdk/v1/password-setups") => {
                let (answer, digest) = bench.launch(&request);
                order_digest = digest;
                setup.answered(Ok(answer)).unwrap();
            }
            SetupStep::Send(request) => {
                let submission = Submission::read(&request.body).unwrap();
                let truths =
                    submission.packaged.iter().map(|packaged| bench.layout(&packaged.envelope, order_digest));
                let mut opened = keys.into_iter().zip(truths).map(|(keys, truth)| Opened { keys, truth });
                return [opened.next().unwrap(), opened.next().unwrap()];
            }
            SetupStep::Review(review) => setup.accept(&review).unwrap(),
            SetupStep::EnterPassword(entry) => {
                let report = SurfaceReport {
                    capture_blocked: false,
                    obscured_touches_filtered: false,
                    no_text_field: true,
                    nothing_kept: true,
                    audio_private: true,
                };
                let (mut keypad, drawn) = entry.open(report, FaceSize::square(side_px)).unwrap();
                for slot in 0..6 {
                    keypad.press(slot).unwrap();
                }
                keys.push(drawn);
                setup.entered(keypad.confirm().unwrap()).unwrap();
            }
            SetupStep::Concluded(outcome) => panic!("{outcome:?}"),
        }
    }
}

struct Bench {
    phone: MsgPay,
    summary: Signing,
    policy: Signing,
    seal: OpeningKey,
    seal_statement: Vec<u8>,
}

impl Bench {
    fn new() -> Self {
        let root = SigningKey::make(Suite::International).unwrap();
        let seal = OpeningKey::make(Suite::International).unwrap();
        let institution = Institution {
            id: ID.into(),
            name: "示例支付".into(),
            base_url: "https://127.0.0.1:1".into(),
            suites: vec![SuiteId::International],
            device_suite: SuiteId::International,
            roots: vec![Root::of(1, SuiteId::International, root.public_key())],
            spki_pins: vec![[1; 32]],
            authorities: Vec::new(),
        };
        let host = Host {
            keystore: Arc::new(Keys(Mutex::new(SigningKey::make(Suite::International).unwrap()))),
            vault: Arc::new(Drawer::default()),
            clock: Arc::new(SystemClock::start()),
        };
        Self {
            phone: MsgPay::open(Config::new(vec![institution]).unwrap(), host),
            summary: Signing::new(&root, Purpose::Summary),
            policy: Signing::new(&root, Purpose::Policy),
            seal_statement: statement(&root, Purpose::Seal, seal.public_key()),
            seal,
        }
    }

    fn activate(&self) {
        let mut activation = self.phone.activate(ID, "K7QM2X9D").unwrap();
        loop {
            match activation.step().unwrap() {
                ActivationStep::Send(request) => {
                    let asked = Activation::read(&request.body).unwrap();
                    let activated = Activated {
                        institution_id: ID.into(),
                        wallet_id: "W1".into(),
                        device_id: "D1".into(),
                        client_nonce: asked.client_nonce,
                        device_key_digest: hash(&asked.device_key),
                    };
                    let body = self.summary.sign_object(activated.payload()).unwrap();
                    activation.answered(Ok(ok(body))).unwrap();
                }
                ActivationStep::Concluded(ActivationOutcome::Activated(_)) => return,
                ActivationStep::Concluded(other) => panic!("{other:?}"),
            }
        }
    }

    /// The answer to a launch, and the digest of the summary in it.
    fn launch(&self, request: &Request) -> (Answer, Digest) {
        let asked = Setup::read(&request.body).unwrap();
        let now = SystemClock::start();
        let now = u64::try_from(msgpay_sdk_core::Clock::unix_ms(&now)).unwrap() / 1000;
        let policy = Policy {
            institution_id: ID.into(),
            serial: 1,
            suites: vec![SuiteId::International],
            kinds: vec!["numeric".into()],
            modes: vec![0],
            ways: vec![Way::by_password()],
            amount_fen_max: 1_000_000,
            kids_min: [Purpose::Seal, Purpose::Summary, Purpose::Policy]
                .map(|purpose| (SuiteId::International, purpose, 1))
                .to_vec(),
            issued: now - 10,
            expires: now + 3600,
            device_p256: false,
        };
        let policy = self.policy.sign_object(policy.payload()).unwrap();
        let summary = self.password_summary(now);
        let order_digest = hash(&summary);
        let answer = LaunchAnswer {
            token_digest: hash(b""),
            client_nonce: asked.client_nonce,
            device_id: "D1".into(),
            summary_digest: order_digest,
            policy_digest: hash(&policy),
            seal_statement_digest: hash(&self.seal_statement),
            server_nonce: SERVER_NONCE,
            expires: now + 120,
            institution_id: ID.into(),
            wallet_id: "W1".into(),
            suite: SuiteId::International,
        };
        let answer = self.summary.sign_object(answer.payload()).unwrap();
        let body = LaunchBody { answer, summary, policy, seal_statement: self.seal_statement.clone() };
        (ok(body.encode()), order_digest)
    }

    fn password_summary(&self, now: u64) -> Vec<u8> {
        PasswordSummary {
            institution_id: ID.into(),
            wallet_id: "W1".into(),
            setup_no: "S1".into(),
            mobile_masked: "199****1234".into(),
            expires: now + 120,
        }
        .encode()
    }

    /// What lay on each slot, opened with the institution's key.
    fn layout(&self, envelope: &[u8], order_digest: Digest) -> Vec<u8> {
        let envelope = Envelope::read(envelope).unwrap();
        let context = envelope.context(SERVER_NONCE, order_digest).encode();
        let mut chain =
            OpenChain::setup(&self.seal, &envelope.encapsulated, &context, entry::label::CHAIN).unwrap();
        let layout = chain.open_with(b"layout", b"layout", &envelope.layout).unwrap();
        layout.expose(|bytes| bytes[2..].to_vec()).unwrap()
    }
}

/// An institution's key with the root's statement about it.
struct Signing {
    key: SigningKey,
    statement: Vec<u8>,
}

impl Signing {
    fn new(root: &SigningKey, purpose: Purpose) -> Self {
        let key = SigningKey::make(Suite::International).unwrap();
        Self { statement: statement(root, purpose, key.public_key()), key }
    }
}

impl Signer for Signing {
    type Error = msgpay_crypto::Error;
    fn suite(&self) -> SuiteId {
        SuiteId::International
    }
    fn kid(&self) -> u64 {
        1
    }
    fn statement(&self) -> &[u8] {
        &self.statement
    }
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Self::Error> {
        self.key.sign(message).map(|signature| signature.to_vec())
    }
}

fn statement(root: &SigningKey, purpose: Purpose, public_key: [u8; 65]) -> Vec<u8> {
    KeyStatement {
        institution_id: ID.into(),
        purpose,
        kid: 1,
        suite: SuiteId::International,
        public_key,
        not_before: 0,
        not_after: LATER,
    }
    .sign(SuiteId::International, 1, |message| root.sign(message).map(|signature| signature.to_vec()))
    .unwrap()
}

fn ok(body: Vec<u8>) -> Answer {
    Answer { status: 200, content_type: "application/cbor".into(), body }
}

fn hash(bytes: &[u8]) -> Digest {
    Suite::International.suite().hash(bytes)
}

/// The device key in memory.
struct Keys(Mutex<SigningKey>);

impl Keystore for Keys {
    fn make_key(&self, _: &str, _: SuiteId, _: Guard) -> Result<[u8; 65], HostFault> {
        Ok(self.0.lock().unwrap().public_key())
    }
    fn sign(&self, _: &str, message: &[u8]) -> Result<[u8; 64], HostFault> {
        self.0.lock().unwrap().sign(message).map_err(|_| HostFault::System)
    }

    fn forget_key(&self, _: &str) -> Result<(), HostFault> {
        Ok(())
    }
}

/// The SDK's records in memory.
#[derive(Default)]
struct Drawer(Mutex<BTreeMap<String, Vec<u8>>>);

impl Vault for Drawer {
    fn put(&self, name: &str, record: &[u8]) -> Result<(), HostFault> {
        self.0.lock().unwrap().insert(name.into(), record.into());
        Ok(())
    }
    fn record(&self, name: &str) -> Result<Option<Vec<u8>>, HostFault> {
        Ok(self.0.lock().unwrap().get(name).cloned())
    }
    fn remove(&self, name: &str) -> Result<(), HostFault> {
        self.0.lock().unwrap().remove(name);
        Ok(())
    }
    fn names(&self) -> Result<Vec<String>, HostFault> {
        Ok(self.0.lock().unwrap().keys().cloned().collect())
    }
}
