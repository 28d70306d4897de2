//! A whole small platform for tests: real book, real bank file, real envelopes; only the clock is moved by hand
//! and receipts are "signed" as readable text.

use std::sync::Arc;

use msgpay_crypto::{MacKey, OpeningKey, SealChain, SecretPage, SigningKey, SuiteId};
use msgpay_wire::{
    entry::{Context, EntryPurpose, Envelope, PRESSES, label},
    request::{Packaged, RequestParts, Submission, device_message, request_digest},
};

use super::{Answer, Order, Payments, ReceiptFields, Rules, SignError, Signer};
use crate::{
    bank::{Channel, SimulatedBank},
    check::{self, Finding},
    clock::{Clock, ManualClock},
    config::Policy,
    factors::{Factors, SealKeys},
    ids,
    keys::{self, BuiltIn},
    store::{
        Activated, Created, Device, HttpNonce, Issued, MobileKey, NewLaunch, NewMerchant, NewOrder, NewSetup,
        Store,
    },
};

/// Noon of 2026-11-22 in China.
pub(crate) const NOON_MS: i64 = 1_795_320_000_000;
pub(crate) const MERCHANT: &str = "8980000000000017";
pub(crate) const MOBILE: &str = "19900001234";
pub(crate) const ACCOUNT: &str = "acct-1";
pub(crate) const PASSWORD: &str = "283716";
pub(crate) const WRONG: &str = "283717";
pub(crate) const KID: u64 = 2_026_112_201;
pub(crate) const FUNDS: i64 = 100_000;
/// The layout of every test entry: the character under slot i.
pub(crate) const LAYOUT: &[u8; 10] = b"7301956284";

struct OneKey(Arc<OpeningKey>);
impl SealKeys for OneKey {
    fn opening_key(&self, kid: u64) -> Option<Arc<OpeningKey>> {
        (kid == KID).then(|| Arc::clone(&self.0))
    }
}

struct Text;
impl Signer for Text {
    fn sign_receipt(&self, f: &ReceiptFields) -> Result<Vec<u8>, SignError> {
        Ok(format!("{f:?}").into_bytes())
    }
    fn lasts(&self, _: u64, _: i64, _: i64) -> bool {
        true
    }
}

pub(crate) struct Rig {
    pub(crate) suite: msgpay_wire::SuiteId,
    pub(crate) dir: tempfile::TempDir,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) store: Store,
    pub(crate) bank: SimulatedBank,
    pub(crate) payments: Payments,
    pub(crate) seal_key: [u8; 65],
    pub(crate) device: Device,
    pub(crate) device_key: SigningKey,
    pub(crate) factors: Factors,
}

/// A nonce with what it stands for.
#[derive(Clone)]
pub(crate) struct Shown {
    pub(crate) suite: msgpay_wire::SuiteId,
    pub(crate) subject_no: String,
    pub(crate) nonce: [u8; 16],
    pub(crate) digest: [u8; 32],
}

pub(crate) fn hash(bytes: &[u8]) -> [u8; 32] {
    SuiteId::International.suite().hash(bytes)
}

/// A book with a merchant and an activated device, without a password.
pub(crate) async fn book(dir: &tempfile::TempDir) -> (Arc<ManualClock>, Store, SigningKey, Device) {
    let clock = ManualClock::at(NOON_MS);
    let mobile = MobileKey::from_bytes(&[7; 32]).unwrap();
    let store = Store::open(&dir.path().join("platform.sqlite"), clock.clone(), mobile).await.unwrap();
    let merchant = NewMerchant {
        id: MERCHANT.into(),
        name: "青禾咖啡（示例）".into(),
        notify_host_allow: "localhost".into(),
        lenient: false,
    };
    assert!(store.add_merchant(merchant).await.unwrap());
    let (key, device) = activated(&store).await;
    (clock, store, key, device)
}

/// One more device of the same wallet, after one more identity check.
pub(crate) async fn activated(store: &Store) -> (SigningKey, Device) {
    let code = store.make_activation(MOBILE, ACCOUNT, "示例银行 尾号 0001").await.unwrap().code;
    let key = SigningKey::make(SuiteId::International).unwrap();
    let Activated::Done { device_id, .. } =
        store.activate(&code, msgpay_wire::SuiteId::International, &key.public_key()).await.unwrap()
    else {
        panic!("not activated")
    };
    (key, store.device(&device_id).await.unwrap().unwrap())
}

pub(crate) fn new_order(number: &str, fen: i64) -> NewOrder {
    NewOrder {
        http_nonce: Some(HttpNonce { key_id: "m-key".into(), nonce: hex::encode(ids::nonce16().unwrap()) }),
        merchant_id: MERCHANT.into(),
        merchant_order_no: number.into(),
        order_date: "20261122".into(),
        transaction_type: "01".into(),
        business_type: "NATIVE".into(),
        bank_return_url: "https://localhost/notify".into(),
        merchant_name: "青禾咖啡（示例）".into(),
        amount_fen: fen,
        mobile_no: MOBILE.into(),
        goods_no: None,
        goods_name: Some("拿铁礼盒".into()),
        goods_description: None,
        expire_at_ms: None,
    }
}

impl Rig {
    pub(crate) async fn new() -> Self {
        Self::with(Rules { bank_deadline_ms: 2_000, ..Rules::default() }).await
    }

    /// With a password set through the keypad's own road, and money in the bank.
    pub(crate) async fn with(rules: Rules) -> Self {
        let rig = Self::bare(rules).await;
        assert!(matches!(rig.set(PASSWORD, PASSWORD).await, Answer::Receipt(_)));
        rig
    }

    pub(crate) async fn bare(rules: Rules) -> Self {
        Self::before(rules, |bank| Arc::new(bank)).await
    }

    /// Launches and entries in that suite.
    pub(crate) async fn in_suite(suite: msgpay_wire::SuiteId) -> Self {
        let policy = Policy { suites: vec![suite], device_p256: true, ..Policy::default() };
        let rules = Rules { bank_deadline_ms: 2_000, policy, ..Rules::default() };
        let rig = Self::made(suite, rules, |bank| Arc::new(bank)).await;
        assert!(matches!(rig.set(PASSWORD, PASSWORD).await, Answer::Receipt(_)));
        rig
    }

    /// With something between the platform and its bank.
    pub(crate) async fn before(rules: Rules, line: impl FnOnce(SimulatedBank) -> Arc<dyn Channel>) -> Self {
        Self::made(msgpay_wire::SuiteId::International, rules, line).await
    }

    async fn made(
        suite: msgpay_wire::SuiteId,
        rules: Rules,
        line: impl FnOnce(SimulatedBank) -> Arc<dyn Channel>,
    ) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (clock, store, device_key, device) = book(&dir).await;
        let bank = SimulatedBank::open(&dir.path().join("bank.sqlite"), clock.clone()).await.unwrap();
        assert!(bank.open_account(ACCOUNT, FUNDS).await.unwrap());
        let seal = OpeningKey::make(keys::suite(suite)).unwrap();
        let seal_key = seal.public_key();
        let pepper = MacKey::make(SuiteId::International).unwrap();
        let factors = Factors::start(Arc::new(OneKey(Arc::new(seal))), pepper, Some(2)).unwrap();
        let payments =
            Payments::new(store.clone(), line(bank.clone()), factors.clone(), Arc::new(Text), rules);
        Self { suite, dir, clock, store, bank, payments, seal_key, device, device_key, factors }
    }

    /// The same platform after a restart: nothing is kept but the files.
    pub(crate) fn restarted(&self) -> Payments {
        let rules = Rules { bank_deadline_ms: 2_000, ..Rules::default() };
        Payments::new(
            self.store.clone(),
            Arc::new(self.bank.clone()),
            self.factors.clone(),
            Arc::new(Text),
            rules,
        )
    }

    pub(crate) async fn order(&self, number: &str, fen: i64) -> Order {
        match self.store.create_order(new_order(number, fen)).await.unwrap() {
            Created::New(order) => order,
            other => panic!("not new: {other:?}"),
        }
    }

    pub(crate) async fn try_launch(&self, order: &Order) -> (Issued, Shown) {
        let summary = format!("summary of {}", order.pay_order_no).into_bytes();
        let (nonce, digest) = (ids::nonce16().unwrap(), hash(&summary));
        let has_biometric = self.store.biometric_key(&self.device.device_id).await.unwrap().is_some();
        let issued = self
            .store
            .issue_launch(NewLaunch {
                nonce,
                device_id: self.device.device_id.clone(),
                pay_order_no: order.pay_order_no.clone(),
                order_digest: digest,
                summary,
                token_digest: [1; 32],
                client_nonce: [2; 16],
                suite: self.suite.number(),
                kid: KID,
                expires_at_ms: self.clock.now_ms() + 180_000,
                ways: self.payments.rules.policy.ways(order.amount_fen, has_biometric),
            })
            .await
            .unwrap();
        (issued, Shown { suite: self.suite, subject_no: order.pay_order_no.clone(), nonce, digest })
    }

    pub(crate) async fn launch(&self, order: &Order) -> Shown {
        let (issued, shown) = self.try_launch(order).await;
        assert!(matches!(issued, Issued::Done { .. }), "{issued:?}");
        shown
    }

    pub(crate) async fn try_setup(&self) -> (Issued, Shown) {
        let (subject_no, nonce) = (ids::setup_no().unwrap(), ids::nonce16().unwrap());
        let shown = Shown { suite: self.suite, subject_no, nonce, digest: [9; 32] };
        let issued = self
            .store
            .issue_setup(NewSetup {
                nonce: shown.nonce,
                device_id: self.device.device_id.clone(),
                setup_no: shown.subject_no.clone(),
                order_digest: shown.digest,
                summary: b"password summary".to_vec(),
                token_digest: hash(b""),
                client_nonce: [2; 16],
                suite: self.suite.number(),
                kid: KID,
                expires_at_ms: self.clock.now_ms() + 180_000,
            })
            .await
            .unwrap();
        (issued, shown)
    }

    /// Sets the password by two entries.
    pub(crate) async fn set(&self, new: &str, repeat: &str) -> Answer {
        let (issued, shown) = self.try_setup().await;
        assert!(matches!(issued, Issued::Done { .. }), "{issued:?}");
        let packaged = vec![
            self.packaged(&shown, EntryPurpose::PasswordNew, new),
            self.packaged(&shown, EntryPurpose::PasswordRepeat, repeat),
        ];
        self.payments.set_password(&self.device, self.signed(&shown, packaged)).await.unwrap()
    }

    pub(crate) fn packaged(&self, shown: &Shown, purpose: EntryPurpose, digits: &str) -> Packaged {
        Packaged { purpose, envelope: sealed(&self.seal_key, KID, shown, purpose, digits).encode() }
    }

    /// Signed by the device, as the handset does.
    pub(crate) fn signed(&self, shown: &Shown, packaged: Vec<Packaged>) -> Submission {
        self.signed_by(&self.device_key, shown, packaged)
    }

    pub(crate) fn signed_by(&self, key: &SigningKey, shown: &Shown, packaged: Vec<Packaged>) -> Submission {
        let digest = self.digest(shown, &packaged);
        Submission {
            pay_order_no: shown.subject_no.clone(),
            server_nonce: shown.nonce,
            packaged,
            evidence: Vec::new(),
            device_signature: key.sign(&device_message(&digest)).unwrap().to_vec(),
            biometric: None,
        }
    }

    pub(crate) fn digest(&self, shown: &Shown, packaged: &[Packaged]) -> [u8; 32] {
        request_digest(
            &BuiltIn,
            &RequestParts {
                suite: shown.suite,
                device_id: &self.device.device_id,
                wallet_id: &self.device.wallet_id,
                order_digest: &shown.digest,
                packaged,
                biometric: None,
                evidence: b"",
                server_nonce: &shown.nonce,
            },
        )
    }

    pub(crate) fn entry(&self, shown: &Shown, digits: &str) -> Submission {
        self.signed(shown, vec![self.packaged(shown, EntryPurpose::Password, digits)])
    }

    /// Launches, types, sends.
    pub(crate) async fn pay(&self, order: &Order, digits: &str) -> Answer {
        let shown = self.launch(order).await;
        self.payments.submit(&self.device, self.entry(&shown, digits)).await.unwrap()
    }

    pub(crate) async fn resolve(&self, request: &Submission, shown: &Shown) -> Answer {
        let digest = self.digest(shown, &request.packaged);
        self.payments.resolve(&self.device, &shown.subject_no, &shown.nonce, &digest).await.unwrap()
    }

    pub(crate) async fn debited(&self) -> i64 {
        FUNDS - self.bank.balance(ACCOUNT).await.unwrap().unwrap()
    }

    pub(crate) async fn fails(&self) -> i64 {
        let (fails,): (i64,) =
            sqlx::query_as("SELECT fails FROM password_state").fetch_one(self.store.read()).await.unwrap();
        fails
    }

    pub(crate) async fn findings(&self) -> Vec<Finding> {
        self.store.seal_audit().await.unwrap();
        check::check(&self.store, Some(&self.bank)).await.unwrap()
    }
}

/// What the keypad makes of typed digits.
pub(crate) fn sealed(
    seal_key: &[u8; 65],
    kid: u64,
    shown: &Shown,
    purpose: EntryPurpose,
    digits: &str,
) -> Envelope {
    sealed_in_mode(seal_key, kid, shown, purpose, digits, 0)
}

pub(crate) fn sealed_in_mode(
    seal_key: &[u8; 65],
    kid: u64,
    shown: &Shown,
    purpose: EntryPurpose,
    digits: &str,
    mode: u64,
) -> Envelope {
    let layout = [&[1, 10], &LAYOUT[..]].concat();
    sealed_slots(seal_key, kid, shown, purpose, (&layout, &slots(digits)), mode)
}

/// The slots of digits in the layout of every test entry.
pub(crate) fn slots(digits: &str) -> Vec<u8> {
    digits.bytes().map(|c| u8::try_from(LAYOUT.iter().position(|l| *l == c).unwrap()).unwrap()).collect()
}

/// What a keypad could make that is none of ours: any layout, any presses.
pub(crate) fn sealed_slots(
    seal_key: &[u8; 65],
    kid: u64,
    shown: &Shown,
    purpose: EntryPurpose,
    (plain, slots): (&[u8], &[u8]),
    mode: u64,
) -> Envelope {
    let suite = shown.suite;
    let context = Context {
        suite,
        purpose,
        kid,
        server_nonce: shown.nonce,
        client_nonce: [2; 16],
        order_digest: shown.digest,
        mode,
        surface: 0,
    }
    .encode();
    let (encapsulated, mut chain) =
        SealChain::setup(keys::suite(suite), seal_key, &context, label::CHAIN).unwrap();
    let layout = chain.seal_with(label::LAYOUT, label::LAYOUT, SecretPage::copy_of(plain).unwrap()).unwrap();
    let mut presses = slots.to_vec();
    presses.resize(PRESSES, msgpay_wire::entry::NO_OPERATION);
    let mut boxes = Vec::new();
    for (i, press) in (1..).zip(presses) {
        boxes.extend(chain.step(&[i], press).unwrap());
    }
    let transcript = Envelope::transcript(&context, &encapsulated, &layout, &boxes);
    let close = chain.close_with(label::CLOSE, &transcript).unwrap();
    Envelope {
        suite,
        purpose,
        kid,
        client_nonce: [2; 16],
        mode,
        surface: 0,
        encapsulated,
        layout,
        boxes,
        close,
    }
}
