//! A process that uses a secret in the clean room, leaves it, and waits to be looked at from outside: by a debugger
//! that reads registers and memory where [`room_left`] is called. `cargo xtask test --only cross` does it on this
//! machine's CPU and on the others under an emulator.
//!
//! ```text
//! room_left registers HEX      64 bytes, each in disguise, are laid into every register inside
//! room_left seal 1|2           three presses are sealed with the suite of that number
//! ```
//! Prints what a debugger may look for, in disguise (each byte ^ 0xA5): `gone NAME HEX` must be nowhere, `kept NAME
//! HEX` in one place.
#![expect(
    unsafe_code,
    reason = "registers are named only in assembly, and a debugger needs a name that stays"
)]
#![expect(clippy::print_stdout, reason = "what it prints is for the debugger's side")]

use msgpay_crypto::{Error, SealChain, SecretPage, SuiteId, room};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// No pattern lies in memory as it is, outside the room.
const DISGUISE: u8 = 0xA5;
const PRESSES: u8 = 3;

/// Readable and writable mappings when the room was left: start, end, start, end, … 0.
#[unsafe(no_mangle)]
static ROOM_MAPPINGS: [AtomicUsize; 512] = [const { AtomicUsize::new(0) }; 512];

/// Where the debugger stops.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn room_left() {
    // SAFETY: no instruction at all, and one that does nothing, so that the call is not left out.
    unsafe { core::arch::asm!("nop") };
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words[..] {
        [_, "registers", hex] => registers(hex),
        [_, "seal", "1"] => seal(SuiteId::International),
        [_, "seal", "2"] => seal(SuiteId::Guomi),
        _ => Err(Error::Misused),
    };
    if done.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Tells the debugger where to look. Nothing is mapped after it.
fn tell_mappings() {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
    let ranges =
        maps.lines().filter(|line| line.contains(" rw") && !line.contains("[v")).filter_map(|line| {
            let (start, end) = line.split(' ').next()?.split_once('-')?;
            Some([usize::from_str_radix(start, 16).ok()?, usize::from_str_radix(end, 16).ok()?])
        });
    for (place, address) in ROOM_MAPPINGS.iter().zip(ranges.flatten()) {
        place.store(address, Relaxed);
    }
}

fn registers(hex: &str) -> Result<(), Error> {
    let digits = hex.as_bytes().as_chunks::<2>().0.iter();
    let masked =
        digits.map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()));
    let masked: Vec<u8> = masked.collect::<Option<_>>().ok_or(Error::Misused)?;
    let masked: [u8; 64] = masked.try_into().map_err(|_| Error::Misused)?;
    // The first time maps the stack.
    room::run(tell_mappings)?;
    room::run(|| fill(&masked.map(|byte| std::hint::black_box(byte) ^ DISGUISE)))?;
    room_left();
    Ok(())
}

fn seal(suite: SuiteId) -> Result<(), Error> {
    const LABEL: &[u8] = b"laboratory";
    let provider = suite.suite();
    let scalar = SecretPage::try_make_with(32, |scalar| {
        provider.make_private(scalar.try_into().map_err(|_| Error::Misused)?)?;
        Ok(32)
    })?;
    let own = |scalar: &[u8]| -> Result<[u8; 32], Error> { scalar.try_into().map_err(|_| Error::Misused) };
    let public = scalar.expose(|scalar| provider.public_of(&own(scalar)?))??;
    let (encapsulation, mut chain) = SealChain::setup(suite, &public, b"", LABEL)?;

    // The opener's side computes what the sealer has had, inside, and keeps it in disguise.
    let mut patterns = Vec::with_capacity(2 * usize::from(PRESSES) + 2);
    scalar.expose(|scalar| {
        let masked = |bytes: &[u8; 32]| bytes.map(|byte| std::hint::black_box(byte) ^ DISGUISE);
        let (mut key, mut link) = ([0; 32], [0; 32]);
        provider.decapsulate(&own(scalar)?, &encapsulation, b"", LABEL, &mut link)?;
        patterns.push(("gone", "scalar", masked(&own(scalar)?)));
        for _ in 0..PRESSES {
            patterns.push(("gone", "chain", masked(&link)));
            provider.ratchet(&mut link, b"key", b"next", &mut key)?;
            patterns.push(("gone", "key", masked(&key)));
        }
        patterns.push(("kept", "chain", masked(&link)));
        Ok(())
    })??;
    drop(scalar);
    for (what, name, masked) in &patterns {
        let hex: String = masked.iter().map(|byte| format!("{byte:02x}")).collect();
        println!("{what} {name} {hex}");
    }
    tell_mappings();
    for slot in 0..PRESSES {
        chain.step(b"", std::hint::black_box(slot))?;
    }
    room_left();
    drop(chain);
    Ok(())
}

/// Leaves the pattern in every register that a callee may leave dirty.
#[rustfmt::skip]
#[cfg(target_arch = "x86_64")]
#[inline(never)]
fn fill(pattern: &[u8; 64]) {
    // SAFETY: reads 64 bytes at r12, which stays; the other registers are declared by the clobbers.
    unsafe {
        core::arch::asm!(
            "movq mm0, [r12]", "movq mm1, [r12]", "movq mm2, [r12]", "movq mm3, [r12]", "movq mm4, [r12]",
            "movq mm5, [r12]", "movq mm6, [r12]", "movq mm7, [r12]", "movdqu xmm0, [r12]",
            "movdqu xmm1, [r12]", "movdqu xmm2, [r12]", "movdqu xmm3, [r12]", "movdqu xmm4, [r12]",
            "movdqu xmm5, [r12]", "movdqu xmm6, [r12]", "movdqu xmm7, [r12]", "movdqu xmm8, [r12]",
            "movdqu xmm9, [r12]", "movdqu xmm10, [r12]", "movdqu xmm11, [r12]", "movdqu xmm12, [r12]",
            "movdqu xmm13, [r12]", "movdqu xmm14, [r12]", "movdqu xmm15, [r12]",
            in("r12") pattern.as_ptr(), clobber_abi("sysv64"),
        );
        if std::arch::is_x86_feature_detected!("avx512f") {
            core::arch::asm!(
                "vmovdqu64 zmm0, [r12]", "vmovdqu64 zmm1, [r12]", "vmovdqu64 zmm2, [r12]",
                "vmovdqu64 zmm3, [r12]", "vmovdqu64 zmm4, [r12]", "vmovdqu64 zmm5, [r12]",
                "vmovdqu64 zmm6, [r12]", "vmovdqu64 zmm7, [r12]", "vmovdqu64 zmm8, [r12]",
                "vmovdqu64 zmm9, [r12]", "vmovdqu64 zmm10, [r12]", "vmovdqu64 zmm11, [r12]",
                "vmovdqu64 zmm12, [r12]", "vmovdqu64 zmm13, [r12]", "vmovdqu64 zmm14, [r12]",
                "vmovdqu64 zmm15, [r12]", "vmovdqu64 zmm16, [r12]", "vmovdqu64 zmm17, [r12]",
                "vmovdqu64 zmm18, [r12]", "vmovdqu64 zmm19, [r12]", "vmovdqu64 zmm20, [r12]",
                "vmovdqu64 zmm21, [r12]", "vmovdqu64 zmm22, [r12]", "vmovdqu64 zmm23, [r12]",
                "vmovdqu64 zmm24, [r12]", "vmovdqu64 zmm25, [r12]", "vmovdqu64 zmm26, [r12]",
                "vmovdqu64 zmm27, [r12]", "vmovdqu64 zmm28, [r12]", "vmovdqu64 zmm29, [r12]",
                "vmovdqu64 zmm30, [r12]", "vmovdqu64 zmm31, [r12]",
                in("r12") pattern.as_ptr(), clobber_abi("sysv64"),
            );
        }
        core::arch::asm!(
            "mov rax, [r12]", "mov rcx, [r12]", "mov rdx, [r12]", "mov rsi, [r12]", "mov rdi, [r12]",
            "mov r8, [r12]", "mov r9, [r12]", "mov r10, [r12]", "mov r11, [r12]",
            in("r12") pattern.as_ptr(), clobber_abi("sysv64"),
        );
    }
}

/// The same.
#[rustfmt::skip]
#[cfg(target_arch = "aarch64")]
#[inline(never)]
fn fill(pattern: &[u8; 64]) {
    // SAFETY: reads 16 bytes at x20, which stays; the other registers are declared by the clobbers.
    unsafe {
        core::arch::asm!(
            "ldr q0, [x20]", "ldr q1, [x20]", "ldr q2, [x20]", "ldr q3, [x20]", "ldr q4, [x20]",
            "ldr q5, [x20]", "ldr q6, [x20]", "ldr q7, [x20]", "ldr q8, [x20]", "ldr q9, [x20]",
            "ldr q10, [x20]", "ldr q11, [x20]", "ldr q12, [x20]", "ldr q13, [x20]", "ldr q14, [x20]",
            "ldr q15, [x20]", "ldr q16, [x20]", "ldr q17, [x20]", "ldr q18, [x20]", "ldr q19, [x20]",
            "ldr q20, [x20]", "ldr q21, [x20]", "ldr q22, [x20]", "ldr q23, [x20]", "ldr q24, [x20]",
            "ldr q25, [x20]", "ldr q26, [x20]", "ldr q27, [x20]", "ldr q28, [x20]", "ldr q29, [x20]",
            "ldr q30, [x20]", "ldr q31, [x20]", "ldr x0, [x20]", "ldr x1, [x20]", "ldr x2, [x20]",
            "ldr x3, [x20]", "ldr x4, [x20]", "ldr x5, [x20]", "ldr x6, [x20]", "ldr x7, [x20]",
            "ldr x8, [x20]", "ldr x9, [x20]", "ldr x10, [x20]", "ldr x11, [x20]", "ldr x12, [x20]",
            "ldr x13, [x20]", "ldr x14, [x20]", "ldr x15, [x20]", "ldr x16, [x20]", "ldr x17, [x20]",
            in("x20") pattern.as_ptr(), clobber_abi("C"),
        );
    }
}

/// The same.
#[rustfmt::skip]
#[cfg(target_arch = "arm")]
#[inline(never)]
fn fill(pattern: &[u8; 64]) {
    // SAFETY: reads 8 bytes at r4, which stays; the other registers are declared by the clobbers.
    unsafe {
        core::arch::asm!(
            ".fpu vfpv3", "vldr d0, [r4]", "vldr d1, [r4]", "vldr d2, [r4]", "vldr d3, [r4]",
            "vldr d4, [r4]", "vldr d5, [r4]", "vldr d6, [r4]", "vldr d7, [r4]", "vldr d8, [r4]",
            "vldr d9, [r4]", "vldr d10, [r4]", "vldr d11, [r4]", "vldr d12, [r4]", "vldr d13, [r4]",
            "vldr d14, [r4]", "vldr d15, [r4]", "vldr d16, [r4]", "vldr d17, [r4]", "vldr d18, [r4]",
            "vldr d19, [r4]", "vldr d20, [r4]", "vldr d21, [r4]", "vldr d22, [r4]", "vldr d23, [r4]",
            "vldr d24, [r4]", "vldr d25, [r4]", "vldr d26, [r4]", "vldr d27, [r4]", "vldr d28, [r4]",
            "vldr d29, [r4]", "vldr d30, [r4]", "vldr d31, [r4]", "ldr r0, [r4]", "ldr r1, [r4]",
            "ldr r2, [r4]", "ldr r3, [r4]", "ldr r12, [r4]",
            in("r4") pattern.as_ptr(), clobber_abi("aapcs"),
            out("d8") _, out("d9") _, out("d10") _, out("d11") _,
            out("d12") _, out("d13") _, out("d14") _, out("d15") _,
        );
    }
}
