//! A search of the whole process memory for a secret, made so that the search itself plants none: the pattern
//! is kept masked, and the buffer that memory is copied into is left out and wiped.
#![expect(unsafe_code, reason = "dead frames are read behind the compiler's back")]

use std::fs::{self, File};
use std::io::{PipeReader, PipeWriter, Read};
use std::os::fd::AsRawFd;
use std::sync::{Mutex, PoisonError};
use zeroize::Zeroize;

const MASK: u8 = 0xA5;
const BUFFER_BYTES: usize = 1 << 16;

/// A pattern that lies in memory only in disguise.
pub(crate) struct Masked(Vec<u8>);

impl Masked {
    /// To be called inside the clean room, which wipes what this leaves on the stack.
    pub(crate) fn of(secret: &[u8]) -> Self {
        Masked(secret.iter().map(|byte| std::hint::black_box(*byte) ^ MASK).collect())
    }

    /// The same in the byte order of little-endian limbs.
    pub(crate) fn reversed(&self) -> Self {
        Masked(self.0.iter().rev().copied().collect())
    }

    /// The first and the last half: a key schedule or a register spill may hold only one of them.
    pub(crate) fn halves(&self) -> [Self; 2] {
        let (first, last) = self.0.split_at(self.0.len() / 2);
        [Masked(first.to_vec()), Masked(last.to_vec())]
    }

    fn places(&self, hay: &[u8]) -> usize {
        let first = self.0[0] ^ MASK;
        let tail = self.0.len() - 1;
        let candidates =
            hay.iter().enumerate().take(hay.len().saturating_sub(tail)).filter(|(_, b)| **b == first);
        candidates.filter(|(at, _)| hay[*at..].iter().zip(&self.0).all(|(b, m)| *b ^ MASK == *m)).count()
    }
}

/// One search at a time: another one's buffer holds copies of what this one looks for.
static ALONE: Mutex<()> = Mutex::new(());

/// Memory is read through a pipe: the kernel answers for a page that is gone, and an emulator knows its guest's
/// addresses there, as it does not in `/proc/self/mem`.
struct Through(PipeReader, PipeWriter);

impl Through {
    fn new() -> Self {
        let (reader, writer) = std::io::pipe().unwrap();
        Through(reader, writer)
    }

    fn read_at(&self, into: &mut [u8], at: u64) -> Option<usize> {
        let from = core::ptr::without_provenance::<libc::c_void>(usize::try_from(at).unwrap());
        // SAFETY: the kernel reads the bytes, or refuses; a pipe holds as many as the buffer.
        let written = unsafe { libc::write(self.1.as_raw_fd(), from, into.len()) };
        let got = usize::try_from(written).ok()?;
        (&self.0).read_exact(&mut into[..got]).unwrap();
        Some(got)
    }
}

/// How often the pattern lies in the readable memory of this process.
pub(crate) fn count(pattern: &Masked) -> usize {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut maps = String::new();
    File::open("/proc/self/maps").unwrap().read_to_string(&mut maps).unwrap();
    let memory = Through::new();
    let mut buffer = vec![0_u8; BUFFER_BYTES];
    let own = buffer.as_ptr() as u64..buffer.as_ptr() as u64 + BUFFER_BYTES as u64;
    let overlap = pattern.0.len() - 1;
    let mut found = 0;
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (range, rights) = (words.next().unwrap(), words.next().unwrap());
        if !rights.starts_with("rw") || line.contains("[v") {
            continue;
        }
        let (start, end) = range.split_once('-').unwrap();
        let (start, end) = (u64::from_str_radix(start, 16).unwrap(), u64::from_str_radix(end, 16).unwrap());
        // The buffer may have its mapping alone or share one: search what lies before and after it.
        for (start, end) in [(start, end.min(own.start.max(start))), (start.max(own.end.min(end)), end)] {
            let mut at = start;
            while at < end {
                let want = BUFFER_BYTES.min(usize::try_from(end - at).unwrap());
                // Another test may unmap in between: such a page holds nothing any more.
                let Some(got) = memory.read_at(&mut buffer[..want], at) else { break };
                found += pattern.places(&buffer[..got]);
                if got <= overlap || got < want {
                    break;
                }
                at += (got - if at + got as u64 == end { 0 } else { overlap }) as u64;
            }
        }
    }
    buffer.zeroize();
    found
}

/// The addresses of the mapping that `address` lies in.
pub(crate) fn mapping_of(address: usize) -> std::ops::Range<usize> {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let ranges = maps.lines().map(|line| {
        let (start, end) = line.split(' ').next().unwrap().split_once('-').unwrap();
        usize::from_str_radix(start, 16).unwrap()..usize::from_str_radix(end, 16).unwrap()
    });
    ranges.into_iter().find(|range| range.contains(&address)).unwrap()
}

/// Runs `work` far down the stack, so that what it leaves there is not overwritten by the search.
#[inline(never)]
pub(crate) fn deep<R>(work: impl FnOnce() -> R) -> R {
    let pad = [0_u8; 512 * 1024];
    std::hint::black_box(&pad);
    let result = work();
    std::hint::black_box(&pad);
    result
}

/// Copies the dead frames below the caller: `below[0]` is the byte next to its stack pointer.
#[inline(always)]
pub(crate) fn copy_below(below: &mut [u8]) {
    let stack_pointer: usize;
    // SAFETY: reads a register.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        core::arch::asm!("mov {}, rsp", out(reg) stack_pointer, options(nomem, nostack, preserves_flags));
        #[cfg(not(target_arch = "x86_64"))]
        core::arch::asm!("mov {}, sp", out(reg) stack_pointer, options(nomem, nostack, preserves_flags));
    }
    for (place, at) in below.iter_mut().zip(1..) {
        // SAFETY: the callers' threads have far more stack below them than they ask for; nothing is called meanwhile.
        *place = unsafe { core::ptr::read_volatile(core::ptr::without_provenance(stack_pointer - at)) };
    }
}

#[test]
fn the_search_finds_what_is_there_and_only_that() {
    let secret = crate::SecretPage::random(32).unwrap();
    let pattern = secret.expose(Masked::of).unwrap();
    assert_eq!(count(&pattern), 1, "the page itself");
    let copy = Box::new(crate::room::run(|| *secret.array::<32>().unwrap()).unwrap());
    assert!(count(&pattern) >= 2, "a forgotten copy on the heap");
    drop(copy);
    assert_eq!(
        count(&crate::random::make::<32>().map(|b| Masked::of(&b)).unwrap()),
        0,
        "random bytes, masked"
    );
}
