//! How an examination begins: a process with an open keypad whose layout can be told from chance.

use crate::canary;
use crate::derive::{Derived, Institution};
use crate::dump::Dump;
use crate::exam::is_kept;
use crate::subject::{Place, Setting, Subject};
use crate::{eye, find};
use std::path::Path;

/// A process whose keypad is open, and its memory of that moment.
pub(crate) struct Opened {
    pub(crate) subject: Subject,
    /// Of the keys, in order of slots.
    pub(crate) places: Vec<Place>,
    pub(crate) dump: Dump,
    /// While nothing is sealed there is nothing to derive.
    pub(crate) derived: Option<Derived>,
    /// Characters in order of slots.
    pub(crate) layout: Vec<u8>,
    pub(crate) encapsulated: Vec<u8>,
}

/// Opens a keypad whose layout no program holds by chance, in as many processes as that takes; nothing when its
/// entry is not this institution's.
pub(crate) fn open(
    program: &Path,
    institution: &Institution,
    setting: &Setting,
    control: Option<&str>,
) -> Option<Opened> {
    let alphabet = setting.kind.alphabet();
    for _ in 0..64 {
        let mut subject = Subject::start(program, setting, control);
        let places = subject.open();
        let dump = subject.dump();
        let (derived, layout, encapsulated) = if is_kept(setting.kind) {
            (None, eye::read(&subject.faces(alphabet.len()), alphabet), Vec::new())
        } else {
            let (derived, layout, encapsulated) = find::entry(&dump, institution, setting)?;
            (Some(derived), layout, encapsulated)
        };
        if canary::is_rare_layout(&layout) {
            return Some(Opened { subject, places, dump, derived, layout, encapsulated });
        }
    }
    panic!("sixty-four layouts were all of the kind that lies in every memory")
}
