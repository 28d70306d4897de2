//! An allocator that wipes what it takes back, for programs that handle secrets.
//!
//! The clean room wipes stack and registers; what a library puts on the heap in between (a parsed key, a
//! decoded PEM) is freed there as it is. A program closes that gap with
//!
//! ```
//! #[global_allocator]
//! static HEAP: msgpay_crypto::heap::WipingHeap = msgpay_crypto::heap::WipingHeap;
//! # fn main() { drop(vec![1_u8; 10]) }
//! ```
#![expect(unsafe_code, reason = "an allocator is unsafe by its trait")]

use crate::secret::settle;
use std::alloc::{GlobalAlloc, Layout, System};

/// The system's allocator, wiping each block before it goes back. Blocks never grow in place by moving:
/// growing makes a new block, copies, and wipes the old one.
#[derive(Debug, Clone, Copy, Default)]
pub struct WipingHeap;

// SAFETY: every request is passed to `System` unchanged; `dealloc` writes only within the block it was given.
// The default `realloc` is alloc, copy, dealloc, which wipes.
unsafe impl GlobalAlloc for WipingHeap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block is the caller's, of this size, until it is given back below.
        unsafe { core::ptr::write_bytes(block, 0, layout.size()) };
        settle(block);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(block, layout) }
    }
}

#[cfg(test)]
#[cfg(not(miri))]
mod tests;
