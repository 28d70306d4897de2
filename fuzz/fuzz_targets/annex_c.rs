#![no_main]

#[path = "../targets/annex_c.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|data: &[u8]| target::run(data));
