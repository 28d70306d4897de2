//! Lays the package out: sources, what was generated, the library as an XCFramework with one slice.

use crate::Stop;
use crate::cargo::Workspace;
use std::fs;
use std::path::{Path, PathBuf};

/// What is taken from the Swift room; the rest of it is for this project's own tests.
const TAKEN: [&str; 6] =
    ["Package.swift", "README.md", "Sources/MsgPay", "Sources/MsgPayUI", "Sample", "xcframework.sh"];
/// Where Package.swift looks for what was generated.
const SWIFT: &str = "Generated/MsgPayFFI/MsgPayFFI.swift";
const FRAMEWORK: &str = "Generated/msgpayFFI.xcframework";
/// The library for the device.
pub(super) const DEVICE: &str = "Generated/msgpayFFI.xcframework/ios-arm64/libmsgpay.a";
/// In a folder of its own: Xcode puts the headers of all static libraries of an application into one place, and there is
/// one `module.modulemap` in each.
const HEADERS: &str = "Generated/msgpayFFI.xcframework/ios-arm64/Headers/msgpayFFI";
/// The sources of the documentation.
pub(super) const DOCS: &str = "Sources/MsgPay/MsgPay.docc";

/// The generated module map is for Darwin alone and links what it should not; this one is ours on every system.
const MODULE_MAP: &str = "module msgpayFFI {\n  header \"msgpayFFI.h\"\n  export *\n}\n";

/// Makes the folder anew; gives its path.
///
/// # Errors
/// What could not be read or written.
pub(super) fn lay(workspace: &Workspace, library: &Path, generated: &Path) -> Result<PathBuf, Stop> {
    let package = workspace.target.join("ios").join("MsgPay");
    if package.exists() {
        fs::remove_dir_all(&package).map_err(|e| format!("cannot remove {}: {e}", package.display()))?;
    }
    for name in TAKEN {
        copy(&workspace.root.join("ios").join(name), &package.join(name))?;
    }
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        copy(&workspace.root.join(licence), &package.join(licence))?;
    }
    copy(&generated.join("MsgPayFFI.swift"), &package.join(SWIFT))?;
    copy(&generated.join("msgpayFFI.h"), &package.join(HEADERS).join("msgpayFFI.h"))?;
    write(&package.join(HEADERS).join("module.modulemap"), MODULE_MAP)?;
    copy(library, &package.join(DEVICE))?;
    write(&package.join(FRAMEWORK).join("Info.plist"), &framework_list())?;
    Ok(package)
}

/// What Xcode reads of an XCFramework: which library is for which phone.
fn framework_list() -> String {
    let string = |key: &str, value: &str| format!("\t\t\t<key>{key}</key>\n\t\t\t<string>{value}</string>\n");
    let library = [
        string("BinaryPath", "libmsgpay.a"),
        string("HeadersPath", "Headers"),
        string("LibraryIdentifier", "ios-arm64"),
        string("LibraryPath", "libmsgpay.a"),
    ]
    .concat();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <plist version=\"1.0\">\n<dict>\n\
         \t<key>AvailableLibraries</key>\n\t<array>\n\t\t<dict>\n{library}\
         \t\t\t<key>SupportedArchitectures</key>\n\t\t\t<array>\n\t\t\t\t<string>arm64</string>\n\t\t\t</array>\n\
         {}\t\t</dict>\n\t</array>\n\
         \t<key>CFBundlePackageType</key>\n\t<string>XFWK</string>\n\
         \t<key>XCFrameworkFormatVersion</key>\n\t<string>1.0</string>\n</dict>\n</plist>\n",
        string("SupportedPlatform", "ios"),
    )
}

/// A file, or a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> Result<(), Stop> {
    let said = |e: std::io::Error| format!("cannot copy {} to {}: {e}", from.display(), to.display());
    if from.is_dir() {
        for entry in fs::read_dir(from).map_err(said)? {
            let name = entry.map_err(said)?.file_name();
            copy(&from.join(&name), &to.join(&name))?;
        }
        return Ok(());
    }
    fs::create_dir_all(to.parent().unwrap_or(to)).map_err(said)?;
    fs::copy(from, to).map(|_| ()).map_err(said)
}

fn write(to: &Path, text: &str) -> Result<(), Stop> {
    let said = |e: std::io::Error| format!("cannot write {}: {e}", to.display());
    fs::create_dir_all(to.parent().unwrap_or(to)).map_err(said)?;
    fs::write(to, text).map_err(said)
}
