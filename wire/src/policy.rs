//! What an institution allows at present, signed by its `policy` key.

use crate::cbor::{Defect, FormatError, Value};
use crate::digest::{Primitives, SuiteId};
use crate::factors::{self, Way};
use crate::fields::{Reader, Writer};
use crate::trust::{Distrust, KeyStatement, Purpose, Roots};

const LABEL: &str = "msgpay policy v1";
const WHAT: &str = "policy";

/// The policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Whose policy.
    pub institution_id: String,
    /// Grows with each issue.
    pub serial: u64,
    /// Suites in which payments are taken, the preferred one first; at least one, among them that of the key which
    /// signs this policy.
    pub suites: Vec<SuiteId>,
    /// Keypad kinds, such as `numeric`.
    pub kinds: Vec<String>,
    /// Keypad modes: 0 visual, 1 spoken.
    pub modes: Vec<u64>,
    /// How the payment of this launch may be proven, each way sufficing, the preferred one first; at least one.
    pub ways: Vec<Way>,
    /// Largest single payment in fen.
    pub amount_fen_max: u64,
    /// For each suite and purpose the lowest key number still good.
    pub kids_min: Vec<(SuiteId, Purpose, u64)>,
    /// Unix seconds.
    pub issued: u64,
    /// Unix seconds.
    pub expires: u64,
    /// Whether a P-256 device key (which hardware keeps) may sign for a payment of another suite.
    pub device_p256: bool,
}

impl Policy {
    /// The payload that the `policy` key signs.
    #[must_use]
    pub fn payload(&self) -> Vec<u8> {
        let texts = |all: &[String]| Value::Array(all.iter().map(|t| Value::Text(t.clone())).collect());
        let numbers =
            |all: Vec<u64>| Value::Array(all.into_iter().map(|n| Value::Integer(n.into())).collect());
        let kids_of = |suite: SuiteId| {
            let of = self.kids_min.iter().filter(move |(of, ..)| *of == suite);
            of.map(|(_, purpose, kid)| (Value::Text(purpose.word().to_owned()), (*kid).into()))
                .collect::<Vec<_>>()
        };
        let kids = SuiteId::ALL
            .into_iter()
            .map(|suite| (suite.number().into(), Value::Map(kids_of(suite))))
            .filter(|(_, kids)| kids.as_map().is_some_and(|kids| !kids.is_empty()))
            .collect();
        Writer::labelled(LABEL)
            .text(1, &self.institution_id)
            .uint(2, self.serial)
            .value(3, numbers(self.suites.iter().map(|suite| suite.number()).collect()))
            .value(4, texts(&self.kinds))
            .value(5, numbers(self.modes.clone()))
            .value(6, Value::Array(self.ways.iter().map(Way::value).collect()))
            .value(7, Value::Map(vec![(1.into(), Value::Integer(self.amount_fen_max.into()))]))
            .value(8, Value::Map(kids))
            .uint(9, self.issued)
            .uint(10, self.expires)
            .value(11, Value::Bool(self.device_p256))
            .finish()
    }

    fn read(payload: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open(WHAT, payload)?;
        r.label(LABEL)?;
        let institution_id = r.text(1, 64)?;
        let serial = r.uint(2)?;
        let suites = numbers(&mut r, 3)?
            .into_iter()
            .map(|n| SuiteId::from_number(n).ok_or(r.refuse(Defect::Suite(3))))
            .collect::<Result<Vec<_>, _>>()?;
        if suites.is_empty() {
            return Err(r.refuse(Defect::Value(3)));
        }
        let kinds = texts(&mut r, 4)?;
        let modes = numbers(&mut r, 5)?;
        let ways = factors::ways(&mut r, 6)?;
        let mut limits = Reader::of(WHAT, r.value(7)?)?;
        let amount_fen_max = limits.uint(1)?;
        limits.finish()?;
        let kids = r.value(8)?;
        let kids_min = kids_min(&r, &kids)?;
        let policy = Self {
            institution_id,
            serial,
            suites,
            kinds,
            modes,
            ways,
            amount_fen_max,
            kids_min,
            issued: r.uint(9)?,
            expires: r.uint(10)?,
            device_p256: r.value(11)?.as_bool().ok_or(r.refuse(Defect::Type(11)))?,
        };
        r.finish()?;
        Ok(policy)
    }

    /// Verifies a policy under an institution's roots. Its times are left to the caller, whose clock it is.
    ///
    /// # Errors
    /// [`Distrust`].
    pub fn open(
        crypto: &dyn Primitives,
        roots: &Roots,
        bytes: &[u8],
        now: u64,
    ) -> Result<(Self, KeyStatement), Distrust> {
        let (payload, statement) = roots.open(crypto, WHAT, bytes, Purpose::Policy, now)?;
        let policy = Self::read(&payload)?;
        if policy.institution_id != roots.institution_id {
            return Err(Distrust::Purpose);
        }
        if !policy.suites.contains(&statement.suite) {
            return Err(Distrust::Suite);
        }
        policy.allows_key(&statement)?;
        Ok((policy, statement))
    }

    /// Whether a key has not been withdrawn.
    ///
    /// # Errors
    /// [`Distrust::KeyTime`] for a number below the lowest that is still good.
    pub fn allows_key(&self, key: &KeyStatement) -> Result<(), Distrust> {
        let withdrawn = key.kid < self.kid_min(key.suite, key.purpose);
        if withdrawn { Err(Distrust::KeyTime) } else { Ok(()) }
    }

    /// The lowest key number of a suite and purpose that is still good.
    #[must_use]
    pub fn kid_min(&self, suite: SuiteId, purpose: Purpose) -> u64 {
        let of = self.kids_min.iter().filter(|(s, p, _)| (*s, *p) == (suite, purpose));
        of.map(|(.., kid)| *kid).max().unwrap_or(0)
    }

    /// Whether a device key of `device` may sign for a payment in `suite`.
    #[must_use]
    pub fn allows_device(&self, device: SuiteId, suite: SuiteId) -> bool {
        device == suite || (self.device_p256 && device == SuiteId::International)
    }
}

/// `{suite: {purpose: kid}}`.
fn kids_min(r: &Reader, value: &Value) -> Result<Vec<(SuiteId, Purpose, u64)>, FormatError> {
    let refused = r.refuse(Defect::Value(8));
    let number = |value: &Value| value.as_integer().and_then(|n| u64::try_from(n).ok()).ok_or(refused);
    let mut all = Vec::new();
    for (suite, kids) in value.as_map().ok_or(refused)? {
        let suite = SuiteId::from_number(number(suite)?).ok_or(r.refuse(Defect::Suite(8)))?;
        for (word, kid) in kids.as_map().ok_or(refused)? {
            let purpose = word.as_text().and_then(Purpose::from_word).ok_or(refused)?;
            all.push((suite, purpose, number(kid)?));
        }
    }
    Ok(all)
}

fn numbers(r: &mut Reader, key: u64) -> Result<Vec<u64>, FormatError> {
    r.array(key, 16)?
        .into_iter()
        .map(|value| {
            value.as_integer().and_then(|n| u64::try_from(n).ok()).ok_or(r.refuse(Defect::Type(key)))
        })
        .collect()
}

fn texts(r: &mut Reader, key: u64) -> Result<Vec<String>, FormatError> {
    r.array(key, 16)?
        .into_iter()
        .map(|value| value.into_text().map_err(|_| r.refuse(Defect::Type(key))))
        .collect()
}
