//! The keys in use: one whole set, replaced by another whole set while the platform serves.
//!
//! A new set is opened and judged before anything changes; then one pointer changes. Whoever works with the set before
//! it holds it until the work is done; with the last of them its pages are wiped. A set that does not hold together
//! changes nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

use msgpay_wire::{Digest, Primitives as _, SuiteId, trust::Purpose};

use super::{BuiltIn, InstitutionKeys, KeyError, manifest::Manifest};
use crate::config::{Config, Mode};

/// Where the keys lie, and what they must be.
#[derive(Debug, Clone)]
pub struct Source {
    pub(super) dir: PathBuf,
    pub(super) institution_id: String,
    pub(super) mode: Mode,
    pub(super) suites: Vec<SuiteId>,
}

impl Source {
    /// As a configuration says.
    pub fn of(config: &Config) -> Self {
        Self {
            dir: config.keys.dir.clone(),
            institution_id: config.institution.id.clone(),
            mode: config.mode,
            suites: config.policy.suites.clone(),
        }
    }

    fn open(&self, text: &str, now_s: i64) -> Result<InstitutionKeys, KeyError> {
        let manifest = Manifest::parse(&self.dir, text)?;
        InstitutionKeys::of(manifest, &self.dir, &self.institution_id, self.mode, &self.suites, now_s)
    }
}

/// When a manifest is read anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// When its text is another than that of the set in use, or a key of that set is over.
    IfChanged,
    /// In any case: key files may have changed beside it.
    Anyway,
}

/// The set in use.
pub struct KeyRing {
    source: Source,
    live: RwLock<Live>,
}

struct Live {
    keys: Arc<InstitutionKeys>,
    manifest: Digest,
    past: Past,
}

/// What this process has seen withdrawn. It begins empty at a start; handsets remember on their own.
#[derive(Clone, Default)]
struct Past {
    /// The lowest number still good, of each suite and purpose.
    lowest: BTreeMap<(SuiteId, Purpose), u64>,
    /// HTTP keys that are gone.
    http: BTreeSet<String>,
}

impl KeyRing {
    /// Open the set that the manifest names now.
    pub fn open(source: Source, now_s: i64) -> Result<Self, KeyError> {
        let text = Manifest::text(&source.dir)?;
        let keys = source.open(&text, now_s)?;
        let mut past = Past::default();
        past.note(None, &keys);
        let live = Live { keys: Arc::new(keys), manifest: digest(&text), past };
        Ok(Self { source, live: RwLock::new(live) })
    }

    /// The set in use. Whoever needs several keys that belong together asks once.
    pub fn in_use(&self) -> Arc<InstitutionKeys> {
        Arc::clone(&self.live.read().unwrap_or_else(PoisonError::into_inner).keys)
    }

    /// Read the manifest anew and take its set up; whether there was another one.
    ///
    /// # Errors
    /// Why the set on the disk is not taken up; the one in use stays.
    pub fn reread(&self, look: Look, now_s: i64) -> Result<bool, KeyError> {
        let text = Manifest::text(&self.source.dir)?;
        let manifest = digest(&text);
        let (before, mut past) = {
            let live = self.live.read().unwrap_or_else(PoisonError::into_inner);
            if look == Look::IfChanged && live.manifest == manifest && !live.keys.is_stale(now_s) {
                return Ok(false);
            }
            (Arc::clone(&live.keys), live.past.clone())
        };
        let keys = self.source.open(&text, now_s)?;
        if (&keys.pepper, &keys.mobile) != (&before.pepper, &before.mobile) {
            return Err(KeyError::Restart);
        }
        past.judge(&keys)?;
        past.note(Some(&before), &keys);
        let next = Live { keys: Arc::new(keys), manifest, past };
        // The set before it goes when its last user does, outside the lock.
        let _before =
            std::mem::replace(&mut *self.live.write().unwrap_or_else(PoisonError::into_inner), next);
        Ok(true)
    }
}

impl Past {
    /// Nothing that was withdrawn is there again.
    fn judge(&self, keys: &InstitutionKeys) -> Result<(), KeyError> {
        for (suite, purpose, kid) in keys.kids_min() {
            if self.lowest.get(&(suite, purpose)).is_some_and(|lowest| kid < *lowest) {
                return Err(KeyError::Returned { key: kid.to_string() });
            }
        }
        match keys.http.iter().find(|key| self.http.contains(&key.key_id)) {
            Some(key) => Err(KeyError::Returned { key: key.key_id.clone() }),
            None => Ok(()),
        }
    }

    fn note(&mut self, before: Option<&InstitutionKeys>, keys: &InstitutionKeys) {
        self.lowest.extend(keys.kids_min().into_iter().map(|(suite, purpose, kid)| ((suite, purpose), kid)));
        let stays = |id: &String| keys.http.iter().any(|key| key.key_id == *id);
        let were = before.into_iter().flat_map(|before| &before.http).map(|key| key.key_id.clone());
        self.http.extend(were.filter(|id| !stays(id)));
    }
}

fn digest(text: &str) -> Digest {
    BuiltIn.hash(SuiteId::International, text.as_bytes())
}

#[cfg(test)]
mod tests;
