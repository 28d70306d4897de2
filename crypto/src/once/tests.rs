#![expect(unsafe_code, reason = "a child's alarm has no safe form")]

use super::*;
use crate::testing::fork::{self, End};
use std::sync::mpsc;

#[test]
fn the_first_value_stays() {
    let once = OnceLock::new();
    assert_eq!((once.get(), once.set(1), once.set(2)), (None, Ok(()), Err(2)));
    assert_eq!((once.get(), once.get_or_init(|| 3)), (Some(&1), &1));
    assert_eq!(OnceLock::new().get_or_init(|| 3), &3);
}

#[test]
fn many_threads_see_one_value() {
    let once = &OnceLock::new();
    let seen = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|n| scope.spawn(move || *once.get_or_init(|| n))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<usize>>()
    });
    assert!(seen.iter().all(|value| Some(value) == once.get()), "{seen:?}");
}

/// Forks while a thread is making the value, and has the child ask for it. The child has a second.
fn in_child_of_a_busy_parent(make_slowly: impl FnOnce(&dyn Fn()) + Send, ask: impl FnOnce() -> bool) -> End {
    let (begun, begins) = mpsc::channel();
    let (go, wait) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            make_slowly(&|| {
                begun.send(()).unwrap();
                wait.recv().unwrap();
            });
        });
        begins.recv().unwrap();
        let end = fork::end_of_child(|| {
            // SAFETY: sets this child's own alarm.
            unsafe { libc::alarm(1) };
            ask()
        });
        go.send(()).unwrap();
        end
    })
}

#[test]
fn a_forks_child_waits_for_nobody() {
    let once = OnceLock::new();
    let slowly = |wait: &dyn Fn()| {
        once.get_or_init(|| {
            wait();
            1
        });
    };
    assert_eq!(in_child_of_a_busy_parent(slowly, || *once.get_or_init(|| 7) == 7), End::Answer(true));
    assert_eq!(once.get(), Some(&1));

    // The control: the standard library's.
    let once = std::sync::OnceLock::new();
    let slowly = |wait: &dyn Fn()| {
        once.get_or_init(|| {
            wait();
            1
        });
    };
    let end = in_child_of_a_busy_parent(slowly, || *once.get_or_init(|| 7) == 7);
    assert_eq!(end, End::Signal(libc::SIGALRM));
}
