//! CPUs whose registers are not named here. The report says that nothing is certain: what can be done without
//! naming them is to have other values in as many as a function can be made to use.

use core::hint::black_box;

/// Whether [`clear`] clears every register for certain.
pub(crate) const CLEARS: bool = false;

/// Computes over 32 integers and 32 floating-point numbers that all have to be at hand at once.
#[inline(never)]
pub(crate) extern "C" fn clear() {
    let words: [usize; 32] = black_box([0; 32]);
    let floats: [f64; 32] = black_box([0.0; 32]);
    let (mut word, mut float) = (0_usize, 0.0);
    for at in 0..32 {
        // Each turn needs all of them again, from both ends.
        for other in 0..32 {
            word = word.wrapping_add(words[at] ^ words[31 - other]);
            float += floats[at] - floats[31 - other];
        }
    }
    black_box((word, float));
}
