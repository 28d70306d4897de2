//! Making this handset known to an institution: a code for a device key.

use std::{fmt, sync::Arc};

use msgpay_wire::{Primitives as _, SuiteId, request};
use zeroize::Zeroizing;

use super::{Core, verdict};
use crate::{
    failure::Misuse,
    host::{Answer, Guard, NoAnswer, Request},
    outcome::{Reason, Todo, Why},
    outgoing,
    records::{Membership, OpenRequest, PolicySeen},
    trust::{self, Crypto},
};

/// What an activation wants now.
#[derive(Debug)]
pub enum ActivationStep {
    /// Send this, then call [`Activation::answered`].
    Send(Request),
    /// The end, unless [`Activation::again`].
    Concluded(ActivationOutcome),
}

/// How an activation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActivationOutcome {
    /// The institution's signed word: this device belongs to this wallet. It is on record.
    Activated(Membership),
    /// Not activated. After [`Todo::TryAgain`], [`Activation::again`] sends the same key and code once more.
    NotActivated(Reason),
}

/// An activation session. Keep it for [`Activation::again`]: a new one makes a new key, and the code may be spent on
/// the first.
pub struct Activation {
    core: Arc<Core>,
    institution: String,
    /// Wiped when the session ends.
    code: Zeroizing<String>,
    /// Made at the first step, under a name of its own: until the institution has answered, the key of an earlier
    /// activation stays in use.
    key: Option<StagedKey>,
    state: State,
}

#[derive(Clone)]
struct StagedKey {
    name: String,
    suite: SuiteId,
    public: [u8; 65],
}

enum State {
    ToSend,
    InFlight { client_nonce: [u8; 16], key: StagedKey },
    Concluded(ActivationOutcome),
}

impl Activation {
    pub(super) fn begin(core: Arc<Core>, institution: &str, code: &str) -> Result<Self, Misuse> {
        core.institution(institution)?;
        let code = Zeroizing::new(code.trim().to_owned());
        Ok(Self { core, institution: institution.to_owned(), code, key: None, state: State::ToSend })
    }

    /// What is to be done now.
    ///
    /// # Errors
    /// [`Misuse::AnswerExpected`], [`Misuse::Host`].
    pub fn step(&mut self) -> Result<ActivationStep, Misuse> {
        match &self.state {
            State::ToSend => self.send().map(ActivationStep::Send),
            State::InFlight { .. } => Err(Misuse::AnswerExpected),
            State::Concluded(outcome) => Ok(ActivationStep::Concluded(outcome.clone())),
        }
    }

    /// The answer, or that none came.
    ///
    /// # Errors
    /// [`Misuse::OutOfTurn`]; [`Misuse::Host`] when the membership could not be put on record: then try again.
    pub fn answered(&mut self, answer: Result<Answer, NoAnswer>) -> Result<(), Misuse> {
        let State::InFlight { client_nonce, key } = &self.state else { return Err(Misuse::OutOfTurn) };
        let outcome = match self.believed(answer, client_nonce, key) {
            Ok(membership) => {
                self.state = State::ToSend;
                self.take_over(&membership)?;
                ActivationOutcome::Activated(membership)
            }
            Err(reason) => ActivationOutcome::NotActivated(*reason),
        };
        self.state = State::Concluded(outcome);
        Ok(())
    }

    /// Goes once more with the same key and code, after an attempt that did not activate.
    ///
    /// # Errors
    /// [`Misuse::OutOfTurn`].
    pub fn again(&mut self) -> Result<(), Misuse> {
        match self.state {
            State::Concluded(ActivationOutcome::NotActivated(_)) => {
                self.state = State::ToSend;
                Ok(())
            }
            _ => Err(Misuse::OutOfTurn),
        }
    }

    fn send(&mut self) -> Result<Request, Misuse> {
        let institution = self.core.institution(&self.institution)?;
        let keystore = &*self.core.host.keystore;
        let key = match &self.key {
            Some(key) => key.clone(),
            None => {
                let name = outgoing::key_name("device", &self.institution)?;
                let suite = institution.device_suite;
                StagedKey { public: keystore.make_key(&name, suite, Guard::Device)?, suite, name }
            }
        };
        self.key = Some(key.clone());
        let client_nonce = outgoing::nonce()?;
        let suite = super::first_suite(institution)?;
        let mut asked = request::Activation {
            suite,
            device_suite: key.suite,
            code: self.code.clone(),
            device_key: key.public,
            client_nonce,
            signature: Vec::new(),
        };
        asked.signature = keystore.sign(&key.name, &asked.message())?.to_vec();
        // EXPOSE: the body goes to the host's transport, which is what the code is for.
        let body = std::mem::take(&mut *asked.encode());
        let request = outgoing::unsigned(institution, suite, "/sdk/v1/activations", body);
        self.state = State::InFlight { client_nonce, key };
        Ok(request)
    }

    fn believed(
        &self,
        answer: Result<Answer, NoAnswer>,
        client_nonce: &[u8; 16],
        key: &StagedKey,
    ) -> Result<Membership, Box<Reason>> {
        let answer = answer.map_err(|NoAnswer| Box::new(Reason::new(Todo::TryAgain, Why::NoConnection)))?;
        if answer.status != 200 {
            return Err(Box::new(verdict::refusal(&answer)));
        }
        let stranger = || Box::new(Reason::new(Todo::AskInstitution, Why::AnswerNotGenuine));
        let institution = self.core.config.institution(&self.institution).ok_or_else(stranger)?;
        let suite = super::first_suite(institution).map_err(|_| stranger())?;
        let (roots, now_s) = (trust::roots(institution).only(suite), self.core.now_s());
        let open = |t| request::Activated::open(&Crypto, &roots, &answer.body, t);
        let (activated, signer) = trust::near(now_s, open).map_err(|distrust| match distrust {
            distrust if distrust.is_of_suite() => Box::new(Reason::new(Todo::AskInstitution, Why::Suite)),
            _ => stranger(),
        })?;
        // A key that a policy has withdrawn takes nobody in, were it back in a thief's hands.
        let seen = PolicySeen::find(&*self.core.host.vault, &institution.id).map_err(|_| stranger())?;
        let fits = activated.client_nonce == *client_nonce
            && activated.device_key_digest == Crypto.hash(suite, &key.public)
            && seen.allows_key(&signer);
        if !fits {
            return Err(stranger());
        }
        Ok(Membership {
            institution: self.institution.clone(),
            wallet_id: activated.wallet_id,
            device_id: activated.device_id,
            key_name: key.name.clone(),
            key_suite: key.suite,
            biometric: None,
        })
    }

    /// The new key is in use from here on; the old one goes, unless a request that it signed is still open, or that
    /// cannot be known. No other session signs or keeps a request meanwhile.
    ///
    /// Fails only as long as nothing is on record: the institution has taken the code, and what is left is cleaning.
    fn take_over(&mut self, membership: &Membership) -> Result<(), Misuse> {
        let core = self.core.clone();
        let _alone = core.alone();
        let vault = &*core.host.vault;
        let earlier = Membership::find(vault, &self.institution)?;
        membership.keep(vault)?;
        self.key = None;
        let Some(earlier) = earlier.filter(|earlier| earlier.key_name != membership.key_name) else {
            return Ok(());
        };
        // A key that stays is of no use to anybody: the institution knows another device now.
        if let Some(key) = earlier.biometric {
            let _stays = core.host.keystore.forget_key(&key.name);
        }
        if OpenRequest::needs_key(vault, &earlier.key_name) == Ok(false) {
            let _stays = core.host.keystore.forget_key(&earlier.key_name);
        }
        Ok(())
    }
}

impl Drop for Activation {
    /// A key that no institution has accepted is not kept.
    fn drop(&mut self) {
        if let Some(key) = &self.key {
            // It stays where the keystore cannot remove it now; nothing ever signs with it again.
            let _stays = self.core.host.keystore.forget_key(&key.name);
        }
    }
}

impl fmt::Debug for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Activation")
    }
}
