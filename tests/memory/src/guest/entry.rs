//! One entry of a payment in a guest: opened, typed on and left by one edge; dumped after each act.

use super::{ASKED, Guest, NOT_WELL, WELL, typed};
use crate::canary::{Act, Canary, is_rare, is_rare_layout};
use crate::dump::Dump;
use crate::findings::{Edge, Findings, Phase, Row};
use crate::follow::Follow;
use crate::search::{Family, Hit, Patterns, Search, places};

/// The edges, in the order in which one process can be led over all of them: after idle minutes its clock is ahead.
pub const EDGES: [Edge; 5] = [Edge::Confirmed, Edge::Cancelled, Edge::Captured, Edge::Dropped, Edge::Idle];

/// What is looked for: what was typed, in every dress, and the layout.
const FAMILIES: [Family; 8] = [
    Family::Characters,
    Family::Digits,
    Family::Slots,
    Family::Bcd,
    Family::Base64,
    Family::Hex,
    Family::Printed,
    Family::Layout,
];

/// Layouts that are tried, and what is drawn for each.
const OPENINGS_MAX: usize = 16;
const DRAWS: usize = 2;

struct Entry<'a> {
    guest: &'a mut Guest,
    layout: Vec<u8>,
    search: Search,
    follow: Follow,
    findings: Findings,
    acts: Vec<Act>,
}

/// Pays an order, or turns back from it by this edge. Memory is looked at after `every_act`, or in the middle
/// and at the edge; the heap of a virtual machine after opening and at the edge,
/// with every act in the middle too.
///
/// # Panics
/// When the laboratory itself fails.
#[must_use]
pub fn examine(guest: &mut Guest, edge: Edge, every_act: bool) -> Findings {
    let Quiet { layout, dump, canary, search } = quiet(guest, edge);
    let (follow, findings) = (Follow::default(), Findings::default());
    let mut entry = Entry { guest, layout, search, follow, findings, acts: Vec::new() };
    entry.look(Phase::Opened, &dump, None);
    entry.types(&canary, every_act);
    entry.leaves(edge);
    entry.findings
}

/// Where an entry begins: nothing of what will be typed lies in the memory.
struct Quiet {
    layout: Vec<u8>,
    dump: Dump,
    canary: Canary,
    search: Search,
}

/// Draws until the memory does not hold by chance what is to be typed. A password that has to be a certain one is the same
/// in every draw: what stands by chance of its slots goes with the layout only, so that the keypad is opened anew.
fn quiet(guest: &mut Guest, edge: Edge) -> Quiet {
    let mut there = Vec::new();
    for _ in 0..OPENINGS_MAX {
        let (layout, last) = open(guest, edge);
        let dump = guest.dump_with_heap();
        for _ in 0..DRAWS {
            let canary = typed::draw(&layout, last.as_deref());
            let mut patterns = Patterns::default();
            typed::dress(&canary, &layout, &mut patterns);
            let mut search = Search::new(patterns);
            let hits = excused(search.run(&dump, |_, _| {}));
            if hits.is_empty() {
                return Quiet { layout, dump, canary, search };
            }
            there.extend(
                hits.iter().take(2).map(|hit| format!("{:?} in {}", hit.family, dump.name_of(hit.address))),
            );
        }
        guest.order(b'z');
    }
    panic!("{edge:?}: in {OPENINGS_MAX} layouts it lay in the memory before it was typed: {there:#?}")
}

/// What can lie there by chance alone, since it is not typed yet. The layout is there already: where it is found, it has
/// leaked, and no other keypad is opened for that.
fn excused(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.retain(|hit| hit.family != Family::Layout);
    hits
}

/// A keypad whose layout no program holds by chance; where the entry is to be confirmed, the slots of the password on
/// it, no more than that.
fn open(guest: &mut Guest, edge: Edge) -> (Vec<u8>, Option<Vec<u8>>) {
    for _ in 0..64 {
        assert_eq!(guest.order(b'l'), ASKED, "the password is asked for");
        let layout = guest.open();
        let slot = |character: &u8| layout.iter().position(|there| there == character);
        let slots: Option<Vec<u8>> =
            guest.password.iter().map(|character| u8::try_from(slot(character)?).ok()).collect();
        let slots = slots.expect("every digit has a key");
        let (last, before) = slots.split_last().unwrap();
        let rare = is_rare_layout(&layout) && (edge != Edge::Confirmed || is_rare(before, *last, &layout));
        if rare {
            return (layout, (edge == Edge::Confirmed).then_some(slots));
        }
        guest.order(b'z');
    }
    panic!("sixty-four layouts were all of the kind that lies in every memory")
}

impl Entry<'_> {
    fn types(&mut self, canary: &Canary, every_act: bool) {
        for act in &canary.acts {
            self.acts.push(*act);
            let (phase, length) = match act {
                Act::Press(slot) => {
                    self.guest.tell(self.layout[usize::from(*slot)]);
                    (Phase::Pressed, self.guest.press(*slot))
                }
                Act::Erase => (Phase::Erased, self.guest.order(b'e')),
                Act::Clear => (Phase::Cleared, self.guest.order(b'x')),
            };
            let standing = Canary { acts: self.acts.clone() }.standing(self.acts.len()).len();
            self.expect(usize::from(length) == standing, &format!("{act:?} left {length}, not {standing}"));
            let middle = self.acts.len() == canary.acts.len() / 2;
            if every_act || middle {
                let dump = if middle && every_act { self.guest.dump_with_heap() } else { self.guest.dump() };
                let slot = if let Act::Press(slot) = act { Some(*slot) } else { None };
                self.look(phase, &dump, slot.filter(|_| every_act));
            }
        }
    }

    fn leaves(&mut self, edge: Edge) {
        // What the institution asked may be too old after idle minutes.
        let (order, wanted) = match edge {
            Edge::Confirmed => (b'c', &[WELL][..]),
            Edge::Cancelled => (b'q', &[ASKED][..]),
            Edge::Captured => (b'k', &[ASKED][..]),
            Edge::Idle => (b'i', &[ASKED, NOT_WELL][..]),
            _ => (b'z', &[NOT_WELL][..]),
        };
        let answer = self.guest.order(order);
        self.expect(wanted.contains(&answer), &format!("{edge:?} was answered with {answer}"));
        let dump = self.guest.dump_with_heap();
        self.look(Phase::Left(edge), &dump, None);
        if answer == ASKED {
            self.guest.order(b'z');
        }
    }

    fn expect(&mut self, holds: bool, otherwise: &str) {
        if !holds {
            self.findings.faults.push(otherwise.to_owned());
        }
    }

    fn look(&mut self, phase: Phase, dump: &Dump, last: Option<u8>) {
        self.findings.dumps += 1;
        self.findings.bytes += dump.len();
        let wanted = last.map(|slot| vec![slot, self.layout[usize::from(slot)]]);
        let follow = &mut self.follow;
        let hits = self.search.run(dump, |start, page| {
            if let Some(wanted) = &wanted {
                follow.see(start, page, wanted);
            }
        });
        if wanted.is_some() {
            let found = self.follow.end();
            self.findings.last_press = found.len().max(self.findings.last_press);
        }
        for family in FAMILIES {
            self.findings.note(phase, Row::Found(family), places(&hits, |hit| hit.family == family));
            for hit in hits.iter().filter(|hit| hit.family == family).take(3) {
                if self.findings.details.len() < 40 {
                    let place = dump.name_of(hit.address);
                    self.findings.details.push(format!(
                        "{} ({} acts) {family:?} {} {place} [{}]",
                        phase.name(),
                        self.acts.len(),
                        hit.which,
                        dump.around(hit.address)
                    ));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Family, Hit, excused};

    #[test]
    fn a_layout_that_is_found_is_no_chance() {
        let hit = |family| Hit { family, which: 0, address: 0 };
        assert_eq!(excused(vec![hit(Family::Layout)]), []);
        assert_eq!(excused(vec![hit(Family::Layout), hit(Family::Slots)]), [hit(Family::Slots)]);
    }
}
