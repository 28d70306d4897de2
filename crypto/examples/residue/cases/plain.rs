//! What every program does with bytes: copy, compare, print, grow.

use super::{Case, Home, Worked};
use msgpay_crypto::{random, secret};
use std::fmt::Write;
use std::hint::black_box;
use zeroize::Zeroizing;

pub(super) const CASES: &[&Case] = &[
    &plain("a copy on the stack", "Rust", copy),
    &plain("a copy that wipes itself", "zeroize", wiped_copy),
    &plain("==", "Rust", equals),
    &plain("comparison in constant time", "this crate", same),
    &plain("a growing Vec", "Rust", grow),
    &plain("a Vec that is dropped", "Rust", dropped),
    &plain("format!", "Rust", formatted),
    &plain("hexadecimal by write!", "Rust", hexadecimal),
    &Case { secret_output: true, ..plain("32 random bytes", "getrandom", drawn) },
];

const fn plain(name: &'static str, by: &'static str, work: fn(&mut Home, &[u8]) -> Worked) -> Case {
    Case { name, by, before: None, work, secret_output: false, between: None }
}

#[inline(never)]
fn copy(home: &mut Home, _: &[u8]) -> Worked {
    let copy = black_box(home.input);
    black_box(&copy).len() == 64
}

#[inline(never)]
fn wiped_copy(home: &mut Home, _: &[u8]) -> Worked {
    let mut copy = Zeroizing::new([0; 32]);
    copy.copy_from_slice(home.key());
    black_box(&copy).len() == 32
}

#[inline(never)]
fn equals(home: &mut Home, _: &[u8]) -> Worked {
    black_box(home.key()) != black_box(&[7; 32])
}

#[inline(never)]
fn same(home: &mut Home, _: &[u8]) -> Worked {
    !secret::same(home.key(), black_box(&[7; 32]))
}

#[inline(never)]
fn grow(home: &mut Home, _: &[u8]) -> Worked {
    let mut all = Vec::new();
    for _ in 0..40 {
        all.extend_from_slice(home.key());
    }
    black_box(&all).len() == 1280
}

#[inline(never)]
fn dropped(home: &mut Home, _: &[u8]) -> Worked {
    drop(black_box(home.input.to_vec()));
    true
}

/// The input as text: what `{:?}` of a key does to it.
#[inline(never)]
fn formatted(home: &mut Home, _: &[u8]) -> Worked {
    let text: String = home.key().iter().map(|byte| char::from(byte & 0x7F)).collect();
    home.input[..32].copy_from_slice(text.as_bytes());
    let line = format!("the key is {text}, and more");
    black_box(&line).len() > 32
}

#[inline(never)]
fn hexadecimal(home: &mut Home, _: &[u8]) -> Worked {
    let mut text = String::new();
    let written = home.key().iter().all(|byte| write!(text, "{byte:02x}").is_ok());
    written && black_box(&text).len() == 64
}

#[inline(never)]
fn drawn(home: &mut Home, _: &[u8]) -> Worked {
    random::fill(home.out()).is_ok()
}
