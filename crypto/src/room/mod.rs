//! The clean room: a stack of its own for every operation on a secret.
//!
//! The stack is mapped between guard pages, locked, kept from dumps and lost on fork. Before leaving, all
//! registers that a callee may leave dirty are cleared, then the whole stack is wiped. Keys are built inside
//! it, from a page; only public results leave it. No host callback runs on it.
//!
//! What it does not do: heap memory that an operation allocates is the allocator's (see
//! [`heap`](crate::heap)).

mod registers;
mod stack;

use crate::{Error, secret::Protection};
use core::cell::Cell;
use stack::Stack;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, Once, PoisonError};

/// What this build and this device give to the clean room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoomReport {
    /// Operations run on a stack of their own, which is wiped. False only on CPUs without a stack switch.
    pub own_stack: bool,
    /// Caller-saved registers, vectors included, are cleared before leaving. False on CPUs without that code.
    pub registers_cleared: bool,
    /// Bytes of one stack.
    pub stack_bytes: usize,
    /// What the system granted to the stack's memory.
    pub memory: Protection,
}

/// Stacks that are wiped and wait for the next operation; at most as many as ever ran at once.
static IDLE: Mutex<Vec<Stack>> = Mutex::new(Vec::new());

thread_local! {
    /// Whether this thread is inside already: then a nested operation stays on the same stack.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work` in the clean room and wipes behind it. Nested calls stay in the room that they are in, and
/// only the outermost one wipes.
///
/// What `work` captures by value and what it returns lie outside: capture references, return public data.
///
/// # Errors
/// [`Error::NoSecretMemory`] when no stack can be mapped. [`Error::RoomBroken`] when `work` panicked: it is
/// caught inside, stack and registers are wiped all the same, and nothing of the panic's payload leaves. The
/// panic hook is not called for it; a hook that a program sets after its first use of a secret has to keep away
/// from the clean room by itself.
pub fn run<R>(work: impl FnOnce() -> R) -> Result<R, Error> {
    if INSIDE.get() {
        return Ok(work());
    }
    keep_hook_out();
    let mut stack = take()?;
    INSIDE.set(true);
    let result = stack.run(|| {
        // A payload may hold text of the library that panicked: it is dropped here, inside.
        let result = catch_unwind(AssertUnwindSafe(work)).map_err(|_payload| Error::RoomBroken);
        registers::clear();
        result
    });
    INSIDE.set(false);
    IDLE.lock().unwrap_or_else(PoisonError::into_inner).push(stack);
    result
}

/// Reports what the clean room amounts to here.
///
/// # Errors
/// [`Error::NoSecretMemory`].
pub fn report() -> Result<RoomReport, Error> {
    let stack = take()?;
    let report = RoomReport {
        own_stack: stack::SWITCHES,
        registers_cleared: registers::CLEARS,
        stack_bytes: stack.len(),
        memory: stack.protection(),
    };
    IDLE.lock().unwrap_or_else(PoisonError::into_inner).push(stack);
    Ok(report)
}

/// A hook would run on the clean room's stack, before the wipe: it prints the text of a library, and with
/// backtraces on, its symbol tables take copies of what lies on the stack to the heap.
fn keep_hook_out() {
    static ONCE: Once = Once::new();
    // The hook cannot be changed while this thread unwinds; the next operation does it.
    if ONCE.is_completed() || std::thread::panicking() {
        return;
    }
    ONCE.call_once(|| {
        let outside = panic::take_hook();
        panic::set_hook(Box::new(move |what| {
            if !INSIDE.get() {
                outside(what);
            }
        }));
    });
}

fn take() -> Result<Stack, Error> {
    let idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop();
    idle.map_or_else(Stack::make, Ok)
}

#[cfg(test)]
mod tests;
