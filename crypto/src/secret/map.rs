//! Memory mappings between guard pages: the only place that asks the system for secret memory.
#![expect(
    unsafe_code,
    reason = "mmap, mlock and madvise have no safe form; every secret of the project lives here"
)]

use super::Protection;
use crate::Error;
use core::ptr::NonNull;
use std::sync::OnceLock;

/// Whether to ask for `mlock`. Only a buffer too large for the limit (Argon2's blocks) goes without.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lock {
    Yes,
    No,
}

/// Where the memory of a secret comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Backing {
    /// Anonymous private memory. The default everywhere.
    #[default]
    Anonymous,
    /// `memfd_secret` where a plain Linux kernel has it, else anonymous memory; [`Protection::hidden`] tells.
    /// Never tried on Android, whose application filter kills the process for the call.
    HiddenIfPossible,
}

/// A whole number of readable and writable pages between two inaccessible ones; zero at first, wiped on drop.
pub(crate) struct Region {
    outer: NonNull<u8>,
    outer_len: usize,
    body: NonNull<u8>,
    body_len: usize,
    /// Id of the process that made it.
    maker: u32,
    opened: bool,
    protection: Protection,
}

// SAFETY: the region owns its mapping alone; sharing follows the borrow of `Region` itself.
unsafe impl Send for Region {}
// SAFETY: as above; `&Region` gives only `&[u8]`.
unsafe impl Sync for Region {}

fn page_size() -> usize {
    static SIZE: OnceLock<usize> = OnceLock::new();
    *SIZE.get_or_init(|| {
        // SAFETY: sysconf reads a constant of the system.
        let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
        usize::try_from(size).ok().filter(|s| s.is_power_of_two()).unwrap_or(4096)
    })
}

/// Maps `len` inaccessible bytes at an address of the system's choice: of a descriptor, or of nothing for -1.
fn map(len: usize, fd: libc::c_int) -> Option<NonNull<u8>> {
    let flags = if fd < 0 { libc::MAP_PRIVATE | libc::MAP_ANONYMOUS } else { libc::MAP_SHARED };
    // SAFETY: a fresh mapping at an address of the system's choice touches nothing that exists.
    let start = unsafe { libc::mmap(core::ptr::null_mut(), len, libc::PROT_NONE, flags, fd, 0) };
    if start == libc::MAP_FAILED { None } else { NonNull::new(start.cast()) }
}

/// The same of the kernel's secret memory, guard pages too. `None` where there is none, or no more of it.
#[cfg(target_os = "linux")]
fn map_hidden(len: usize) -> Option<NonNull<u8>> {
    let size = libc::off_t::try_from(len).ok()?;
    // SAFETY: memfd_secret takes flags and gives a descriptor; an old kernel answers ENOSYS.
    let fd = unsafe { libc::syscall(libc::SYS_memfd_secret, libc::O_CLOEXEC) };
    let fd = libc::c_int::try_from(fd).ok().filter(|fd| *fd >= 0)?;
    // SAFETY: sizes the descriptor just made.
    let sized = unsafe { libc::ftruncate(fd, size) } == 0;
    let mapped = if sized { map(len, fd) } else { None };
    // SAFETY: closes the descriptor once; a mapping keeps the memory.
    unsafe { libc::close(fd) };
    mapped
}

#[cfg(not(target_os = "linux"))]
fn map_hidden(_len: usize) -> Option<NonNull<u8>> {
    None
}

impl Region {
    /// Maps at least `len` bytes.
    pub(crate) fn make(len: usize, lock: Lock, backing: Backing) -> Result<Self, Error> {
        let page = page_size();
        let body_len = len.max(1).checked_next_multiple_of(page).ok_or(Error::NoSecretMemory)?;
        let outer_len = body_len.checked_add(2 * page).ok_or(Error::NoSecretMemory)?;
        let hidden = if backing == Backing::HiddenIfPossible { map_hidden(outer_len) } else { None };
        let outer = hidden.or_else(|| map(outer_len, -1)).ok_or(Error::NoSecretMemory)?;
        // SAFETY: one page into a mapping of at least three.
        let body = unsafe { outer.add(page) };
        let protection = Protection {
            guarded: true,
            locked: false,
            kept_from_dumps: false,
            lost_on_fork: false,
            hidden: hidden.is_some(),
        };
        let maker = std::process::id();
        let mut region = Region { outer, outer_len, body, body_len, maker, opened: false, protection };
        // SAFETY: the body lies whole within the mapping made above, which nobody else knows.
        let opened =
            unsafe { libc::mprotect(body.as_ptr().cast(), body_len, libc::PROT_READ | libc::PROT_WRITE) };
        if opened != 0 {
            return Err(Error::NoSecretMemory);
        }
        region.opened = true;
        region.protect(lock);
        Ok(region)
    }

    fn protect(&mut self, lock: Lock) {
        let start = self.body.as_ptr().cast::<libc::c_void>();
        if lock == Lock::Yes {
            // SAFETY: locks pages of our own mapping; a refusal changes nothing.
            self.protection.locked = unsafe { libc::mlock(start, self.body_len) } == 0;
        }
        #[cfg(any(target_os = "linux", target_os = "android"))]
        {
            // memfd_secret refuses MADV_WIPEONFORK, so there a child does not get the pages at all.
            let fork = if self.protection.hidden { libc::MADV_DONTFORK } else { libc::MADV_WIPEONFORK };
            // SAFETY: advice about our own pages; neither drops their content in this process.
            self.protection.kept_from_dumps =
                unsafe { libc::madvise(start, self.body_len, libc::MADV_DONTDUMP) } == 0;
            // SAFETY: as above.
            self.protection.lost_on_fork = unsafe { libc::madvise(start, self.body_len, fork) } == 0;
            // The pages are hidden only together with being kept from dumps: the kernel never dumps
            // secretmem.
            self.protection.kept_from_dumps |= self.protection.hidden;
        }
    }

    /// Whether this is a fork's child of the process that made it, and the pages are hidden: the child does not
    /// have them, and their addresses may hold something else of its own.
    fn is_gone(&self) -> bool {
        self.protection.hidden && std::process::id() != self.maker
    }

    pub(crate) fn protection(&self) -> Protection {
        self.protection
    }

    /// Empty where the pages are gone.
    pub(crate) fn as_slice(&self) -> &[u8] {
        if self.is_gone() {
            return &[];
        }
        // SAFETY: the body is mapped readable, initialised (zero pages) and owned for as long as `self`.
        unsafe { core::slice::from_raw_parts(self.body.as_ptr(), self.body_len) }
    }

    /// Empty where the pages are gone.
    pub(crate) fn as_mut_slice(&mut self) -> &mut [u8] {
        if self.is_gone() {
            return &mut [];
        }
        // SAFETY: as for `as_slice`; `&mut self` makes it the only one.
        unsafe { core::slice::from_raw_parts_mut(self.body.as_ptr(), self.body_len) }
    }

    /// The body as Argon2's blocks: plain 64-bit words, for which all-zero is a value.
    pub(crate) fn as_blocks(&mut self) -> &mut [argon2::Block] {
        let count = self.body_len / size_of::<argon2::Block>();
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

    /// Sets the whole body to zero in a way that the compiler may not leave out.
    pub(crate) fn wipe(&mut self) {
        if self.is_gone() {
            return;
        }
        // SAFETY: the body is ours and writable. The empty assembly takes the pointer and may read memory for
        // all that the compiler knows, so the stores before it have to happen.
        unsafe {
            core::ptr::write_bytes(self.body.as_ptr(), 0, self.body_len);
            core::arch::asm!("/* {0} */", in(reg) self.body.as_ptr(), options(nostack, preserves_flags));
        }
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        if self.is_gone() {
            return;
        }
        if self.opened {
            self.wipe();
        }
        // SAFETY: unmaps exactly what `make` mapped; nothing borrows it any more.
        unsafe { libc::munmap(self.outer.as_ptr().cast(), self.outer_len) };
    }
}
