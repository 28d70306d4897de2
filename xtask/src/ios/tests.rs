//! The package that is laid out, and one that lacks a file.

use super::package;
use crate::cargo::Workspace;
use std::fs;
use std::path::Path;

#[test]
fn the_package_holds_what_its_manifest_names() {
    let (_place, workspace, library, generated) = ground();
    let laid = package::lay(&workspace, &library, &generated).unwrap();
    for name in [
        "Package.swift",
        "README.md",
        "LICENSE-MIT",
        "xcframework.sh",
        "Sources/MsgPay/MsgPay.swift",
        "Sources/MsgPay/PrivacyInfo.xcprivacy",
        "Sources/MsgPayUI/Sheet/SheetDesk.swift",
        "Sample/README.md",
        "Generated/MsgPayFFI/MsgPayFFI.swift",
        "Generated/msgpayFFI.xcframework/Info.plist",
        "Generated/msgpayFFI.xcframework/ios-arm64/Headers/msgpayFFI/msgpayFFI.h",
        "Generated/msgpayFFI.xcframework/ios-arm64/Headers/msgpayFFI/module.modulemap",
        package::DEVICE,
    ] {
        assert!(laid.join(name).is_file(), "{name}");
    }
    assert!(laid.join(package::DOCS).join("MsgPay.md").is_file());
    for name in ["Tests", "Sources/MsgPayDesktop", "Sources/msgpay-handset", ".build"] {
        assert!(!laid.join(name).exists(), "{name} is for this project's own tests");
    }
    assert_eq!(fs::read(laid.join(package::DEVICE)).unwrap(), b"library");
}

#[test]
fn the_framework_has_what_its_list_names() {
    let (_place, workspace, library, generated) = ground();
    let framework =
        package::lay(&workspace, &library, &generated).unwrap().join("Generated/msgpayFFI.xcframework");
    let list = fs::read_to_string(framework.join("Info.plist")).unwrap();
    let named = |key: &str| {
        let after = list.split_once(&format!("<key>{key}</key>")).unwrap().1;
        after.split_once("<string>").unwrap().1.split_once("</string>").unwrap().0.to_owned()
    };
    let slice = framework.join(named("LibraryIdentifier"));
    assert!(slice.join(named("LibraryPath")).is_file());
    assert!(slice.join(named("BinaryPath")).is_file());
    assert!(slice.join(named("HeadersPath")).is_dir());
}

#[test]
fn nothing_of_an_earlier_package_stays() {
    let (_place, workspace, library, generated) = ground();
    let laid = package::lay(&workspace, &library, &generated).unwrap();
    fs::write(laid.join("old"), "").unwrap();
    package::lay(&workspace, &library, &generated).unwrap();
    assert!(!laid.join("old").exists());
}

#[test]
fn a_package_without_its_generated_sources_is_none() {
    let (_place, workspace, library, generated) = ground();
    fs::remove_file(generated.join("MsgPayFFI.swift")).unwrap();
    assert!(package::lay(&workspace, &library, &generated).unwrap_err().contains("MsgPayFFI.swift"));
}

/// This checkout, with a target directory of the test's, and files that stand for what is built.
fn ground() -> (tempfile::TempDir, Workspace, std::path::PathBuf, std::path::PathBuf) {
    let place = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
    let (library, generated) = (place.path().join("libmsgpay.a"), place.path().join("generated"));
    fs::write(&library, "library").unwrap();
    fs::create_dir(&generated).unwrap();
    fs::write(generated.join("MsgPayFFI.swift"), "import msgpayFFI\n").unwrap();
    fs::write(generated.join("msgpayFFI.h"), "\n").unwrap();
    let target = place.path().join("target");
    (place, Workspace { root, target }, library, generated)
}
