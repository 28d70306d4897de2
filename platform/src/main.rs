//! The 5G message payment platform as a program; everything is in the library (`msgpay_platform::cli`).

use std::process::ExitCode;

/// Freed blocks are wiped, so that what a library left in one does not lie about.
#[global_allocator]
static HEAP: msgpay_crypto::heap::WipingHeap = msgpay_crypto::heap::WipingHeap;

fn main() -> ExitCode {
    msgpay_platform::cli::run(std::env::args_os(), &mut std::io::stdout())
}
