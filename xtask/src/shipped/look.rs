//! What a library's file says about itself.

use crate::Stop;
use object::elf;
use object::read::elf::{Dyn, FileHeader, ProgramHeader, Sym};
use object::{Endianness, FileKind};
use std::collections::BTreeSet;
use std::path::Path;

/// A library for Android, as its linker sees it.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Functions that others may call.
    pub(crate) exports: BTreeSet<String>,
    /// Names without which it does not load.
    pub(crate) imports: BTreeSet<String>,
    /// Libraries that are loaded with it.
    pub(crate) needed: BTreeSet<String>,
    /// Alignment of each loaded segment.
    pub(super) alignments: Vec<u64>,
    /// Whether a loaded segment, or the stack, may be written and run.
    pub(super) writable_code: bool,
    pub(super) runnable_stack: bool,
    /// Whether its tables are read-only after the start.
    pub(super) relro: bool,
    /// Whether every name is looked up at the start, so that all of them can be read-only.
    pub(super) bind_now: bool,
    /// Whether code is patched at the start.
    pub(super) patched_code: bool,
}

/// Reads it.
///
/// # Errors
/// When it is no such file.
pub(crate) fn look(path: &Path) -> Result<Seen, Stop> {
    let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let seen = match FileKind::parse(&*bytes) {
        Ok(FileKind::Elf64) => read::<elf::FileHeader64<Endianness>>(&bytes),
        Ok(FileKind::Elf32) => read::<elf::FileHeader32<Endianness>>(&bytes),
        Ok(_) => return Err(format!("{} is no library for Android", path.display())),
        Err(e) => Err(e),
    };
    seen.map_err(|e| format!("{}: {e}", path.display()))
}

fn read<Elf: FileHeader<Endian = Endianness>>(bytes: &[u8]) -> object::read::Result<Seen> {
    let header = Elf::parse(bytes)?;
    let endian = header.endian()?;
    let sections = header.sections(endian, bytes)?;
    let symbols = sections.symbols(endian, bytes, elf::SHT_DYNSYM)?;
    let text = |raw: &[u8]| String::from_utf8_lossy(raw).into_owned();
    let mut seen = Seen { runnable_stack: true, ..Seen::default() };
    for symbol in symbols.iter().filter(|symbol| symbol.st_bind() != elf::STB_LOCAL) {
        let name = text(symbol.name(endian, symbols.strings())?);
        match (symbol.st_shndx(endian) == elf::SHN_UNDEF, symbol.st_bind() == elf::STB_WEAK) {
            (true, true) => {}
            (true, false) => _ = seen.imports.insert(name),
            (false, _) => _ = seen.exports.insert(name),
        }
    }
    seen.imports.remove("");
    for segment in header.program_headers(endian, bytes)? {
        let flags = segment.p_flags(endian);
        let both = flags & elf::PF_W != 0 && flags & elf::PF_X != 0;
        match segment.p_type(endian) {
            elf::PT_LOAD => {
                seen.alignments.push(segment.p_align(endian).into());
                seen.writable_code |= both;
            }
            // Without this segment a stack may be run.
            elf::PT_GNU_STACK => seen.runnable_stack = flags & elf::PF_X != 0,
            elf::PT_GNU_RELRO => seen.relro = true,
            _ => {}
        }
        for entry in segment.dynamic(endian, bytes)?.into_iter().flatten() {
            let value: u64 = entry.d_val(endian).into();
            match entry.tag(endian) {
                elf::DT_NEEDED => {
                    let at = u32::try_from(value).unwrap_or(u32::MAX);
                    // A name outside the table is none that is expected.
                    seen.needed.insert(text(symbols.strings().get(at).unwrap_or(b"?")));
                }
                elf::DT_TEXTREL => seen.patched_code = true,
                elf::DT_BIND_NOW => seen.bind_now = true,
                elf::DT_FLAGS => {
                    seen.bind_now |= value & u64::from(elf::DF_BIND_NOW) != 0;
                    seen.patched_code |= value & u64::from(elf::DF_TEXTREL) != 0;
                }
                elf::DT_FLAGS_1 => seen.bind_now |= value & u64::from(elf::DF_1_NOW) != 0,
                _ => {}
            }
        }
    }
    Ok(seen)
}
