//! The clean room: a stack of its own for every operation on a secret.
//!
//! The stack is mapped between guard pages, locked, kept from dumps and lost on fork. Before leaving, all
//! registers that a callee may leave dirty are cleared, then the whole stack is wiped. Keys are built inside
//! it, from a page; only public results leave it. No host callback runs on it: signals wait at the door, and the
//! panic hook is kept out.
//!
//! What it does not do: heap memory that an operation allocates is the allocator's (see
//! [`heap`](crate::heap)), and what a caller passes in by value lies in the caller's frames (see [`burn`]).
//!
//! A fork's child may use the room; it gets stacks of its own. Danger: nothing may end a thread inside
//! (`pthread_exit`, cancellation). Such an end takes the process along, since nothing unwinds through the room; on
//! 32-bit ARM, where unwinding stops at the stack switch, the thread alone ends and its stack is not wiped.

mod burn;
mod hook;
mod pool;
mod registers;
mod signals;
mod stack;

pub use burn::burn;
pub use hook::keep_hook_out;

use crate::{Error, secret::Protection};
use core::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What this build and this device give to the clean room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoomReport {
    /// Operations run on a stack of their own, which is wiped. False on CPUs without a stack switch: there they
    /// run on the caller's, and [`burn`] wipes it behind them.
    pub own_stack: bool,
    /// Caller-saved registers, vectors included, are cleared before leaving. False on CPUs without that code: there
    /// other values are computed over them, which reaches most, not provably all.
    pub registers_cleared: bool,
    /// Bytes of one stack.
    pub stack_bytes: usize,
    /// Bytes that [`burn`] wipes when it is called from where the report is: 16 KiB, less on a stack that is small or
    /// not the thread's own. Then what a caller passed by value may lie deeper.
    pub burn_bytes: usize,
    /// What the system granted to the stack's memory.
    pub memory: Protection,
}

thread_local! {
    /// Whether this thread is inside already: then a nested operation stays on the same stack.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work` in the clean room and wipes behind it. Nested calls stay in the room that they are in, and
/// only the outermost one wipes.
///
/// What `work` captures by value and what it returns lie outside: capture references, return public data, and
/// [`burn`] where a secret had to be passed by value. All signals of this thread wait until it is back: a handler
/// with a stack of its own would get all registers copied there. So does the handler of a crash: one inside ends the
/// process at once.
///
/// # Errors
/// [`Error::NoSecretMemory`] when no stack can be mapped. [`Error::RoomBroken`] when `work` panicked: it is
/// caught inside, stack and registers are wiped all the same, and nothing of the panic's payload leaves. The
/// panic hook is not called for it; a program that sets a hook after its first secret calls [`keep_hook_out`].
pub fn run<R>(work: impl FnOnce() -> R) -> Result<R, Error> {
    if INSIDE.get() {
        return Ok(work());
    }
    hook::keep_out_first();
    let mut stack = pool::take()?;
    let signals = signals::Blocked::here();
    INSIDE.set(true);
    let result = stack.run(|| {
        // A payload may hold text of the library that panicked: it is dropped here, inside.
        let result = catch_unwind(AssertUnwindSafe(work)).map_err(|_payload| Error::RoomBroken);
        registers::clear();
        result
    });
    INSIDE.set(false);
    drop(signals);
    pool::put(stack);
    if result.is_err() {
        keep_hook_out();
    }
    result
}

/// Reports what the clean room amounts to here.
///
/// # Errors
/// [`Error::NoSecretMemory`].
pub fn report() -> Result<RoomReport, Error> {
    let stack = pool::take()?;
    let report = RoomReport {
        own_stack: stack::SWITCHES,
        registers_cleared: registers::CLEARS,
        stack_bytes: stack.len(),
        burn_bytes: burn::burn_bytes(),
        memory: stack.protection(),
    };
    pool::put(stack);
    Ok(report)
}

#[cfg(test)]
#[cfg(not(miri))]
mod tests;
