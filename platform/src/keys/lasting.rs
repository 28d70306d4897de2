//! How long keys last, and which numbers are loaded at all.

use msgpay_wire::{SuiteId, trust::Purpose};

use super::InstitutionKeys;

impl InstitutionKeys {
    /// Whether some key of a purpose and suite can sign at every second from one to another, both included. One may
    /// take over from another.
    #[must_use]
    pub fn lasts(&self, purpose: Purpose, suite: SuiteId, from_s: i64, until_s: i64) -> bool {
        let keys = || self.signing.get(&purpose).into_iter().flatten().filter(|key| key.suite == suite);
        let mut at = from_s;
        while at <= until_s {
            let Some(over) = keys().filter(|key| key.span.holds(at)).map(|key| key.span.not_after).max()
            else {
                return false;
            };
            at = over;
        }
        true
    }

    /// Whether a signing key of that number is among the loaded ones; one that was withdrawn is not.
    #[must_use]
    pub fn holds(&self, purpose: Purpose, suite: SuiteId, kid: u64) -> bool {
        let mut keys = self.signing.get(&purpose).into_iter().flatten();
        keys.any(|key| key.suite == suite && key.kid == kid)
    }
}
