//! A stand-in for the platform, made from the formats alone: it signs what a test tells it to sign, true or false,
//! and keeps the private halves where a test can use them.

use msgpay_crypto::{Error, SecretPage, SigningKey, SuiteId as Suite};
use msgpay_sdk_core::{Answer, Config, Institution as Known, Root};
use msgpay_wire::answer::{LaunchAnswer, LaunchBody};
use msgpay_wire::launch::{LaunchToken, Link, wallet_binding};
use msgpay_wire::policy::Policy;
use msgpay_wire::request::{Activated, Activation, Launch};
use msgpay_wire::summary::Summary;
use msgpay_wire::trust::{KeyStatement, Purpose, Signer};
use msgpay_wire::{Digest, Fen, FormatError, Primitives, SuiteId};

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

/// The suites of `msgpay-crypto` as the wire asks for them.
pub struct Crypto;

impl Primitives for Crypto {
    fn hash(&self, _: SuiteId, bytes: &[u8]) -> Digest {
        Suite::International.suite().hash(bytes)
    }

    fn verify(&self, _: SuiteId, public_key: &[u8], message: &[u8], signature: &[u8]) -> bool {
        Suite::International.suite().verify(public_key, message, signature).is_ok()
    }
}

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
    kid: u64,
    statement: Vec<u8>,
}

impl Signer for Key {
    type Error = Error;

    fn suite(&self) -> SuiteId {
        SuiteId::International
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
    pub fn make() -> Result<Self, Fault> {
        let root = SigningKey::make(Suite::International)?;
        let statement = |purpose, kid, public_key| {
            KeyStatement {
                institution_id: ID.into(),
                purpose,
                kid,
                suite: SuiteId::International,
                public_key,
                not_before: NOW - 1_000,
                not_after: NOW + 100_000,
            }
            .sign(SuiteId::International, ROOT_KID, |message| root.sign(message).map(|s| s.to_vec()))
        };
        let key = |purpose, kid| -> Result<Key, Error> {
            let key = SigningKey::make(Suite::International)?;
            let statement = statement(purpose, kid, key.public_key())?;
            Ok(Key { key, kid, statement })
        };
        let (seal_scalar, seal_public) = make_seal_key()?;
        Ok(Self {
            launch: key(Purpose::Launch, 2_026_112_202)?,
            summary: key(Purpose::Summary, 2_026_112_203)?,
            policy: key(Purpose::Policy, 2_026_112_204)?,
            receipt: key(Purpose::Receipt, 2_026_112_206)?,
            seal_statement: statement(Purpose::Seal, SEAL_KID, seal_public)?,
            seal_scalar,
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
            roots: vec![Root { kid: ROOT_KID, public_key: self.root.public_key() }],
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
            device_key_digest: Crypto.hash(SuiteId::International, &asked.device_key),
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
            wallet_binding: wallet_binding(&Crypto, SuiteId::International, WALLET, &nonce),
            nonce,
            suite: SuiteId::International,
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
        let hash = |bytes: &[u8]| Crypto.hash(SuiteId::International, bytes);
        let (summary, policy) = (summary.encode(), self.policy.sign_object(policy().payload())?);
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
            suite: SuiteId::International,
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

fn policy() -> Policy {
    Policy {
        institution_id: ID.into(),
        serial: 1,
        suites: vec![SuiteId::International],
        kinds: vec!["numeric".into()],
        modes: vec![0],
        factors: vec!["password".into(), "device".into()],
        amount_fen_max: 5_000_000,
        kids_min: vec![(Purpose::Receipt, 1)],
        issued: NOW - 10,
        expires: NOW + 86_400,
    }
}

/// A seal key whose scalar the test keeps, which the product would never do.
fn make_seal_key() -> Result<([u8; 32], [u8; 65]), Error> {
    let scalar: [u8; 32] = msgpay_crypto::random::make()?;
    let page = SecretPage::copy_of(&scalar)?;
    let public = SigningKey::from_scalar(Suite::International, &page)?.public_key();
    Ok((scalar, public))
}
