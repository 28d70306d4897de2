//! 32-bit ARM: r0–r3, r12, d0–d7, d16–d31.

use super::{Leave, Register};
use crate::room::registers::clear;

pub(in super::super::super) const BYTES: usize = 288;

/// What a CPU with 32 registers of floating point has, and where the dump has it.
pub(super) fn registers() -> Vec<Register> {
    let general = ["r0", "r1", "r2", "r3", "r12"].into_iter().enumerate();
    let general = general.map(|(i, name)| Register::cleared(name, 4 * i..4 * i + 4));
    let vector = (0..32).map(|i| {
        let at = 32 + 8 * i..40 + 8 * i;
        if (8..16).contains(&i) {
            Register::restored(format!("d{i}"), at)
        } else {
            Register::cleared(format!("d{i}"), at)
        }
    });
    general.chain(vector).collect()
}

#[rustfmt::skip]
macro_rules! load {
    () => { concat!(
        ".fpu vfpv3\n", "vldr d0, [r4]\n", "vldr d1, [r4]\n", "vldr d2, [r4]\n", "vldr d3, [r4]\n",
        "vldr d4, [r4]\n", "vldr d5, [r4]\n", "vldr d6, [r4]\n", "vldr d7, [r4]\n", "vldr d8, [r4]\n",
        "vldr d9, [r4]\n", "vldr d10, [r4]\n", "vldr d11, [r4]\n", "vldr d12, [r4]\n", "vldr d13, [r4]\n",
        "vldr d14, [r4]\n", "vldr d15, [r4]\n", "vldr d16, [r4]\n", "vldr d17, [r4]\n", "vldr d18, [r4]\n",
        "vldr d19, [r4]\n", "vldr d20, [r4]\n", "vldr d21, [r4]\n", "vldr d22, [r4]\n", "vldr d23, [r4]\n",
        "vldr d24, [r4]\n", "vldr d25, [r4]\n", "vldr d26, [r4]\n", "vldr d27, [r4]\n", "vldr d28, [r4]\n",
        "vldr d29, [r4]\n", "vldr d30, [r4]\n", "vldr d31, [r4]\n", "ldr r0, [r4]\n", "ldr r1, [r4]\n",
        "ldr r2, [r4]\n", "ldr r3, [r4]\n", "ldr r12, [r4]\n",
    ) };
}

#[rustfmt::skip]
macro_rules! store {
    () => { concat!(
        ".fpu vfpv3\n", "str r0, [r5, #0]\n", "str r1, [r5, #4]\n", "str r2, [r5, #8]\n",
        "str r3, [r5, #12]\n", "str r12, [r5, #16]\n", "vstr d0, [r5, #32]\n", "vstr d1, [r5, #40]\n",
        "vstr d2, [r5, #48]\n", "vstr d3, [r5, #56]\n", "vstr d4, [r5, #64]\n", "vstr d5, [r5, #72]\n",
        "vstr d6, [r5, #80]\n", "vstr d7, [r5, #88]\n", "vstr d8, [r5, #96]\n", "vstr d9, [r5, #104]\n",
        "vstr d10, [r5, #112]\n", "vstr d11, [r5, #120]\n", "vstr d12, [r5, #128]\n",
        "vstr d13, [r5, #136]\n", "vstr d14, [r5, #144]\n", "vstr d15, [r5, #152]\n",
        "vstr d16, [r5, #160]\n", "vstr d17, [r5, #168]\n", "vstr d18, [r5, #176]\n",
        "vstr d19, [r5, #184]\n", "vstr d20, [r5, #192]\n", "vstr d21, [r5, #200]\n",
        "vstr d22, [r5, #208]\n", "vstr d23, [r5, #216]\n", "vstr d24, [r5, #224]\n",
        "vstr d25, [r5, #232]\n", "vstr d26, [r5, #240]\n", "vstr d27, [r5, #248]\n",
        "vstr d28, [r5, #256]\n", "vstr d29, [r5, #264]\n", "vstr d30, [r5, #272]\n",
        "vstr d31, [r5, #280]\n",
    ) };
}

/// Loads every register with the pattern, may clear, and dumps them, with nothing of the compiler's in between.
#[rustfmt::skip]
pub(super) fn pass(pattern: &[u8; 64], leave: Leave) -> [u8; BYTES] {
    let mut dump = [0xEE; BYTES];
    // SAFETY: reads 8 bytes at r4 and writes within the dump at r5, both callee-saved; everything else is declared.
    unsafe {
        match leave {
            Leave::Cleared => core::arch::asm!(
                load!(), "bl {clear}", store!(), clear = sym clear,
                in("r4") pattern.as_ptr(), in("r5") dump.as_mut_ptr(), clobber_abi("aapcs"),
                out("d8") _, out("d9") _, out("d10") _, out("d11") _,
                out("d12") _, out("d13") _, out("d14") _, out("d15") _,
            ),
            Leave::AsTheyAre => core::arch::asm!(
                load!(), store!(), in("r4") pattern.as_ptr(), in("r5") dump.as_mut_ptr(), clobber_abi("aapcs"),
                out("d8") _, out("d9") _, out("d10") _, out("d11") _,
                out("d12") _, out("d13") _, out("d14") _, out("d15") _,
            ),
        }
    }
    dump
}

/// Leaves the pattern in all of them.
#[rustfmt::skip]
#[inline(never)]
pub(in super::super::super) fn fill(pattern: &[u8; 64]) {
    // SAFETY: as for `pass`.
    unsafe {
        core::arch::asm!(
            load!(), in("r4") pattern.as_ptr(), clobber_abi("aapcs"),
            out("d8") _, out("d9") _, out("d10") _, out("d11") _,
            out("d12") _, out("d13") _, out("d14") _, out("d15") _,
        );
    }
}

/// What lies in all of them.
#[inline(always)]
pub(in super::super::super) fn held() -> [u8; BYTES] {
    let mut dump = [0; BYTES];
    // SAFETY: as for `pass`.
    unsafe { core::arch::asm!(store!(), in("r5") dump.as_mut_ptr(), clobber_abi("aapcs")) }
    dump
}
