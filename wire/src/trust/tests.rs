use super::*;
use crate::digest::Digest;

/// A stand-in suite: a "signature" is the hash of key and message, so only its bookkeeping is tested here.
struct Toy;
impl Primitives for Toy {
    fn hash(&self, _: SuiteId, bytes: &[u8]) -> Digest {
        ring::digest::digest(&ring::digest::SHA256, bytes).as_ref().try_into().unwrap()
    }
    fn verify(&self, suite: SuiteId, key: &[u8], message: &[u8], signature: &[u8]) -> bool {
        signature == toy(self, suite, key, message)
    }
}
fn toy(crypto: &Toy, suite: SuiteId, key: &[u8], message: &[u8]) -> Vec<u8> {
    crypto.hash(suite, &[key, message].concat()).to_vec()
}

const SUITE: SuiteId = SuiteId::International;
const ROOT: [u8; 65] = [1; 65];
const KEY: [u8; 65] = [2; 65];

fn statement(change: impl FnOnce(&mut KeyStatement)) -> Vec<u8> {
    let mut s = KeyStatement {
        institution_id: "inst".into(),
        purpose: Purpose::Receipt,
        kid: 7,
        suite: SUITE,
        public_key: KEY,
        not_before: 100,
        not_after: 200,
    };
    change(&mut s);
    s.sign(SUITE, 1, |m| Ok::<_, ()>(toy(&Toy, SUITE, &ROOT, m))).unwrap()
}
fn object(statement: &[u8], kid: u64, key: &[u8]) -> Vec<u8> {
    let sign = |m: &[u8]| Ok::<_, ()>(toy(&Toy, SUITE, key, m));
    cose::sign(SUITE, kid, Some(statement), b"payload".to_vec(), sign).unwrap()
}
fn roots() -> Roots {
    Roots::of("inst", vec![Root::of(1, SUITE, ROOT)])
}
fn open(bytes: &[u8], now: u64) -> Result<Vec<u8>, Distrust> {
    roots().open(&Toy, "object", bytes, Purpose::Receipt, now).map(|(payload, _)| payload)
}

#[test]
fn a_chain_to_the_pinned_root_is_believed() {
    assert_eq!(open(&object(&statement(|_| ()), 7, &KEY), 150).unwrap(), b"payload");
}

#[test]
fn each_broken_link_of_the_chain_has_its_name() {
    let good = statement(|_| ());
    assert_eq!(open(&object(&good, 7, &ROOT), 150), Err(Distrust::Signature), "signed by another key");
    assert_eq!(open(&object(&good, 8, &KEY), 150), Err(Distrust::Purpose), "another kid than stated");
    assert_eq!(open(&object(&good, 7, &KEY), 99), Err(Distrust::KeyTime), "too early");
    assert_eq!(open(&object(&good, 7, &KEY), 200), Err(Distrust::KeyTime), "too late");
    let other = statement(|s| s.purpose = Purpose::Summary);
    assert_eq!(open(&object(&other, 7, &KEY), 150), Err(Distrust::Purpose), "key of another purpose");
    let other = statement(|s| s.institution_id = "evil".into());
    assert_eq!(open(&object(&other, 7, &KEY), 150), Err(Distrust::Purpose), "another institution's key");
    let sign = |m: &[u8]| Ok::<_, ()>(toy(&Toy, SUITE, &KEY, m));
    let bare = cose::sign(SUITE, 1, None, b"payload".to_vec(), sign).unwrap();
    assert_eq!(open(&bare, 150), Err(Distrust::Root), "no statement");
    let self_made = {
        let s = KeyStatement {
            institution_id: "inst".into(),
            purpose: Purpose::Receipt,
            kid: 7,
            suite: SUITE,
            public_key: KEY,
            not_before: 0,
            not_after: u64::MAX,
        };
        s.sign(SUITE, 1, |m| Ok::<_, ()>(toy(&Toy, SUITE, &KEY, m))).unwrap()
    };
    assert_eq!(open(&object(&self_made, 7, &KEY), 150), Err(Distrust::Root), "statement not by the root");
}

#[test]
fn suites_are_not_mixed_within_a_chain() {
    let foreign = statement(|s| s.suite = SuiteId::Guomi);
    let signed = |suite, statement: &[u8]| {
        let sign = |m: &[u8]| Ok::<_, ()>(toy(&Toy, suite, &KEY, m));
        cose::sign(suite, 7, Some(statement), b"payload".to_vec(), sign).unwrap()
    };
    let open = |roots: &Roots, bytes: &[u8]| {
        roots.open(&Toy, "object", bytes, Purpose::Receipt, 150).map(|(payload, _)| payload)
    };
    let guomi = signed(SuiteId::Guomi, &foreign);
    assert_eq!(open(&roots(), &guomi), Err(Distrust::Suite), "a root of one suite, a key of another");
    let mut vouching = roots();
    vouching.pinned[0].vouches_for.push(SuiteId::Guomi);
    assert!(open(&vouching, &guomi).is_ok(), "pinned so");
    assert_eq!(open(&vouching.only(SUITE), &guomi), Err(Distrust::Suite), "but this launch is of the other");
    assert!(open(&vouching.only(SuiteId::Guomi), &guomi).is_ok());
    assert_eq!(
        open(&vouching, &signed(SUITE, &foreign)),
        Err(Distrust::Suite),
        "object and key of two suites"
    );
    let own = object(&statement(|_| ()), 7, &KEY);
    assert_eq!(open(&roots().only(SuiteId::Guomi), &own), Err(Distrust::Suite));
    let root_of_the_other = Roots::of("inst", vec![Root::of(1, SuiteId::Guomi, ROOT)]);
    assert_eq!(
        open(&root_of_the_other, &own),
        Err(Distrust::Root),
        "a root's number in another suite is no root"
    );
}

#[test]
fn every_flipped_bit_is_refused() {
    let good = object(&statement(|_| ()), 7, &KEY);
    for at in 0..good.len() * 8 {
        let mut bad = good.clone();
        bad[at / 8] ^= 1 << (at % 8);
        assert!(open(&bad, 150).is_err(), "bit {at}");
    }
    for cut in 0..good.len() {
        assert!(open(&good[..cut], 150).is_err(), "cut at {cut}");
    }
}
