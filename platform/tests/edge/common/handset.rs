//! A handset: activates, sets its password, launches, pays; every step over TLS and checked under the root.

use msgpay_crypto::{SealChain, SecretPage, SigningKey};
use msgpay_platform::{
    keys::{self, BuiltIn},
    pki::documents::SdkDocument,
};
use msgpay_wire::{
    Primitives as _, SuiteId,
    answer::{LaunchAnswer, LaunchBody},
    entry::{Context, EntryPurpose, Envelope, NO_OPERATION, PRESSES, label},
    launch::Link,
    policy::Policy,
    receipt::Receipt,
    request::{
        Activated, Activation, Launch, Packaged, RequestParts, Resolve, Setup, Submission, SubmissionAnswer,
        device_message, request_digest,
    },
    summary::{PasswordSummary, Summary},
    trust::{Purpose, Root, Roots},
};

use super::{Answer, MOBILE, Request, World, exchange, now_s};

/// The character under slot i, in every layout of this handset.
const LAYOUT: &[u8; 10] = b"7301956284";
pub(crate) const PASSWORD: &str = "283716";

pub(crate) struct Handset {
    pub(crate) suite: SuiteId,
    pub(crate) key: SigningKey,
    pub(crate) device_id: String,
    pub(crate) wallet_id: String,
    pub(crate) roots: Roots,
}

/// What a launch gave, opened and believed.
pub(crate) struct Launched {
    pub(crate) subject_no: String,
    pub(crate) answer: LaunchAnswer,
    pub(crate) summary: Vec<u8>,
    pub(crate) policy: Policy,
    pub(crate) seal_kid: u64,
    seal_key: [u8; 65],
}

pub(crate) fn nonce() -> [u8; 16] {
    msgpay_crypto::random::make().unwrap()
}

fn now() -> u64 {
    u64::try_from(now_s()).unwrap()
}

/// An unsigned POST to the handsets' listener.
pub(crate) fn request(world: &World, path: &str, body: &[u8]) -> Request {
    let mut request = Request::post(world.running.sdk_addr().port(), path, "application/cbor", body);
    request.tag = "msgpay-device".to_owned();
    request
}

pub(crate) async fn send(world: &World, request: &Request) -> Answer {
    exchange(world.plain_tls(), world.running.sdk_addr().port(), &request.bytes()).await.unwrap()
}

pub(crate) fn roots(world: &World) -> Roots {
    let text = std::fs::read_to_string(world.pki.dir().join("msgpay.json")).unwrap();
    let sdk: SdkDocument = serde_json::from_str(&text).unwrap();
    let sdk = &sdk.institutions[0];
    let pinned = sdk.roots.iter().map(|root| {
        let public_key = hex::decode(&root.public_key).unwrap().try_into().unwrap();
        Root::of(root.kid, SuiteId::from_word(&root.suite).unwrap(), public_key)
    });
    Roots::of(sdk.institution_id.clone(), pinned.collect())
}

/// Everything in the suite of the device's key.
pub(crate) fn activation(code: &str, key: &SigningKey) -> Activation {
    let suite = SuiteId::from_number(key.suite().number()).unwrap();
    let mut asked = Activation {
        suite,
        device_suite: suite,
        code: code.to_owned().into(),
        device_key: key.public_key(),
        client_nonce: nonce(),
        signature: Vec::new(),
    };
    asked.signature = key.sign(&asked.message()).unwrap().to_vec();
    asked
}

impl Handset {
    /// With a bank account, activated, password set.
    pub(crate) async fn ready(world: &World, fen: &str) -> Self {
        Self::ready_in(world, fen, SuiteId::International).await
    }

    pub(crate) async fn ready_in(world: &World, fen: &str, suite: SuiteId) -> Self {
        world.command(&["bank", "open", "--mobile", MOBILE, "--fen", fen]).await;
        let handset = Self::activated_in(world, MOBILE, suite).await;
        let setup = handset.begin_setup(world).await;
        let entries = [(EntryPurpose::PasswordNew, PASSWORD), (EntryPurpose::PasswordRepeat, PASSWORD)];
        let submission = handset.package(&setup, &entries);
        let answer = handset.call(world, "/sdk/v1/passwords", &submission.encode()).await;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        handset
    }

    pub(crate) async fn activated(world: &World, mobile: &str) -> Self {
        Self::activated_in(world, mobile, SuiteId::International).await
    }

    pub(crate) async fn activated_in(world: &World, mobile: &str, suite: SuiteId) -> Self {
        let (_, said) = world.command(&["activate", "--mobile", mobile]).await;
        let key = SigningKey::make(keys::suite(suite)).unwrap();
        let asked = activation(said["code"].as_str().unwrap(), &key);
        let answer = send(world, &request(world, "/sdk/v1/activations", &asked.encode())).await;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        let roots = roots(world);
        let (done, _) = Activated::open(&BuiltIn, &roots, &answer.body, now()).unwrap();
        assert_eq!(done.client_nonce, asked.client_nonce);
        assert_eq!(done.device_key_digest, BuiltIn.hash(suite, &key.public_key()));
        Self { suite, key, device_id: done.device_id, wallet_id: done.wallet_id, roots }
    }

    /// A request of this device in its suite, to be changed before it is signed.
    pub(crate) fn unsigned(&self, world: &World, path: &str, body: &[u8]) -> Request {
        let mut request = request(world, path, body).in_suite(self.suite);
        request.key_id.clone_from(&self.device_id);
        request
    }

    /// A request of this device, signed as it should be.
    pub(crate) fn request(&self, world: &World, path: &str, body: &[u8]) -> Request {
        self.unsigned(world, path, body).signed_by(&self.key)
    }

    pub(crate) async fn call(&self, world: &World, path: &str, body: &[u8]) -> Answer {
        send(world, &self.request(world, path, body)).await
    }

    async fn begin_setup(&self, world: &World) -> Launched {
        let client_nonce = nonce();
        let body = Setup { client_nonce, suite: self.suite }.encode();
        let answer = self.call(world, "/sdk/v1/password-setups", &body).await;
        let mut launched = self.believe(&answer, client_nonce, b"");
        let summary = PasswordSummary::read(&launched.summary).unwrap();
        assert_eq!(summary.mobile_masked, "199****1234");
        launched.subject_no = summary.setup_no;
        launched
    }

    pub(crate) async fn try_launch(&self, world: &World, token: &[u8]) -> Answer {
        self.call(
            world,
            "/sdk/v1/launches",
            &Launch { token: token.to_vec(), client_nonce: nonce() }.encode(),
        )
        .await
    }

    pub(crate) async fn launch(&self, world: &World, link: &Link) -> (Launched, Summary) {
        let client_nonce = nonce();
        let body = Launch { token: link.token.clone(), client_nonce }.encode();
        let answer = self.call(world, "/sdk/v1/launches", &body).await;
        let mut launched = self.believe(&answer, client_nonce, &link.token);
        let summary = Summary::read(&launched.summary).unwrap();
        launched.subject_no.clone_from(&summary.pay_order_no);
        (launched, summary)
    }

    /// Every digest, nonce and id of a launch answer fits what was asked and what came with it.
    pub(crate) fn believe(&self, answer: &Answer, client_nonce: [u8; 16], token: &[u8]) -> Launched {
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        let body = LaunchBody::read(&answer.body).unwrap();
        let (said, _) = LaunchAnswer::open(&BuiltIn, &self.roots, &body.answer, now()).unwrap();
        let (policy, _) = Policy::open(&BuiltIn, &self.roots, &body.policy, now()).unwrap();
        let seal = self.roots.open_statement(&BuiltIn, &body.seal_statement, Purpose::Seal, now()).unwrap();
        policy.allows_key(&seal).unwrap();
        assert_eq!((said.client_nonce, said.suite), (client_nonce, self.suite));
        let hash = |bytes: &[u8]| BuiltIn.hash(said.suite, bytes);
        assert_eq!(said.token_digest, hash(token));
        assert_eq!(said.summary_digest, hash(&body.summary));
        assert_eq!(said.policy_digest, hash(&body.policy));
        assert_eq!(said.seal_statement_digest, hash(&body.seal_statement));
        assert_eq!((&said.device_id, &said.wallet_id), (&self.device_id, &self.wallet_id));
        assert!(said.expires > now() && said.expires <= now() + 181);
        Launched {
            subject_no: String::new(),
            answer: said,
            summary: body.summary,
            policy,
            seal_kid: seal.kid,
            seal_key: seal.public_key,
        }
    }

    pub(crate) fn package(&self, launched: &Launched, entries: &[(EntryPurpose, &str)]) -> Submission {
        let to = launched.seal();
        let packaged = |(purpose, typed): &(EntryPurpose, &str)| Packaged {
            purpose: *purpose,
            envelope: seal(launched, &to, *purpose, typed).encode(),
        };
        self.submission(launched, entries.iter().map(packaged).collect())
    }

    /// Any entries, under this device's signature.
    pub(crate) fn submission(&self, launched: &Launched, packaged: Vec<Packaged>) -> Submission {
        let digest = self.digest(launched, &packaged);
        Submission {
            pay_order_no: launched.subject_no.clone(),
            server_nonce: launched.answer.server_nonce,
            packaged,
            evidence: Vec::new(),
            device_signature: self.key.sign(&device_message(&digest)).unwrap().to_vec(),
            biometric: None,
        }
    }

    pub(crate) fn digest(&self, launched: &Launched, packaged: &[Packaged]) -> [u8; 32] {
        request_digest(
            &BuiltIn,
            &RequestParts {
                suite: launched.answer.suite,
                device_id: &self.device_id,
                wallet_id: &self.wallet_id,
                order_digest: &launched.answer.summary_digest,
                packaged,
                biometric: None,
                evidence: b"",
                server_nonce: &launched.answer.server_nonce,
            },
        )
    }

    pub(crate) async fn pay(&self, world: &World, launched: &Launched, password: &str) -> Answer {
        let submission = self.package(launched, &[(EntryPurpose::Password, password)]);
        self.call(world, "/sdk/v1/payments", &submission.encode()).await
    }

    pub(crate) async fn resolve(&self, world: &World, launched: &Launched, digest: [u8; 32]) -> Answer {
        let body = Resolve { server_nonce: launched.answer.server_nonce, request_digest: digest }.encode();
        let path = format!("/sdk/v1/payments/{}/resolve", launched.subject_no);
        self.call(world, &path, &body).await
    }

    pub(crate) fn receipt(&self, cose: &[u8]) -> Receipt {
        Receipt::open(&BuiltIn, &self.roots, cose, now()).unwrap().0
    }

    /// The receipt of a 200.
    pub(crate) fn paid(&self, answer: &Answer) -> Receipt {
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        match SubmissionAnswer::read(&answer.body).unwrap() {
            SubmissionAnswer::Receipt(cose) => self.receipt(&cose),
            SubmissionAnswer::Working { .. } => panic!("still working"),
        }
    }
}

/// To whom an entry is sealed.
#[derive(Clone, Copy)]
pub(crate) struct SealedTo {
    pub(crate) suite: SuiteId,
    pub(crate) kid: u64,
    pub(crate) key: [u8; 65],
}

impl Launched {
    /// As the launch asks for it.
    pub(crate) fn seal(&self) -> SealedTo {
        SealedTo { suite: self.answer.suite, kid: self.seal_kid, key: self.seal_key }
    }
}

/// An entry for this launch, sealed to anybody.
pub(crate) fn seal(launched: &Launched, to: &SealedTo, purpose: EntryPurpose, typed: &str) -> Envelope {
    let answer = &launched.answer;
    let SealedTo { suite, kid, key } = *to;
    let context = Context {
        suite,
        purpose,
        kid,
        server_nonce: answer.server_nonce,
        client_nonce: answer.client_nonce,
        order_digest: answer.summary_digest,
        mode: 0,
        surface: 0,
    };
    let info = context.encode();
    let (encapsulated, mut chain) = SealChain::setup(keys::suite(suite), &key, &info, label::CHAIN).unwrap();
    let plain = [[1, 10].as_slice(), LAYOUT].concat();
    let layout = chain.seal_with(label::LAYOUT, label::LAYOUT, SecretPage::copy_of(&plain).unwrap()).unwrap();
    let slots = typed.bytes().map(|digit| LAYOUT.iter().position(|face| *face == digit).unwrap());
    let mut presses = slots.map(|slot| u8::try_from(slot).unwrap());
    let mut boxes = Vec::new();
    for i in 1..=PRESSES {
        let press = presses.next().unwrap_or(NO_OPERATION);
        boxes.extend(chain.step(&[u8::try_from(i).unwrap()], press).unwrap());
    }
    let transcript = Envelope::transcript(&info, &encapsulated, &layout, &boxes);
    let close = chain.close_with(label::CLOSE, &transcript).unwrap();
    Envelope {
        suite,
        purpose,
        kid,
        client_nonce: answer.client_nonce,
        mode: 0,
        surface: 0,
        encapsulated,
        layout,
        boxes,
        close,
    }
}
