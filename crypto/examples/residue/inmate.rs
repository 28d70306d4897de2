//! The process that is looked at: it does one thing and stops.
#![expect(unsafe_code, reason = "an allocator, a mapping and a breakpoint have no safe form")]

use crate::cases::{self, Home};
use msgpay_crypto::{heap::WipingHeap, room};
use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether freed memory is wiped: in the room, where the programs of this project have the wiping heap.
static WIPES: AtomicBool = AtomicBool::new(false);

struct Heap;

#[global_allocator]
static HEAP: Heap = Heap;

// SAFETY: each request goes to one of two allocators over the same system heap, unchanged.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is passed on; both give the block back to the system's heap.
        unsafe {
            if WIPES.load(Ordering::Relaxed) {
                WipingHeap.dealloc(block, layout)
            } else {
                System.dealloc(block, layout)
            }
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        unsafe {
            if WIPES.load(Ordering::Relaxed) {
                WipingHeap.realloc(block, layout, size)
            } else {
                System.realloc(block, layout, size)
            }
        }
    }
}

/// Does one case and stops behind it. Never comes back when it works: the warden ends it.
///
/// # Errors
/// When there is no such case or its operation fails.
pub(crate) fn run(name: &str, in_room: bool) -> Result<(), String> {
    let case = cases::named(name).ok_or("no such case")?;
    // SAFETY: a fresh mapping at an address of the system's choice, large enough for one `Home`, which is plain
    // bytes; it lives as long as the process and is borrowed once.
    let home = unsafe {
        let place = libc::mmap(
            core::ptr::null_mut(),
            4096,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
            -1,
            0,
        );
        if place == libc::MAP_FAILED {
            return Err("no memory".into());
        }
        &mut *place.cast::<Home>()
    };
    let public = cases::prepare(home, case);
    {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{:x}", core::ptr::from_ref(home) as usize).map_err(|e| e.to_string())?;
        out.flush().map_err(|e| e.to_string())?;
    }
    // The room, its stack and its hook exist before: what is found is the operation's.
    room::run(|| ()).map_err(|e| e.to_string())?;
    WIPES.store(in_room, Ordering::Relaxed);
    // SAFETY: asks to be traced by the parent, which waits for the stop.
    if unsafe { libc::ptrace(libc::PTRACE_TRACEME, 0, 0, 0) } != 0 {
        return Err("not traced".into());
    }
    let mut work = || {
        home.worked = u8::from((case.work)(home, &public));
    };
    let ran = if in_room {
        room::run(work)
    } else {
        work();
        Ok(())
    };
    // SAFETY: a breakpoint; the warden reads registers and memory as they are here.
    unsafe { core::arch::asm!("int3", options(nostack)) };
    Err(format!("{name} went on after its stop: {ran:?}"))
}
