//! What an institution allows at present, signed by its `policy` key.

use crate::cbor::{Defect, FormatError, Value};
use crate::digest::{Primitives, SuiteId};
use crate::fields::{Reader, Writer};
use crate::trust::{Distrust, Purpose, Roots};

const LABEL: &str = "msgpay policy v1";
const WHAT: &str = "policy";

/// The policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Whose policy.
    pub institution_id: String,
    /// Grows with each issue.
    pub serial: u64,
    /// Suites in which payments are taken; at least one.
    pub suites: Vec<SuiteId>,
    /// Keypad kinds, such as `numeric`.
    pub kinds: Vec<String>,
    /// Keypad modes: 0 visual, 1 spoken.
    pub modes: Vec<u64>,
    /// Factors that a payment needs: `password`, `device`, `biometric`.
    pub factors: Vec<String>,
    /// Largest single payment in fen.
    pub amount_fen_max: u64,
    /// For each purpose the lowest key number still good.
    pub kids_min: Vec<(Purpose, u64)>,
    /// Unix seconds.
    pub issued: u64,
    /// Unix seconds.
    pub expires: u64,
}

impl Policy {
    /// The payload that the `policy` key signs.
    #[must_use]
    pub fn payload(&self) -> Vec<u8> {
        let texts = |all: &[String]| Value::Array(all.iter().map(|t| Value::Text(t.clone())).collect());
        let numbers =
            |all: Vec<u64>| Value::Array(all.into_iter().map(|n| Value::Integer(n.into())).collect());
        let kids = self
            .kids_min
            .iter()
            .map(|(purpose, kid)| (Value::Text(purpose.word().to_owned()), Value::Integer((*kid).into())))
            .collect();
        Writer::labelled(LABEL)
            .text(1, &self.institution_id)
            .uint(2, self.serial)
            .value(3, numbers(self.suites.iter().map(|suite| suite.number()).collect()))
            .value(4, texts(&self.kinds))
            .value(5, numbers(self.modes.clone()))
            .value(6, texts(&self.factors))
            .value(7, Value::Map(vec![(1.into(), Value::Integer(self.amount_fen_max.into()))]))
            .value(8, Value::Map(kids))
            .uint(9, self.issued)
            .uint(10, self.expires)
            .finish()
    }

    fn read(payload: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open(WHAT, payload)?;
        r.label(LABEL)?;
        let institution_id = r.text(1, 64)?;
        let serial = r.uint(2)?;
        let suites = numbers(&mut r, 3)?
            .into_iter()
            .map(|n| SuiteId::from_number(n).ok_or(r.refuse(Defect::Value(3))))
            .collect::<Result<Vec<_>, _>>()?;
        if suites.is_empty() {
            return Err(r.refuse(Defect::Value(3)));
        }
        let kinds = texts(&mut r, 4)?;
        let modes = numbers(&mut r, 5)?;
        let factors = texts(&mut r, 6)?;
        let mut limits = Reader::of(WHAT, r.value(7)?)?;
        let amount_fen_max = limits.uint(1)?;
        limits.finish()?;
        let Value::Map(kids) = r.value(8)? else { return Err(r.refuse(Defect::Type(8))) };
        let kids_min = kids
            .into_iter()
            .map(|(word, kid)| {
                let purpose = word.as_text().and_then(Purpose::from_word)?;
                Some((purpose, u64::try_from(kid.as_integer()?).ok()?))
            })
            .collect::<Option<Vec<_>>>()
            .ok_or(r.refuse(Defect::Value(8)))?;
        let policy = Self {
            institution_id,
            serial,
            suites,
            kinds,
            modes,
            factors,
            amount_fen_max,
            kids_min,
            issued: r.uint(9)?,
            expires: r.uint(10)?,
        };
        r.finish()?;
        Ok(policy)
    }

    /// Verifies a policy under an institution's roots. Its expiry is left to the caller, whose clock it is.
    ///
    /// # Errors
    /// [`Distrust`].
    pub fn open(crypto: &dyn Primitives, roots: &Roots, bytes: &[u8], now: u64) -> Result<Self, Distrust> {
        let (payload, statement) = roots.open(crypto, WHAT, bytes, Purpose::Policy, now)?;
        let policy = Self::read(&payload)?;
        if policy.institution_id != roots.institution_id {
            return Err(Distrust::Purpose);
        }
        policy.allows_key(Purpose::Policy, statement.kid)?;
        Ok(policy)
    }

    /// Whether a key has not been withdrawn.
    ///
    /// # Errors
    /// [`Distrust::KeyTime`] for a number below the lowest that is still good.
    pub fn allows_key(&self, purpose: Purpose, kid: u64) -> Result<(), Distrust> {
        let withdrawn = self.kids_min.iter().any(|(of, min)| *of == purpose && kid < *min);
        if withdrawn { Err(Distrust::KeyTime) } else { Ok(()) }
    }
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
