//! Every way in which an entry ends leaves nothing.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Weak,
};

use super::*;

/// Opened, with something typed, and an eye on what there is to wipe: chain or page live as long as `alive` has an
/// owner (what dropping them wipes is proven in `crypto`).
fn in_use(bench: &Bench) -> (Keypad, Weak<()>) {
    let (mut keypad, _keys) = bench.open();
    keypad.press(1).unwrap();
    keypad.press(2).unwrap();
    let alive = Arc::downgrade(&keypad.open.as_ref().unwrap().alive);
    assert!(alive.upgrade().is_some(), "the measure sees it");
    (keypad, alive)
}

fn gone(keypad: &mut Keypad, alive: &Weak<()>) {
    assert!(alive.upgrade().is_none());
    assert!(keypad.open.is_none());
    assert_eq!((keypad.length(), keypad.complete()), (0, false));
    assert_eq!(keypad.press(1), Err(EntryFault::Closed));
    assert_eq!(keypad.erase(), Err(EntryFault::Closed));
    assert_eq!(keypad.clear(), Err(EntryFault::Closed));
    assert_eq!(keypad.review(40).map(drop), Err(EntryFault::Closed));
    assert_eq!(keypad.confirm().map(drop), Err(EntryFault::Closed));
}

fn each_kind(check: impl Fn(Bench)) {
    Kind::ALL.into_iter().for_each(|kind| check(Bench::of(kind)));
}

#[test]
fn cancel_back_and_background_wipe() {
    each_kind(|bench| {
        let (mut keypad, alive) = in_use(&bench);
        keypad.cancel();
        gone(&mut keypad, &alive);
    });
}

#[test]
fn a_capture_wipes() {
    each_kind(|bench| {
        let (mut keypad, alive) = in_use(&bench);
        let fault = keypad.capture_detected();
        assert_eq!((fault, fault.wiped()), (EntryFault::Captured, true));
        gone(&mut keypad, &alive);
        assert_eq!(keypad.capture_detected(), EntryFault::Closed);
    });
}

#[test]
fn another_surface_wipes_and_the_same_does_not() {
    each_kind(|bench| {
        for changed in [
            SurfaceReport { capture_blocked: false, ..GOOD_SURFACE },
            SurfaceReport { obscured_touches_filtered: false, ..GOOD_SURFACE },
            SurfaceReport { no_text_field: false, ..GOOD_SURFACE },
            SurfaceReport { nothing_kept: false, ..GOOD_SURFACE },
            SurfaceReport { audio_private: !GOOD_SURFACE.audio_private, ..GOOD_SURFACE },
        ] {
            let (mut keypad, alive) = in_use(&bench);
            assert_eq!(keypad.surface_changed(GOOD_SURFACE), Ok(()));
            assert_eq!(keypad.length(), 2);
            let fault = keypad.surface_changed(changed).unwrap_err();
            assert_eq!((fault, fault.wiped()), (EntryFault::SurfaceChanged, true));
            gone(&mut keypad, &alive);
        }
    });
}

#[test]
fn dropping_without_an_end_wipes() {
    each_kind(|bench| {
        let (keypad, alive) = in_use(&bench);
        drop(keypad);
        assert!(alive.upgrade().is_none());
    });
}

#[test]
fn a_panic_that_unwinds_wipes() {
    each_kind(|bench| {
        let (keypad, alive) = in_use(&bench);
        let unwound = catch_unwind(AssertUnwindSafe(move || {
            let mut keypad = keypad;
            keypad.press(0).unwrap();
            panic!("a defect of the host");
        }));
        assert!(unwound.is_err() && alive.upgrade().is_none());
    });
}

#[test]
fn confirming_leaves_nothing_behind() {
    each_kind(|bench| {
        let (mut keypad, _keys) = bench.open();
        (0..*bench.lengths.start()).for_each(|_| assert!(keypad.press(1).is_ok()));
        let alive = Arc::downgrade(&keypad.open.as_ref().unwrap().alive);
        assert!(keypad.complete() && keypad.confirm().is_ok());
        gone(&mut keypad, &alive);
    });
}

/// A fork's child reads zeros where its parent has a chain or a page (`crypto` forks, and shows it). The keypad finds
/// that out at its next step and is gone; here the pages are wiped as the system does it.
#[test]
fn what_a_fork_lost_ends_the_entry() {
    each_kind(|bench| {
        let (mut keypad, alive) = in_use(&bench);
        match &mut keypad.open.as_mut().unwrap().hold {
            Hold::WriteOnly(sealing) => sealing.lose(),
            Hold::Kept(typed) => typed.wipe(),
        }
        let fault = keypad.press(0).unwrap_err();
        assert_eq!((fault, fault.wiped()), (EntryFault::System, true));
        gone(&mut keypad, &alive);
    });
}

#[test]
fn three_idle_minutes_wipe() {
    each_kind(|bench| {
        let (mut keypad, alive) = in_use(&bench);
        bench.clock.advance(179_999);
        assert!(!keypad.wipe_if_idle());
        assert_eq!(keypad.press(1), Ok(3));
        bench.clock.advance(179_999);
        assert_eq!(keypad.press(1), Ok(4), "every press begins the three minutes anew");
        bench.clock.advance(180_000);
        assert_eq!(keypad.press(1), Err(EntryFault::Idle));
        gone(&mut keypad, &alive);
        let (mut unattended, alive) = in_use(&bench);
        bench.clock.advance(180_000);
        assert!(unattended.wipe_if_idle());
        gone(&mut unattended, &alive);
    });
}

/// A phone that sleeps may stop its monotonic clock; the wall clock goes on.
#[test]
fn sleep_counts_and_a_clock_set_back_hides_nothing() {
    let bench = Bench::new();
    let (mut slept, alive) = in_use(&bench);
    bench.clock.set_wrong_by(180_000);
    assert_eq!(slept.confirm().map(drop), Err(EntryFault::Idle));
    gone(&mut slept, &alive);
    let (mut set_back, alive) = in_use(&bench);
    bench.clock.set_wrong_by(-3_600_000);
    assert!(!set_back.wipe_if_idle());
    bench.clock.advance(180_000);
    assert!(set_back.wipe_if_idle());
    gone(&mut set_back, &alive);
}

#[test]
fn the_65th_press_wipes_in_every_kind() {
    each_kind(|bench| {
        let (mut keypad, alive) = in_use(&bench);
        for _ in 0..(PRESSES - 2) / 2 {
            keypad.press(1).unwrap();
            keypad.erase().unwrap();
        }
        let fault = keypad.press(1).unwrap_err();
        assert_eq!((fault, fault.wiped()), (EntryFault::TooManyPresses, true));
        gone(&mut keypad, &alive);
    });
}
