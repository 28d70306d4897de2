//! The processors and systems that a library is built for.

use crate::setup::Need;
use std::ffi::OsString;

/// Oldest Android that the library is linked for.
const ANDROID_API: u32 = 26;

/// A processor with its system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Abi {
    /// 64-bit ARM, Android
    #[value(name = "arm64-v8a")]
    Arm64,
    /// 32-bit ARM, Android
    #[value(name = "armeabi-v7a")]
    Armv7,
    /// 64-bit x86, Android
    #[value(name = "x86_64")]
    X86,
    /// 64-bit ARM, iOS: a static library
    #[value(name = "ios-arm64")]
    Ios,
}

impl Abi {
    /// All of them, the one that is looked at most first.
    pub(crate) const ALL: [Self; 4] = [Self::Arm64, Self::Armv7, Self::X86, Self::Ios];

    /// The folder that Android and this project know it by.
    pub(crate) const fn folder(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64-v8a",
            Self::Armv7 => "armeabi-v7a",
            Self::X86 => "x86_64",
            Self::Ios => "ios-arm64",
        }
    }

    /// Rust's name of it.
    pub(crate) const fn target(self) -> &'static str {
        match self {
            Self::Arm64 => "aarch64-linux-android",
            Self::Armv7 => "armv7-linux-androideabi",
            Self::X86 => "x86_64-linux-android",
            Self::Ios => "aarch64-apple-ios",
        }
    }

    /// What building for it needs of the machine.
    pub(crate) const fn needs(self) -> &'static [Need] {
        match self {
            Self::Arm64 => &[
                Need::RustTarget("aarch64-linux-android"),
                Need::File("/usr/aarch64-linux-gnu/include/link.h", "libc6-dev-arm64-cross"),
            ],
            Self::Armv7 => &[
                Need::RustTarget("armv7-linux-androideabi"),
                Need::File("/usr/arm-linux-gnueabihf/include/link.h", "libc6-dev-armhf-cross"),
            ],
            Self::X86 => &[Need::RustTarget("x86_64-linux-android")],
            Self::Ios => &[Need::RustTarget("aarch64-apple-ios")],
        }
    }

    /// Clang's name of it.
    pub(crate) fn clang(self) -> String {
        match self {
            Self::Arm64 | Self::X86 => format!("{}{ANDROID_API}", self.target()),
            Self::Armv7 => format!("armv7a-linux-androideabi{ANDROID_API}"),
            Self::Ios => "arm64-apple-ios15.0".into(),
        }
    }

    /// Whether the file is loaded by Android's linker.
    pub(crate) const fn is_android(self) -> bool {
        !matches!(self, Self::Ios)
    }

    /// Bits of an address.
    pub(crate) const fn is_64(self) -> bool {
        !matches!(self, Self::Armv7)
    }

    /// Where Debian keeps C headers of this processor: for the unwinder that stands in for Android's own.
    pub(super) fn headers(self) -> &'static [&'static str] {
        match self {
            Self::Arm64 => &["/usr/aarch64-linux-gnu/include"],
            Self::Armv7 => &["/usr/arm-linux-gnueabihf/include"],
            Self::X86 => &["/usr/include/x86_64-linux-gnu", "/usr/include"],
            Self::Ios => &[],
        }
    }

    /// What a compiler of C needs to know when there are no headers of the system: ring brings what it needs.
    pub(super) fn c_flags(self) -> OsString {
        let own = match self {
            Self::Arm64 | Self::Armv7 => "",
            Self::X86 => " -ffreestanding",
            Self::Ios => return OsString::new(),
        };
        format!("-nostdlibinc -DRING_CORE_NOSTDLIBINC=1{own}").into()
    }
}

/// Who speaks HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Transport {
    /// The application, by the system's own client
    Host,
    /// The library, by its own pinned TLS
    Own,
}

impl Transport {
    /// Both, the smaller first.
    pub(crate) const ALL: [Self; 2] = [Self::Host, Self::Own];

    /// One word for folders and tables.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Own => "own",
        }
    }
}
