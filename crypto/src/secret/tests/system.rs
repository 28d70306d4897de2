//! What depends on the whole process is tried in a process of its own: this test binary, started again for one test.

use super::*;
use crate::{OpeningKey, SealChain, SuiteId, room};
use std::os::unix::{fs::FileExt, process::CommandExt};
use std::process::Command;

const AGAIN: &str = "MSGPAY_SECRET_TEST_AGAIN";

/// Runs the test `name` alone in a new process that may lock `locked_bytes_max`, and sees to it that nothing is
/// printed there.
fn again(name: &str, locked_bytes_max: libc::rlim_t) {
    let mut child = Command::new(std::env::current_exe().unwrap());
    let name = format!("secret::tests::system::{name}");
    child.args(["--exact", "--nocapture", &name]).env(AGAIN, "1");
    let limit = libc::rlimit { rlim_cur: locked_bytes_max, rlim_max: locked_bytes_max };
    // SAFETY: between fork and exec the child makes two system calls. Root is never refused a lock, so the program
    // is started without that right (CAP_IPC_LOCK); others have none to lose.
    unsafe {
        child.pre_exec(move || {
            const CAP_IPC_LOCK: libc::c_ulong = 14;
            libc::setrlimit(libc::RLIMIT_MEMLOCK, &limit);
            libc::prctl(libc::PR_CAPBSET_DROP, CAP_IPC_LOCK, 0, 0, 0);
            Ok(())
        });
    }
    let ended = child.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success() && out.contains("1 passed"), "{out}{err}");
    let lines: Vec<&str> = out.lines().filter(|line| !line.is_empty()).collect();
    assert!(err.is_empty() && lines.len() == 3, "nothing but the harness's own lines: {out}{err}");
}

fn is_again() -> bool {
    std::env::var_os(AGAIN).is_some()
}

fn works(page: &mut SecretPage) -> bool {
    page.push(7).is_ok() && page.expose(|bytes| bytes == [7]) == Ok(true)
}

/// Old Android's limit: the stack and some pages are locked, then the system refuses, and everything still works.
#[test]
fn past_64_kib_of_locks_secrets_work_and_the_report_tells() {
    if !is_again() {
        return again("past_64_kib_of_locks_secrets_work_and_the_report_tells", 64 * 1024);
    }
    let report = room::report().unwrap();
    assert!(report.memory.is_whole() && report.stack_bytes <= 32 * 1024, "{report:?}");
    let mut pages: Vec<_> = (0..40).map(|_| SecretPage::with_capacity(32).unwrap()).collect();
    assert!(pages.iter_mut().all(works));
    let locked = pages.iter().filter(|page| page.protection().locked).count();
    assert!((1..=8).contains(&locked), "{locked} pages fit beside the stack");
    let others = pages.iter().map(SecretPage::protection);
    assert!(others.clone().all(|report| report.guarded && report.kept_from_dumps && report.lost_on_fork));
    assert_eq!(others.filter(Protection::is_whole).count(), locked);

    // With nothing left to lock, a second stack is made without, and an entry is sealed on it.
    let meet = std::sync::Barrier::new(2);
    std::thread::scope(|threads| {
        let seal = || {
            let key = OpeningKey::make(SuiteId::International)?.public_key();
            let (_, mut chain) = SealChain::setup(SuiteId::International, &key, b"", b"label")?;
            room::run(|| meet.wait())?;
            chain.step(b"", 1).map(drop)
        };
        let both = [threads.spawn(seal), threads.spawn(seal)];
        assert!(both.into_iter().all(|thread| thread.join().unwrap() == Ok(())));
    });
}

#[test]
fn with_no_lock_at_all_everything_works_and_the_report_tells() {
    if !is_again() {
        return again("with_no_lock_at_all_everything_works_and_the_report_tells", 0);
    }
    let report = room::report().unwrap();
    assert!(!report.memory.locked && !report.memory.is_whole() && report.own_stack, "{report:?}");
    let mut page = SecretPage::with_capacity(32).unwrap();
    assert!(works(&mut page) && !page.protection().locked);
}

#[inline(never)]
fn stack_address() -> usize {
    let local = 0_u8;
    std::hint::black_box(&raw const local).addr()
}

/// Whether this kernel has secret memory at all.
fn kernel_hides() -> bool {
    // SAFETY: asks for a descriptor and gives it back.
    unsafe {
        let fd = libc::syscall(libc::SYS_memfd_secret, 0);
        fd >= 0 && libc::close(libc::c_int::try_from(fd).unwrap()) == 0
    }
}

#[test]
fn hidden_memory_is_for_the_whole_process() {
    if !is_again() {
        return again("hidden_memory_is_for_the_whole_process", libc::RLIM_INFINITY);
    }
    assert_eq!((use_hidden_memory(), use_hidden_memory()), (Ok(()), Ok(())), "twice is once");
    let mut page = SecretPage::with_capacity(32).unwrap();
    let stack = room::report().unwrap().memory;
    assert!(works(&mut page) && page.protection().is_whole() && stack.is_whole());
    assert_eq!((page.protection().hidden, stack.hidden), (kernel_hides(), kernel_hides()));
    let stack = room::run(stack_address).unwrap();
    for place in [address(&page), stack] {
        let memory = fs::File::open("/proc/self/mem").unwrap();
        assert_eq!(
            memory.read_at(&mut [0], place as u64).is_err(),
            kernel_hides(),
            "the kernel reads it for nobody"
        );
    }
    // A child has none of it, and can make its own.
    assert!(fork::in_child(|| {
        let mut own = SecretPage::with_capacity(32);
        page.expose(<[u8]>::len) == Err(Error::Wiped) && own.as_mut().is_ok_and(works)
    }));
    assert_eq!(use_hidden_memory(), Err(Error::Misused), "after the first secret it is too late");
}

#[test]
fn hidden_memory_that_is_refused_is_replaced_without_a_word() {
    if !is_again() {
        return again("hidden_memory_that_is_refused_is_replaced_without_a_word", 0);
    }
    use_hidden_memory().unwrap();
    let mut page = SecretPage::with_capacity(32).unwrap();
    assert!(works(&mut page) && !page.protection().hidden && !room::report().unwrap().memory.hidden);
}

#[test]
fn the_default_is_anonymous_and_stays_it() {
    if !is_again() {
        return again("the_default_is_anonymous_and_stays_it", libc::RLIM_INFINITY);
    }
    assert!(!SecretPage::with_capacity(1).unwrap().protection().hidden);
    assert_eq!(use_hidden_memory(), Err(Error::Misused));
}
