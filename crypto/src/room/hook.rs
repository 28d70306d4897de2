//! The panic hook is kept out of the clean room. It would run on the room's stack, before the wipe: it prints the
//! text of a library, and with backtraces on, its symbol tables take copies of what lies on the stack to the heap.

use super::INSIDE;
use std::panic::{self, PanicHookInfo};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

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

/// Puts a door before the program's panic hook, so that a panic inside the clean room does not call it. That is done
/// before the first operation on a secret, and again after each panic inside; a program that sets a hook in between
/// calls this after `std::panic::set_hook`, or the hook sees one panic.
///
/// Does nothing when the door is there, and on a thread that panics, which cannot change the hook.
pub fn keep_hook_out() {
    if std::thread::panicking() {
        return;
    }
    let present = panic::take_hook();
    let address = (&raw const *present).cast::<()>().addr();
    if address == AT_THE_DOOR.load(Ordering::Acquire) {
        panic::set_hook(present);
        return;
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
}

/// Once, before the first operation. Nobody waits for another thread that is doing it: in a fork's child that thread
/// may not exist.
pub(super) fn keep_out_first() {
    static DONE: AtomicBool = AtomicBool::new(false);
    if DONE.load(Ordering::Acquire) || std::thread::panicking() {
        return;
    }
    if !DONE.swap(true, Ordering::AcqRel) {
        keep_hook_out();
    }
}
