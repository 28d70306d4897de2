//! x86_64, System V: rax rcx rdx rsi rdi r8–r11, xmm/ymm/zmm 0–15, with AVX-512 zmm16–31 and k0–k7, and mm0–mm7,
//! which are the significands of the x87 registers. rbx, rbp, r12–r15 are restored by each callee.
//!
//! Left as they are: the tiles of AMX, which a process has to ask the kernel for and nothing here does; r16–r31 of
//! APX, which no compiler uses unasked; the flags and control words, which hold no data.
#![expect(unsafe_code, reason = "registers are named only in assembly")]

/// Whether [`clear`] clears.
pub(crate) const CLEARS: bool = true;

/// Clears the caller-saved registers. To be called as the last thing on the clean room's stack.
#[inline(never)]
pub(crate) extern "C" fn clear() {
    // The answers are cached by the standard library: three loads, no CPUID after the first time.
    let wide = std::arch::is_x86_feature_detected!("avx512f");
    let vector = std::arch::is_x86_feature_detected!("avx");
    if wide {
        clear_wide();
    }
    if vector {
        // SAFETY: AVX was detected. vzeroall sets registers 0–15 to zero in full width.
        unsafe { core::arch::asm!("vzeroall", clobber_abi("sysv64"), options(nomem, nostack)) };
    }
    clear_base(vector);
}

#[inline(never)]
fn clear_wide() {
    // SAFETY: called only where AVX-512F was detected; every register written is declared by the clobbers.
    unsafe {
        core::arch::asm!(
            "vpxorq zmm16, zmm16, zmm16",
            "vpxorq zmm17, zmm17, zmm17",
            "vpxorq zmm18, zmm18, zmm18",
            "vpxorq zmm19, zmm19, zmm19",
            "vpxorq zmm20, zmm20, zmm20",
            "vpxorq zmm21, zmm21, zmm21",
            "vpxorq zmm22, zmm22, zmm22",
            "vpxorq zmm23, zmm23, zmm23",
            "vpxorq zmm24, zmm24, zmm24",
            "vpxorq zmm25, zmm25, zmm25",
            "vpxorq zmm26, zmm26, zmm26",
            "vpxorq zmm27, zmm27, zmm27",
            "vpxorq zmm28, zmm28, zmm28",
            "vpxorq zmm29, zmm29, zmm29",
            "vpxorq zmm30, zmm30, zmm30",
            "vpxorq zmm31, zmm31, zmm31",
            "kxorw k0, k0, k0",
            "kxorw k1, k1, k1",
            "kxorw k2, k2, k2",
            "kxorw k3, k3, k3",
            "kxorw k4, k4, k4",
            "kxorw k5, k5, k5",
            "kxorw k6, k6, k6",
            "kxorw k7, k7, k7",
            clobber_abi("sysv64"),
            options(nomem, nostack),
        );
    }
}

#[inline(always)]
fn clear_base(vectors_done: bool) {
    if !vectors_done {
        // SAFETY: SSE2 is part of x86_64; every register written is declared by the clobbers.
        unsafe {
            core::arch::asm!(
                "pxor xmm0, xmm0",
                "pxor xmm1, xmm1",
                "pxor xmm2, xmm2",
                "pxor xmm3, xmm3",
                "pxor xmm4, xmm4",
                "pxor xmm5, xmm5",
                "pxor xmm6, xmm6",
                "pxor xmm7, xmm7",
                "pxor xmm8, xmm8",
                "pxor xmm9, xmm9",
                "pxor xmm10, xmm10",
                "pxor xmm11, xmm11",
                "pxor xmm12, xmm12",
                "pxor xmm13, xmm13",
                "pxor xmm14, xmm14",
                "pxor xmm15, xmm15",
                clobber_abi("sysv64"),
                options(nomem, nostack),
            );
        }
    }
    // SAFETY: the registers are declared by the clobbers; the flags are not preserved. The x87 stack is empty at
    // every call, so `emms` gives back what was found.
    unsafe {
        core::arch::asm!(
            "pxor mm0, mm0",
            "pxor mm1, mm1",
            "pxor mm2, mm2",
            "pxor mm3, mm3",
            "pxor mm4, mm4",
            "pxor mm5, mm5",
            "pxor mm6, mm6",
            "pxor mm7, mm7",
            "emms",
            "xor eax, eax",
            "xor ecx, ecx",
            "xor edx, edx",
            "xor esi, esi",
            "xor edi, edi",
            "xor r8d, r8d",
            "xor r9d, r9d",
            "xor r10d, r10d",
            "xor r11d, r11d",
            clobber_abi("sysv64"),
            options(nomem, nostack),
        );
    }
}
