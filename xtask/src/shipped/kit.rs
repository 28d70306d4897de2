//! Compiler, linker and the system's libraries: those of Android's NDK when there is one, else Debian's clang with
//! libraries that stand in. What is linked against the latter is for sizes, symbols and tests, never for shipping.

use super::abi::Abi;
use super::standin;
use crate::Stop;
use crate::cargo::Workspace;
use crate::setup::Need;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a machine without an NDK needs, beside [`Abi::needs`].
pub(crate) const NEEDS: [Need; 4] = [
    Need::Program(&["clang-19"], "clang-19"),
    Need::Program(&["ld.lld-19"], "lld-19"),
    Need::Program(&["llvm-ar-19"], "llvm-19"),
    Need::RustSources,
];

/// The tools, found once.
pub(crate) struct Kit {
    pub(super) clang: PathBuf,
    pub(super) ar: PathBuf,
    pub(super) linker: PathBuf,
    /// Whether they are the NDK's.
    ndk: bool,
    /// Where what stands in is made.
    place: PathBuf,
}

impl Kit {
    /// The NDK's tools when `ANDROID_NDK_HOME` names one, else Debian's.
    ///
    /// # Errors
    /// When it names something else.
    pub(crate) fn find(workspace: &Workspace) -> Result<Self, Stop> {
        let place = workspace.target.join("shipped").join("stand-in");
        std::fs::create_dir_all(&place).map_err(|e| format!("cannot make {}: {e}", place.display()))?;
        let Some(home) = std::env::var_os("ANDROID_NDK_HOME").filter(|home| !home.is_empty()) else {
            let [clang, ar, linker] = ["clang-19", "llvm-ar-19", "ld.lld-19"].map(PathBuf::from);
            return Ok(Self { clang, ar, linker, ndk: false, place });
        };
        let programs = Path::new(&home).join("toolchains/llvm/prebuilt/linux-x86_64/bin");
        let [clang, ar, linker] = ["clang", "llvm-ar", "ld.lld"].map(|name| programs.join(name));
        if let Some(absent) = [&clang, &ar, &linker].into_iter().find(|file| !file.is_file()) {
            return Err(format!("ANDROID_NDK_HOME is set, and there is no {}", absent.display()));
        }
        Ok(Self { clang, ar, linker, ndk: true, place })
    }

    /// Whether what it links may be shipped, in words.
    pub(crate) const fn said(&self) -> &'static str {
        if self.ndk {
            "linked by the NDK"
        } else {
            "linked against libraries that stand in for Android's (no ANDROID_NDK_HOME): for sizes, symbols and tests, \
             not for shipping"
        }
    }

    pub(super) fn c_flags(&self, abi: Abi) -> OsString {
        match abi {
            Abi::Ios => {
                let mut flags = OsString::from("-nostdlibinc -DRING_CORE_NOSTDLIBINC=1 -I");
                flags.push(self.place.join("ios-headers"));
                flags
            }
            _ if self.ndk => OsString::new(),
            _ => abi.c_flags(),
        }
    }

    /// An SDK root that build scripts accept: the one of the machine when it is set, else an empty folder, with the
    /// one header that ring reads.
    pub(super) fn ios_root(&self) -> Result<PathBuf, Stop> {
        let (root, headers) = (self.place.join("iPhoneOS.sdk"), self.place.join("ios-headers"));
        let said = |e: std::io::Error| format!("cannot make {}: {e}", headers.display());
        std::fs::create_dir_all(&root).and_then(|()| std::fs::create_dir_all(&headers)).map_err(said)?;
        let header = "#define TARGET_OS_MAC 1\n#define TARGET_OS_IPHONE 1\n#define TARGET_OS_IOS 1\n";
        std::fs::write(headers.join("TargetConditionals.h"), header).map_err(said)?;
        Ok(std::env::var_os("SDKROOT").map_or(root, PathBuf::from))
    }

    /// What the link of an Android library takes besides the library itself.
    pub(super) fn system(&self, abi: Abi) -> Result<Vec<OsString>, Stop> {
        if self.ndk {
            return Ok(vec!["-lm".into()]);
        }
        let made = standin::make(self, abi, &self.place.join(abi.folder()))?;
        let mut flags: Vec<OsString> = vec!["-nostdlib".into(), made.unwinder.into()];
        let mut folder = OsString::from("-L");
        folder.push(made.libraries);
        flags.push(folder);
        flags.extend(["-lm", "-ldl", "-lc"].map(OsString::from));
        Ok(flags)
    }

    /// Clang for this processor.
    pub(super) fn clang_for(&self, abi: Abi) -> Command {
        let mut clang = Command::new(&self.clang);
        clang.arg(format!("--target={}", abi.clang()));
        clang
    }
}

/// Runs a tool that says nothing when all is well.
pub(super) fn quiet(mut command: Command) -> Result<(), Stop> {
    let name = command.get_program().display().to_string();
    let answer = command.output().map_err(|e| format!("{name} does not start: {e}"))?;
    if answer.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&answer.stderr);
    let first: Vec<&str> = said.lines().take(12).collect();
    Err(format!("{name}: {}\n{}", answer.status, first.join("\n")))
}
