//! Which process this is, told without a system call.
#![expect(unsafe_code, reason = "a page of the system's is reached by a pointer")]

use super::system;
use core::ptr::{self, NonNull};
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

/// A number that this process keeps and that none of its forks has. The kernel wipes the page it is written in when
/// a process forks; where it does not, the process id has to do. Takes no lock, so that a child never waits for a
/// thread that it does not have.
pub(crate) fn number() -> u64 {
    let Some(place) = page() else { return u64::from(std::process::id()) };
    match place.load(Ordering::Acquire) {
        0 => begin(place),
        number => number,
    }
}

/// A process's first call: the next number after that of the process it comes from.
#[cold]
fn begin(place: &AtomicU64) -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let next = LAST.fetch_add(1, Ordering::AcqRel) + 1;
    place
        .compare_exchange(0, next, Ordering::AcqRel, Ordering::Acquire)
        .map_or_else(|theirs| theirs, |_| next)
}

/// The page, or `None` where the kernel has none of that kind.
fn page() -> Option<&'static AtomicU64> {
    static PAGE: AtomicPtr<AtomicU64> = AtomicPtr::new(ptr::null_mut());
    /// What stands in `PAGE` when there is none.
    static NONE: AtomicU64 = AtomicU64::new(0);
    let none = (&raw const NONE).cast_mut();

    let mut page = PAGE.load(Ordering::Acquire);
    if page.is_null() {
        let made = system::map_lost_on_fork();
        let ours = made.map_or(none, |made| made.cast().as_ptr());
        page = match PAGE.compare_exchange(ptr::null_mut(), ours, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => ours,
            Err(theirs) => {
                if let Some(made) = made {
                    // SAFETY: mapped above and told to nobody, since another thread was first.
                    unsafe { system::unmap(made, system::page_size()) };
                }
                theirs
            }
        };
    }
    if page == none {
        return None;
    }
    // SAFETY: a page that stays mapped for good, aligned, zero or written by `begin`.
    NonNull::new(page).map(|page| unsafe { page.as_ref() })
}
