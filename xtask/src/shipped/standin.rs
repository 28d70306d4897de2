//! What stands in for Android's own libraries where there is no NDK: libraries that hold names and no code, and the
//! unwinder of Rust's sources, which is the one that the NDK has, too.

use super::abi::Abi;
use super::kit::{Kit, quiet};
use crate::Stop;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Which name is in which library, since Android 8 (API 26) at the latest. A name that is not here stops the link: the
/// library would not load on the oldest phone.
const NAMES: &str = include_str!("bionic.txt");

/// Files of the unwinder, with what speaks for each.
const UNWINDER: [&str; 4] =
    ["UnwindLevel1.c", "UnwindLevel1-gcc-ext.c", "UnwindRegistersRestore.S", "UnwindRegistersSave.S"];
const UNWINDER_CPP: [&str; 2] = ["libunwind.cpp", "Unwind-EHABI.cpp"];

pub(super) struct Made {
    /// The folder of libc, libm, libdl and liblog.
    pub(super) libraries: PathBuf,
    pub(super) unwinder: PathBuf,
}

/// Makes both in `place`; it takes a second.
pub(super) fn make(kit: &Kit, abi: Abi, place: &Path) -> Result<Made, Stop> {
    std::fs::create_dir_all(place).map_err(|e| format!("cannot make {}: {e}", place.display()))?;
    for library in ["libc", "libm", "libdl", "liblog"] {
        names_only(kit, abi, place, library)?;
    }
    Ok(Made { libraries: place.to_owned(), unwinder: unwinder(kit, abi, place)? })
}

fn names_only(kit: &Kit, abi: Abi, place: &Path, library: &str) -> Result<(), Stop> {
    let mut text = String::from(".text\n");
    for name in names(library) {
        text.push_str(&format!(".globl {name}\n.type {name}, %function\n{name}:\n"));
    }
    text.push_str(".byte 0\n.section .note.GNU-stack,\"\",%progbits\n");
    let source = place.join(format!("{library}.s"));
    std::fs::write(&source, text).map_err(|e| format!("cannot write {}: {e}", source.display()))?;
    let mut clang = kit.clang_for(abi);
    clang
        .args(["-shared", "-nostdlib"])
        .arg(format!("--ld-path={}", on_path(&kit.linker).display()))
        .arg(format!("-Wl,-soname,{library}.so"))
        .arg("-o")
        .arg(place.join(format!("{library}.so")))
        .arg(source);
    quiet(clang)
}

/// The names that a library has.
fn names(library: &str) -> impl Iterator<Item = &'static str> {
    let of = move |line: &'static str| {
        let (this, name) = line.split_once(' ')?;
        (this == library).then_some(name.trim())
    };
    NAMES.lines().filter_map(of)
}

/// Whether one of the libraries has the name.
pub(super) fn has(name: &str) -> bool {
    NAMES.lines().any(|line| line.split_once(' ').is_some_and(|(_, this)| this.trim() == name))
}

fn unwinder(kit: &Kit, abi: Abi, place: &Path) -> Result<PathBuf, Stop> {
    let sources = sysroot()?.join("lib/rustlib/src/rust/src/llvm-project/libunwind");
    let mut objects = Vec::new();
    for file in UNWINDER.iter().chain(&UNWINDER_CPP) {
        let object = place.join(format!("{file}.o"));
        let mut clang = kit.clang_for(abi);
        clang
            .args(["-Oz", "-fPIC", "-fvisibility=hidden", "-ffunction-sections", "-fdata-sections"])
            .args(["-DNDEBUG", "-D_LIBUNWIND_IS_NATIVE_ONLY", "-D_LIBUNWIND_HIDE_SYMBOLS"])
            // Android's name of the same thing; 32-bit ARM's calls are those of the soft convention, whose headers
            // Debian does not have.
            .args(["-D__errno_location=__errno", "-D__ARM_PCS_VFP=1", "-w", "-nostdlibinc"])
            .args(["-funwind-tables", "-c", "-o"])
            .arg(&object);
        for folder in abi.headers() {
            clang.arg("-isystem").arg(folder);
        }
        for folder in ["include", "src"] {
            clang.arg("-I").arg(sources.join(folder));
        }
        if UNWINDER_CPP.contains(file) {
            clang.args(["-std=c++17", "-nostdinc++", "-fno-exceptions", "-fno-rtti"]);
        }
        clang.arg(sources.join("src").join(file));
        quiet(clang)?;
        objects.push(object);
    }
    let archive = place.join("libunwind.a");
    if archive.is_file() {
        std::fs::remove_file(&archive).map_err(|e| format!("cannot remove {}: {e}", archive.display()))?;
    }
    let mut ar = Command::new(&kit.ar);
    ar.arg("rcsD").arg(&archive).args(objects);
    quiet(ar)?;
    Ok(archive)
}

/// Where the toolchain is.
pub(super) fn sysroot() -> Result<PathBuf, Stop> {
    let asked = Command::new("rustc").args(["--print", "sysroot"]).output();
    let answer = asked.map_err(|e| format!("rustc does not start: {e}"))?;
    Ok(PathBuf::from(String::from_utf8_lossy(&answer.stdout).trim()))
}

/// A program's path: clang takes a linker by its path only.
pub(super) fn on_path(program: &Path) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file());
    found.unwrap_or_else(|| program.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_names_is_in_order_and_names_known_libraries() {
        let lines: Vec<&str> = NAMES.lines().collect();
        let mut sorted = lines.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(lines, sorted);
        let known: usize =
            ["libc", "libm", "libdl", "liblog"].into_iter().map(|one| names(one).count()).sum();
        assert_eq!(known, lines.len());
        // Since Android 9 only: asked for by `dlsym` or weakly, never by a plain import.
        assert!(!names("libc").any(|name| name == "getrandom"));
    }
}
