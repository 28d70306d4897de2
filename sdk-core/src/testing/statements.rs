//! What the institution's root says of keys, true and as a test wants it.

use msgpay_wire::trust::{KeyStatement, Purpose, Signer as _};

use super::{
    desk::{certify, now_s},
    house::House,
};
use crate::trust::{self, Crypto};

impl House {
    /// A second, genuine statement of the same seal key, from a minute later.
    pub(crate) fn other_seal_statement(&self) -> Vec<u8> {
        certify(
            &self.root,
            &self.id,
            (self.suite, Purpose::Seal),
            11,
            self.seal.public_key(),
            now_s(&self.clock) + 60,
        )
    }

    /// Another house's seal key under this one's root.
    pub(crate) fn vouch_for_seal_of(&self, other: &Self) -> Vec<u8> {
        let of = (other.suite, Purpose::Seal);
        certify(&self.root, &self.id, of, 11, other.seal.public_key(), now_s(&self.clock))
    }

    pub(crate) fn key_statement(&self, purpose: Purpose) -> KeyStatement {
        let roots = trust::roots(&self.pinned());
        roots.open_statement(&Crypto, self.keys[&purpose].statement(), purpose, now_s(&self.clock)).unwrap()
    }
}
