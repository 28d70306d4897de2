//! One examination: a keypad is opened, typed on and left by one edge; after each act its process is dumped.

mod judge;

use crate::canary::{Act, Canary};
use crate::derive::{Derived, Institution, Opener, expand};
use crate::dump::Dump;
pub use crate::findings::{Edge, Effort, Findings, Phase, Row};
use crate::follow::Follow;
use crate::opening::{self, Opened};
use crate::pin;
use crate::search::{Family, Hit, Patterns, Search, places};
use crate::speech::Speech;
use crate::subject::{Setting, Subject};
use crate::tour::Tour;
use crate::wanted::{Known, is_small, quiet, secrets};
use crate::{eye, oracle};
use msgpay_sdk_core::Kind;
use msgpay_wire::entry::{DELETE, Envelope};
use std::borrow::Cow;
use std::path::Path;

/// On a keypad that is listened to, one press in so many is examined before it is pressed too: seldom enough that
/// memory which follows the last press does so over six of them undisturbed.
const EXPLORED_EVERY: usize = 9;
/// Keys without a slot on a keypad of digits.
const FUNCTIONS: usize = 2;

/// The examination.
struct Exam {
    setting: Setting,
    subject: Subject,
    /// While nothing is sealed there is nothing to derive.
    derived: Option<Derived>,
    layout: Vec<u8>,
    search: Search,
    follow: Follow,
    findings: Findings,
    acts: Vec<Act>,
    spoken: Option<Spoken>,
    live: bool,
    /// Of the picture that is shown for review.
    picture: Patterns,
}

/// What there is beside a keypad's pictures when it is listened to.
struct Spoken {
    speech: Speech,
    tour: Tour,
}

/// Examines one entry.
///
/// # Panics
/// When the laboratory itself fails.
#[must_use]
pub fn run(
    program: &Path,
    institution: &Institution,
    setting: &Setting,
    control: Option<&str>,
    edge: Edge,
    effort: Effort,
) -> Findings {
    let Some(Opened { mut subject, places: places_, dump, derived, layout, encapsulated }) =
        opening::open(program, institution, setting, control)
    else {
        let faults = vec!["no entry of this institution lies in the memory".to_owned()];
        return Findings { faults, ..Findings::default() };
    };
    // Registers too may hold six small numbers by chance.
    let dump = if effort.registers { dump.with_registers(subject.pid()) } else { dump };
    let alphabet = setting.kind.alphabet();
    let speech = setting.spoken.then(|| Speech::of(subject.clips(alphabet.len() + FUNCTIONS), &dump));
    let known =
        Known { derived: derived.as_ref(), layout: &layout, places: &places_, speech: speech.as_ref() };
    let (canary, tour, search) = quiet(&dump, &known, setting.kind);
    let spoken = speech.map(|speech| Spoken { speech, tour });
    let mut exam = Exam {
        setting: *setting,
        subject,
        derived,
        layout,
        search,
        follow: Follow::default(),
        findings: Findings::default(),
        acts: Vec::new(),
        spoken,
        live: true,
        picture: Patterns::default(),
    };
    exam.hear(Phase::Opened, &dump);
    exam.look(Phase::Opened, dump, false, None);
    if effort.ephemeral && exam.derived.is_some() {
        let dump = exam.subject.dump();
        exam.find_ephemeral(Phase::Opened, &dump, &encapsulated);
    }
    exam.types(&canary, effort);
    if is_reviewed(setting.kind) {
        exam.reviews(effort);
    }
    exam.leaves(edge, effort, institution);
    exam.findings
}

/// Whether the core keeps the characters, in one page, until they are confirmed.
#[must_use]
pub fn is_kept(kind: Kind) -> bool {
    matches!(kind, Kind::IdNumber | Kind::CardNumber | Kind::Pin)
}

fn is_reviewed(kind: Kind) -> bool {
    matches!(kind, Kind::IdNumber | Kind::CardNumber)
}

impl Exam {
    fn types(&mut self, canary: &Canary, effort: Effort) {
        for act in &canary.acts {
            if self.explores(*act) && effort.every_act {
                let dump = self.subject.dump();
                self.look(Phase::Explored, dump, false, None);
            }
            self.acts.push(*act);
            let (phase, length) = match act {
                Act::Press(slot) => (Phase::Pressed, self.presses(*slot)),
                Act::Erase => (Phase::Erased, self.erases()),
                Act::Clear => (Phase::Cleared, self.subject.order(b'x')),
            };
            let standing = self.standing().len();
            self.expect(usize::from(length) == standing, &format!("{act:?} left {length}, not {standing}"));
            let middle = self.acts.len() == canary.acts.len() / 2;
            if effort.every_act {
                let last = if let Act::Press(slot) = act { Some(*slot) } else { None };
                let dump = self.subject.dump();
                if effort.oracle && middle && self.derived.is_some() {
                    self.ask(phase, &dump);
                }
                self.look(phase, dump, effort.registers && middle, last);
            }
        }
        if self.derived.is_none() {
            return;
        }
        // What was typed is what was sealed: the boxes that the examiner makes lie in the memory.
        let boxes = self.boxes(0..self.acts.len()).concat();
        let there = |bytes: &[u8]| bytes.windows(boxes.len()).any(|window| window == boxes);
        if !self.subject.dump().regions.iter().any(|region| region.writable && there(&region.bytes)) {
            self.findings.faults.push("the boxes of these presses are not in the memory".to_owned());
        }
    }

    /// The number is drawn back, and its picture stays with the host until the edge.
    fn reviews(&mut self, effort: Effort) {
        let answer = self.subject.order(b'r');
        self.expect(answer == 0, "the number is not drawn back");
        if effort.every_act {
            let dump = self.subject.dump();
            self.look(Phase::Reviewed, dump, effort.registers, None);
        }
        let picture = self.subject.review();
        self.picture = eye::patterns(&picture);
        self.expect(!self.picture.is_empty(), "the number's picture is empty");
    }

    /// Once the entry is left, the picture of its number is gone with it.
    fn look_for_picture(&mut self, phase: Phase, dump: &Dump) {
        let patterns = std::mem::take(&mut self.picture);
        if patterns.is_empty() {
            return;
        }
        let hits = Search::new(patterns).run(dump, |_, _| {});
        self.findings.note(phase, Row::Found(Family::Picture), places(&hits, |_| true));
        if !hits.is_empty() {
            self.detail(phase, dump, &hits, Family::Picture);
        }
    }

    /// On a keypad that is listened to, finds the key of this act by its clip; says whether to examine that.
    fn explores(&mut self, act: Act) -> bool {
        let Some(Spoken { tour, .. }) = &self.spoken else { return false };
        let before = Canary { acts: self.acts.clone() }.pressed().len();
        let way = match act {
            Act::Press(_) => tour.way(before),
            Act::Erase => &[DELETE],
            Act::Clear => &[],
        };
        let heard = way.iter().all(|key| self.subject.explore(*key) == 0);
        self.expect(heard, &format!("a key on the way to {act:?} says nothing"));
        matches!(act, Act::Press(_)) && before % EXPLORED_EVERY == EXPLORED_EVERY - 1
    }

    /// Presses the key: by its slot, or the one that has the focus.
    fn presses(&mut self, slot: u8) -> u8 {
        if self.spoken.is_some() { self.subject.order(b't') } else { self.subject.press(slot) }
    }

    fn erases(&mut self) -> u8 {
        self.subject.order(if self.spoken.is_some() { b't' } else { b'e' })
    }

    fn leaves(&mut self, edge: Edge, effort: Effort, institution: &Institution) {
        let phase = Phase::Left(edge);
        if edge == Edge::Forked {
            let child = self.subject.fork();
            self.live = false;
            let dump = Dump::take(child.0);
            self.hear(phase, &dump);
            self.look(phase, dump, false, None);
            return;
        }
        if edge == Edge::Error {
            self.overflow();
        } else {
            let answer = self.subject.order(edge.order());
            self.expect(answer == 0, &format!("{edge:?} was answered with {answer}"));
        }
        self.live = false;
        let dump = self.subject.dump();
        if effort.oracle && self.derived.is_some() {
            self.ask(phase, &dump);
        }
        self.look_for_picture(phase, &dump);
        self.hear(phase, &dump);
        let late = self.derived.is_none() && edge == Edge::Confirmed;
        self.look(phase, dump, effort.registers, None);
        if late {
            self.look_late(phase, institution);
        }
    }

    /// Kinds that seal when they are confirmed: the envelope says what to look for in the dump of that
    /// moment.
    fn look_late(&mut self, phase: Phase, institution: &Institution) {
        let dump = self.subject.dump();
        let Ok(envelope) = Envelope::read(&self.subject.envelope()) else {
            return self.expect(false, "the envelope is none");
        };
        let Some(derived) = institution.derive(&envelope.encapsulated, &self.setting.context()) else {
            return self.expect(false, "the envelope is not for this institution");
        };
        let member = Opener::new(derived.suite, &derived.layout_key).open(b"layout", &envelope.layout);
        let Some(member) = member else { return self.expect(false, "the layout does not open") };
        let mut patterns = Patterns::default();
        secrets(&derived, &mut patterns);
        if self.setting.kind == Kind::Pin {
            let key = expand(derived.suite, &derived.chain[0], b"pin block");
            patterns.add_words(Family::Press, 0, &key);
            let Some(steps) = pin::unpack(&key, &member[2..]) else {
                return self.expect(false, "the PIN's block is none");
            };
            let standing = self.standing();
            let digits: Vec<u8> =
                standing.iter().map(|slot| self.layout[usize::from(*slot)] - b'0').collect();
            self.expect(steps.digits == digits, "the block holds another PIN");
            for step in &steps.intermediate {
                patterns.add_words(Family::Bcd, 0, step);
            }
        } else {
            self.expect(member[2..] == self.layout, "the eye has read another layout");
        }
        let hits = Search::new(patterns).run(&dump, |_, _| {});
        self.derived = Some(derived);
        self.judge(phase, &dump, &hits);
        self.find_ephemeral(phase, &dump, &envelope.encapsulated);
    }

    fn find_ephemeral(&mut self, phase: Phase, dump: &Dump, encapsulated: &[u8]) {
        let keys = oracle::ephemeral(&self.beside_clips(dump), self.setting.suite, encapsulated);
        self.findings.note(phase, Row::Ephemeral, keys);
    }

    /// The dump without the clips in the host's hands, which are what the examiner has heard.
    fn beside_clips<'a>(&self, dump: &'a Dump) -> Cow<'a, Dump> {
        let Some(Spoken { speech, .. }) = &self.spoken else { return Cow::Borrowed(dump) };
        let mut dump = dump.clone();
        speech.hide(&mut dump);
        Cow::Owned(dump)
    }

    /// On a keypad that is listened to: what its clips were made with.
    fn hear(&mut self, phase: Phase, dump: &Dump) {
        let Some(Spoken { speech, .. }) = &self.spoken else { return };
        let traces = speech.traces(dump);
        for (name, address) in traces.iter().take(3) {
            self.findings.details.push(format!("{} {name} {}", phase.name(), dump.name_of(*address)));
        }
        self.findings.note(phase, Row::Voice, traces.len());
    }

    fn expect(&mut self, holds: bool, otherwise: &str) {
        if !holds {
            self.findings.faults.push(otherwise.to_owned());
        }
    }

    /// Presses and takes back until there is no box left, and once more.
    fn overflow(&mut self) {
        while self.acts.len() < crate::derive::PRESSES {
            let act = if self.acts.len().is_multiple_of(2) { Act::Erase } else { Act::Press(1) };
            let act = if self.standing().is_empty() { Act::Press(2) } else { act };
            let full = self.standing().len() == *self.setting.lengths().end();
            let act = if full { Act::Erase } else { act };
            if self.spoken.is_some() {
                self.subject.explore(if let Act::Press(slot) = act { slot } else { DELETE });
            }
            match act {
                Act::Press(slot) => self.presses(slot),
                _ => self.erases(),
            };
            self.acts.push(act);
        }
        let order = if self.standing().is_empty() { b'p' } else { b'e' };
        let answer = self.subject.order(order);
        self.expect(answer == 0xFF, &format!("press 65 was answered with {answer}"));
    }

    fn standing(&self) -> Vec<u8> {
        Canary { acts: self.acts.clone() }.standing(self.acts.len())
    }

    /// The boxes of these acts, as the examiner makes them.
    fn boxes(&self, acts: std::ops::Range<usize>) -> Vec<Vec<u8>> {
        let Some(derived) = &self.derived else { return Vec::new() };
        acts.map(|at| {
            let byte = match self.acts[at] {
                Act::Press(slot) => slot,
                Act::Erase => msgpay_wire::entry::DELETE,
                Act::Clear => msgpay_wire::entry::CLEAR,
            };
            let number = u8::try_from(at + 1).unwrap();
            Opener::new(derived.suite, &derived.press_keys[at]).seal(&[number], &[byte])
        })
        .collect()
    }

    /// The oracle: nothing that was sealed before opens; while the entry lives, what is sealed next would.
    fn ask(&mut self, phase: Phase, dump: &Dump) {
        let count = self.acts.len();
        let mut boxes = self.boxes(0..count);
        let Some(derived) = &self.derived else { return };
        let suite = derived.suite;
        let key = &derived.press_keys[count.min(crate::derive::PRESSES - 1)];
        boxes.push(Opener::new(suite, key).seal(&[u8::try_from(count + 1).unwrap()], &[7]));
        let opened = oracle::opened(&self.beside_clips(dump), suite, &boxes);
        let past = opened.iter().filter(|number| **number <= count).count();
        self.findings.asked.insert(phase, count);
        self.findings.note(phase, Row::Opens, past);
        let seen = self.live && !self.setting.hidden;
        if opened.contains(&(count + 1)) != seen {
            self.findings.faults.push(format!("{}: the oracle and the next press: {opened:?}", phase.name()));
        }
    }

    /// Searches one dump and notes what is where nothing may be.
    fn look(&mut self, phase: Phase, dump: Dump, registers: bool, last: Option<u8>) {
        let dump = if registers { dump.with_registers(self.subject.pid()) } else { dump };
        self.findings.dumps += 1;
        self.findings.bytes += dump.len();
        if self.setting.hidden != (dump.hidden > 0) && (self.live || dump.hidden > 0) {
            self.findings.faults.push(format!("{}: {} hidden mappings", phase.name(), dump.hidden));
        }
        let wanted = last.map(|slot| self.wanted(slot));
        let follow = &mut self.follow;
        let mut hits = self.search.run(&dump, |start, page| {
            if let Some(wanted) = &wanted {
                follow.see(start, page, wanted);
            }
        });
        if let Some(Spoken { speech, .. }) = &self.spoken {
            let chance = |hit: &Hit| is_small(hit.family) && speech.holds(&dump, hit.address);
            hits.retain(|hit| !chance(hit));
        }
        if wanted.is_some() {
            let found = self.follow.end();
            for (address, which) in &found {
                self.findings.details.push(format!(
                    "{} follows {which} {}",
                    phase.name(),
                    dump.name_of(*address)
                ));
            }
            self.findings.note(phase, Row::Follows, found.len());
        }
        self.judge(phase, &dump, &hits);
    }

    /// Slot, character and value of this press and of the one before; a byte that is no slot stands for none.
    fn wanted(&self, slot: u8) -> Vec<u8> {
        let pressed = Canary { acts: self.acts.clone() }.pressed();
        let before = pressed.len().checked_sub(2).map_or(slot ^ 0x80, |at| pressed[at]);
        let character = |slot: u8| self.layout.get(usize::from(slot)).copied().unwrap_or(0x80);
        vec![slot, character(slot), before, character(before)]
    }
}
