//! The open entry in a dump: its encapsulated key leads to everything else.

use crate::derive::{Derived, Institution, Opener, sm2_length};
use crate::dump::Dump;
use crate::subject::Setting;
use msgpay_crypto::SuiteId;
use msgpay_sdk_core::Kind;
use std::collections::HashMap;

/// The open entry in a dump, found by its encapsulation: what the institution's key makes of it, and the
/// layout.
#[must_use]
pub fn entry(
    dump: &Dump,
    institution: &Institution,
    setting: &Setting,
) -> Option<(Derived, Vec<u8>, Vec<u8>)> {
    let context = setting.context();
    if setting.suite == SuiteId::Curve25519 {
        return without_form(dump, institution, setting, &context);
    }
    for region in dump.regions.iter().filter(|region| region.writable) {
        for at in 0..region.bytes.len() {
            let rest = &region.bytes[at..];
            let length = match (setting.suite, rest[0]) {
                (SuiteId::Guomi, 0x30) => sm2_length(rest).filter(|length| (100..=144).contains(length)),
                (SuiteId::International, 4) => Some(65),
                _ => None,
            };
            let Some(encapsulated) = length.and_then(|length| rest.get(..length)) else { continue };
            if encapsulated == institution.public || encapsulated[1..9] == [0; 8] {
                continue;
            }
            let Some(derived) = institution.derive(encapsulated, &context) else { continue };
            if let Some(layout) = sealed_layout(dump, &derived, setting.kind) {
                return Some((derived, layout, encapsulated.to_vec()));
            }
        }
    }
    None
}

/// An X25519 encapsulation looks like any 32 random bytes: all such, where an allocation can begin, are tried together,
/// by the head of the layout that each would have sealed.
fn without_form(
    dump: &Dump,
    institution: &Institution,
    setting: &Setting,
    context: &[u8],
) -> Option<(Derived, Vec<u8>, Vec<u8>)> {
    let regions = || dump.regions.iter().filter(|region| region.writable);
    let count = setting.kind.alphabet().len();
    let head = [setting.kind.number(), u8::try_from(count).ok()?];
    let mut tried: HashMap<Vec<u8>, Vec<Tried>> = HashMap::new();
    for window in regions().flat_map(|region| region.bytes.windows(32).step_by(8)) {
        let mut seen = window.to_vec();
        seen.sort_unstable();
        seen.dedup();
        if seen.len() < RANDOM_BYTES_MIN {
            continue;
        }
        let Some(derived) = institution.derive(window, context) else { continue };
        let opener = Opener::new(derived.suite, &derived.layout_key);
        let sealed = opener.seal(b"layout", &head)[..2].to_vec();
        tried.entry(sealed).or_default().push((derived, opener, window.to_vec()));
    }
    for window in regions().flat_map(|region| region.bytes.windows(2 + count + 16)) {
        let Some(candidates) = tried.get_mut(&window[..2]) else { continue };
        let opened = |(_, opener, _): &Tried| opener.open(b"layout", window);
        let found = candidates.iter().enumerate().find_map(|(at, one)| opened(one).map(|text| (at, text)));
        if let Some((at, text)) = found {
            let (derived, _, encapsulated) = candidates.swap_remove(at);
            return Some((derived, text[2..].to_vec(), encapsulated));
        }
    }
    None
}

/// What an encapsulation would lead to, what would open its layout, and itself.
type Tried = (Derived, Opener, Vec<u8>);

/// How many different bytes 32 random ones have at the least: fewer come once in some millions of draws.
const RANDOM_BYTES_MIN: usize = 23;

/// The layout, opened where it lies sealed.
fn sealed_layout(dump: &Dump, derived: &Derived, kind: Kind) -> Option<Vec<u8>> {
    let count = kind.alphabet().len();
    let opener = Opener::new(derived.suite, &derived.layout_key);
    let head = opener.seal(b"layout", &[kind.number(), u8::try_from(count).ok()?]);
    for region in dump.regions.iter().filter(|region| region.writable) {
        for window in region.bytes.windows(2 + count + 16).filter(|window| window[..2] == head[..2]) {
            if let Some(text) = opener.open(b"layout", window) {
                return Some(text[2..].to_vec());
            }
        }
    }
    None
}
