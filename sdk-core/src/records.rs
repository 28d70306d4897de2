//! The small records that the core keeps in the host's vault.
//!
//! | name | what |
//! |---|---|
//! | `wallet/<institution>` | which wallet and device this handset is there |
//! | `open/<order>` | a request that was given out to be sent and has no verified receipt yet |
//! | `policy/<institution>` | the highest serial of its policy seen, so that an older one is refused |

use msgpay_wire::{
    Digest, FormatError, SuiteId,
    cbor::Defect,
    fields::{Reader, Writer},
};

use crate::{failure::HostFault, host::Vault};

/// Who signs: the device as the institution knows it, and the name of its key on this handset.
#[derive(Clone, Copy)]
pub(crate) struct Device<'a> {
    pub(crate) id: &'a str,
    pub(crate) key: &'a str,
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
}

impl Membership {
    pub(crate) fn keep(&self, vault: &dyn Vault) -> Result<(), HostFault> {
        let record = Writer::labelled("msgpay wallet record v1")
            .text(1, &self.institution)
            .text(2, &self.wallet_id)
            .text(3, &self.device_id)
            .text(4, &self.key_name);
        vault.put(&format!("wallet/{}", self.institution), &record.finish())
    }

    /// Who signs for this membership.
    pub(crate) fn device(&self) -> Device<'_> {
        Device { id: &self.device_id, key: &self.key_name }
    }

    pub(crate) fn find(vault: &dyn Vault, institution: &str) -> Result<Option<Self>, HostFault> {
        let Some(record) = vault.record(&format!("wallet/{institution}"))? else { return Ok(None) };
        let found = Self::read(&record).map_err(|_| HostFault::Vault)?;
        // A record under another's name would send this institution's token to the other.
        if found.institution == institution { Ok(Some(found)) } else { Err(HostFault::Vault) }
    }

    fn read(record: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open("wallet record", record)?;
        r.label("msgpay wallet record v1")?;
        let found = Self {
            institution: r.text(1, 64)?,
            wallet_id: r.text(2, 64)?,
            device_id: r.text(3, 64)?,
            key_name: r.text(4, KEY_NAME_BYTES_MAX)?,
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
    pub(crate) server_nonce: [u8; 16],
    pub(crate) order_digest: Digest,
    pub(crate) request_digest: Digest,
    /// The lowest receipt key that the policy of that launch still accepted.
    pub(crate) receipt_kid_min: u64,
}

const OPEN: &str = "open/";
/// Bytes of a key's name: institution and a random end.
const KEY_NAME_BYTES_MAX: usize = 128;

impl OpenRequest {
    pub(crate) fn keep(&self, vault: &dyn Vault) -> Result<(), HostFault> {
        let record = Writer::labelled("msgpay open request record v1")
            .text(1, &self.institution)
            .text(2, &self.subject_no)
            .uint(3, self.suite.number())
            .text(4, &self.device_id)
            .bytes(5, &self.server_nonce)
            .bytes(6, &self.order_digest)
            .bytes(7, &self.request_digest)
            .uint(8, self.receipt_kid_min)
            .text(9, &self.key_name);
        vault.put(&name(&self.subject_no), &record.finish())
    }

    pub(crate) fn find(vault: &dyn Vault, subject_no: &str) -> Result<Option<Self>, HostFault> {
        let Some(record) = vault.record(&name(subject_no))? else { return Ok(None) };
        let found = Self::read(&record).map_err(|_| HostFault::Vault)?;
        if found.subject_no == subject_no { Ok(Some(found)) } else { Err(HostFault::Vault) }
    }

    /// Who signs for this request.
    pub(crate) fn device(&self) -> Device<'_> {
        Device { id: &self.device_id, key: &self.key_name }
    }

    /// Whether an open request still needs a key.
    pub(crate) fn needs_key(vault: &dyn Vault, key_name: &str) -> Result<bool, HostFault> {
        for subject_no in Self::all(vault)? {
            if Self::find(vault, &subject_no)?.is_some_and(|open| open.key_name == key_name) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Every order with an open request.
    pub(crate) fn all(vault: &dyn Vault) -> Result<Vec<String>, HostFault> {
        let names = vault.names()?;
        Ok(names.iter().filter_map(|name| name.strip_prefix(OPEN)).map(str::to_owned).collect())
    }

    /// Removes the record while it is this request's own: a later request for the order has one that has to stay.
    pub(crate) fn forget(&self, vault: &dyn Vault) -> Result<(), HostFault> {
        match Self::find(vault, &self.subject_no)? {
            Some(kept) if kept.request_digest == self.request_digest => vault.remove(&name(&self.subject_no)),
            _ => Ok(()),
        }
    }

    fn read(record: &[u8]) -> Result<Self, FormatError> {
        let mut r = Reader::open("open request record", record)?;
        r.label("msgpay open request record v1")?;
        let found = Self {
            institution: r.text(1, 64)?,
            subject_no: r.text(2, 64)?,
            suite: SuiteId::from_number(r.uint(3)?).ok_or(r.refuse(Defect::Value(3)))?,
            device_id: r.text(4, 64)?,
            server_nonce: r.fixed(5)?,
            order_digest: r.fixed(6)?,
            request_digest: r.fixed(7)?,
            receipt_kid_min: r.uint(8)?,
            key_name: r.text(9, KEY_NAME_BYTES_MAX)?,
        };
        r.finish()?;
        Ok(found)
    }
}

fn name(subject_no: &str) -> String {
    format!("{OPEN}{subject_no}")
}

/// Keeps the highest policy serial seen; gives `false` for one that is older.
pub(crate) fn policy_goes_on(vault: &dyn Vault, institution: &str, serial: u64) -> Result<bool, HostFault> {
    let name = format!("policy/{institution}");
    let seen = match vault.record(&name)? {
        Some(bytes) => u64::from_be_bytes(bytes.try_into().map_err(|_| HostFault::Vault)?),
        None => 0,
    };
    if serial > seen {
        vault.put(&name, &serial.to_be_bytes())?;
    }
    Ok(serial >= seen)
}

#[cfg(test)]
mod tests;
