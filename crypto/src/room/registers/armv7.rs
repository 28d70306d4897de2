//! 32-bit ARM (AAPCS), with or without NEON: r0–r3, r12, and where the CPU has them d0–d7 and d16–d31. r4–r11 and
//! d8–d15 are restored by each callee. lr holds an address.
#![expect(unsafe_code, reason = "registers are named only in assembly")]

/// Whether [`clear`] clears.
pub(crate) const CLEARS: bool = true;

/// Bits of AT_HWCAP (linux/arch/arm/include/uapi/asm/hwcap.h): d0–d15, and d16–d31 as well.
const VFP: libc::c_ulong = 1 << 6;
const NEON: libc::c_ulong = 1 << 12;
const VFP_D32: libc::c_ulong = 1 << 19;

/// Clears the caller-saved registers. To be called as the last thing on the clean room's stack.
#[inline(never)]
pub(crate) extern "C" fn clear() {
    // SAFETY: reads what the kernel gave to the process at its start.
    let has = unsafe { libc::getauxval(libc::AT_HWCAP) };
    if has & VFP != 0 {
        clear_low();
    }
    if has & (NEON | VFP_D32) != 0 {
        clear_high();
    }
    // SAFETY: every register written is declared by the clobbers.
    unsafe {
        core::arch::asm!(
            "mov r0, #0",
            "mov r1, #0",
            "mov r2, #0",
            "mov r3, #0",
            "mov r12, #0",
            clobber_abi("aapcs"),
            options(nomem, nostack),
        );
    }
}

#[inline(never)]
fn clear_low() {
    // SAFETY: called only where the CPU has these registers; those written are declared by the clobbers.
    unsafe {
        core::arch::asm!(
            ".fpu vfpv3-d16",
            "mov r0, #0",
            "vmov d0, r0, r0",
            "vmov d1, r0, r0",
            "vmov d2, r0, r0",
            "vmov d3, r0, r0",
            "vmov d4, r0, r0",
            "vmov d5, r0, r0",
            "vmov d6, r0, r0",
            "vmov d7, r0, r0",
            clobber_abi("aapcs"),
            options(nomem, nostack),
        );
    }
}

/// The compiler uses d16–d31 only in functions that are built for them, and there they are caller-saved too.
#[inline(never)]
fn clear_high() {
    // SAFETY: called only where the CPU has these registers, which are caller-saved.
    unsafe {
        core::arch::asm!(
            ".fpu vfpv3",
            "mov r0, #0",
            "vmov d16, r0, r0",
            "vmov d17, r0, r0",
            "vmov d18, r0, r0",
            "vmov d19, r0, r0",
            "vmov d20, r0, r0",
            "vmov d21, r0, r0",
            "vmov d22, r0, r0",
            "vmov d23, r0, r0",
            "vmov d24, r0, r0",
            "vmov d25, r0, r0",
            "vmov d26, r0, r0",
            "vmov d27, r0, r0",
            "vmov d28, r0, r0",
            "vmov d29, r0, r0",
            "vmov d30, r0, r0",
            "vmov d31, r0, r0",
            clobber_abi("aapcs"),
            options(nomem, nostack),
        );
    }
}
