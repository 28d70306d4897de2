//! The small records that the core keeps in the host's vault.
//!
//! | name | what |
//! |---|---|
//! | `wallet/<institution>` | which wallet and device this handset is there, and its biometric key if it has one |
//! | `open/<institution>/<order>` | a request that was given out to be sent and has no verified receipt yet |
//! | `policy/<institution>` | the highest serial of its policy seen and the lowest key numbers still good: an older
//!   policy is refused, and a withdrawn key stays withdrawn |

use std::fmt;

use msgpay_wire::{
    Digest, FormatError, SuiteId,
    cbor::{Defect, Value},
    fields::{Reader, Writer},
    policy::Policy,
    trust::{KeyStatement, Purpose},
};

use crate::{failure::HostFault, host::Vault};

/// Who signs: the device as the institution knows it, and the name of its key on this handset.
#[derive(Clone, Copy)]
pub(crate) struct Device<'a> {
    pub(crate) id: &'a str,
    pub(crate) key: &'a str,
    pub(crate) suite: SuiteId,
}

/// Who this handset is at an institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The institution.
    pub institution: String,
    /// The wallet, an opaque id.
    pub wallet_id: String,
    /// The device, an opaque id.
    pub device_id: String,
    /// Name of its key in the host's keystore.
    pub key_name: String,
    /// The key's suite.
    pub key_suite: SuiteId,
    /// The key that the phone releases to a live biometric only, once one is enrolled.
    pub biometric: Option<BiometricKey>,
}

/// A key under [`Guard::Biometric`](crate::Guard::Biometric) that the institution has taken.
#[derive(Clone, PartialEq, Eq)]
pub struct BiometricKey {
    /// Its name in the host's keystore.
    pub name: String,
    /// Its suite.
    pub suite: SuiteId,
    /// Its public half, by which its signatures are known.
    pub public_key: [u8; 65],
}

impl fmt::Debug for BiometricKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BiometricKey({})", self.name)
    }
}

impl Membership {
    pub(crate) fn keep(&self, vault: &dyn Vault) -> Result<(), HostFault> {
        vault.put(&format!("wallet/{}", self.institution), &self.encode())
    }

    fn encode(&self) -> Vec<u8> {
        let record = Writer::labelled(WALLET_LABEL)
            .text(1, &self.institution)
            .text(2, &self.wallet_id)
            .text(3, &self.device_id)
            .text(4, &self.key_name)
            .uint(5, self.key_suite.number());
        match &self.biometric {
            Some(key) => record.text(6, &key.name).uint(7, key.suite.number()).bytes(8, &key.public_key),
            None => record,
        }
        .finish()
    }

    /// Who signs for this membership.
    pub(crate) fn device(&self) -> Device<'_> {
        Device { id: &self.device_id, key: &self.key_name, suite: self.key_suite }
    }

    pub(crate) fn find(vault: &dyn Vault, institution: &str) -> Result<Option<Self>, HostFault> {
        let Some(record) = vault.record(&format!("wallet/{institution}"))? else { return Ok(None) };
        let found = Self::read(&record).map_err(|_| HostFault::Vault)?;
        // A record under another's name would send this institution's token to the other.
        if found.institution == institution { Ok(Some(found)) } else { Err(HostFault::Vault) }
    }

    fn read(record: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open("wallet record", record)?;
        r.label(WALLET_LABEL)?;
        let biometric = match r.text_optional(6, KEY_NAME_BYTES_MAX)? {
            Some(name) => Some(BiometricKey { name, suite: r.suite(7)?, public_key: r.fixed(8)? }),
            None => None,
        };
        let found = Self {
            institution: r.text(1, 64)?,
            wallet_id: r.text(2, 64)?,
            device_id: r.text(3, 64)?,
            key_name: r.text(4, KEY_NAME_BYTES_MAX)?,
            key_suite: r.suite(5)?,
            biometric,
        };
        r.finish()?;
        Ok(found)
    }
}

/// A request that may have left the handset: all that is needed to ask about it and to know its receipt.
/// The sealed entry is not part of it and is never kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpenRequest {
    pub(crate) institution: String,
    /// The payment order, or the number of a password setting.
    pub(crate) subject_no: String,
    pub(crate) suite: SuiteId,
    pub(crate) device_id: String,
    /// Name of the key that signed it: a later activation has another.
    pub(crate) key_name: String,
    pub(crate) key_suite: SuiteId,
    pub(crate) server_nonce: [u8; 16],
    pub(crate) order_digest: Digest,
    pub(crate) request_digest: Digest,
    /// The lowest receipt key that the policy of that launch still accepted.
    pub(crate) receipt_kid_min: u64,
    /// When the institution issued the nonce, by its own clock, Unix seconds: no receipt for it is older.
    pub(crate) issued_s: u64,
}

/// A payment request whose result is not known: whom to ask, and about what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenPayment {
    /// The institution.
    pub institution: String,
    /// The order.
    pub pay_order_no: String,
}

const WALLET_LABEL: &str = "msgpay wallet record v1";
const OPEN: &str = "open/";
/// Bytes of a key's name: institution and a random end.
const KEY_NAME_BYTES_MAX: usize = 128;

impl OpenRequest {
    pub(crate) fn keep(&self, vault: &dyn Vault) -> Result<(), HostFault> {
        vault.put(&name(&self.institution, &self.subject_no), &self.encode())
    }

    fn encode(&self) -> Vec<u8> {
        Writer::labelled("msgpay open request record v1")
            .text(1, &self.institution)
            .text(2, &self.subject_no)
            .uint(3, self.suite.number())
            .text(4, &self.device_id)
            .bytes(5, &self.server_nonce)
            .bytes(6, &self.order_digest)
            .bytes(7, &self.request_digest)
            .uint(8, self.receipt_kid_min)
            .text(9, &self.key_name)
            .uint(10, self.key_suite.number())
            .uint(11, self.issued_s)
            .finish()
    }

    pub(crate) fn find(
        vault: &dyn Vault,
        institution: &str,
        subject_no: &str,
    ) -> Result<Option<Self>, HostFault> {
        let Some(record) = vault.record(&name(institution, subject_no))? else { return Ok(None) };
        let found = Self::read(&record).map_err(|_| HostFault::Vault)?;
        let own = found.institution == institution && found.subject_no == subject_no;
        if own { Ok(Some(found)) } else { Err(HostFault::Vault) }
    }

    /// Who signs for this request.
    pub(crate) fn device(&self) -> Device<'_> {
        Device { id: &self.device_id, key: &self.key_name, suite: self.key_suite }
    }

    /// Whether an open request still needs a key.
    pub(crate) fn needs_key(vault: &dyn Vault, key_name: &str) -> Result<bool, HostFault> {
        for open in Self::all(vault)? {
            let open = Self::find(vault, &open.institution, &open.pay_order_no)?;
            if open.is_some_and(|open| open.key_name == key_name) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Every order with an open request.
    pub(crate) fn all(vault: &dyn Vault) -> Result<Vec<OpenPayment>, HostFault> {
        let open = |name: &String| {
            let (institution, pay_order_no) = name.strip_prefix(OPEN)?.rsplit_once('/')?;
            Some(OpenPayment { institution: institution.to_owned(), pay_order_no: pay_order_no.to_owned() })
        };
        Ok(vault.names()?.iter().filter_map(open).collect())
    }

    /// Removes the record while it is this request's own: a later request for the order has one that has to stay.
    pub(crate) fn forget(&self, vault: &dyn Vault) -> Result<(), HostFault> {
        match Self::find(vault, &self.institution, &self.subject_no)? {
            Some(kept) if kept.request_digest == self.request_digest => {
                vault.remove(&name(&self.institution, &self.subject_no))
            }
            _ => Ok(()),
        }
    }

    fn read(record: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open("open request record", record)?;
        r.label("msgpay open request record v1")?;
        let found = Self {
            institution: r.text(1, 64)?,
            subject_no: r.text(2, 64)?,
            suite: r.suite(3)?,
            device_id: r.text(4, 64)?,
            server_nonce: r.fixed(5)?,
            order_digest: r.fixed(6)?,
            request_digest: r.fixed(7)?,
            receipt_kid_min: r.uint(8)?,
            key_name: r.text(9, KEY_NAME_BYTES_MAX)?,
            key_suite: r.suite(10)?,
            issued_s: r.uint(11)?,
        };
        r.finish()?;
        Ok(found)
    }
}

/// A record of whichever kind it is, read and written again; `None` for what is none. For laboratories: the readers are
/// nobody's but the sessions'.
#[cfg(feature = "specimen")]
#[must_use]
pub fn rewritten(record: &[u8]) -> Option<Vec<u8>> {
    let wallet = || Membership::read(record).map(|found| found.encode());
    let open = || OpenRequest::read(record).map(|found| found.encode());
    let policy = || PolicySeen::read(record).map(|found| found.encode());
    wallet().or_else(|_| open()).or_else(|_| policy()).ok()
}

/// An order number is another one at another institution.
fn name(institution: &str, subject_no: &str) -> String {
    format!("{OPEN}{institution}/{subject_no}")
}

/// What was seen of an institution's policies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PolicySeen {
    serial: u64,
    /// For each suite and purpose the lowest key number still good.
    kids_min: Vec<(SuiteId, Purpose, u64)>,
}

/// What a policy is after those seen before.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Believed {
    /// The institution's present one: with all that was withdrawn up to it.
    Now(PolicySeen),
    /// Older than one that was seen.
    Older,
    /// It, or what came with it, rests on a key that it or an earlier one has withdrawn.
    Withdrawn,
}

/// Suites times purposes, with room for later ones.
const KIDS_MAX: usize = 64;

impl PolicySeen {
    /// Nothing, before the first launch.
    pub(crate) fn find(vault: &dyn Vault, institution: &str) -> Result<Self, HostFault> {
        match vault.record(&policy_name(institution))? {
            Some(record) => Self::read(&record).map_err(|_| HostFault::Vault),
            None => Ok(Self::default()),
        }
    }

    /// Whether a key was not withdrawn by any policy seen.
    pub(crate) fn allows_key(&self, key: &KeyStatement) -> bool {
        !self
            .kids_min
            .iter()
            .any(|(suite, purpose, min)| (*suite, *purpose) == (key.suite, key.purpose) && key.kid < *min)
    }

    /// The lowest key number of a suite and purpose that no policy seen has withdrawn.
    pub(crate) fn kid_min(&self, suite: SuiteId, purpose: Purpose) -> u64 {
        let of = self.kids_min.iter().filter(|(s, p, _)| (*s, *p) == (suite, purpose));
        of.map(|(.., kid)| *kid).max().unwrap_or(0)
    }

    /// Goes on to a policy that came with an answer: all `keys` that the two rest on are judged by it and by those seen
    /// before. Keeps the largest serial and the largest of the lowest key numbers: a later policy never brings a
    /// withdrawn key back, and what an older one has withdrawn counts as well. One session at a time.
    pub(crate) fn goes_on(
        vault: &dyn Vault,
        policy: &Policy,
        keys: &[&KeyStatement],
    ) -> Result<Believed, HostFault> {
        let seen = Self::find(vault, &policy.institution_id)?;
        let mut next = Self { serial: policy.serial.max(seen.serial), kids_min: seen.kids_min.clone() };
        for (suite, purpose, kid) in &policy.kids_min {
            match next.kids_min.iter_mut().find(|(s, p, _)| (s, p) == (suite, purpose)) {
                Some((.., min)) => *min = (*min).max(*kid),
                None => next.kids_min.push((*suite, *purpose, *kid)),
            }
        }
        if !keys.iter().all(|key| next.allows_key(key)) {
            return Ok(Believed::Withdrawn);
        }
        if next != seen {
            vault.put(&policy_name(&policy.institution_id), &next.encode())?;
        }
        Ok(if policy.serial < seen.serial { Believed::Older } else { Believed::Now(next) })
    }

    fn encode(&self) -> Vec<u8> {
        let kid = |(suite, purpose, kid): &(SuiteId, Purpose, u64)| {
            let purpose = Value::Text(purpose.word().to_owned());
            Value::Array(vec![suite.number().into(), purpose, (*kid).into()])
        };
        let kids = self.kids_min.iter().map(kid).collect();
        Writer::labelled(POLICY_LABEL).uint(1, self.serial).value(2, Value::Array(kids)).finish()
    }

    fn read(record: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open("policy record", record)?;
        r.label(POLICY_LABEL)?;
        let serial = r.uint(1)?;
        let kids = r.array(2, KIDS_MAX)?.iter().map(read_kid).collect::<Option<_>>();
        let kids_min = kids.ok_or(r.refuse(Defect::Value(2)))?;
        r.finish()?;
        Ok(Self { serial, kids_min })
    }
}

const POLICY_LABEL: &str = "msgpay policy record v1";

fn policy_name(institution: &str) -> String {
    format!("policy/{institution}")
}

fn read_kid(value: &Value) -> Option<(SuiteId, Purpose, u64)> {
    let [suite, purpose, kid] = value.as_array()?.as_slice() else { return None };
    let number = |value: &Value| u64::try_from(value.as_integer()?).ok();
    Some((SuiteId::from_number(number(suite)?)?, Purpose::from_word(purpose.as_text()?)?, number(kid)?))
}

#[cfg(test)]
mod tests;
