//! The 5G message payment platform as a program; everything is in the library (`msgpay_platform::cli`).

fn main() {}
