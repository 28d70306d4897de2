//! What is secret and what has become public, said to valgrind's memcheck, so that constant time is checked on
//! the machine code that runs: a branch or an address that depends on a secret is reported.
//!
//! [`secret`] marks bytes as undefined; memcheck follows them through every copy and every calculation.
//! [`public`], [`public_bit`] and [`public_byte`] end that, each time for a [`Reason`]: the reasons are the whole list of what
//! this project lets an observer of time learn. What libraries do inside, by design, stands with its reasons in
//! `tests/timing/declassified.toml`; `docs/security/constant-time.md` has both.
//!
//! All of it is empty without the feature `classify`, which no shipped library has.

/// Why something derived from a secret may be branched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It leaves in the clear anyway: a public key, an encapsulation.
    Sent,
    /// It is stored in the clear: what a password record holds. A stolen database shows it anyway.
    Stored,
    /// Whether an input was refused. The caller reads it off the error, and nothing finer is said.
    Refused,
    /// The one bit of a comparison or a judgement, which is its answer.
    Answered,
    /// Whether a draw was taken. A draw that is not taken is never used, so the bit says nothing about the one
    /// that is.
    Drawn,
    /// How many characters were typed. The handset shows as many dots.
    Length,
    /// It is on the screen for whoever looks: the order of the keys, where a face lies in its picture.
    Shown,
    /// Kind and number of slots at the head of an opened layout: the same for every entry of its kind.
    Head,
    /// A card or identity number while its picture is drawn for the person who typed it and asks to see it again.
    Reviewed,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Reason::Sent,
        Reason::Stored,
        Reason::Refused,
        Reason::Answered,
        Reason::Drawn,
        Reason::Length,
        Reason::Shown,
        Reason::Head,
        Reason::Reviewed,
    ];
}

/// Marks `bytes` as secret. They do not change; the borrow keeps the compiler from using what it loaded before.
#[inline(always)]
pub fn secret(bytes: &mut [u8]) {
    #[cfg(feature = "classify")]
    watch::secret(bytes.as_mut_ptr(), bytes.len());
    #[cfg(not(feature = "classify"))]
    let _ = bytes;
}

/// Marks `bytes` as public from here on; they do not change.
#[inline(always)]
pub fn public(bytes: &mut [u8], why: Reason) {
    #[cfg(feature = "classify")]
    watch::public(bytes.as_mut_ptr(), bytes.len(), why);
    #[cfg(not(feature = "classify"))]
    let _ = (bytes, why);
}

/// The same bit, public.
#[inline(always)]
#[must_use]
pub fn public_bit(bit: bool, why: Reason) -> bool {
    #[cfg(feature = "classify")]
    return watch::public_byte(u8::from(bit), why) != 0;
    #[cfg(not(feature = "classify"))]
    {
        let _ = why;
        bit
    }
}

/// The same byte, public.
#[inline(always)]
#[must_use]
pub fn public_byte(byte: u8, why: Reason) -> u8 {
    #[cfg(feature = "classify")]
    return watch::public_byte(byte, why);
    #[cfg(not(feature = "classify"))]
    {
        let _ = why;
        byte
    }
}

#[cfg(feature = "classify")]
pub use watch::{reports, secret_bytes, uses, watched};

/// Client requests to valgrind: a sequence of instructions that does nothing on a processor and that valgrind
/// knows (`valgrind.h` and `memcheck.h`, amd64).
#[cfg(feature = "classify")]
mod watch {
    #![expect(unsafe_code, reason = "a client request is made in assembly")]

    use super::Reason;
    use core::sync::atomic::{AtomicUsize, Ordering};

    const RUNNING_ON_VALGRIND: u64 = 0x1001;
    const COUNT_ERRORS: u64 = 0x1201;
    const MAKE_MEM_UNDEFINED: u64 = 0x4D43_0001;
    const MAKE_MEM_DEFINED: u64 = 0x4D43_0002;
    const GET_VBITS: u64 = 0x4D43_0008;

    static USES: [AtomicUsize; Reason::ALL.len()] = [const { AtomicUsize::new(0) }; Reason::ALL.len()];

    /// Answers 0 outside valgrind, and on processors other than x86_64.
    #[inline(never)]
    fn request(what: u64, first: u64, second: u64, third: u64) -> u64 {
        let words = [what, first, second, third, 0, 0];
        let mut answer = 0_u64;
        // SAFETY: four rotations by 128 bits in all and an exchange of a register with itself change nothing.
        // Valgrind reads `words` and, for GET_VBITS, writes as many bytes as the caller says.
        #[cfg(target_arch = "x86_64")]
        unsafe {
            core::arch::asm!(
                "rol rdi, 3", "rol rdi, 13", "rol rdi, 61", "rol rdi, 51", "xchg rbx, rbx",
                in("rax") words.as_ptr(), inout("rdx") answer, options(nostack),
            );
        }
        core::hint::black_box((&words, &mut answer));
        answer
    }

    pub(super) fn secret(start: *mut u8, len: usize) {
        request(MAKE_MEM_UNDEFINED, start as u64, len as u64, 0);
    }

    pub(super) fn public(start: *mut u8, len: usize, why: Reason) {
        // What depends on no secret is let out to nobody.
        let marked = (0..len as u64).any(|at| is_marked(start as u64 + at));
        USES[why as usize].fetch_add(usize::from(marked), Ordering::Relaxed);
        request(MAKE_MEM_DEFINED, start as u64, len as u64, 0);
    }

    pub(super) fn public_byte(byte: u8, why: Reason) -> u8 {
        let mut place = [byte];
        public(place.as_mut_ptr(), 1, why);
        // SAFETY: reads the byte above. Volatile, since the copy in a register is still marked.
        unsafe { place.as_ptr().read_volatile() }
    }

    /// Whether valgrind runs this.
    pub fn watched() -> bool {
        request(RUNNING_ON_VALGRIND, 0, 0, 0) != 0
    }

    /// Number of reports so far.
    pub fn reports() -> u64 {
        request(COUNT_ERRORS, 0, 0, 0)
    }

    /// How many of `bytes` hold something that depends on a secret.
    pub fn secret_bytes(bytes: &[u8]) -> usize {
        (0..bytes.len() as u64).filter(|at| is_marked(bytes.as_ptr() as u64 + at)).count()
    }

    fn is_marked(place: u64) -> bool {
        let mut mark = 0_u8;
        request(GET_VBITS, place, &raw mut mark as u64, 1);
        core::hint::black_box(mark) != 0
    }

    /// How often each reason was given for what did depend on a secret.
    pub fn uses() -> [(Reason, usize); Reason::ALL.len()] {
        Reason::ALL.map(|why| (why, USES[why as usize].load(Ordering::Relaxed)))
    }
}
