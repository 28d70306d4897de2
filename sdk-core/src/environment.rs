//! Whether this handset can do what the institution's policy asks for.
//!
//! So far: suite, keypad kind and mode, factors, amount, the policy's own time and age. The state of the phone (root,
//! debugger, emulator) comes with the environment's own chapter and will be judged here, for the same proof value.

use msgpay_wire::{Fen, SuiteId, policy::Policy, trust::Purpose};

use crate::{records::PolicySeen, trust};

/// The proof that the policy was judged and this handset meets it. Only [`judge`] makes it.
pub(crate) struct Cleared {
    receipt_kid_min: u64,
}

impl Cleared {
    /// The lowest receipt key that no policy seen so far has withdrawn.
    pub(crate) fn receipt_kid_min(&self) -> u64 {
        self.receipt_kid_min
    }
}

/// What a request needs from policy and handset.
pub(crate) struct Need {
    pub(crate) suite: SuiteId,
    /// Suite of the device key that is to sign.
    pub(crate) device: SuiteId,
    /// The keypad's kind, in the policy's word.
    pub(crate) kind: &'static str,
    /// `None` where no money moves.
    pub(crate) amount: Option<Fen>,
}

/// The handset does not meet the policy.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotCleared {
    /// The policy allows no payment in this suite, or not with this device key.
    Suite,
    /// Something else that it asks for is not here.
    Demand,
}

/// Judges a policy after all that was seen up to it. A factor, suite or mode that this version does not know is not met: it never falls back to a weaker one.
pub(crate) fn judge(
    policy: &Policy,
    seen: &PolicySeen,
    need: &Need,
    now_s: u64,
) -> Result<Cleared, NotCleared> {
    let mode_visual = 0;
    if !policy.suites.contains(&need.suite) || !policy.allows_device(need.device, need.suite) {
        return Err(NotCleared::Suite);
    }
    let met = policy.kinds.iter().any(|kind| kind == need.kind)
        && policy.modes.contains(&mode_visual)
        && policy.factors.iter().all(|factor| matches!(factor.as_str(), "password" | "device"))
        && need.amount.is_none_or(|amount| u64::from(amount) <= policy.amount_fen_max)
        && !trust::is_over(policy.expires, now_s);
    let receipt_kid_min = seen.kid_min(need.suite, Purpose::Receipt);
    if met { Ok(Cleared { receipt_kid_min }) } else { Err(NotCleared::Demand) }
}

#[cfg(test)]
mod tests;
