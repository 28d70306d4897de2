//! One thing done wrong each: what memcheck has to report, or it watches nothing.

use msgpay_crypto::classify;
use std::hint::black_box;

/// A name and the wrong thing.
pub(crate) type Control = (&'static str, fn() -> u64);

/// All of them.
pub(crate) const ALL: [Control; 6] = [
    ("branch", branch),
    ("table", table),
    ("equals", equals),
    ("early-exit", early_exit),
    ("length", length),
    ("modulo", modulo),
];

fn secret() -> [u8; 32] {
    let mut bytes = [0x42; 32];
    classify::secret(&mut bytes);
    black_box(bytes)
}

/// A cipher's S-box as its textbook has it: read at the secret's place.
static BOX: [u8; 256] = {
    let mut entries = [0; 256];
    let (mut at, mut entry) = (0, 13_u8);
    while at < 256 {
        entries[at] = entry;
        entry = entry.wrapping_add(167);
        at += 1;
    }
    entries
};

#[inline(never)]
fn branch() -> u64 {
    let secret = secret();
    if black_box(&secret)[0] == 3 { black_box(1) } else { black_box(2) }
}

#[inline(never)]
fn table() -> u64 {
    let secret = secret();
    u64::from(black_box(&BOX)[usize::from(black_box(&secret)[0])])
}

#[inline(never)]
fn equals() -> u64 {
    let (one, other) = (secret(), [0x42; 32]);
    u64::from(black_box(&one[..]) == black_box(&other[..]))
}

#[inline(never)]
fn early_exit() -> u64 {
    let (one, other) = (secret(), [0x42; 32]);
    let mut same = 0;
    for (a, b) in black_box(&one).iter().zip(black_box(&other)) {
        if a != b {
            break;
        }
        same += 1;
    }
    same
}

/// A buffer whose size is the secret.
#[inline(never)]
fn length() -> u64 {
    let secret = secret();
    let buffer = vec![7_u8; usize::from(black_box(&secret)[0])];
    black_box(&buffer).len() as u64
}

/// `% 10` of a draw, with the look-up that usually follows it.
#[inline(never)]
fn modulo() -> u64 {
    let secret = secret();
    u64::from(black_box(b"7391548206")[usize::from(black_box(&secret)[0] % 10)])
}
