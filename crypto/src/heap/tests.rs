#![expect(unsafe_code, reason = "freed blocks are read behind the allocator's back")]

use super::*;

/// The allocator's own list takes the head of a freed block.
const HEAD: usize = 32;

/// A freed block of this size stays in this thread's own list, and nobody writes into it.
fn layout() -> Layout {
    Layout::from_size_align(512, 64).unwrap()
}

/// What lies in a block right after it was freed.
fn freed(heap: &impl GlobalAlloc) -> [u8; 512 - HEAD] {
    // SAFETY: the block is written while it is held; afterwards it is still mapped, and only read.
    unsafe {
        let block = heap.alloc(layout());
        core::ptr::write_bytes(block, 0xC3, 512);
        settle(block);
        heap.dealloc(block, layout());
        std::array::from_fn(|at| core::ptr::read_volatile(block.add(HEAD + at)))
    }
}

#[test]
fn a_freed_block_is_zero() {
    assert!(freed(&WipingHeap).iter().all(|byte| *byte == 0));
    assert!(freed(&System).iter().all(|byte| *byte == 0xC3), "the control: the system's own wipes nothing");
}

#[test]
fn growing_copies_and_wipes_the_old_block() {
    // SAFETY: each block is used while it is held; the old one is only read afterwards.
    unsafe {
        let old = WipingHeap.alloc(layout());
        core::ptr::write_bytes(old, 0xC3, 512);
        let new = WipingHeap.realloc(old, layout(), 4096);
        assert_ne!(old, new);
        assert!((0..512).all(|at| *new.add(at) == 0xC3), "the content goes along");
        assert!((HEAD..512).all(|at| core::ptr::read_volatile(old.add(at)) == 0), "and does not stay behind");
        WipingHeap.dealloc(new, Layout::from_size_align(4096, 64).unwrap());
    }
}

#[test]
fn alignment_is_kept_and_zeroed_blocks_are_zero() {
    for align in [1, 16, 64, 4096] {
        let layout = Layout::from_size_align(3, align).unwrap();
        // SAFETY: the block is read while it is held and given back with its layout.
        unsafe {
            let block = WipingHeap.alloc_zeroed(layout);
            assert!(block.addr().is_multiple_of(align) && core::slice::from_raw_parts(block, 3) == [0; 3]);
            WipingHeap.dealloc(block, layout);
        }
    }
}
