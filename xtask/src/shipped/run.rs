//! Runs a shipped library on this machine: the system's C library answers under the names of Android's. This shows the
//! code, the border and the unwinder; it shows nothing of Android itself.

use super::Abi;
use crate::Stop;
use crate::child::{self, End, Output};
use crate::setup::Need;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// What the emulated processor needs.
pub(crate) const NEEDS: [Need; 3] = [
    Need::Program(&["aarch64-linux-gnu-gcc"], "gcc-aarch64-linux-gnu"),
    Need::Program(&["qemu-aarch64"], "qemu-user"),
    Need::File("/usr/aarch64-linux-gnu/lib/libc.so", "libc6-dev-arm64-cross"),
];

/// The contract of the version of uniffi that is pinned in the workspace's manifest.
const CONTRACT: &str = "contract 30";
const LIMIT: Duration = Duration::from_secs(120);
const HOST: &str = include_str!("host.c");
const PHONE: &str = include_str!("phone.c");

/// Whether it can be run here: 32-bit ARM passes fractions in other registers than Debian's own library does.
pub(super) const fn can(abi: Abi) -> bool {
    matches!(abi, Abi::Arm64) || (matches!(abi, Abi::X86) && cfg!(target_arch = "x86_64"))
}

/// Runs the file, with what it takes in `place`; gives what did not go as it should.
///
/// # Errors
/// When there is nothing to run it with.
pub(super) fn run(abi: Abi, library: &Path, place: &Path) -> Result<Option<String>, Stop> {
    std::fs::create_dir_all(place).map_err(|e| format!("cannot make {}: {e}", place.display()))?;
    let compiler = if abi == Abi::Arm64 { "aarch64-linux-gnu-gcc" } else { "cc" };
    let (host, phone) = (written(place, "host.c", HOST)?, written(place, "phone.c", PHONE)?);
    for (name, behind) in [("libc", "-lc"), ("libm", "-lm"), ("libdl", "-lc")] {
        let mut compile = Command::new(compiler);
        compile.args([
            "-shared",
            "-fPIC",
            "-O1",
            "-Wl,--no-as-needed",
            &format!("-Wl,-soname,{name}.so"),
            "-o",
        ]);
        compile.arg(place.join(format!("{name}.so"))).arg(&phone).arg(behind);
        super::kit::quiet(compile)?;
    }
    let program = place.join("host");
    let mut compile = Command::new(compiler);
    compile.args(["-O1", "-o"]).arg(&program).arg(&host).arg("-ldl");
    super::kit::quiet(compile)?;
    let mut command = if abi == Abi::Arm64 {
        let mut emulator = Command::new("qemu-aarch64");
        let mut path = std::ffi::OsString::from("LD_LIBRARY_PATH=");
        path.push(place);
        emulator.args(["-L", "/usr/aarch64-linux-gnu", "-E"]).arg(path).arg(&program);
        emulator
    } else {
        let mut command = Command::new(&program);
        command.env("LD_LIBRARY_PATH", place);
        command
    };
    command.arg(library);
    let (out, err) = (place.join("out"), place.join("err"));
    let end =
        child::run(command, &Output::Apart { out: &out, err: &err }, "the library on this machine", LIMIT);
    let said = child::read_lossy(&out);
    Ok(match end {
        End::Failure(how) => Some(format!("{how}: {} {}", said.trim(), child::read_lossy(&err).trim())),
        End::Success if !said.lines().any(|line| line == CONTRACT) => Some(format!("not {CONTRACT}: {said}")),
        End::Success if !said.contains("panic caught: null ForeignBytes") => {
            Some(format!("the panic has another text: {said}"))
        }
        End::Success => None,
    })
}

fn written(place: &Path, name: &str, text: &str) -> Result<PathBuf, Stop> {
    let path = place.join(name);
    std::fs::write(&path, text).map_err(|e| format!("cannot write {}: {e}", path.display()))?;
    Ok(path)
}
