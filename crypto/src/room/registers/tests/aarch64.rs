//! aarch64: x0–x17, v0–v31 (of v8–v15 the high half), p0–p15 and the first-fault register where the CPU has SVE.

use super::{Leave, Register};
use crate::room::registers::clear;
use std::arch::is_aarch64_feature_detected;

pub(in super::super::super) const BYTES: usize = 672;

/// What every CPU of this kind has, and where the dump has it.
pub(super) fn registers() -> Vec<Register> {
    let general = (0..18).map(|i| Register::cleared(format!("x{i}"), 8 * i..8 * i + 8));
    let vector = (0..32).flat_map(|i| {
        let at = 160 + 16 * i;
        let (low, high) = (format!("v{i}, low half"), format!("v{i}, high half"));
        let low = if (8..16).contains(&i) {
            Register::restored(low, at..at + 8)
        } else {
            Register::cleared(low, at..at + 8)
        };
        [low, Register::cleared(high, at + 8..at + 16)]
    });
    general.chain(vector).collect()
}

#[rustfmt::skip]
macro_rules! load {
    () => { concat!(
        "ldr q0, [x20]\n", "ldr q1, [x20]\n", "ldr q2, [x20]\n", "ldr q3, [x20]\n", "ldr q4, [x20]\n",
        "ldr q5, [x20]\n", "ldr q6, [x20]\n", "ldr q7, [x20]\n", "ldr q8, [x20]\n", "ldr q9, [x20]\n",
        "ldr q10, [x20]\n", "ldr q11, [x20]\n", "ldr q12, [x20]\n", "ldr q13, [x20]\n", "ldr q14, [x20]\n",
        "ldr q15, [x20]\n", "ldr q16, [x20]\n", "ldr q17, [x20]\n", "ldr q18, [x20]\n", "ldr q19, [x20]\n",
        "ldr q20, [x20]\n", "ldr q21, [x20]\n", "ldr q22, [x20]\n", "ldr q23, [x20]\n", "ldr q24, [x20]\n",
        "ldr q25, [x20]\n", "ldr q26, [x20]\n", "ldr q27, [x20]\n", "ldr q28, [x20]\n", "ldr q29, [x20]\n",
        "ldr q30, [x20]\n", "ldr q31, [x20]\n", "ldr x0, [x20]\n", "ldr x1, [x20]\n", "ldr x2, [x20]\n",
        "ldr x3, [x20]\n", "ldr x4, [x20]\n", "ldr x5, [x20]\n", "ldr x6, [x20]\n", "ldr x7, [x20]\n",
        "ldr x8, [x20]\n", "ldr x9, [x20]\n", "ldr x10, [x20]\n", "ldr x11, [x20]\n", "ldr x12, [x20]\n",
        "ldr x13, [x20]\n", "ldr x14, [x20]\n", "ldr x15, [x20]\n", "ldr x16, [x20]\n", "ldr x17, [x20]\n",
    ) };
}

#[rustfmt::skip]
macro_rules! store {
    () => { concat!(
        "str x0, [x21, #0]\n", "str x1, [x21, #8]\n", "str x2, [x21, #16]\n", "str x3, [x21, #24]\n",
        "str x4, [x21, #32]\n", "str x5, [x21, #40]\n", "str x6, [x21, #48]\n", "str x7, [x21, #56]\n",
        "str x8, [x21, #64]\n", "str x9, [x21, #72]\n", "str x10, [x21, #80]\n", "str x11, [x21, #88]\n",
        "str x12, [x21, #96]\n", "str x13, [x21, #104]\n", "str x14, [x21, #112]\n",
        "str x15, [x21, #120]\n", "str x16, [x21, #128]\n", "str x17, [x21, #136]\n",
        "str q0, [x21, #160]\n", "str q1, [x21, #176]\n", "str q2, [x21, #192]\n", "str q3, [x21, #208]\n",
        "str q4, [x21, #224]\n", "str q5, [x21, #240]\n", "str q6, [x21, #256]\n", "str q7, [x21, #272]\n",
        "str q8, [x21, #288]\n", "str q9, [x21, #304]\n", "str q10, [x21, #320]\n",
        "str q11, [x21, #336]\n", "str q12, [x21, #352]\n", "str q13, [x21, #368]\n",
        "str q14, [x21, #384]\n", "str q15, [x21, #400]\n", "str q16, [x21, #416]\n",
        "str q17, [x21, #432]\n", "str q18, [x21, #448]\n", "str q19, [x21, #464]\n",
        "str q20, [x21, #480]\n", "str q21, [x21, #496]\n", "str q22, [x21, #512]\n",
        "str q23, [x21, #528]\n", "str q24, [x21, #544]\n", "str q25, [x21, #560]\n",
        "str q26, [x21, #576]\n", "str q27, [x21, #592]\n", "str q28, [x21, #608]\n",
        "str q29, [x21, #624]\n", "str q30, [x21, #640]\n", "str q31, [x21, #656]\n",
    ) };
}

#[rustfmt::skip]
macro_rules! load_predicates {
    () => { concat!(
        ".arch_extension sve\n", "ptrue p0.b\n", "ptrue p1.b\n", "ptrue p2.b\n", "ptrue p3.b\n",
        "ptrue p4.b\n", "ptrue p5.b\n", "ptrue p6.b\n", "ptrue p7.b\n", "ptrue p8.b\n", "ptrue p9.b\n",
        "ptrue p10.b\n", "ptrue p11.b\n", "ptrue p12.b\n", "ptrue p13.b\n", "ptrue p14.b\n",
        "ptrue p15.b\n", "wrffr p0.b\n",
    ) };
}

#[rustfmt::skip]
macro_rules! store_predicates {
    () => { concat!(
        ".arch_extension sve\n", "str p0, [x21, #0, mul vl]\n", "str p1, [x21, #1, mul vl]\n",
        "str p2, [x21, #2, mul vl]\n", "str p3, [x21, #3, mul vl]\n", "str p4, [x21, #4, mul vl]\n",
        "str p5, [x21, #5, mul vl]\n", "str p6, [x21, #6, mul vl]\n", "str p7, [x21, #7, mul vl]\n",
        "str p8, [x21, #8, mul vl]\n", "str p9, [x21, #9, mul vl]\n", "str p10, [x21, #10, mul vl]\n",
        "str p11, [x21, #11, mul vl]\n", "str p12, [x21, #12, mul vl]\n", "str p13, [x21, #13, mul vl]\n",
        "str p14, [x21, #14, mul vl]\n", "str p15, [x21, #15, mul vl]\n", "rdffr p0.b\n",
        "str p0, [x21, #16, mul vl]\n",
    ) };
}

/// Loads every register with the pattern, may clear, and dumps them, with nothing of the compiler's in between.
#[rustfmt::skip]
pub(super) fn pass(pattern: &[u8; 64], leave: Leave) -> [u8; BYTES] {
    let mut dump = [0xEE; BYTES];
    // SAFETY: reads 16 bytes at x20 and writes within the dump at x21, both callee-saved; everything else is declared
    // by the clobbers.
    unsafe {
        match leave {
            Leave::Cleared => core::arch::asm!(
                load!(), "bl {clear}", store!(), clear = sym clear,
                in("x20") pattern.as_ptr(), in("x21") dump.as_mut_ptr(), clobber_abi("C"),
            ),
            Leave::AsTheyAre => core::arch::asm!(
                load!(), store!(), in("x20") pattern.as_ptr(), in("x21") dump.as_mut_ptr(), clobber_abi("C"),
            ),
        }
    }
    dump
}

/// Leaves the pattern in all of them.
#[inline(never)]
pub(in super::super::super) fn fill(pattern: &[u8; 64]) {
    // SAFETY: as for `pass`.
    unsafe { core::arch::asm!(load!(), in("x20") pattern.as_ptr(), clobber_abi("C")) }
}

/// What lies in all of them.
#[inline(always)]
pub(in super::super::super) fn held() -> [u8; BYTES] {
    let mut dump = [0; BYTES];
    // SAFETY: as for `pass`.
    unsafe { core::arch::asm!(store!(), in("x21") dump.as_mut_ptr(), clobber_abi("C")) }
    dump
}

/// A predicate has an eighth of a vector's bits, which are at most 2048.
#[rustfmt::skip]
#[test]
fn predicates_are_cleared_where_there_are_any() {
    if !is_aarch64_feature_detected!("sve") {
        return;
    }
    for (leave, all_zero) in [(Leave::Cleared, true), (Leave::AsTheyAre, false)] {
        let mut dump = [0_u8; 17 * 32];
        // SAFETY: SVE was detected; writes 17 predicates of at most 32 bytes at x21; the rest is declared.
        unsafe {
            match leave {
                Leave::Cleared => core::arch::asm!(
                    load_predicates!(), "bl {clear}", store_predicates!(), clear = sym clear,
                    in("x21") dump.as_mut_ptr(), clobber_abi("C"),
                ),
                Leave::AsTheyAre => core::arch::asm!(
                    load_predicates!(), store_predicates!(), in("x21") dump.as_mut_ptr(), clobber_abi("C"),
                ),
            }
        }
        assert_eq!(dump.iter().all(|byte| *byte == 0), all_zero);
    }
}
