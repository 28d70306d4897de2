mod burn;
mod fork;
mod hook;
mod signals;

use super::{stack::Stack, *};
use crate::SecretPage;
use crate::testing::scan::{self, Masked};

#[test]
fn it_runs_on_a_stack_of_its_own_and_gives_the_result() {
    let stack_now = || {
        let local = 0_u8;
        scan::mapping_of((&raw const local) as usize)
    };
    let (outside, inside) = (stack_now(), run(stack_now).unwrap());
    assert_ne!(outside, inside);
    assert_eq!(inside.len(), 32 * 1024);
    let nested = run(|| (stack_now(), run(stack_now).unwrap())).unwrap();
    assert_eq!(nested.0, nested.1, "nested: the same stack");
    assert_eq!(run(|| run(|| 6 * 7).unwrap()), Ok(42));
}

#[test]
fn the_report_is_true() {
    let report = report().unwrap();
    assert!(report.own_stack && report.memory.is_whole(), "{report:?}");
    assert!(report.registers_cleared);
    assert_eq!(report.stack_bytes, 32 * 1024);
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

/// Whether the pattern lies in a register now.
#[inline(always)]
fn in_a_register(pattern: &[u8; 64]) -> bool {
    registers::tests::held().chunks(8).any(|chunk| chunk == &pattern[..8])
}

#[test]
fn no_register_comes_out() {
    let pattern = registers::tests::pattern();
    let mut stack = Stack::make().unwrap();
    // The control, with the clearing left out: the registers carry the pattern across the stack switch.
    stack.run(|| registers::tests::fill(&pattern));
    assert!(in_a_register(&pattern));
    run(|| registers::tests::fill(&pattern)).unwrap();
    assert!(!in_a_register(&pattern));
}
