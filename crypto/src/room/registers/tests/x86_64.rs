//! x86_64: rax rcx rdx rsi rdi r8–r11, mm0–mm7, xmm, ymm or zmm, and k0–k7, as the CPU has them.

use super::{Leave, Register};
use crate::room::registers::clear;
use std::arch::is_x86_feature_detected;

pub(in super::super::super) const BYTES: usize = 2304;

/// What this CPU has, and where the dump has it.
pub(super) fn registers() -> Vec<Register> {
    let (vectors, width) = vectors();
    let general = ["rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11"];
    let general = general.into_iter().enumerate().map(|(i, name)| Register::cleared(name, 8 * i..8 * i + 8));
    let mmx = (0..8).map(|i| Register::cleared(format!("mm{i}"), 128 + 8 * i..136 + 8 * i));
    let vector =
        (0..vectors).map(|i| Register::cleared(format!("vector {i}"), 192 + 64 * i..192 + 64 * i + width));
    let mask = (0..8)
        .filter(|_| width == 64)
        .map(|i| Register::cleared(format!("k{i}"), 2240 + 8 * i..2242 + 8 * i));
    general.chain(mmx).chain(vector).chain(mask).collect()
}

fn vectors() -> (usize, usize) {
    if is_x86_feature_detected!("avx512f") {
        (32, 64)
    } else if is_x86_feature_detected!("avx") {
        (16, 32)
    } else {
        (16, 16)
    }
}

#[rustfmt::skip]
macro_rules! load_xmm {
    () => { concat!(
        "movdqu xmm0, [r12]\n", "movdqu xmm1, [r12]\n", "movdqu xmm2, [r12]\n", "movdqu xmm3, [r12]\n",
        "movdqu xmm4, [r12]\n", "movdqu xmm5, [r12]\n", "movdqu xmm6, [r12]\n", "movdqu xmm7, [r12]\n",
        "movdqu xmm8, [r12]\n", "movdqu xmm9, [r12]\n", "movdqu xmm10, [r12]\n", "movdqu xmm11, [r12]\n",
        "movdqu xmm12, [r12]\n", "movdqu xmm13, [r12]\n", "movdqu xmm14, [r12]\n", "movdqu xmm15, [r12]\n",
    ) };
}

#[rustfmt::skip]
macro_rules! store_xmm {
    () => { concat!(
        "movdqu [r13 + 192], xmm0\n", "movdqu [r13 + 256], xmm1\n", "movdqu [r13 + 320], xmm2\n",
        "movdqu [r13 + 384], xmm3\n", "movdqu [r13 + 448], xmm4\n", "movdqu [r13 + 512], xmm5\n",
        "movdqu [r13 + 576], xmm6\n", "movdqu [r13 + 640], xmm7\n", "movdqu [r13 + 704], xmm8\n",
        "movdqu [r13 + 768], xmm9\n", "movdqu [r13 + 832], xmm10\n", "movdqu [r13 + 896], xmm11\n",
        "movdqu [r13 + 960], xmm12\n", "movdqu [r13 + 1024], xmm13\n", "movdqu [r13 + 1088], xmm14\n",
        "movdqu [r13 + 1152], xmm15\n",
    ) };
}

#[rustfmt::skip]
macro_rules! load_ymm {
    () => { concat!(
        "vmovdqu ymm0, [r12]\n", "vmovdqu ymm1, [r12]\n", "vmovdqu ymm2, [r12]\n", "vmovdqu ymm3, [r12]\n",
        "vmovdqu ymm4, [r12]\n", "vmovdqu ymm5, [r12]\n", "vmovdqu ymm6, [r12]\n", "vmovdqu ymm7, [r12]\n",
        "vmovdqu ymm8, [r12]\n", "vmovdqu ymm9, [r12]\n", "vmovdqu ymm10, [r12]\n",
        "vmovdqu ymm11, [r12]\n", "vmovdqu ymm12, [r12]\n", "vmovdqu ymm13, [r12]\n",
        "vmovdqu ymm14, [r12]\n", "vmovdqu ymm15, [r12]\n",
    ) };
}

#[rustfmt::skip]
macro_rules! store_ymm {
    () => { concat!(
        "vmovdqu [r13 + 192], ymm0\n", "vmovdqu [r13 + 256], ymm1\n", "vmovdqu [r13 + 320], ymm2\n",
        "vmovdqu [r13 + 384], ymm3\n", "vmovdqu [r13 + 448], ymm4\n", "vmovdqu [r13 + 512], ymm5\n",
        "vmovdqu [r13 + 576], ymm6\n", "vmovdqu [r13 + 640], ymm7\n", "vmovdqu [r13 + 704], ymm8\n",
        "vmovdqu [r13 + 768], ymm9\n", "vmovdqu [r13 + 832], ymm10\n", "vmovdqu [r13 + 896], ymm11\n",
        "vmovdqu [r13 + 960], ymm12\n", "vmovdqu [r13 + 1024], ymm13\n", "vmovdqu [r13 + 1088], ymm14\n",
        "vmovdqu [r13 + 1152], ymm15\n",
    ) };
}

#[rustfmt::skip]
macro_rules! load_zmm {
    () => { concat!(
        "vmovdqu64 zmm0, [r12]\n", "vmovdqu64 zmm1, [r12]\n", "vmovdqu64 zmm2, [r12]\n",
        "vmovdqu64 zmm3, [r12]\n", "vmovdqu64 zmm4, [r12]\n", "vmovdqu64 zmm5, [r12]\n",
        "vmovdqu64 zmm6, [r12]\n", "vmovdqu64 zmm7, [r12]\n", "vmovdqu64 zmm8, [r12]\n",
        "vmovdqu64 zmm9, [r12]\n", "vmovdqu64 zmm10, [r12]\n", "vmovdqu64 zmm11, [r12]\n",
        "vmovdqu64 zmm12, [r12]\n", "vmovdqu64 zmm13, [r12]\n", "vmovdqu64 zmm14, [r12]\n",
        "vmovdqu64 zmm15, [r12]\n", "vmovdqu64 zmm16, [r12]\n", "vmovdqu64 zmm17, [r12]\n",
        "vmovdqu64 zmm18, [r12]\n", "vmovdqu64 zmm19, [r12]\n", "vmovdqu64 zmm20, [r12]\n",
        "vmovdqu64 zmm21, [r12]\n", "vmovdqu64 zmm22, [r12]\n", "vmovdqu64 zmm23, [r12]\n",
        "vmovdqu64 zmm24, [r12]\n", "vmovdqu64 zmm25, [r12]\n", "vmovdqu64 zmm26, [r12]\n",
        "vmovdqu64 zmm27, [r12]\n", "vmovdqu64 zmm28, [r12]\n", "vmovdqu64 zmm29, [r12]\n",
        "vmovdqu64 zmm30, [r12]\n", "vmovdqu64 zmm31, [r12]\n", "kmovw k0, [r12]\n", "kmovw k1, [r12]\n",
        "kmovw k2, [r12]\n", "kmovw k3, [r12]\n", "kmovw k4, [r12]\n", "kmovw k5, [r12]\n",
        "kmovw k6, [r12]\n", "kmovw k7, [r12]\n",
    ) };
}

#[rustfmt::skip]
macro_rules! store_zmm {
    () => { concat!(
        "vmovdqu64 [r13 + 192], zmm0\n", "vmovdqu64 [r13 + 256], zmm1\n", "vmovdqu64 [r13 + 320], zmm2\n",
        "vmovdqu64 [r13 + 384], zmm3\n", "vmovdqu64 [r13 + 448], zmm4\n", "vmovdqu64 [r13 + 512], zmm5\n",
        "vmovdqu64 [r13 + 576], zmm6\n", "vmovdqu64 [r13 + 640], zmm7\n", "vmovdqu64 [r13 + 704], zmm8\n",
        "vmovdqu64 [r13 + 768], zmm9\n", "vmovdqu64 [r13 + 832], zmm10\n",
        "vmovdqu64 [r13 + 896], zmm11\n", "vmovdqu64 [r13 + 960], zmm12\n",
        "vmovdqu64 [r13 + 1024], zmm13\n", "vmovdqu64 [r13 + 1088], zmm14\n",
        "vmovdqu64 [r13 + 1152], zmm15\n", "vmovdqu64 [r13 + 1216], zmm16\n",
        "vmovdqu64 [r13 + 1280], zmm17\n", "vmovdqu64 [r13 + 1344], zmm18\n",
        "vmovdqu64 [r13 + 1408], zmm19\n", "vmovdqu64 [r13 + 1472], zmm20\n",
        "vmovdqu64 [r13 + 1536], zmm21\n", "vmovdqu64 [r13 + 1600], zmm22\n",
        "vmovdqu64 [r13 + 1664], zmm23\n", "vmovdqu64 [r13 + 1728], zmm24\n",
        "vmovdqu64 [r13 + 1792], zmm25\n", "vmovdqu64 [r13 + 1856], zmm26\n",
        "vmovdqu64 [r13 + 1920], zmm27\n", "vmovdqu64 [r13 + 1984], zmm28\n",
        "vmovdqu64 [r13 + 2048], zmm29\n", "vmovdqu64 [r13 + 2112], zmm30\n",
        "vmovdqu64 [r13 + 2176], zmm31\n", "kmovw [r13 + 2240], k0\n", "kmovw [r13 + 2248], k1\n",
        "kmovw [r13 + 2256], k2\n", "kmovw [r13 + 2264], k3\n", "kmovw [r13 + 2272], k4\n",
        "kmovw [r13 + 2280], k5\n", "kmovw [r13 + 2288], k6\n", "kmovw [r13 + 2296], k7\n",
    ) };
}

#[rustfmt::skip]
macro_rules! load_others {
    () => { concat!(
        "movq mm0, [r12]\n", "movq mm1, [r12]\n", "movq mm2, [r12]\n", "movq mm3, [r12]\n",
        "movq mm4, [r12]\n", "movq mm5, [r12]\n", "movq mm6, [r12]\n", "movq mm7, [r12]\n",
        "mov rax, [r12]\n", "mov rcx, [r12]\n", "mov rdx, [r12]\n", "mov rsi, [r12]\n", "mov rdi, [r12]\n",
        "mov r8, [r12]\n", "mov r9, [r12]\n", "mov r10, [r12]\n", "mov r11, [r12]\n",
    ) };
}

#[rustfmt::skip]
macro_rules! store_others {
    () => { concat!(
        "mov [r13 + 0], rax\n", "mov [r13 + 8], rcx\n", "mov [r13 + 16], rdx\n", "mov [r13 + 24], rsi\n",
        "mov [r13 + 32], rdi\n", "mov [r13 + 40], r8\n", "mov [r13 + 48], r9\n", "mov [r13 + 56], r10\n",
        "mov [r13 + 64], r11\n", "movq [r13 + 128], mm0\n", "movq [r13 + 136], mm1\n",
        "movq [r13 + 144], mm2\n", "movq [r13 + 152], mm3\n", "movq [r13 + 160], mm4\n",
        "movq [r13 + 168], mm5\n", "movq [r13 + 176], mm6\n", "movq [r13 + 184], mm7\n", "emms\n",
    ) };
}

/// Loads every register with the pattern, may clear, and dumps them, with nothing of the compiler's in between.
#[rustfmt::skip]
macro_rules! pass {
    ($load:ident, $store:ident, $leave:expr, $pattern:expr, $dump:expr) => {
        // SAFETY: reads 64 bytes at r12 and writes within the dump at r13, both callee-saved; the caller has asked
        // for what the CPU has; everything else is declared by the clobbers. The stack is aligned for a call.
        unsafe {
            match $leave {
                Leave::Cleared => core::arch::asm!(
                    $load!(), load_others!(), "call {clear}", store_others!(), $store!(),
                    clear = sym clear, in("r12") $pattern, in("r13") $dump, clobber_abi("sysv64"),
                ),
                Leave::AsTheyAre => core::arch::asm!(
                    $load!(), load_others!(), store_others!(), $store!(),
                    in("r12") $pattern, in("r13") $dump, clobber_abi("sysv64"),
                ),
            }
        }
    };
}

/// Whole registers, in and out.
pub(super) fn pass(pattern: &[u8; 64], leave: Leave) -> [u8; BYTES] {
    let mut dump = [0xEE; BYTES];
    let (pattern, to) = (pattern.as_ptr(), dump.as_mut_ptr());
    match vectors().1 {
        64 => pass!(load_zmm, store_zmm, leave, pattern, to),
        32 => pass!(load_ymm, store_ymm, leave, pattern, to),
        _ => pass!(load_xmm, store_xmm, leave, pattern, to),
    }
    dump
}

/// Leaves the pattern in all of them.
#[rustfmt::skip]
#[inline(never)]
pub(in super::super::super) fn fill(pattern: &[u8; 64]) {
    macro_rules! fill {
        ($load:ident) => {
            // SAFETY: as for `pass`.
            unsafe { core::arch::asm!($load!(), load_others!(), in("r12") pattern.as_ptr(), clobber_abi("sysv64")) }
        };
    }
    match vectors().1 {
        64 => fill!(load_zmm),
        32 => fill!(load_ymm),
        _ => fill!(load_xmm),
    }
}

/// What lies in all of them.
#[rustfmt::skip]
#[inline(always)]
pub(in super::super::super) fn held() -> [u8; BYTES] {
    let mut dump = [0; BYTES];
    macro_rules! held {
        ($store:ident) => {
            // SAFETY: as for `pass`.
            unsafe { core::arch::asm!(store_others!(), $store!(), in("r13") dump.as_mut_ptr(), clobber_abi("sysv64")) }
        };
    }
    match vectors().1 {
        64 => held!(store_zmm),
        32 => held!(store_ymm),
        _ => held!(store_xmm),
    }
    dump
}
