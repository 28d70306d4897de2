#![expect(unsafe_code, reason = "handlers and alternate stacks have no safe form")]

use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};

static HANDLED: AtomicUsize = AtomicUsize::new(0);

extern "C" fn handle(_: libc::c_int) {
    HANDLED.fetch_add(1, Ordering::Relaxed);
}

/// A handler with a stack of its own, on this thread, and what the kernel has laid on that stack.
struct Watched {
    stack: Vec<u8>,
    before: libc::stack_t,
}

impl Watched {
    fn new() -> Self {
        // Vectors of 512 bits and matrices make a frame of more than ten KiB.
        let mut stack = vec![0; 256 * 1024];
        // SAFETY: the stack outlives its use: `drop` takes it away from the thread. The handler only counts.
        let before = unsafe {
            let own = libc::stack_t { ss_sp: stack.as_mut_ptr().cast(), ss_flags: 0, ss_size: stack.len() };
            let mut before = core::mem::zeroed();
            assert_eq!(libc::sigaltstack(&own, &mut before), 0);
            let mut action: libc::sigaction = core::mem::zeroed();
            action.sa_sigaction = handle as extern "C" fn(libc::c_int) as usize;
            action.sa_flags = libc::SA_ONSTACK;
            assert_eq!(libc::sigaction(libc::SIGUSR2, &action, core::ptr::null_mut()), 0);
            before
        };
        Watched { stack, before }
    }

    fn holds(&self, pattern: &[u8; 64]) -> bool {
        let volatile = |at: usize| {
            // SAFETY: in bounds by the iterator; the kernel wrote there behind the compiler's back.
            unsafe { core::ptr::read_volatile(&raw const self.stack[at]) }
        };
        (0..self.stack.len() - 8).any(|at| (0..8).all(|i| volatile(at + i) == pattern[i]))
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        // SAFETY: gives the thread back what it had.
        unsafe { libc::sigaltstack(&self.before, core::ptr::null_mut()) };
    }
}

/// Fills the registers, then sends a signal to this thread.
#[inline(never)]
fn filled_and_hit(pattern: &[u8; 64]) -> usize {
    // SAFETY: names this thread.
    let own = unsafe { libc::pthread_self() };
    registers::tests::fill(pattern);
    // SAFETY: as above; the handler is set.
    unsafe { libc::pthread_kill(own, libc::SIGUSR2) };
    HANDLED.load(Ordering::Relaxed)
}

#[test]
fn a_handler_on_another_stack_gets_no_register_of_the_room() {
    let pattern = registers::tests::pattern();
    let watched = Watched::new();
    let inside = run(|| filled_and_hit(&pattern)).unwrap();
    assert_eq!((inside, HANDLED.load(Ordering::Relaxed)), (0, 1), "it waits, and then it comes");
    assert!(!watched.holds(&pattern));
    // The control, with the mask left out.
    let mut stack = Stack::make().unwrap();
    assert_eq!(stack.run(|| filled_and_hit(&pattern)), 2);
    assert!(watched.holds(&pattern), "the kernel put the registers on the handler's stack");
}

/// What the thread had blocked stays blocked, what it had not comes through.
#[test]
fn the_mask_is_given_back() {
    let mask_now = || {
        let mut mask: libc::sigset_t = empty_set();
        // SAFETY: reads the mask only.
        unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, core::ptr::null(), &mut mask) };
        // SAFETY: tests members of a valid set.
        [libc::SIGUSR1, libc::SIGTERM, libc::SIGSEGV]
            .map(|signal| unsafe { libc::sigismember(&mask, signal) })
    };
    let mut own: libc::sigset_t = empty_set();
    // SAFETY: changes only this thread's mask.
    unsafe {
        libc::sigaddset(&mut own, libc::SIGUSR1);
        libc::pthread_sigmask(libc::SIG_SETMASK, &own, core::ptr::null_mut());
    }
    let (before, inside) = (mask_now(), run(mask_now).unwrap());
    assert_eq!((before, inside, mask_now()), ([1, 0, 0], [1, 1, 1], [1, 0, 0]));
    assert!(run(|| panic!("on purpose")).is_err_and(|_: Error| mask_now() == [1, 0, 0]));
}

fn empty_set() -> libc::sigset_t {
    // SAFETY: an empty set is all zero on the systems that these tests run on.
    unsafe { core::mem::zeroed() }
}
