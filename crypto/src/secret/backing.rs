//! Where the memory of secrets comes from: one choice for the whole process.

use crate::Error;
use std::sync::atomic::{AtomicU8, Ordering};

/// Kinds of memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Backing {
    /// Private memory without a name. The default everywhere.
    Anonymous,
    /// `memfd_secret` where a plain Linux kernel has it and grants it, else anonymous memory.
    HiddenIfPossible,
}

/// Nothing was asked for and no secret was made yet.
const OPEN: u8 = 0;
/// Hidden memory was asked for, no secret was made yet.
const ASKED: u8 = 1;
/// The bit that says that a secret was made: nothing can be asked for any more.
const SETTLED: u8 = 2;

static CHOICE: AtomicU8 = AtomicU8::new(OPEN);

/// Asks that all secrets of this process, and the stacks of the clean room, lie in `memfd_secret`: memory that the
/// kernel takes out of its own map, so that neither a debugger nor root reads it through `/proc`. Once, before the
/// first secret. Servers and desktops want it; it is off by default because that memory counts against
/// `RLIMIT_MEMLOCK` and stops the machine from hibernating.
///
/// Where the kernel has none or grants no more, anonymous memory takes its place without a word;
/// [`Protection::hidden`](super::Protection) and [`room::report`](crate::room::report) tell. Android never gets it:
/// its application filter kills the process for the call. The working memory of password stretching (19 MiB) stays
/// anonymous: it is too large to lock.
///
/// # Errors
/// [`Error::Misused`] once a secret was made.
pub fn use_hidden_memory() -> Result<(), Error> {
    match CHOICE.compare_exchange(OPEN, ASKED, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) | Err(ASKED) => Ok(()),
        Err(_settled) => Err(Error::Misused),
    }
}

impl Backing {
    /// What this process has chosen, which stands from now on.
    pub(crate) fn chosen() -> Self {
        match CHOICE.fetch_or(SETTLED, Ordering::AcqRel) & ASKED {
            ASKED => Backing::HiddenIfPossible,
            _ => Backing::Anonymous,
        }
    }
}
