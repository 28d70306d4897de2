//! The panic hook is kept out of the clean room. It would run on the room's stack, before the wipe: it prints the
//! text of a library, and with backtraces on, its symbol tables take copies of what lies on the stack to the heap.

use super::INSIDE;
use crate::secret::process_number;
use std::panic::{self, PanicHookInfo};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Send + Sync>;

/// Where the hook that stands at the door lies in memory; 0 when there is none, or it was taken out and dropped.
static AT_THE_DOOR: AtomicUsize = AtomicUsize::new(0);

/// The hook of the program, called for every panic but those inside.
struct Outside(Hook);

impl Drop for Outside {
    fn drop(&mut self) {
        AT_THE_DOOR.store(0, Ordering::Release);
    }
}

/// The process of the thread that changes the hook now; 0 when none does.
static CHANGING: AtomicU64 = AtomicU64::new(0);
/// How often a thread yields to another one that changes the hook, before it goes on without a door of its own.
const TRIES_MAX: usize = 10_000;

/// The right to take the hook out and to set another. Between the two there is none: whoever came then would put a door
/// before nothing, and the program's hook would be lost.
struct Turn;

impl Turn {
    /// A turn that another process's thread has, this one is a fork of it, is nobody's here and is taken over.
    fn take() -> Option<Self> {
        let own = process_number();
        for _ in 0..TRIES_MAX {
            let holder = match CHANGING.compare_exchange(0, own, Ordering::Acquire, Ordering::Relaxed) {
                Ok(_) => return Some(Turn),
                Err(holder) => holder,
            };
            if holder == own {
                std::thread::yield_now();
            } else if CHANGING.compare_exchange(holder, own, Ordering::Acquire, Ordering::Relaxed).is_ok() {
                return Some(Turn);
            }
        }
        None
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        CHANGING.store(0, Ordering::Release);
    }
}

/// Puts a door before the program's panic hook, so that a panic inside the clean room does not call it. That is done
/// before the first operation on a secret, and again after each panic inside; a program that sets a hook in between
/// calls this after `std::panic::set_hook`, or the hook sees one panic.
///
/// Does nothing when the door is there, and on a thread that panics, which cannot change the hook. May be called by
/// many threads at once. Danger: a program that calls `std::panic::set_hook` or `take_hook` while another thread is in
/// here, or in its first operation on a secret, may lose its hook: set it before threads use secrets.
pub fn keep_hook_out() {
    let _stands = put_a_door();
}

/// Whether a door stands now.
fn put_a_door() -> bool {
    if std::thread::panicking() {
        return false;
    }
    let Some(_turn) = Turn::take() else { return false };
    let present = panic::take_hook();
    let address = (&raw const *present).cast::<()>().addr();
    if address == AT_THE_DOOR.load(Ordering::Acquire) {
        panic::set_hook(present);
        return true;
    }
    let outside = Outside(present);
    let door: Hook = Box::new(move |what| {
        // Named whole, so that the closure owns all of it.
        let outside = &outside;
        if !INSIDE.get() {
            (outside.0)(what);
        }
    });
    AT_THE_DOOR.store((&raw const *door).cast::<()>().addr(), Ordering::Release);
    panic::set_hook(door);
    true
}

/// Before the first operation, and again until a door stands. Nobody waits for a thread that a fork's child does not
/// have.
pub(super) fn keep_out_first() {
    static DONE: AtomicBool = AtomicBool::new(false);
    if !DONE.load(Ordering::Acquire) && put_a_door() {
        DONE.store(true, Ordering::Release);
    }
}

#[cfg(test)]
pub(super) fn hold_turn_of(process: u64) {
    CHANGING.store(process, Ordering::Release);
}
