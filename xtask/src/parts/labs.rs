//! Test binaries that need more of the machine than a toolchain: each is a part of its own, so that a machine
//! without its tools says "not run" in one line instead of failing.

use super::Part;
use crate::languages::Language;
use crate::setup::Need;

/// A part and the test binaries that are run in it and nowhere else.
pub(crate) struct Lab {
    pub(crate) part: Part,
    pub(crate) binaries: &'static [&'static str],
    pub(crate) needs: &'static [Need],
}

const GDB: Need = Need::Program(&["gdb"], "gdb");

/// All of them.
pub(crate) const LABS: [Lab; 5] = [
    Lab { part: Part::Memory, binaries: &["msgpay-memory::table", "msgpay-memory::platform"], needs: &[GDB] },
    Lab {
        part: Part::Timing,
        binaries: &["msgpay-timing::constant_time", "msgpay-timing::residue"],
        needs: &[Need::Program(&["valgrind"], "valgrind")],
    },
    Lab {
        part: Part::Interop,
        binaries: &["msgpay-tests::interop"],
        needs: &[Need::Program(&["openssl"], "openssl"), Need::Python],
    },
    Lab {
        part: Part::Faces,
        binaries: &["msgpay-tests::faces", "msgpay-tests::voice"],
        needs: &[
            Need::Program(&["tesseract"], "tesseract-ocr"),
            Need::File("/usr/share/tesseract-ocr/5/tessdata/eng.traineddata", "tesseract-ocr-eng"),
            Need::Program(&["espeak-ng"], "espeak-ng"),
            Need::Python,
        ],
    },
    Lab {
        part: Part::Browser,
        binaries: &["msgpay-tests::browser"],
        needs: &[
            Need::Program(&["chromium", "chromium-browser", "google-chrome"], "chromium"),
            Need::Program(&["chromedriver"], "chromium-driver"),
            Need::ChineseFont,
        ],
    },
];

/// What [`crate::cross`] needs. Targets that are only compiled say for themselves that they are missing.
pub(crate) const CROSS_NEEDS: [Need; 9] = [
    Need::Program(&["qemu-aarch64"], "qemu-user"),
    Need::Program(&["gdb-multiarch"], "gdb-multiarch"),
    Need::Program(&["aarch64-linux-gnu-gcc"], "gcc-aarch64-linux-gnu"),
    Need::Program(&["arm-linux-gnueabihf-gcc"], "gcc-arm-linux-gnueabihf"),
    Need::File("/usr/aarch64-linux-gnu/lib/libc.so", "libc6-dev-arm64-cross"),
    Need::File("/usr/arm-linux-gnueabihf/lib/libc.so", "libc6-dev-armhf-cross"),
    GDB,
    Need::RustTarget("aarch64-unknown-linux-gnu"),
    Need::RustTarget("armv7-unknown-linux-gnueabihf"),
];

/// The lab that is a part, when it is one.
pub(crate) fn of(part: Part) -> Option<&'static Lab> {
    LABS.iter().find(|lab| lab.part == part)
}

/// The test binary that dumps a program of a language; it is run when that language's own tests have built the program.
pub(crate) fn guest(language: Language) -> &'static str {
    match language {
        Language::Kotlin => "msgpay-memory::kotlin",
        Language::Swift => "msgpay-memory::swift",
    }
}

/// Whether a test binary is run in a lab, or after a language's own tests.
pub(crate) fn has(binary: &str) -> bool {
    let guests = [Language::Kotlin, Language::Swift].map(guest);
    guests.contains(&binary) || LABS.iter().any(|lab| lab.binaries.contains(&binary))
}

#[cfg(test)]
mod tests {
    use super::{LABS, has, of};
    use crate::parts::Part;

    #[test]
    fn a_binary_belongs_to_one_lab_and_a_lab_to_one_part() {
        let mut all: Vec<&str> = LABS.iter().flat_map(|lab| lab.binaries).copied().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(has("msgpay-tests::browser") && has("msgpay-memory::kotlin") && !has("msgpay-tests::arrows"));
        assert!(of(Part::Browser).is_some() && of(Part::Tests).is_none());
    }
}
