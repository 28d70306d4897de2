//! Which of the places found must be there, and what is noted of the others.

use super::{Exam, Spoken, is_kept};
use crate::canary::RUN;
use crate::dump::Dump;
use crate::findings::{Edge, Phase, Row};
use crate::search::{Family, Hit, places};

/// Registers lie at the addresses from 0, where no process has memory.
const REGISTERS_END: u64 = 0x1_0000;

impl Exam {
    pub(super) fn judge(&mut self, phase: Phase, dump: &Dump, hits: &[Hit]) {
        let (registers, hits): (Vec<Hit>, Vec<Hit>) =
            hits.iter().partition(|hit| hit.address < REGISTERS_END);
        let hits = &hits[..];
        self.findings.note(phase, Row::Registers, registers.len());
        let stepped = |hit: &&Hit| matches!(hit.family, Family::Slots | Family::Characters | Family::Digits);
        self.findings.steps.extend(hits.iter().filter(stepped).map(|hit| (phase, hit.family, hit.which)));
        let page = usize::from(self.live && !self.setting.hidden);
        let kept = is_kept(self.setting.kind);
        let characters = if kept && self.standing().len() >= RUN { page } else { 0 };
        let layout = if kept { page } else { 0 };
        let present = self.acts.len() + 1;
        let is_present = |hit: &Hit| hit.family == Family::Chain && hit.which == present;
        let text = |hit: &Hit| matches!(hit.family, Family::Characters | Family::Digits);
        let must = [
            (Family::Present, places(hits, is_present), if self.derived.is_some() { page } else { 0 }),
            (Family::Characters, places(hits, text), characters),
            (Family::Layout, places(hits, |hit| hit.family == Family::Layout), layout),
        ];
        for (family, found, must) in must {
            if found < must {
                self.findings.faults.push(format!("{}: {family:?} in {found} places", phase.name()));
            }
            self.findings.note(phase, Row::Found(family), found.saturating_sub(must));
            if found > must {
                self.detail(phase, dump, hits, family);
            }
        }
        if let Some(Spoken { speech, .. }) = &self.spoken {
            // The host drops its clips at every edge; a fork's child has its parent's hands.
            let held = !matches!(phase, Phase::Left(edge) if edge != Edge::Forked);
            let (more, missing) = speech.copies(hits, held);
            self.expect(missing == 0, &format!("{}: {missing} pieces of clips are missing", phase.name()));
            self.findings.note(phase, Row::Found(Family::Clip), more);
            let explored = places(hits, |hit| hit.family == Family::Explored);
            self.findings.note(phase, Row::Found(Family::Explored), explored);
            for (family, found) in [(Family::Clip, more), (Family::Explored, explored)] {
                if found > 0 {
                    self.detail(phase, dump, hits, family);
                }
            }
        }
        let others = [
            Family::Slots,
            Family::Bcd,
            Family::Base64,
            Family::Hex,
            Family::Printed,
            Family::Coordinates,
            Family::Chain,
            Family::Press,
            Family::Schedule,
            Family::Keyed,
            Family::Shared,
            Family::Setup,
        ];
        for family in others {
            let found = places(hits, |hit| hit.family == family && !is_present(hit));
            self.findings.note(phase, Row::Found(family), found);
            if found > 0 {
                self.detail(phase, dump, hits, family);
            }
        }
    }

    pub(super) fn detail(&mut self, phase: Phase, dump: &Dump, hits: &[Hit], family: Family) {
        if self.findings.details.len() > 40 {
            return;
        }
        for hit in hits.iter().filter(|hit| hit.family == family).take(3) {
            let place = dump.name_of(hit.address);
            let acts = self.acts.len();
            self.findings.details.push(format!(
                "{} ({acts} acts) {family:?} {} {place} [{}]",
                phase.name(),
                hit.which,
                dump.around(hit.address)
            ));
        }
    }
}
