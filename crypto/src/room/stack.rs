//! One stack of the clean room.
#![expect(unsafe_code, reason = "switching stacks has no safe form")]

use crate::{
    Error,
    secret::{Backing, Lock, Protection, Region},
};

/// Old Android locks 64 KiB per process in all. The deepest operation measured used 10.6 KiB.
const STACK_BYTES: usize = if cfg!(target_os = "android") { 32 * 1024 } else { 64 * 1024 };

/// Whether this build can switch stacks.
pub(super) const SWITCHES: bool =
    cfg!(all(unix, any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "arm")));

/// A locked, guarded stack; zero whenever nothing runs on it.
pub(super) struct Stack(Region);

impl Stack {
    pub(super) fn make() -> Result<Self, Error> {
        Region::make(STACK_BYTES, Lock::Yes, Backing::Anonymous).map(Stack)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn protection(&self) -> Protection {
        self.0.protection()
    }

    /// Runs `work` on this stack and wipes it. `work` must not unwind: the caller catches inside.
    #[cfg(all(unix, any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "arm")))]
    #[inline(never)]
    pub(super) fn run<R>(&mut self, work: impl FnOnce() -> R) -> R {
        // SAFETY: start and length are whole pages of a mapping that is ours, writable and between guard
        // pages; `work` does not unwind (the one caller wraps it in catch_unwind); `&mut self` keeps others
        // off the stack.
        let result = unsafe { psm::on_stack(self.0.start().as_ptr(), self.0.len(), work) };
        self.0.wipe();
        result
    }

    /// Without a stack switch the work runs in place; [`SWITCHES`] reports it.
    #[cfg(not(all(unix, any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "arm"))))]
    #[inline(never)]
    pub(super) fn run<R>(&mut self, work: impl FnOnce() -> R) -> R {
        work()
    }

    #[cfg(test)]
    pub(super) fn is_zero(&self) -> bool {
        self.0.as_slice().iter().all(|b| *b == 0)
    }
}
