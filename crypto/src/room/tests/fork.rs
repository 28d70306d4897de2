#![expect(unsafe_code, reason = "ending a thread from within has no safe form")]

use super::*;
use crate::{OpeningKey, SealChain, SuiteId, testing::fork};

/// A thread that a fork's child does not have may have held any of the pool's locks.
#[test]
fn a_forks_child_waits_for_no_lock() {
    let held: Vec<_> = pool::IDLE.iter().map(|place| place.lock().unwrap()).collect();
    assert!(fork::in_child(|| run(|| 7) == Ok(7)));
    assert_eq!(run(|| 7), Ok(7), "nor does another thread");
    drop(held);
}

#[test]
fn a_child_forked_in_the_middle_of_everything_loses_the_old_and_makes_new() {
    let old = SecretPage::copy_of(b"old").unwrap();
    let key = OpeningKey::make(SuiteId::International).unwrap().public_key();
    let (_, mut chain) = SealChain::setup(SuiteId::International, &key, b"", b"label").unwrap();
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    assert_eq!(SecretPage::copy_of(b"new").unwrap().expose(<[u8]>::len), Ok(3));
                }
            });
        }
        for _ in 0..40 {
            assert!(fork::in_child(|| {
                let new = SecretPage::copy_of(b"new").and_then(|page| page.expose(|bytes| bytes == b"new"));
                let old = old.expose(<[u8]>::len);
                new == Ok(true) && old == Err(Error::Wiped) && chain.step(b"", 1) == Err(Error::Wiped)
            }));
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert_eq!(old.expose(<[u8]>::len), Ok(3), "the parent keeps it");
    assert!(chain.step(b"", 1).is_ok());
}

/// What is mapped in a child was locked in its parent, which says nothing about the child.
#[test]
fn a_child_makes_stacks_of_its_own() {
    assert_eq!(run(|| 7), Ok(7), "one lies idle");
    assert!(fork::in_child(|| pool::take().is_ok_and(|stack| stack.is_own())));
    let mut stack = Stack::make().unwrap();
    assert!(stack.is_own() && fork::in_child(|| !stack.is_own()));
    assert_eq!(stack.run(|| 7), 7);
}

/// Nothing unwinds through the room, so a thread that ends itself inside takes the process along.
#[test]
fn a_thread_that_ends_inside_ends_the_process() {
    let end = fork::end_of_child(|| {
        // SAFETY: the child gives up its standard error, where the runtime says why it ends.
        unsafe { libc::close(2) };
        // SAFETY: ends this thread by unwinding, which must not get through.
        let _: Result<(), Error> = run(|| unsafe { libc::pthread_exit(core::ptr::null_mut()) });
        true
    });
    assert_eq!(end, fork::End::Signal(libc::SIGABRT));
}

/// A page in a thread-local is dropped when the thread has ended all else.
#[test]
fn the_room_is_open_to_the_last() {
    struct Last(SecretPage, std::sync::mpsc::Sender<Result<usize, Error>>);
    impl Drop for Last {
        fn drop(&mut self) {
            self.1.send(self.0.expose(<[u8]>::len)).unwrap();
        }
    }
    thread_local!(static LAST: std::cell::RefCell<Option<Last>> = const { std::cell::RefCell::new(None) });
    let (tell, told) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(|| {
        LAST.set(Some(Last(SecretPage::copy_of(b"last").unwrap(), tell)));
    });
    thread.join().unwrap();
    assert_eq!(told.recv(), Ok(Ok(4)));
}

#[test]
fn the_smallest_thread_can_seal() {
    let key = OpeningKey::make(SuiteId::International).unwrap().public_key();
    let small = std::thread::Builder::new().stack_size(16 * 1024);
    let sealed = small.spawn(move || {
        let (_, mut chain) = SealChain::setup(SuiteId::International, &key, b"", b"label")?;
        chain.step(b"", 1)?;
        Ok::<_, Error>(burn())
    });
    let burned = sealed.unwrap().join().unwrap().unwrap();
    // The least that a thread can have differs: there it is 16 KiB here, and 128 KiB on aarch64.
    let most = if libc::PTHREAD_STACK_MIN > 32 * 1024 { 16 * 1024 } else { 16 * 1024 - 1 };
    assert!((1..=most).contains(&burned), "{burned}");
}
