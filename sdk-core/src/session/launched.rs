//! The answer to a launch, believed: every digest, nonce and name in it is compared with what this handset knows.

use msgpay_wire::{
    Digest, Primitives as _, SuiteId,
    answer::{LaunchAnswer, LaunchBody},
    policy::Policy,
    trust::{Distrust, KeyStatement, Purpose},
};

use super::Core;
use crate::{
    config::Institution,
    environment::{Need, NotCleared},
    failure::HostFault,
    host::{Answer, Clock},
    keypad::{Allowed, Binding, Entry, Kind, WALLET_PASSWORD_LENGTH},
    outcome::{Reason, Todo, Why},
    outgoing,
    records::{Believed, Membership, PolicySeen},
    trust::{self, Crypto},
};
use msgpay_wire::entry::EntryPurpose;
use std::sync::Arc;

/// A server nonce lives no longer, by protocol; measured on the clock that counts sleep.
const NONCE_MS_MAX: u64 = 180_000;

/// What was asked, to compare the answer with.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) membership: Membership,
    pub(super) client_nonce: [u8; 16],
    /// Digest of the launch token; of nothing for a setting.
    pub(super) token_digest: Digest,
    /// Key that signed the token.
    pub(super) launch_key: Option<KeyStatement>,
    pub(super) suite: SuiteId,
    /// Time of asking, on the clock that counts sleep as well.
    pub(super) at_ms: u64,
}

impl Asked {
    /// What is asked for a setting: no link leads to it.
    pub(super) fn without_link(
        core: &Core,
        membership: Membership,
        suite: SuiteId,
    ) -> Result<Self, HostFault> {
        Ok(Self {
            membership,
            client_nonce: outgoing::nonce()?,
            token_digest: Crypto.hash(suite, b""),
            launch_key: None,
            suite,
            at_ms: core.host.clock.boot_ms(),
        })
    }

    /// What it needs of the policy when no money moves.
    pub(super) fn need(&self, kind: &'static str) -> Need {
        let Membership { key_suite: device, biometric, .. } = &self.membership;
        let biometric = biometric.as_ref().map(|key| key.suite);
        Need { suite: self.suite, device: *device, kind, biometric, amount: None }
    }
}

/// A launch that the institution answered, verified.
pub(super) struct Launched {
    pub(super) membership: Membership,
    pub(super) answer: LaunchAnswer,
    pub(super) policy: Policy,
    /// What this policy and those before it have withdrawn.
    pub(super) seen: PolicySeen,
    pub(super) seal: KeyStatement,
    /// Bytes of the summary, whose digest the answer signs.
    pub(super) summary: Vec<u8>,
    deadline_ms: u64,
}

/// Why a launch ends here.
pub(super) enum NotLaunched {
    /// For the payer.
    Reason(Box<Reason>),
    /// For the host.
    Host(HostFault),
}

impl From<Distrust> for NotLaunched {
    fn from(distrust: Distrust) -> Self {
        match distrust {
            distrust if distrust.is_of_suite() => Reason::new(Todo::AskInstitution, Why::Suite).into(),
            _ => not_genuine(),
        }
    }
}

impl From<msgpay_wire::FormatError> for NotLaunched {
    fn from(_: msgpay_wire::FormatError) -> Self {
        not_genuine()
    }
}

impl From<Reason> for NotLaunched {
    fn from(reason: Reason) -> Self {
        Self::Reason(Box::new(reason))
    }
}

impl From<NotCleared> for NotLaunched {
    fn from(not: NotCleared) -> Self {
        match not {
            NotCleared::Suite => Distrust::Suite.into(),
            NotCleared::Demand => Reason::new(Todo::OtherWay, Why::NotAllowed).into(),
        }
    }
}

impl From<HostFault> for NotLaunched {
    fn from(fault: HostFault) -> Self {
        Self::Host(fault)
    }
}

pub(super) fn not_genuine() -> NotLaunched {
    Reason::new(Todo::AskInstitution, Why::AnswerNotGenuine).into()
}

impl Launched {
    /// Believes an answer, or says why not.
    pub(super) fn open(
        core: &Core,
        institution: &Institution,
        asked: &Asked,
        answer: &Answer,
    ) -> Result<Self, NotLaunched> {
        if answer.status != 200 {
            return Err(super::verdict::refusal(answer).into());
        }
        let body = LaunchBody::read(&answer.body)?;
        let (roots, now_s) = (trust::roots(institution).only(asked.suite), core.now_s());
        let (signed, signer) = trust::near(now_s, |t| LaunchAnswer::open(&Crypto, &roots, &body.answer, t))?;
        let (policy, policy_signer) = trust::near(now_s, |t| Policy::open(&Crypto, &roots, &body.policy, t))?;
        let seal =
            trust::near(now_s, |t| roots.open_statement(&Crypto, &body.seal_statement, Purpose::Seal, t))?;
        let hash = |bytes: &[u8]| Crypto.hash(asked.suite, bytes);
        let fits = signed.token_digest == asked.token_digest
            && signed.client_nonce == asked.client_nonce
            && signed.device_id == asked.membership.device_id
            && signed.wallet_id == asked.membership.wallet_id
            && signed.institution_id == institution.id
            && signed.summary_digest == hash(&body.summary)
            && signed.policy_digest == hash(&body.policy)
            && signed.seal_statement_digest == hash(&body.seal_statement)
            && policy.issued <= now_s.saturating_add(trust::SKEW_S)
            && !trust::is_over(signed.expires, now_s);
        if !fits {
            return Err(not_genuine());
        }
        let keys = [&policy_signer, &signer, &seal].into_iter().chain(&asked.launch_key).collect::<Vec<_>>();
        let believed = {
            let _alone = core.alone();
            PolicySeen::goes_on(&*core.host.vault, &policy, &keys)?
        };
        let seen = match believed {
            Believed::Now(seen) => seen,
            Believed::Older => return Err(Reason::new(Todo::TryAgain, Why::OlderRules).into()),
            Believed::Withdrawn => return Err(not_genuine()),
        };
        Ok(Self {
            membership: asked.membership.clone(),
            answer: signed,
            policy,
            seen,
            seal,
            summary: body.summary,
            deadline_ms: asked.at_ms.saturating_add(NONCE_MS_MAX),
        })
    }

    /// When the institution issued the nonce, by its own clock.
    pub(super) fn issued_s(&self) -> u64 {
        self.answer.expires.saturating_sub(NONCE_MS_MAX / 1_000)
    }

    /// Whether the nonce can no longer be good.
    pub(super) fn took_too_long(&self, clock: &dyn Clock) -> bool {
        clock.boot_ms() >= self.deadline_ms
    }

    /// What is to be typed, bound to this launch.
    pub(super) fn entry(&self, purpose: EntryPurpose, clock: Arc<dyn Clock>) -> Entry {
        let binding = Binding {
            purpose,
            kind: Kind::Numeric,
            suite: self.answer.suite,
            seal_kid: self.seal.kid,
            seal_key: self.seal.public_key,
            server_nonce: self.answer.server_nonce,
            client_nonce: self.answer.client_nonce,
            order_digest: self.answer.summary_digest,
            lengths: WALLET_PASSWORD_LENGTH..=WALLET_PASSWORD_LENGTH,
            allowed: Allowed::by(&self.policy),
            account: None,
        };
        Entry { binding, clock }
    }
}
