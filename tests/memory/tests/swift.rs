//! The SDK in Swift: the memory of a program over the package.

use msgpay_memory::control::target;
use std::path::{Path, PathBuf};
use std::process::Command;

mod guests;

#[test]
fn swift_leaves_nothing_between_presses_and_at_any_exit_edge() {
    let ios = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ios");
    let program = ".build/debug/msgpay-subject";
    assert!(ios.join(program).is_file(), "no {program}: run `cargo xtask test --only swift`");
    let root = std::env::var_os("MSGPAY_SWIFT_ROOT")
        .map_or_else(|| target().join("xtask/swift-root"), PathBuf::from);
    let demo = guests::demo();
    let swift = || {
        let mut swift = Command::new("bash");
        swift
            .arg(ios.join("swift.sh"))
            .arg(target().join("bindings/swift"))
            .arg(target().join("debug/libmsgpay.so"));
        swift.args(["--", program]).arg(&demo).env("MSGPAY_SWIFT_ROOT", &root).env("MSGPAY_DEMO", &demo);
        swift
    };
    guests::table("swift", &swift, None);
}
