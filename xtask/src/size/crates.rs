//! Which crate how much of a library comes from, by the names of its code and data.
//!
//! A piece of code counts for the crate whose function it is; what was inlined counts where it lies, and generic code
//! for the crate that wrote it. The sum of all parts is the file.

use crate::Stop;
use object::{Object, ObjectSection, ObjectSymbol, SectionFlags, SectionKind, SymbolKind};
use std::collections::BTreeMap;
use std::path::Path;

/// A part of the file.
#[derive(Debug, serde::Serialize)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) bytes: u64,
}

/// The parts of `shipped`, the largest first, by the names that `named`, the same link, has kept.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn of(shipped: &Path, named: &Path) -> Result<Vec<Part>, Stop> {
    let whole = std::fs::metadata(shipped).map_err(|e| format!("{}: {e}", shipped.display()))?.len();
    let bytes = std::fs::read(named).map_err(|e| format!("{}: {e}", named.display()))?;
    let file = object::File::parse(&*bytes).map_err(|e| format!("{}: {e}", named.display()))?;
    let mut parts: BTreeMap<String, u64> = BTreeMap::new();
    for section in file.sections() {
        let (name, size) = (section.name().unwrap_or_default(), section.size());
        let loaded = matches!(section.flags(), SectionFlags::Elf { sh_flags } if sh_flags & 2 != 0);
        if !loaded || section.kind() == SectionKind::UninitializedData || name.starts_with(".relro_padding") {
            continue;
        }
        let whose = match name {
            ".eh_frame" | ".eh_frame_hdr" | ".gcc_except_table" => "(tables of the unwinder)",
            ".dynsym" | ".dynstr" | ".gnu.hash" | ".rela.dyn" | ".rela.plt" | ".relr.dyn" | ".dynamic" => {
                "(tables of the system's linker)"
            }
            _ => "(data and code without a name)",
        };
        *parts.entry(whose.to_owned()).or_default() += size;
    }
    let nameless = "(data and code without a name)";
    for (name, size) in pieces(&file) {
        // What lies in a section without a name of its own is taken from there.
        let rest = parts.entry(nameless.to_owned()).or_default();
        let size = size.min(*rest);
        *rest -= size;
        *parts.entry(owner(&name)).or_default() += size;
    }
    let known: u64 = parts.values().sum();
    parts.insert("(headers and padding)".to_owned(), whole.saturating_sub(known));
    let mut parts: Vec<Part> = parts.into_iter().map(|(name, bytes)| Part { name, bytes }).collect();
    parts.sort_by(|one, other| other.bytes.cmp(&one.bytes).then_with(|| one.name.cmp(&other.name)));
    Ok(parts)
}

/// Code and data that have a name. What the linker has folded together has many and counts once.
fn pieces(file: &object::File<'_>) -> Vec<(String, u64)> {
    let mut by_address: BTreeMap<u64, (String, u64)> = BTreeMap::new();
    for symbol in file.symbols() {
        let stored = symbol.section_index().and_then(|index| file.section_by_index(index).ok());
        let in_file = stored.is_some_and(|section| section.kind() != SectionKind::UninitializedData);
        let kind = matches!(symbol.kind(), SymbolKind::Text | SymbolKind::Data);
        if symbol.size() == 0 || !in_file || !kind {
            continue;
        }
        let name = symbol.name().unwrap_or_default().to_owned();
        let this = (name, symbol.size());
        by_address
            .entry(symbol.address())
            .and_modify(|there| {
                if this < *there {
                    there.clone_from(&this);
                }
            })
            .or_insert(this);
    }
    by_address.into_values().collect()
}

/// The crate that a name belongs to.
fn owner(symbol: &str) -> String {
    if symbol.starts_with("OUTLINED_FUNCTION") {
        return "(code that the compiler shares)".into();
    }
    if symbol.starts_with("ffi_msgpay") || symbol.starts_with("uniffi_msgpay") {
        return "msgpay".into();
    }
    if symbol.contains("libunwind") || symbol.contains("unw_") || symbol.starts_with("_Unwind") {
        return "libunwind".into();
    }
    let Ok(name) = rustc_demangle::try_demangle(symbol) else {
        return if symbol.contains("ring_core") { "ring".into() } else { "(C and assembly)".into() };
    };
    first_crate(&format!("{name:#}")).unwrap_or_else(|| "(C and assembly)".into())
}

/// The first word of a path, whatever stands before it: `<&mut [a::B] as c::D>::e` belongs to `a`.
fn first_crate(name: &str) -> Option<String> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = name.find("::")?;
    let before = &name[..end];
    let start = before.rfind(|c| !is_word(c)).map_or(0, |at| at + 1);
    Some(before[start..].to_owned()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::first_crate;

    #[test]
    fn a_name_belongs_to_the_crate_that_it_begins_with() {
        let of = |name: &str| first_crate(name).unwrap_or_default();
        assert_eq!(of("core::fmt::write"), "core");
        assert_eq!(of("<alloc::vec::Vec<msgpay::X> as core::clone::Clone>::clone"), "alloc");
        assert_eq!(of("<&mut [sm2::A] as core::fmt::Debug>::fmt"), "sm2");
        assert_eq!(of("<dyn core::any::Any>::type_id"), "core");
        assert_eq!(of("memcpy"), "");
    }
}
