//! Signed objects: what the product signs, a verifier in Python reads by the chain root → statement → object; what
//! that program signs, the product reads.

use crate::pair;
use crate::peer::Peer;
use msgpay_crypto::{Error, SecretPage, SigningKey, SuiteId as Suite};
use msgpay_wire::receipt::{Receipt, Verdict};
use msgpay_wire::trust::{Distrust, KeyStatement, Purpose, Root, Roots, Signer};
use msgpay_wire::{Digest, Primitives, SuiteId};
use serde_json::{Value, json};

const NOW: u64 = 1_800_000_000;
const INSTITUTION: &str = "WALLET_T";
const ROOT_KID: u64 = 2_026_112_201;

struct Crypto;

impl Primitives for Crypto {
    fn hash(&self, suite: SuiteId, bytes: &[u8]) -> Digest {
        of(suite).suite().hash(bytes)
    }

    fn verify(&self, suite: SuiteId, public_key: &[u8], message: &[u8], signature: &[u8]) -> bool {
        of(suite).suite().verify(public_key, message, signature).is_ok()
    }
}

fn of(suite: SuiteId) -> Suite {
    Suite::from_number(suite.number()).unwrap()
}

fn key(suite: SuiteId) -> SigningKey {
    let (scalar, _) = pair(of(suite));
    SigningKey::from_scalar(of(suite), &SecretPage::copy_of(&scalar).unwrap()).unwrap()
}

/// A root and a key of `purpose` under it.
struct House {
    suite: SuiteId,
    root: SigningKey,
    key: SigningKey,
    statement: Vec<u8>,
}

impl House {
    fn make(suite: SuiteId, purpose: Purpose) -> Self {
        let (root, key) = (key(suite), key(suite));
        let said = KeyStatement {
            institution_id: INSTITUTION.into(),
            purpose,
            kid: ROOT_KID + 1,
            suite,
            public_key: key.public_key(),
            not_before: NOW - 10,
            not_after: NOW + 10,
        };
        let statement = said.sign(suite, ROOT_KID, |message| root.sign(message).map(|s| s.to_vec())).unwrap();
        Self { suite, root, key, statement }
    }

    /// The question to the peer: who signed this, for this purpose, now?
    fn asked(&self, object: &[u8], purpose: &str, now: u64) -> Value {
        let root = json!({"kid": ROOT_KID, "key": hex::encode(self.root.public_key())});
        json!({"object": hex::encode(object), "root": root, "institution": INSTITUTION, "purpose": purpose, "now": now})
    }
}

impl Signer for House {
    type Error = Error;

    fn suite(&self) -> SuiteId {
        self.suite
    }

    fn kid(&self) -> u64 {
        ROOT_KID + 1
    }

    fn statement(&self) -> &[u8] {
        &self.statement
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        self.key.sign(message).map(|signature| signature.to_vec())
    }
}

fn receipt(suite: SuiteId) -> Receipt {
    Receipt {
        institution_id: INSTITUTION.into(),
        suite,
        device_id: "D0001".into(),
        pay_order_no: "P202701150000000000000001".into(),
        order_digest: [7; 32],
        request_digest: msgpay_crypto::random::make().unwrap(),
        verdict: Verdict::Success,
        reason: String::new(),
        time: NOW,
        attempt: 1,
        tries_left: None,
    }
}

#[test]
fn our_receipts_are_verified_by_an_independent_program() {
    let mut peer = Peer::start();
    for suite in SuiteId::ALL {
        let house = House::make(suite, Purpose::Receipt);
        let receipt = receipt(suite);
        let object = house.sign_object(receipt.payload()).unwrap();
        let members = peer.ask("cose_open", house.asked(&object, "receipt", NOW)).unwrap()["members"].take();
        assert_eq!(members["2"], suite.number(), "{suite:?}");
        assert_eq!(members["6"], hex::encode(receipt.request_digest), "{suite:?}");
        assert_eq!(members["7"], "SUCCESS", "{suite:?}");

        assert!(peer.ask("cose_open", house.asked(&object, "summary", NOW)).is_err(), "for another purpose");
        assert!(peer.ask("cose_open", house.asked(&object, "receipt", NOW + 10)).is_err(), "out of its time");
        let other = House::make(suite, Purpose::Receipt);
        assert!(peer.ask("cose_open", other.asked(&object, "receipt", NOW)).is_err(), "of another root");
        for at in [object.len() - 1, object.len() - 80, 100] {
            let mut changed = object.clone();
            changed[at] ^= 1;
            let answer = peer.ask("cose_open", house.asked(&changed, "receipt", NOW));
            assert!(answer.is_err(), "{suite:?}: changed at {at}");
        }
    }
}

#[test]
fn receipts_of_an_independent_program_are_read() {
    let mut peer = Peer::start();
    for suite in SuiteId::ALL {
        let ((root, root_public), (scalar, public)) = (pair(of(suite)), pair(of(suite)));
        let receipt = receipt(suite);
        let sign = |peer: &mut Peer, purpose: &str| {
            let given = json!({
                "suite": suite.number(),
                "root": {"kid": ROOT_KID, "scalar": hex::encode(root)},
                "key": {"kid": 7, "scalar": hex::encode(scalar), "public": hex::encode(public)},
                "institution": INSTITUTION, "purpose": purpose, "payload": hex::encode(receipt.payload()),
            });
            peer.bytes("cose_sign", given, "object")
        };
        let roots = Roots::of(INSTITUTION, vec![Root::of(ROOT_KID, suite, root_public)]);
        let object = sign(&mut peer, "receipt");
        let (read, statement) = Receipt::open(&Crypto, &roots, &object, NOW).unwrap();
        assert_eq!((read, statement.kid), (receipt.clone(), 7), "{suite:?}");
        let object = sign(&mut peer, "summary");
        assert_eq!(Receipt::open(&Crypto, &roots, &object, NOW).err(), Some(Distrust::Purpose), "{suite:?}");
    }
}
