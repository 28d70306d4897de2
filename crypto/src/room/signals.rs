//! Signals wait while a thread is inside.
//!
//! The kernel hands a handler all registers as they were, on the stack that the handler runs on. Without a stack of
//! its own that is the clean room's, and is wiped with it; with `SA_ONSTACK`, as Go, crash reporters and profilers
//! ask for, the registers of an operation on a secret would stay there until the next signal.
#![expect(unsafe_code, reason = "the signal mask has no safe form")]

use core::marker::PhantomData;

/// All signals of this thread are blocked until it is dropped. The C library leaves out those that it needs itself.
pub(super) struct Blocked {
    #[cfg(not(miri))]
    before: Option<libc::sigset_t>,
    /// A mask is one thread's.
    _here: PhantomData<*const ()>,
}

impl Blocked {
    #[cfg(not(miri))]
    pub(super) fn here() -> Self {
        let mut all = core::mem::MaybeUninit::uninit();
        let mut before = core::mem::MaybeUninit::uninit();
        // SAFETY: sigfillset writes the first set, pthread_sigmask reads it and writes the second when it succeeds.
        let before = unsafe {
            libc::sigfillset(all.as_mut_ptr());
            let done = libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr()) == 0;
            done.then(|| before.assume_init())
        };
        Blocked { before, _here: PhantomData }
    }

    #[cfg(miri)]
    pub(super) fn here() -> Self {
        Blocked { _here: PhantomData }
    }
}

#[cfg(not(miri))]
impl Drop for Blocked {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            // SAFETY: reads the set that the system itself gave for this thread.
            unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, before, core::ptr::null_mut()) };
        }
    }
}
