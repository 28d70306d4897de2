#![expect(unsafe_code, reason = "the tests look at the memory behind the types' backs")]

mod system;

use super::*;
use crate::{Error, testing::fork};
use std::fs;
use std::io::Read;
use std::os::fd::FromRawFd;

const CANARY: &[u8; 32] = b"a canary that lies in its page..";

fn address(page: &SecretPage) -> usize {
    page.bytes().unwrap().as_ptr() as usize
}

/// Keeps the physical page of `address` in a pipe: what it holds can be read even after it was unmapped.
fn keep_physical_page(address: usize) -> fs::File {
    let mut ends = [0; 2];
    let start = address & !4095;
    let part = libc::iovec { iov_base: start as *mut libc::c_void, iov_len: 4096 };
    // SAFETY: a pipe of our own; vmsplice only takes a reference to a page that is mapped now.
    unsafe {
        assert_eq!(libc::pipe(ends.as_mut_ptr()), 0);
        assert_eq!(libc::vmsplice(ends[1], &part, 1, 0), 4096);
        libc::close(ends[1]);
        fs::File::from_raw_fd(ends[0])
    }
}

fn holds_canary(mut page: fs::File) -> bool {
    let mut bytes = Vec::new();
    page.read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes.len(), 4096);
    bytes.windows(CANARY.len()).any(|window| window == CANARY)
}

#[test]
fn dropping_wipes_the_physical_page() {
    let page = SecretPage::copy_of(CANARY).unwrap();
    let kept = keep_physical_page(address(&page));
    drop(page);
    assert!(!holds_canary(kept));
}

/// The control: memory that is unmapped without wiping still holds what it held.
#[test]
fn control_unmapping_alone_wipes_nothing() {
    // SAFETY: a mapping of our own, written within its length, unmapped once.
    let kept = unsafe {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        let rights = libc::PROT_READ | libc::PROT_WRITE;
        let start = libc::mmap(core::ptr::null_mut(), 4096, rights, flags, -1, 0);
        core::ptr::copy_nonoverlapping(CANARY.as_ptr(), start.cast(), CANARY.len());
        let kept = keep_physical_page(start as usize);
        libc::munmap(start, 4096);
        kept
    };
    assert!(holds_canary(kept));
}

#[test]
fn a_wiped_secret_answers_nothing() {
    let mut page = SecretPage::copy_of(CANARY).unwrap();
    page.wipe();
    assert!(page.space_for_tests().iter().all(|b| *b == 0));
    assert_eq!(page.expose(<[u8]>::len), Err(Error::Wiped));
    assert_eq!(page.same(&SecretPage::copy_of(b"").unwrap()), Err(Error::Wiped));
    assert_eq!(page.push(1), Err(Error::Wiped));
}

#[test]
fn a_fork_loses_the_secret_and_says_so() {
    let page = SecretPage::copy_of(CANARY).unwrap();
    let plain = *CANARY;
    assert!(page.protection().lost_on_fork, "Linux 4.14 or later is needed for this test");
    assert!(fork::in_child(|| page.bytes() == Err(Error::Wiped)));
    let place = page.bytes().unwrap().as_ptr();
    // SAFETY: the page stays mapped in the child; it is read behind the type's back.
    let physical = || unsafe { core::slice::from_raw_parts(place, CANARY.len()) };
    assert_eq!(physical(), CANARY);
    assert!(fork::in_child(|| physical().iter().all(|b| *b == 0)));
    assert!(fork::in_child(|| std::hint::black_box(&plain) == CANARY), "control: plain memory goes along");
    assert_eq!(page.bytes().unwrap(), CANARY, "the parent keeps it");
}

/// What the kernel says about a mapping: its rights, and the VmFlags of smaps.
fn kernel_view(address: usize) -> (String, Vec<String>) {
    let smaps = fs::read_to_string("/proc/self/smaps").unwrap();
    let mut rights = None;
    for line in smaps.lines() {
        let first = line.split_whitespace().next().unwrap_or("");
        if let Some((start, end)) = first.split_once('-')
            && let (Ok(start), Ok(end)) = (usize::from_str_radix(start, 16), usize::from_str_radix(end, 16))
        {
            let inside = (start..end).contains(&address);
            rights = inside.then(|| line.split_whitespace().nth(1).unwrap().to_owned());
        } else if let (Some(rights), Some(flags)) = (&rights, line.strip_prefix("VmFlags:")) {
            return (rights.clone(), flags.split_whitespace().map(str::to_owned).collect());
        }
    }
    panic!("{address:#x} is not mapped")
}

#[test]
fn the_kernel_confirms_the_report() {
    let page = SecretPage::copy_of(CANARY).unwrap();
    let report = page.protection();
    let (rights, flags) = kernel_view(address(&page));
    let has = |flag: &str| flags.iter().any(|f| f == flag);
    assert_eq!(rights, "rw-p");
    assert_eq!(
        (report.locked, report.kept_from_dumps, report.lost_on_fork),
        (has("lo"), has("dd"), has("wf"))
    );
    assert!(report.is_whole(), "{report:?}");
    let start = address(&page) & !4095;
    assert_eq!(kernel_view(start - 1).0, "---p");
    assert_eq!(kernel_view(start + 4096).0, "---p");
}

#[test]
fn hidden_memory_is_hidden_where_the_kernel_has_it() {
    let mut page = SecretPage::with_backing(32, Backing::HiddenIfPossible).unwrap();
    page.push(7).unwrap();
    assert_eq!(page.expose(<[u8]>::to_vec), Ok(vec![7]));
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let start = format!("{:x}-", address(&page) & !4095);
    let line = maps.lines().find(|line| line.starts_with(&start)).unwrap();
    assert_eq!(page.protection().hidden, line.contains("secretmem"));
    assert!(page.protection().is_whole());
}

/// A child has no hidden pages, so their addresses may hold something else of its own.
#[test]
fn a_forks_child_leaves_the_place_of_hidden_memory_alone() {
    let page = SecretPage::with_backing(32, Backing::HiddenIfPossible).unwrap();
    if !page.protection().hidden {
        return;
    }
    let start = (page.bytes().unwrap().as_ptr() as usize & !4095) as *mut libc::c_void;
    let mut page = Some(page);
    assert!(fork::in_child(move || {
        let lost = page.as_ref().is_some_and(|page| page.bytes() == Err(Error::Wiped));
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED_NOREPLACE;
        // SAFETY: maps a page that is free in the child (NOREPLACE), and reads and writes within it.
        unsafe {
            let others = libc::mmap(start, 4096, libc::PROT_READ | libc::PROT_WRITE, flags, -1, 0);
            if others != start {
                return false;
            }
            others.cast::<u8>().write_volatile(7);
            drop(page.take());
            lost && others.cast::<u8>().read_volatile() == 7
        }
    }));
}

#[test]
fn capacity_is_fixed() {
    let mut page = SecretPage::with_capacity(2).unwrap();
    assert_eq!((page.push(1), page.push(2), page.push(3)), (Ok(()), Ok(()), Err(Error::PageFull)));
    assert_eq!((page.len(), page.capacity(), page.is_empty()), (2, 2, false));
    assert_eq!(SecretPage::try_make_with(4, |_| Ok(5)).err(), Some(Error::PageFull));
    assert_eq!(SecretPage::with_capacity(usize::MAX).err(), Some(Error::NoSecretMemory));
    let large = SecretPage::make_with(10_000, |bytes| bytes.fill(9)).unwrap();
    assert_eq!(large.expose(|bytes| bytes.iter().filter(|b| **b == 9).count()), Ok(10_000));
}

#[test]
fn comparison_sees_every_byte_and_the_length() {
    assert!(same(b"abc", b"abc"));
    for other in [&b"abd"[..], b"bbc", b"ab", b"abcd", b""] {
        assert!(!same(b"abc", other));
    }
}
