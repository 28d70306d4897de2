//! The link of an Android library: what is not reachable from the exported names goes.

use super::abi::Abi;
use super::kit::{Kit, quiet};
use super::standin::on_path;
use crate::Stop;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

/// What the library shows to the system's linker: the functions that the generated Kotlin calls. The descriptions that
/// the generator reads are not among them, so they go.
const EXPORTS: &str = "{ global: ffi_msgpay_*; uniffi_msgpay_fn_*; local: *; };\n";

/// Links a static library for iOS as an application would: what is not reached from the exported names goes. Apple's
/// linker is not here; LLVM's makes an image that is for measuring only.
///
/// # Errors
/// What the linker said.
pub(super) fn image(archive: &Path, out: &Path) -> Result<(), Stop> {
    let mut linker = Command::new("ld64.lld-19");
    linker
        .args(["-dylib", "-arch", "arm64", "-platform_version", "ios", "15.0", "18.0"])
        .args(["-dead_strip", "-x", "-undefined", "dynamic_lookup", "-install_name", "@rpath/msgpay"])
        .args(["-exported_symbol", "_ffi_msgpay_*", "-exported_symbol", "_uniffi_msgpay_fn_*"])
        .arg("-all_load")
        .arg(archive)
        .arg("-o")
        .arg(out);
    quiet(linker)
}

/// What is asked of the linker; a list, so that a control can take one away or add another after it.
pub(super) const FLAGS: [&str; 14] = [
    "--gc-sections",
    "--icf=all",
    "-O2",
    "--undefined-glob=ffi_msgpay_*",
    "--undefined-glob=uniffi_msgpay_fn_*",
    "--no-undefined",
    "--as-needed",
    // Read by every Android that we link for, and a fraction of the plain ones.
    "--pack-dyn-relocs=android",
    "--hash-style=gnu",
    "--build-id=none",
    "--eh-frame-hdr",
    // Phones whose pages are 16 KB load nothing else.
    "-zmax-page-size=16384",
    "-zrelro",
    "-znow",
];

/// How a file differs from the shipped one.
#[derive(Default)]
pub(super) struct Other<'a> {
    /// Keeps the names of everything.
    pub(super) named: bool,
    /// Exports what the linker would export by itself.
    pub(super) all_exports: bool,
    /// Further flags, after the usual ones.
    pub(super) flags: &'a [&'a str],
    /// Further objects.
    pub(super) objects: &'a [&'a Path],
}

/// Links `archive` to `out`.
///
/// # Errors
/// What the linker said.
pub(super) fn link(kit: &Kit, abi: Abi, archive: &Path, out: &Path, other: &Other<'_>) -> Result<(), Stop> {
    let list = out.with_extension("exports");
    std::fs::write(&list, EXPORTS).map_err(|e| format!("cannot write {}: {e}", list.display()))?;
    let mut clang = kit.clang_for(abi);
    clang.arg("-shared").arg(format!("--ld-path={}", on_path(&kit.linker).display())).arg("-o").arg(out);
    let mut to_linker = |flag: &str| {
        clang.arg(format!("-Wl,{flag}"));
    };
    to_linker("-soname,libmsgpay.so");
    FLAGS.into_iter().for_each(&mut to_linker);
    if !other.named {
        to_linker("--strip-all");
    }
    other.flags.iter().copied().for_each(&mut to_linker);
    if !other.all_exports {
        let mut script = OsString::from("-Wl,--version-script=");
        script.push(&list);
        clang.arg(script);
    }
    clang.arg(archive).args(other.objects).args(kit.system(abi)?);
    quiet(clang)
}
