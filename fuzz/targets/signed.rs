//! Signed objects: COSE_Sign1, key statements, and every payload behind them. Here any signature passes, so that what
//! lies behind the signatures is reached; what is read must still be written as the same bytes.

use msgpay_wire::answer::LaunchAnswer;
use msgpay_wire::cose::{self, Unverified};
use msgpay_wire::launch::LaunchToken;
use msgpay_wire::policy::Policy;
use msgpay_wire::receipt::Receipt;
use msgpay_wire::request::Activated;
use msgpay_wire::trust::{Distrust, Purpose, Root, Roots};
use msgpay_wire::{Digest, Primitives, SuiteId};
use std::cell::RefCell;

/// The institution of the seeds.
pub const INSTITUTION: &str = "WALLET_A";
/// Number of the root of the seeds, of each suite.
pub const ROOT_KID: u64 = 7;
/// A time at which the seeds are good.
pub const NOW: u64 = 1_800_000_000;

/// Believes every signature and remembers the last one.
#[derive(Default)]
struct Credulous(RefCell<Vec<u8>>);

impl Primitives for Credulous {
    fn hash(&self, _: SuiteId, _: &[u8]) -> Digest {
        [0; 32]
    }

    fn verify(&self, _: SuiteId, _: &[u8], _: &[u8], signature: &[u8]) -> bool {
        self.0.replace(signature.to_vec());
        true
    }
}

/// The object that is read is the one object with this content, and so is its payload.
pub fn run(data: &[u8]) {
    let Ok(object) = Unverified::read("fuzz", data) else { return };
    assert!(data.len() <= 16 * 1024);
    let crypto = Credulous::default();
    let pinned = SuiteId::ALL.map(|suite| Root::of(ROOT_KID, suite, [4; 65]));
    let roots = Roots::of(INSTITUTION, pinned.to_vec());
    for purpose in Purpose::ALL {
        let statement = roots.open_statement(&crypto, data, purpose, NOW);
        if let Ok(statement) = &statement {
            let suite = object.suite();
            let again = statement.sign(suite, object.kid(), |_| Ok::<_, Distrust>(crypto.0.borrow().clone()));
            assert_eq!(again.as_deref(), Ok(data), "key statement");
        }
        if let Ok((payload, _)) = roots.open(&crypto, "fuzz", data, purpose, NOW) {
            let signature = |_: &[u8]| Ok::<_, Distrust>(crypto.0.borrow().clone());
            let again = cose::sign(object.suite(), object.kid(), object.statement(), payload, signature);
            assert_eq!(again.as_deref(), Ok(data), "signed object");
        }
    }
    let payload = object.payload();
    if let Ok((read, _)) = LaunchAnswer::open(&crypto, &roots, data, NOW) {
        assert_eq!(read.payload(), payload, "launch answer");
    }
    if let Ok((read, _)) = LaunchToken::open(&crypto, &roots, data, NOW) {
        assert_eq!(read.payload(), payload, "launch token");
    }
    if let Ok((read, _)) = Receipt::open(&crypto, &roots, data, NOW) {
        assert_eq!(read.payload(), payload, "receipt");
    }
    if let Ok((read, _)) = Policy::open(&crypto, &roots, data, NOW) {
        assert_eq!(read.payload(), payload, "policy");
    }
    if let Ok((read, _)) = Activated::open(&crypto, &roots, data, NOW) {
        assert_eq!(read.payload(), payload, "activation answer");
    }
}
