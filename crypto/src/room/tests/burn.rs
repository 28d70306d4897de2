use super::*;
use crate::testing::scan;

/// A secret that is handed on by value before it comes into the room.
#[inline(never)]
fn by_value(secret: [u8; 32]) -> u8 {
    run(move || secret.iter().fold(0, |a, b| a ^ std::hint::black_box(*b))).unwrap()
}

#[inline(never)]
fn handed_on(page: &SecretPage) -> u8 {
    by_value(std::hint::black_box(*page.array().unwrap()))
}

#[test]
fn burning_wipes_what_was_handed_on_by_value() {
    let secret = SecretPage::random(32).unwrap();
    let pattern = secret.expose(Masked::of).unwrap();
    scan::deep(|| handed_on(&secret));
    assert!(scan::count(&pattern) > 1, "the control: it lies in dead frames of the caller's stack");
    let burned = scan::deep(|| {
        handed_on(&secret);
        burn()
    });
    assert_eq!((burned, scan::count(&pattern)), (16 * 1024, 1), "the page alone");
}

#[test]
fn burning_clears_registers() {
    let pattern = registers::tests::pattern();
    registers::tests::fill(&pattern);
    assert!(in_a_register(&pattern), "the control");
    registers::tests::fill(&pattern);
    burn();
    assert!(!in_a_register(&pattern));
}

#[test]
fn inside_there_is_nothing_to_burn() {
    assert_eq!(run(burn), Ok(0));
}

/// A frame with copies of the secret, as shallow as those of an entry into the room.
#[inline(never)]
fn leave_below(page: &SecretPage) -> usize {
    let mut copies = [[0_u8; 32]; 40];
    for copy in &mut copies {
        copy.copy_from_slice(std::hint::black_box(page.bytes().unwrap()));
    }
    std::hint::black_box(&copies).len()
}

/// On a stack that is not the thread's own nobody knows how far down one may write: a little is wiped, and said.
#[test]
fn a_foreign_stack_is_wiped_a_little() {
    let secret = SecretPage::random(32).unwrap();
    let pattern = secret.expose(Masked::of).unwrap();
    let mut foreign = Stack::make().unwrap();
    let left = foreign.run(|| {
        leave_below(&secret);
        scan::count(&pattern)
    });
    assert!(left > 1, "the control");
    let (burned, left) = foreign.run(|| {
        leave_below(&secret);
        (burn(), scan::count(&pattern))
    });
    assert_eq!((burned, left), (2 * 1024, 1), "the page alone");
    assert_eq!(foreign.run(|| report().unwrap().burn_bytes), 2 * 1024);
    assert_eq!(report().unwrap().burn_bytes, 16 * 1024);
}
