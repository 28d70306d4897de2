//! What is asked of the operating system for secret memory: mapping, locking, advice.
#![expect(unsafe_code, reason = "mmap, mlock and madvise have no safe form")]

use super::{Lock, Protection};
use core::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Bytes of a page. No lock: a fork's child must not wait for one.
pub(super) fn page_size() -> usize {
    static SIZE: AtomicUsize = AtomicUsize::new(0);
    match SIZE.load(Relaxed) {
        0 => {
            // SAFETY: sysconf reads a constant of the system.
            let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
            let size = usize::try_from(size).ok().filter(|size| size.is_power_of_two()).unwrap_or(4096);
            SIZE.store(size, Relaxed);
            size
        }
        size => size,
    }
}

/// Maps `len` bytes with a page of `guard` bytes before and after them: the pages between are readable, writable and
/// zero, those two inaccessible. Gives the whole mapping's start.
pub(super) fn map(len: usize, guard: usize, hidden: bool) -> Option<NonNull<u8>> {
    let whole = len.checked_add(2 * guard)?;
    let start = if hidden { map_hidden(whole) } else { map_closed(whole, -1) }?;
    // SAFETY: the body lies whole within the mapping just made, which nobody else knows.
    let opened = unsafe {
        let body = start.add(guard).as_ptr().cast();
        libc::mprotect(body, len, libc::PROT_READ | libc::PROT_WRITE) == 0
    };
    if opened {
        return Some(start);
    }
    // SAFETY: unmaps what was mapped above.
    unsafe { unmap(start, whole) };
    None
}

/// Maps `len` inaccessible bytes at an address of the system's choice: of a descriptor, or of nothing for -1.
fn map_closed(len: usize, fd: libc::c_int) -> Option<NonNull<u8>> {
    let flags = if fd < 0 { libc::MAP_PRIVATE | libc::MAP_ANONYMOUS } else { libc::MAP_SHARED };
    // SAFETY: a fresh mapping at an address of the system's choice touches nothing that exists.
    let start = unsafe { libc::mmap(core::ptr::null_mut(), len, libc::PROT_NONE, flags, fd, 0) };
    if start == libc::MAP_FAILED { None } else { NonNull::new(start.cast()) }
}

/// The same of the kernel's secret memory, guard pages too. `None` where there is none, or no more of it. Plain
/// Linux only: Android's application filter kills the process for the call.
#[cfg(target_os = "linux")]
fn map_hidden(len: usize) -> Option<NonNull<u8>> {
    let size = libc::off_t::try_from(len).ok()?;
    // SAFETY: memfd_secret takes flags and gives a descriptor; an old kernel answers ENOSYS.
    let fd = unsafe { libc::syscall(libc::SYS_memfd_secret, libc::O_CLOEXEC) };
    let fd = libc::c_int::try_from(fd).ok().filter(|fd| *fd >= 0)?;
    // SAFETY: sizes the descriptor just made.
    let sized = unsafe { libc::ftruncate(fd, size) } == 0;
    let mapped = if sized { map_closed(len, fd) } else { None };
    // SAFETY: closes the descriptor once; a mapping keeps the memory.
    unsafe { libc::close(fd) };
    mapped
}

#[cfg(not(target_os = "linux"))]
fn map_hidden(_len: usize) -> Option<NonNull<u8>> {
    None
}

/// Asks for everything that keeps `len` bytes at `start` to this process, and gives what was granted.
///
/// # Safety
/// They are whole pages of a mapping of [`map`], made with the same `hidden`.
pub(super) unsafe fn protect(start: NonNull<u8>, len: usize, lock: Lock, hidden: bool) -> Protection {
    let place = start.as_ptr().cast::<libc::c_void>();
    // The kernel never swaps, dumps or reads its secret memory for anyone: those pages are locked as they are.
    // SAFETY: locks pages of our own mapping; a refusal changes nothing.
    let locked = hidden || (lock == Lock::Yes && unsafe { libc::mlock(place, len) } == 0);
    // SAFETY: the caller's promise is passed on.
    let kept_from_dumps = hidden || unsafe { advise::keep_from_dumps(place, len) };
    // SAFETY: as above.
    let lost_on_fork = unsafe { advise::lose_on_fork(place, len, hidden) };
    Protection { guarded: true, locked, kept_from_dumps, lost_on_fork, hidden }
}

/// A page of the kernel's that a fork's child reads as zero, or `None` where there is no such page.
pub(super) fn map_lost_on_fork() -> Option<NonNull<u8>> {
    let len = page_size();
    let start = map(len, 0, false)?;
    // SAFETY: the page was mapped above.
    if unsafe { advise::lose_on_fork(start.as_ptr().cast(), len, false) } {
        return Some(start);
    }
    // SAFETY: as above; nobody knows it yet.
    unsafe { unmap(start, len) };
    None
}

/// Gives a whole mapping back.
///
/// # Safety
/// `start` and `whole` are those of a mapping of [`map`] that nothing uses any more.
pub(super) unsafe fn unmap(start: NonNull<u8>, whole: usize) {
    // SAFETY: the caller's promise.
    unsafe { libc::munmap(start.as_ptr().cast(), whole) };
}

/// Advice about one's own pages: none of it drops their content in this process.
#[cfg(any(target_os = "linux", target_os = "android"))]
mod advise {
    use libc::c_void;

    /// # Safety
    /// Whole pages of our own.
    pub(super) unsafe fn keep_from_dumps(place: *mut c_void, len: usize) -> bool {
        // SAFETY: the caller's promise.
        unsafe { libc::madvise(place, len, libc::MADV_DONTDUMP) == 0 }
    }

    /// `memfd_secret` refuses MADV_WIPEONFORK, so there a child does not get the pages at all.
    ///
    /// # Safety
    /// As above.
    pub(super) unsafe fn lose_on_fork(place: *mut c_void, len: usize, hidden: bool) -> bool {
        let fork = if hidden { libc::MADV_DONTFORK } else { libc::MADV_WIPEONFORK };
        // SAFETY: the caller's promise.
        unsafe { libc::madvise(place, len, fork) == 0 }
    }
}

/// Apple's systems have neither advice; an application cannot fork there, nor does it write a core file.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod advise {
    use libc::c_void;

    pub(super) unsafe fn keep_from_dumps(_place: *mut c_void, _len: usize) -> bool {
        false
    }

    pub(super) unsafe fn lose_on_fork(_place: *mut c_void, _len: usize, _hidden: bool) -> bool {
        false
    }
}
