//! Whether this handset can do what the institution's policy asks for.
//!
//! So far: suite, keypad kind and mode, ways to prove a payment, amount, the policy's own time and age. The state of the phone (root,
//! debugger, emulator) comes with the environment's own chapter and will be judged here, for the same proof value.

use msgpay_wire::{
    Fen, SuiteId,
    factors::{Factor, Way},
    policy::Policy,
    trust::Purpose,
};

use crate::{records::PolicySeen, trust};

/// The proof that the policy was judged and this handset meets it. Only [`judge`] makes it.
pub(crate) struct Cleared {
    receipt_kid_min: u64,
    /// The policy's ways that this handset can go, the institution's order kept. None where no money moves.
    ways: Vec<Way>,
}

impl Cleared {
    /// The lowest receipt key that no policy seen so far has withdrawn.
    pub(crate) fn receipt_kid_min(&self) -> u64 {
        self.receipt_kid_min
    }

    /// The way that the institution prefers.
    pub(crate) fn first_way(&self) -> Option<Way> {
        self.ways.first().cloned()
    }

    /// The way that it prefers of those without the biometric: never one that it does not list.
    pub(crate) fn way_without_biometric(&self) -> Option<Way> {
        self.ways.iter().find(|way| !way.needs(Factor::Biometric)).cloned()
    }
}

/// What a request needs from policy and handset.
pub(crate) struct Need {
    pub(crate) suite: SuiteId,
    /// Suite of the device key that is to sign.
    pub(crate) device: SuiteId,
    /// The keypad's kind, in the policy's word.
    pub(crate) kind: &'static str,
    /// Suite of the biometric key, if this handset has one.
    pub(crate) biometric: Option<SuiteId>,
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

/// Judges a policy after all that was seen up to it. A factor, suite or mode that this version does not know is not met,
/// and a way that needs it is not gone: it never falls back to one that the policy does not list.
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
        && need.amount.is_none_or(|amount| u64::from(amount) <= policy.amount_fen_max)
        && !trust::is_over(policy.expires, now_s);
    let ways = ways(policy, need);
    if !met || (need.amount.is_some() && ways.is_empty()) {
        return Err(NotCleared::Demand);
    }
    Ok(Cleared { receipt_kid_min: seen.kid_min(need.suite, Purpose::Receipt), ways })
}

fn ways(policy: &Policy, need: &Need) -> Vec<Way> {
    let mut factors = vec![Factor::Device, Factor::Password];
    if need.biometric.is_some_and(|key| policy.allows_device(key, need.suite)) {
        factors.push(Factor::Biometric);
    }
    let paid = need.amount.is_some();
    policy.ways.iter().filter(|way| paid && way.is_met_by(&factors)).cloned().collect()
}

#[cfg(test)]
mod tests;
