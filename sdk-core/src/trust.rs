//! What the core believes: signatures under the roots pinned for one institution, at about this time.

pub(crate) use msgpay_suites::{Suites as Crypto, of_wire as suite};
use msgpay_wire::trust::{Distrust, Root, Roots};

use crate::{config::Institution, host::Clock};

/// The phone's clock may be wrong by so much, either way, before statements and tokens are refused for their time.
/// How long a nonce lives is measured on the monotonic clock instead.
pub(crate) const SKEW_S: u64 = 300;

/// The roots pinned for this institution and no other.
pub(crate) fn roots(institution: &Institution) -> Roots {
    let pinned = institution.roots.iter().map(|root| Root {
        kid: root.kid,
        suite: root.suite,
        public_key: root.public_key,
        vouches_for: root.vouches_for.clone(),
    });
    Roots::of(&institution.id, pinned.collect())
}

/// Unix seconds.
pub(crate) fn now_s(clock: &dyn Clock) -> u64 {
    u64::try_from(clock.unix_ms() / 1_000).unwrap_or(0)
}

/// Whether a moment lies in the past, beyond doubt of the phone's clock.
pub(crate) fn is_over(moment_s: u64, now_s: u64) -> bool {
    moment_s.saturating_add(SKEW_S) <= now_s
}

/// Opens at this time, and when a key is outside its time, as a clock 300 s slow or fast would.
pub(crate) fn near<T>(now_s: u64, open: impl Fn(u64) -> Result<T, Distrust>) -> Result<T, Distrust> {
    [now_s, now_s.saturating_add(SKEW_S), now_s.saturating_sub(SKEW_S)]
        .into_iter()
        .map(open)
        .find(|opened| !matches!(opened, Err(Distrust::KeyTime)))
        .unwrap_or(Err(Distrust::KeyTime))
}
