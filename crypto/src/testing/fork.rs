//! What a forked child sees, and how it ends.
#![expect(unsafe_code, reason = "fork has no safe form")]

/// How a child ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It gave this answer.
    Answer(bool),
    /// A signal stopped it; SIGALRM stops one that hangs.
    Signal(libc::c_int),
}

/// Runs `look` in a forked child and gives its answer. The child must not panic.
pub(crate) fn in_child(look: impl FnOnce() -> bool) -> bool {
    match end_of_child(look) {
        End::Answer(answer) => answer,
        End::Signal(signal) => panic!("signal {signal} stopped the child"),
    }
}

/// Runs `look` in a forked child.
pub(crate) fn end_of_child(look: impl FnOnce() -> bool) -> End {
    // SAFETY: the child runs `look` and leaves by _exit; the parent only waits for it.
    unsafe {
        let child = libc::fork();
        assert!(child >= 0, "fork");
        if child == 0 {
            libc::alarm(20);
            libc::_exit(if look() { 42 } else { 43 });
        }
        let mut status = 0;
        assert_eq!(libc::waitpid(child, &mut status, 0), child);
        if libc::WIFSIGNALED(status) {
            return End::Signal(libc::WTERMSIG(status));
        }
        match libc::WEXITSTATUS(status) {
            42 => End::Answer(true),
            43 => End::Answer(false),
            other => panic!("the child left with {other}"),
        }
    }
}
