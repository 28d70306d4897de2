#![expect(unsafe_code, reason = "registers are read by assembly")]

use super::*;
use crate::testing::scan::{self, Masked};
use crate::{SecretPage, random};

#[test]
fn it_runs_on_a_stack_of_its_own_and_gives_the_result() {
    let stack_now = || {
        let local = 0_u8;
        scan::mapping_of((&raw const local) as usize)
    };
    let (outside, inside) = (stack_now(), run(stack_now).unwrap());
    assert_ne!(outside, inside);
    assert_eq!(inside.len(), 64 * 1024);
    let nested = run(|| (stack_now(), run(stack_now).unwrap())).unwrap();
    assert_eq!(nested.0, nested.1, "nested: the same stack");
    assert_eq!(run(|| run(|| 6 * 7).unwrap()), Ok(42));
}

#[test]
fn the_report_is_true() {
    let report = report().unwrap();
    assert!(report.own_stack && report.memory.is_whole(), "{report:?}");
    assert_eq!(report.registers_cleared, cfg!(target_arch = "x86_64"));
    assert_eq!(report.stack_bytes, 64 * 1024);
}

#[inline(never)]
fn leave_on_stack(secret: &SecretPage) -> usize {
    let mut copies = [[0_u8; 32]; 256];
    for copy in &mut copies {
        copy.copy_from_slice(std::hint::black_box(secret.bytes().unwrap()));
    }
    std::hint::black_box(&copies).len()
}

#[test]
fn the_whole_stack_is_wiped() {
    let secret = SecretPage::random(32).unwrap();
    let pattern = secret.expose(Masked::of).unwrap();
    let inside = run(|| {
        leave_on_stack(&secret);
        scan::count(&pattern)
    });
    assert!(inside.unwrap() > 64, "while it runs the copies are there: {inside:?}");
    assert_eq!(scan::count(&pattern), 1, "afterwards the page alone");
    let mut stack = Stack::make().unwrap();
    stack.run(|| leave_on_stack(&secret));
    assert!(stack.is_zero());
}

/// The control: the same work without the clean room leaves its copies.
#[test]
fn control_a_plain_stack_keeps_the_copies() {
    let secret = SecretPage::random(32).unwrap();
    let pattern = secret.expose(Masked::of).unwrap();
    scan::deep(|| leave_on_stack(&secret));
    assert!(scan::count(&pattern) > 32);
}

#[test]
fn a_panic_is_caught_wiped_and_reported() {
    let secret = SecretPage::random(32).unwrap();
    let pattern = secret.expose(Masked::of).unwrap();
    let broken: Result<(), Error> = run(|| {
        leave_on_stack(&secret);
        panic!("on purpose, in a test")
    });
    assert_eq!(broken, Err(Error::RoomBroken));
    assert_eq!(scan::count(&pattern), 1);
    assert_eq!(run(|| run(|| panic!("on purpose, nested")).unwrap_or(())), Err(Error::RoomBroken));
    assert_eq!(run(|| 1), Ok(1), "and the next one works");
}

/// The panic hook runs on the clean room's stack before anything is wiped: with backtraces switched on, the
/// default one moves what lies there into long-lived heap memory, and prints the library's text.
#[test]
fn a_panic_calls_no_hook_inside() {
    let again = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", "room::tests::a_panic_is_caught_wiped_and_reported"])
        .env("RUST_BACKTRACE", "full")
        .output()
        .unwrap();
    let text = [again.stdout, again.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    assert!(again.status.success() && text.contains("1 passed"), "{text}");
    assert!(!text.contains("on purpose"), "{text}");
}

#[test]
fn many_threads_have_a_stack_each() {
    let threads: Vec<_> = (0..16_u64)
        .map(|n| {
            std::thread::spawn(move || {
                for _ in 0..200 {
                    let sum = run(|| (0..=n).fold(0, |a, b| std::hint::black_box(a) + b)).unwrap();
                    assert_eq!(sum, n * (n + 1) / 2);
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

#[cfg(target_arch = "x86_64")]
mod on_x86_64 {
    use super::*;

    /// Puts the pattern into xmm8–xmm15, r8–r11, and with AVX-512 into zmm24–zmm31.
    #[inline(never)]
    fn fill(pattern: &[u8; 64]) {
        let at = pattern.as_ptr();
        // SAFETY: reads 64 bytes at `at`; all registers written are declared; AVX-512 only where it is
        // detected.
        unsafe {
            if std::arch::is_x86_feature_detected!("avx512f") {
                core::arch::asm!(
                    "vmovdqu64 zmm24, [{0}]", "vmovdqu64 zmm25, [{0}]", "vmovdqu64 zmm26, [{0}]",
                    "vmovdqu64 zmm27, [{0}]", "vmovdqu64 zmm28, [{0}]", "vmovdqu64 zmm29, [{0}]",
                    "vmovdqu64 zmm30, [{0}]", "vmovdqu64 zmm31, [{0}]",
                    in(reg) at, clobber_abi("sysv64"), options(readonly, nostack),
                );
            }
            core::arch::asm!(
                "movdqu xmm8, [{0}]", "movdqu xmm9, [{0}]", "movdqu xmm10, [{0}]", "movdqu xmm11, [{0}]",
                "movdqu xmm12, [{0}]", "movdqu xmm13, [{0}]", "movdqu xmm14, [{0}]", "movdqu xmm15, [{0}]",
                "mov r8, [{0}]", "mov r9, [{0}]", "mov r10, [{0}]", "mov r11, [{0}]",
                in(reg) at, clobber_abi("sysv64"), options(readonly, nostack),
            );
        }
    }

    /// Whether the pattern's first eight bytes lie in one of those registers.
    #[inline(always)]
    fn found(pattern: &[u8; 64]) -> bool {
        let mut seen = [0_u8; 16 * 8 + 8 * 4 + 64 * 8];
        let at = seen.as_mut_ptr();
        // SAFETY: writes within `seen`; AVX-512 only where it is detected.
        unsafe {
            core::arch::asm!(
                "movdqu [{0}], xmm8", "movdqu [{0} + 16], xmm9", "movdqu [{0} + 32], xmm10",
                "movdqu [{0} + 48], xmm11", "movdqu [{0} + 64], xmm12", "movdqu [{0} + 80], xmm13",
                "movdqu [{0} + 96], xmm14", "movdqu [{0} + 112], xmm15", "mov [{0} + 128], r8",
                "mov [{0} + 136], r9", "mov [{0} + 144], r10", "mov [{0} + 152], r11",
                in(reg) at, options(nostack, preserves_flags),
            );
            if std::arch::is_x86_feature_detected!("avx512f") {
                core::arch::asm!(
                    "vmovdqu64 [{0} + 160], zmm24", "vmovdqu64 [{0} + 224], zmm25",
                    "vmovdqu64 [{0} + 288], zmm26",
                    "vmovdqu64 [{0} + 352], zmm27", "vmovdqu64 [{0} + 416], zmm28",
                    "vmovdqu64 [{0} + 480], zmm29",
                    "vmovdqu64 [{0} + 544], zmm30", "vmovdqu64 [{0} + 608], zmm31",
                    in(reg) at, options(nostack, preserves_flags),
                );
            }
        }
        seen.chunks(8).any(|chunk| chunk == &pattern[..8])
    }

    #[test]
    fn no_register_comes_out() {
        let pattern: [u8; 64] = random::make().unwrap();
        let mut stack = Stack::make().unwrap();
        // The control, with the clearing left out: the registers carry the pattern across the stack switch.
        stack.run(|| fill(&pattern));
        assert!(found(&pattern));
        stack.run(|| {
            fill(&pattern);
            registers::clear();
        });
        assert!(!found(&pattern));
        run(|| fill(&pattern)).unwrap();
        assert!(!found(&pattern));
    }
}
