//! What can be told to go wrong.

use msgpay_messaging::dialect_a::Code;

/// Switches; all off at the start. Counters count down as they strike.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    /// Refuse every send with this code.
    pub refuse_sends: Option<Code>,
    /// Take this many sends with success and lose them.
    pub lose_downlinks: u32,
    /// Hold every downlink for so long.
    pub delay_downlinks_ms: u64,
    /// Take this many uplinks from the handset and lose them.
    pub lose_uplinks: u32,
    /// Hold every uplink for so long.
    pub delay_uplinks_ms: u64,
    /// Deliver this many uplinks twice, with fresh signatures, as operators do after a lost answer.
    pub repeat_uplinks: u32,
    /// Sign callbacks with a wrong word, as a stranger would.
    pub forge_callbacks: bool,
}

/// Takes one off a counter; whether it struck.
pub(super) fn strike(counter: &mut u32) -> bool {
    let struck = *counter > 0;
    *counter = counter.saturating_sub(1);
    struck
}
