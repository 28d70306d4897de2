//! aarch64 (AAPCS64, and Apple's and Android's variants of it): x0–x17, v0–v31, and with SVE the predicates p0–p15
//! and the first-fault register. x19–x29 and the low halves of v8–v15 are restored by each callee; writing a vector
//! register clears what SVE has above its 128 bits. x18 is the platform's, x30 an address.
//!
//! Left as they are: the matrix and table of SME (ZA, ZT0), which are off unless a function switches them on, and
//! nothing here does; the flags of floating point, which hold no data.
#![expect(unsafe_code, reason = "registers are named only in assembly")]

/// Whether [`clear`] clears.
pub(crate) const CLEARS: bool = true;

/// Clears the caller-saved registers. To be called as the last thing on the clean room's stack.
#[inline(never)]
pub(crate) extern "C" fn clear() {
    // The answer is cached by the standard library.
    if std::arch::is_aarch64_feature_detected!("sve") {
        clear_predicates();
    }
    // SAFETY: every register written is declared by the clobbers; the compiler saves and restores the low halves of
    // v8–v15, and loading a low half clears the high one.
    unsafe {
        core::arch::asm!(
            "movi v0.2d, #0",
            "movi v1.2d, #0",
            "movi v2.2d, #0",
            "movi v3.2d, #0",
            "movi v4.2d, #0",
            "movi v5.2d, #0",
            "movi v6.2d, #0",
            "movi v7.2d, #0",
            "movi v8.2d, #0",
            "movi v9.2d, #0",
            "movi v10.2d, #0",
            "movi v11.2d, #0",
            "movi v12.2d, #0",
            "movi v13.2d, #0",
            "movi v14.2d, #0",
            "movi v15.2d, #0",
            "movi v16.2d, #0",
            "movi v17.2d, #0",
            "movi v18.2d, #0",
            "movi v19.2d, #0",
            "movi v20.2d, #0",
            "movi v21.2d, #0",
            "movi v22.2d, #0",
            "movi v23.2d, #0",
            "movi v24.2d, #0",
            "movi v25.2d, #0",
            "movi v26.2d, #0",
            "movi v27.2d, #0",
            "movi v28.2d, #0",
            "movi v29.2d, #0",
            "movi v30.2d, #0",
            "movi v31.2d, #0",
            "mov x0, xzr",
            "mov x1, xzr",
            "mov x2, xzr",
            "mov x3, xzr",
            "mov x4, xzr",
            "mov x5, xzr",
            "mov x6, xzr",
            "mov x7, xzr",
            "mov x8, xzr",
            "mov x9, xzr",
            "mov x10, xzr",
            "mov x11, xzr",
            "mov x12, xzr",
            "mov x13, xzr",
            "mov x14, xzr",
            "mov x15, xzr",
            "mov x16, xzr",
            "mov x17, xzr",
            clobber_abi("C"),
            options(nomem, nostack),
        );
    }
}

#[inline(never)]
fn clear_predicates() {
    // SAFETY: called only where SVE was detected; predicates and first-fault register are declared by the clobbers.
    unsafe {
        core::arch::asm!(
            ".arch_extension sve",
            "pfalse p0.b",
            "pfalse p1.b",
            "pfalse p2.b",
            "pfalse p3.b",
            "pfalse p4.b",
            "pfalse p5.b",
            "pfalse p6.b",
            "pfalse p7.b",
            "pfalse p8.b",
            "pfalse p9.b",
            "pfalse p10.b",
            "pfalse p11.b",
            "pfalse p12.b",
            "pfalse p13.b",
            "pfalse p14.b",
            "pfalse p15.b",
            "wrffr p0.b",
            ".arch_extension nosve",
            clobber_abi("C"),
            options(nomem, nostack),
        );
    }
}
