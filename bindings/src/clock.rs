//! The phone's own clocks, without a call into the host: a press is timed by them.

use msgpay_sdk_core::{Clock, SystemClock};

/// Wall clock and boot clock of the system.
pub(crate) struct PhoneClock {
    system: SystemClock,
}

impl PhoneClock {
    pub(crate) fn start() -> Self {
        Self { system: SystemClock::start() }
    }
}

impl Clock for PhoneClock {
    fn unix_ms(&self) -> i64 {
        self.system.unix_ms()
    }

    fn monotonic_ms(&self) -> u64 {
        self.system.monotonic_ms()
    }

    /// `CLOCK_BOOTTIME` of Linux and Android; on Apple systems `CLOCK_MONOTONIC` runs while the phone sleeps.
    #[expect(unsafe_code, reason = "the standard library has no clock that counts sleep")]
    fn boot_ms(&self) -> u64 {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        const BOOT: libc::clockid_t = libc::CLOCK_BOOTTIME;
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        const BOOT: libc::clockid_t = libc::CLOCK_MONOTONIC;
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: `time` is valid for writing, and the call keeps no pointer.
        if unsafe { libc::clock_gettime(BOOT, &raw mut time) } != 0 {
            // As if all time were over: what is typed is wiped, and nothing is taken for fresh.
            return u64::MAX;
        }
        #[cfg_attr(
            target_pointer_width = "64",
            expect(clippy::useless_conversion, reason = "both fields are 32 bits wide on 32-bit ARM")
        )]
        let (seconds, nanos) = (i64::from(time.tv_sec), i64::from(time.tv_nsec));
        u64::try_from(seconds.saturating_mul(1_000).saturating_add(nanos / 1_000_000)).unwrap_or(u64::MAX)
    }
}
