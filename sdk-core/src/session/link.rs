//! A link, believed: what stands between a tap on a card and the order that is shown.

use msgpay_wire::{
    launch::{LaunchToken, Link, wallet_binding},
    request::Launch,
    summary::Summary,
    trust::Distrust,
};

use super::{
    Core,
    launched::{Asked, Launched, NotLaunched, not_genuine},
    review::Review,
};
use crate::{
    environment::{self, Cleared, Need},
    failure::{HostFault, Misuse},
    host::{Answer, NoAnswer, Request},
    keypad::Kind,
    outcome::{Reason, Todo, Why},
    outgoing,
    records::{Membership, OpenRequest},
    trust::{self, Crypto},
};

/// A link that was believed.
pub(super) struct Launching {
    pub(super) asked: Asked,
    token: Vec<u8>,
    pub(super) pay_order_no: String,
    merchant_id: String,
}

/// An order that is shown.
pub(super) struct Reviewing {
    pub(super) launched: Launched,
    pub(super) cleared: Cleared,
    pub(super) review: Review,
}

impl Launching {
    /// Any application can fire a `msgpay://` link: nothing in it is believed before its signature is.
    pub(super) fn believe(core: &Core, link: &str) -> Result<Self, NotLaunched> {
        let stranger = || Reason::new(Todo::OtherWay, Why::LinkNotGenuine);
        let link = Link::read(link).map_err(|_| stranger())?;
        let claimed = LaunchToken::institution_claimed(&link.token).map_err(|_| stranger())?;
        let institution = core.config.institution(&claimed).ok_or_else(stranger)?;
        let now_s = core.now_s();
        let roots = trust::roots(institution);
        let (token, signer) = trust::near(now_s, |t| LaunchToken::open(&Crypto, &roots, &link.token, t))
            .map_err(|distrust| match distrust {
                Distrust::Suite => Reason::new(Todo::AskInstitution, Why::Suite),
                _ => stranger(),
            })?;
        if token.pay_order_no != link.pay_order_no {
            return Err(stranger().into());
        }
        if !institution.suites.contains(&token.suite) {
            return Err(Distrust::Suite.into());
        }
        if trust::is_over(token.expires, now_s) {
            return Err(Reason::new(Todo::OtherWay, Why::LinkExpired).into());
        }
        let membership = Membership::find(&*core.host.vault, &institution.id)?
            .ok_or_else(|| Reason::new(Todo::OtherWay, Why::NotActivated))?;
        let binding = wallet_binding(&Crypto, token.suite, &membership.wallet_id, &token.nonce);
        if binding != token.wallet_binding {
            return Err(Reason::new(Todo::OtherWay, Why::OtherWallet).into());
        }
        let asked = Asked {
            membership,
            client_nonce: outgoing::nonce()?,
            token_digest: link.token_digest(&Crypto, token.suite),
            launch_key: Some(signer),
            suite: token.suite,
            at_ms: core.host.clock.boot_ms(),
        };
        let Link { token: bytes, pay_order_no } = link;
        Ok(Self { asked, token: bytes, pay_order_no, merchant_id: token.merchant_id })
    }

    /// An earlier request for this order whose result is not known.
    pub(super) fn open_request(&self, core: &Core) -> Result<Option<OpenRequest>, HostFault> {
        OpenRequest::find(&*core.host.vault, &self.asked.membership.institution, &self.pay_order_no)
    }

    pub(super) fn request(&self, core: &Core) -> Result<Request, Misuse> {
        let body = Launch { token: self.token.clone(), client_nonce: self.asked.client_nonce };
        let membership = &self.asked.membership;
        Ok(core.signed(&membership.institution, membership.device(), "/sdk/v1/launches", body.encode())?)
    }

    pub(super) fn answered(
        &self,
        core: &Core,
        answer: Result<Answer, NoAnswer>,
    ) -> Result<Reviewing, NotLaunched> {
        let answer = answer.map_err(|NoAnswer| Reason::new(Todo::TryAgain, Why::NoConnection))?;
        let institution =
            core.config.institution(&self.asked.membership.institution).ok_or_else(not_genuine)?;
        let launched = Launched::open(core, institution, &self.asked, &answer)?;
        let summary = Summary::read(&launched.summary)?;
        let fits = summary.institution_id == institution.id
            && summary.wallet_id == self.asked.membership.wallet_id
            && summary.pay_order_no == self.pay_order_no
            && summary.payee_id == self.merchant_id;
        if !fits {
            return Err(not_genuine());
        }
        let now_s = core.now_s();
        if trust::is_over(summary.expires, now_s) {
            return Err(Reason::new(Todo::Nothing, Why::OrderClosed).into());
        }
        let need = Need { amount: Some(summary.amount), ..self.asked.need(Kind::Numeric.word()) };
        let cleared = environment::judge(&launched.policy, &launched.seen, &need, now_s)?;
        let review = Review::of(summary, launched.answer.summary_digest, &institution.name);
        Ok(Reviewing { launched, cleared, review })
    }
}
