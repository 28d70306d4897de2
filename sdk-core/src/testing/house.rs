//! The institution: signs, opens, counts and settles as the protocol says, in memory.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use msgpay_crypto::{self as crypto, OpeningKey, SigningKey};
use msgpay_wire::{
    Digest, Fen, Primitives as _, SuiteId,
    answer::{LaunchAnswer, LaunchBody},
    entry::Envelope,
    factors::Way,
    httpsig::{Message, Signed, Tag, check_content_digest},
    launch::{LaunchToken, Link, wallet_binding},
    policy::Policy,
    problem::Code,
    receipt::{Receipt, Verdict},
    request::{self, Activated, Activation, Launch, RequestParts, Resolve, Submission, SubmissionAnswer},
    summary::{PasswordSummary, Summary},
    trust::{Purpose, Signer as _},
};

use super::{
    ManualClock,
    books::{Done, Nonce, Order, State},
    certified::Certified,
    desk::{Opened, RootKey, certify, good, now_s, open_envelope, refused},
};
use crate::{
    Answer, Institution, Request, Root,
    trust::{self, Crypto},
};

pub(crate) const PASSWORD: &[u8] = b"408192";
pub(super) const DEVICE: &str = "D-1";
pub(super) const WALLET: &str = "W-1";

pub(crate) struct House {
    pub(crate) id: String,
    pub(crate) suite: SuiteId,
    pub(super) root: RootKey,
    pub(super) seal: OpeningKey,
    pub(crate) seal_statement: Vec<u8>,
    pub(super) keys: BTreeMap<Purpose, Certified>,
    pub(super) clock: Arc<ManualClock>,
    state: Mutex<State>,
}

impl House {
    pub(crate) fn make(id: &str, clock: Arc<ManualClock>) -> Self {
        Self::make_in(SuiteId::International, id, clock)
    }

    /// In one suite; two of one id are one institution with keys of both.
    pub(crate) fn make_in(suite: SuiteId, id: &str, clock: Arc<ManualClock>) -> Self {
        let of = trust::suite(suite);
        let root = RootKey { key: SigningKey::make(of).unwrap(), kid: 2_026_112_200 + suite.number(), suite };
        let seal = OpeningKey::make(of).unwrap();
        let certify =
            |purpose, kid, public_key| certify(&root, id, (suite, purpose), kid, public_key, now_s(&clock));
        let seal_statement = certify(Purpose::Seal, 11, seal.public_key());
        let keys = [Purpose::Summary, Purpose::Receipt, Purpose::Launch, Purpose::Policy].into_iter();
        let keys = keys.zip(12..).map(|(purpose, kid)| {
            let key = SigningKey::make(of).unwrap();
            let statement = certify(purpose, kid, key.public_key());
            (purpose, Certified { key, suite, kid, statement })
        });
        let keys = keys.collect();
        let policy = Policy {
            institution_id: id.to_owned(),
            serial: 3,
            suites: vec![suite],
            kinds: vec!["numeric".into()],
            modes: vec![0],
            ways: vec![Way::by_password()],
            amount_fen_max: 5_000_000,
            kids_min: vec![(suite, Purpose::Seal, 11), (suite, Purpose::Receipt, 13)],
            issued: now_s(&clock) - 60,
            expires: now_s(&clock) + 86_400,
            device_p256: false,
        };
        let state = Mutex::new(State { policy: Some(policy), ..State::default() });
        Self { id: id.to_owned(), suite, root, seal, seal_statement, keys, clock, state }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub(crate) fn pinned(&self) -> Institution {
        Institution {
            id: self.id.clone(),
            name: format!("钱包 {}", self.id),
            base_url: format!("https://{}.example", self.id.to_lowercase().replace('_', "-")),
            suites: vec![self.suite],
            device_suite: self.suite,
            roots: vec![Root::of(self.root.kid, self.suite, self.root.key.public_key())],
            spki_pins: vec![[0; 32]],
            authorities: Vec::new(),
        }
    }

    pub(crate) fn sign(&self, purpose: Purpose, payload: Vec<u8>) -> Vec<u8> {
        self.keys[&purpose].sign_object(payload).unwrap()
    }

    pub(crate) fn token(&self, order_no: &str) -> LaunchToken {
        let nonce = crypto::random::make().unwrap();
        LaunchToken {
            institution_id: self.id.clone(),
            merchant_id: self.state().orders[order_no].merchant.clone(),
            pay_order_no: order_no.to_owned(),
            wallet_binding: wallet_binding(&Crypto, self.suite, WALLET, &nonce),
            nonce,
            suite: self.suite,
            expires: now_s(&self.clock) + 1_800,
        }
    }

    pub(crate) fn link_of(&self, token: &LaunchToken) -> String {
        let token_bytes = self.sign(Purpose::Launch, token.payload());
        Link { pay_order_no: token.pay_order_no.clone(), token: token_bytes }.text()
    }

    /// A new order and its link.
    pub(crate) fn order(&self, order_no: &str, fen: i64) -> String {
        let order = Order { merchant: "M-1".into(), fen, paid: 0, attempts: 0 };
        self.state().orders.insert(order_no.to_owned(), order);
        self.link_of(&self.token(order_no))
    }

    pub(crate) fn paid(&self, order_no: &str) -> u32 {
        self.state().orders[order_no].paid
    }

    pub(crate) fn serve(&self, request: &Request) -> Answer {
        let path = request.url.strip_prefix(&self.pinned().base_url).unwrap().to_owned();
        self.state().calls.push(path.clone());
        if path == "/sdk/v1/activations" {
            return self.activate(request);
        }
        if self.authenticated(request).is_none() {
            return refused(Code::Signature, None);
        }
        match path.as_str() {
            "/sdk/v1/launches" => self.launch(&Launch::read(&request.body).unwrap()),
            "/sdk/v1/password-setups" => self.set_up(request),
            "/sdk/v1/biometric-setups" => self.begin_enrolment(request),
            "/sdk/v1/biometrics" => self.enrol(&request.body),
            "/sdk/v1/payments" | "/sdk/v1/passwords" => {
                self.submit(&Submission::read(&request.body).unwrap())
            }
            _ => self.resolve(&Resolve::read(&request.body).unwrap()),
        }
    }

    fn authenticated(&self, request: &Request) -> Option<()> {
        let message = Message::request(request.method, &request.url, request.headers.clone());
        let suite = self.state().device_suite?;
        check_content_digest(&Crypto, suite, &message, &request.body).ok()?;
        let signed = Signed::read(&message).ok()?;
        let key = self.state().device_key.filter(|_| signed.keyid == DEVICE)?;
        let now = i64::try_from(now_s(&self.clock)).unwrap();
        signed.verify(&Crypto, &message, Tag::Device, (suite, &key), now).ok()?;
        self.state().http_nonces.insert(signed.nonce.clone()).then_some(())
    }

    fn activate(&self, request: &Request) -> Answer {
        let asked = Activation::read(&request.body).unwrap();
        let known = self.state().device_key.is_none_or(|key| key == asked.device_key);
        if *asked.code != "CODE-1"
            || asked.suite != self.suite
            || !known
            || !Crypto.verify(asked.device_suite, &asked.device_key, &asked.message(), &asked.signature)
        {
            return refused(Code::Activation, None);
        }
        self.state().device_key = Some(asked.device_key);
        self.state().device_suite = Some(asked.device_suite);
        let activated = Activated {
            institution_id: self.id.clone(),
            wallet_id: WALLET.to_owned(),
            device_id: DEVICE.to_owned(),
            client_nonce: asked.client_nonce,
            device_key_digest: Crypto.hash(self.suite, &asked.device_key),
        };
        good(self.sign(Purpose::Summary, activated.payload()))
    }

    fn launch(&self, asked: &Launch) -> Answer {
        let roots = crate::trust::roots(&self.pinned());
        let opened = LaunchToken::open(&Crypto, &roots, &asked.token, now_s(&self.clock));
        let Ok((token, _)) = opened else { return refused(Code::NotAllowed, None) };
        let order = self.state().orders[&token.pay_order_no].clone();
        if order.paid > 0 {
            return refused(Code::AlreadyPaid, None);
        }
        let summary = Summary {
            institution_id: self.id.clone(),
            wallet_id: WALLET.into(),
            pay_order_no: token.pay_order_no.clone(),
            payee_id: order.merchant,
            payee_name: "青禾咖啡".into(),
            amount: Fen::new(order.fen).unwrap(),
            item: "燕麦拿铁".into(),
            expires: now_s(&self.clock) + 1_800,
            claimed_name: None,
            funding: "示例银行 尾号 0001".into(),
        };
        let token_digest = Crypto.hash(self.suite, &asked.token);
        self.hand_out(&token.pay_order_no, token_digest, asked.client_nonce, summary.encode())
    }

    fn set_up(&self, request: &Request) -> Answer {
        let asked = request::Setup::read(&request.body).unwrap();
        let summary = PasswordSummary {
            institution_id: self.id.clone(),
            wallet_id: WALLET.into(),
            setup_no: "S1".into(),
            mobile_masked: "199****1234".into(),
            expires: now_s(&self.clock) + 180,
        };
        self.hand_out("S1", Crypto.hash(self.suite, b""), asked.client_nonce, summary.encode())
    }

    pub(super) fn hand_out(
        &self,
        subject: &str,
        token_digest: Digest,
        client_nonce: [u8; 16],
        summary: Vec<u8>,
    ) -> Answer {
        let (hash, server_nonce) = (|b: &[u8]| Crypto.hash(self.suite, b), crypto::random::make().unwrap());
        let order_digest = hash(&summary);
        let nonce = Nonce { subject: subject.to_owned(), order_digest, result: None };
        self.state().nonces.insert(server_nonce, nonce);
        let policy = self.state().policy.clone().unwrap();
        let policy = self.sign(Purpose::Policy, policy.payload());
        let answer = LaunchAnswer {
            token_digest,
            client_nonce,
            device_id: DEVICE.into(),
            summary_digest: order_digest,
            policy_digest: hash(&policy),
            seal_statement_digest: hash(&self.seal_statement),
            server_nonce,
            expires: now_s(&self.clock) + 180,
            institution_id: self.id.clone(),
            wallet_id: WALLET.into(),
            suite: self.suite,
        };
        let answer = self.sign(Purpose::Summary, answer.payload());
        good(LaunchBody { answer, summary, policy, seal_statement: self.seal_statement.clone() }.encode())
    }

    fn submit(&self, asked: &Submission) -> Answer {
        let (order_digest, request_digest) = match self.taken(asked) {
            Ok(digests) => digests,
            Err(code) => return refused(code, None),
        };
        let mut receipt = self.receipt(asked, order_digest, request_digest);
        if let Some(code) = self.factors_refused(asked, &request_digest) {
            (receipt.verdict, receipt.reason) = (Verdict::Fail, code.code().to_owned());
            return self.finish(asked, receipt);
        }
        let Some(opened) = self.opened(asked, order_digest) else { return refused(Code::Unopenable, None) };
        match opened.as_slice() {
            [] => self.pay(&receipt.pay_order_no),
            [(_, typed)] if self.is_right(&mut receipt, typed) => self.pay(&receipt.pay_order_no),
            [_] => (),
            [(_, first), (_, again)] if first == again => self.state().password = Some(first.clone()),
            _ => (receipt.verdict, receipt.reason) = (Verdict::Fail, Code::PasswordsDiffer.code().to_owned()),
        }
        self.finish(asked, receipt)
    }

    /// Order digest and request digest of a request that the device has signed, on a fresh nonce.
    pub(super) fn taken(&self, asked: &Submission) -> Result<(Digest, Digest), Code> {
        let order_digest = match self.state().nonces.get(&asked.server_nonce) {
            Some(nonce) if nonce.result.is_none() && nonce.subject == asked.pay_order_no => {
                nonce.order_digest
            }
            _ => return Err(Code::NonceSpent),
        };
        let parts = RequestParts {
            suite: self.suite,
            device_id: DEVICE,
            wallet_id: WALLET,
            order_digest: &order_digest,
            packaged: &asked.packaged,
            biometric: asked.biometric.as_ref().map(|touched| &touched.kid),
            evidence: &asked.evidence,
            server_nonce: &asked.server_nonce,
        };
        let request_digest = request::request_digest(&Crypto, &parts);
        let key = self.state().device_key.unwrap();
        let of = self.state().device_suite.unwrap();
        let message = request::device_message(&request_digest);
        if !Crypto.verify(of, &key, &message, &asked.device_signature) {
            return Err(Code::Signature);
        }
        Ok((order_digest, request_digest))
    }

    pub(super) fn opened(&self, asked: &Submission, order_digest: Digest) -> Option<Vec<Opened>> {
        let open = |p: &request::Packaged| {
            self.open(&p.envelope, asked.server_nonce, order_digest).filter(|(of, _)| *of == p.purpose)
        };
        asked.packaged.iter().map(open).collect()
    }

    /// One fresh receipt, before anything was judged.
    pub(super) fn receipt(
        &self,
        asked: &Submission,
        order_digest: Digest,
        request_digest: Digest,
    ) -> Receipt {
        let mut state = self.state();
        let attempt = state.orders.get_mut(&asked.pay_order_no).map_or(1, |order| {
            order.attempts += 1;
            order.attempts
        });
        Receipt {
            institution_id: self.id.clone(),
            suite: self.suite,
            device_id: DEVICE.into(),
            pay_order_no: asked.pay_order_no.clone(),
            order_digest,
            request_digest,
            verdict: Verdict::Success,
            reason: String::new(),
            time: now_s(&self.clock),
            attempt,
            tries_left: None,
        }
    }

    /// Whether the password is right; the receipt says so when it is not.
    pub(super) fn is_right(&self, receipt: &mut Receipt, typed: &[u8]) -> bool {
        let mut state = self.state();
        if state.password.as_deref() == Some(typed) {
            state.wrong = 0;
            return true;
        }
        state.wrong += 1;
        receipt.verdict = Verdict::Fail;
        let locked = state.wrong >= 5;
        receipt.reason = if locked { Code::Locked } else { Code::WrongPassword }.code().to_owned();
        receipt.tries_left = Some(5 - state.wrong.min(5));
        false
    }

    fn pay(&self, order_no: &str) {
        self.state().orders.get_mut(order_no).unwrap().paid += 1;
    }

    pub(super) fn finish(&self, asked: &Submission, receipt: Receipt) -> Answer {
        let slow = self.state().bank_slow;
        let signed = self.sign(Purpose::Receipt, receipt.payload());
        let (verdict, reason) = (receipt.verdict, receipt.reason.clone());
        let done = if slow { Done::Working(Box::new(receipt)) } else { Done::Receipt(signed.clone()) };
        self.state().nonces.get_mut(&asked.server_nonce).unwrap().result = Some(done);
        if slow {
            return Answer {
                status: 202,
                ..good(SubmissionAnswer::Working { retry_after_ms: 400 }.encode())
            };
        }
        match verdict {
            Verdict::Fail => refused(Code::from_code(&reason).unwrap(), Some(signed)),
            _ => good(SubmissionAnswer::Receipt(signed).encode()),
        }
    }

    fn open(&self, bytes: &[u8], server_nonce: [u8; 16], order_digest: Digest) -> Option<Opened> {
        let envelope = Envelope::read(bytes).ok()?;
        let typed = open_envelope(&self.seal, &envelope, server_nonce, order_digest)?;
        Some((envelope.purpose, typed))
    }
}
