//! One stack of the clean room.
#![cfg_attr(not(miri), expect(unsafe_code, reason = "switching stacks has no safe form"))]

use crate::{
    Error,
    secret::{Backing, Lock, Protection, Region},
};

/// Old Android locks 64 KiB per process in all, of which pages need some; and so much is wiped within the first
/// cache, for a sixth of what 64 KiB cost. The deepest operation measured used 10.6 KiB.
const STACK_BYTES: usize = 32 * 1024;

/// Whether this build can switch stacks.
pub(super) const SWITCHES: bool =
    cfg!(all(unix, not(miri), any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "arm")));

/// A locked, guarded stack; zero whenever nothing runs on it.
pub(super) struct Stack(Region);

impl Stack {
    pub(super) fn make() -> Result<Self, Error> {
        Region::make(STACK_BYTES, Lock::Yes, Backing::chosen()).map(Stack)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn protection(&self) -> Protection {
        self.0.protection()
    }

    /// Whether this process made it, and not the one that it was forked from.
    pub(super) fn is_own(&self) -> bool {
        self.0.is_own()
    }

    /// Runs `work` on this stack and wipes it. `work` must not unwind: the caller catches inside.
    #[cfg(all(unix, not(miri), any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "arm")))]
    #[inline(never)]
    pub(super) fn run<R>(&mut self, work: impl FnOnce() -> R) -> R {
        // SAFETY: start and length are whole pages of a mapping that is ours, writable and between guard
        // pages; `work` does not unwind (the one caller wraps it in catch_unwind); `&mut self` keeps others
        // off the stack.
        let result = unsafe { psm::on_stack(self.0.start().as_ptr(), self.0.len(), work) };
        self.0.wipe();
        result
    }

    /// Without a stack switch the work runs in place, and what it left below is wiped; [`SWITCHES`] reports it.
    #[cfg(not(all(
        unix,
        not(miri),
        any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "arm")
    )))]
    #[inline(never)]
    pub(super) fn run<R>(&mut self, work: impl FnOnce() -> R) -> R {
        let result = in_place(work);
        super::burn::sweep_stack();
        result
    }

    #[cfg(test)]
    pub(super) fn is_zero(&self) -> bool {
        self.0.as_slice().iter().all(|b| *b == 0)
    }
}

/// A frame of its own, which [`Stack::run`] can wipe once it has returned.
#[cfg(not(all(unix, not(miri), any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "arm"))))]
#[inline(never)]
fn in_place<R>(work: impl FnOnce() -> R) -> R {
    work()
}
