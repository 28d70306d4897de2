//! The open entry in a dump: its encapsulated key leads to everything else.

use crate::derive::{Derived, Institution, Opener, sm2_length};
use crate::dump::Dump;
use crate::subject::Setting;
use msgpay_crypto::SuiteId;
use msgpay_sdk_core::Kind;

/// The open entry in a dump, found by its encapsulation: what the institution's key makes of it, and the
/// layout.
#[must_use]
pub fn entry(
    dump: &Dump,
    institution: &Institution,
    setting: &Setting,
) -> Option<(Derived, Vec<u8>, Vec<u8>)> {
    let context = setting.context();
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
