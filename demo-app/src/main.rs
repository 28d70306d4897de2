//! `msgpay-demo`: a whole 5G-message payment on one machine, to look at or to be judged.

use std::process::ExitCode;

fn main() -> ExitCode {
    msgpay_demo::cli::main()
}
