//! What the system granted to a piece of secret memory.

/// A report, not a demand: each `false` is something that the system refused or does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protection {
    /// Inaccessible pages on both sides, so that an overrun stops the process.
    pub guarded: bool,
    /// `mlock`: never written to swap. Refused when `RLIMIT_MEMLOCK` is used up (64 KiB on old Android).
    pub locked: bool,
    /// `MADV_DONTDUMP`: left out of core dumps. Linux and Android only.
    pub kept_from_dumps: bool,
    /// `MADV_WIPEONFORK` (a child reads zeros), or `MADV_DONTFORK` where the memory is hidden (a child has no
    /// such page). Linux 4.14 and later.
    pub lost_on_fork: bool,
    /// `memfd_secret`: taken out of the kernel's own map, unreadable through `/proc/*/mem` and by a debugger.
    pub hidden: bool,
}

impl Protection {
    /// Whether everything asked for by default was granted (hiding is asked for separately).
    pub fn is_whole(&self) -> bool {
        self.guarded && self.locked && self.kept_from_dumps && self.lost_on_fork
    }
}
