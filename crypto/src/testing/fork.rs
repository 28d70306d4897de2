//! What a forked child sees.
#![expect(unsafe_code, reason = "fork has no safe form")]

/// Runs `look` in a forked child and gives its answer. The child must not allocate, lock or panic: another
/// thread of the parent may have held the lock that it would wait for.
pub(crate) fn in_child(look: impl FnOnce() -> bool) -> bool {
    // SAFETY: the child runs `look`, which keeps to the above, and leaves by _exit; the parent only waits for
    // it. An alarm ends a child that hangs all the same, which the parent sees as a wrong status.
    unsafe {
        let child = libc::fork();
        assert!(child >= 0, "fork");
        if child == 0 {
            libc::alarm(20);
            libc::_exit(if look() { 42 } else { 43 });
        }
        let mut status = 0;
        assert_eq!(libc::waitpid(child, &mut status, 0), child);
        assert!(libc::WIFEXITED(status), "the child was stopped: {status:#x}");
        match libc::WEXITSTATUS(status) {
            42 => true,
            43 => false,
            other => panic!("the child left with {other}"),
        }
    }
}
