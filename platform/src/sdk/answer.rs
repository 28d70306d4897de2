//! One signature over everything that a launch (or a password setting) hands to the device.

use std::sync::Arc;

use msgpay_wire::{
    Digest, Primitives as _, SuiteId,
    answer::{LaunchAnswer, LaunchBody},
    factors::Way,
    policy::Policy,
    problem::Code,
    trust::{Purpose, Signer as _},
};

use crate::{
    http::reply::Reply,
    keys::{BuiltIn, InstitutionKeys},
    platform::Platform,
    store::{Device, Issued},
};

/// A nonce lives three minutes at most.
const NONCE_MS_MAX: i64 = 180_000;

/// What is about to be handed out: all that the store records and the answer signs.
pub(super) struct Offer {
    pub(super) suite: SuiteId,
    pub(super) token_digest: Digest,
    pub(super) client_nonce: [u8; 16],
    pub(super) server_nonce: [u8; 16],
    pub(super) summary: Vec<u8>,
    pub(super) summary_digest: Digest,
    pub(super) seal_kid: u64,
    pub(super) expires_at_ms: i64,
    /// How the payment may be proven; what the policy says, and the record keeps.
    pub(super) ways: Vec<Way>,
    seal_statement: Vec<u8>,
    /// One set for the whole answer: what is sealed to and what the policy says belong together.
    keys: Arc<InstitutionKeys>,
}

impl Offer {
    /// Prepare one; it is good until `until_ms`, three minutes at most.
    pub(super) fn prepare(
        platform: &Platform,
        suite: SuiteId,
        token: &[u8],
        client_nonce: [u8; 16],
        summary: Vec<u8>,
        until_ms: i64,
    ) -> Result<Self, Reply> {
        let now_ms = platform.clock().now_ms();
        let keys = platform.keys();
        let seal = keys.seal(suite, now_ms.div_euclid(1000)).map_err(|_| Reply::internal("seal key"))?;
        Ok(Self {
            suite,
            token_digest: BuiltIn.hash(suite, token),
            client_nonce,
            server_nonce: msgpay_crypto::random::make().map_err(|_| Reply::internal("randomness"))?,
            summary_digest: BuiltIn.hash(suite, &summary),
            summary,
            seal_kid: seal.kid,
            seal_statement: seal.statement.clone(),
            expires_at_ms: until_ms.min(now_ms + NONCE_MS_MAX),
            ways: vec![Way::by_password()],
            keys,
        })
    }

    /// Sign it for a device, once the store has issued its nonce.
    pub(super) fn sign(self, platform: &Platform, device: &Device, issued: Issued) -> Result<Reply, Reply> {
        let (expires_at_ms, serial) = granted(issued)?;
        let now_s = platform.clock().now_s();
        let policy = self.signed_policy(platform, serial, now_s)?;
        let answer = LaunchAnswer {
            token_digest: self.token_digest,
            client_nonce: self.client_nonce,
            device_id: device.device_id.clone(),
            summary_digest: self.summary_digest,
            policy_digest: BuiltIn.hash(self.suite, &policy),
            seal_statement_digest: BuiltIn.hash(self.suite, &self.seal_statement),
            server_nonce: self.server_nonce,
            expires: seconds(expires_at_ms.div_euclid(1000))?,
            institution_id: platform.institution().id.clone(),
            wallet_id: device.wallet_id.clone(),
            suite: self.suite,
        };
        let signer = self
            .keys
            .signer(Purpose::Summary, self.suite, now_s)
            .map_err(|_| Reply::internal("summary key"))?;
        let answer = signer.sign_object(answer.payload()).map_err(|_| Reply::internal("summary key"))?;
        let seal_statement = self.seal_statement;
        Ok(Reply::cbor(LaunchBody { answer, summary: self.summary, policy, seal_statement }.encode()))
    }

    /// Later policies have larger serials, so that a handset can refuse to go back.
    fn signed_policy(&self, platform: &Platform, serial: u64, now_s: i64) -> Result<Vec<u8>, Reply> {
        let issued = seconds(now_s)?;
        let policy = Policy {
            institution_id: platform.institution().id.clone(),
            serial,
            suites: platform.policy().suites.clone(),
            kinds: vec!["numeric".to_owned()],
            modes: vec![0, 1],
            ways: self.ways.clone(),
            amount_fen_max: u64::try_from(platform.policy().fen_max)
                .map_err(|_| Reply::internal("policy"))?,
            kids_min: self.keys.kids_min(),
            issued,
            expires: issued
                + u64::try_from(platform.policy().valid_s).map_err(|_| Reply::internal("policy"))?,
            device_p256: platform.policy().device_p256,
        };
        let signer = self
            .keys
            .signer(Purpose::Policy, self.suite, now_s)
            .map_err(|_| Reply::internal("policy key"))?;
        signer.sign_object(policy.payload()).map_err(|_| Reply::internal("policy key"))
    }
}

/// What the store said about issuing, in words for the handset.
fn granted(issued: Issued) -> Result<(i64, u64), Reply> {
    let code = match issued {
        Issued::Done { expires_at_ms, policy_serial } => return Ok((expires_at_ms, policy_serial)),
        Issued::Unknown => Code::OrderUnknown,
        Issued::NotYours => {
            return Err(Reply::because(Code::NotAllowed, "This order is for another wallet."));
        }
        Issued::Paid => Code::AlreadyPaid,
        Issued::Closed => Code::Closed,
        Issued::InProgress => Code::InProgress,
        Issued::NoPassword => Code::PasswordState,
        Issued::Locked => Code::Locked,
        Issued::Stopped => {
            return Err(Reply::because(
                Code::NotAllowed,
                "The merchant, this device or its wallet is stopped; ask the institution.",
            ));
        }
        Issued::NotAllowed => {
            return Err(Reply::because(
                Code::PasswordState,
                "No identity check is open for setting a password; the payer needs a new activation code.",
            ));
        }
    };
    Err(Reply::problem(code))
}

/// Whether this device may do something in a suite, by the policy as it stands.
pub(super) fn allowed(platform: &Platform, device: &Device, suite: SuiteId) -> Result<(), Reply> {
    if platform.policy().allows_device(device.suite, suite) {
        Ok(())
    } else {
        Err(Reply::problem(Code::Suite))
    }
}

/// Unix seconds as the wire has them.
pub(super) fn seconds(s: i64) -> Result<u64, Reply> {
    u64::try_from(s).map_err(|_| Reply::internal("clock"))
}
