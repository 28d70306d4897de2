//! In place of `system` under Miri, which has no locking and no guard pages: plain allocations, so that what is
//! built upon them can be interpreted.
#![expect(unsafe_code, reason = "allocations without a type have no safe form")]

use super::{Lock, Protection};
use core::ptr::NonNull;
use std::alloc::{Layout, alloc_zeroed, dealloc};

pub(super) fn page_size() -> usize {
    4096
}

fn layout(whole: usize) -> Option<Layout> {
    Layout::from_size_align(whole, page_size()).ok()
}

pub(super) fn map(len: usize, guard: usize, hidden: bool) -> Option<NonNull<u8>> {
    let layout = layout(len.checked_add(2 * guard)?)?;
    // SAFETY: never of size zero: every caller asks for a page at least.
    if hidden { None } else { NonNull::new(unsafe { alloc_zeroed(layout) }) }
}

pub(super) unsafe fn protect(_: NonNull<u8>, _: usize, _: Lock, hidden: bool) -> Protection {
    Protection { guarded: false, locked: false, kept_from_dumps: false, lost_on_fork: false, hidden }
}

pub(super) fn map_lost_on_fork() -> Option<NonNull<u8>> {
    None
}

pub(super) unsafe fn unmap(start: NonNull<u8>, whole: usize) {
    if let Some(layout) = layout(whole) {
        // SAFETY: the caller's promise: an allocation of `map`, of this size.
        unsafe { dealloc(start.as_ptr(), layout) }
    }
}
