#![expect(unsafe_code, reason = "registers are named only in assembly")]

#[cfg_attr(target_arch = "x86_64", path = "tests/x86_64.rs")]
#[cfg_attr(target_arch = "aarch64", path = "tests/aarch64.rs")]
#[cfg_attr(target_arch = "arm", path = "tests/armv7.rs")]
mod cpu;

use crate::random;
pub(in super::super) use cpu::{fill, held};
use std::ops::Range;

/// Where a dump has a register, and what has to become of it.
struct Register {
    name: String,
    at: Range<usize>,
    restored: bool,
}

impl Register {
    fn cleared(name: impl Into<String>, at: Range<usize>) -> Self {
        Register { name: name.into(), at, restored: false }
    }

    /// A callee's to restore, and so not to be cleared.
    #[cfg_attr(
        target_arch = "x86_64",
        expect(dead_code, reason = "no vector register is callee-saved there")
    )]
    fn restored(name: impl Into<String>, at: Range<usize>) -> Self {
        Register { name: name.into(), at, restored: true }
    }
}

#[derive(Clone, Copy)]
enum Leave {
    Cleared,
    AsTheyAre,
}

/// Eight random bytes again and again: every part of every register gets them.
pub(in super::super) fn pattern() -> [u8; 64] {
    let eight: [u8; 8] = random::make().unwrap();
    std::array::from_fn(|at| eight[at % 8])
}

#[test]
fn every_caller_saved_register_is_cleared_and_every_other_restored() {
    let pattern = pattern();
    let dump = cpu::pass(&pattern, Leave::Cleared);
    for register in cpu::registers() {
        let held = &dump[register.at.clone()];
        if register.restored {
            assert_eq!(held, &pattern[..held.len()], "{}", register.name);
        } else {
            assert!(held.iter().all(|byte| *byte == 0), "{} holds {held:x?}", register.name);
        }
    }
}

/// The control: without the clearing every one of them holds the pattern.
#[test]
fn control_registers_that_are_not_cleared_hold_what_was_in_them() {
    let pattern = pattern();
    let dump = cpu::pass(&pattern, Leave::AsTheyAre);
    for register in cpu::registers() {
        let held = &dump[register.at.clone()];
        assert_eq!(held, &pattern[..held.len()], "{}", register.name);
    }
}
