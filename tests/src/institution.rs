//! A stand-in for the platform, made from the formats alone: it signs what a test tells it to sign, true or false,
//! and keeps the private halves where a test can use them.

use msgpay_crypto::{Error, SecretPage, SigningKey};
use msgpay_sdk_core::{Answer, Config, Institution as Known, Root};
use msgpay_suites::of_wire;
use msgpay_wire::answer::{LaunchAnswer, LaunchBody};
use msgpay_wire::factors::Way;
use msgpay_wire::launch::{LaunchToken, Link, wallet_binding};
use msgpay_wire::policy::Policy;
use msgpay_wire::request::{Activated, Activation, Launch};
use msgpay_wire::summary::Summary;
use msgpay_wire::trust::{KeyStatement, Purpose, Signer};
use msgpay_wire::{Fen, FormatError, Primitives as _, SuiteId};

/// The institution's id in every statement.
pub const ID: &str = "WALLET_T";
/// The moment at which the stand-in lives, unix seconds.
pub const NOW: u64 = 1_800_000_000;
/// The wallet of its only user.
pub const WALLET: &str = "W0001";
/// The device of its only user.
pub const DEVICE: &str = "D0001";
/// Number of the seal key.
pub const SEAL_KID: u64 = 2_026_112_205;

pub use msgpay_suites::Suites as Crypto;

/// Why the stand-in could not do what a test asked of it.
#[derive(Debug)]
pub enum Fault {
    /// A key operation failed.
    Crypto(Error),
    /// The handset sent something of another form.
    Format(FormatError),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Crypto(error)
    }
}

impl From<FormatError> for Fault {
    fn from(error: FormatError) -> Self {
        Self::Format(error)
    }
}

/// A key with the statement that the root signed for it.
pub struct Key {
    key: SigningKey,
    suite: SuiteId,
    kid: u64,
    statement: Vec<u8>,
}

impl Signer for Key {
    type Error = Error;

    fn suite(&self) -> SuiteId {
        self.suite
    }

    fn kid(&self) -> u64 {
        self.kid
    }

    fn statement(&self) -> &[u8] {
        &self.statement
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        self.key.sign(message).map(|signature| signature.to_vec())
    }
}

/// The stand-in.
pub struct Institution {
    /// The suite in which it does everything.
    pub suite: SuiteId,
    root: SigningKey,
    /// Signs launch tokens.
    pub launch: Key,
    /// Signs launch answers and activations.
    pub summary: Key,
    /// Signs policies.
    pub policy: Key,
    /// Signs receipts.
    pub receipt: Key,
    /// The seal key's private half, for the openers.
    pub seal_scalar: [u8; 32],
    seal_statement: Vec<u8>,
}

const ROOT_KID: u64 = 2_026_112_201;

impl Institution {
    /// Makes all keys.
    ///
    /// # Errors
    /// [`Fault::Crypto`].
    pub fn make(suite: SuiteId) -> Result<Self, Fault> {
        let root = SigningKey::make(of_wire(suite))?;
        let statement = |purpose, kid, public_key| {
            KeyStatement {
                institution_id: ID.into(),
                purpose,
                kid,
                suite,
                public_key,
                not_before: NOW - 1_000,
                not_after: NOW + 100_000,
            }
            .sign(suite, ROOT_KID, |message| root.sign(message).map(|s| s.to_vec()))
        };
        let key = |purpose, kid| -> Result<Key, Error> {
            let key = SigningKey::make(of_wire(suite))?;
            let statement = statement(purpose, kid, key.public_key())?;
            Ok(Key { key, suite, kid, statement })
        };
        let (seal_scalar, seal_public) = make_seal_key(suite)?;
        Ok(Self {
            launch: key(Purpose::Launch, 2_026_112_202)?,
            summary: key(Purpose::Summary, 2_026_112_203)?,
            policy: key(Purpose::Policy, 2_026_112_204)?,
            receipt: key(Purpose::Receipt, 2_026_112_206)?,
            seal_statement: statement(Purpose::Seal, SEAL_KID, seal_public)?,
            seal_scalar,
            suite,
            root,
        })
    }

    /// What an application that trusts this institution is configured with.
    ///
    /// # Errors
    /// Whatever the core refuses about it.
    pub fn config(&self) -> Result<Config, msgpay_sdk_core::ConfigFault> {
        Config::new(vec![Known {
            id: ID.into(),
            name: "示例钱包".into(),
            base_url: "https://wallet.example".into(),
            suites: vec![self.suite],
            device_suite: self.suite,
            roots: vec![Root::of(ROOT_KID, self.suite, self.root.public_key())],
            spki_pins: vec![[0; 32]],
            authorities: Vec::new(),
        }])
    }

    /// Answers `POST /sdk/v1/activations`.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn activated(&self, body: &[u8]) -> Result<Answer, Fault> {
        let asked = Activation::read(body)?;
        let payload = Activated {
            institution_id: ID.into(),
            wallet_id: WALLET.into(),
            device_id: DEVICE.into(),
            client_nonce: asked.client_nonce,
            device_key_digest: Crypto.hash(self.suite, &asked.device_key),
        }
        .payload();
        Ok(answer(self.summary.sign_object(payload)?))
    }

    /// The link of a pay card.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn link(&self, pay_order_no: &str) -> Result<String, Fault> {
        let nonce = [9; 16];
        let token = LaunchToken {
            institution_id: ID.into(),
            merchant_id: "8980000000000001".into(),
            pay_order_no: pay_order_no.into(),
            wallet_binding: wallet_binding(&Crypto, self.suite, WALLET, &nonce),
            nonce,
            suite: self.suite,
            expires: NOW + 1_800,
        };
        let token = self.launch.sign_object(token.payload())?;
        Ok(Link { pay_order_no: pay_order_no.into(), token }.text())
    }

    /// Answers `POST /sdk/v1/launches` with this summary under this nonce.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn launched(&self, body: &[u8], summary: &Summary, server_nonce: [u8; 16]) -> Result<Answer, Fault> {
        let asked = Launch::read(body)?;
        let hash = |bytes: &[u8]| Crypto.hash(self.suite, bytes);
        let (summary, policy) = (summary.encode(), self.policy.sign_object(policy(self.suite).payload())?);
        let signed = LaunchAnswer {
            token_digest: hash(&asked.token),
            client_nonce: asked.client_nonce,
            device_id: DEVICE.into(),
            summary_digest: hash(&summary),
            policy_digest: hash(&policy),
            seal_statement_digest: hash(&self.seal_statement),
            server_nonce,
            expires: NOW + 180,
            institution_id: ID.into(),
            wallet_id: WALLET.into(),
            suite: self.suite,
        };
        let body = LaunchBody {
            answer: self.summary.sign_object(signed.payload())?,
            summary,
            policy,
            seal_statement: self.seal_statement.clone(),
        };
        Ok(answer(body.encode()))
    }
}

/// A summary to pay.
///
/// # Errors
/// [`Fault::Format`] when the amount is none.
pub fn summary(pay_order_no: &str, payee_name: &str, fen: i64) -> Result<Summary, Fault> {
    let refused = FormatError { what: "amount", defect: msgpay_wire::Defect::Value(6) };
    Ok(Summary {
        institution_id: ID.into(),
        wallet_id: WALLET.into(),
        pay_order_no: pay_order_no.into(),
        payee_id: "8980000000000001".into(),
        payee_name: payee_name.into(),
        amount: Fen::new(fen).map_err(|_| refused)?,
        item: "拿铁 2 杯".into(),
        expires: NOW + 1_800,
        claimed_name: None,
        funding: "余额".into(),
    })
}

/// An answer of status 200.
pub fn answer(body: Vec<u8>) -> Answer {
    Answer { status: 200, content_type: "application/cbor".into(), body }
}

fn policy(suite: SuiteId) -> Policy {
    Policy {
        institution_id: ID.into(),
        serial: 1,
        suites: vec![suite],
        kinds: vec!["numeric".into()],
        modes: vec![0],
        ways: vec![Way::by_password()],
        amount_fen_max: 5_000_000,
        kids_min: vec![(suite, Purpose::Receipt, 1)],
        issued: NOW - 10,
        expires: NOW + 86_400,
        device_p256: false,
    }
}

/// A seal key whose scalar the test keeps, which the product would never do.
fn make_seal_key(suite: SuiteId) -> Result<([u8; 32], [u8; 65]), Error> {
    let scalar: [u8; 32] = msgpay_crypto::random::make()?;
    let page = SecretPage::copy_of(&scalar)?;
    let public = SigningKey::from_scalar(of_wire(suite), &page)?.public_key();
    Ok((scalar, public))
}
