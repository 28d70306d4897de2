//! Pieces of secret memory between guard pages, and which process may read them.
#![expect(
    unsafe_code,
    reason = "slices over the system's own memory; every secret of the project lies in one"
)]

use super::{Backing, Protection, process, system};
use crate::Error;
use core::ptr::NonNull;

/// Whether to ask for `mlock`. Only a buffer too large for the limit (Argon2's blocks) goes without.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lock {
    Yes,
    No,
}

/// A whole number of readable and writable pages between two inaccessible ones; zero at first, wiped on drop.
pub(crate) struct Region {
    outer: NonNull<u8>,
    body: NonNull<u8>,
    body_len: usize,
    /// The process that made it.
    maker: u64,
    protection: Protection,
}

// SAFETY: the region owns its mapping alone; sharing follows the borrow of `Region` itself.
unsafe impl Send for Region {}
// SAFETY: as above; `&Region` gives only `&[u8]`.
unsafe impl Sync for Region {}

impl Region {
    /// Maps at least `len` bytes. Hidden memory that the system does not grant is replaced by anonymous memory.
    pub(crate) fn make(len: usize, lock: Lock, backing: Backing) -> Result<Self, Error> {
        let guard = system::page_size();
        let body_len = len.max(1).checked_next_multiple_of(guard).ok_or(Error::NoSecretMemory)?;
        let mapped = |hidden| system::map(body_len, guard, hidden).map(|outer| (outer, hidden));
        let hidden = if backing == Backing::HiddenIfPossible { mapped(true) } else { None };
        let (outer, hidden) = hidden.or_else(|| mapped(false)).ok_or(Error::NoSecretMemory)?;
        // SAFETY: one page into a mapping of at least three; the body lies whole within it and is ours.
        let (body, protection) = unsafe {
            let body = outer.add(guard);
            (body, system::protect(body, body_len, lock, hidden))
        };
        Ok(Region { outer, body, body_len, maker: process::number(), protection })
    }

    /// Whether this process made it. In a fork's child the answer is no: anonymous pages are zero there, hidden ones
    /// are not there at all, and their addresses may hold something else of the child's own.
    pub(crate) fn is_own(&self) -> bool {
        process::number() == self.maker
    }

    pub(crate) fn protection(&self) -> Protection {
        self.protection
    }

    /// Empty in a fork's child.
    pub(crate) fn as_slice(&self) -> &[u8] {
        if !self.is_own() {
            return &[];
        }
        // SAFETY: the body is mapped readable, initialised (zero pages) and owned for as long as `self`.
        unsafe { core::slice::from_raw_parts(self.body.as_ptr(), self.body_len) }
    }

    /// Empty in a fork's child.
    pub(crate) fn as_mut_slice(&mut self) -> &mut [u8] {
        if !self.is_own() {
            return &mut [];
        }
        // SAFETY: as for `as_slice`; `&mut self` makes it the only one.
        unsafe { core::slice::from_raw_parts_mut(self.body.as_ptr(), self.body_len) }
    }

    /// The body as Argon2's blocks: plain 64-bit words, for which all-zero is a value. Empty in a fork's child.
    pub(crate) fn as_blocks(&mut self) -> &mut [argon2::Block] {
        let count = if self.is_own() { self.body_len / size_of::<argon2::Block>() } else { 0 };
        // SAFETY: a page boundary is aligned for a 64-byte alignment, the words are initialised, `count` fits
        // in the body, and `&mut self` makes the slice the only one.
        unsafe { core::slice::from_raw_parts_mut(self.body.as_ptr().cast(), count) }
    }

    /// Lowest address of the body.
    pub(crate) fn start(&self) -> NonNull<u8> {
        self.body
    }

    /// Bytes of the body, a multiple of the page size.
    pub(crate) fn len(&self) -> usize {
        self.body_len
    }

    /// Sets the whole body to zero in a way that the compiler may not leave out. One function for all, so that a
    /// debugger can leave it out.
    #[inline(never)]
    pub(crate) fn wipe(&mut self) {
        if self.is_absent() {
            return;
        }
        // SAFETY: the body is mapped here, ours and writable.
        unsafe { core::ptr::write_bytes(self.body.as_ptr(), 0, self.body_len) };
        settle(self.body.as_ptr());
    }

    /// Hidden pages in a fork's child.
    fn is_absent(&self) -> bool {
        self.protection.hidden && !self.is_own()
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        if self.is_absent() {
            return;
        }
        self.wipe();
        // SAFETY: unmaps exactly what `make` mapped; nothing borrows it any more.
        unsafe { system::unmap(self.outer, self.body_len + 2 * system::page_size()) };
    }
}

/// Makes the stores behind `at` happen: for all that the compiler knows, the empty assembly reads them.
#[inline(always)]
pub(crate) fn settle(at: *mut u8) {
    #[cfg(not(miri))]
    // SAFETY: no instruction at all.
    unsafe {
        core::arch::asm!("/* {0} */", in(reg) at, options(nostack, preserves_flags));
    }
    #[cfg(miri)]
    core::hint::black_box(at);
}
