//! What an examination can find, and when.

use crate::search::Family;
use std::collections::{BTreeMap, BTreeSet};

/// How an entry is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edge {
    /// The envelope is closed.
    Confirmed,
    /// The host cancels: back, background.
    Cancelled,
    /// Three minutes without a press.
    Idle,
    /// One press more than an envelope holds.
    Error,
    /// The host panics while the keypad is open, and catches it.
    Panicked,
    /// The keypad is dropped, nothing said.
    Dropped,
    /// A capture begins.
    Captured,
    /// The process forks; the child is examined.
    Forked,
}

impl Edge {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Confirmed,
        Self::Cancelled,
        Self::Idle,
        Self::Error,
        Self::Panicked,
        Self::Dropped,
        Self::Captured,
        Self::Forked,
    ];

    /// The order that the laboratory program takes for it.
    #[must_use]
    pub fn order(self) -> u8 {
        match self {
            Self::Confirmed => b'c',
            Self::Cancelled => b'q',
            Self::Idle => b'i',
            Self::Error => b'p',
            Self::Panicked => b'n',
            Self::Dropped => b'd',
            Self::Captured => b'k',
            Self::Forked => b'f',
        }
    }
}

/// When a dump was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// The layout is on the screen, nothing is typed.
    Opened,
    /// On a keypad that is listened to: a key was explored and heard, and is not pressed yet.
    Explored,
    /// After a press.
    Pressed,
    /// After a character was taken back.
    Erased,
    /// After all were taken back.
    Cleared,
    /// After the characters were drawn back.
    Reviewed,
    /// After the edge.
    Left(Edge),
}

impl Phase {
    /// As the table names it.
    #[must_use]
    pub fn name(self) -> String {
        let name = match self {
            Self::Left(edge) => format!("{edge:?}"),
            other => format!("{other:?}"),
        };
        name.to_lowercase()
    }
}

/// A row of the table. Beside the families of patterns there are some that are no patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Row {
    /// Patterns of a family.
    Found(Family),
    /// Addresses that follow the last press.
    Follows,
    /// Presses before the dump that the oracle opens.
    Opens,
    /// Windows that are the ephemeral private key.
    Ephemeral,
    /// What a clip was made with: see [`crate::speech`].
    Voice,
    /// Any of the patterns, in registers.
    Registers,
}

impl Row {
    /// As the table names it.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Found(family) => format!("{family:?}").to_lowercase(),
            Self::Follows => "follows".to_owned(),
            Self::Opens => "oracle".to_owned(),
            Self::Ephemeral => "ephemeral".to_owned(),
            Self::Voice => "voice".to_owned(),
            Self::Registers => "registers".to_owned(),
        }
    }
}

/// What to look at besides the dumps after each act.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Dump after every act, not only at the beginning and the edge.
    pub every_act: bool,
    /// Ask the oracle, in the middle and at the edge.
    pub oracle: bool,
    /// Try windows as the ephemeral private key, at the beginning.
    pub ephemeral: bool,
    /// Read registers with gdb.
    pub registers: bool,
}

/// What was found: places beyond what must be there, the most of all dumps of a phase.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// By phase and row.
    pub rows: BTreeMap<(Phase, Row), usize>,
    /// Boxes that were sealed before the dump, where the oracle was asked.
    pub asked: BTreeMap<Phase, usize>,
    /// Distances at which elements of a family were found.
    pub steps: BTreeSet<(Phase, Family, usize)>,
    /// What is missing that must be there, or went otherwise than an entry goes: nothing may be believed
    /// then.
    pub faults: Vec<String>,
    /// Of a guest: the most addresses that hold the slot or the character of the last press, press after press.
    pub last_press: usize,
    /// Dumps taken.
    pub dumps: usize,
    /// Bytes searched.
    pub bytes: usize,
    /// What one examination found and two more did not, for people.
    pub seen_once: Vec<String>,
    /// Where things were found, for people.
    pub details: Vec<String>,
}

impl Findings {
    /// What an examination of the product finds. A row of six small numbers lies somewhere by chance now and then; a leak
    /// comes again with other canaries. So what was found is looked for in two more examinations: found in one of them in
    /// the same phase by the same pattern, it counts; never again, it is kept in the report beside the table, bytes and all.
    #[must_use]
    pub fn of(mut examine: impl FnMut() -> Self) -> Self {
        let first = examine();
        if first.hits().is_empty() {
            return first;
        }
        let mut again = [examine(), examine()];
        let comes_again = |(cell, found): (&(Phase, Row), &usize)| {
            *found > 0
                && again
                    .iter()
                    .any(|findings: &Self| findings.rows.get(cell).is_some_and(|places| *places > 0))
        };
        if first.rows.iter().any(comes_again) || !again.iter().any(|findings| findings.hits().is_empty()) {
            return first;
        }
        let clean = again.iter().position(|findings| findings.hits().is_empty()).unwrap_or_default();
        let mut findings = std::mem::take(&mut again[clean]);
        findings.seen_once.extend(first.hits());
        findings.seen_once.extend(first.details);
        findings.faults.extend(first.faults);
        findings
    }

    /// Notes places of a row in a phase; the most of all dumps stays.
    pub fn note(&mut self, phase: Phase, row: Row, places: usize) {
        let most = self.rows.entry((phase, row)).or_default();
        *most = places.max(*most);
    }

    /// Takes another examination's findings in.
    pub fn join(&mut self, other: Self) {
        for ((phase, row), places) in other.rows {
            self.note(phase, row, places);
        }
        self.asked.extend(other.asked);
        self.steps.extend(other.steps);
        self.faults.extend(other.faults);
        self.details.extend(other.details);
        self.seen_once.extend(other.seen_once);
        self.last_press = other.last_press.max(self.last_press);
        self.dumps += other.dumps;
        self.bytes += other.bytes;
    }

    /// Lines for everything that was found where nothing may be.
    #[must_use]
    pub fn hits(&self) -> Vec<String> {
        let hit = |((phase, row), places): (&(Phase, Row), &usize)| {
            (*places > 0).then(|| format!("{} {}: {places}", phase.name(), row.name()))
        };
        self.rows.iter().filter_map(hit).collect()
    }
}
