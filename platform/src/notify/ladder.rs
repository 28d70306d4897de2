//! When a notice is tried again (the ladder of C.3): eighteen tries over 24 h 4 min 3 s, as data.
//!
//! The first three tries form a fast lane, because a payer is told within 3 s of the confirmed result
//! (T/CAICI 92 §6.4(1)); the rest gives a merchant a day to come back.

use std::time::Duration;

/// Longest time to connect, on every rung.
pub const CONNECT_WITHIN: Duration = Duration::from_secs(1);

/// One try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rung {
    /// Wait after the previous try ended.
    pub after: Duration,
    /// Longest time of the whole try, connecting included.
    pub within: Duration,
    /// Whether `after` is spread by ±10 % so that many notices do not come back in one wave.
    pub spread: bool,
}

const fn fast(after_s: u64) -> Rung {
    Rung { after: Duration::from_secs(after_s), within: Duration::from_secs(3), spread: false }
}

const fn patient(after_s: u64) -> Rung {
    Rung { after: Duration::from_secs(after_s), within: Duration::from_secs(5), spread: true }
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// All tries in order.
pub const LADDER: [Rung; 18] = [
    fast(0),
    fast(1),
    fast(2),
    patient(15),
    patient(15),
    patient(30),
    patient(3 * MINUTE),
    patient(10 * MINUTE),
    patient(20 * MINUTE),
    patient(30 * MINUTE),
    patient(30 * MINUTE),
    patient(30 * MINUTE),
    patient(HOUR),
    patient(3 * HOUR),
    patient(3 * HOUR),
    patient(3 * HOUR),
    patient(6 * HOUR),
    patient(6 * HOUR),
];

/// The rung of try number `attempt` (1 is the first), or `None` when all are used up.
pub fn rung(attempt: i64) -> Option<Rung> {
    usize::try_from(attempt.checked_sub(1)?).ok().and_then(|i| LADDER.get(i)).copied()
}

/// Milliseconds to wait before try number `attempt`, spread by `die` (any byte of randomness), or `None`
/// when the notice is to be given up.
pub fn wait_ms(attempt: i64, die: u8) -> Option<i64> {
    let rung = rung(attempt)?;
    let base = i64::try_from(rung.after.as_millis()).ok()?;
    if !rung.spread {
        return Some(base);
    }
    // die 0..=255 maps to -10 % ..= +10 %.
    let share = i64::from(die) * 2 - 255;
    Some(base + base * share / 2550)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_ladder_takes_a_day_and_four_minutes() {
        let total: u64 = LADDER.iter().map(|r| r.after.as_secs()).sum();
        assert_eq!(total, 24 * HOUR + 4 * MINUTE + 3);
        assert_eq!(rung(19), None);
        assert_eq!(rung(0), None);
    }

    #[test]
    fn the_fast_lane_keeps_its_times_and_the_rest_is_spread_by_a_tenth() {
        for die in [0, 127, 255] {
            assert_eq!(wait_ms(1, die), Some(0));
            assert_eq!(wait_ms(2, die), Some(1_000));
            assert_eq!(wait_ms(3, die), Some(2_000));
        }
        assert_eq!(wait_ms(4, 0), Some(13_500));
        assert_eq!(wait_ms(4, 255), Some(16_500));
        assert_eq!(wait_ms(19, 0), None);
    }
}
