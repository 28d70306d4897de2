//! What this platform allows, and how long it waits.

use super::Faults;
use crate::config::Policy;

/// What this platform allows, and how long it waits.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Name of the institution's channel, as accounts and attempts carry it.
    pub institution: String,
    /// The largest payment in fen; `None` for no limit of this kind.
    pub fen_max: Option<i64>,
    /// What the signed policy says about suites: one that was taken out of it is no longer paid in.
    pub policy: Policy,
    /// Keypad modes in which an entry is taken (0 visual, 1 spoken); as the signed policy says.
    pub modes: Vec<u64>,
    /// The bank's answer later than this is UNKNOWN.
    pub bank_deadline_ms: u64,
    /// A request that stopped before it began may be voided by `resolve` after this.
    pub stale_ms: i64,
    /// Points to die at; none outside development mode.
    pub faults: Faults,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            institution: "BANK".to_owned(),
            fen_max: None,
            policy: Policy::default(),
            modes: vec![0, 1],
            bank_deadline_ms: 3_000,
            stale_ms: 5_000,
            faults: Faults::none(),
        }
    }
}
