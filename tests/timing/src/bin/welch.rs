//! Whether time tells two classes of secrets apart: Welch's t between a fixed secret and random ones, interleaved at
//! random, the slowest tenth cut off (after dudect, Reparaz, Balasch, Verbauwhede, 2017). The last line is a control
//! that leaks, which has to show a large t. `cargo xtask bench timing` prints the table; nothing is judged by it.
#![expect(clippy::print_stdout, reason = "printing figures is its job")]

use msgpay_crypto::{SealChain, SuiteId, random, secret};
use msgpay_timing::{CHAIN, CONTEXT, opening_key};
use std::hint::black_box;
use std::time::Instant;

const SAMPLES: usize = 40_000;

type Failure = Box<dyn std::error::Error>;

/// Times `work` on class 0 and class 1 in random order; gives Welch's t.
#[expect(clippy::disallowed_methods, reason = "a statistic of time reads the clock")]
fn welch(mut work: impl FnMut(bool) -> Result<(), Failure>) -> Result<f64, Failure> {
    let mut times: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
    let mut order = vec![0; SAMPLES];
    random::fill(&mut order)?;
    for byte in order {
        let class = byte & 1 == 1;
        let start = Instant::now();
        work(black_box(class))?;
        times[usize::from(class)].push(start.elapsed().as_secs_f64() * 1e9);
    }
    let [one, other] = times.map(trimmed);
    Ok((one.0 - other.0) / (one.1 + other.1).sqrt())
}

/// Mean, and variance of the mean, without the slowest tenth: interruptions of the machine.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn trimmed(mut times: Vec<f64>) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    times.truncate(times.len() * 9 / 10);
    let count = times.len() as f64;
    let mean = times.iter().sum::<f64>() / count;
    let variance = times.iter().map(|time| (time - mean).powi(2)).sum::<f64>() / (count - 1.0);
    (mean, variance / count)
}

/// Stops at the first difference, as `==` may.
#[inline(never)]
fn early_exit(one: &[u8], other: &[u8]) -> bool {
    one.iter().zip(other).all(|(a, b)| black_box(a) == black_box(b))
}

fn say(name: &str, t: f64) {
    println!(r#"{{"name":"{name}","t":{t:.2},"samples":{SAMPLES}}}"#);
}

fn main() -> Result<(), Failure> {
    for suite in SuiteId::ALL {
        let seal_key = opening_key(suite)?.public_key();
        let (_, mut chain) = SealChain::setup(suite, &seal_key, CONTEXT, CHAIN)?;
        let mut slots = [0_u8; 256];
        random::fill(&mut slots)?;
        let mut at = 0_u8;
        let t = welch(|fixed| {
            at = at.wrapping_add(1);
            // Both classes load; which one is used is chosen without a branch.
            let slot = slots[usize::from(at)] % 10;
            let slot = slot * u8::from(!fixed) + 7 * u8::from(fixed);
            black_box(chain.step(&[1], black_box(slot))?);
            Ok(())
        })?;
        say(&format!("press, {suite:?}: slot 7 and random slots"), t);
    }
    let same = [5_u8; 4096];
    let mut differs = same;
    differs[0] ^= 1;
    let pick = |fixed: bool| if fixed { &same } else { &differs };
    say(
        "compare: equal, and different in the first byte",
        welch(|fixed| {
            black_box(secret::same(black_box(&same), black_box(pick(fixed))));
            Ok(())
        })?,
    );
    say(
        "control: the same by a loop that stops early",
        welch(|fixed| {
            black_box(early_exit(black_box(&same), black_box(pick(fixed))));
            Ok(())
        })?,
    );
    Ok(())
}
