//! What the institution of the tests remembers.

use std::collections::{BTreeMap, BTreeSet};

use msgpay_wire::{Digest, SuiteId, policy::Policy, receipt::Receipt};

#[derive(Clone)]
pub(crate) struct Order {
    pub(crate) merchant: String,
    pub(crate) fen: i64,
    pub(crate) paid: u32,
    pub(super) attempts: u64,
}

pub(super) struct Nonce {
    pub(super) subject: String,
    pub(super) order_digest: Digest,
    /// What came of it, once used.
    pub(super) result: Option<Done>,
}

#[derive(Clone)]
pub(super) enum Done {
    Receipt(Vec<u8>),
    /// Taken, the bank has not answered.
    Working(Box<Receipt>),
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) device_key: Option<[u8; 65]>,
    pub(crate) device_suite: Option<SuiteId>,
    pub(crate) password: Option<Vec<u8>>,
    /// The biometric key that was taken.
    pub(crate) biometric: Option<(SuiteId, [u8; 65])>,
    pub(crate) orders: BTreeMap<String, Order>,
    pub(super) nonces: BTreeMap<[u8; 16], Nonce>,
    pub(super) http_nonces: BTreeSet<String>,
    pub(super) wrong: u64,
    /// The bank does not answer at once.
    pub(crate) bank_slow: bool,
    pub(crate) policy: Option<Policy>,
    /// Every path that was served.
    pub(crate) calls: Vec<String>,
}
