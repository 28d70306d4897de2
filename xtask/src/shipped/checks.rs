//! What a library for phones must be, and beside each check a link of the same code that it must refuse.

use super::look::Seen;
use super::standin;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What is looked at.
pub(super) struct Subject<'a> {
    pub(super) seen: &'a Seen,
    pub(super) bytes: &'a [u8],
    /// The names that it is to export.
    pub(super) wanted: &'a BTreeSet<String>,
    /// Texts that no library may hold.
    pub(super) foreign: &'a [String],
}

/// A check with its control.
pub(super) struct Check {
    pub(super) name: &'static str,
    /// What is wrong, if something is.
    pub(super) judge: fn(&Subject<'_>) -> Option<String>,
    pub(super) control: Control,
}

/// How the code is linked so that the check has to refuse it.
pub(super) enum Control {
    Flags(&'static [&'static str]),
    AllExports,
    /// With a library that no phone has.
    ForeignLibrary,
    /// With this assembly; `{foreign}` is each of the texts that no library may hold.
    Planted(&'static str, &'static [&'static str]),
}

/// All of them.
pub(super) const CHECKS: [Check; 10] = [
    Check {
        name: "exports what bindings/API.md names, and nothing else that can be called",
        judge: |subject| differ("exports", &subject.seen.exports, subject.wanted),
        control: Control::AllExports,
    },
    Check {
        name: "asks for names that Android 8 has",
        judge: |subject| {
            let absent: Vec<&str> =
                subject.seen.imports.iter().map(String::as_str).filter(|name| !standin::has(name)).collect();
            (!absent.is_empty()).then(|| format!("asks for {}", absent.join(", ")))
        },
        control: Control::Planted(
            ".section .data.planted,\"awR\",%progbits\n.balign 8\n.ifdef wide\n.quad nobody_has_this\n.else\n\
             .long nobody_has_this\n.endif\n",
            &["--unresolved-symbols=ignore-all"],
        ),
    },
    Check {
        name: "needs libc, libm and libdl at most",
        judge: |subject| {
            let known = |name: &&String| !["libc.so", "libm.so", "libdl.so"].contains(&name.as_str());
            let other: Vec<&str> = subject.seen.needed.iter().filter(known).map(String::as_str).collect();
            (!other.is_empty()).then(|| format!("needs {}", other.join(", ")))
        },
        control: Control::ForeignLibrary,
    },
    Check {
        name: "loads where pages are 16 KB",
        judge: |subject| {
            let small = subject.seen.alignments.iter().any(|alignment| *alignment < 16384);
            (small || subject.seen.alignments.is_empty())
                .then(|| format!("segments lie at multiples of {:?}", subject.seen.alignments))
        },
        control: Control::Flags(&["-zmax-page-size=4096"]),
    },
    Check {
        name: "tables are read-only after the start (RELRO)",
        judge: |subject| (!subject.seen.relro).then(|| "there is no such segment".into()),
        control: Control::Flags(&["-znorelro"]),
    },
    Check {
        name: "names are looked up at the start (BIND_NOW)",
        judge: |subject| (!subject.seen.bind_now).then(|| "they are looked up later".into()),
        control: Control::Flags(&["-zlazy"]),
    },
    Check {
        name: "code is not patched at the start",
        judge: |subject| subject.seen.patched_code.then(|| "there are relocations in it".into()),
        control: Control::Planted(
            ".section .rodata.planted,\"aR\",%progbits\n.balign 8\nhere:\n.ifdef wide\n.quad here\n.else\n\
             .long here\n.endif\n",
            &["-znotext"],
        ),
    },
    Check {
        name: "the stack cannot be run",
        judge: |subject| subject.seen.runnable_stack.then(|| "it can".into()),
        control: Control::Flags(&["-zexecstack"]),
    },
    Check {
        name: "nothing that can be run can be written",
        judge: |subject| subject.seen.writable_code.then(|| "a segment can be both".into()),
        control: Control::Planted(".section .planted,\"awxR\",%progbits\n.byte 0\n", &[]),
    },
    Check {
        name: "holds no path of the build, no helper of tests, no key of development",
        judge: |subject| {
            let held: Vec<&str> = subject
                .foreign
                .iter()
                .map(String::as_str)
                .filter(|text| holds(subject.bytes, text))
                .collect();
            (!held.is_empty()).then(|| format!("holds {}", held.join(", ")))
        },
        control: Control::Planted("{foreign}", &[]),
    },
];

/// What the generator of the bindings reads: of no use in a phone.
pub(super) const DESCRIPTIONS: &str = "UNIFFI_META";

/// Texts that no library may hold: where it was built, what belongs to tests, what a key's file begins with.
pub(super) fn foreign(root: &Path, sysroot: &Path) -> Vec<String> {
    let mut texts: Vec<String> = [root, sysroot].iter().map(|path| path.display().to_string()).collect();
    let homes = ["HOME", "CARGO_HOME", "RUSTUP_HOME"].map(std::env::var_os);
    let long = |path: &PathBuf| path.as_os_str().len() > 4;
    texts
        .extend(homes.into_iter().flatten().map(PathBuf::from).filter(long).map(|p| p.display().to_string()));
    let words = [
        "registry/src/",
        "lib/rustlib",
        "DesktopKeystore",
        "desktopkeystore",
        "DesktopStopwatch",
        "desktopstopwatch",
        DESCRIPTIONS,
        "msgpay-demo",
        "BEGIN PRIVATE KEY",
        "BEGIN EC PRIVATE KEY",
    ];
    texts.extend(words.map(str::to_owned));
    texts
}

/// Whether the text is somewhere in the file.
pub(super) fn holds(bytes: &[u8], text: &str) -> bool {
    let text = text.as_bytes();
    !text.is_empty() && bytes.windows(text.len()).any(|window| window == text)
}

/// How what is there differs from what is wanted.
pub(super) fn differ(what: &str, there: &BTreeSet<String>, wanted: &BTreeSet<String>) -> Option<String> {
    let some = |names: Vec<&String>| {
        let shown: Vec<&str> = names.iter().take(5).map(|name| name.as_str()).collect();
        format!("{} ({})", names.len(), shown.join(", "))
    };
    let (more, less): (Vec<_>, Vec<_>) =
        (there.difference(wanted).collect(), wanted.difference(there).collect());
    if wanted.is_empty() {
        return Some("nothing is wanted".into());
    }
    (!more.is_empty() || !less.is_empty())
        .then(|| format!("{what}: too many {}, absent {}", some(more), some(less)))
}

/// The texts as assembly.
pub(super) fn planted(assembly: &str, foreign: &[String], wide: bool) -> String {
    let texts: Vec<String> =
        foreign.iter().map(|text| format!(".asciz \"{}\"", text.escape_default())).collect();
    let strings = format!(".section .rodata.planted,\"aR\",%progbits\n{}\n", texts.join("\n"));
    let width = if wide { ".set wide, 1\n" } else { "" };
    format!("{width}{}.section .note.GNU-stack,\"\",%progbits\n", assembly.replace("{foreign}", &strings))
}
